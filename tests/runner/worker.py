"""What other processes do in the tests: deliver events at the same moment, or talk until they are killed."""

import asyncio
import json
import os
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import NamedTuple, TypeVar

from bot.adapters.base import Attempt, Delivery, Door, Sent
from bot.app import opened_database, running
from bot.core.effects import AnyEffect, AskQuestion
from bot.core.events import Event
from bot.core.people import Place
from bot.runner.outbox import LEASE, Outbox
from bot.settings import load_settings
from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from tests.stage import NOW, an_inbox

T = TypeVar("T")

GATE = 30
"""Seconds after which a process that waits for one that died gives up."""


def processes() -> ForkServerContext:
    """Start processes as forks of one that has imported everything: 10 ms each instead of a second."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["__main__", __name__, "tests.runner.program_life", "tests.runner.mulls"])
    return context


# Two processes at once.


def deliver(url: str, events: Sequence[Event], in_flight: int, gate: Barrier, out: Pipe) -> None:
    """Let events in, some at once; answer what became of each."""
    asyncio.run(_deliver(url, events, in_flight, gate, out))


async def _deliver(url: str, events: Sequence[Event], in_flight: int, gate: Barrier, out: Pipe) -> None:
    database = open_database(url)
    await database.read(lambda connection: connection.exec_driver_sql("SELECT 1"))
    inbox, room = an_inbox(database), asyncio.Semaphore(in_flight)

    async def accept(event: Event) -> str:
        async with room:
            return await inbox.accept(event)

    gate.wait(GATE)
    out.send(await asyncio.gather(*(accept(event) for event in events)))
    await database.close()


def drain(url: str, owner: str, ledger: Path, gate: Barrier) -> None:
    """Deliver all there is to a ledger."""
    asyncio.run(_drain(url, owner, ledger, gate))


async def _drain(url: str, owner: str, ledger: Path, gate: Barrier) -> None:
    database, platform = open_database(url), LedgerPlatform(ledger)
    outbox = Outbox(database, {"fake": platform}, lambda: NOW + timedelta(hours=1), owner)
    gate.wait(GATE)
    while await outbox.deliver_due():
        pass
    await database.close()


def start(url: str, gate: Barrier, out: Pipe) -> None:
    """Start Mull on a database that may be empty, and stop it; answer whether that went well."""
    asyncio.run(_start(url, gate, out))


async def _start(url: str, gate: Barrier, out: Pipe) -> None:
    gate.wait(GATE)
    async with opened_database(load_settings(database_url=url)) as database, running(database, {}):
        out.send("running")
        gate.wait(GATE)


# Killed.


class Crash(NamedTuple):
    """Where a process ends: `before commit`, `after commit`, `before delivery` or `after delivery`, and which one."""

    where: str
    nth: int

    def here(self, where: str, nth: int) -> None:
        """End the process as kill -9 does, where this is the place."""
        if self == (where, nth):
            os.kill(os.getpid(), signal.SIGKILL)


NOWHERE = Crash("nowhere", 0)


class CrashingDatabase:
    """A database whose process ends beside the nth commit."""

    def __init__(self, database: Database, crash: Crash) -> None:
        self._database, self._crash, self._writes = database, crash, 0

    @property
    def dialect(self) -> str:
        """Name the kind."""
        return self._database.dialect

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Commit, unless the process ends before."""
        self._writes += 1
        nth = self._writes

        def risky(connection: Connection) -> T:
            found = work(connection)
            self._crash.here("before commit", nth)
            return found

        found = await self._database.write(risky)
        self._crash.here("after commit", nth)
        return found

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Read."""
        return await self._database.read(work)

    async def close(self) -> None:
        """Let go."""
        await self._database.close()


class Lines:
    """A file to which whole lines are added, each on disk before anything else happens."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[str]:
        """Read the lines that were finished."""
        if not self._path.exists():
            return []
        return [line for line in self._path.read_text("utf-8").splitlines(keepends=True) if line.endswith("\n")]

    def add(self, line: str) -> None:
        """Add a line."""
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(file, f"{line}\n".encode())
        os.fsync(file)
        os.close(file)


class LedgerPlatform:
    """Writes down what it was told to show; a person sees each effect once, as Discord does with its nonce."""

    platform = "fake"

    def __init__(self, ledger: Path, crash: Crash = NOWHERE) -> None:
        self._ledger, self._crash, self._deliveries = Lines(ledger), crash, 0
        self._asked: dict[str, set[str]] = defaultdict(set)
        self._news = asyncio.Event()
        for line in self._ledger.read():
            place, effect_id, is_question = json.loads(line)
            self._note(place, effect_id, is_question)

    async def start(self, door: Door) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Write an effect down."""
        self._deliveries += 1
        nth = self._deliveries
        self._crash.here("before delivery", nth)
        is_question = isinstance(effect, AskQuestion)
        self._ledger.add(json.dumps([effect.place, effect.id, is_question]))
        self._crash.here("after delivery", nth)
        self._note(effect.place, effect.id, is_question)
        return Sent(effect.id)

    async def questions(self, place: Place, wanted: int) -> None:
        """Wait until somebody has seen so many questions."""
        while len(self._asked[place]) < wanted:
            news = self._news
            await news.wait()

    def _note(self, place: str, effect_id: str, is_question: bool) -> None:
        if is_question:
            self._asked[place].add(effect_id)
            news, self._news = self._news, asyncio.Event()
            news.set()


@dataclass(frozen=True)
class Files:
    """What a platform knows, whatever happens to Mull: what was shown, and which events were acknowledged."""

    folder: Path

    @property
    def ledger(self) -> Path:
        """Name the file of what was shown."""
        return self.folder / "ledger"

    @property
    def acknowledged(self) -> Path:
        """Name the file of events that need not be sent again."""
        return self.folder / "acknowledged"

    def shown(self) -> dict[str, list[str]]:
        """List all deliveries to each place, in order."""
        found: dict[str, list[str]] = defaultdict(list)
        for line in Lines(self.ledger).read():
            place, effect_id, _ = json.loads(line)
            found[place].append(effect_id)
        return found


SLOWEST = 60
"""Seconds after which a life that neither ends nor dies is a fault."""


@dataclass(frozen=True)
class Life:
    """One process from its start to its end: who talks, where it crashes, how many lives there were before."""

    url: str
    files: Files
    scripts: Mapping[Place, Sequence[Event]]
    crash: Crash = NOWHERE
    number: int = 0


def talk(life: Life, ready: Pipe) -> None:
    """Let people talk to the end; an event that was not acknowledged in an earlier life comes again."""
    asyncio.run(_talk(life, ready))


async def _talk(life: Life, ready: Pipe) -> None:
    database = CrashingDatabase(open_database(life.url), life.crash)
    begun = time.monotonic()

    def now() -> datetime:
        """Tell a time at which every lease of an earlier life is over."""
        passed = timedelta(seconds=time.monotonic() - begun)
        return NOW + timedelta(hours=1) + (LEASE + timedelta(seconds=SLOWEST)) * life.number + passed

    platform = LedgerPlatform(life.files.ledger, life.crash)
    outbox = Outbox(database, {"fake": platform}, now, owner=f"life {life.number}")
    inbox = an_inbox(database, now, outbox.wake)
    acknowledged = Lines(life.files.acknowledged)
    done = {line.strip() for line in acknowledged.read()}

    async def live(place: Place, script: Sequence[Event]) -> None:
        for number, event in enumerate(script):
            await platform.questions(place, number)
            if event.id not in done:
                await inbox.accept(event)
                acknowledged.add(event.id)

    ready.send("ready")
    delivering = asyncio.create_task(outbox.run())
    await asyncio.gather(*(live(place, script) for place, script in life.scripts.items()))
    outbox.close()
    await delivering
    while await outbox.deliver_due():
        pass
    await database.close()
