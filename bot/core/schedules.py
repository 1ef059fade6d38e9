"""Wall time: pure functions over IANA zones."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


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
