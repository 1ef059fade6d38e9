"""A school year: what is free in it, what rules make of it, and how it is written down."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendars import LONGEST, MOST, NAME, FreeTime, SchoolYear, joined, year_from_json, year_to_json
from bot.core.schedules import Calendar

WINTER = FreeTime(date(2026, 12, 21), date(2027, 1, 3), "Winter break")
CHRISTMAS = FreeTime(date(2026, 12, 25), date(2026, 12, 25), "Christmas Day")
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
TIMES = st.builds(
    lambda first, days, name: FreeTime(first, first + timedelta(days=days), name),
    DAYS,
    st.integers(0, LONGEST - 1),
    st.text(max_size=NAME),
)
YEARS = st.builds(
    lambda begins, length, free, shifts: SchoolYear(
        begins=begins, ends=begins and begins + timedelta(days=length), free=tuple(free), shifts=shifts
    ),
    st.none() | st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    st.integers(0, 400),
    st.lists(TIMES, max_size=5),
    st.booleans(),
)


def test_the_calendar_of_a_year_has_every_free_day() -> None:
    year = SchoolYear(begins=date(2026, 9, 1), ends=date(2027, 7, 9), free=(WINTER, CHRISTMAS), shifts=True)
    made = year.calendar()
    assert (made.begins, made.ends, made.shifts) == (date(2026, 9, 1), date(2027, 7, 9), True)
    assert made.free == frozenset(WINTER.days())
    assert len(made.free) == 14
    assert SchoolYear().calendar() == Calendar()


def test_a_free_day_is_named_by_the_narrowest() -> None:
    year = SchoolYear(free=(WINTER, CHRISTMAS, FreeTime(date(2026, 10, 5), date(2026, 10, 5))))
    assert year.free_on(date(2026, 12, 25)) == "Christmas Day"
    assert year.free_on(date(2027, 1, 3)) == "Winter break"
    assert year.free_on(date(2026, 10, 5)) == ""
    assert year.free_on(date(2027, 1, 4)) is None


@pytest.mark.parametrize(
    ("first", "last", "name", "sentence"),
    [
        (date(2026, 5, 2), date(2026, 5, 1), "", "It ends before it begins."),
        (date(2026, 1, 1), date(2026, 5, 1), "", "That is more than 120 days in a row."),
        (date(206, 1, 1), date(206, 1, 1), "", "I only know the years 2000 to 2100."),
        (date(2026, 1, 1), date(2026, 1, 1), "x" * 81, "A name can have up to 80 characters."),
    ],
)
def test_what_is_no_free_time_says_why(first: date, last: date, name: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        FreeTime(first, last, name)


def test_what_is_no_year_says_why() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        SchoolYear(begins=date(2026, 9, 1), ends=date(2026, 8, 31))
    with pytest.raises(ValueError, match="up to 200 lines"):
        SchoolYear(free=(WINTER,) * (MOST + 1))


@given(YEARS)
def test_a_year_that_was_written_is_read_as_it_was(year: SchoolYear) -> None:
    assert year_from_json(year_to_json(year)) == year


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "5",
        "[" * 100_000,
        '{"begins": null, "ends": null, "free": []}',
        '{"begins": 5, "ends": null, "free": [], "shifts": false}',
        '{"begins": null, "ends": null, "free": [], "shifts": "yes"}',
        '{"begins": null, "ends": null, "free": [["2026-01-01", "2026-01-02"]], "shifts": false}',
        '{"begins": null, "ends": null, "free": [["2026-01-01", "2026-01-02", 5]], "shifts": false}',
        '{"begins": "2026-02-30", "ends": null, "free": [], "shifts": false}',
    ],
)
def test_what_is_no_year_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="not a school year that Mull can read"):
        year_from_json(text)


def test_days_in_a_row_with_one_name_become_one() -> None:
    days = tuple(FreeTime(date(2027, 3, day), date(2027, 3, day), "Eid") for day in (11, 9, 10, 13, 9))
    assert joined((*days, CHRISTMAS)) == (
        CHRISTMAS,
        FreeTime(date(2027, 3, 9), date(2027, 3, 11), "Eid"),
        FreeTime(date(2027, 3, 13), date(2027, 3, 13), "Eid"),
    )


@given(st.lists(TIMES, max_size=8))
def test_joining_neither_adds_nor_loses_a_day(times: list[FreeTime]) -> None:
    made = joined(tuple(times))
    assert {(day, time.name) for time in made for day in time.days()} == {
        (day, time.name) for time in times for day in time.days()
    }
    assert list(made) == sorted(made, key=lambda time: (time.first, time.last, time.name))
    assert len(made) <= len(times)
