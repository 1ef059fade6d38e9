"""Small flows, runs and events for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from bot.core.effects import AnyEffect, AskQuestion, SendMessage
from bot.core.events import ChoicePressed, EventId, RunRequested, TextReceived, TimerFired
from bot.core.people import GroupId, PersonId, Place
from bot.core.runs import Mode, Opening, Run, RunId, TimerKind
from bot.flows.document import Document
from bot.flows.flow import Flow

Given: TypeAlias = dict[str, Any]

BEN = PersonId("ben")
CLASS = GroupId("class")
PAGE, DM = Place("browser:ben"), Place("slack:school:d1")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""A Friday."""

ROOF: Given = {"id": "roof", "ask": "What is on {task}?", "text": {}, "remember": "roof"}
COLOUR: Given = {"id": "colour", "ask": "Which colour?", "choice": {"options": ["Red", "Green"]}}
BYE: Given = {"say": "That was all."}


def document(*steps: Given, **head: Any) -> Document:
    """Make a flow from its steps; `head` replaces what stands above them."""
    given: Given = {
        "flow": "made-up",
        "title": "Made up",
        "band": "11-13",
        "settings": ["class"],
        "exercises": {"attributes": ["voice"], "phases": ["plan"]},
        "steps": steps,
    }
    return Document.model_validate(given | head)


def flow(*steps: Given, **head: Any) -> Flow:
    """Make a flow ready to walk."""
    return Flow(document(*steps, **head), "en")


def fresh(flow: Flow, opening: Opening | None = None, mode: Mode = Mode.DIALOGUE) -> Run:
    """Make a run that has not begun."""
    return Run(
        id=RunId("run"),
        person=BEN,
        group=CLASS,
        flow=flow.id,
        version=flow.version,
        opening=opening or Opening(words={"first_name": "Ben", "facilitator": "Ms Ada", "task": "the map"}),
        place=PAGE,
        started_at=NOON,
        asked_at=NOON,
        mode=mode,
    )


def at(minutes: float) -> datetime:
    """Name a moment by the minutes since noon."""
    return NOON + timedelta(minutes=minutes)


def typed(text: str, minutes: float = 1, place: Place = PAGE) -> TextReceived:
    """Write something."""
    return TextReceived(id=EventId(f"test/text/{minutes}"), at=at(minutes), who=BEN, place=place, text=text)


def pressed(run: Run, *chosen: str, minutes: float = 1, place: Place = PAGE) -> ChoicePressed:
    """Press a button of the open question."""
    name = EventId(f"test/press/{minutes}")
    return ChoicePressed(id=name, at=at(minutes), who=BEN, place=place, run=run.id, wait=run.wait, chosen=chosen)


def requested(flow: str = "made-up", minutes: float = 0, place: Place = PAGE, **more: Any) -> RunRequested:
    """Ask for a flow."""
    name = EventId(f"test/request/{flow}-{minutes}")
    return RunRequested(id=name, at=at(minutes), who=BEN, place=place, flow=flow, **({"group": CLASS} | more))


def fired(run: Run, kind: TimerKind, minutes: float, wait: int | None = None) -> TimerFired:
    """Let a timer fire."""
    name = EventId(f"test/timer/{minutes}")
    return TimerFired(id=name, at=at(minutes), who=BEN, run=run.id, wait=run.wait if wait is None else wait, kind=kind)


def texts(effects: tuple[AnyEffect, ...]) -> list[str]:
    """List what is said and asked."""
    found = []
    for effect in effects:
        if isinstance(effect, SendMessage):
            found.append(effect.text)
        elif isinstance(effect, AskQuestion):
            found.append(effect.prompt.text)
    return found
