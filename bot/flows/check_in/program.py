"""A check-in: one flow, sent to everybody in the group, or offered by one post in its channel."""

from dataclasses import replace
from datetime import timedelta

from pydantic import BaseModel

from bot.core.events import OccurrenceDue, OccurrenceEvent, OccurrenceRequested, OccurrenceSteered
from bot.core.occurrences import Occurrence, OccurrenceStatus
from bot.core.people import Action, PersonId
from bot.core.runs import Mode
from bot.flows.program import Ask, Heard, Move, Post, Refused, Scene, Start

LASTS = timedelta(days=7)
"""What was asked by hand is open for a week; whoever answers later is as welcome."""

CHANNEL = "channel"
"""The choice `where` for a group that is asked by a post; otherwise each person is."""

STEPS: dict[str, Action] = {"join": Action.ANSWER}
HEARS: frozenset[type[Heard]] = frozenset()


class CheckIn(BaseModel):
    """What the group was asked, and who came by the post in its channel."""

    flow: str
    where: str = ""
    joined: list[PersonId] = []


def begin(occurrence: Occurrence, event: OccurrenceRequested, scene: Scene) -> Move:
    """Ask everybody."""
    if not event.choices.get("flow"):
        raise Refused("Please choose what to ask the group.")
    if event.choices.get("where") == CHANNEL:
        return _post(occurrence, event, scene)
    if not scene.learners:
        raise Refused("Nobody is on the roster yet, so it went to no one.")
    state = CheckIn(flow=event.choices["flow"])
    return Move(occurrence=_open(occurrence, state, event), ask=Ask(flow=state.flow))


def advance(occurrence: Occurrence, event: OccurrenceEvent, scene: Scene) -> Move:
    """Let people in by the post, and close when the week is over; nothing else changes a check-in."""
    if isinstance(event, OccurrenceDue):
        state = CheckIn.model_validate_json(occurrence.state)
        posts = (Post(flow=state.flow, is_closed=True),) if state.where == CHANNEL else ()
        return Move(occurrence=replace(occurrence, status=OccurrenceStatus.DONE, due_at=None), posts=posts)
    if isinstance(event, OccurrenceSteered) and event.step == "join":
        return _join(occurrence, event)
    return Move(occurrence=occurrence)


def _post(occurrence: Occurrence, event: OccurrenceRequested, scene: Scene) -> Move:
    """Ask everybody by one post, so that nobody is written to who did not press anything."""
    if scene.channel is None:
        raise Refused("This group has no channel to post in. Ask each person instead.")
    state = CheckIn(flow=event.choices["flow"], where=CHANNEL)
    opened = _open(occurrence, state, event)
    return Move(occurrence=opened, posts=(Post(flow=state.flow),), ask=Ask(flow=state.flow, is_posted=True))


def _open(occurrence: Occurrence, state: CheckIn, event: OccurrenceRequested) -> Occurrence:
    closes_at = event.plan.closes_at if event.plan else event.at + LASTS
    return replace(occurrence, state=state.model_dump_json(), due_at=closes_at, closes_at=closes_at)


def _join(occurrence: Occurrence, event: OccurrenceSteered) -> Move:
    """Begin for somebody who pressed the post, once; late is welcome."""
    state, who = CheckIn.model_validate_json(occurrence.state), PersonId(str(event.who))
    if who in state.joined or state.where != CHANNEL:
        return Move(occurrence=occurrence)
    state.joined.append(who)
    mode = Mode.FORM if event.about == Mode.FORM else Mode.DIALOGUE
    start = Start(person=who, flow=state.flow, part=f"ask:{who}", mode=mode, is_own_wish=True)
    return Move(occurrence=replace(occurrence, state=state.model_dump_json()), starts=(start,))
