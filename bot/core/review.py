"""What facilitators do with answers, and what becomes of it: comments, what was read, calls for an adult."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.core.events import Event
from bot.core.people import GroupId
from bot.core.runs import RunId, ThreadId


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCommented(Event):
    """Somebody wrote about an answer, or about the one sentence of it that they `quote`.

    Where an open thread is about the same already, this goes on with it.
    """

    run: RunId
    key: str
    text: str
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadContinued(Event):
    """Somebody wrote back in a thread; one that was resolved is open again."""

    thread: ThreadId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadResolved(Event):
    """Somebody is done with a thread, or wants it open again."""

    thread: ThreadId
    is_resolved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersRead(Event):
    """A facilitator is done with reading runs of a group, so that no colleague need; or wants them unread again.

    What was answered or changed after `seen_at`, when they were shown, stays unread.
    """

    group: GroupId
    runs: tuple[RunId, ...]
    is_read: bool = True
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersStarred(Event):
    """A facilitator wants to come back to a run, or no more."""

    group: GroupId
    run: RunId
    is_starred: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagsTaken(Event):
    """A facilitator goes to whoever in a group wants to talk to an adult; nobody is called any more."""

    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultsCalled(Event):
    """The moment came to call the adults of a group again: nobody has said that they go. `who` asked for them."""

    flag: str
    call_at: datetime


ThreadEvent: TypeAlias = AnswerCommented | ThreadContinued | ThreadResolved
ReviewEvent: TypeAlias = ThreadEvent | AnswersRead | AnswersStarred | FlagsTaken | AdultsCalled
