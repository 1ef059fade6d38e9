"""Who may do what to an occurrence, what it hears of, and what happens where it cannot be read."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.core.effects import AskQuestion
from bot.core.events import EventId, OccurrenceDue, Outcome, RunRequested
from bot.core.occurrences import OccurrenceId, OccurrenceStatus
from bot.core.people import Identity, PersonId, Role
from bot.flows.flow import AS_IT_IS
from bot.flows.habit_of_week.program import read_week
from bot.flows.program import programs
from bot.storage.database import Database
from bot.storage.groups import add_members
from bot.storage.people import add_people
from tests.programs.group import BEN, CLASS, CLEO, DANA, Group, page_of
from tests.stage import ADA, CY, NOW, OLA, count, rows

TWO = (BEN, CLEO)
LEARNERS_OWN = {"withdraw"}


async def a_class(database: Database) -> Group:
    """Set up Ada's class, with Ola who observes it, and Cy of another school."""
    group = Group(database, TWO)
    await group.set_up()
    await database.write(lambda connection: add_people(connection, [(OLA, "Ola"), (CY, "Cy")], NOW))
    await database.write(lambda connection: add_members(connection, CLASS, [OLA], Role.OBSERVER, NOW))
    return group


async def all_there_is(database: Database) -> list[object]:
    """Read everything an event could have changed."""
    tables = ("occurrences", "runs", "answers", "outbox", "timers", "set_aside")
    return [await rows(database, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


async def spoil(database: Database, name: OccurrenceId, state: str = "{") -> None:
    """Write nonsense where an occurrence keeps its state."""
    change = sa.text("UPDATE occurrences SET state = :state WHERE id = :name")
    await database.write(lambda connection: connection.execute(change, {"state": state, "name": name}))


# Rights.


@pytest.mark.parametrize("who", [BEN, OLA, CY, PersonId("nobody")])
@pytest.mark.parametrize("kind", ["check_in", "habit_of_week", "peer_exchange"])
async def test_only_a_facilitator_begins_a_program(database: Database, who: PersonId, kind: str) -> None:
    group = await a_class(database)
    before = await all_there_is(database)
    assert await group.try_to_begin(kind, {"flow": "monitor-work"}, who=who) is Outcome.UNKNOWN
    assert await all_there_is(database) == before
    assert await group.try_to_begin(kind, {"flow": "monitor-work"}) is Outcome.ACCEPTED


@pytest.mark.parametrize("kind", ["habit_of_week", "peer_exchange"])
async def test_who_has_no_right_to_a_step_changes_nothing(database: Database, kind: str) -> None:
    group = await a_class(database)
    name = await group.begin(kind)
    before = await all_there_is(database)
    for step in programs()[kind].STEPS:
        for who in (BEN, OLA, CY, PersonId("nobody")):
            if not (who == BEN and step in LEARNERS_OWN):
                assert await group.steer(name, step, "0", who=who) is Outcome.UNKNOWN, (step, who)
    for step in ("", "no_such_step", "begin"):
        assert await group.steer(name, step) is Outcome.UNKNOWN
    assert await group.steer(OccurrenceId("none"), next(iter(programs()[kind].STEPS))) is Outcome.UNKNOWN
    assert await all_there_is(database) == before


async def test_an_identity_that_nobody_has_changes_nothing(database: Database) -> None:
    group = await a_class(database)
    name = await group.begin("habit_of_week")
    due_at = (await group.occurrence(name)).due_at
    assert due_at is not None
    stranger = Identity("slack", "T1", "U1")
    event = OccurrenceDue(id=group.name_event(), at=due_at, who=stranger, occurrence=name, due_at=due_at)
    assert await group.accept(event) is Outcome.UNKNOWN
    assert read_week(await group.occurrence(name)).part == "plan"


@pytest.mark.parametrize("flow", ["peer-review", "habit-plan", "peer-share"])
@pytest.mark.parametrize("is_own_wish", [True, False])
async def test_a_flow_of_a_program_cannot_be_begun_by_a_person(
    database: Database, flow: str, *, is_own_wish: bool
) -> None:
    group = await a_class(database)
    request = RunRequested(
        id=group.name_event(),
        at=group.now,
        who=BEN,
        place=page_of(BEN),
        flow=flow,
        group=CLASS,
        is_own_wish=is_own_wish,
    )
    assert await group.accept(request) is Outcome.UNKNOWN
    assert await count(database, "runs") == 0


# Time.


async def test_an_old_moment_is_past(database: Database) -> None:
    group = await a_class(database)
    name = await group.begin("habit_of_week")
    old = (await group.occurrence(name)).due_at
    assert old is not None
    await group.move(days=2)
    assert read_week(await group.occurrence(name)).part == "notice"
    before = await all_there_is(database)
    late = OccurrenceDue(id=EventId("mull/clock/late"), at=group.now, who=ADA, occurrence=name, due_at=old)
    assert await group.accept(late) is Outcome.ACCEPTED
    assert await all_there_is(database) == before


# What cannot be read.


@pytest.mark.parametrize("state", ["{", "null", "{}", '{"part": 7}'])
async def test_an_occurrence_that_cannot_be_read_stops_neither_the_clock_nor_others(
    database: Database, state: str
) -> None:
    group = await a_class(database)
    broken = await group.begin("habit_of_week")
    sound = await group.begin("peer_exchange", share_days="2")
    await spoil(database, broken, state)
    await group.move(days=2)
    assert await rows(database, "SELECT count(*) FROM set_aside WHERE reason LIKE 'ValidationError%'") == [(1,)]
    assert (await group.occurrence(broken)).due_at is None
    assert (await group.occurrence(sound)).due_at == NOW + timedelta(days=6)
    assert await group.clock.tick() == 0


async def test_what_people_say_and_who_comes_is_kept_beside_an_occurrence_that_cannot_be_read(
    database: Database,
) -> None:
    group = await a_class(database)
    broken = await group.begin("habit_of_week")
    sound = await group.begin("peer_exchange")
    await spoil(database, broken)
    await group.enrol(DANA)
    assert await group.asked(DANA) == "peer-share:work"
    await group.work_through(BEN)
    assert (await group.occurrence(sound)).status is OccurrenceStatus.OPEN
    assert await rows(database, "SELECT count(*) FROM answers WHERE flow = 'habit-plan'") == [(2,)]
    assert await rows(database, "SELECT count(*) FROM runs WHERE flow = 'habit-plan' AND status = 'done'") == [(1,)]
    reasons = [reason for (reason,) in await rows(database, "SELECT reason FROM set_aside")]
    assert reasons == [f"ValidationError: habit_of_week {broken} could not hear of it"] * 2


# What is handed over.


async def test_what_was_skipped_leaves_nothing_in_a_quote(database: Database) -> None:
    group = await a_class(database)
    await group.begin("peer_exchange", practice="no", reviews="1")
    await group.say(BEN, "Ben's bridge", "none", "skip")
    await group.say(CLEO, "Cleo's bridge", "skip", "where it bends")
    told = {who: group.told(who) for who in TWO}
    assert "Cleo's bridge" in told[BEN]
    assert not any("Comments wanted" in text for who in TWO for text in told[who])
    assert "Its maker asks: where it bends" in told[BEN]
    assert not any("Its maker asks" in text for text in told[CLEO])
    await group.say(BEN, "Cool!")
    await group.press(BEN, AS_IT_IS)
    await group.say(BEN, "skip", "Add a number in line 2")
    await group.move(hours=1)
    received = " ".join(group.told(CLEO))
    assert "What they noticed: Cool!" in received
    assert "Send it as it is" not in received
    assert AS_IT_IS not in received
    assert "What it does" not in received
    assert "One thing to try: Add a number in line 2" in received


async def test_a_plan_is_quoted_with_its_moment_and_without_one(database: Database) -> None:
    group = await a_class(database)
    await group.begin("habit_of_week")
    await group.say(BEN, "Turn the page.", "on Tuesday")
    await group.say(CLEO, "Turn the page", "skip")
    await group.move(days=2)
    assert any('you wrote: "Turn the page. on Tuesday"' in text for text in group.told(BEN))
    assert any('you wrote: "Turn the page"' in text for text in group.told(CLEO))


async def test_people_are_met_where_they_chose(database: Database) -> None:
    group = await a_class(database)
    await database.write(lambda c: c.execute(sa.text("UPDATE people SET place = 'browser:elsewhere' WHERE id = 'ben'")))
    await group.begin("habit_of_week")
    places = {e.person: e.place for e in group.platform.seen if isinstance(e, AskQuestion)}
    assert places == {BEN: "browser:elsewhere", CLEO: "browser:cleo"}


async def test_who_left_is_asked_nothing_more(database: Database) -> None:
    group = await a_class(database)
    await group.begin("habit_of_week")
    await group.remove(BEN)
    seen = len(group.told(BEN))
    await group.move(days=2)
    assert len(group.told(BEN)) == seen
    assert await group.asked(CLEO) == "habit-notice:noticed"
