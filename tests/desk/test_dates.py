"""Days as people write them."""

from datetime import UTC, date, datetime

import pytest

from bot.core.timing import morning_of
from bot.desk.dates import read_day, week_begins, written
from bot.desk.english import ENGLISH

WORDS = ENGLISH.calendar
FRIDAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-03-20", date(2026, 3, 20)),
        ("20.3.2026", date(2026, 3, 20)),
        ("20.3.", date(2026, 3, 20)),
        ("20 March", date(2026, 3, 20)),
        ("until the 20th of March", date(2026, 3, 20)),
        ("March 20", date(2026, 3, 20)),
        ("Mar 20th, 2027", date(2027, 3, 20)),
        ("Fri 20 Mar", date(2026, 3, 20)),
        ("1 Sept", date(2026, 9, 1)),
        ("5 March", date(2026, 3, 5)),
        ("6 March", FRIDAY),
        ("tomorrow", date(2026, 3, 7)),
        ("today", FRIDAY),
        ("Friday", date(2026, 3, 13)),
        ("until Thursday.", date(2026, 3, 12)),
        ("sat", date(2026, 3, 7)),
        ("next week", date(2026, 3, 9)),
        ("next Tuesday", date(2026, 3, 10)),
        ("a week", date(2026, 3, 13)),
        ("for two weeks", date(2026, 3, 20)),
        ("10 days", date(2026, 3, 16)),
        ("a month", date(2026, 4, 3)),
        ("9" * 5000 + " weeks", date(2045, 4, 28)),
    ],
)
def test_a_day_is_read(typed: str, day: date) -> None:
    assert read_day(typed, FRIDAY, WORDS) == day


def test_a_day_of_the_new_year_is_near_in_december() -> None:
    assert read_day("10 January", date(2026, 12, 20), WORDS) == date(2027, 1, 10)


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "12/1", "31 February", "29 Feb", "0 March", "1 2 3", "²0 March", "week", "for ever", "1 March March"],
)
def test_what_is_no_day_or_two_is_none(typed: str) -> None:
    assert read_day(typed, FRIDAY, WORDS) is None


def test_a_pause_ends_in_the_morning_where_somebody_lives() -> None:
    until = morning_of(date(2026, 7, 1), "Pacific/Auckland")
    assert until == datetime(2026, 6, 30, 19, tzinfo=UTC)
    assert written(until, "Pacific/Auckland", WORDS) == "Wed 1 Jul"


def test_a_week_begins_on_its_monday_there() -> None:
    sunday_night = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)
    assert week_begins(sunday_night, "UTC") == datetime(2026, 3, 2, tzinfo=UTC)
    assert week_begins(sunday_night, "Europe/Berlin") == datetime(2026, 3, 8, 23, tzinfo=UTC)
