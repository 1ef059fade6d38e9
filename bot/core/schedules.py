"""Wall time: pure functions over IANA zones, and the rules by which something comes again and again."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

LAST, SATURDAY, WEEK = -1, 5, frozenset(range(7))
FORTNIGHT, SEARCHED_DAYS = 14, 3653
ONE_DAY = timedelta(days=1)
END_OF_TIME = date(9999, 1, 1)
UNKNOWN_WEEKDAY = "A day of the week is a number from 0 (Monday) to 6 (Sunday)."
UNREADABLE = "This is not a schedule that Mull can read."


def at_wall_time(day: datetime, clock: time, zone: str) -> datetime:
    """Find the UTC moment of a wall-clock time on the local date of `day`.

    A time inside a DST gap moves forward by the gap; a time in an overlap is its first pass (fold=0).
    """
    tz = ZoneInfo(zone)
    local = datetime.combine(day.astimezone(tz).date(), clock, tzinfo=tz)
    return local.astimezone(UTC)


def next_day(now: datetime, clock: time, zone: str) -> datetime:
    """Find the UTC moment of a wall-clock time on the day after `now`, in `zone`."""
    tomorrow = now.astimezone(ZoneInfo(zone)) + timedelta(days=1)
    return at_wall_time(tomorrow, clock, zone)


def days_later(at: datetime, days: int, zone: str) -> datetime:
    """Find the UTC moment so many local days after `at`, at the same wall-clock time in `zone`."""
    local = at.astimezone(ZoneInfo(zone))
    return at_wall_time(local + timedelta(days=days), local.time(), zone)


@dataclass(frozen=True, slots=True)
class Weekly:
    """Come on some days of the week (0 = Monday), every week or every second one (`every` = 2) and so on.

    The week of `since`, Monday to Sunday, is the first that counts, and nothing comes before `since` itself.
    """

    weekdays: tuple[int, ...]
    at: time
    since: date
    every: int = 1

    def __post_init__(self) -> None:
        _refuse_unless(bool(self.weekdays), "Choose at least one day of the week.")
        _refuse_unless(set(self.weekdays) <= WEEK, UNKNOWN_WEEKDAY)
        _refuse_unless(self.every in range(1, 53), "It can come every week, every second, and so on, up to every 52nd.")


@dataclass(frozen=True, slots=True)
class Monthly:
    """Come on one day of the month (1 to 31), and on the last day of a month that is too short for it."""

    day: int
    at: time
    since: date

    def __post_init__(self) -> None:
        _refuse_unless(self.day in range(1, 32), "A day of the month is a number from 1 to 31.")


@dataclass(frozen=True, slots=True)
class MonthlyOn:
    """Come on the first to fourth (`nth` 1 to 4) or the last (-1) Monday, Tuesday … (0, 1 …) of every month."""

    nth: int
    weekday: int
    at: time
    since: date

    def __post_init__(self) -> None:
        _refuse_unless(self.nth in (1, 2, 3, 4, LAST), "Choose the first to the fourth (1 to 4), or the last (-1).")
        _refuse_unless(self.weekday in WEEK, UNKNOWN_WEEKDAY)


@dataclass(frozen=True, slots=True)
class OnDates:
    """Come on chosen dates; one date is once."""

    dates: tuple[date, ...]
    at: time

    def __post_init__(self) -> None:
        _refuse_unless(bool(self.dates), "Choose at least one date.")


Rule: TypeAlias = Weekly | Monthly | MonthlyOn | OnDates


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which something may come: `begins` to `ends`, both included, without the `free` ones.

    What a rule names on another day is left out; with `shifts` it moves to the next open Monday to Friday in the same
    week (a monthly one: month; OnDates: 14 days), if there is one. What meets on one day is one occurrence, named after
    the latest of its dates. A Saturday or Sunday that the rule names and that is open stays.
    """

    begins: date | None = None
    ends: date | None = None
    free: frozenset[date] = frozenset()
    shifts: bool = False

    def is_open(self, day: date) -> bool:
        """Say whether a rule may put something on this day."""
        return (self.begins or day) <= day <= (self.ends or day) and day not in self.free

    def is_school_day(self, day: date) -> bool:
        """Say whether something may be moved to this day."""
        return day.weekday() < SATURDAY and self.is_open(day)


EVERY_DAY = Calendar()


@dataclass(frozen=True, slots=True)
class Moment:
    """When a rule comes: `day` is the local date that the rule names, `at` the moment in UTC.

    `day` is the occurrence's identity, also where a calendar moves it: a changed calendar cannot make it come twice.
    """

    day: date
    at: datetime


def next_after(rule: Rule, after: datetime, zone: str, calendar: Calendar = EVERY_DAY) -> Moment | None:
    """Find the first moment of `rule` later than `after` (aware); None if ten years bring none.

    The years count from `after`, or from where the rule or the calendar begins. A time in a DST gap moves forward by
    the gap (in Nuuk past midnight: Saturday 23:30 to Sunday 00:30); a time in an overlap is its first pass. A date that
    the zone leaves out (Apia, 30 December 2011) is a gap of a day: what it names comes a day later, as one with that
    day's own if there is one. A date lived twice (Kwajalein, 30 September 1969) is its first pass, too. The calendar
    judges the date that the rule names, not the one that a gap leads to.
    """
    tz = ZoneInfo(zone)
    days = _days(rule, calendar, after.astimezone(tz), None)
    return next((moment for moment in _moments(days, rule, tz, calendar) if moment.at > after), None)


def latest_before(
    rule: Rule, until: datetime, zone: str, calendar: Calendar = EVERY_DAY, *, since: datetime
) -> Moment | None:
    """Find the newest moment of `rule` that is later than `since` and not later than `until` (both aware), if any."""
    tz = ZoneInfo(zone)
    days = reversed(_days(rule, calendar, since.astimezone(tz), until.astimezone(tz)))
    return next((moment for moment in _moments(days, rule, tz, calendar) if since < moment.at <= until), None)


def rule_to_json(rule: Rule) -> str:
    """Write a rule as JSON, its kind first."""
    kind = next(kind for kind, known in KINDS.items() if isinstance(rule, known))
    values = {field.name: getattr(rule, field.name) for field in fields(rule)}
    return json.dumps({"kind": kind} | values, default=lambda moment: moment.isoformat())


def rule_from_json(text: str) -> Rule:
    """Read a rule that `rule_to_json` wrote; ValueError, in words for the person who set it, if it is none."""
    try:
        written = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(UNREADABLE) from error
    kind = KINDS.get(str(written.pop("kind", None))) if isinstance(written, dict) else None
    if kind is None:
        raise ValueError(UNREADABLE)
    names = [field.name for field in fields(kind)]
    _refuse_unless(set(names) == set(written), f"A schedule of this kind says: {', '.join(names)}.")
    values = {}
    for name, (read, shape) in ((name, READERS[name]) for name in names):
        try:
            values[name] = read(written[name])
        except (TypeError, ValueError) as error:
            raise ValueError(f"“{name}” has to be {shape}.") from error
    _refuse_unless(values["at"].tzinfo is None, "“at” has to be a time without a time zone, like 08:30.")
    return kind(**values)


def _days(rule: Rule, calendar: Calendar, after: datetime, until: datetime | None) -> range:
    """List the dates, as numbers, that may hold a moment; a gap or a day lived twice may put it on the next."""
    dates = rule.dates if isinstance(rule, OnDates) else (rule.since, END_OF_TIME)
    begins, ends = calendar.begins or date.min, min(calendar.ends or END_OF_TIME, END_OF_TIME)
    first = max(after.toordinal() - 1, min(dates).toordinal(), begins.toordinal())
    last = until.toordinal() + 1 if until else first + SEARCHED_DAYS
    return range(first, min(last, max(dates).toordinal() + FORTNIGHT, ends.toordinal()) + 1)


def _moments(days: Iterable[int], rule: Rule, tz: ZoneInfo, calendar: Calendar) -> Iterator[Moment]:
    for day in map(date.fromordinal, days):
        if named := _date_behind(day, rule, calendar):
            at, tomorrow = _first_pass(day, rule.at, tz), day + ONE_DAY
            if at < _first_pass(tomorrow, rule.at, tz) or not _date_behind(tomorrow, rule, calendar):
                yield Moment(named, at)


def _first_pass(day: date, clock: time, tz: ZoneInfo) -> datetime:
    return datetime.combine(day, clock.replace(fold=0), tzinfo=tz).astimezone(UTC)


def _date_behind(day: date, rule: Rule, calendar: Calendar) -> date | None:
    """Find the date that the rule names for what comes on this day, looking back to the days that moved here."""
    if _names(rule, day) and calendar.is_open(day):
        return day
    if not (calendar.shifts and calendar.is_school_day(day)):
        return None
    days_before = {Weekly: day.weekday(), OnDates: FORTNIGHT}.get(type(rule), day.day - 1)
    for back in range(1, days_before + 1):
        earlier = day - timedelta(days=back)
        if calendar.is_school_day(earlier):
            return None
        if _names(rule, earlier) and not calendar.is_open(earlier):
            return earlier
    return None


def _names(rule: Rule, day: date) -> bool:
    match rule:
        case Weekly():
            days = day.toordinal() - rule.since.toordinal() + rule.since.weekday()
            return day.weekday() in rule.weekdays and days // 7 % rule.every == 0 and day >= rule.since
        case Monthly():
            is_it = day.day == rule.day or (day.day < rule.day and (day + ONE_DAY).day == 1)
            return is_it and day >= rule.since
        case MonthlyOn():
            is_last = rule.nth == LAST and (day + timedelta(weeks=1)).month != day.month
            return day.weekday() == rule.weekday and (is_last or (day.day + 6) // 7 == rule.nth) and day >= rule.since
        case OnDates():
            return day in rule.dates


def _refuse_unless(is_fine: bool, sentence: str) -> None:
    if not is_fine:
        raise ValueError(sentence)


KINDS: dict[str, type[Rule]] = {"weekly": Weekly, "monthly": Monthly, "monthly_on": MonthlyOn, "on_dates": OnDates}
READERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "weekdays": (lambda days: tuple(map(int.__index__, days)), "a list of numbers"),
    "dates": (lambda days: tuple(map(date.fromisoformat, days)), "a list of dates like 2026-09-01"),
    "at": (time.fromisoformat, "a time like 08:30"),
    "since": (date.fromisoformat, "a date like 2026-09-01"),
    **dict.fromkeys(("every", "day", "nth", "weekday"), (int.__index__, "a whole number")),
}
