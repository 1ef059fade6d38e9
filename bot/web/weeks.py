"""ISO weeks in a group's zone, as addresses name them and people say them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

WEEKS = 40
"""Weeks one may choose from: a school year."""

WEEK = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, slots=True)
class Week:
    """One week: from its Monday up to the next."""

    name: str
    title: str
    since: datetime
    until: datetime


def week_named(name: str, zone: str) -> Week | None:
    """Find an ISO week, such as `2025-W47`; None where there is no such week."""
    parts = WEEK.fullmatch(name)
    try:
        return _from(date.fromisocalendar(int(parts[1]), int(parts[2]), 1), zone) if parts else None
    except (ValueError, OverflowError):
        return None


def week_of(moment: datetime, zone: str) -> Week:
    """Find the week that a moment is in."""
    today = moment.astimezone(ZoneInfo(zone)).date()
    return _from(today - timedelta(days=today.weekday()), zone)


def recent_weeks(now: datetime, zone: str) -> list[Week]:
    """List the weeks one may choose from, this one first."""
    monday = week_of(now, zone).since.astimezone(ZoneInfo(zone)).date()
    return [_from(monday - timedelta(weeks=back), zone) for back in range(WEEKS)]


def days_of(week: Week, zone: str) -> list[tuple[datetime, datetime]]:
    """List the days of a week, each from midnight up to midnight."""
    monday = week.since.astimezone(ZoneInfo(zone)).date()
    midnights = [_midnight(monday + timedelta(days=day), zone) for day in range(8)]
    return list(pairwise(midnights))


def _from(monday: date, zone: str) -> Week:
    sunday, name = monday + timedelta(days=6), monday.isocalendar()
    since, until = (_midnight(day, zone) for day in (monday, monday + timedelta(days=7)))
    begins = f"{monday.day}" if monday.month == sunday.month else f"{monday.day} {monday:%B}"
    title = f"{begins}–{sunday.day} {sunday:%B %Y}"
    return Week(f"{name.year:04}-W{name.week:02}", title, since, until)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
