"""What a group runs by itself: a flow or a kind of program, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, NewType

from bot.core.people import GroupId, PersonId

ProgramId = NewType("ProgramId", str)

LASTS, SHORTEST, LONGEST = timedelta(days=4), timedelta(hours=1), timedelta(days=7)
"""How long an occurrence is open, and within which bounds that can be chosen: Thursday to Monday suits schools."""

REMINDERS, MOST_REMINDERS = 1, 2
REMINDED_AT = (0.8, 0.95)
"""Which shares of the window have passed when those who are silent are reminded: the first as standup-raven does."""

BUDGET = 3
"""Prompts that somebody gets in a week, over all programs; what is more comes in the next one."""


class Ownership(StrEnum):
    """Who owns the choices of a program."""

    TEACHER = "teacher"
    SHARED = "shared"
    LEARNER = "learner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program between two occurrences.

    `kind` and `choices` are what each occurrence begins with, `rule` is JSON (see `schedules.rule_from_json`), read in
    the group's zone, or in each learner's where it `is_own_time`. An occurrence is open for as long as it `lasts`.
    `next_at` is when the next one is due and `next_day` the local date that names it; both are None where there will
    be none any more. `last_day` is the newest that came, and `note` says why it did not begin.
    """

    id: ProgramId
    group: GroupId
    by: PersonId
    kind: str
    choices: Mapping[str, str]
    rule: str
    next_at: datetime | None = None
    next_day: date | None = None
    last_day: date | None = None
    lasts: timedelta = LASTS
    reminders: int = REMINDERS
    is_own_time: bool = False
    ownership: Ownership = Ownership.TEACHER
    note: str = ""


class Window(NamedTuple):
    """From when to when an occurrence is open for somebody; what comes after `closes_at` is late, and welcome."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one occurrence keeps of its program: the local date and wall time it is meant for, and its windows.

    `windows` are by the zone of those whom they are for; `week_begins_at` is the Monday before, in the group's zone.
    """

    program: ProgramId
    day: date
    clock: time
    lasts: timedelta
    reminders: int
    week_begins_at: datetime
    windows: Mapping[str, Window]

    @property
    def closes_at(self) -> datetime:
        """Find when it is closed for everybody."""
        return max(window.closes_at for window in self.windows.values())
