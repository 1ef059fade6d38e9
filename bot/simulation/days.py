"""On which days a program comes, for the oracle: a calendar on the wall, gone through day by day."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.simulation.year import Rhythm, Terms

ONE_DAY, FORTNIGHT = timedelta(days=1), 14
WEEKEND = (5, 6)


def days_of(rhythm: Rhythm, terms: Terms | None, until: date) -> list[tuple[date, date]]:
    """List (date that the rhythm names, day on which it comes) up to a day, in the order in which they come."""
    came: dict[date, date] = {}
    for named in _days(rhythm.since, until):
        if _names(rhythm, named):
            day = named if _is_open(named, terms) else _moved(named, rhythm, terms)
            if day is not None:
                came[day] = max(named, came.get(day, named))
    return [(came[day], day) for day in sorted(came)]


def _names(rhythm: Rhythm, day: date) -> bool:
    match rhythm.kind:
        case "weekly":
            weeks = (_monday(day) - _monday(rhythm.since)).days // 7
            return weeks % rhythm.every == 0 and day.weekday() in rhythm.weekdays
        case "monthly":
            is_last = (day + ONE_DAY).month != day.month
            return day.day == rhythm.day or (is_last and rhythm.day > day.day)
        case "monthly_on":
            alike = [one for one in _days(day.replace(day=1), day) if one.weekday() == day.weekday()]
            is_last = (day + 7 * ONE_DAY).month != day.month
            is_it = is_last if rhythm.nth < 0 else len(alike) == rhythm.nth
            return day.weekday() == rhythm.weekdays[0] and is_it
        case _:
            return day in rhythm.dates


def _is_open(day: date, terms: Terms | None) -> bool:
    return terms is None or (terms.begins <= day <= terms.ends and day not in terms.free)


def _moved(named: date, rhythm: Rhythm, terms: Terms | None) -> date | None:
    """Find the next school day in the same week, the same month, or within a fortnight."""
    if terms is None or not terms.shifts:
        return None
    for day in _days(named + ONE_DAY, named + 31 * ONE_DAY):
        is_over = {
            "weekly": _monday(day) != _monday(named),
            "on_dates": (day - named).days > FORTNIGHT,
        }.get(rhythm.kind, day.month != named.month)
        if is_over:
            return None
        if day.weekday() not in WEEKEND and _is_open(day, terms):
            return day
    return None


def _monday(day: date) -> date:
    return day - day.weekday() * ONE_DAY


def _days(first: date, last: date) -> Iterator[date]:
    return (first + ONE_DAY * ahead for ahead in range((last - first).days + 1))
