"""Clocks on walls, for the oracle: found by trying the offsets that a zone has around a day, from UTC alone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HALF_HOUR, AROUND = timedelta(minutes=30), timedelta(hours=36)
EVENING, MORNING = time(20), time(7)


def offset_at(moment: datetime, zone: str) -> timedelta:
    """Find how far a zone's clocks are from UTC at a moment (aware)."""
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None  # noqa: S101 - a zone always has one
    return offset


def wall_at(moment: datetime, zone: str) -> datetime:
    """Read the wall at a moment (aware); naive."""
    return (moment + offset_at(moment, zone)).replace(tzinfo=None)


@lru_cache(maxsize=200_000)
def moment_of(day: date, clock: time, zone: str) -> datetime:
    """Find the first moment (UTC) at which a wall shows a time; one that is jumped over moves on by the jump."""
    wall = datetime.combine(day, clock, tzinfo=UTC)
    offsets = _offsets_around(day, zone)
    shown = [wall - offset for offset in offsets if offset_at(wall - offset, zone) == offset]
    return min(shown) if shown else wall - min(offsets)


@lru_cache(maxsize=50_000)
def _offsets_around(day: date, zone: str) -> frozenset[timedelta]:
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    steps = int(2 * AROUND / HALF_HOUR)
    return frozenset(offset_at(noon - AROUND + HALF_HOUR * step, zone) for step in range(steps + 1))


def is_night(moment: datetime, zone: str) -> bool:
    """Say whether a wall shows 20:00 to 07:00."""
    clock = wall_at(moment, zone).time()
    return clock >= EVENING or clock < MORNING


def after_night(moment: datetime, zone: str) -> datetime:
    """Find the first moment from this one on that is not in the night: itself, or the next 07:00."""
    if not is_night(moment, zone):
        return moment
    today = wall_at(moment, zone).date()
    mornings = (moment_of(today + timedelta(days=ahead), MORNING, zone) for ahead in range(3))
    return next(morning for morning in mornings if morning > moment)


def monday_of(moment: datetime, zone: str) -> date:
    """Name the local week of a moment by its Monday."""
    day = wall_at(moment, zone).date()
    return date.fromordinal(day.toordinal() - day.weekday())
