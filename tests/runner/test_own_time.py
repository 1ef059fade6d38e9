"""Programs in each learner's own time: one occurrence, and one wall time in every zone."""

from datetime import date, time, timedelta

import pytest

from bot.core.schedules import Weekly
from bot.runner.schedule import MISSED
from bot.storage.database import Database
from tests.runner.term import AUCKLAND, LOS_ANGELES, Term, a_term, dated, days, on
from tests.stage import rows

HERE = {
    0: (AUCKLAND, on(11, 20)),
    1: ("", on(12, 8)),
    2: (LOS_ANGELES, on(12, 16)),
    3: ("Asia/Kathmandu", on(12, 3, 15)),
}
"""Where learners live, and when it is nine there on Thursday 12 March; who lives nowhere has the class's zone."""

OPENS = [moment for _, moment in HERE.values()]
SHARE = timedelta(days=4) * 0.8


@pytest.fixture
async def term(database: Database) -> Term:
    term = await a_term(database, len(HERE))
    for number, (zone, _) in HERE.items():
        if zone:
            await term.live_in(number, zone)
    return term


async def test_each_is_asked_at_their_own_nine_o_clock_in_one_occurrence(term: Term) -> None:
    await term.plan(dated(12), is_own_time=True, reminders=0)
    await term.until(on(20, 8))
    assert [term.begun(number) for number in HERE] == [[moment] for moment in OPENS]
    assert await term.count("occurrences") == 1


async def test_it_is_so_every_week_also_when_the_clocks_change_somewhere(term: Term) -> None:
    await term.plan(Weekly(weekdays=(3,), at=time(9), since=date(2026, 3, 12)), is_own_time=True, reminders=0)
    await term.until(on(10, 8, month=4))
    weeks = [days(7 * number) for number in range(5)]
    hour = timedelta(hours=1)
    assert term.begun(2) == [on(12, 16) + week for week in weeks]
    assert term.begun(1) == [on(12, 8) + week - hour * (week > days(14)) for week in weeks]
    assert term.begun(0) == [on(11, 20) + week + hour * (week > days(21)) for week in weeks]
    assert await term.count("occurrences") == 5


async def test_it_closes_in_each_zone_for_itself(term: Term) -> None:
    await term.plan(dated(12), is_own_time=True, lasts=timedelta(hours=12), reminders=0)
    await term.until(on(12, 8) + timedelta(minutes=1))
    for number in (0, 1, 3):
        await term.say(number, "The bridge.")
    assert [await term.late(number) for number in (0, 1, 3)] == [[True], [False], [False]]


async def test_reminders_count_from_each_ones_own_opening_and_stay_out_of_their_night(term: Term) -> None:
    await term.plan(dated(12), is_own_time=True)
    await term.until(on(20, 8))
    assert [term.reminded(number) for number in HERE] == [[moment + SHARE] for moment in OPENS]


async def test_an_hour_of_the_night_that_was_chosen_stays_everywhere(term: Term) -> None:
    await term.plan(dated(12, 21), is_own_time=True, reminders=0)
    await term.until(on(20, 8))
    assert [term.begun(number) for number in HERE] == [[moment + timedelta(hours=12)] for moment in OPENS]


async def test_who_answered_before_the_week_of_the_group_is_asked_again(term: Term) -> None:
    await term.until(on(8, 12))  # Monday in Auckland only
    for number in (0, 1):
        await term.start(number)
        await term.answer_all(number)
    await term.plan(dated(12), is_own_time=True, reminders=0)
    await term.until(on(20, 8))
    assert [len(term.begun(number)) for number in (0, 1)] == [2, 2]


async def test_after_hours_away_those_whose_window_is_open_are_asked_and_the_others_are_not(term: Term) -> None:
    await term.plan(dated(12), is_own_time=True, lasts=timedelta(hours=6), reminders=0)
    await term.be_away_until(on(12, 10))
    await term.until(on(20, 8))
    assert [term.begun(number) for number in HERE] == [[], [on(12, 10)], [on(12, 16)], []]


async def test_after_days_away_nobody_is_asked_and_it_is_noted(term: Term) -> None:
    await term.plan(Weekly(weekdays=(3,), at=time(9), since=date(2026, 3, 12)), is_own_time=True, reminders=0)
    await term.be_away_until(on(16, 17))
    await term.until(on(17, 8))
    assert term.screen.seen == []
    assert len(await term.notes()) == 1
    assert await rows(term.database, "SELECT count(*) FROM occurrences") == [(0,)]
    assert MISSED.partition("{")[0] in "".join(await term.notes())
