"""Holidays, entered once for a school: what comes by itself keeps to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.calendars import FreeTime, SchoolYear, year_to_json
from bot.core.events import CalendarSet, EventId, Outcome, ProgramSet
from bot.core.people import GroupId, PersonId, Role
from bot.core.programs import ProgramId
from bot.core.schedules import Rule, Weekly, rule_to_json
from bot.runner.clock import Clock
from bot.runner.inbox import Inbox
from bot.storage.calendars import year_of
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.groups import add_group, add_members
from bot.storage.programs import programs_of
from tests.stage import ADA, CY, ELSEWHERE, FLOW, NOW, OLA, Hands, a_group, an_inbox, class_of, pupil, rows, set_stage

SCHOOL, CLASS, CLUB = GroupId("lakeside"), class_of(0), GroupId("club")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAYS = Weekly(weekdays=(0,), at=time(9), since=date(2026, 3, 2))
"""Now is Friday 6 March 2026; Easter Monday is 6 April."""

EASTER = FreeTime(date(2026, 3, 30), date(2026, 4, 10), "Easter break")
PENTECOST = FreeTime(date(2026, 5, 25), date(2026, 5, 25), "Pentecost Monday")
YEAR = SchoolYear(begins=date(2025, 9, 1), ends=date(2026, 6, 30), free=(EASTER, PENTECOST))


@dataclass
class House:
    """A school with a class and a club in it, and a clock."""

    database: Database
    inbox: Inbox
    hands: Hands
    count: int = 0

    async def set_year(self, year: SchoolYear | None, group: GroupId = SCHOOL, who: PersonId = ADA) -> Outcome:
        """Let somebody set a group's school year, or give it up."""
        self.count += 1
        body = "" if year is None else year_to_json(year)
        event = CalendarSet(id=EventId(f"year/{self.count}"), at=self.hands(), who=who, group=group, body=body)
        return await self.inbox.accept(event)

    async def plan(self, group: GroupId = CLASS, rule: Rule = MONDAYS) -> None:
        """Let a check-in come by itself."""
        event = ProgramSet(
            id=EventId(f"set/{group}"),
            at=self.hands(),
            who=ADA,
            group=group,
            program=ProgramId(f"p/{group}"),
            kind="check_in",
            choices={"flow": FLOW.flow, "where": "each"},
            rule=rule_to_json(rule),
        )
        assert await self.inbox.accept(event) is Outcome.ACCEPTED

    async def live_until(self, day: date) -> None:
        """Let time pass by half days, and the clock look each time."""
        until = datetime.combine(day, time(12), tzinfo=BERLIN)
        while self.hands() < until:
            self.hands.move(hours=12)
            await Clock(self.database, self.inbox, self.hands).tick()

    async def came_on(self) -> list[str]:
        """List the days on which the class was asked."""
        found = await rows(self.database, "SELECT started_at FROM occurrences ORDER BY started_at")
        epoch = datetime.fromtimestamp(0, BERLIN)
        return [f"{(epoch + timedelta(microseconds=row[0])).astimezone(BERLIN):%d %B}" for row in found]

    async def next_days(self, groups: Sequence[GroupId] = (CLASS, CLUB)) -> list[date | None]:
        """Name the next date of each group's program."""
        found = await self.database.read(lambda connection: [programs_of(connection, group) for group in groups])
        return [program.next_day for programs in found for program in programs]


@pytest.fixture
async def house(database: Database) -> House:
    """Put the class, with a pupil, and a club into a school that Ada leads."""
    await set_stage(database, 1)

    def work(connection: Connection) -> None:
        add_group(connection, a_group(SCHOOL))
        add_group(connection, a_group(CLUB, parent=SCHOOL))
        connection.exec_driver_sql("UPDATE groups SET parent_id = 'lakeside' WHERE id = 'class-000'")
        for group in (SCHOOL, CLUB):
            add_members(connection, group, [ADA], Role.FACILITATOR, NOW)

    await database.write(work)
    hands = Hands()
    return House(database, an_inbox(database, hands), hands)


async def test_ask_2_holidays_are_entered_once_and_nothing_comes_on_them(house: House) -> None:
    assert await house.set_year(YEAR) is Outcome.ACCEPTED
    await house.plan()
    await house.live_until(date(2026, 4, 20))
    assert await house.came_on() == ["09 March", "16 March", "23 March", "13 April", "20 April"]
    await house.live_until(date(2026, 9, 1))
    assert (await house.came_on())[-3:] == ["15 June", "22 June", "29 June"]
    assert "25 May" not in await house.came_on()


async def test_ask_2_what_meets_a_holiday_may_move_to_the_next_school_day(house: House) -> None:
    await house.set_year(SchoolYear(free=(EASTER, PENTECOST), shifts=True))
    await house.plan()
    await house.live_until(date(2026, 6, 1))
    came = await house.came_on()
    assert came[:4] == ["09 March", "16 March", "23 March", "13 April"]
    assert came[-3:] == ["18 May", "26 May", "01 June"]


async def test_what_is_planned_already_keeps_to_a_calendar_that_is_set_later(house: House) -> None:
    for group in (CLASS, CLUB):
        await house.plan(group)
    assert await house.next_days() == [date(2026, 3, 9)] * 2
    free = FreeTime(date(2026, 3, 9), date(2026, 3, 13))
    await house.set_year(SchoolYear(free=(free,)))
    assert await house.next_days() == [date(2026, 3, 16)] * 2
    await house.set_year(SchoolYear(), CLUB)
    assert await house.next_days() == [date(2026, 3, 16), date(2026, 3, 9)]
    await house.set_year(SchoolYear(free=(FreeTime(free.first, date(2026, 3, 16)),)))
    assert await house.next_days() == [date(2026, 3, 23), date(2026, 3, 9)]
    await house.set_year(None, CLUB)
    assert await house.next_days() == [date(2026, 3, 23)] * 2


async def test_after_a_year_is_over_the_next_one_lets_it_come_again(house: House) -> None:
    await house.set_year(SchoolYear(ends=date(2026, 3, 10)))
    await house.plan()
    await house.live_until(date(2026, 3, 20))
    assert await house.came_on() == ["09 March"]
    assert await house.next_days((CLASS,)) == [None]
    await house.set_year(SchoolYear(begins=date(2026, 4, 13)))
    assert await house.next_days((CLASS,)) == [date(2026, 4, 13)]


@pytest.mark.parametrize("who", [CY, OLA, pupil(0)])
async def test_only_who_reads_the_answers_sets_the_calendar(house: House, who: PersonId) -> None:
    await house.set_year(YEAR)
    for group in (CLASS, SCHOOL):
        assert await house.set_year(SchoolYear(), group, who) is Outcome.UNKNOWN
        assert await house.set_year(None, group, who) is Outcome.UNKNOWN
    assert await house.database.read(lambda connection: year_of(connection, CLASS)) == YEAR
    assert await house.set_year(YEAR, ELSEWHERE) is Outcome.UNKNOWN


async def test_what_is_no_calendar_changes_nothing(house: House) -> None:
    await house.set_year(YEAR)
    event = CalendarSet(id=EventId("odd"), at=NOW, who=ADA, group=SCHOOL, body='{"begins": "soon"}')
    assert await house.inbox.accept(event) is Outcome.UNKNOWN
    assert await house.database.read(lambda connection: year_of(connection, CLASS)) == YEAR
