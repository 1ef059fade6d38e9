"""Several Mulls on one PostgreSQL, each in a process of its own: worked, stopped, and let go on."""

import asyncio
import os
import signal
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.adapters.base import Answered
from bot.core.events import Outcome
from bot.runner.clock import Clock
from bot.runner.outbox import Outbox
from bot.storage.connection import Connection
from bot.storage.database import IDLE_IN_TRANSACTION, Database, open_database
from tests.runner.rhythm import FIRST, Platform, Shown
from tests.runner.worker import processes
from tests.stage import an_inbox

T = TypeVar("T")

ASKING, CLAIMED, SENT = "asking", "claimed", "after delivery"
"""Where a process stops: with people asked but not committed, with effects leased, and with some of them shown."""


class Stop:
    """Stops its process as SIGSTOP does, once, at one place; tells so before."""

    def __init__(self, where: str, tell: Pipe) -> None:
        self.where, self._tell = where, tell

    def here(self, where: str, _nth: int = 1) -> None:
        """Stand still until somebody sends SIGCONT, where this is the place."""
        if self.where == where:
            self.where = ""
            self._tell.send(STOPPED)
            os.kill(os.getpid(), signal.SIGSTOP)


SLOWEST = 60
"""Seconds after which a process that neither works nor rests is a fault."""

STOPPED = -1
SHORT = "200ms"
"""How long PostgreSQL waits here for a process that stopped in a transaction, so that nobody waits for it in tests."""


class StoppingDatabase:
    """A database whose process stops beside one of its commits."""

    def __init__(self, database: Database, stop: Stop) -> None:
        self._database, self._stop = database, stop

    @property
    def dialect(self) -> str:
        """Name the kind."""
        return self._database.dialect

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Commit, and stop before or after it."""

        def risky(connection: Connection) -> T:
            found = work(connection)
            if self._stop.where == ASKING and _asks(found):
                shorten(connection)
                self._stop.here(ASKING)
            return found

        found = await self._database.write(risky)
        if isinstance(found, list) and found:
            self._stop.here(CLAIMED)
        return found

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Read."""
        return await self._database.read(work)

    async def close(self) -> None:
        """Let go."""
        await self._database.close()


def shorten(connection: Connection) -> None:
    """Let the server wait less long for this transaction from now on, if it is one that would not wait for ever."""
    found = connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar_one()
    assert found == IDLE_IN_TRANSACTION
    connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{SHORT}'")


def _asks(found: Any) -> bool:
    """Say whether a transaction took a chunk of people."""
    return isinstance(found, dict) and any(
        str(name).startswith("mull/fan-out/") and answered == Answered(Outcome.ACCEPTED)
        for name, answered in found.items()
    )


@dataclass(frozen=True)
class Mull:
    """One process: on which database, under which name, with whose clock, showing where, stopping where."""

    url: str
    owner: str
    clock: Any
    shown: Shown
    where: str

    def now(self) -> datetime:
        """Tell the time that is the same for all processes."""
        return datetime.fromtimestamp(self.clock.value, UTC)


def serve(mull: Mull, pipe: Pipe) -> None:
    """Be one Mull: at each word from the pipe do all there is to do, and tell of it as it is done."""
    asyncio.run(_serve(mull, pipe))


async def _serve(mull: Mull, pipe: Pipe) -> None:
    stop = Stop(mull.where, pipe)
    database = StoppingDatabase(open_database(mull.url), stop)
    platform = Platform(mull.shown, mull.owner, stop.here)
    outbox = Outbox(database, {"fake": platform}, mull.now, mull.owner)
    clock = Clock(database, an_inbox(database, mull.now), mull.now)

    async def deliver() -> int:
        try:
            return await outbox.deliver_due()
        except sa.exc.DBAPIError:  # its transaction was ended meanwhile: a running outbox tries again as well
            return 1

    async def insist(work: Callable[[], Any]) -> int:
        total = 0
        while done := await work():
            pipe.send(done)
            total += done
        return total

    while pipe.recv():
        while any(await asyncio.gather(insist(clock.tick), insist(deliver))):
            pass
        pipe.send(0)
    await database.close()


class Processes:
    """Several Mulls on one database, with one clock that stands still until it is moved."""

    def __init__(self, url: str, shown: Shown) -> None:
        self.shown, self._url, self._context = shown, url, processes()
        self._now = self._context.Value("d", FIRST.timestamp(), lock=False)  # nobody stops with its lock
        self._pipes: dict[str, Pipe] = {}
        self._started: dict[str, ForkServerProcess] = {}
        self._owing: set[str] = set()

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._started.values():
            process.kill()
            process.join()
        for pipe in self._pipes.values():
            pipe.close()

    def start(self, owner: str, where: str = "") -> None:
        """Start a Mull, which may stop somewhere."""
        mine, theirs = self._context.Pipe()
        mull = Mull(self._url, owner, self._now, self.shown, where)
        self._started[owner] = self._context.Process(target=serve, args=(mull, theirs))
        self._started[owner].start()
        theirs.close()
        self._pipes[owner] = mine

    def work_until_stopped(self, owner: str) -> None:
        """Let a Mull work alone until it stops."""
        self._pipes[owner].send(True)
        while (told := self._pipes[owner].recv()) != STOPPED:
            assert told, f"{owner} had nothing to do, and did not stop"
        self._owing.add(owner)

    def work(self, owners: Collection[str]) -> None:
        """Let Mulls work until none finds anything to do; each looks again whenever another has done something."""
        busy = set(owners)
        for owner in busy - self._owing:
            self._pipes[owner].send(True)
        self._owing -= busy
        while busy:
            for owner in self._ready(busy):
                told = self._pipes[owner].recv()
                if not told:
                    busy.discard(owner)
                    continue
                for other in set(owners) - busy:
                    self._pipes[other].send(True)
                busy = set(owners)

    def _ready(self, owners: Collection[str]) -> list[str]:
        names = {self._pipes[owner]: owner for owner in owners}
        return [names[found] for found in wait(list(names), SLOWEST)] or _give_up(owners)  # type: ignore[index]

    def move(self, by: timedelta) -> None:
        """Let time pass, for all of them."""
        self._now.value += by.total_seconds()

    def go_on(self, owner: str) -> None:
        """Let a Mull that stopped go on."""
        pid = self._started[owner].pid
        assert pid is not None
        os.kill(pid, signal.SIGCONT)

    def end(self) -> None:
        """Let all of them end by themselves."""
        for pipe in self._pipes.values():
            pipe.send(False)
        for process in self._started.values():
            process.join(SLOWEST)
        assert {process.exitcode for process in self._started.values()} == {0}


def _give_up(owners: Collection[str]) -> list[str]:
    raise AssertionError(f"{sorted(owners)} neither work nor rest")
