"""What users of other bots asked for about time: their own, their holidays, their quiet, and no doubles."""

import asyncio
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from bot.adapters.base import Delivery, Sent, TryAgain
from bot.core.calendars import FreeTime, SchoolYear, year_to_json
from bot.core.effects import AnyEffect
from bot.core.events import CalendarSet, Control
from bot.core.people import GroupId, Role
from bot.core.schedules import Monthly, MonthlyOn, OnDates, Rule, Weekly
from bot.runner.schedule import MISSED
from bot.storage.connection import Connection
from bot.storage.groups import add_group, add_members
from bot.storage.tables import groups
from tests.asks.planning import first, plan
from tests.runner.term import AUCKLAND, CLASS, LOS_ANGELES, Term, dated, days, on
from tests.slack.flows import HARD, HELPED
from tests.slack.house import Walk
from tests.stage import ADA, NOW, a_group, pupil

SCHOOL, CHOIR = GroupId("school"), GroupId("choir")
SINCE = date(2026, 3, 2)


async def test_ask_01_my_local_time_and_right_across_dst(term: Term) -> None:
    await term.live_in(1, LOS_ANGELES)
    await term.live_in(2, AUCKLAND)
    await term.plan(Weekly((3,), time(9), date(2026, 3, 12)), is_own_time=True, reminders=0)
    await term.until(on(10, 8, month=4))
    shown = [term.begun(number) for number in range(3)]
    assert [len(moments) for moments in shown] == [5, 5, 5]
    assert shown[0] == [on(12, 8), on(19, 8), on(26, 8), on(2, 7, month=4), on(9, 7, month=4)]
    assert shown[1] == [on(12, 16), on(19, 16), on(26, 16), on(2, 16, month=4), on(9, 16, month=4)]
    assert shown[2] == [on(11, 20), on(18, 20), on(25, 20), on(1, 20, month=4), on(8, 21, month=4)]


def _school(connection: Connection) -> None:
    """Put the class, not the choir, under a school that Ms Ada leads."""
    for group in (SCHOOL, CHOIR):
        add_group(connection, a_group(group))
        add_members(connection, group, [ADA], Role.FACILITATOR, NOW)
    add_members(connection, CHOIR, [pupil(1)], Role.LEARNER, NOW)
    connection.execute(sa.update(groups).where(groups.c.id == CLASS).values(parent_id=SCHOOL))


async def test_ask_02_our_holidays_entered_once_a_year_and_only_ours(term: Term) -> None:
    await term.database.write(_school)
    await term.plan(reminders=0)
    await term.plan(flow="f1", group=CHOIR, reminders=0)
    year = SchoolYear(free=(FreeTime(date(2026, 3, 16), date(2026, 3, 27), "Spring break"),))
    entered = CalendarSet(id=term.name(), at=term.hands(), who=ADA, group=SCHOOL, body=year_to_json(year))
    await term.happen(entered)
    await term.until(on(3, 8, month=4))
    assert term.begun(0) == [on(12, 8), on(2, 7, month=4)]
    in_the_choir = [moment for moment in term.begun(1) if moment not in term.begun(0)]
    assert in_the_choir == [on(19, 8), on(26, 8)]


async def test_ask_03_leave_me_alone_until_a_date_not_forever(walk: Walk) -> None:
    await plan(walk)
    assert "Paused until Fri 13 Mar." in await walk.command(walk.ben, "pause until 13 march")
    await first(walk)
    await first(walk, days(0.5))
    assert walk.ben.dm == []
    await first(walk, days(1))
    assert HARD in walk.ben.words(), "nobody had to end the pause"


async def test_ask_04_snooze_a_prompt(term: Term) -> None:
    await term.plan(dated(12), reminders=0)
    await term.until(on(12, 8))
    await term.press(0, Control.LATER)
    await term.press(1, Control.TOMORROW)
    seen = len(term.screen.seen)
    await term.until(on(15, 8))
    again = [(at, effect.person) for at, effect in term.screen.seen[seen:]]
    assert again == [(on(12, 11), pupil(0)), (on(13, 14), pupil(1))]


async def test_ask_05_paused_means_silent(term: Term) -> None:
    await term.plan(dated(10), "f1", reminders=2)
    await term.until(on(11, 8))
    await term.start(0, "f2")
    await term.press(0, Control.LATER)
    await term.pause(0, on(26, 5))
    seen = len(term.screen.seen)
    await term.plan(dated(12), "f3", reminders=2)
    await term.plan(dated(13), "f4", where="channel", reminders=2)
    await term.ask_by_hand("f5")
    await term.until(on(26, 4, 59))
    assert [effect for _, effect in term.screen.seen[seen:] if term.is_for(effect, 0)] == []
    assert len([effect for _, effect in term.screen.seen[seen:] if term.is_for(effect, 1)]) > 0


RHYTHMS: dict[str, tuple[Rule, list[datetime]]] = {
    "every week": (Weekly((3,), time(9), SINCE), [on(12, 8), on(19, 8), on(26, 8), on(2, 7, month=4)]),
    "twice a week": (Weekly((1, 4), time(9), date(2026, 3, 24)), [on(24, 8), on(27, 8), on(31, 7), on(3, 7, month=4)]),
    "every second week": (Weekly((3,), time(9), date(2026, 3, 12), every=2), [on(12, 8), on(26, 8)]),
    "every month": (Monthly(31, time(9), SINCE), [on(31, 7)]),
    "the second Tuesday": (MonthlyOn(2, 1, time(9), SINCE), [on(10, 8)]),
    "once": (OnDates((date(2026, 3, 20),), time(9)), [on(20, 8)]),
    "every school day": (
        Weekly((0, 1, 2, 3, 4), time(9), date(2026, 3, 30)),
        [on(30, 7) + days(day) for day in range(5)],
    ),
}


@pytest.mark.parametrize("name", RHYTHMS)
async def test_ask_13_weekly_and_other_rhythms_not_only_daily(term: Term, name: str) -> None:
    rule, moments = RHYTHMS[name]
    await term.set_budget(7)
    await term.plan(rule, lasts=timedelta(hours=6), reminders=0)
    for moment in moments:
        await term.until(moment)
        await term.answer_all(0)
    await term.until(on(3, 20, month=4))
    assert term.begun(0) == moments


async def test_ask_16_no_doubles_after_a_restart(term: Term) -> None:
    def fails(effect: AnyEffect) -> Delivery:
        return TryAgain("away") if effect.person != pupil(0) else Sent(effect.id)

    term.screen.answer = fails
    await term.plan(dated(12), reminders=0)
    await term.until(on(12, 8))
    assert [len(term.begun(number)) for number in range(3)] == [1, 0, 0]
    for _ in range(3):
        term.restart()
        await asyncio.gather(*(term.clock.tick() for _ in range(3)))
    term.screen.answer = lambda effect: Sent(effect.id)
    await term.until(on(13, 8))
    questions = [effect.id for _, effect in term.screen.seen]
    assert sorted(questions) == sorted(set(questions))
    assert [len(term.begun(number)) for number in range(3)] == [1, 1, 1]


async def test_ask_16_one_sane_catch_up_after_downtime(term: Term) -> None:
    await term.plan(Weekly((0, 1, 2, 3, 4), time(9), SINCE), reminders=2)
    await term.until(on(9, 8))
    await term.answer_all(0)
    await term.be_away_until(on(25, 12))
    term.restart()
    await term.until(on(25, 20))
    assert term.begun(0) == [on(9, 8), on(25, 12)]
    assert term.reminded(0) == []
    assert await term.notes() == {MISSED.format(day="Tuesday 10 March")}


async def test_ask_16_what_is_open_is_not_shown_again_by_another_process(walk: Walk) -> None:
    await walk.command(walk.ben, "start week")
    await walk.press(walk.ben, "coasting")
    count = len(walk.ben.dm)
    await walk.restart()
    await walk.house.tick()
    assert len(walk.ben.dm) == count
    assert walk.ben.words().count(HELPED) == 1
