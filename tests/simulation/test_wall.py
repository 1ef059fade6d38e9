"""The oracle's own clocks, at the places where clocks are odd."""

from datetime import UTC, date, datetime, time

import pytest

from bot.simulation.wall import after_night, moment_of, monday_of, wall_at


@pytest.mark.parametrize(
    ("day", "clock", "zone", "moment"),
    [
        (date(2026, 7, 1), time(10), "Europe/Berlin", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        (date(2026, 3, 29), time(2, 30), "Europe/Berlin", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), "Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 4, 24), time(0, 30), "Africa/Cairo", datetime(2026, 4, 23, 22, 30, tzinfo=UTC)),
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", datetime(2026, 10, 3, 15, 45, tzinfo=UTC)),
        (date(2026, 1, 1), time(12), "Pacific/Chatham", datetime(2025, 12, 31, 22, 15, tzinfo=UTC)),
        (date(2026, 1, 1), time(12), "Asia/Kathmandu", datetime(2026, 1, 1, 6, 15, tzinfo=UTC)),
    ],
)
def test_a_wall_time_is_its_first_pass_and_one_that_is_jumped_over_moves_on(
    day: date, clock: time, zone: str, moment: datetime
) -> None:
    assert moment_of(day, clock, zone) == moment


def test_a_night_ends_at_seven() -> None:
    evening = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)
    assert wall_at(evening, "Europe/Berlin").time() == time(20)
    assert after_night(evening, "Europe/Berlin") == datetime(2026, 1, 6, 6, tzinfo=UTC)
    assert after_night(datetime(2026, 1, 6, 6, tzinfo=UTC), "Europe/Berlin") == datetime(2026, 1, 6, 6, tzinfo=UTC)
    assert after_night(datetime(2026, 1, 6, 1, tzinfo=UTC), "Europe/Berlin") == datetime(2026, 1, 6, 6, tzinfo=UTC)


def test_a_week_begins_on_the_wall() -> None:
    sunday = datetime(2026, 1, 4, 12, tzinfo=UTC)
    assert monday_of(sunday, "Europe/Berlin") == date(2025, 12, 29)
    assert monday_of(sunday, "Pacific/Auckland") == date(2026, 1, 5)
