"""Nights: what Mull catches up with late waits for the morning, what somebody chose for an hour comes at that hour."""

from datetime import date, datetime, time, timedelta

import pytest

from bot.core.effects import AskQuestion
from bot.core.events import Control
from bot.core.schedules import Weekly
from bot.runner.fan_out import NOT_IN_TIME
from bot.storage.database import Database
from tests.runner.term import LOS_ANGELES, Term, a_term, dated, days, on

FIRST, CLOSE = on(12, 8), on(16, 8)
"""Thursday 12 March 2026 at nine in Berlin, and the Monday after."""

EVENING, SEVEN = on(12, 20), on(13, 6)
"""Nine in the evening of that Thursday in Berlin, and seven in the morning after."""


@pytest.fixture
async def term(database: Database) -> Term:
    return await a_term(database)


async def test_a_prompt_caught_up_with_in_the_night_comes_in_the_morning(term: Term) -> None:
    await term.live_in(0, LOS_ANGELES)
    await term.plan(dated(12), reminders=0)
    await term.be_away_until(EVENING)
    await term.until(CLOSE)
    assert [term.begun(number) for number in range(3)] == [[EVENING], [SEVEN], [SEVEN]]


async def test_where_it_is_over_in_the_morning_nobody_is_asked_and_it_is_told(term: Term) -> None:
    await term.plan(dated(12), reminders=1, lasts=timedelta(hours=20))
    await term.be_away_until(EVENING)
    await term.until(CLOSE)
    assert term.screen.seen == []
    assert await term.notes() == {NOT_IN_TIME}


@pytest.mark.parametrize(
    ("back_at", "comes_at"),
    [(on(12, 20, 14), on(12, 20, 14)), (on(12, 22), SEVEN), (on(13, 4), SEVEN), (on(13, 9), on(13, 9))],
)
async def test_an_evening_that_was_chosen_stays_unless_it_is_long_past(
    term: Term, back_at: datetime, comes_at: datetime
) -> None:
    await term.plan(dated(12, 21), reminders=0)
    await term.be_away_until(back_at)
    await term.until(CLOSE)
    assert term.begun(0) == [comes_at]


async def test_after_a_second_time_away_it_waits_for_the_second_morning(term: Term) -> None:
    await term.plan(dated(12), reminders=0)
    await term.be_away_until(EVENING)
    await term.tick()
    await term.be_away_until(EVENING + days(1))
    await term.until(CLOSE)
    assert term.begun(0) == [SEVEN + days(1)]


async def test_what_was_put_off_and_is_found_late_in_the_night_comes_in_the_morning(term: Term) -> None:
    await term.prefer(0, 4, time(16))
    await term.plan(dated(12), reminders=0)
    await term.until(on(13, 14))
    await term.be_away_until(EVENING + days(1))
    await term.until(CLOSE)
    assert term.begun(0) == [SEVEN + days(1)]


async def test_what_is_over_by_that_morning_waits_silently(term: Term) -> None:
    await term.prefer(0, 4, time(16))
    await term.plan(dated(12), reminders=0, lasts=timedelta(hours=44))
    await term.until(on(13, 14))
    await term.be_away_until(EVENING + days(1))
    await term.until(CLOSE)
    assert term.begun(0) == []
    await term.start(0, "f1")
    await term.answer_all(0)
    assert "Three questions" in term.titles(0)


async def test_an_hour_of_the_night_that_somebody_likes_is_theirs(term: Term) -> None:
    await term.prefer(0, 4, time(6, 30))
    await term.prefer(1, 4, time(21))
    await term.plan(dated(12), reminders=0)
    await term.until(CLOSE)
    assert [term.begun(0), term.begun(1)] == [[on(13, 5, 30)], [on(13, 20)]]


async def test_what_somebody_put_off_comes_when_promised_and_long_past_that_not_in_the_night(term: Term) -> None:
    await term.plan(dated(12, 17), reminders=0)
    await term.until(on(12, 16))
    for number in range(2):
        await term.press(number, Control.LATER)
    promised = on(12, 19)
    await term.until(promised)
    asked = len(questions(term, 0))
    assert asked == 2
    await term.press(0, Control.TOMORROW)
    await term.until(on(13, 13))
    await term.be_away_until(on(13, 23))
    await term.until(CLOSE)
    assert questions(term, 0)[asked:] == [SEVEN + days(1)]
    assert questions(term, 1)[1:] == [promised]


async def test_a_reminder_does_not_come_along_with_what_a_pause_held_back(term: Term) -> None:
    await term.prefer(0, 4, time(16))
    await term.plan(dated(12))
    await term.until(on(13, 9))
    await term.pause(0, on(16, 6))
    await term.until(CLOSE)
    assert (term.begun(0), term.reminded(0)) == ([on(16, 6)], []), "the second slot is at seven on Monday as well"
    assert term.reminded(1) == [on(15, 12, 48)]


async def test_what_was_over_before_it_could_come_up_is_kept_for_its_person(term: Term) -> None:
    await term.prefer(0, 4, time(16))
    await term.plan(dated(12), reminders=0)
    await term.until(on(13, 14))
    await term.be_away_until(CLOSE + timedelta(hours=2))
    await term.until(on(17, 12))
    assert [term.begun(0), term.begun(1)] == [[], [FIRST]]
    await term.start(0, "f1")
    await term.answer_all(0)
    assert term.titles(0)["Three questions"] == on(17, 12)


async def test_of_two_that_are_caught_up_with_together_one_is_asked_and_counts_once(term: Term) -> None:
    await term.live_in(0, LOS_ANGELES)
    await term.set_budget(2)
    await term.plan(Weekly(weekdays=(3, 4, 5), at=time(9), since=date(2026, 3, 9)), reminders=0)
    await term.until(on(12, 9))
    await term.be_away_until(on(13, 16))
    await term.tick()
    await term.answer_all(0)
    await term.until(on(14, 20))
    assert term.begun(0) == [on(13, 16), on(14, 14)]


def questions(term: Term, number: int) -> list[datetime]:
    """List when a question was put before a learner."""
    shown = [(at, effect) for at, effect in term.screen.seen if term.is_for(effect, number)]
    return [at for at, effect in shown if isinstance(effect, AskQuestion)]
