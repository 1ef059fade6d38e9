"""Days as people write them. Pure."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.schedules import at_wall_time
from bot.desk.wording import Calendar

HALF_A_YEAR = timedelta(weeks=26)
"""How far ahead a day without a year may lie."""

MOST_OF_A_UNIT, DIGITS = 999, 4
YEAR_DIGITS = 4


def read_day(typed: str, today: date, words: Calendar) -> date | None:
    """Find the day that is meant, which may be over; None where there is none.

    A weekday is the next one; a day without a year is the next one within half a year, else this year's.
    """
    parts = [part for part in re.split(r"[\s,./-]+", typed.casefold()) if part and part not in words.fillers]
    if " ".join(parts) in words.fixed:
        kind = words.fixed[" ".join(parts)]
        return today + timedelta(days=7 - today.weekday() if kind == "next_week" else int(kind))
    named = parts[1:] if parts and parts[0] in words.coming else parts
    if len(named) == 1 and named[0] in words.weekdays:
        return today + timedelta(days=(words.weekdays[named[0]] - today.weekday() - 1) % 7 + 1)
    return _amount(parts, today, words) or _date(parts, today, words, "." in typed)


def week_begins(at: datetime, zone: str) -> datetime:
    """Find the moment at which the week of `at` began in a zone, on its Monday."""
    local = at.astimezone(ZoneInfo(zone))
    return at_wall_time(local - timedelta(days=local.weekday()), time(), zone)


def written(at: datetime, zone: str, words: Calendar) -> str:
    """Write a day the short way: `Mon 1 Dec`."""
    day = at.astimezone(ZoneInfo(zone)).date()
    return f"{words.short_days[day.weekday()]} {day.day} {words.short_months[day.month - 1]}"


def _amount(parts: Sequence[str], today: date, words: Calendar) -> date | None:
    """Read `2 weeks`, `a week`, `10 days`."""
    if len(parts) != 2 or parts[1] not in words.units:  # noqa: PLR2004 - a number and a unit
        return None
    number = int(parts[0][:DIGITS]) if parts[0].isdecimal() else words.numbers.get(parts[0])
    return None if number is None else today + words.units[parts[1]] * min(number, MOST_OF_A_UNIT)


def _date(parts: Sequence[str], today: date, words: Calendar, has_dots: bool) -> date | None:
    """Read `2026-12-01`, `1.12.`, `1 December`, `Dec 1st 2026`, `Mon 1 Dec`; `12/1` could be two days: it is none."""
    named = [part for part in parts if part not in words.weekdays]
    months = [words.months[part] for part in named if part in words.months]
    numbers = [int(n[1]) for part in named if (n := re.fullmatch(r"(\d{1,4})(?:st|nd|rd|th)?", part))]
    if len(months) + len(numbers) != len(named) or not 2 <= len(named) <= 3:  # noqa: PLR2004 - day, month, year
        return None
    if len(months) == 1:
        day, year = numbers[0], numbers[1:]
        return _in_year(year, months[0], day, today)
    if months:
        return None
    if len(numbers) == 3 and len(named[0]) == YEAR_DIGITS:  # noqa: PLR2004 - ISO
        return _in_year(numbers[:1], numbers[1], numbers[2], today)
    return _in_year(numbers[2:], numbers[1], numbers[0], today) if has_dots else None


def _in_year(year: Sequence[int], month: int, day: int, today: date) -> date | None:
    this = _day(year[0] if year else today.year, month, day)
    if year or this is None or this > today:
        return this
    following = _day(today.year + 1, month, day)
    return following if following is not None and following - today <= HALF_A_YEAR else this


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
