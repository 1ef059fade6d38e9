"""What happened: neutral facts coming in through the one door.

An event's id names it for ever: `<platform>/<workspace>/<the platform's own id>`. The same id twice is one event.
`at` is aware UTC and is the only clock that the pure layers know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeAlias, TypeGuard, get_args

from bot.core.people import GroupId, Identity, PersonId, Place, Role
from bot.core.runs import Mode, RunId, TimerKind

EventId = NewType("EventId", str)

Raw: TypeAlias = str | tuple[str, ...]
"""What a person gave to one question: text, or the values they ticked."""


class Control(StrEnum):
    """What can be said to any question instead of an answer."""

    SKIP = "skip"
    BACK = "back"
    LATER = "later"
    TOMORROW = "tomorrow"
    STOP = "stop"
    HELP = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to one person or was done by one."""

    id: EventId
    at: datetime
    who: PersonId | Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived(Event):
    """A person wrote something in a place."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePressed(Event):
    """A person pressed the button, or ticked the boxes, of one prompt."""

    place: Place
    run: RunId
    wait: int
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPressed(Event):
    """A person pressed skip, back, later, … on one prompt."""

    place: Place
    run: RunId
    wait: int
    control: Control


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSubmitted(Event):
    """A person sent a form; `raw` maps question keys to what was given."""

    place: Place
    run: RunId
    raw: Mapping[str, Raw]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEdited(Event):
    """A person changed what they had said to one question, in an open run or a finished one."""

    place: Place
    run: RunId
    key: str
    raw: Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequested(Event):
    """A flow is to begin for a person, by their own wish or sent by somebody else."""

    place: Place
    flow: str
    group: GroupId | None
    mode: Mode = Mode.DIALOGUE
    is_own_wish: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(Event):
    """A run's own deadline has come."""

    run: RunId
    wait: int
    kind: TimerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCreated(Event):
    """Somebody opened a group and facilitates it."""

    group: GroupId
    name: str
    code: str
    setting: str
    zone: str
    parent: GroupId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChanged(Event):
    """A facilitator changed what a group is called, works on, or when they write back."""

    group: GroupId
    changes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleEnrolled(Event):
    """A facilitator wrote people onto a group's roster: ids made by the page, names as typed."""

    group: GroupId
    role: Role
    people: tuple[tuple[PersonId, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRenewed(Event):
    """A facilitator made a new card for a person; the old one stops working."""

    group: GroupId
    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRemoved(Event):
    """A facilitator took a person off a group's roster; what they answered stays."""

    group: GroupId
    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultAsked(Event):
    """A person wants to talk to an adult."""

    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagResolved(Event):
    """A facilitator has talked to the person who wanted to talk to an adult."""

    group: GroupId
    flag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRenamed(Event):
    """Somebody said what others call them."""

    name: str


RunEvent: TypeAlias = (
    TextReceived | ChoicePressed | ControlPressed | FormSubmitted | AnswerEdited | RunRequested | TimerFired
)
GroupEvent: TypeAlias = (
    GroupCreated
    | GroupChanged
    | PeopleEnrolled
    | CardRenewed
    | MemberRemoved
    | AdultAsked
    | FlagResolved
    | PersonRenamed
)

RUN_EVENTS = frozenset(get_args(RunEvent))
GROUP_EVENTS = frozenset(get_args(GroupEvent))


def is_run_event(event: Event) -> TypeGuard[RunEvent]:
    """Say whether an event belongs to somebody's run; by its very type, as every turn asks."""
    return type(event) in RUN_EVENTS


def is_group_event(event: Event) -> TypeGuard[GroupEvent]:
    """Say whether an event changes a group or who is in it."""
    return type(event) in GROUP_EVENTS
