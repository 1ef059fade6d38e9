"""A group's school year: its first and last day, the days without school in it, and what happens to what falls on them.

A plain list that people write and read; `schedules.Calendar` is what rules make of it.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.core.schedules import Calendar

MOST = 200
"""Times in one year's list: more than any school has, and few enough to look through."""

LONGEST = 120
"""Days in one of them: longer than the longest summer, so more is a slip of the pen."""

NAME = 80
YEARS = range(2000, 2101)
"""Dates outside of these are slips of the pen, too."""

ONE_DAY = timedelta(days=1)
BACKWARDS = "It ends before it begins."
TOO_LONG = f"That is more than {LONGEST} days in a row."
TOO_FAR = "I only know the years 2000 to 2100."
TOO_MANY = f"A list can have up to {MOST} lines."
UNREADABLE = "This is not a school year that Mull can read."


@dataclass(frozen=True, slots=True)
class FreeTime:
    """Days without school, `first` to `last`, both included; the name may be empty."""

    first: date
    last: date
    name: str = ""

    def __post_init__(self) -> None:
        _refuse(self.last < self.first, BACKWARDS)
        _refuse((self.last - self.first).days >= LONGEST, TOO_LONG)
        _refuse(self.first.year not in YEARS or self.last.year not in YEARS, TOO_FAR)
        _refuse(len(self.name) > NAME, f"A name can have up to {NAME} characters.")

    def days(self) -> tuple[date, ...]:
        """List its days."""
        return tuple(self.first + ONE_DAY * number for number in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolYear:
    """Days on which programs may come: `begins` to `ends`, both included, open where None, without the `free` ones.

    With `shifts` what falls on a free day moves to the next school day instead of being left out.
    """

    begins: date | None = None
    ends: date | None = None
    free: tuple[FreeTime, ...] = ()
    shifts: bool = False

    def __post_init__(self) -> None:
        _refuse(bool(self.begins and self.ends and self.ends < self.begins), BACKWARDS)
        _refuse(any(day.year not in YEARS for day in (self.begins, self.ends) if day), TOO_FAR)
        _refuse(len(self.free) > MOST, TOO_MANY)

    def calendar(self) -> Calendar:
        """Make the calendar that rules are read with."""
        days = frozenset(day for time in self.free for day in time.days())
        return Calendar(begins=self.begins, ends=self.ends, free=days, shifts=self.shifts)

    def free_on(self, day: date) -> str | None:
        """Name what makes a day free, the shortest where there are several; None on a day that is not."""
        there = [time for time in self.free if time.first <= day <= time.last]
        return min(there, key=lambda time: time.last - time.first).name if there else None


def joined(times: tuple[FreeTime, ...]) -> tuple[FreeTime, ...]:
    """Put times in their order: each once, and days in a row with one name as one time, up to the longest there is."""
    made: list[FreeTime] = []
    for time in sorted(set(times), key=lambda time: (time.name, time.first, time.last)):
        before = made[-1] if made else time
        last = max(before.last, time.last)
        fits = (last - before.first).days < LONGEST
        if before.name == time.name and time.first <= before.last + ONE_DAY and fits and made:
            made[-1] = FreeTime(before.first, last, time.name)
        else:
            made.append(time)
    return tuple(sorted(made, key=lambda time: (time.first, time.last, time.name)))


def year_to_json(year: SchoolYear) -> str:
    """Write a school year as JSON."""
    free = [[time.first, time.last, time.name] for time in year.free]
    written = {"begins": year.begins, "ends": year.ends, "free": free, "shifts": year.shifts}
    return json.dumps(written, default=date.isoformat)


def year_from_json(text: str) -> SchoolYear:
    """Read a school year that `year_to_json` wrote; ValueError, in words for the person who set it, if it is none."""
    try:
        written = json.loads(text)
        begins, ends, shifts = _day(written["begins"]), _day(written["ends"]), written["shifts"]
        free = [(date.fromisoformat(first), date.fromisoformat(last), name) for first, last, name in written["free"]]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(UNREADABLE) from error
    _refuse(type(shifts) is not bool or any(type(name) is not str for _, _, name in free), UNREADABLE)
    times = tuple(FreeTime(first, last, name) for first, last, name in free)
    return SchoolYear(begins=begins, ends=ends, free=times, shifts=shifts)


def _day(written: Any) -> date | None:
    return None if written is None else date.fromisoformat(written)


def _refuse(is_wrong: bool, sentence: str) -> None:
    if is_wrong:
        raise ValueError(sentence)


NO_YEAR = SchoolYear()
