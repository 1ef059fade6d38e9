"""One person's open runs and one event: which run it belongs to, and which one comes next. Pure."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.effects import EffectId, SendMessage
from bot.core.events import (
    ChoicePressed,
    ControlPressed,
    EventId,
    RunEvent,
    RunReminded,
    RunRequested,
    RunResumed,
    TextChanged,
    TextReceived,
    TimerFired,
)
from bot.core.occurrences import Errand
from bot.core.people import PersonId, Place
from bot.core.runs import OPEN, Opening, Run, RunId, RunStatus, Timer, TimerKind
from bot.core.timing import after_quiet, is_late_at_night
from bot.flows.engine import Turn, advance, begin, offer
from bot.flows.flow import Flow
from bot.flows.phrases import phrases_in

STALE = timedelta(days=5)
"""How long an unfinished run stands in the way of a new one of the same flow: less than a week, so that a weekly
flow begins afresh; what was said in the old one is kept."""

BUSY = timedelta(hours=1)
"""How long after their last question somebody counts as in the middle of a run; another one waits so long."""

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
    if isinstance(event, TextChanged):
        return Talk()  # words that answered no question
    run = in_focus(runs, event.place) if isinstance(event, TextReceived) else runs.get(event.run)
    if isinstance(event, RunResumed) and run is not None and run.status is OPEN:
        run = replace(run, mode=event.mode, place=event.place)
        return Talk(turns=(offer(_flow(flow_of, run), run, event, 0),))
    if run is None:
        return Talk(messages=_nothing_open(person, event))
    if run.status is OPEN and not run.is_shown and isinstance(event, ChoicePressed | ControlPressed):
        return Talk(turns=(offer(_flow(flow_of, run), run, event, 0),))  # a run that waits is begun by its own button
    if isinstance(event, TimerFired) and _is_for_the_morning(run, event):
        morning = after_quiet(event.at, run.opening.zone)
        return Talk(turns=(Turn(run=run, timer=replace(timer_of_waiting(run), due_at=morning)),))
    if isinstance(event, TimerFired) and not run.is_shown:
        return Talk(turns=_bring_up(runs, run, event, flow_of))
    if isinstance(event, RunReminded) and (not run.is_shown or run.put_off_until is not None):
        return Talk()  # it comes at a time of its own
    turn = advance(_flow(flow_of, run), run, event)
    is_put_off = turn.run.put_off_until is not None and run.put_off_until is None
    # What a program begins because of a run that is over comes before what waits, and is known only later.
    is_over = run.status is OPEN and turn.run.status is not OPEN and run.opening.errand is None
    if isinstance(event, TimerFired | RunReminded) or not (is_over or is_put_off):
        return Talk(turns=(turn,))
    return Talk(turns=(turn, *next_waiting({**runs, run.id: turn.run}, event, len(turn.effects), flow_of)))


def in_focus(runs: Mapping[RunId, Run], place: Place) -> Run | None:
    """Find the run that free text in a place belongs to: the last prompt shown there, else the last one anywhere."""
    shown = [run for run in runs.values() if run.status is OPEN and run.is_shown]
    if len(shown) < 2:  # noqa: PLR2004 - nearly always, and every turn asks
        return shown[0] if shown else None
    here = [run for run in shown if run.place == place]
    return max(here or shown, key=lambda run: (run.asked_at, run.id))


def run_id(event: RunRequested, person: PersonId) -> RunId:
    """Name a run after the request it began with, so that a request replayed is the same run."""
    return run_named(event.id, person)


def run_named(event: EventId, person: PersonId) -> RunId:
    """Name the run that an event begins for a person."""
    return RunId(hashlib.blake2s(f"{event}|{person}".encode(), digest_size=10).hexdigest())


def _request(person: PersonId, runs: Mapping[RunId, Run], event: RunRequested, flow_of: FlowOf, start: Start) -> Talk:
    same = next((run for run in runs.values() if run.status is OPEN and _is_same(run, event)), None)
    is_fresh = same is not None and event.at - same.started_at < STALE and (event.is_own_wish or _comes_up(same))
    if same is not None and is_fresh and _flow(flow_of, same).is_for_programs:
        same = None  # two rounds at once: what the one asks for does not answer the other
    if same is not None and is_fresh:
        if not event.is_own_wish:
            return Talk()
        flow = _flow(flow_of, same)
        same = replace(same, mode=event.mode, place=event.place)
        return Talk(turns=(offer(flow, same, event, 0, flow.phrases.is_open_already if same.is_shown else ""),))
    replaced = [run for run in runs.values() if run is same or (run.status is OPEN and _makes_room(run, event))]
    closed = tuple(Turn(run=replace(run, status=RunStatus.STOPPED, key=None)) for run in replaced)
    run = Run(
        id=run_id(event, person),
        person=person,
        group=event.group,
        flow=event.flow,
        version=start.version,
        opening=replace(
            start.opening,
            given=event.given,
            offered=event.offered,
            errand=event.errand,
            closes_at=event.closes_at,
        ),
        place=event.place,
        started_at=event.at,
        asked_at=event.at,
        mode=event.mode,
    )
    flow = _flow(flow_of, run)
    if event.not_before is not None and event.not_before > event.at:
        run = _kept_for_later(run, event.not_before)
        return Talk(turns=(*closed, Turn(run=run, timer=timer_of_waiting(run) if run.put_off_until else None)))
    if not event.is_own_wish and flow.questions and _is_busy(runs, event.errand, event.at, replaced):
        told = SendMessage(
            id=EffectId(f"{event.id}/0"),
            person=person,
            place=event.place,
            text=flow.phrases.one_more.format(title=flow.title),
        )
        run = replace(run, is_shown=False)
        return Talk(turns=(*closed, Turn(run=run, timer=timer_of_waiting(run))), messages=(told,))
    return Talk(turns=(*closed, begin(flow, run, event)))


def _comes_up(run: Run) -> bool:
    """Say whether somebody has seen a run, or will without doing anything: not where it only waits for them."""
    return run.is_shown or run.put_off_until is not None


def _kept_for_later(run: Run, not_before: datetime) -> Run:
    """Show a run at a later time; where it is over by then, it only waits until its person comes by."""
    closes_at = run.opening.closes_at
    is_in_time = closes_at is None or not_before < closes_at
    return replace(run, is_shown=False, put_off_until=not_before if is_in_time else None)


def _is_same(run: Run, event: RunRequested) -> bool:
    """Tell whether this is what was asked for; one occurrence may want the same flow of somebody more than once."""
    return (run.flow, run.group) == (event.flow, event.group) and not _is_of_same_occurrence(run, event.errand)


def _makes_room(run: Run, event: RunRequested) -> bool:
    errand = run.opening.errand
    return errand is not None and errand.part in event.replaces and _is_of_same_occurrence(run, event.errand)


def _is_busy(runs: Mapping[RunId, Run], errand: Errand | None, at: datetime, besides: list[Run]) -> bool:
    others = (run for run in runs.values() if run.status is OPEN and run not in besides)
    return any(
        run.is_shown and (run.said or _is_of_same_occurrence(run, errand)) and at - run.asked_at < BUSY
        for run in others
    )


def _is_of_same_occurrence(run: Run, mine: Errand | None) -> bool:
    theirs = run.opening.errand
    return theirs is not None and mine is not None and theirs.occurrence == mine.occurrence


def next_waiting(runs: Mapping[RunId, Run], event: RunEvent, first_effect: int, flow_of: FlowOf) -> tuple[Turn, ...]:
    """Offer the next run that waits, and say once how many there are."""
    opened = [run for run in runs.values() if run.status is OPEN]
    waiting = sorted(
        (run for run in opened if run.put_off_until is None or run.put_off_until <= event.at),
        key=lambda run: (run.is_shown, run.started_at, run.id),
    )
    if not waiting:
        return ()
    run = waiting[0]
    flow = _flow(flow_of, run)
    lead = flow.phrases.one_more.format(title=flow.title)
    if len(waiting) > 1:
        lead += " " + flow.phrases.more_waiting.format(count=len(waiting) - 1)
    return (offer(flow, run, event, first_effect, lead),)


def _bring_up(runs: Mapping[RunId, Run], run: Run, event: TimerFired, flow_of: FlowOf) -> tuple[Turn, ...]:
    """Show a run that waited for another, which was left alone meanwhile."""
    timer = timer_of_waiting(run)
    if run.status is not OPEN or event.wait != timer.wait or event.at < timer.due_at:
        return ()
    closes_at = run.opening.closes_at
    if run.put_off_until is not None and closes_at is not None and event.at >= closes_at:
        return (Turn(run=replace(run, put_off_until=None)),)  # over before it could come: it waits for its person
    if _is_busy(runs, run.opening.errand, event.at, [run]):
        run = replace(run, asked_at=event.at, put_off_until=None)
        return (Turn(run=run, timer=timer_of_waiting(run)),)
    return (begin(_flow(flow_of, run), run, event),)


def _is_for_the_morning(run: Run, event: TimerFired) -> bool:
    """Say whether it is night for its person when a run's own timer is found, long after its time."""
    timer = timer_of_waiting(run)
    is_its_own = run.status is OPEN and (timer.wait, timer.kind) == (event.wait, event.kind)
    return is_its_own and is_late_at_night(event.at, timer.due_at, run.opening.zone)


def timer_of_waiting(run: Run) -> Timer:
    """Give a run that waits its own deadline, so that it comes up even where the one before it never ends."""
    if run.put_off_until is not None:
        return Timer(run=run.id, wait=run.wait, kind=TimerKind.PUT_OFF, due_at=run.put_off_until)
    return Timer(run=run.id, wait=run.wait, kind=TimerKind.NUDGE, due_at=run.asked_at + BUSY)


def _nothing_open(person: PersonId, event: RunEvent) -> tuple[SendMessage, ...]:
    if isinstance(event, TimerFired | RunReminded):
        return ()
    phrases = phrases_in("en")
    text = phrases.not_yours
    if isinstance(event, TextReceived):
        wants_help = event.text.strip().casefold().rstrip(".!") in phrases.words["help"]
        text = phrases.help_idle if wants_help else phrases.nothing_open
    return (SendMessage(id=EffectId(f"{event.id}/0"), person=person, place=event.place, text=text),)


def _flow(flow_of: FlowOf, run: Run) -> Flow:
    return flow_of(run.flow, run.version, run.opening.lang)
