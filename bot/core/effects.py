"""What is to be done: neutral intents going out through the outbox.

An effect's id is `<event id>/<n>`, so an event replayed gives the same effects.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, TypeAlias

from bot.core.events import Control
from bot.core.people import PersonId, Place
from bot.core.runs import RunId

EffectId = NewType("EffectId", str)


CONTROLS = tuple(Control)
CONTROLS_OF_FIRST = tuple(control for control in Control if control is not Control.BACK)


class Input(StrEnum):
    """How a question wants to be answered."""

    TEXT = "text"
    ONE = "one"
    MANY = "many"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Option:
    """One button: what is stored, what is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One question as any platform may show it; `reads` says who will read the answer."""

    key: str
    text: str
    label: str
    input: Input
    reads: str
    options: tuple[Option, ...] = ()
    hint: str = ""
    example: str = ""
    lines: int = 1
    takes_text: bool = True
    said: str | tuple[str, ...] = ""
    slip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Something to deliver to one person in one place."""

    id: EffectId
    person: PersonId
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage(Effect):
    """Say something that asks for no answer."""

    text: str
    run: RunId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskQuestion(Effect):
    """Ask one question and wait; buttons carry `run` and `wait`."""

    run: RunId
    wait: int
    title: str
    prompt: Prompt
    is_first: bool = False

    @property
    def controls(self) -> tuple[Control, ...]:
        """List what can be said instead of an answer; before the first question there is nothing to go back to."""
        return CONTROLS_OF_FIRST if self.is_first else CONTROLS


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferForm(Effect):
    """Show all open questions of a run at once; `slips` maps keys to what did not fit."""

    run: RunId
    wait: int
    title: str
    prompts: tuple[Prompt, ...]


AnyEffect: TypeAlias = SendMessage | AskQuestion | OfferForm
