"""One process of Mull after the other on the same database, with a way to end it at any write."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TypeVar

from bot.adapters.base import Adapter
from bot.runner.clock import Clock
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.database import Database, Work

T = TypeVar("T")


class MortalDatabase:
    """A database that can be away, and at whose writes a process can die: before the commit or right after it."""

    def __init__(self, inner: Database) -> None:
        self._inner = inner
        self._fuse: int | None = None
        self.is_away = False
        self.died = asyncio.Event()

    @property
    def dialect(self) -> str:
        """Name the kind of database."""
        return self._inner.dialect

    @property
    def is_fuse_lit(self) -> bool:
        """Say whether the process is about to die."""
        return self._fuse is not None

    def light_fuse(self, length: int) -> None:
        """Let the process die at a coming write: an even length before the commit, an odd one after it."""
        self._fuse = length
        self.died.clear()

    async def write(self, work: Work[T]) -> T:
        """Run `work` in one transaction, unless the process dies before; then nobody learns of it."""
        self._refuse_where_away()
        burnt, self._fuse = self._fuse, None if self._fuse is None else self._fuse - 2
        if burnt == 0:
            await self._die()
        done = await self._inner.write(work)
        if burnt == 1:
            await self._die()
        return done

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a snapshot."""
        self._refuse_where_away()
        return await self._inner.read(work)

    async def close(self) -> None:
        """Let go of the database."""
        await self._inner.close()

    def _refuse_where_away(self) -> None:
        if self.is_away:
            raise OSError("the database is away")

    async def _die(self) -> None:
        """Come no further: what runs is thrown away from outside."""
        self._fuse = None
        self.died.set()
        await asyncio.Future[None]()


class House:
    """What runs in one process, without a loop of its own: the world says when the clock ticks."""

    def __init__(
        self,
        database: MortalDatabase,
        adapters: Mapping[str, Adapter],
        shelf: FlowShelf,
        now: Callable[[], datetime],
        owner: str,
    ) -> None:
        self.outbox = Outbox(database, adapters, now, owner)
        self.inbox = Inbox(database, shelf, self.outbox.wake, now, owner)
        self.clock = Clock(database, self.inbox, now)


async def survives(database: MortalDatabase, turn: Callable[[], Awaitable[None]]) -> bool:
    """Do something; answer whether the process lived to its end. Where it died, nothing of it goes on."""
    if not database.is_fuse_lit:
        await turn()
        return True
    before = asyncio.all_tasks()
    doing, dying = asyncio.ensure_future(turn()), asyncio.ensure_future(database.died.wait())
    await asyncio.wait({doing, dying}, return_when=asyncio.FIRST_COMPLETED)
    is_alive = not database.died.is_set()
    left = [task for task in asyncio.all_tasks() - before if task is not doing or not is_alive]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    if is_alive:
        await doing
    return is_alive
