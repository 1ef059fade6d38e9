"""An invented school year as plain data: who is in which group, what comes when, what goes wrong. All from one seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a program comes: `weekly`, `monthly` (a day), `monthly_on` (an nth weekday, -1 the last), `on_dates`."""

    kind: str
    at: time
    since: date
    weekdays: tuple[int, ...] = ()
    every: int = 1
    day: int = 0
    nth: int = 0
    dates: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A school's calendar: from when to when there is school, the days that are free, and what becomes of those."""

    begins: date
    ends: date
    free: frozenset[date] = frozenset()
    shifts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a group is asked, how often, and for how long; `flow` is its own, so its title names it."""

    id: str
    group: str
    flow: str
    title: str
    rhythm: Rhythm
    lasts: timedelta = timedelta(days=4)
    reminders: int = 1
    is_own_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A class, a club or the staff; without `terms` those of the school count."""

    id: str
    zone: str
    members: tuple[str, ...]
    terms: Terms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who learns; without a `zone` their group's counts. `likes` is the weekday and hour they prefer."""

    id: str
    zone: str | None = None
    likes: tuple[int, time] | None = None


class Wish(StrEnum):
    """What somebody does of their own accord."""

    JOIN = "join"
    LEAVE = "leave"
    PAUSE = "pause"
    BEGIN = "begin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Something that will be done at a time: `about` names the group or the program, `until` ends a pause."""

    at: datetime
    person: str
    wish: Wish
    about: str = ""
    until: datetime | None = None


class Fault(StrEnum):
    """What goes wrong."""

    DOWN = "down"
    KILLED = "killed"
    PLATFORM = "platform"
    DATABASE = "database"
    CLOCK = "clock"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One fault from a time to another.

    `person` is whose messages are closed; `asks_to_wait` says that the platform names a time to come back, as a
    Retry-After does; `size` says which of the coming writes kills the process.
    """

    fault: Fault
    begins_at: datetime
    ends_at: datetime
    person: str = ""
    asks_to_wait: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Everything there is to know beforehand."""

    seed: int
    begins_at: datetime
    ends_at: datetime
    terms: Terms | None
    groups: Sequence[Group]
    people: Mapping[str, Person]
    programs: Sequence[Program]
    planned: Sequence[Planned] = ()
    troubles: Sequence[Trouble] = ()
    is_faulty: bool = True

    def zone_of(self, person: str, group: Group) -> str:
        """Name the zone that counts for a person in a group."""
        return self.people[person].zone or group.zone
