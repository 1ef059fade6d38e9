"""Two processes that look at the same moment take a chunk of people once, under one name or under two."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.core.events import EventId, FanOutDue, Outcome
from bot.runner.clock import Clock
from bot.runner.schedule import due_event
from bot.storage.database import Database
from bot.storage.fan_outs import due_fan_outs
from bot.storage.programs import due_programs
from tests.runner.rhythm import FIRST, member, set_groups
from tests.stage import Hands, an_inbox, rows

SIZE, CHUNK = 5, 2


@pytest.fixture
async def due(database: Database) -> FanOutDue:
    """Begin a program for five people who are asked two at a time; name its first chunk as every clock does."""
    await set_groups(database, [SIZE])
    [program] = await database.read(lambda connection: due_programs(connection, FIRST, 1))
    begun = due_event(program, FIRST)
    assert begun is not None
    assert await an_inbox(database, lambda: FIRST).accept(begun) is Outcome.ACCEPTED
    [one] = await database.read(lambda connection: due_fan_outs(connection, FIRST, 1))
    return FanOutDue(
        id=EventId(f"mull/fan-out/{one.occurrence}/0"),
        at=FIRST,
        who=one.by,
        occurrence=one.occurrence,
        step=one.step,
        zone=one.zone,
        cursor=one.cursor,
        most=CHUNK,
    )


async def take(database: Database, *events: FanOutDue) -> Sequence[Outcome]:
    """Let each be taken by a process of its own, at the same time."""
    return sorted(await asyncio.gather(*(an_inbox(database, lambda: FIRST).accept(event) for event in events)))


async def asked(database: Database) -> list[tuple[str, int]]:
    """Count the prompts of each who was asked, in the order of their names."""
    found = "SELECT person_id, count(*) FROM outbox WHERE kind = 'AskQuestion' GROUP BY 1 ORDER BY 1"
    return [(str(person), int(count)) for person, count in await rows(database, found)]


async def cursors(database: Database) -> list[str]:
    """Name the last whom each fan-out has asked."""
    return [one.cursor for one in await database.read(lambda connection: due_fan_outs(connection, FIRST, 2))]


async def ask_the_rest(database: Database) -> None:
    """Let the clocks of two processes ask whoever is left."""
    clocks = [Clock(database, an_inbox(database, lambda: FIRST), Hands(FIRST), CHUNK) for _ in range(2)]
    await asyncio.gather(*(clock.tick() for clock in clocks))
    assert await asked(database) == [(member(0, number), 1) for number in range(SIZE)]
    assert await rows(database, "SELECT count(*) FROM runs") == [(SIZE,)]
    assert await rows(database, "SELECT * FROM fan_outs") == []
    assert await rows(database, "SELECT * FROM set_aside") == []


async def test_a_chunk_that_two_processes_name_alike_is_one_event(database: Database, due: FanOutDue) -> None:
    assert await take(database, due, due) == sorted([Outcome.ACCEPTED, Outcome.DUPLICATE])
    assert await asked(database) == [(member(0, number), 1) for number in range(CHUNK)]
    await ask_the_rest(database)


async def test_a_chunk_that_two_processes_name_in_two_ways_is_taken_by_the_first(
    database: Database, due: FanOutDue
) -> None:
    assert await take(database, due, replace(due, id=EventId(f"{due.id}/other"))) == [Outcome.ACCEPTED] * 2
    assert await asked(database) == [(member(0, number), 1) for number in range(CHUNK)]
    assert await cursors(database) == [member(0, CHUNK - 1)]
    await ask_the_rest(database)


async def test_a_process_that_is_a_chunk_behind_does_not_turn_it_back(database: Database, due: FanOutDue) -> None:
    await take(database, due)
    await take(database, replace(due, id=EventId(f"{due.id}/next"), cursor=member(0, CHUNK - 1)))
    assert await take(database, replace(due, id=EventId(f"{due.id}/late"))) == [Outcome.ACCEPTED]
    assert await cursors(database) == [member(0, 2 * CHUNK - 1)]
    await ask_the_rest(database)
