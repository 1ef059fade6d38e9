"""A district: 100,000 people and 1,000,000 answers. The memory of `mull run`, its pages, and answers taken along.

The floor of a page is the lightest page of the same process: everything but the database's work and the answers' HTML.
The floor of a file are the same rows, read from the database and written as plain text with nothing else done.
"""

import asyncio
import csv
import io
import re
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import psutil
import sqlalchemy as sa

from bench.serving import Served, served
from bench.stage import CLASS, FLOW, database_urls, group_of, person, staged
from bot.core.people import PersonId, Role
from bot.storage.columns import micros
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.groups import add_members
from bot.storage.people import add_people
from bot.storage.readings import KEPT
from bot.storage.sessions import start_session
from bot.storage.tables import answers
from bot.storage.turns import ANSWERS, NEW_RUNS

PEOPLE = 100_000
RUNS_EACH = 2
KEYS = ("hard", "way", "drawn", "moment", "next")
PAGES = 200
TAKEN = 100_000
BO, LED = PersonId("bo"), 10
"""Whose pages are measured, and how many classes they lead besides the large one."""

BIG = group_of(PEOPLE - 1)
"""The class whose answers are taken along: it has as many as a large school."""

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
SAID = "When the left side sank I noticed I had only looked at the right one."


async def main() -> None:
    """Measure both databases."""
    with database_urls() as urls, tempfile.TemporaryDirectory(prefix="mull-bench-") as folder:
        for name, url in urls.items():
            async with staged(url, PEOPLE) as database:
                await fill(database)
                # What autovacuum does by itself within a minute of such a flood.
                await database.write(lambda connection: connection.exec_driver_sql("ANALYZE"))
                await database.write(_let_lead)
                token = await database.write(lambda c: start_session(c, BO, *_times()))
                floor = await seconds_of(partial(take_plainly, database))
            async with served(url, Path(folder)) as running:
                await measure(name, running, token)
                await measure_files(running, token, floor)


async def measure(name: str, running: Served, token: str) -> None:
    """Print memory and page times."""
    async with httpx.AsyncClient(base_url=running.address, cookies={"mull": token}, timeout=60) as client:
        groups = [group_of(number % LED * CLASS) for number in range(PAGES)]
        pages = [await timed(client, f"/groups/{group}") for group in groups]
        inbox = [await timed(client, "/review") for _ in range(PAGES // 4)]
        overview = [await timed(client, f"/groups/{group}/overview") for group in groups]
        weeks = [await timed(client, f"/groups/{group}?person={person(int(group[-5:]) * CLASS)}") for group in groups]
        floor = [await timed(client, "/healthz") for _ in range(PAGES)]
    memory = psutil.Process(running.pid).memory_info().rss / 2**20
    print(f"{name}: {PEOPLE:,} people, {PEOPLE * RUNS_EACH * len(KEYS):,} answers")
    print(f"  resident memory  {memory:.0f} MiB  target <= 200 MiB")
    for what, times in (
        ("review", inbox),
        ("group page", pages),
        ("overview", overview),
        ("one learner", weeks),
        ("healthz (floor)", floor),
    ):
        print(f"  {what:16} p50 {statistics.median(times):.1f} ms  p95 {p95(times):.1f} ms", end="")
        print("  target p95 <= 100 ms" if times is not floor else "")


async def measure_files(running: Served, token: str, floor: float) -> None:
    """Print how long a large class takes to be taken along, and the memory that takes."""
    async with httpx.AsyncClient(base_url=running.address, cookies={"mull": token}, timeout=600) as client:
        for kind in ("csv", "json", "xlsx"):
            took = await seconds_of(partial(take, client, kind))
            memory = psutil.Process(running.pid).memory_info().rss / 2**20
            print(f"  {TAKEN:,} rows as {kind:4} {took:.1f} s, {took / floor:.1f} floors, {memory:.0f} MiB", end="")
            print("  target <= 10 s, < 250 MiB")


async def take(client: httpx.AsyncClient, kind: str) -> None:
    """Take the answers of the large class along, as a browser does."""
    page = await client.get(f"/groups/{BIG}/export")
    token = CSRF.search(page.text)
    assert token is not None
    given = {"csrf": token[1], "nonce": f"bench-{kind}-0123456789", "kind": kind, "days": "", "flow": ""}
    page = await client.post(f"/groups/{BIG}/export", data=given, follow_redirects=True)
    while "Your file is ready" not in page.text:
        assert page.status_code == httpx.codes.OK, page.status_code
        await asyncio.sleep(0.1)
        page = await client.get(page.url)
    async with client.stream("GET", f"{page.url}/download") as answer:
        assert answer.status_code == httpx.codes.OK, answer.status_code
        async for _ in answer.aiter_raw():
            pass


async def take_plainly(database: Database) -> None:
    """Read the same rows and write them as plain text."""
    found = sa.select(answers).where(answers.c.group_id == BIG)
    rows = await database.read(lambda connection: connection.execute(found).all())
    csv.writer(io.StringIO()).writerows(rows)


async def seconds_of(work: Callable[[], Awaitable[None]]) -> float:
    """Do some work; answer how many seconds it took."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def timed(client: httpx.AsyncClient, path: str) -> float:
    """Fetch a page; answer the milliseconds it took."""
    began = time.perf_counter()
    page = await client.get(path)
    assert page.status_code == httpx.codes.OK, (path, page.status_code)
    return (time.perf_counter() - began) * 1e3


async def fill(database: Database) -> None:
    """Give everybody two finished runs of five answers, in pieces."""
    piece = 5_000
    for start in range(0, TAKEN // len(KEYS), piece):
        await database.write(partial(_fill_one, range(start, start + piece)))
    for start in range(0, PEOPLE, piece):
        await database.write(partial(_fill, range(start, start + piece)))


def _fill(numbers: range, connection: Connection) -> None:
    now = datetime.now(UTC)
    runs, said, waiting = [], [], []
    for n in numbers:
        who, group = person(n), group_of(n)
        for week in range(RUNS_EACH):
            at = micros(now - timedelta(weeks=week, minutes=n % 600))
            run = f"run-{n}-{week}"
            common = (who, group, FLOW.flow)
            runs.append((run, *common, FLOW.version, "done", f"browser:{who}", at, at, None, "{}", "{}"))
            told = ('"' + SAID + '"', SAID, "facilitators", at, False)
            waiting.append((run, group, who, FLOW.flow, at, at if week else None, "ada" if week else None, None))
            said += [(run, key, *common, f"What did you notice about {key}?", *told) for key in KEYS]
    NEW_RUNS.run(connection, runs)
    ANSWERS.run(connection, said)
    KEPT.run(connection, waiting)


def _fill_one(numbers: range, connection: Connection) -> None:
    """Give the large class more finished runs, a year ago."""
    since = datetime.now(UTC) - timedelta(weeks=52)
    common, told = (person(PEOPLE - 1), BIG, FLOW.flow), ('"' + SAID + '"', SAID, "facilitators")
    named = [(f"big-{n}", micros(since + timedelta(seconds=n))) for n in numbers]
    said = [(run, key, *common, f"What about {key}?", *told, at, False) for run, at in named for key in KEYS]
    ANSWERS.run(connection, said)


def _let_lead(connection: Connection) -> None:
    """Let somebody lead a few classes, as people do, and the large one."""
    now = datetime.now(UTC)
    add_people(connection, [(BO, "Mr Bo")], now)
    for group in (*(group_of(number * CLASS) for number in range(LED)), BIG):
        add_members(connection, group, [BO], Role.FACILITATOR, now)


def p95(times: list[float]) -> float:
    """Find the time that 95 of 100 stay below."""
    return sorted(times)[int(len(times) * 0.95)]


def _times() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now, now + timedelta(hours=1)


if __name__ == "__main__":
    asyncio.run(main())
