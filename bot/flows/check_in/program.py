"""A check-in: one flow, sent to everybody in the group."""

from dataclasses import replace
from datetime import timedelta

from pydantic import BaseModel

from bot.core.events import OccurrenceDue, OccurrenceEvent, OccurrenceRequested
from bot.core.occurrences import Occurrence, OccurrenceStatus
from bot.core.people import Action
from bot.flows.program import Move, Refused, Scene, Start

LASTS = timedelta(days=7)
"""After a week nobody is waited for; whoever answers later is as welcome."""

STEPS: dict[str, Action] = {}


class CheckIn(BaseModel):
    """What the group was asked."""

    flow: str


def begin(occurrence: Occurrence, event: OccurrenceRequested, scene: Scene) -> Move:
    """Ask everybody."""
    if not scene.learners:
        raise Refused("Nobody is on the roster yet, so it went to no one.")
    if not event.choices.get("flow"):
        raise Refused("Please choose what to ask the group.")
    state = CheckIn(flow=event.choices["flow"])
    starts = (Start(person=person, flow=state.flow, part=f"ask:{person}") for person in scene.learners)
    opened = replace(occurrence, state=state.model_dump_json(), due_at=event.at + LASTS)
    return Move(occurrence=opened, starts=tuple(starts))


def advance(occurrence: Occurrence, event: OccurrenceEvent, scene: Scene) -> Move:
    """Close when the week is over; nothing else changes a check-in."""
    if isinstance(event, OccurrenceDue):
        occurrence = replace(occurrence, status=OccurrenceStatus.DONE, due_at=None)
    return Move(occurrence=occurrence)
