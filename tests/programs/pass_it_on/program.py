"""Pass it on: everybody writes down one tip, and each tip goes to the next person on the roster."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from pydantic import BaseModel, Field

from bot.core.events import (
    MemberRemoved,
    OccurrenceDue,
    OccurrenceEvent,
    OccurrenceRequested,
    OccurrenceSteered,
    RunFinished,
)
from bot.core.occurrences import Occurrence, OccurrenceStatus
from bot.core.people import Action, PersonId
from bot.core.runs import RunId
from bot.flows.program import Move, Quote, Refused, Scene, Start

FEWEST = 2
LASTS = timedelta(days=2)

STEPS = {"close": Action.READ_ANSWERS}
HEARS = frozenset({RunFinished, MemberRemoved})


class Tips(BaseModel):
    """What an occurrence keeps: who wrote a tip, and in which run it is."""

    runs: dict[PersonId, RunId] = Field(default_factory=dict)


def begin(occurrence: Occurrence, event: OccurrenceRequested, scene: Scene) -> Move:
    """Ask everybody for a tip."""
    if len(scene.learners) < FEWEST:
        raise Refused("A tip needs somebody to go to. Add a second name to the roster first.")
    opened = replace(occurrence, state=Tips().model_dump_json(), due_at=event.at + LASTS)
    starts = (Start(person=person, flow="tip-give", part=f"give:{person}") for person in scene.learners)
    return Move(occurrence=opened, starts=tuple(starts))


def advance(occurrence: Occurrence, event: OccurrenceEvent, scene: Scene) -> Move:
    """Keep a tip that came in; hand all on when everybody has written, time is up, or the facilitator says so."""
    tips = Tips.model_validate_json(occurrence.state)
    if isinstance(event, RunFinished) and event.flow == "tip-give" and event.said.get("tip"):
        tips.runs[PersonId(str(event.who))] = event.run
    kept = replace(occurrence, state=tips.model_dump_json())
    is_time = isinstance(event, OccurrenceDue | OccurrenceSteered) or tips.runs.keys() >= scene.learners.keys()
    if occurrence.status is not OccurrenceStatus.OPEN or not is_time:
        return Move(occurrence=kept)
    return Move(
        occurrence=replace(kept, status=OccurrenceStatus.DONE, due_at=None), starts=tuple(_hand_on(tips, scene))
    )


def _hand_on(tips: Tips, scene: Scene) -> Iterator[Start]:
    people = list(scene.learners)
    for giver, taker in zip(people, [*people[1:], people[0]], strict=True):
        if giver in tips.runs:
            tip = Quote(tips.runs[giver], ("tip",))
            yield Start(person=taker, flow="tip-read", part=f"read:{taker}", quotes={"tip": tip})
