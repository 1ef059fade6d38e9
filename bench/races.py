"""Races between two processes on one database, 300 people each: how many came out wrong. The target is none."""

import asyncio
import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier

import sqlalchemy as sa

from bench.stage import FLOW, database_urls, group_of, person, staged
from bot.core.events import EventId, RunRequested, TextReceived
from bot.core.people import Place
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.storage.database import Database, open_database

PEOPLE = 300
SPAWN = multiprocessing.get_context("spawn")


async def main() -> None:
    """Run both races on both databases."""
    with database_urls() as urls:
        for name, url in urls.items():
            async with staged(url, 2 * PEOPLE) as database:
                await begin(database)
                await asyncio.to_thread(race, url)
                print(f"{name}: same event in two processes, wrong: {await same_event_wrong(database)} of {PEOPLE}")
                print(f"{name}: two answers in two processes, wrong: {await two_answers_wrong(database)} of {PEOPLE}")


async def begin(database: Database) -> None:
    """Ask everybody the first question."""
    inbox = Inbox(database, FlowShelf())
    requests = [
        RunRequested(
            id=EventId(f"bench/begin/{n}"),
            at=datetime.now(UTC),
            who=person(n),
            place=Place(f"bench:{n}"),
            flow=FLOW.flow,
            group=group_of(n),
        )
        for n in range(2 * PEOPLE)
    ]
    await asyncio.gather(*map(inbox.accept, requests))


def race(url: str) -> None:
    """Let two processes answer for the same people at the same moment."""
    barrier = SPAWN.Barrier(2)
    racers = [SPAWN.Process(target=racer, args=(url, number, barrier)) for number in range(2)]
    for one in racers:
        one.start()
    for one in racers:
        one.join()
        assert one.exitcode == 0


def racer(url: str, number: int, barrier: Barrier) -> None:
    """Be one of the two processes."""
    asyncio.run(_answer_all(url, number, barrier))


async def _answer_all(url: str, number: int, barrier: Barrier) -> None:
    database = open_database(url)
    inbox = Inbox(database, FlowShelf())
    words = ("about half", "draw it")[number]
    events = [_text(f"same/{n}", n, "a little") for n in range(PEOPLE)]
    events += [_text(f"two/{n}/{number}", n, words) for n in range(PEOPLE, 2 * PEOPLE)]
    await asyncio.to_thread(barrier.wait)
    await asyncio.gather(*map(inbox.accept, events))
    await database.close()


def _text(name: str, n: int, words: str) -> TextReceived:
    place = Place(f"bench:{n}")
    return TextReceived(id=EventId(f"bench/{name}"), at=datetime.now(UTC), who=person(n), place=place, text=words)


async def same_event_wrong(database: Database) -> int:
    """Count people whose one answer is not exactly one answer and two questions."""
    return await _count(database, 0, lambda said, asked: said == {"hard": "2"} and asked == 2)


async def two_answers_wrong(database: Database) -> int:
    """Count people with an answer lost, swapped or doubled.

    The first question is a scale, the second a menu: in either order each word fits one of them only, so whichever
    comes too early gets a kind sentence and the other one counts.
    """
    return await _count(database, PEOPLE, lambda said, asked: asked == 3 and said in GOOD)


GOOD = ({"hard": "3"}, {"hard": "3", "way": "draw_it"})


async def _count(database: Database, first: int, is_right: Callable[[dict[str, str], int], bool]) -> int:
    people = [person(n) for n in range(first, first + PEOPLE)]

    def read(connection: sa.Connection) -> int:
        wrong = 0
        for who in people:
            rows = connection.execute(sa.text("SELECT key, value FROM answers WHERE person_id = :who"), {"who": who})
            said = {row.key: row.value.strip('"') for row in rows}
            asked = connection.execute(
                sa.text("SELECT count(*) FROM outbox WHERE person_id = :who AND kind = 'AskQuestion'"), {"who": who}
            ).scalar_one()
            wrong += not is_right(said, asked)
        return wrong

    return await database.read(read)


if __name__ == "__main__":
    asyncio.run(main())
