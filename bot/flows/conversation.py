"""One person's open runs and one event: which run it belongs to, and which one comes next. Pure."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core.effects import EffectId, SendMessage
from bot.core.events import RunEvent, RunRequested, TextReceived, TimerFired
from bot.core.people import PersonId, Place
from bot.core.runs import OPEN, Opening, Run, RunId, RunStatus
from bot.flows.engine import Turn, advance, begin, offer
from bot.flows.flow import Flow
from bot.flows.phrases import phrases_in

STALE = timedelta(days=5)
"""How long an unfinished run stands in the way of a new one of the same flow: less than a week, so that a weekly
flow begins afresh; what was said in the old one is kept."""

BUSY = timedelta(hours=1)
"""How long after their last question somebody counts as in the middle of a run."""

FlowOf = Callable[[str, str, str], Flow]
"""Finds a flow by id, version and language."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What one event did to one person: turns of their runs, and words that belong to no run."""

    turns: tuple[Turn, ...] = ()
    messages: tuple[SendMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """What a new run needs from the world: the version to begin with and its opening."""

    version: str
    opening: Opening


def converse(
    person: PersonId, runs: Mapping[RunId, Run], event: RunEvent, flow_of: FlowOf, start: Start | None = None
) -> Talk:
    """Let one event happen to a person.

    `runs` holds their open runs, and the run the event names even where it is over. `start` comes with a
    RunRequested only.
    """
    if isinstance(event, RunRequested):
        return _request(person, runs, event, flow_of, start) if start else Talk()
    run = in_focus(runs, event.place) if isinstance(event, TextReceived) else runs.get(event.run)
    if run is None:
        return Talk(messages=_nothing_open(person, event))
    turn = advance(_flow(flow_of, run), run, event)
    follow_up = _next_waiting(runs, run, turn, event, flow_of)
    return Talk(turns=(turn, *follow_up))


def in_focus(runs: Mapping[RunId, Run], place: Place) -> Run | None:
    """Find the run that free text in a place belongs to: the last prompt shown there, else the last one anywhere."""
    shown = [run for run in runs.values() if run.status is OPEN and run.is_shown]
    if len(shown) < 2:  # noqa: PLR2004 - nearly always, and every turn asks
        return shown[0] if shown else None
    here = [run for run in shown if run.place == place]
    return max(here or shown, key=lambda run: (run.asked_at, run.id))


def run_id(event: RunRequested, person: PersonId) -> RunId:
    """Name a run after the request it began with, so that a request replayed is the same run."""
    return RunId(hashlib.blake2s(f"{event.id}|{person}".encode(), digest_size=10).hexdigest())


def _request(person: PersonId, runs: Mapping[RunId, Run], event: RunRequested, flow_of: FlowOf, start: Start) -> Talk:
    same = next(
        (run for run in runs.values() if run.status is OPEN and (run.flow, run.group) == (event.flow, event.group)),
        None,
    )
    if same is not None and event.at - same.started_at < STALE:
        if not event.is_own_wish:
            return Talk()
        flow = _flow(flow_of, same)
        same = replace(same, mode=event.mode, place=event.place)
        return Talk(turns=(offer(flow, same, event, 0, flow.phrases.is_open_already if same.is_shown else ""),))
    closed = (Turn(run=replace(same, status=RunStatus.STOPPED, key=None)),) if same is not None else ()
    run = Run(
        id=run_id(event, person),
        person=person,
        group=event.group,
        flow=event.flow,
        version=start.version,
        opening=start.opening,
        place=event.place,
        started_at=event.at,
        asked_at=event.at,
        mode=event.mode,
    )
    flow = _flow(flow_of, run)
    if not event.is_own_wish and _is_busy(runs, event, same):
        told = SendMessage(
            id=EffectId(f"{event.id}/0"),
            person=person,
            place=event.place,
            text=flow.phrases.one_more.format(title=flow.title),
        )
        return Talk(turns=(*closed, Turn(run=replace(run, is_shown=False))), messages=(told,))
    return Talk(turns=(*closed, begin(flow, run, event)))


def _is_busy(runs: Mapping[RunId, Run], event: RunRequested, closing: Run | None) -> bool:
    others = (run for run in runs.values() if run.status is OPEN and run is not closing)
    return any(run.is_shown and run.said and event.at - run.asked_at < BUSY for run in others)


def _next_waiting(
    runs: Mapping[RunId, Run], was: Run, turn: Turn, event: RunEvent, flow_of: FlowOf
) -> tuple[Turn, ...]:
    """When a run ends or is put off, offer the next one that waits, and say once how many there are."""
    is_put_off = turn.run.put_off_until is not None and was.put_off_until is None
    is_over = was.status is OPEN and turn.run.status is not OPEN
    if not (is_over or is_put_off) or isinstance(event, TimerFired):
        return ()
    waiting = sorted(
        (
            run
            for run in runs.values()
            if run.id != turn.run.id
            and run.status is OPEN
            and (run.put_off_until is None or run.put_off_until <= event.at)
        ),
        key=lambda run: (run.is_shown, run.started_at, run.id),
    )
    if not waiting:
        return ()
    run = waiting[0]
    flow = _flow(flow_of, run)
    lead = flow.phrases.one_more.format(title=flow.title)
    if len(waiting) > 1:
        lead += " " + flow.phrases.more_waiting.format(count=len(waiting) - 1)
    return (offer(flow, run, event, len(turn.effects), lead),)


def _nothing_open(person: PersonId, event: RunEvent) -> tuple[SendMessage, ...]:
    if isinstance(event, TimerFired):
        return ()
    phrases = phrases_in("en")
    text = phrases.old_button
    if isinstance(event, TextReceived):
        wants_help = event.text.strip().casefold().rstrip(".!") in phrases.words["help"]
        text = phrases.help_idle if wants_help else phrases.nothing_open
    return (SendMessage(id=EffectId(f"{event.id}/0"), person=person, place=event.place, text=text),)


def _flow(flow_of: FlowOf, run: Run) -> Flow:
    return flow_of(run.flow, run.version, run.opening.lang)
