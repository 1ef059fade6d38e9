"""The wall in front of rules that repeat: what may pass never makes the library search for long."""

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.calendars.ical_rules import Rule, checked

START = date(2026, 9, 1)
WEEKDAYS = st.sampled_from(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))
COUNTED = st.tuples(st.sampled_from(("", "", "", "1", "-1", "4", "5", "-5", "+2", "53")), WEEKDAYS).map("".join)
MONTH_DAYS = st.sampled_from((1, 13, 28, 29, 30, 31, -1, -28, -31))


def listed(name: str, values: st.SearchStrategy[int] | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Make a part of a rule, or none."""
    some = st.lists(values, min_size=1, max_size=3).map(lambda found: f"{name}={','.join(map(str, found))}")
    return st.one_of(st.just(""), st.just(""), some)


RULES = st.tuples(
    st.sampled_from(("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY")),
    st.sampled_from(("", "", "INTERVAL=1", "INTERVAL=2", "INTERVAL=12", "INTERVAL=52", "INTERVAL=1000")),
    listed("BYDAY", COUNTED),
    listed("BYMONTH", st.integers(1, 12)),
    listed("BYMONTHDAY", MONTH_DAYS),
    st.sampled_from(("", "", "", "BYSETPOS=1", "BYSETPOS=-4", "BYSETPOS=5")),
).map(lambda parts: ";".join(part for part in parts if part))
STARTS = st.dates(date(1900, 1, 1), date(2027, 12, 31)) | st.sampled_from(
    (date(2024, 2, 29), date(2025, 1, 31), date(2025, 10, 30), date(2026, 12, 31))
)


def let_through(text: str, start: date) -> Rule:
    """Let a rule through, or look for another one."""
    try:
        return checked(text, start)
    except ValueError:
        assume(False)
        raise


@settings(max_examples=300, deadline=None)
@given(RULES, STARTS)
def test_what_passes_names_a_day_again_and_again(text: str, start: date) -> None:
    rule = let_through(text, start)
    follows = rrulestr(rule.text, dtstart=datetime.combine(start, datetime.min.time()))
    assert follows.after(datetime(2028, 1, 1)) is not None  # noqa: DTZ001 - as the library wants it


@settings(max_examples=300, deadline=None)
@given(RULES, STARTS)
def test_what_passes_comes_as_often_as_was_counted_at_most(text: str, start: date) -> None:
    rule = let_through(text, start)
    first, last = datetime(2026, 8, 1), datetime(2027, 8, 31)  # noqa: DTZ001 - as the library wants it
    follows = rrulestr(rule.text, dtstart=datetime.combine(start, datetime.min.time()))
    assert len(follows.between(first, last + timedelta(days=1))) <= rule.times(first.date(), last.date())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=",
        "FREQ=FORTNIGHTLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;BYSECOND=" + ",".join(map(str, range(60))),
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 40),
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;INTERVAL=52;BYMONTH=7",
        "FREQ=MONTHLY;BYDAY=+MO",
        "FREQ=MONTHLY;BYDAY=SU,1MO",
        "FREQ=MONTHLY;BYMONTH=2",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=3",
        "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=2",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=60MO",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYWEEKNO=53",
        "FREQ=YEARLY;BYYEARDAY=366",
        "FREQ=YEARLY;BYEASTER=1",
        "FREQ=YEARLY;WKST=XX",
    ],
)
def test_what_may_cost_much_or_name_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="it repeats by a rule I can't follow"):
        checked(text, date(2026, 8, 31))


@pytest.mark.parametrize("freq", ["SECONDLY", "MINUTELY", "HOURLY"])
def test_no_holiday_comes_every_hour(freq: str) -> None:
    with pytest.raises(ValueError, match="every hour or more often"):
        checked(f"FREQ={freq};COUNT=1", START)


def test_an_end_that_is_no_day_is_said_so() -> None:
    with pytest.raises(ValueError, match="the day on which it ends"):
        checked("FREQ=DAILY;UNTIL=2027", START)


def test_the_way_from_its_first_day_is_what_a_rule_costs() -> None:
    last = date(2027, 8, 31)
    assert checked("FREQ=DAILY", START).steps(date(2026, 8, 31), last) == 366
    assert checked("FREQ=YEARLY", START).steps(date(1926, 8, 31), last) < 2_000
    assert checked("FREQ=DAILY", START).steps(date(2030, 1, 1), last) == 1
