"""Programs that begin by themselves: once a date, whoever looks, and never long after it was meant."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.core.events import EventId, GroupChanged, MemberRemoved, Outcome, ProgramEnded, ProgramSet
from bot.core.people import PersonId
from bot.core.programs import Program, ProgramId
from bot.core.schedules import OnDates, Rule, Weekly, rule_to_json
from bot.runner.clock import Clock
from bot.runner.inbox import Inbox
from bot.storage.database import Database
from bot.storage.groups import change_group, end_membership
from bot.storage.programs import programs_of
from tests.stage import ADA, CY, FLOW, NOW, OLA, Hands, an_inbox, class_of, count, pupil, rows, set_stage

THURSDAY_NINE = Weekly(weekdays=(3,), at=time(9), since=date(2026, 3, 2))
FIRST = datetime(2026, 3, 12, 8, tzinfo=UTC)
"""Now is Friday 6 March 2026, 10:40 UTC; the class keeps the time of Berlin."""


@dataclass
class School:
    """A class, its door, and a clock."""

    database: Database
    inbox: Inbox
    hands: Hands

    async def set(
        self, rule: Rule = THURSDAY_NINE, by: PersonId = ADA, name: str = "p1", kind: str = "check_in", **choices: str
    ) -> Outcome:
        """Let a facilitator set a program."""
        event = ProgramSet(
            id=EventId(f"set/{name}/{by}"),
            at=self.hands(),
            who=by,
            group=class_of(0),
            program=ProgramId(name),
            kind=kind,
            choices=choices or {"flow": FLOW.flow, "where": "each"},
            rule=rule_to_json(rule),
        )
        return await self.inbox.accept(event)

    async def tick(self, clocks: int = 1) -> None:
        """Let so many clocks look at once."""
        await asyncio.gather(*(Clock(self.database, self.inbox, self.hands).tick() for _ in range(clocks)))

    async def tick_at(self, moment: datetime) -> None:
        """Go to a moment, and let the clock look."""
        self.hands.move(seconds=(moment - self.hands()).total_seconds())
        await self.tick()

    async def began(self) -> list[datetime]:
        """List when occurrences began."""
        return [row[0] for row in await rows(self.database, "SELECT started_at FROM occurrences ORDER BY started_at")]

    async def program(self) -> Program:
        """Read the one program."""
        [found] = await self.database.read(lambda connection: programs_of(connection, class_of(0)))
        return found


@pytest.fixture
async def school(database: Database) -> School:
    """Set the stage with three pupils."""
    await set_stage(database, 3)
    hands = Hands()
    return School(database, an_inbox(database, hands), hands)


def micros(moment: datetime) -> int:
    """Write a moment as the database does."""
    return int(moment.timestamp() * 1_000_000)


async def test_a_program_begins_at_its_moment_and_asks_everybody_once(school: School) -> None:
    assert await school.set() is Outcome.ACCEPTED
    assert (await school.program()).next_at == FIRST
    await school.tick_at(FIRST - timedelta(seconds=1))
    assert await count(school.database, "runs") == 0
    await school.tick_at(FIRST)
    assert await count(school.database, "runs") == 3
    assert (await school.program()).next_day == date(2026, 3, 19)
    for _ in range(3):
        await school.tick()
    assert await school.began() == [micros(FIRST)]


async def test_many_clocks_are_one(school: School) -> None:
    await school.set()
    school.hands.move(seconds=(FIRST - NOW).total_seconds())
    await school.tick(clocks=5)
    assert await count(school.database, "occurrences") == 1
    assert await count(school.database, "runs") == 3


async def test_the_hour_stays_when_the_clocks_change(school: School) -> None:
    await school.set()
    for moment in (FIRST, FIRST + timedelta(weeks=1), FIRST + timedelta(weeks=2)):
        await school.tick_at(moment)
    assert (await school.program()).next_at == datetime(2026, 4, 2, 7, tzinfo=UTC)


async def test_what_is_late_by_hours_still_comes_and_only_once(school: School) -> None:
    await school.set()
    await school.tick_at(FIRST + timedelta(hours=20))
    assert await school.began() == [micros(FIRST + timedelta(hours=20))]
    assert (await school.program()).note == ""


async def test_after_weeks_away_nothing_old_is_sent_and_it_is_noted(school: School) -> None:
    await school.set()
    await school.tick_at(FIRST + timedelta(weeks=2, days=5))
    assert await school.began() == []
    program = await school.program()
    assert program.note == "Mull was not running on Thursday 26 March, so nothing was sent then."
    assert program.next_day == date(2026, 4, 2)


async def test_of_several_that_passed_the_last_one_comes(school: School) -> None:
    await school.set(Weekly(weekdays=(2, 3), at=time(9), since=date(2026, 3, 2)))
    await school.tick_at(FIRST + timedelta(minutes=5))
    assert len(await school.began()) == 1
    assert "Wednesday 11 March" in (await school.program()).note


async def test_what_does_not_begin_says_why_and_goes_on_next_time(school: School) -> None:
    await school.set()
    for number in range(3):
        who = pupil(number)
        gone = MemberRemoved(id=EventId(f"out/{who}"), at=NOW, who=ADA, group=class_of(0), person=who)
        await school.inbox.accept(gone)
    await school.tick_at(FIRST)
    program = await school.program()
    assert program.note == "Nobody is on the roster yet, so it went to no one."
    assert program.next_day == date(2026, 3, 19)


async def test_who_leads_no_more_asks_nothing_more(school: School) -> None:
    await school.set()
    await school.database.write(lambda connection: end_membership(connection, class_of(0), ADA, NOW))
    await school.tick_at(FIRST)
    assert await school.began() == []
    assert "does not lead the group any more" in (await school.program()).note


@pytest.mark.parametrize("who", [CY, OLA, pupil(0)])
async def test_only_who_reads_the_answers_sets_or_ends_a_program(school: School, who: PersonId) -> None:
    assert await school.set(by=who) is Outcome.UNKNOWN
    await school.set()
    ended = ProgramEnded(id=EventId(f"end/{who}"), at=NOW, who=who, group=class_of(0), program=ProgramId("p1"))
    assert await school.inbox.accept(ended) is Outcome.UNKNOWN
    assert await school.inbox.accept(replace(ended, id=EventId("end"), who=ADA)) is Outcome.ACCEPTED
    await school.tick_at(FIRST)
    assert await school.began() == []


async def test_a_rule_that_never_comes_again_is_refused_and_a_last_date_ends_it(school: School) -> None:
    assert await school.set(OnDates(dates=(date(2026, 3, 1),), at=time(9)), name="past") is Outcome.UNKNOWN
    await school.set(OnDates(dates=(date(2026, 3, 12),), at=time(9)))
    await school.tick_at(FIRST)
    assert (await school.program()).next_at is None
    await school.tick_at(FIRST + timedelta(weeks=9))
    assert len(await school.began()) == 1


async def test_a_program_that_cannot_begin_at_all_stands_still(school: School) -> None:
    await school.set(kind="nothing-like-it")
    await school.tick_at(FIRST)
    program = await school.program()
    assert await school.began() == []
    assert program.note


async def move_to(school: School, zone: str) -> None:
    """Let the class go by another zone."""
    name = EventId(f"zone/{zone}")
    moved = GroupChanged(id=name, at=school.hands(), who=ADA, group=class_of(0), changes={"zone": zone})
    assert await school.inbox.accept(moved) is Outcome.ACCEPTED


@pytest.mark.parametrize(("zone", "hour"), [("Europe/Helsinki", 7), ("America/New_York", 13)])
async def test_a_new_zone_moves_the_moment_and_loses_none(school: School, zone: str, hour: int) -> None:
    await school.set()
    await move_to(school, zone)
    moment = datetime(2026, 3, 12, hour, tzinfo=UTC)
    assert (await school.program()).next_at == moment
    await school.tick_at(moment)
    assert await school.began() == [micros(moment)]


async def test_a_date_never_comes_twice_because_the_zone_moved_west(school: School) -> None:
    await school.set()
    await school.tick_at(FIRST)
    await move_to(school, "America/New_York")
    assert (await school.program()).next_day == date(2026, 3, 19)
    for hours in range(24):
        await school.tick_at(FIRST + timedelta(hours=hours))
    assert len(await school.began()) == 1
    await school.tick_at(datetime(2026, 3, 19, 13, tzinfo=UTC))
    assert len(await school.began()) == 2


async def test_a_zone_that_moved_behind_our_back_still_begins_what_was_due(school: School) -> None:
    await school.set()
    await school.database.write(lambda connection: change_group(connection, class_of(0), {"zone": "Europe/Helsinki"}))
    await school.tick_at(FIRST)
    assert await school.began() == [micros(FIRST)]
    assert (await school.program()).next_day == date(2026, 3, 19)
