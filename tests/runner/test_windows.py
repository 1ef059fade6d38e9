"""Planned check-ins: when each learner is asked, whom nobody asks, and what comes too late."""

from datetime import date, datetime, time, timedelta

import pytest

from bot.adapters.base import Waits
from bot.core.calendars import FreeTime, SchoolYear, year_to_json
from bot.core.events import CalendarSet, GroupChanged
from bot.core.platform_news import PersonCame
from bot.core.schedules import Weekly
from bot.runner.schedule import MISSED
from bot.storage.database import Database
from bot.storage.outbox import TOO_LATE
from tests.runner.term import AUCKLAND, CLASS, LOS_ANGELES, THURSDAY_NINE, Term, a_term, dated, days, on
from tests.stage import ADA, class_of, place_of, pupil, rows

FIRST, CLOSE = on(12, 8), on(16, 8)
"""Thursday 12 March 2026 at nine in Berlin, and the Monday after; now is Friday 6 March, 11:40 there."""


@pytest.fixture
async def term(database: Database) -> Term:
    return await a_term(database)


# When it is shown.


async def test_everybody_is_asked_once_at_the_set_time(term: Term) -> None:
    await term.plan(reminders=0)
    await term.until(FIRST - timedelta(seconds=1))
    assert term.begun(0) == []
    await term.until(CLOSE)
    assert [term.begun(number) for number in range(3)] == [[FIRST]] * 3


async def test_who_is_elsewhere_is_asked_at_the_groups_time_but_never_in_their_night(term: Term) -> None:
    await term.live_in(0, LOS_ANGELES)
    await term.live_in(1, "Africa/Lagos")
    await term.plan(reminders=0)
    await term.until(CLOSE)
    assert [term.begun(number) for number in range(3)] == [[on(12, 14)], [FIRST], [FIRST]]


async def test_a_late_hour_that_was_chosen_stays_for_who_has_that_hour(term: Term) -> None:
    await term.live_in(0, AUCKLAND)
    await term.live_in(1, "Asia/Tokyo")
    await term.plan(Weekly(weekdays=(3,), at=time(21), since=date(2026, 3, 2)), reminders=0)
    await term.until(CLOSE)
    assert [term.begun(number) for number in range(3)] == [[on(12, 20)], [on(12, 22)], [on(12, 20)]]


async def test_who_likes_another_hour_is_asked_then(term: Term) -> None:
    await term.prefer(0, 4, time(16))
    await term.prefer(1, 3, time(9))
    await term.plan(reminders=0)
    await term.until(CLOSE)
    assert [term.begun(number) for number in range(3)] == [[on(13, 15)], [FIRST], [FIRST]]


async def test_a_preferred_hour_is_that_of_ones_own_clock(term: Term) -> None:
    await term.live_in(0, LOS_ANGELES)
    await term.prefer(0, 4, time(16))
    await term.plan(reminders=0)
    await term.until(CLOSE)
    assert term.begun(0) == [on(13, 23)]


async def test_a_preferred_hour_after_the_close_is_not_pushed_and_waits(term: Term) -> None:
    await term.prefer(0, 2, time(16))
    await term.plan(reminders=2)
    await term.until(CLOSE + days(2))
    assert term.begun(0) == []
    await term.start(0, "f1")
    await term.answer_all(0)
    assert "Three questions" in term.titles(0)


async def test_the_hour_stays_when_the_clocks_change(term: Term) -> None:
    await term.plan(reminders=0)
    await term.until(on(3, 0, month=4))
    assert term.begun(0) == [on(12, 8), on(19, 8), on(26, 8), on(2, 7, month=4)]


# A pause.


async def test_in_a_pause_nothing_comes_and_after_it_what_is_still_open(term: Term) -> None:
    await term.pause(0, on(14, 5))
    await term.plan(reminders=0)
    await term.until(on(14, 4, 59))
    assert term.screen.seen != []
    assert term.begun(0) == []
    await term.until(CLOSE)
    assert [term.begun(0), term.begun(1)] == [[on(14, 5)], [FIRST]]


async def test_what_a_pause_outlasts_waits_silently_and_is_offered_when_something_else_is_done(term: Term) -> None:
    await term.pause(0, on(18, 5))
    await term.plan(dated(12), reminders=2)
    await term.until(on(20, 12))
    assert term.begun(0) == []
    await term.start(0, "f1")
    assert set(term.titles(0)) == {"f1"}
    await term.answer_all(0)
    assert term.titles(0)["Three questions"] == on(20, 12)
    assert term.told(0, "One more is waiting: Three questions.") == [on(20, 12)]


# Whom nobody asks.


@pytest.mark.parametrize(("started", "is_asked"), [(on(9, 8), False), (on(12, 7), False), (on(8, 12), True)])
async def test_who_answered_the_same_earlier_in_the_week_is_not_asked(
    term: Term, started: datetime, is_asked: bool
) -> None:
    await term.until(started)
    await term.start(0)
    await term.answer_all(0)
    own = len(term.begun(0))
    await term.plan(reminders=2)
    await term.until(CLOSE)
    assert term.begun(0)[own:] == [FIRST] * is_asked
    assert term.begun(1) == [FIRST]


async def test_the_week_of_an_early_answer_is_that_of_the_group(term: Term) -> None:
    await term.live_in(0, AUCKLAND)
    await term.until(on(8, 12))  # Monday in Auckland, still Sunday in Berlin
    for number in (0, 1):
        await term.start(number)
        await term.answer_all(number)
    await term.plan(reminders=0)
    await term.until(CLOSE)
    assert [len(term.begun(number)) for number in (0, 1)] == [2, 2]


async def test_an_early_answer_to_something_else_or_half_of_one_changes_nothing(term: Term) -> None:
    await term.until(on(9, 8))
    await term.start(0, "f1")
    await term.answer_all(0)
    await term.plan(reminders=0)
    await term.until(CLOSE)
    assert term.titles(0)["Three questions"] == FIRST


async def test_who_is_in_the_middle_of_the_same_is_not_asked_twice(term: Term) -> None:
    await term.until(on(9, 8))
    await term.start(0)
    await term.say(0, "The bridge.")
    await term.plan(reminders=0)
    await term.until(CLOSE)
    assert term.begun(0) == [on(9, 8)]


async def test_what_has_been_open_for_five_days_makes_room(term: Term) -> None:
    await term.until(FIRST - days(5))
    await term.start(0)
    await term.plan(reminders=0)
    await term.until(CLOSE)
    assert term.begun(0) == [FIRST - days(5), FIRST]


async def test_what_only_waits_silently_makes_room_for_the_next_one(term: Term) -> None:
    await term.pause(0, on(16, 7))
    await term.plan(dated(11), lasts=days(2), reminders=0)
    await term.plan(dated(14), reminders=0)
    await term.until(on(20, 8))
    assert term.begun(0) == [on(16, 7)]
    assert await rows(
        term.database, "SELECT status FROM runs WHERE person_id = :who ORDER BY started_at", who=pupil(0)
    ) == [
        ("stopped",),
        ("open",),
    ]


# Late.


async def test_late_answers_are_welcome_and_labelled_and_early_ones_are_not(term: Term) -> None:
    await term.plan(dated(12), reminders=0)
    await term.until(CLOSE - timedelta(seconds=1))
    await term.answer_all(0)
    await term.say(1, "On time.")
    await term.until(CLOSE)
    await term.say(1, "A little late.", "So is this.")
    await term.until(CLOSE + days(20))
    await term.answer_all(2)
    assert await term.late(0) == [False] * 3
    assert sorted(await term.late(1)) == [False, True, True]
    assert await term.late(2) == [True] * 3


async def test_who_pressed_a_planned_post_is_late_after_its_close_as_well(term: Term) -> None:
    await term.plan(dated(12), where="channel", reminders=0)
    await term.until(FIRST)
    await term.join(0)
    await term.say(0, "On time.")
    await term.until(CLOSE)
    await term.say(0, "Late.")
    assert sorted(await term.late(0)) == [False, True]


# Too late.


async def test_what_was_not_delivered_by_the_close_is_never_delivered(term: Term) -> None:
    await term.plan(dated(12), reminders=0)
    await term.be_away_until(FIRST)
    await term.clock.tick()
    await term.be_away_until(CLOSE)
    await term.until(CLOSE + days(1))
    assert term.screen.seen == []
    assert await rows(term.database, "SELECT DISTINCT state, reason FROM outbox") == [("expired", TOO_LATE)]


async def test_what_was_held_for_who_must_come_by_does_not_expire(term: Term) -> None:
    term.screen.answer = lambda effect: Waits("they want no direct messages")
    await term.plan(dated(12), reminders=0)
    await term.until(CLOSE + days(3))
    assert await rows(term.database, "SELECT DISTINCT state FROM outbox") == [("pending",)]
    term.screen = Term(term.database, term.hands).screen
    term.restart()
    at, who = term.hands(), pupil(0)
    await term.happen(PersonCame(id=term.name(), at=at, who=who, place=place_of(who)))
    assert [term.begun(0), term.begun(1)] == [[at], []]


async def test_an_occurrence_whose_window_is_over_does_not_begin_and_is_noted(term: Term) -> None:
    await term.plan(reminders=1)
    await term.be_away_until(CLOSE)
    await term.tick()
    assert term.screen.seen == []
    assert await term.notes() == {MISSED.format(day="Thursday 12 March")}
    await term.until(on(19, 8))
    assert term.begun(0) == [on(19, 8)]


async def test_of_several_missed_only_the_last_that_is_open_begins(term: Term) -> None:
    await term.plan(reminders=0)
    await term.be_away_until(on(27, 12))
    await term.until(on(28, 12))
    assert term.begun(0) == [on(27, 12)]
    assert await term.notes() == {MISSED.format(day="Thursday 12 March")}
    assert await rows(term.database, "SELECT count(*) FROM occurrences") == [(1,)]


# No date twice.


@pytest.mark.parametrize("shifts", [True, False])
async def test_a_calendar_that_changes_never_repeats_a_date(term: Term, shifts: bool) -> None:
    year = SchoolYear(free=(FreeTime(first=date(2026, 3, 12), last=date(2026, 3, 12)),), shifts=shifts)
    await term.plan(reminders=0)
    await term.until(FIRST)
    changed = CalendarSet(id=term.name(), at=term.hands(), who=ADA, group=CLASS, body=year_to_json(year))
    await term.happen(changed)
    await term.until(on(19, 7))
    assert term.begun(0) == [FIRST]
    await term.until(on(19, 8))
    assert term.begun(0) == [FIRST, on(19, 8)]


@pytest.mark.parametrize("zone", [LOS_ANGELES, AUCKLAND])
@pytest.mark.parametrize("is_own_time", [True, False])
async def test_a_zone_that_changes_never_repeats_a_date(term: Term, zone: str, is_own_time: bool) -> None:
    await term.plan(THURSDAY_NINE, reminders=0, is_own_time=is_own_time)
    await term.until(FIRST)
    group = class_of(0)
    await term.happen(GroupChanged(id=term.name(), at=term.hands(), who=ADA, group=group, changes={"zone": zone}))
    await term.until(on(17, 12))
    assert term.begun(0) == [FIRST]
    await term.until(on(20, 12))
    assert term.begun(0) == [FIRST, {LOS_ANGELES: on(19, 16), AUCKLAND: on(18, 20)}[zone]]
    assert await term.count("occurrences") == 2
