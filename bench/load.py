"""A district: 100,000 people and 1,000,000 answers. The memory of `mull run`, and how fast a group's page comes.

The floor of a page is the front page of the same process: everything but the database's work and the answers' HTML.
"""

import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import psutil

from bench.serving import Served, served
from bench.stage import CLASS, FLOW, database_urls, group_of, person, staged
from bot.core.people import PersonId
from bot.storage.columns import micros
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.sessions import start_session
from bot.storage.turns import ANSWERS, NEW_RUNS

PEOPLE = 100_000
RUNS_EACH = 2
KEYS = ("hard", "way", "drawn", "moment", "next")
PAGES = 200
SAID = "When the left side sank I noticed I had only looked at the right one."


async def main() -> None:
    """Measure both databases."""
    with database_urls() as urls, tempfile.TemporaryDirectory(prefix="mull-bench-") as folder:
        for name, url in urls.items():
            async with staged(url, PEOPLE) as database:
                await fill(database)
                # What autovacuum does by itself within a minute of such a flood.
                await database.write(lambda connection: connection.exec_driver_sql("ANALYZE"))
                token = await database.write(lambda c: start_session(c, PersonId("ada"), *_times()))
            async with served(url, Path(folder)) as running:
                await measure(name, running, token)


async def measure(name: str, running: Served, token: str) -> None:
    """Print memory and page times."""
    async with httpx.AsyncClient(base_url=running.address, cookies={"mull": token}) as client:
        groups = [group_of(number * CLASS * 7 % PEOPLE) for number in range(PAGES)]
        pages = [await timed(client, f"/groups/{group}") for group in groups]
        weeks = [await timed(client, f"/groups/{group}?person={person(int(group[-5:]) * CLASS)}") for group in groups]
        floor = [await timed(client, "/healthz") for _ in range(PAGES)]
    memory = psutil.Process(running.pid).memory_info().rss / 2**20
    print(f"{name}: {PEOPLE:,} people, {PEOPLE * RUNS_EACH * len(KEYS):,} answers")
    print(f"  resident memory  {memory:.0f} MiB  target <= 200 MiB")
    for what, times in (("group page", pages), ("one learner", weeks), ("healthz (floor)", floor)):
        print(f"  {what:16} p50 {statistics.median(times):.1f} ms  p95 {p95(times):.1f} ms", end="")
        print("  target p95 <= 100 ms" if times is not floor else "")


async def timed(client: httpx.AsyncClient, path: str) -> float:
    """Fetch a page; answer the milliseconds it took."""
    began = time.perf_counter()
    page = await client.get(path)
    assert page.status_code == httpx.codes.OK, (path, page.status_code)
    return (time.perf_counter() - began) * 1e3


async def fill(database: Database) -> None:
    """Give everybody two finished runs of five answers, in pieces."""
    piece = 5_000
    for start in range(0, PEOPLE, piece):
        await database.write(partial(_fill, range(start, start + piece)))


def _fill(numbers: range, connection: Connection) -> None:
    now = datetime.now(UTC)
    runs, answers = [], []
    for n in numbers:
        who, group = person(n), group_of(n)
        for week in range(RUNS_EACH):
            at = micros(now - timedelta(weeks=week, minutes=n % 600))
            run = f"run-{n}-{week}"
            common = (who, group, FLOW.flow)
            runs.append((run, *common, FLOW.version, "done", f"browser:{who}", at, at, None, "{}", "{}"))
            told = ('"' + SAID + '"', SAID, "facilitators", at)
            answers += [(run, key, *common, f"What did you notice about {key}?", *told) for key in KEYS]
    NEW_RUNS.run(connection, runs)
    ANSWERS.run(connection, answers)


def p95(times: list[float]) -> float:
    """Find the time that 95 of 100 stay below."""
    return sorted(times)[int(len(times) * 0.95)]


def _times() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now, now + timedelta(hours=1)


if __name__ == "__main__":
    asyncio.run(main())
