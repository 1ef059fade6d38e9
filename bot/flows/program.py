"""What a program must provide, and the list of them. Pure.

A program is one folder beside this file: its `program.py`, the flows it begins, the packs it draws on. It says what an
occurrence starts, for whom, and what a finished run causes; it never sees a clock, a database or a platform.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import NamedTuple, Protocol, TypeAlias, cast

from pydantic import PlainSerializer

from bot.core.errors import MullError
from bot.core.events import MemberRemoved, OccurrenceEvent, OccurrenceRequested, PeopleEnrolled, RunFinished
from bot.core.occurrences import Occurrence
from bot.core.people import Action, GroupId, PersonId, Place
from bot.core.runs import Mode, RunId

Heard: TypeAlias = RunFinished | PeopleEnrolled | MemberRemoved
"""What occurrences hear of without being asked."""


REMIND = "remind"
"""The step that brings people's open questions once more; `about` names the people, with spaces between them."""


IN_ORDER = PlainSerializer(sorted, return_type=list)
"""Writes a set always in the same order, so that a state that did not change is the same text."""


class Refused(MullError):
    """This cannot begin as it was asked for."""


class Quote(NamedTuple):
    """Answers of a run, to be handed over as they stand when the next run begins; several make one text."""

    run: RunId
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A run to begin for somebody; `part` is its name within the occurrence, and no two of them share one.

    What it takes along: texts (`given`), what somebody answered (`quotes`), the options of a menu (`offered`, labels
    by value). The open runs of the parts in `replaces` end when it begins.
    """

    person: PersonId
    flow: str
    part: str
    given: Mapping[str, str] = field(default_factory=dict)
    quotes: Mapping[str, Quote] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)
    replaces: tuple[str, ...] = ()
    mode: Mode = Mode.DIALOGUE
    is_own_wish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A flow for everybody in the group, each once, in a part named `ask:<person>`.

    Where it `is_posted`, people begin it themselves from a post in their channel, and only the silent are written to.
    """

    flow: str
    is_posted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An invitation to a flow, in the channel that the group follows; closed, the same post says so."""

    flow: str
    is_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """The question of an occurrence that waits for somebody since `asked_at`, in a run that was `begun_at` a time.

    `part` is the run's name within the occurrence, `zone` where its person is. They may have put it off, or want quiet.
    """

    run: RunId
    part: str
    begun_at: datetime
    asked_at: datetime
    zone: str
    put_off_until: datetime | None = None
    is_paused: bool = False

    @property
    def may_be_brought(self) -> bool:
        """Say whether it may come once more by somebody else's wish."""
        return not self.is_paused and self.put_off_until is None


class Reminder(NamedTuple):
    """Somebody's question is to come once more because `by` asked for that `at` a time, unless they went on since."""

    person: PersonId
    run: RunId
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a program may know of its group.

    `learners` are names by id, in the order in which they joined; `apart` holds pairs that are not to meet; `task` is
    what the group works on, `channel` where it can be posted to. `before` lists the earlier occurrences of this
    program here, the oldest first, and is filled only where one begins; `waiting` holds the open questions of those
    whom somebody wants to remind, each one's oldest first.
    """

    group: GroupId
    setting: str
    zone: str
    task: str
    learners: Mapping[PersonId, str]
    channel: Place | None = None
    apart: frozenset[frozenset[PersonId]] = frozenset()
    before: tuple[Occurrence, ...] = ()
    waiting: Mapping[PersonId, tuple[OpenQuestion, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What one event did to one occurrence."""

    occurrence: Occurrence
    starts: tuple[Start, ...] = ()
    posts: tuple[Post, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    ask: Ask | None = None


class Program(Protocol):
    """A program's `program.py`."""

    STEPS: Mapping[str, Action]
    """What people may do to an occurrence, and the right each takes."""

    HEARS: frozenset[type[Heard]]
    """What an occurrence wants to hear of without being asked; an event that nobody wants costs nothing."""

    def begin(self, occurrence: Occurrence, event: OccurrenceRequested, scene: Scene) -> Move:
        """Open an occurrence; `occurrence.state` is still empty.

        Raises Refused, with a sentence for whoever asked.
        """

    def advance(self, occurrence: Occurrence, event: OccurrenceEvent, scene: Scene) -> Move:
        """Let one event happen to an occurrence; never raises, whatever the event holds."""


@cache
def programs() -> Mapping[str, Program]:
    """Find every program by the name of its folder."""
    folders = sorted(f.name for f in files("bot.flows").iterdir() if f.is_dir() and (f / "program.py").is_file())
    return {name: cast(Program, import_module(f"bot.flows.{name}.program")) for name in folders}
