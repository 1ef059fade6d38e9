"""One seed from beginning to end: a year is invented, lived and worked out again."""

import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.simulation.compare import Findings, compare
from bot.simulation.making import invent_year
from bot.simulation.reading import read_stored
from bot.simulation.world import World
from bot.storage.database import Database, open_database
from bot.storage.schema import migrate


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which years to live, and where; without a database each gets a file of its own that is thrown away."""

    people: int = 500
    weeks: int = 40
    is_faulty: bool = True
    database: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What came of one seed, and how many seconds it took."""

    seed: int
    findings: Findings
    moments: int
    seconds: float


async def live_seed(seed: int, wanted: Wanted) -> Lived:
    """Live the year of a seed, and compare."""
    began = time.perf_counter()
    year = invent_year(seed, wanted.people, wanted.weeks, is_faulty=wanted.is_faulty)
    async with _database(wanted.database) as database:
        record = await World(year, database).live()
        record.stored = await read_stored(database, year)
    findings = compare(year, record)
    return Lived(seed=seed, findings=findings, moments=record.moments, seconds=time.perf_counter() - began)


@asynccontextmanager
async def _database(url: str) -> AsyncIterator[Database]:
    async with AsyncExitStack() as stack:
        if not url:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="mull-year-"))
            url = f"sqlite:///{Path(folder) / 'year.db'}"
        database = open_database(url, is_sample=True, is_alone=True)
        stack.push_async_callback(database.close)
        await migrate(database)
        yield database
