"""Time passing: deadlines fire once, whoever watches them, and traces are dropped in time."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.core.events import Control, ControlPressed, EventId, Outcome, TimerFired
from bot.core.runs import TimerKind
from bot.flows.habit_of_week.program import read_week
from bot.runner.clock import Clock
from bot.runner.inbox import Inbox
from bot.storage.database import Database
from bot.storage.timers import due_timers
from tests.programs.group import BEN, Group
from tests.stage import (
    NOW,
    Hands,
    an_inbox,
    asked,
    begin,
    count,
    place_of,
    pupil,
    rows,
    run_of,
    say,
    set_stage,
)


async def timers(database: Database) -> list[tuple[Any, ...]]:
    """Read the timers there are."""
    return await rows(database, "SELECT kind, wait, due_at FROM timers")


def micros_after(**later: float) -> int:
    """Say a moment after the beginning as the database does."""
    return int((NOW + timedelta(**later)).timestamp() * 1_000_000)


def put_off(number: int, control: Control, wait: int = 1, at: datetime = NOW) -> ControlPressed:
    """Let a learner put a question off."""
    who = pupil(number)
    return ControlPressed(
        id=EventId(f"fake/{who}/{control}/{at.timestamp()}"),
        at=at,
        who=who,
        place=place_of(who),
        run=run_of(number),
        wait=wait,
        control=control,
    )


async def test_a_silent_person_is_nudged_once_and_never_again(database: Database) -> None:
    await set_stage(database)
    hands = Hands()
    clock = Clock(database, inbox := an_inbox(database, hands), hands)
    await inbox.accept(begin(0))
    assert await timers(database) == [("nudge", 1, micros_after(hours=24))]
    hands.move(hours=24, microseconds=-1)
    assert await clock.tick() == 0
    hands.move(microseconds=1)
    assert await clock.tick() == 1
    assert len(await asked(database, 0)) == 2
    assert await timers(database) == []
    for _ in range(5):
        hands.move(days=2)
        assert await clock.tick() == 0
    assert len(await asked(database, 0)) == 2


async def test_two_clocks_on_one_database_fire_a_timer_once(database: Database) -> None:
    await set_stage(database, 300)
    hands = Hands()
    inbox = an_inbox(database, hands)
    await asyncio.gather(*(inbox.accept(begin(n)) for n in range(300)))
    hands.move(hours=25)
    clocks = [Clock(database, an_inbox(database, hands), hands) for _ in range(2)]
    assert sum(await asyncio.gather(*(clock.tick() for clock in clocks))) >= 300
    assert await count(database, "timers") == 0
    nudges = await rows(
        database,
        "SELECT person_id, count(*) FROM outbox WHERE kind = 'AskQuestion' AND id LIKE 'mull/clock/%' GROUP BY 1",
    )
    assert dict(nudges) == {pupil(n): 1 for n in range(300)}


async def test_a_clock_that_died_between_firing_and_dropping_fires_nothing_twice(database: Database) -> None:
    await set_stage(database)
    hands = Hands()
    inbox = an_inbox(database, hands)
    await inbox.accept(begin(0))
    before = await rows(database, "SELECT * FROM timers")
    hands.move(hours=25)
    await Clock(database, inbox, hands).tick()

    def put_back(connection: Any) -> None:
        connection.exec_driver_sql(
            "INSERT INTO timers (run_id, person_id, wait, kind, due_at) "
            f"VALUES ('{before[0][0]}', '{before[0][1]}', {before[0][2]}, '{before[0][3]}', {before[0][4]})"
        )

    await database.write(put_back)
    await Clock(database, inbox, hands).tick()
    assert len(await asked(database, 0)) == 2
    assert await timers(database) == []


async def test_a_timer_of_a_wait_that_is_over_does_nothing(database: Database) -> None:
    await set_stage(database)
    hands = Hands()
    inbox = an_inbox(database, hands)
    await inbox.accept(begin(0))
    hands.move(hours=24)
    ((person, timer),) = await database.read(lambda c: due_timers(c, hands(), 10))
    # The answer comes between the clock's look and its event.
    await inbox.accept(say(0, "The bridge.", "1", at=hands()))
    fired = TimerFired(
        id=EventId("mull/clock/late"), at=hands(), who=person, run=timer.run, wait=timer.wait, kind=timer.kind
    )
    assert await inbox.accept(fired) is Outcome.ACCEPTED
    assert len(await asked(database, 0)) == 2
    assert await timers(database) == [("nudge", 2, micros_after(hours=48))]


@pytest.mark.parametrize("kind", list(TimerKind))
async def test_a_timer_of_a_run_that_is_over_does_nothing(database: Database, kind: TimerKind) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    await inbox.accept(begin(0))
    await inbox.accept(put_off(0, Control.STOP))
    assert await timers(database) == []
    before = await count(database, "outbox")
    fired = TimerFired(id=EventId("mull/clock/late"), at=NOW, who=pupil(0), run=run_of(0), wait=1, kind=kind)
    await inbox.accept(fired)
    await inbox.accept(replace(fired, id=EventId("mull/clock/later"), who=pupil(0), run=run_of(1)))
    assert await count(database, "outbox") == before
    assert await timers(database) == []


@pytest.mark.parametrize(
    ("control", "hours"),
    # 10:40 UTC is 11:40 in Berlin; tomorrow's prompt comes at 15:00 there.
    [(Control.LATER, 3), (Control.TOMORROW, 24 + 3 + 20 / 60)],
)
async def test_a_question_put_off_comes_back_when_promised(database: Database, control: Control, hours: float) -> None:
    await set_stage(database)
    hands = Hands()
    clock = Clock(database, inbox := an_inbox(database, hands), hands)
    await inbox.accept(begin(0))
    await inbox.accept(put_off(0, control))
    assert await timers(database) == [("put_off", 1, micros_after(hours=hours))]
    hands.at = NOW + timedelta(hours=hours, microseconds=-1)
    assert await clock.tick() == 0
    hands.at = NOW + timedelta(hours=hours)
    assert await clock.tick() == 1
    assert len(await asked(database, 0)) == 2
    assert await timers(database) == [("nudge", 1, micros_after(hours=hours + 24))]
    hands.move(hours=24)
    assert await clock.tick() == 1
    assert len(await asked(database, 0)) == 3


async def test_the_longest_waiting_are_fired_first(database: Database) -> None:
    await set_stage(database, 3)
    inbox = an_inbox(database)
    for n in (2, 0, 1):
        await inbox.accept(begin(n, at=NOW + timedelta(minutes=n)))
    due = await database.read(lambda c: due_timers(c, NOW + timedelta(days=3), 2))
    assert [person for person, _ in due] == [pupil(0), pupil(1)]


async def test_a_timer_whose_event_cannot_be_applied_is_set_aside_and_stops_no_other(database: Database) -> None:
    await set_stage(database, 3)
    hands = Hands()
    clock = Clock(database, inbox := an_inbox(database, hands), hands)
    for n in range(3):
        await inbox.accept(begin(n))

    def lose(connection: Any) -> None:
        connection.exec_driver_sql(f"UPDATE runs SET version = 'gone' WHERE person_id = '{pupil(1)}'")

    await database.write(lose)
    hands.move(hours=25)
    assert await clock.tick() == 3
    assert [len(await asked(database, n)) for n in range(3)] == [2, 1, 2]
    assert await count(database, "set_aside") == 1
    assert await clock.tick() == 0


async def test_the_ids_of_events_are_forgotten_after_thirty_days(database: Database) -> None:
    await set_stage(database, 2)
    hands = Hands()
    inbox = an_inbox(database, hands)
    clock = Clock(database, inbox, hands)
    await inbox.accept(begin(0))
    hands.move(days=1)
    await inbox.accept(begin(1))
    hands.at = NOW + timedelta(days=30)
    await clock.tidy()
    assert await count(database, "inbox") == 2
    hands.move(microseconds=1)
    await clock.tidy()
    assert await rows(database, "SELECT event_id FROM inbox") == [(begin(1).id,)]


async def test_an_occurrence_is_woken_at_its_moment_and_not_before(database: Database) -> None:
    group = Group(database, (BEN,))
    await group.set_up()
    name = await group.begin("habit_of_week")
    group.hands.move(days=2, microseconds=-1)
    await group.clock.tick()
    assert read_week(await group.occurrence(name)).part == "plan"
    group.hands.move(microseconds=1)
    assert await group.clock.tick() == 1
    assert read_week(await group.occurrence(name)).part == "notice"


async def test_a_clock_that_slept_a_week_wakes_an_occurrence_once_a_tick(database: Database) -> None:
    group = Group(database, (BEN,))
    await group.set_up()
    name = await group.begin("habit_of_week")
    group.hands.move(days=30)
    parts = []
    while await group.clock.tick():
        parts.append(read_week(await group.occurrence(name)).part)
        assert len(parts) < 9
    assert parts[0] == "notice"
    due_at = (await group.occurrence(name)).due_at
    assert due_at is not None
    assert due_at > group.now


async def test_a_started_clock_ticks_by_itself_until_stopped(database: Database) -> None:
    await set_stage(database)
    hands, fired = Hands(), asyncio.Event()
    await an_inbox(database, hands).accept(begin(0))
    hands.move(hours=25)

    class Watched(Inbox):
        """Tells when something came in."""

        async def accept(self, event: Any) -> Outcome:
            found = await super().accept(event)
            fired.set()
            return found

    from bot.runner.flow_shelf import FlowShelf

    clock = Clock(database, Watched(database, FlowShelf(), now=hands), hands)
    clock.start()
    await fired.wait()
    await clock.stop()
    assert len(await asked(database, 0)) == 2
