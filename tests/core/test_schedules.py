"""When something comes again: rules in words a teacher would use, then every zone and every change of its clocks."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.schedules import (
    EVERY_DAY,
    Calendar,
    Moment,
    Monthly,
    MonthlyOn,
    OnDates,
    Rule,
    Weekly,
    latest_before,
    next_after,
    rule_from_json,
    rule_to_json,
)
from tests.core import schedule_oracle as oracle

BERLIN, NUUK, APIA = "Europe/Berlin", "America/Nuuk", "Pacific/Apia"
ZONES = sorted((files("tzdata") / "zones").read_text(encoding="utf-8").split())
FIRST, LAST = date(2024, 1, 1), date(2034, 1, 1)
EIGHT = time(8)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
DAY = timedelta(days=1)


def coming(rule: Rule, after: date, until: date, zone: str = BERLIN, school: Calendar = EVERY_DAY) -> list[Moment]:
    """List what comes from the start of one local day up to the start of another."""
    now, end = (datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC) for day in (after, until))
    return walk(rule, now - timedelta(microseconds=1), end, zone, school)


def walk(rule: Rule, now: datetime, end: datetime, zone: str, school: Calendar) -> list[Moment]:
    found = []
    while (moment := next_after(rule, now, zone, school)) and moment.at < end:
        assert moment.at > now
        found.append(moment)
        now = moment.at
    return found


def said(moments: list[Moment], zone: str = BERLIN) -> list[str]:
    """Say when moments are on the wall, as in ``Mon 2026-08-31 08:00``."""
    return [f"{moment.at.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}" for moment in moments]


def test_every_monday_and_thursday_at_eight_also_when_the_clocks_change() -> None:
    moments = coming(Weekly((THU, MON), EIGHT, date(2026, 3, 1)), date(2026, 3, 23), date(2026, 4, 3))
    assert said(moments) == [
        "Mon 2026-03-23 08:00",
        "Thu 2026-03-26 08:00",
        "Mon 2026-03-30 08:00",
        "Thu 2026-04-02 08:00",
    ]
    assert [moment.at.hour for moment in moments] == [7, 7, 6, 6]
    assert [moment.day for moment in moments] == [date(2026, 3, d) for d in (23, 26, 30)] + [date(2026, 4, 2)]


def test_nothing_comes_before_the_first_day_though_its_week_is_the_first() -> None:
    rule = Weekly((MON, FRI), EIGHT, since=date(2026, 9, 2), every=2)
    school = Calendar(free=frozenset({date(2026, 8, 31), date(2026, 9, 1)}), shifts=True)
    assert said(coming(rule, date(2026, 8, 1), date(2026, 9, 20), school=school)) == [
        "Fri 2026-09-04 08:00",
        "Mon 2026-09-14 08:00",
        "Fri 2026-09-18 08:00",
    ]


def test_every_second_week_goes_on_over_new_year_though_a_year_may_have_53_weeks() -> None:
    rule = Weekly((MON,), EIGHT, since=date(2026, 12, 7), every=2)
    assert said(coming(rule, date(2026, 12, 1), date(2027, 1, 20))) == [
        "Mon 2026-12-07 08:00",
        "Mon 2026-12-21 08:00",
        "Mon 2027-01-04 08:00",
        "Mon 2027-01-18 08:00",
    ]


def test_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    rule = Monthly(31, EIGHT, date(2028, 1, 1))
    assert [m.day.isoformat() for m in coming(rule, date(2028, 1, 1), date(2028, 5, 1))] == [
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
        "2028-04-30",
    ]


@pytest.mark.parametrize(
    ("nth", "days"), [(1, [1, 5, 3]), (2, [8, 12, 10]), (4, [22, 26, 24]), (-1, [29, 26, 31])], ids=str
)
def test_the_first_second_fourth_or_last_thursday_of_the_month(nth: int, days: list[int]) -> None:
    moments = coming(MonthlyOn(nth, THU, EIGHT, date(2026, 10, 1)), date(2026, 9, 1), date(2027, 1, 1))
    assert [moment.day for moment in moments] == [date(2026, 10 + n, day) for n, day in enumerate(days)]


def test_chosen_dates_come_in_their_order_once_each_and_then_never_again() -> None:
    rule = OnDates((date(2026, 5, 4), date(2026, 2, 3), date(2026, 5, 4)), EIGHT)
    assert said(coming(rule, date(2026, 1, 1), date(2030, 1, 1))) == ["Tue 2026-02-03 08:00", "Mon 2026-05-04 08:00"]
    assert next_after(rule, datetime(2026, 5, 4, 6, tzinfo=UTC), BERLIN) is None


def test_a_moment_that_has_come_does_not_come_again() -> None:
    rule = Weekly((MON,), EIGHT, date(2026, 1, 1))
    eight = datetime(2026, 6, 1, 6, tzinfo=UTC)
    assert next_after(rule, eight - timedelta(microseconds=1), BERLIN) == Moment(date(2026, 6, 1), eight)
    assert next_after(rule, eight, BERLIN) == Moment(date(2026, 6, 8), eight + 7 * DAY)


def test_a_schedule_that_starts_in_twenty_years_starts_then() -> None:
    found = next_after(Weekly((MON,), EIGHT, date(2046, 1, 1)), datetime(2026, 1, 1, tzinfo=UTC), BERLIN)
    assert found == Moment(date(2046, 1, 1), datetime(2046, 1, 1, 7, tzinfo=UTC))


@pytest.mark.parametrize(
    "school", [Calendar(ends=date(2025, 12, 31)), Calendar(begins=date(2026, 9, 1), ends=date(2026, 8, 1))], ids=str
)
def test_a_schedule_whose_term_is_over_never_comes(school: Calendar) -> None:
    assert next_after(Weekly((MON,), EIGHT, date(2025, 1, 1)), datetime(2026, 1, 1, tzinfo=UTC), BERLIN, school) is None


def test_the_end_of_all_dates_is_no_accident() -> None:
    late, now = date(9999, 12, 31), datetime(2026, 1, 1, tzinfo=UTC)
    for rule in (Weekly((FRI,), EIGHT, late), Monthly(31, EIGHT, late), OnDates((late,), EIGHT)):
        assert next_after(rule, now, BERLIN) is None
        assert next_after(rule, now, BERLIN, Calendar(ends=late, shifts=True)) is None


AUTUMN = frozenset(date(2026, 10, 12) + n * DAY for n in range(14))


def test_the_holidays_are_left_out() -> None:
    rule = Weekly((MON,), EIGHT, date(2026, 9, 1))
    moments = coming(rule, date(2026, 10, 1), date(2026, 11, 1), school=Calendar(free=AUTUMN))
    assert said(moments) == ["Mon 2026-10-05 08:00", "Mon 2026-10-26 08:00"]


def test_a_term_has_a_first_and_a_last_day_and_both_count() -> None:
    school = Calendar(begins=date(2026, 9, 7), ends=date(2026, 9, 21))
    moments = coming(Weekly((MON,), EIGHT, date(2026, 1, 1)), date(2026, 8, 1), date(2026, 12, 1), school=school)
    assert said(moments) == ["Mon 2026-09-07 08:00", "Mon 2026-09-14 08:00", "Mon 2026-09-21 08:00"]


def test_a_free_monday_moves_to_tuesday_and_keeps_its_name() -> None:
    school = Calendar(free=frozenset({date(2026, 5, 25)}), shifts=True)
    moments = coming(Weekly((MON,), EIGHT, date(2026, 1, 1)), date(2026, 5, 25), date(2026, 6, 2), school=school)
    assert said(moments) == ["Tue 2026-05-26 08:00", "Mon 2026-06-01 08:00"]
    assert [moment.day for moment in moments] == [date(2026, 5, 25), date(2026, 6, 1)]


def test_a_week_that_is_free_to_its_end_has_none() -> None:
    school = Calendar(free=AUTUMN | {date(2026, 10, 30)}, shifts=True)
    moments = coming(Weekly((FRI,), EIGHT, date(2026, 9, 1)), date(2026, 10, 5), date(2026, 11, 7), school=school)
    assert said(moments) == ["Fri 2026-10-09 08:00", "Fri 2026-11-06 08:00"]


def test_a_shift_ends_with_the_month() -> None:
    def in_may(day: int, *free: int) -> list[str]:
        school = Calendar(free=frozenset(date(2026, 5, d) for d in free), shifts=True)
        return said(coming(Monthly(day, EIGHT, date(2026, 5, 1)), date(2026, 5, 1), date(2026, 6, 5), school=school))

    assert in_may(28, 28) == ["Fri 2026-05-29 08:00"]
    assert in_may(29, 29) == []
    assert in_may(16) == ["Sat 2026-05-16 08:00"], "who asks for a Saturday gets it"
    assert in_may(16, 16) == ["Mon 2026-05-18 08:00"]


def test_a_shift_never_doubles_a_day() -> None:
    rule = Weekly((MON, TUE), EIGHT, date(2026, 1, 1))
    monday, tuesday = date(2026, 5, 25), date(2026, 5, 26)
    for free in ({monday}, {monday, tuesday}):
        school = Calendar(free=frozenset(free), shifts=True)
        moments = coming(rule, monday, date(2026, 6, 1), school=school)
        assert [moment.day for moment in moments] == [tuesday], "one, known by the later of the two"
        assert moments[0].at.day == 26 if len(free) == 1 else 27


def test_the_first_week_of_term_has_its_monday_on_wednesday() -> None:
    school = Calendar(begins=date(2026, 9, 2), shifts=True)
    rule = Weekly((MON,), EIGHT, date(2026, 1, 1))
    assert said(coming(rule, date(2026, 8, 1), date(2026, 9, 10), school=school)) == [
        "Wed 2026-09-02 08:00",
        "Mon 2026-09-07 08:00",
    ]


def test_a_chosen_date_moves_by_two_weeks_at_most_and_may_be_overtaken() -> None:
    rule = OnDates((date(2026, 10, 9), date(2026, 10, 10)), EIGHT)
    friday = Calendar(free=frozenset({date(2026, 10, 9)}), shifts=True)
    assert [moment.day.day for moment in coming(rule, date(2026, 10, 1), date(2026, 11, 1), school=friday)] == [10, 9]
    once = OnDates((date(2026, 10, 12),), EIGHT)
    for begins, found in ((date(2026, 10, 26), ["Mon 2026-10-26 08:00"]), (date(2026, 10, 27), [])):
        school = Calendar(begins=begins, shifts=True)
        assert said(coming(once, date(2026, 10, 1), date(2026, 12, 1), school=school)) == found


def test_a_calendar_changed_after_the_fact_brings_no_second_one() -> None:
    rule = Weekly((MON,), EIGHT, date(2026, 1, 1))
    came = coming(rule, date(2026, 5, 25), date(2026, 5, 26))[0]
    school = Calendar(free=frozenset({date(2026, 5, 25)}), shifts=True)
    again = next_after(rule, came.at, BERLIN, school)
    assert again is not None
    assert again.day == came.day, "the same name, which the database takes only once"


def test_half_past_two_in_the_spring_night_is_half_past_three() -> None:
    moments = coming(Weekly((SUN,), time(2, 30), date(2026, 1, 1)), date(2026, 3, 22), date(2026, 4, 6))
    assert said(moments) == ["Sun 2026-03-22 02:30", "Sun 2026-03-29 03:30", "Sun 2026-04-05 02:30"]


@pytest.mark.parametrize("fold", [0, 1])
def test_half_past_two_in_the_autumn_night_is_the_first_one_and_comes_once(fold: int) -> None:
    rule = Weekly((SUN,), time(2, 30, fold=fold), date(2026, 1, 1))
    moments = coming(rule, date(2026, 10, 25), date(2026, 11, 2))
    assert [moment.at for moment in moments] == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 11, 1, 1, 30, tzinfo=UTC),
    ]


def test_a_gap_before_midnight_takes_the_late_evening_into_the_next_day() -> None:
    rule = Weekly((SAT, SUN), time(23, 30), date(2026, 1, 1))
    moments = coming(rule, date(2026, 3, 28), date(2026, 3, 31), NUUK)
    assert said(moments, NUUK) == ["Sun 2026-03-29 00:30", "Sun 2026-03-29 23:30"]
    assert [moment.day.day for moment in moments] == [28, 29]
    ten_past = datetime(2026, 3, 29, 0, 10, tzinfo=ZoneInfo(NUUK)).astimezone(UTC)
    assert next_after(rule, ten_past, NUUK) == moments[0]
    assert latest_before(rule, moments[0].at, NUUK, since=ten_past) == moments[0]


def test_an_overlap_over_midnight_that_has_begun_sunday_does_not_forget_it() -> None:
    midnight = Weekly((SUN,), time(), date(2010, 1, 1))
    zone = "America/St_Johns"  # until 2011 its clocks went back at 00:01, to 23:01 of the day before
    came = coming(midnight, date(2010, 11, 7), date(2010, 11, 8), zone)
    assert said(came, zone) == ["Sun 2010-11-07 00:00"]
    soon = came[0].at + timedelta(minutes=20)
    assert f"{soon.astimezone(ZoneInfo(zone)):%a %H:%M}" == "Sat 23:20"
    assert latest_before(midnight, soon, zone, since=came[0].at - DAY) == came[0]
    assert next_after(midnight, soon, zone) == Moment(date(2010, 11, 14), came[0].at + 7 * DAY + timedelta(hours=1))


@pytest.mark.parametrize(("zone", "missing"), [(APIA, date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))])
def test_a_date_that_a_zone_leaves_out_comes_a_day_later_and_is_one_with_the_next(zone: str, missing: date) -> None:
    start, end = missing - DAY, missing + 2 * DAY
    alone = coming(OnDates((missing,), EIGHT), start, end, zone)
    assert [(moment.day, moment.at.astimezone(ZoneInfo(zone)).date()) for moment in alone] == [(missing, missing + DAY)]
    daily = coming(Weekly(tuple(range(7)), EIGHT, date(1990, 1, 1)), start, end, zone)
    assert [moment.day for moment in daily] == [missing - DAY, missing + DAY]
    assert [moment.at.astimezone(ZoneInfo(zone)).time() for moment in daily] == [EIGHT, EIGHT]


def test_a_date_that_a_zone_lives_through_twice_comes_in_its_first_pass() -> None:
    zone = "Pacific/Kwajalein"  # crossed the date line on 30 September 1969, at the end of that day
    daily = coming(Weekly(tuple(range(7)), EIGHT, date(1969, 1, 1)), date(1969, 9, 29), date(1969, 10, 2), zone)
    assert [moment.day.isoformat() for moment in daily] == ["1969-09-29", "1969-09-30", "1969-10-01"]
    assert [later.at - sooner.at for sooner, later in pairwise(daily)] == [DAY, DAY + timedelta(hours=23)]


def test_of_all_that_was_missed_the_newest_is_found() -> None:
    rule = Weekly((MON,), EIGHT, date(2026, 1, 1))
    down, up = datetime(2026, 6, 1, 6, tzinfo=UTC), datetime(2026, 6, 22, 6, tzinfo=UTC)
    assert latest_before(rule, up, BERLIN, since=down) == Moment(date(2026, 6, 22), up)
    assert latest_before(rule, up - timedelta(seconds=1), BERLIN, since=down) == Moment(date(2026, 6, 15), up - 7 * DAY)
    assert latest_before(rule, down + 7 * DAY - timedelta(seconds=1), BERLIN, since=down) is None
    assert latest_before(rule, down, BERLIN, since=up) is None


def test_a_rule_reads_back_as_it_was_written() -> None:
    rule = Weekly((MON, WED), time(8, 30), date(2026, 9, 1), 2)
    assert json.loads(rule_to_json(rule)) == {
        "kind": "weekly",
        "weekdays": [0, 2],
        "at": "08:30:00",
        "since": "2026-09-01",
        "every": 2,
    }
    assert rule_from_json(rule_to_json(rule)) == rule


BAD = {
    "": "not a schedule",
    "[" * 100_000: "not a schedule",
    '{"kind": []}': "not a schedule",
    '{"kind": "hourly"}': "not a schedule",
    '{"kind": "weekly"}': "weekdays, at, since, every",
    '{"kind": "on_dates", "dates": ["2026-09-01"], "at": "08:00", "zone": "UTC"}': "says: dates, at",
    '{"kind": "weekly", "weekdays": [], "at": "08:00", "since": "2026-09-01", "every": 1}': "at least one day",
    '{"kind": "weekly", "weekdays": [7], "at": "08:00", "since": "2026-09-01", "every": 1}': "0 .Monday. to 6",
    '{"kind": "weekly", "weekdays": ["0"], "at": "08:00", "since": "2026-09-01", "every": 1}': "list of numbers",
    '{"kind": "weekly", "weekdays": [1], "at": "08:00", "since": "2026-09-01", "every": 0}': "every second",
    '{"kind": "weekly", "weekdays": [1], "at": "08:00", "since": "2026-09-01", "every": 1.5}': "whole number",
    '{"kind": "weekly", "weekdays": [1], "at": "8 o’clock", "since": "2026-09-01", "every": 1}': "like 08:30",
    '{"kind": "weekly", "weekdays": [1], "at": "08:00Z", "since": "2026-09-01", "every": 1}': "without a time zone",
    '{"kind": "weekly", "weekdays": [1], "at": "08:00", "since": "2026-02-30", "every": 1}': "“since” .* 2026-09-01",
    '{"kind": "monthly", "day": 0, "at": "08:00", "since": "2026-09-01"}': "1 to 31",
    '{"kind": "monthly_on", "nth": 5, "weekday": 1, "at": "08:00", "since": "2026-09-01"}': "fourth",
    '{"kind": "monthly_on", "nth": 1, "weekday": -1, "at": "08:00", "since": "2026-09-01"}': "0 .Monday. to 6",
    '{"kind": "on_dates", "dates": [], "at": "08:00"}': "at least one date",
    '{"kind": "on_dates", "dates": [1], "at": "08:00"}': "list of dates",
}


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_what_is_no_schedule_or_could_never_come_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=BAD[text]):
        rule_from_json(text)


days = st.dates(date(2023, 6, 1), date(2027, 12, 31))
near, times = st.dates(date(2026, 2, 15), date(2026, 5, 15)), st.times()
weekdays = st.sets(st.integers(0, 6), min_size=1).map(tuple)
rules: st.SearchStrategy[Rule] = st.one_of(
    st.builds(Weekly, weekdays, times, days, st.integers(1, 4) | st.integers(1, 52)),
    st.builds(Monthly, st.integers(1, 31), times, days),
    st.builds(MonthlyOn, st.sampled_from([1, 2, 3, 4, -1]), st.integers(0, 6), times, days),
    st.builds(OnDates, st.lists(days, min_size=1).map(tuple), times),
    st.builds(
        lambda first, gaps, at: OnDates(tuple(first + n * DAY for n in gaps), at),
        near,
        st.sets(st.integers(0, 40), min_size=1).map(tuple),
        times,
    ),
)
breaks = st.tuples(near, st.integers(1, 20)).map(lambda rest: frozenset(rest[0] + n * DAY for n in range(rest[1])))
schools = st.builds(
    lambda begins, ends, rests, shifts: Calendar(begins, ends, frozenset[date]().union(*rests), shifts),
    st.none() | days | near,
    st.none() | days | near,
    st.lists(breaks | st.sets(near, max_size=20), max_size=4),
    st.booleans(),
)


@settings(deadline=None)
@given(rules)
def test_every_rule_survives_json(rule: Rule) -> None:
    assert rule_from_json(rule_to_json(rule)) == rule


@settings(deadline=None, max_examples=300)
@given(rules, schools, st.sampled_from(["UTC", BERLIN, NUUK, "America/Santiago", "Australia/Lord_Howe", APIA]))
def test_two_months_hold_just_what_the_oracle_finds(rule: Rule, school: Calendar, zone: str) -> None:
    first, last = date(2026, 3, 1), date(2026, 4, 30)
    expected = [
        Moment(day, at.replace(tzinfo=UTC)) for day, at in oracle.moments(rule, zone, school, first - 3 * DAY, last)
    ]
    begin, end = (datetime.combine(day, time(), tzinfo=UTC) for day in (first, last))
    expected = [moment for moment in expected if begin < moment.at < end]
    assert walk(rule, begin, end, zone, school) == expected
    newest = latest_before(rule, end - timedelta(microseconds=1), zone, school, since=begin)
    assert newest == (expected[-1] if expected else None)


def test_the_oracle_agrees_with_a_clock_watched_minute_by_minute() -> None:
    for zone in (BERLIN, NUUK, "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago"):
        stretches = oracle.clocks(zone, FIRST, LAST)
        for at, before, after in list(stretches.transitions())[:2]:
            for wall in oracle.walls(at, before, after):
                assert stretches.moment(wall) == oracle.minute_by_minute(wall, zone), (zone, wall)


def test_every_zone_and_every_change_of_its_clocks_in_ten_years_exactly_once() -> None:
    seen, moved_over_midnight = 0, set()
    for zone in ZONES:
        stretches, tz = oracle.clocks(zone, FIRST - 100 * DAY, LAST + 100 * DAY), ZoneInfo(zone)
        quiet = (datetime.combine(date(2028, 2, 29), EIGHT), timedelta(), timedelta())
        changes = [change for change in stretches.transitions() if FIRST <= change[0].date() < LAST]
        seen += len(changes)
        for at, before, after in changes or [quiet]:
            for wall in oracle.walls(at, before, after):
                is_missing = before <= wall - at < after
                shown = wall + (after - before) if is_missing else wall
                if shown.date() != wall.date():
                    moved_over_midnight.add(zone)
                for at_noon, dates in oracle.neighbours(wall.date()):
                    rule = replace(at_noon, at=wall.time())
                    last, this, following = (
                        Moment(day, stretches.moment(datetime.combine(day, wall.time())).replace(tzinfo=UTC))
                        for day in dates
                    )
                    assert this.at.astimezone(tz).replace(tzinfo=None) == shown, (zone, wall)
                    assert next_after(rule, last.at, zone) == this, (zone, wall, rule)
                    assert next_after(rule, this.at, zone) == following, (zone, wall, rule)
                    if after <= wall - at < before:
                        assert next_after(rule, this.at + (before - after), zone) == following, (zone, wall, rule)
                        assert latest_before(rule, following.at - DAY, zone, since=last.at) == this, (zone, wall, rule)
    assert seen > 4000
    assert NUUK in moved_over_midnight
    assert moved_over_midnight <= {NUUK, "America/Godthab", "America/Scoresbysund"}
