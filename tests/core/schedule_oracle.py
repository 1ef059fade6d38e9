"""What a teacher with a wall calendar, and one with a stopwatch, would say that a schedule does.

Nothing is shared with bot/core/schedules.py: dates are written out whole periods at a time, an occurrence looks forward
for its day, and clocks are read off the stretches of time in which a zone keeps one offset, found from UTC alone.
"""

import calendar
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.core.schedules import Calendar, Monthly, MonthlyOn, OnDates, Rule, Weekly

MINUTE = timedelta(minutes=1)
STEP = timedelta(days=5)


def offset_at(moment: datetime, zone: ZoneInfo) -> timedelta:
    """Ask a zone how far its clocks are from UTC at a naive UTC moment."""
    there = moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    return there - moment


@dataclass(frozen=True)
class Clocks:
    """A zone from one moment to another: stretch `i` begins at `begins[i]` (naive UTC) and keeps `offsets[i]`."""

    begins: list[datetime]
    offsets: list[timedelta]

    def transitions(self) -> Iterator[tuple[datetime, timedelta, timedelta]]:
        """List the moments at which the offset changes, with the one before and the one after."""
        for i in range(1, len(self.begins)):
            yield self.begins[i], self.offsets[i - 1], self.offsets[i]

    def moment(self, wall: datetime) -> datetime:
        """Find the first moment at which the clocks show `wall`; if they jump over it, go on with the old offset."""
        near = bisect_right(self.begins, wall)
        for i in range(max(near - 3, 0), min(near + 3, len(self.begins))):
            moment = wall - self.offsets[i]
            is_last = i + 1 == len(self.begins)
            if (i == 0 or moment >= self.begins[i]) and (is_last or moment < self.begins[i + 1]):
                return moment
            if not is_last and self.offsets[i] <= wall - self.begins[i + 1] < self.offsets[i + 1]:
                return moment
        raise AssertionError(wall)


@cache
def clocks(key: str, first: date, last: date) -> Clocks:
    """Walk through a zone in steps of five days, halving the ones in which its offset changes down to the second."""
    zone = ZoneInfo(key)
    here, end = datetime.combine(first, time()), datetime.combine(last, time())
    begins, offsets = [here], [offset_at(here, zone)]
    while here < end:
        there = here + STEP
        if offset_at(there, zone) != offsets[-1]:
            before = here
            while there - before > timedelta(seconds=1):
                middle = before + timedelta(seconds=(there - before) // timedelta(seconds=2))
                before, there = (middle, there) if offset_at(middle, zone) == offsets[-1] else (before, middle)
            begins.append(there)
            offsets.append(offset_at(there, zone))
        here = there
    return Clocks(begins, offsets)


def minute_by_minute(wall: datetime, key: str) -> datetime:
    """Watch a zone's clock from two days before, a minute at a time, until it shows `wall` or has jumped over it."""
    zone, moment = ZoneInfo(key), wall - timedelta(days=2)
    while True:
        shown = moment + offset_at(moment, zone)
        if shown == wall:
            return moment
        following = moment + MINUTE + offset_at(moment + MINUTE, zone)
        if shown < wall < following:
            return moment + (wall - shown)
        moment += MINUTE


def dates_of(rule: Rule, first: date, last: date) -> list[date]:
    """Write out the dates that a rule names between two days, both included."""
    named: set[date]
    match rule:
        case Weekly():
            monday = date.fromisocalendar(*rule.since.isocalendar()[:2], 1)
            weeks = range((last - monday).days // 7 + 1)
            every = {monday + timedelta(weeks=w, days=d) for w in weeks[:: rule.every] for d in rule.weekdays}
            named = {day for day in every if day >= rule.since}
        case Monthly():
            months = [(year, month) for year in range(first.year, last.year + 1) for month in range(1, 13)]
            ends = {(y, m): max(d for d in calendar.Calendar().itermonthdays(y, m)) for y, m in months}
            named = {date(y, m, end if rule.day > end else rule.day) for (y, m), end in ends.items()}
            named = {day for day in named if day >= rule.since}
        case MonthlyOn():
            months = [(year, month) for year in range(first.year, last.year + 1) for month in range(1, 13)]
            columns = {(y, m): [week[rule.weekday] for week in calendar.monthcalendar(y, m)] for y, m in months}
            place = rule.nth - 1 if rule.nth > 0 else -1
            named = {date(y, m, [d for d in column if d][place]) for (y, m), column in columns.items()}
            named = {day for day in named if day >= rule.since}
        case OnDates():
            named = set(rule.dates)
    return sorted(day for day in named if first <= day <= last)


def days_kept(rule: Rule, school: Calendar, first: date, last: date) -> dict[date, date]:
    """Put every date of a rule on the day that it comes on; the dates that meet there are known by the latest."""
    closed = set(school.free)
    kept: dict[date, date] = {}
    for named in dates_of(rule, first, last):
        day: date | None = named
        if _is_closed(named, closed, school):
            day = _next_school_day(named, rule, closed, school) if school.shifts else None
        if day is not None:
            kept[day] = max(named, kept.get(day, named))
    return kept


def _is_closed(day: date, closed: set[date], school: Calendar) -> bool:
    if school.begins is not None and (day - school.begins).days < 0:
        return True
    return day in closed or (school.ends is not None and (day - school.ends).days > 0)


def _next_school_day(named: date, rule: Rule, closed: set[date], school: Calendar) -> date | None:
    for ahead in range(1, 32):
        day = named + timedelta(days=ahead)
        match rule:
            case Weekly():
                is_over = day.isocalendar()[:2] != named.isocalendar()[:2]
            case OnDates():
                is_over = ahead > 14
            case _:
                is_over = (day.year, day.month) != (named.year, named.month)
        if is_over:
            return None
        if day.isoweekday() < 6 and not _is_closed(day, closed, school):
            return day
    return None


def moments(rule: Rule, key: str, school: Calendar, first: date, last: date) -> list[tuple[date, datetime]]:
    """List (date named, naive UTC moment) of all that a rule brings between two days, in the order of its coming."""
    margin = timedelta(days=40)
    zone = clocks(key, first - margin, last + margin)
    named_at: dict[datetime, date] = {}
    for day, named in sorted(days_kept(rule, school, first - margin, last + margin).items()):
        if first <= day <= last:
            named_at[zone.moment(datetime.combine(day, rule.at))] = named
    return [(named, moment) for moment, named in sorted(named_at.items())]


def walls(at: datetime, before: timedelta, after: timedelta) -> set[datetime]:
    """List times on the wall around a change of the clocks: either edge, a minute before each, and halfway."""
    low, high = sorted((at + before, at + after))
    return {low - MINUTE, low, low + (high - low) / 2, high - MINUTE, high}


@cache
def neighbours(day: date) -> list[tuple[Rule, list[date]]]:
    """Make a weekly, a two-weekly and a monthly rule that name `day`, each with the dates before, on and after it."""
    since, noon = day - timedelta(weeks=10), time(12)
    rules = (
        Weekly((day.weekday(),), noon, since),
        Weekly((day.weekday(),), noon, since, 2),
        Monthly(day.day, noon, since),
    )
    found: list[tuple[Rule, list[date]]] = []
    for rule in rules:
        dates = dates_of(rule, day - timedelta(days=40), day + timedelta(days=40))
        place = dates.index(day)
        found.append((rule, dates[place - 1 : place + 2]))
    return found
