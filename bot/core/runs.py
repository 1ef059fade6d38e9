"""One person's walk through a flow, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeAlias

from bot.core.occurrences import Errand
from bot.core.people import GroupId, PersonId, Place

RunId = NewType("RunId", str)
ThreadId = NewType("ThreadId", str)

Value: TypeAlias = str | list[str] | None
"""What was said to one question: text or an option's value, several values, or None where it was skipped."""


class RunStatus(StrEnum):
    """Where a run stands."""

    OPEN = "open"
    DONE = "done"
    STOPPED = "stopped"
    BROKEN = "broken"


OPEN = RunStatus.OPEN
"""The status that every turn asks about, looked up once: in Python 3.11 a member of an enum costs a call each time."""


class Mode(StrEnum):
    """One question at a time, or all on one page."""

    DIALOGUE = "dialogue"
    FORM = "form"


class TimerKind(StrEnum):
    """Why a run wants to be woken."""

    NUDGE = "nudge"
    PUT_OFF = "put_off"


class Visibility(StrEnum):
    """Who may read an answer."""

    PRIVATE = "private"
    FACILITATORS = "facilitators"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody wrote to a person about one of their answers; `about` are its words, or those they quote of it."""

    thread: ThreadId
    by: str
    about: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """All that a run keeps from the moment it began; it never changes while the run lasts.

    `words` fills the placeholders of design (first_name, facilitator, …), `remembered` what earlier runs left,
    `peers` the people one may pick, by id. A run on an errand for an occurrence also keeps what its program handed
    over: texts (`given`) and the options of a menu (`offered`, labels by value). An answer that comes when what was
    planned is over (`closes_at`) is late. `comments` are those that wait to be read before the first question. A
    newcomer has never answered anything.
    """

    lang: str = "en"
    zone: str = "UTC"
    words: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    peers: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)
    errand: Errand | None = None
    closes_at: datetime | None = None
    comments: tuple[Comment, ...] = ()
    is_newcomer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run between two turns: everything the engine needs, nothing of the world.

    `wait` counts the questions asked so far and names the open one; `trail` lists their keys in the order they were
    first shown, `again` those to be asked once more; `said` maps question keys to values. A run that waits behind
    another has not been shown yet.
    """

    id: RunId
    person: PersonId
    group: GroupId | None
    flow: str
    version: str
    opening: Opening
    place: Place
    started_at: datetime
    asked_at: datetime
    put_off_until: datetime | None = None
    status: RunStatus = RunStatus.OPEN
    mode: Mode = Mode.DIALOGUE
    key: str | None = None
    wait: int = 0
    slips: int = 0
    is_probed: bool = False
    is_nudged: bool = False
    is_shown: bool = True
    trail: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    said: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person said to one question of one run; `asked` is the question as they read it."""

    run: RunId
    key: str
    person: PersonId
    group: GroupId | None
    flow: str
    asked: str
    value: Value
    said: str
    visibility: Visibility
    at: datetime
    is_edit: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """When to wake a run, and the wait it is about: for any other wait it is a no-op."""

    run: RunId
    wait: int
    kind: TimerKind
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Something a person may be reminded of in a later run; `at` is when the run it comes from began."""

    person: PersonId
    group: GroupId | None
    name: str
    text: str
    at: datetime
