"""A clock that is set an hour or a day on or back at a bad moment: nothing comes twice, and nothing is left out."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.adapters.base import Sent
from bot.core.effects import AnyEffect
from bot.core.events import Control, ControlPressed, EventId, GroupChanged, Outcome, ProgramDue, RunRequested
from bot.core.people import PersonId
from bot.flows.conversation import run_id
from bot.runner.clock import Clock
from bot.runner.outbox import Outbox
from bot.runner.schedule import due_event, set_program
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.programs import due_programs, programs_of
from tests.runner.rhythm import FIRST, ONE, SLOT, add_class, asks, group_named, member, set_groups
from tests.stage import ADA, FakePlatform, Hands, an_inbox, place_of, rows

ASKED, ALONE = 0, 1
"""The groups: one whose program asks it, one whose people began by themselves."""

SIZE = 5
QUICK, LATER = member(ALONE, 0), member(ALONE, 1)
"""Who is silent after beginning, and who puts the question off."""

DAY = timedelta(days=1)
HOUR = DAY / 24
ON = [FIRST + n * DAY for n in (0, 1 / 24, 1, 2, 3)] + [SLOT, SLOT + HOUR, SLOT + DAY, SLOT + DAY + HOUR]
ON += [FIRST + n * DAY for n in (7, 8, 9)]
"""The moments at which somebody looks, later, whatever has become of the clock."""


@dataclass
class House:
    """A Mull whose clock somebody sets: before something, or beside the nth commit or delivery from then on."""

    database: Database
    hands: Hands = field(default_factory=lambda: Hands(FIRST - timedelta(hours=2)))
    by: timedelta = timedelta()
    commits: int = 0
    deliveries: int = 0

    def __post_init__(self) -> None:
        """Open the door, the way out and the clock."""
        self.platform = FakePlatform(self.delivered)
        self.inbox = an_inbox(self.database, self.hands, self.committed)
        self.clock = Clock(self.database, self.inbox, self.hands, chunk=2)
        self.outbox = Outbox(self.database, {"fake": self.platform}, self.hands, owner="house")

    def committed(self) -> None:
        """Set the clock, where this is the commit."""
        self.commits -= 1
        if self.commits == 0:
            self.hands.at += self.by

    def delivered(self, effect: AnyEffect) -> Sent:
        """Set the clock, where this is the delivery."""
        self.deliveries -= 1
        if self.deliveries == 0:
            self.hands.at += self.by
        return Sent(effect.id)

    async def set_up(self) -> None:
        """Let one group have a program, and two people of another have begun by themselves."""
        await set_groups(self.database, [])

        def work(connection: Connection) -> None:
            add_class(connection, ASKED, SIZE)
            add_class(connection, ALONE, 2)
            assert set_program(connection, asks(ASKED, reminders=1), ADA)

        await self.database.write(work)
        for who in (QUICK, LATER):
            assert await self.inbox.accept(begin(who, self.hands())) is Outcome.ACCEPTED
        await self.inbox.accept(put_off(LATER, self.hands()))

    async def work(self, moment: datetime) -> None:
        """Do all there is to do, from a moment on."""
        self.hands.at = moment
        while await self.clock.tick() + await self.outbox.deliver_due():
            pass

    async def go_through(self) -> None:
        """Let the days pass from where the clock is."""
        for moment in ON:
            if moment > self.hands():
                await self.work(moment)

    async def check(self) -> None:
        """Check that everybody saw everything once: the question, one reminder, what they put off."""
        seen = [effect.id for effect in self.platform.seen]
        assert len(set(seen)) == len(seen)
        question, reminder, word = 1, 2, 1
        expected = {place_of(member(ASKED, one)): question + reminder for one in range(SIZE)}
        expected |= {place_of(QUICK): question + reminder, place_of(LATER): question + word + question + reminder}
        found = Counter(effect.place for effect in self.platform.seen)
        for place, shown in expected.items():
            assert found[place] == shown, (place, [e.id for e in self.platform.seen if e.place == place])
        assert {row[0] for row in await rows(self.database, "SELECT state FROM outbox")} == {"sent"}
        assert await rows(self.database, "SELECT count(*) FROM occurrences") == [(1,)]
        assert await rows(self.database, "SELECT * FROM set_aside") == []


def begin(who: PersonId, at: datetime) -> RunRequested:
    """Let somebody begin by their own wish."""
    return RunRequested(
        id=EventId(f"fake/{who}/begin"), at=at, who=who, place=place_of(who), flow=ONE.flow, group=group_named(ALONE)
    )


def put_off(who: PersonId, at: datetime) -> ControlPressed:
    """Let somebody put the question off for some hours."""
    return ControlPressed(
        id=EventId(f"fake/{who}/later"),
        at=at,
        who=who,
        place=place_of(who),
        run=run_id(begin(who, at), who),
        wait=1,
        control=Control.LATER,
    )


@pytest.fixture
async def house(database: Database) -> House:
    """Set up a house."""
    found = House(database)
    await found.set_up()
    return found


MOVES = [pytest.param(timedelta(hours=hours), id=f"{hours:+} h") for hours in (-24, -1, 1, 24)]


@pytest.mark.parametrize("by", MOVES)
@pytest.mark.parametrize("before", [pytest.param(FIRST, id="asked"), pytest.param(SLOT, id="reminded")])
@pytest.mark.parametrize("is_put_right", [False, True], ids=["for good", "for a while"])
async def test_a_clock_that_is_set_before_people_are_asked_or_reminded(
    house: House, before: datetime, by: timedelta, *, is_put_right: bool
) -> None:
    if before == SLOT:
        await house.work(FIRST)
    await house.work(before - timedelta(minutes=30) + by)
    if is_put_right:
        await house.work(before - timedelta(minutes=29))
    await house.go_through()
    await house.check()


@pytest.mark.parametrize("by", MOVES)
@pytest.mark.parametrize("during", [pytest.param(FIRST, id="asked"), pytest.param(SLOT, id="reminded")])
async def test_a_clock_that_is_set_between_two_chunks_of_people(house: House, during: datetime, by: timedelta) -> None:
    if during == SLOT:
        await house.work(FIRST)
    house.by, house.commits = by, 2
    await house.work(during)
    assert house.commits <= 0
    await house.go_through()
    await house.check()


@pytest.mark.parametrize("by", MOVES)
@pytest.mark.parametrize("during", [pytest.param(FIRST, id="asked"), pytest.param(SLOT, id="reminded")])
async def test_a_clock_that_is_set_while_messages_go_out(house: House, during: datetime, by: timedelta) -> None:
    if during == SLOT:
        await house.work(FIRST)
    house.by, house.deliveries = by, 2
    await house.work(during)
    assert house.deliveries <= 0
    await house.go_through()
    await house.check()


@pytest.mark.parametrize("late", [pytest.param(timedelta(hours=hours), id=f"{hours} h") for hours in (1, 24)])
async def test_a_mull_that_was_away_over_the_time_asks_and_reminds_when_it_is_back(
    house: House, late: timedelta
) -> None:
    for moment in (FIRST, SLOT):
        await house.work(moment - timedelta(minutes=1))
        before = len(house.platform.seen)
        await house.work(moment + late)
        assert len(house.platform.seen) > before
    await house.go_through()
    await house.check()


async def test_a_mull_that_was_away_until_the_window_was_over_asks_nobody_and_says_so(house: House) -> None:
    await house.work(FIRST + 7 * DAY)
    assert [e for e in house.platform.seen if e.place == place_of(member(ASKED, 0))] == []
    [program] = await house.database.read(lambda connection: programs_of(connection, group_named(ASKED)))
    assert program.note == "Mull was not running on Thursday 12 March, so nothing was sent then."


async def test_a_program_whose_moment_moves_away_under_a_clock_begins_at_the_new_one(house: House) -> None:
    house.hands.at = FIRST

    def due(connection: Connection) -> ProgramDue | None:
        [program] = due_programs(connection, FIRST, 1)
        return due_event(program, FIRST)

    event = await house.database.read(due)
    assert event is not None
    moved = GroupChanged(
        id=EventId("zone"), at=FIRST, who=ADA, group=group_named(ASKED), changes={"zone": "America/New_York"}
    )
    assert await house.inbox.accept(moved) is Outcome.ACCEPTED
    assert await house.inbox.accept(event) is Outcome.ACCEPTED
    await house.work(FIRST + timedelta(hours=6))
    assert {member(ASKED, one) for one in range(SIZE)} < {effect.person for effect in house.platform.seen}
