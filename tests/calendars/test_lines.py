"""A list of free days, as people write it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars.lines import Unreadable, plain_name, read_lines, write_lines
from bot.core.calendars import MOST, FreeTime

WINTER = FreeTime(date(2026, 12, 21), date(2027, 1, 3), "Winter break")
PIECES = st.sampled_from(
    (
        *("2026-10-03", "3.", "10.2026", " ", "to", "until ", "-", "–", "Mon", "Dec 5", "21 December 2026", "May"),
        *("12/", "3", "2026", "..", "x", "of ", "\n", "…", "1st", "Sat, ", "from "),
    )
)
NAMES = st.one_of(st.text(max_size=90), st.lists(PIECES, max_size=9).map("".join))


@pytest.mark.parametrize(
    "line",
    [
        "2026-12-21 to 2027-01-03 Winter break",
        "2026-12-21 - 2027-01-03: Winter break",
        "2026-12-21–2027-01-03 Winter break",
        "2026-12-21..2027-01-03, Winter break",
        "Winter break\t2026-12-21\t2027-01-03",
        "Winter break: 21.12.2026 - 3.1.2027",
        "* Winter break, from 21. 12. 2026 bis 03.01.2027",
        "21/12/2026 until 2027/1/3 Winter break",
        "Mon 21 Dec 2026 – Sun 3rd January 2027, Winter break",
        "December 21, 2026 through Jan 3, 2027 Winter break",
    ],
)
def test_a_holiday_may_be_written_in_many_ways(line: str) -> None:
    assert read_lines(line) == (WINTER,)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("3.10.2026", ""),
        ("2026-10-03 INSET day 3", "INSET day 3"),
        ("INSET day 3 2026-10-03", "INSET day 3"),
        ("2026-10-03 1/2 day", "1/2 day"),
        ("10/03/2026 to 03.10.2026 x", None),
        ("2026-10-3 (Sat)", "(Sat)"),
    ],
)
def test_one_day_may_have_a_name(line: str, name: str | None) -> None:
    if name is None:
        with pytest.raises(Unreadable, match="Please write it as 2026-03-10"):
            read_lines(line)
    else:
        assert read_lines(line) == (FreeTime(date(2026, 10, 3), date(2026, 10, 3), name),)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("some day in June", "I can't find a whole date here. Write it like “2026-12-21 to"),
        ("2026-13-01 x", "There is no such day as 2026-13-01."),
        ("30 February 2026", "There is no such day as 30 February 2026."),
        ("2026-01-03 to 2025-01-03", "It ends before it begins."),
        ("2026-01-03 to 2026-09-03", "That is more than 120 days in a row."),
        ("21.12. - 3.1.2027 Winter", "One of the dates is not whole"),
        ("21.12.2026 - 3.1. Winter", "One of the dates is not whole"),
        ("21.12.2026 - 3.1.27 Winter", "One of the dates is not whole"),
        ("Winter 21 - 24 December 2026", "One of the dates is not whole"),
        ("2026-10-12 - 16 Autumn", "One of the dates is not whole"),
        ("2026-10-03, 2026-10-20", "Put “to” between the two dates, or give each a line of its own."),
        ("2026-10-03 2026-10-04 2026-10-05", "more than two dates"),
        ("2026-10-03 " + "x" * 81, "A name can have up to 80 characters."),
        ("2026-10-03 " + "x" * 200, "A line can have up to 200 characters."),
    ],
)
def test_a_line_that_says_no_days_is_named_and_quoted(line: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as slip:
        read_lines(f"2026-10-05 Day off\n\n{line}\n2026-10-06")
    assert slip.value.line == 3
    assert str(slip.value).startswith(f"Line 3, “{line[:80]}")
    assert sentence in str(slip.value)


def test_a_list_has_its_limit_and_blank_lines_mean_nothing() -> None:
    assert read_lines(" \n\n") == ()
    assert len(read_lines("2026-10-05\n\n" * MOST)) == MOST
    with pytest.raises(Unreadable, match="This has 201"):
        read_lines("2026-10-05\n" * (MOST + 1))


@given(NAMES, st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 119))
def test_what_is_written_is_read_as_it_was(name: str, first: date, days: int) -> None:
    free = (FreeTime(first, first + timedelta(days=days), plain_name(name)),)
    assert read_lines(write_lines(free)) == free


@given(NAMES)
def test_a_name_once_made_plain_stays(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)


@given(st.lists(NAMES, max_size=6).map(" ".join))
def test_anything_typed_is_a_list_or_a_slip(text: str) -> None:
    try:
        free = read_lines(text)
    except Unreadable:
        return
    assert read_lines(write_lines(free)) == free
