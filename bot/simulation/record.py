"""What came of a year: what everybody saw, what they did, and when Mull was not there."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """How a question came to somebody: unasked the first time, again as promised, as a reminder, or by their doing."""

    PROMPT = "prompt"
    AGAIN = "again"
    REMINDER = "reminder"
    OFFERED = "offered"


class Seen(NamedTuple):
    """A question that somebody was shown."""

    person: str
    program: str
    kind: Kind
    at: datetime


class Did(StrEnum):
    """What somebody did."""

    ANSWERED = "answered"
    LATER = "later"
    TOMORROW = "tomorrow"
    STOPPED = "stopped"
    BEGAN = "began"
    WAS_OFFERED = "was offered"
    PAUSED = "paused"
    JOINED = "joined"
    LEFT = "left"


class Deed(NamedTuple):
    """Something that was done `at` a time by the platform's clock, and came in at another by Mull's.

    `about` names the program or the group, `text` is what was answered, `until` ends a pause.
    """

    person: str
    did: Did
    at: datetime
    came_in_at: datetime
    about: str = ""
    text: str = ""
    until: datetime | None = None


class Gap(NamedTuple):
    """From when to when nothing happened in Mull, or nothing reached anybody; its end is not part of it."""

    begins_at: datetime
    ends_at: datetime


class Stored(NamedTuple):
    """An answer as the house keeps it."""

    person: str
    program: str
    text: str
    is_late: bool


@dataclass(slots=True, kw_only=True)
class Record:
    """A year that was lived."""

    seen: list[Seen] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    away: list[Gap] = field(default_factory=list)
    unreachable: list[Gap] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    moments: int = 0
