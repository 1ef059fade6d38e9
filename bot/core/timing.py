"""When something reaches one person: not in the night, in their own week, at the hour they like."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.schedules import at_wall_time

QUIET_FROM, QUIET_UNTIL = time(20), time(7)
"""Between these two wall times nobody is reminded of anything."""

PUNCTUAL = timedelta(minutes=15)
"""How much later than its time something may come and still count as on time, as where many are asked at once."""

LONGEST_PAUSE = timedelta(weeks=26)
"""How long somebody may want quiet: for longer, they leave the group."""


def morning_of(day: date, zone: str) -> datetime:
    """Find the end of the quiet hours on a day."""
    return at_wall_time(datetime.combine(day, time(12), tzinfo=ZoneInfo(zone)), QUIET_UNTIL, zone)


def is_quiet(at: datetime, zone: str) -> bool:
    """Say whether it is night for somebody in a zone."""
    clock = at.astimezone(ZoneInfo(zone)).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def is_late_at_night(at: datetime, due_at: datetime, zone: str) -> bool:
    """Say whether something is found so long after its time that it is not to come at night, whoever chose its time."""
    return at - due_at >= PUNCTUAL and is_quiet(at, zone)


def after_quiet(at: datetime, zone: str) -> datetime:
    """Find the first moment at or after `at` (aware) that is not quiet in `zone`."""
    if not is_quiet(at, zone):
        return at
    local = at.astimezone(ZoneInfo(zone))
    morning = local + timedelta(days=1) if local.time() >= QUIET_FROM else local
    return at_wall_time(morning, QUIET_UNTIL, zone)


def week_of(at: datetime, zone: str) -> date:
    """Name the local week of a moment by its Monday."""
    day = at.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


def monday_after(at: datetime, clock: time, zone: str) -> datetime:
    """Find a wall time on the Monday after the local week of `at`."""
    local = at.astimezone(ZoneInfo(zone))
    return at_wall_time(local + timedelta(days=7 - local.weekday()), clock, zone)


def preferred_after(at: datetime, weekday: int, clock: time, zone: str) -> datetime:
    """Find the first time somebody likes to be asked (0 = Monday, wall time) that is not before `at`."""
    local = at.astimezone(ZoneInfo(zone))
    day = local + timedelta(days=(weekday - local.weekday()) % 7)
    found = at_wall_time(day, clock, zone)
    return found if found >= at else at_wall_time(day + timedelta(days=7), clock, zone)
