"""What is to be done: neutral intents going out through the outbox.

An effect's id is `<event id>/<n>`, so an event replayed gives the same effects.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeAlias

from bot.core.events import Control
from bot.core.people import GroupId, PersonId, Place
from bot.core.runs import Comment, RunId

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
    before: tuple[str, ...] = ()
    """What is said right before this question where several stand on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Something to deliver to one person in one place."""

    id: EffectId
    person: PersonId
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage(Effect):
    """Say something that asks for no answer; what `is_direct` is written to the person, wherever they are just now."""

    text: str
    run: RunId | None = None
    is_direct: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleQuestion(Effect):
    """Show on a question that was asked what was said to it, where messages can be changed.

    `said` is empty where it was skipped, or the run stopped.
    """

    run: RunId
    key: str
    asked: str
    said: str
    can_edit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteGroup(Effect):
    """Post one invitation for a whole group in its channel; `person` asked for it, `about` names the occurrence.

    Once it `is_closed`, the same post says so. `until` says in the group's own time when it `closes_at`; a platform
    that shows each reader their own time says it itself.
    """

    run: RunId | None = None
    about: str
    title: str
    text: str
    small: str
    until: str = ""
    closes_at: datetime | None = None
    is_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallGroup(Effect):
    """Say in a group's channel that something waits there for some of its people, without saying for whom.

    `title` names the flow; `person` is one of those it waits for, and is not shown.
    """

    run: RunId | None = None
    group: GroupId
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAboutPost(Effect):
    """Ask whoever wanted a post whether it stands in its channel: its fate is unknown."""

    run: RunId | None = None
    post: EffectId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowComment(Effect):
    """Show what somebody wrote about an answer of `run`, or wrote back about one (`is_back`)."""

    run: RunId
    comment: Comment
    is_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAdult(Effect):
    """Tell an adult that `name`, in a group of theirs, wants to talk to one; how often they were told counts up."""

    run: RunId | None = None
    group: GroupId
    group_name: str
    name: str
    count: int = 1


AnyEffect: TypeAlias = (
    SendMessage
    | AskQuestion
    | OfferForm
    | SettleQuestion
    | InviteGroup
    | CallGroup
    | AskAboutPost
    | ShowComment
    | CallAdult
)
