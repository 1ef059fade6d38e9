"""Calendar files: what they make free, what they say that cannot be read, and those that mean harm."""

from collections.abc import Sequence
from datetime import date

import pytest

from bot.calendars.ical import Found, free_times
from bot.calendars.ical_text import TooMuch
from bot.calendars.lines import Unreadable
from bot.core.calendars import FreeTime

FIRST, LAST = date(2026, 8, 1), date(2027, 8, 31)


def a_file(*events: str | Sequence[str], end: str = "\r\n") -> bytes:
    """Write a calendar file with events, each of the lines it has."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for event in events:
        lines += ["BEGIN:VEVENT", *([event] if isinstance(event, str) else event), "END:VEVENT"]
    return end.join([*lines, "END:VCALENDAR", ""]).encode()


def found(*events: str | Sequence[str], zone: str = "Europe/Berlin") -> Found:
    """Read a file with these events, in the school year of 2026."""
    return free_times(a_file(*events), FIRST, LAST, zone)


def days(*events: str | Sequence[str], zone: str = "Europe/Berlin") -> list[str]:
    """List what events make free, as `first..last`."""
    return [f"{time.first}..{time.last}" for time in found(*events, zone=zone).free]


def test_a_holiday_ends_the_day_before_its_end() -> None:
    winter = ("DTSTART;VALUE=DATE:20261221", "DTEND;VALUE=DATE:20270104", "SUMMARY:Winter\\, or so")
    one_day = ("DTSTART;VALUE=DATE:20261003", "SUMMARY:Unity Day")
    same_end = ("DTSTART:20261005", "DTEND:20261005")
    assert found(winter, one_day, same_end) == Found(
        (
            FreeTime(date(2026, 10, 3), date(2026, 10, 3), "Unity Day"),
            FreeTime(date(2026, 10, 5), date(2026, 10, 5)),
            FreeTime(date(2026, 12, 21), date(2027, 1, 3), "Winter, or so"),
        ),
        left_out=0,
    )
    assert days(("DTSTART;VALUE=DATE:20261221", "DURATION:P2W")) == ["2026-12-21..2027-01-03"]


def test_what_lies_outside_of_the_year_is_not_asked_for() -> None:
    assert days("DTSTART:20260731", "DTSTART:20270901") == []
    assert days(("DTSTART:20260720", "DTEND:20260803")) == ["2026-07-20..2026-08-02"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DTSTART:20261004T220000Z", "DTEND:20261005T220000Z"), ["2026-10-05..2026-10-05"]),
        (("DTSTART;TZID=Europe/Berlin:20261010T080000", "DURATION:PT8H"), ["2026-10-10..2026-10-10"]),
        (("DTSTART;TZID=America/New_York:20261010T000000", "DURATION:P1D"), ["2026-10-10..2026-10-10"]),
        (("DTSTART;TZID=Our Own Zone:20261010T080000", "DTEND:20261012T160000Z"), ["2026-10-10..2026-10-12"]),
        (("DTSTART:20261010T120000", "DTEND:20261012T030000"), ["2026-10-10..2026-10-11"]),
        (("DTSTART:20261010T220000", "DTEND:20261012T030000"), ["2026-10-11..2026-10-11"]),
        (("DTSTART:20261010T190000", "DTEND:20261010T210000"), []),
        (("DTSTART:20261010T190000",), []),
        (("DTSTART:20260901", "DTEND:20270701"), []),
    ],
)
def test_an_hour_or_half_a_year_is_no_free_day(lines: tuple[str, ...], expected: list[str]) -> None:
    assert days(lines) == expected
    assert found(lines).left_out == (not expected)


def test_a_day_in_utc_is_a_day_of_the_groups_zone() -> None:
    event = ("DTSTART:20261005T070000Z", "DTEND:20261006T070000Z")
    assert days(event, zone="America/Los_Angeles") == ["2026-10-05..2026-10-05"]
    assert days(event, zone="UTC") == ["2026-10-05..2026-10-06"]


def test_series_come_again_with_their_exceptions() -> None:
    mondays = (
        "UID:1",
        "DTSTART;VALUE=DATE:20260907",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261005",
        "EXDATE;VALUE=DATE:20260914",
        "RDATE;VALUE=DATE:20261110,20261112",
    )
    moved = ("UID:1", "RECURRENCE-ID;VALUE=DATE:20260921", "DTSTART;VALUE=DATE:20260922")
    gone = ("UID:1", "RECURRENCE-ID;VALUE=DATE:20261112", "DTSTART;VALUE=DATE:20261112", "STATUS:CANCELLED")
    expected = ["2026-09-07..2026-09-07", "2026-09-22..2026-09-22", "2026-09-28..2026-09-28"]
    assert days(mondays, moved, gone) == [*expected, "2026-10-05..2026-10-05", "2026-11-10..2026-11-10"]


@pytest.mark.parametrize(
    ("start", "rule", "expected"),
    [
        ("20001231", "FREQ=YEARLY", ["2026-12-31"]),
        ("20101101", "FREQ=YEARLY;BYMONTH=11;BYDAY=1MO", ["2026-11-02"]),
        ("20200525", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;INTERVAL=1", ["2027-05-31"]),
        ("20261031", "FREQ=MONTHLY;COUNT=3", ["2026-10-31", "2026-12-31", "2027-01-31"]),
        ("20261030", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", ["2026-10-30", "2026-11-30"]),
        ("20260213", "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR", ["2026-11-13", "2027-08-13"]),
        ("20261001T080000", "FREQ=WEEKLY;UNTIL=20261008", ["2026-10-01", "2026-10-08"]),
        ("20261001T080000Z", "FREQ=WEEKLY;UNTIL=20261008", ["2026-10-01", "2026-10-08"]),
        ("20261001", "FREQ=WEEKLY;UNTIL=20261008T000000Z", ["2026-10-01", "2026-10-08"]),
        ("20261001", "FREQ=WEEKLY;UNTIL=20200101", []),
    ],
)
def test_rules_that_schools_use_are_followed(start: str, rule: str, expected: list[str]) -> None:
    lasts = "PT8H" if "T" in start else "P1D"
    free = found((f"DTSTART:{start}", f"DURATION:{lasts}", f"RRULE:{rule}")).free
    assert [str(time.first) for time in free] == expected


def test_a_date_alone_excludes_the_hour_of_a_series() -> None:
    event = ("DTSTART;TZID=Europe/Berlin:20261001T080000", "DURATION:PT8H", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert days((*event, "EXDATE;VALUE=DATE:20261008")) == ["2026-10-01..2026-10-01", "2026-10-15..2026-10-15"]


def test_two_events_of_one_name_that_are_no_series_are_two() -> None:
    assert len(days(("UID:x", "DTSTART:20261001"), ("UID:x", "DTSTART:20261101"))) == 2


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_lines_may_end_and_be_folded_in_any_way(end: str, mark: bytes) -> None:
    data = mark + a_file(("dtstart;value=date:20261003", "summary:Foun", " dation", "\t Day"), end=end)
    assert free_times(data, FIRST, LAST, "UTC").free[0].name == "Foundation Day"


@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "cp1252"])
def test_older_programs_write_other_letters(coding: str) -> None:
    data = a_file(("DTSTART:20261003", "SUMMARY:Übergang")).decode().encode(coding)
    assert free_times(data, FIRST, LAST, "UTC").free[0].name == "Übergang"


def test_a_name_is_made_fit_for_a_list() -> None:
    [free] = found(("DTSTART:20261003", "SUMMARY:Ferien\\n21.12.2026 - 3.1.\x07 " + "x" * 900)).free
    assert free.name.startswith("Ferien")
    assert "2026" not in free.name
    assert len(free.name) <= 80


@pytest.mark.parametrize(
    ("data", "line", "sentence"),
    [
        (b"", 1, "not a calendar file"),
        (b"<!doctype html>\n<html>", 1, "not a calendar file"),
        (b"\n\nBEGIN:VEVENT\nEND:VEVENT", 3, "not a calendar file"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2026", 3, "stops in the middle"),
        (a_file("SUMMARY:When?"), 3, "does not say on which day it begins"),
        (a_file("DTSTART:20261301"), 4, "I can't read the date “20261301”"),
        (a_file("DTSTART:20260230T080000"), 4, "I can't read the date"),
        (a_file("DTSTART:00010101"), 4, "I can't read the date"),
        (a_file(("DTSTART:20261002", "DTEND:20261001")), 5, "ends before it begins"),
        (a_file(("DTSTART:20261002", "DURATION:a week")), 5, "how long this lasts, “a week”"),
        (a_file(("DTSTART:20261002", "EXDATE:20261009,soon")), 5, "I can't read the date “soon”"),
        (a_file("DTSTART;=20261002"), 4, "I can't read “DTSTART;=20261002”"),
        (a_file(("DTSTART:20261002", "END:VALARM")), 5, "ends something that was not begun"),
        (a_file(("SUMMARY:fold", " ed", "DTSTART:never")), 6, "I can't read the date “never”"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(data: bytes, line: int, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence) as slip:
        free_times(data, FIRST, LAST, "UTC")
    assert slip.value.line == line
    assert str(slip.value).startswith(f"Line {line}") or "not a calendar file" in str(slip.value)


@pytest.mark.parametrize(
    "data",
    [
        b"x" * 1_000_001,
        a_file(*["DTSTART:20261001"] * 2_000),
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 70_000,
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nBEGIN:VALARM\n" * 2 + b"BEGIN:VALARM\n",
        a_file(("DTSTART:20261001", "RDATE:" + "20261002," * 100_000)),
        a_file(("DTSTART:20261001", *["EXDATE:20261002"] * 3_001)),
        a_file(*[("DTSTART:20200101", "RRULE:FREQ=DAILY")] * 1_900),
        a_file(*[("DTSTART:19000101", "RRULE:FREQ=DAILY;UNTIL=19010101")] * 7),
        a_file(*[("DTSTART:20260801", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")] * 20),
    ],
)
def test_a_bomb_is_refused(data: bytes) -> None:
    with pytest.raises(TooMuch):
        free_times(data, FIRST, LAST, "UTC")


def test_what_was_moved_or_lasts_for_ages_does_not_widen_the_search() -> None:
    daily = ("UID:1", "DTSTART:20200101", "RRULE:FREQ=DAILY;UNTIL=20200110")
    moved = ("UID:1", "RECURRENCE-ID:19000101", "DTSTART:20261001")
    long = ("DTSTART:19000101", "DTEND:21990101", "RRULE:FREQ=DAILY")
    assert found(daily, moved, long) == Found((), left_out=2)


def test_much_that_is_harmless_is_read() -> None:
    notes = "DESCRIPTION:" + "x" * 900_000
    assert days(("DTSTART:20261001", notes)) == ["2026-10-01..2026-10-01"]
    assert days(*[("DTSTART:20261001",)] * 1_900) == ["2026-10-01..2026-10-01"]
    zone = b"BEGIN:VTIMEZONE\nBEGIN:STANDARD\nDTSTART:junk\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\n"
    data = a_file("DTSTART:20261001", end="\n").replace(b"VERSION:2.0\n", zone)
    assert len(free_times(data, FIRST, LAST, "UTC").free) == 1


def test_only_two_years_are_looked_through() -> None:
    with pytest.raises(ValueError, match="two years at most"):
        free_times(a_file(), date(2020, 1, 1), date(2026, 1, 1), "UTC")
