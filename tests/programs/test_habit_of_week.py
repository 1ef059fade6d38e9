"""A habit week, lived through by a class on both databases."""

from bot.core.events import Control, Outcome
from bot.core.occurrences import OccurrenceId, OccurrenceStatus
from bot.flows.habit_of_week.habits import habits
from bot.flows.habit_of_week.program import Week, read_week
from bot.storage.database import Database
from tests.programs.group import BEN, CLEO, DANA, Group

THREE = (BEN, CLEO, DANA)
FIRST, SECOND, THIRD = list(habits())[:3]


async def a_class(database: Database) -> Group:
    group = Group(database, THREE)
    await group.set_up()
    return group


async def as_it_stands(group: Group, name: OccurrenceId) -> Week:
    """Read the week."""
    return read_week(await group.occurrence(name))


async def test_a_week_from_plan_to_look_back(database: Database) -> None:
    group = await a_class(database)
    name = await group.begin("habit_of_week")
    assert any("Persisting" in text for text in group.told(BEN))
    await group.work_through(BEN, CLEO)
    await group.move(days=2)
    assert any('you wrote: "ben turns the page – on Tuesday"' in text for text in group.told(BEN))
    assert not any("you wrote" in text for text in group.told(DANA))
    assert [await group.asked(person) for person in THREE] == ["habit-notice:noticed"] * 3
    await group.work_through(CLEO)
    await group.move(days=2)
    assert await group.asked(BEN) == "habit-look-back:plan_kept"
    assert await group.asked(DANA) == "habit-look-back:level"
    await group.work_through(*THREE)
    await group.move(days=3)
    assert (await group.occurrence(name)).status is OccurrenceStatus.DONE


async def test_what_was_not_answered_makes_room(database: Database) -> None:
    group = await a_class(database)
    await group.begin("habit_of_week")
    await group.move(days=2)
    await group.move(days=2)
    await group.control(BEN, Control.STOP)
    assert await group.asked(BEN) == ""


async def test_habits_come_in_order_are_skipped_and_repeated(database: Database) -> None:
    group = await a_class(database)
    first = await group.begin("habit_of_week")
    assert await group.steer(first, "skip") is Outcome.ACCEPTED
    assert (await group.occurrence(first)).status is OccurrenceStatus.STOPPED
    second = await group.begin("habit_of_week")
    again = await group.begin("habit_of_week", habit=SECOND)
    third = await group.begin("habit_of_week")
    assert [(await as_it_stands(group, name)).habit for name in (first, second, again, third)] == [
        FIRST,
        SECOND,
        SECOND,
        THIRD,
    ]
    assert (await as_it_stands(group, again)).round == 1  # other questions than the first time


async def test_a_group_votes_by_button(database: Database) -> None:
    group = await a_class(database)
    name = await group.begin("habit_of_week", order="voted")
    offered = (await as_it_stands(group, name)).offered
    await group.say(BEN, "2")
    await group.say(CLEO, "2")
    assert (await as_it_stands(group, name)).habit == ""
    await group.say(DANA, "1")
    assert (await as_it_stands(group, name)).habit == offered[1]
    assert await group.asked(BEN) == "habit-plan:act"


async def test_a_vote_ends_by_itself(database: Database) -> None:
    group = await a_class(database)
    name = await group.begin("habit_of_week", order="voted")
    await group.move(days=1)
    week = await as_it_stands(group, name)
    assert week.habit == week.offered[0]


async def test_only_a_facilitator_begins_or_steers(database: Database) -> None:
    group = await a_class(database)
    assert await group.try_to_begin("habit_of_week", who=BEN) is Outcome.UNKNOWN
    assert await group.try_to_begin("no_such_program") is Outcome.UNKNOWN
    assert await group.try_to_begin("habit_of_week", {"order": "by_chance"}) is Outcome.REFUSED
    name = await group.begin("habit_of_week")
    assert await group.steer(name, "skip", who=BEN) is Outcome.UNKNOWN
