"""How many prompts somebody gets in a week, over all programs, and what becomes of those beyond."""

from datetime import datetime, timedelta

import pytest

from bot.core.events import EventId, ProgramSet
from bot.core.programs import ProgramId
from bot.core.schedules import rule_to_json
from bot.flows.flow import pick
from bot.flows.habit_of_week.program import FLOWS, LOOK_BACK, NOTICE, PLAN
from bot.flows.library import flows
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.flows import publish_flow
from tests.runner.term import AUCKLAND, CLASS, Term, a_term, dated, days, on
from tests.stage import ADA, NOW

NINE_ON_MONDAY = on(16, 8)


@pytest.fixture
async def term(database: Database) -> Term:
    return await a_term(database, 2)


async def three(term: Term, first: int = 9, flows: tuple[str, ...] = ("f1", "f2", "f3")) -> None:
    """Plan something at nine on days in a row: from Monday 9 March on, if nothing is said."""
    for number, flow in enumerate(flows):
        await term.plan(dated(first + number), flow, reminders=0)


async def test_the_fourth_prompt_of_a_week_comes_on_monday_at_its_hour(term: Term) -> None:
    await three(term)
    await term.plan(dated(13, 14), "f4", lasts=days(4), reminders=0)
    await term.until(on(20, 8))
    assert term.begun(0) == [on(9, 8), on(10, 8), on(11, 8), on(16, 13)]


async def test_what_would_be_over_by_monday_is_not_pushed_and_offered_when_something_is_done(term: Term) -> None:
    await three(term)
    await term.plan(dated(12), "f4", reminders=2)
    await term.until(on(18, 8))
    assert "f4" not in term.titles(0)
    await term.answer_all(0)
    assert term.titles(0)["f4"] == on(18, 8)
    assert "f4" not in term.titles(1)


async def test_what_came_on_monday_counts_in_the_new_week(term: Term) -> None:
    await three(term)
    await term.plan(dated(13, 14), "f4", reminders=0)
    await three(term, 17, ("f5", "f6", "three"))
    await term.until(on(30, 8))
    found = term.titles(0)
    assert [found["f4"], found["f5"], found["f6"]] == [on(16, 13), on(17, 8), on(18, 8)]
    assert "Three questions" not in found  # it would be over by Monday


async def test_three_are_not_too_many_and_a_new_week_has_room(term: Term) -> None:
    await three(term)
    await three(term, 16, ("f4", "f5", "f6"))
    await term.until(on(20, 8))
    assert term.begun(0) == [on(day, 8) for day in (9, 10, 11, 16, 17, 18)]


async def test_what_is_asked_by_hand_counts(term: Term) -> None:
    await three(term, 9, ("f1", "f2"))
    await term.until(on(11, 8))
    await term.ask_by_hand("f3")
    await term.plan(dated(13, 14), "f4", reminders=0)
    await term.until(on(20, 8))
    assert term.begun(0) == [on(9, 8), on(10, 8), on(11, 8), on(16, 13)]


async def test_what_is_asked_by_hand_is_never_put_off(term: Term) -> None:
    await three(term)
    await term.until(on(12, 8))
    await term.ask_by_hand("f4")
    assert term.titles(0)["f4"] == on(12, 8)


async def test_what_somebody_begins_by_themselves_does_not_count(term: Term) -> None:
    await three(term, 9, ("f1", "f2"))
    await term.until(on(11, 8))
    await term.start(0, "f3")
    await term.plan(dated(13), "f4", reminders=0)
    await term.until(on(20, 8))
    assert term.titles(0)["f4"] == on(13, 8)


async def test_a_week_is_that_of_ones_own_zone(term: Term) -> None:
    await term.live_in(0, AUCKLAND)
    await three(term)
    await term.plan(dated(15, 13), "f4", reminders=0)
    await term.until(on(20, 8))
    assert term.titles(0)["f4"] == on(15, 18)  # Monday at seven in Auckland
    assert term.titles(1)["f4"] == on(16, 12)


async def test_a_group_chooses_its_own_budget(term: Term) -> None:
    await term.set_budget(1)
    await three(term, 12, ("f1", "f2"))
    await term.until(on(20, 8))
    assert term.begun(0) == [on(12, 8), NINE_ON_MONDAY]


async def test_a_prompt_that_a_pause_moves_counts_in_the_week_in_which_it_is_shown(term: Term) -> None:
    await term.pause(0, on(16, 7))
    await term.plan(dated(14), "f1", reminders=0)
    await three(term, 17, ("f2", "f3", "f4"))
    await term.until(on(20, 8) - timedelta(seconds=1))
    assert set(term.titles(0)) == {"f1", "f2", "f3"}
    assert set(term.titles(1)) == {"f1", "f2", "f3", "f4"}


# The parts of a planned habit week.


async def plan_habit_week(term: Term, day: int) -> None:
    """Let Ms Ada plan a habit week that begins at nine on a day: its parts come then, two days and four days later."""

    def work(connection: Connection) -> None:
        for name in FLOWS.values():
            document = flows()[name]
            publish_flow(connection, name, document.version, document.to_json(), NOW)

    await term.database.write(work)
    event = ProgramSet(
        id=EventId("fake/habit-week"),
        at=term.hands(),
        who=ADA,
        group=CLASS,
        program=ProgramId("habit-week"),
        kind="habit_of_week",
        choices={"order": "fixed", "habit": ""},
        rule=rule_to_json(dated(day)),
    )
    await term.happen(event)


def parts(term: Term) -> list[datetime | None]:
    """List when the parts of a habit week were first put before the first learner."""
    titles = [pick(flows()[FLOWS[part]].title, "en") for part in (PLAN, NOTICE, LOOK_BACK)]
    return [term.titles(0).get(title) for title in titles]


async def test_each_part_of_a_habit_week_counts(term: Term) -> None:
    await plan_habit_week(term, 9)
    await term.plan(dated(14, 14), "f1", reminders=0)
    await term.until(on(20, 8))
    assert parts(term) == [on(9, 8), on(11, 8), on(13, 8)]
    assert term.titles(0)["f1"] == on(16, 13)


async def test_a_part_of_a_habit_week_is_put_off_to_monday_at_its_hour(term: Term) -> None:
    await plan_habit_week(term, 10)
    await three(term, 9, ("f1",))
    await term.until(on(20, 8))
    assert parts(term) == [on(10, 8), on(12, 8), NINE_ON_MONDAY]


async def test_a_part_of_a_habit_week_whose_next_one_is_due_by_monday_is_never_pushed(term: Term) -> None:
    await term.set_budget(1)
    await plan_habit_week(term, 9)
    await term.until(on(20, 8))
    assert parts(term) == [on(9, 8), None, None]
