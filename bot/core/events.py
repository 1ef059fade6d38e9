"""What happened: neutral facts coming in through the one door.

An event's id names it for ever: `<platform>/<workspace>/<the platform's own id>`. The same id twice is one event.
`at` is aware UTC and is the only clock that the pure layers know.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType, TypeAlias, TypeGuard, get_args

from bot.core.occurrences import Errand, OccurrenceId
from bot.core.people import GroupId, Identity, PersonId, Place, Role
from bot.core.programs import LASTS, REMINDERS, Plan, ProgramId
from bot.core.runs import Mode, RunId, RunStatus, TimerKind, Value

EventId = NewType("EventId", str)

Raw: TypeAlias = str | tuple[str, ...]
"""What a person gave to one question: text, or the values they ticked."""


class Outcome(StrEnum):
    """What became of an event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    SET_ASIDE = "set_aside"


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
    may_change: bool = False
    """Whether the person can change or take back these words where they wrote them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChanged(Event):
    """A person changed what they had written in a place, or took it back (`text` is None)."""

    place: Place
    said_in: EventId
    text: str | None


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
    """A person changed what they had said to one question, in an open run or a finished one, or took it back."""

    place: Place
    run: RunId
    key: str
    raw: Raw
    is_taken_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequested(Event):
    """A flow is to begin for a person, by their own wish or sent by somebody else.

    On an errand for an occurrence it takes along what the program hands over: texts (`given`), the options of a menu
    (`offered`), and the parts of earlier errands whose open runs it `replaces`. What is planned `closes_at` a time; it
    is shown `not_before` one, and never by itself where that is not before its close. What others' doing brings
    `is_for_daytime`: it does not go out in the night of its person.
    """

    place: Place
    flow: str
    group: GroupId | None
    mode: Mode = Mode.DIALOGUE
    is_own_wish: bool = True
    errand: Errand | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)
    replaces: tuple[str, ...] = ()
    not_before: datetime | None = None
    closes_at: datetime | None = None
    is_for_daytime: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReminded(Event):
    """Somebody is to be reminded of a run; one that is over, put off, or was never begun needs none.

    `by` is the name of whoever asked for it by hand.
    """

    run: RunId
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResumed(Event):
    """A person wants to see the open question of a run again, perhaps in the other mode."""

    place: Place
    run: RunId
    mode: Mode


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
    """A facilitator changed what a group is called or works on, when they write back, its prompts a week (`budget`)."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersKeptApart(Event):
    """A facilitator said that two people are not to be paired, or may be again; nobody else learns of it."""

    group: GroupId
    first: PersonId
    second: PersonId
    is_apart: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramSet(Event):
    """A facilitator wants a program to begin by itself, as often as `rule` says (JSON); `choices` as for one of it.

    Each occurrence is open for as long as it `lasts`, its silent people get so many `reminders`, and the rule is read
    in each learner's own zone where it `is_own_time`.
    """

    group: GroupId
    program: ProgramId
    kind: str
    choices: Mapping[str, str]
    rule: str
    lasts: timedelta = LASTS
    reminders: int = REMINDERS
    is_own_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramEnded(Event):
    """A facilitator wants a program to begin no more; what runs goes on to its end."""

    group: GroupId
    program: ProgramId


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSet(Event):
    """A facilitator set a group's school year (JSON); an empty body: that of the group above holds again."""

    group: GroupId
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramDue(Event):
    """The moment came at which a program begins: the occurrence of a local date. `who` set the program."""

    program: ProgramId
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceRequested(Event):
    """A program is to begin in a group; `choices` are the program's own. What begins by itself has a `plan`."""

    group: GroupId
    kind: str
    choices: Mapping[str, str]
    plan: Plan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutDue(Event):
    """The moment came to ask, or to remind, the next people of an occurrence; `who` asked for the occurrence.

    `step` and `zone` name the fan-out, `cursor` how far it had come; `most` people are taken in this transaction.
    """

    occurrence: OccurrenceId
    step: int
    zone: str
    cursor: str
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceSteered(Event):
    """Somebody had a say in an occurrence: closed it, released a piece of feedback, took their work back.

    `step` is one of those the program knows, `about` what it is about, `place` where it was said.
    """

    occurrence: OccurrenceId
    step: str
    about: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceDue(Event):
    """The moment came for which an occurrence asked to be woken; `who` asked for the occurrence."""

    occurrence: OccurrenceId
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished(Event):
    """A run on an errand is over, or was over and had an answer changed (`is_revised`).

    `said` maps its questions to values. It never comes from outside.
    """

    errand: Errand
    run: RunId
    flow: str
    status: RunStatus
    said: Mapping[str, Value]
    is_revised: bool = False


RunEvent: TypeAlias = (
    TextReceived
    | TextChanged
    | ChoicePressed
    | ControlPressed
    | FormSubmitted
    | AnswerEdited
    | RunRequested
    | RunReminded
    | RunResumed
    | TimerFired
)
RosterEvent: TypeAlias = (
    GroupCreated
    | GroupChanged
    | PeopleEnrolled
    | CardRenewed
    | MemberRemoved
    | AdultAsked
    | FlagResolved
    | PersonRenamed
    | MembersKeptApart
)
ProgramEvent: TypeAlias = ProgramSet | ProgramEnded | CalendarSet
AskedOfOccurrence: TypeAlias = OccurrenceRequested | OccurrenceSteered | OccurrenceDue | ProgramDue | FanOutDue
OccurrenceEvent: TypeAlias = OccurrenceSteered | OccurrenceDue | RunFinished | PeopleEnrolled | MemberRemoved

RUN_EVENTS = frozenset(get_args(RunEvent))
BY_ITSELF = (TimerFired, RunReminded, OccurrenceDue, ProgramDue, FanOutDue)
"""What the clock made happen: nobody waits for what follows."""


def is_asked_of_occurrence(event: Event) -> TypeGuard[AskedOfOccurrence]:
    """Say whether an event begins an occurrence, or is for one."""
    return isinstance(event, AskedOfOccurrence)


def is_run_event(event: Event) -> TypeGuard[RunEvent]:
    """Say whether an event belongs to somebody's run; by its very type, as every turn asks."""
    return type(event) in RUN_EVENTS
