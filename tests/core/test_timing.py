"""Nights, weeks and preferred hours, in every zone that there is."""

from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.core.timing import QUIET_FROM, QUIET_UNTIL, after_quiet, is_quiet, monday_after, preferred_after, week_of

WEEK = timedelta(days=7)
ZONES = st.sampled_from(sorted((files("tzdata") / "zones").read_text(encoding="utf-8").split()))
MOMENTS = st.timedeltas(timedelta(0), 40 * 365 * timedelta(days=1)).map(
    lambda passed: datetime(2000, 1, 1, tzinfo=UTC) + passed
)
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
WEEKDAYS = st.integers(0, 6)


def wall(at: datetime, zone: str) -> datetime:
    """Read a moment off the wall."""
    return at.astimezone(ZoneInfo(zone))


def is_plain(at: datetime, zone: str) -> bool:
    """Say whether no clock changes in a zone within a week before and after a moment."""
    around = (at + timedelta(days=days) for days in range(-8, 9))
    return len({wall(one, zone).utcoffset() for one in around}) == 1


@given(MOMENTS, ZONES)
@example(datetime(2011, 12, 30, 8, tzinfo=UTC), "Pacific/Apia")
@example(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "Europe/Berlin")
@example(datetime(2026, 10, 24, 22, 30, tzinfo=UTC), "Europe/Berlin")
@example(datetime(2026, 4, 4, 14, 30, tzinfo=UTC), "Australia/Lord_Howe")
def test_after_quiet_is_the_first_moment_that_is_not_quiet(at: datetime, zone: str) -> None:
    found = after_quiet(at, zone)
    assert found >= at
    assert not is_quiet(found, zone)
    minutes = int((found - at) / timedelta(minutes=1))
    assert all(is_quiet(at + timedelta(minutes=passed), zone) for passed in range(0, minutes, 7))
    assert found == at or is_quiet(found - timedelta(microseconds=1), zone)
    assert after_quiet(found, zone) == found


@given(MOMENTS, ZONES)
def test_quiet_is_from_eight_in_the_evening_until_seven_in_the_morning(at: datetime, zone: str) -> None:
    hour = wall(at, zone).hour
    assert is_quiet(at, zone) == (hour in (20, 21, 22, 23, 0, 1, 2, 3, 4, 5, 6))


@pytest.mark.parametrize(("clock", "is_night"), [(QUIET_FROM, True), (QUIET_UNTIL, False), (time(6, 59, 59), True)])
def test_eight_itself_is_quiet_and_seven_is_not(clock: time, is_night: bool) -> None:
    at = datetime.combine(date(2026, 3, 6), clock, tzinfo=ZoneInfo("Europe/Berlin"))
    assert is_quiet(at, "Europe/Berlin") is is_night


@given(MOMENTS, ZONES)
def test_a_week_is_named_by_the_monday_on_or_before_the_local_day(at: datetime, zone: str) -> None:
    monday = week_of(at, zone)
    assert monday.weekday() == 0
    assert 0 <= (wall(at, zone).date() - monday).days < 7


@given(MOMENTS, CLOCKS, ZONES)
def test_the_monday_after_is_the_first_day_of_the_next_local_week(at: datetime, clock: time, zone: str) -> None:
    found = monday_after(at, clock, zone)
    assert found > at
    assume(is_plain(found, zone))
    assert wall(found, zone).time() == clock
    assert wall(found, zone).date() == week_of(at, zone) + WEEK == week_of(found, zone)


@given(MOMENTS, WEEKDAYS, CLOCKS, ZONES)
def test_a_preferred_time_is_the_first_such_one_that_is_not_before(
    at: datetime, weekday: int, clock: time, zone: str
) -> None:
    found = preferred_after(at, weekday, clock, zone)
    assert at <= found
    assert preferred_after(found, weekday, clock, zone) == found
    assume(is_plain(at, zone))
    assert found - at < WEEK
    assert (wall(found, zone).weekday(), wall(found, zone).time()) == (weekday, clock)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_a_preferred_hour_stays_when_the_clocks_change(zone: str) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(52):
        at = preferred_after(at + timedelta(seconds=1), 4, time(16), zone)
        assert (wall(at, zone).weekday(), wall(at, zone).time()) == (4, time(16))
    assert at.year == 2026
