"""Durable turns: inbox, engine and commit with fsync, for people who answer a check-in of five questions.

Each figure is the median of several rounds; the floor (`bench/floor.py`) runs in turn with it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

import sqlalchemy as sa

from bench.floor import Floor, floor_person
from bench.stage import FLOW, SCRIPT, Figure, database_urls, figure, group_of, median, person, staged
from bot.app import settle_memory
from bot.core.events import EventId, Outcome, RunRequested, TextReceived
from bot.core.people import Place
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.people import add_people
from bot.storage.turns import NEW_RUNS, load_open_runs, run_row, state_of

PEOPLE = 2_000
ROUNDS = 3
IN_FLIGHT = (1, 16, 256)
TARGETS = {("SQLite", 16): 3_500, ("SQLite", 256): 8_000, ("PostgreSQL", 16): 2_500, ("PostgreSQL", 256): 5_000}
SHARE = {1: 0.05, 16: 0.4, 256: 1.0}
"""How many of the people take part: one at a time is slow and needs few."""

Turn = Callable[[int, int], Awaitable[None]]


async def main() -> None:
    """Measure both databases."""
    settle_memory()
    with database_urls() as urls:
        for name, url in urls.items():
            await measure(name, url)


async def measure(name: str, url: str) -> None:
    """Print turns a second, latencies and the ratio to the floor for one database."""
    async with staged(url, PEOPLE) as database:
        inbox = Inbox(database, FlowShelf())
        floor = await prepare_floor(database, inbox)
        print(
            f"{name}: {'in flight':>9} {'turns/s':>8} {'p50 ms':>7} {'p99 ms':>7} {'floor/s':>8} {'ratio':>6}  target"
        )
        for flight in IN_FLIGHT:
            turns, floors = [], []
            people = range(int(PEOPLE * SHARE[flight]))
            for number in range(ROUNDS):
                floors.append(await drive(people, flight, partial(floor_turn, floor, flight * 1000 + number * 10)))
                turns.append(await drive(people, flight, partial(answer, inbox, f"{flight}.{number}")))
            show(name, flight, median(turns), median(floors))


async def drive(people: range, flight: int, turn: Turn) -> Figure:
    """Let everybody take all turns of the script, so many people at a time."""
    waiting, latencies = list(people), list[float]()

    async def client() -> None:
        while waiting:
            who = waiting.pop()
            for n in range(len(SCRIPT) + 1):
                began = time.perf_counter()
                await turn(who, n)
                latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(flight)))
    return figure(latencies, time.perf_counter() - began)


async def floor_turn(floor: Floor, offset: int, who: int, n: int) -> None:
    """Commit the rows of one turn."""
    await floor.turn(who, offset + n)


async def answer(inbox: Inbox, mark: str, who: int, n: int) -> None:
    """Take one turn: the first begins a run, the others answer."""
    named, at, place = EventId(f"bench/{mark}/{who}/{n}"), datetime.now(UTC), Place(f"bench:{who}")
    if n == 0:
        event = RunRequested(id=named, at=at, who=person(who), place=place, flow=FLOW.flow, group=group_of(who))
        outcome = await inbox.accept(event)
    else:
        outcome = await inbox.accept(TextReceived(id=named, at=at, who=person(who), place=place, text=SCRIPT[n - 1]))
    assert outcome is Outcome.ACCEPTED, outcome


async def prepare_floor(database: Database, inbox: Inbox) -> Floor:
    """Give the floor a run for each person, with rows as long as those that Mull writes half way."""
    for n in range(4):
        await answer(inbox, "sample", PEOPLE - 1, n)
    sample = person(PEOPLE - 1)
    run = next(iter((await database.read(lambda c: load_open_runs(c, {sample})))[sample].values()))
    body = await database.read(lambda c: c.execute(sa.text("SELECT max(body) FROM outbox")).scalar_one())

    def add_runs(connection: Connection) -> None:
        row = run_row(run)
        add_people(connection, [(floor_person(n), "Ben") for n in range(PEOPLE)], datetime.now(UTC))
        NEW_RUNS.run(connection, [(f"run-{n}", floor_person(n), *row[2:]) for n in range(PEOPLE)])

    await database.write(add_runs)
    return Floor(database, body, state_of(run))


def show(name: str, flight: int, turns: Figure, floor: Figure) -> None:
    """Print one line."""
    target = TARGETS.get((name, flight))
    wanted = f">= {target:,}, ratio >= 0.5" if target else "p99 <= 25 ms"
    print(
        f"{'':{len(name)}}  {flight:>9} {turns.per_second:>8,.0f} {turns.p50:>7.1f} {turns.p99:>7.1f} "
        f"{floor.per_second:>8,.0f} {turns.per_second / floor.per_second:>6.2f}  {wanted}"
    )


if __name__ == "__main__":
    asyncio.run(main())
