"""Delivering what was committed: claim under a lease, hand to the adapter, write down what became of it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.adapters.base import Adapter, Dead, Delivery, Sent, TryAgain
from bot.core.people import platform_of
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.outbox import Claimed, Retry, claim_effects, finish_effects, next_due

LEASE = timedelta(seconds=60)
"""How long a process may take over one batch before another takes it."""

MOST = 500
"""Effects claimed at once; measured: beyond 50 a claim costs a few microseconds an effect."""

PATIENCE = 45.0
"""Seconds a platform may take over one effect: less than the lease, so that none of ours runs out meanwhile."""

TRIES = 5
FIRST_PAUSE = timedelta(seconds=2)
IDLE = 5.0
"""Seconds after which an idle outbox looks by itself: another process may have died with a lease."""

log = structlog.get_logger()


class Outbox:
    """Delivers for the platforms that run in this process."""

    def __init__(
        self,
        database: Database,
        adapters: Mapping[str, Adapter],
        now: Callable[[], datetime],
        owner: str,
        patience: float = PATIENCE,
    ) -> None:
        self._database, self._adapters, self._now, self._owner = database, adapters, now, owner
        self._patience = patience
        self._woken = asyncio.Event()
        self._is_closing = False

    def wake(self) -> None:
        """Look at once: something was committed."""
        self._woken.set()

    def close(self) -> None:
        """Stop after the batch at hand."""
        self._is_closing = True
        self._woken.set()

    async def run(self) -> None:
        """Deliver until closed."""
        while not self._is_closing:
            self._woken.clear()
            try:
                pause = 0.0 if await self.deliver_due() else await self._pause()
            except Exception as fault:  # a database that is away for a while must not end the deliveries
                log.warning("outbox_paused", fault=type(fault).__name__)
                pause = IDLE
            if pause:
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._woken.wait()

    async def deliver_due(self) -> int:
        """Deliver what is due now; answer how many effects were tried."""
        now = self._now()
        claimed = await self._database.write(lambda connection: self._claim(connection, now))
        if claimed:
            deliveries = await asyncio.gather(*(self._deliver(row) for row in claimed))
            results = list(zip(claimed, deliveries, strict=True))
            await self._database.write(lambda connection: self._finish(connection, results))
        return len(claimed)

    async def _deliver(self, row: Claimed) -> Delivery:
        adapter = self._adapters[platform_of(row.effect.place)]
        try:
            async with asyncio.timeout(self._patience):
                return await adapter.deliver(row.effect)
        except Exception as fault:  # one effect that cannot be shown must not hold up the others
            log.error("delivery_failed", effect_id=row.effect.id, fault=type(fault).__name__)
            return TryAgain(reason=f"showing it failed ({type(fault).__name__})")

    def _claim(self, connection: Connection, now: datetime) -> list[Claimed]:
        return claim_effects(connection, self._owner, self._adapters.keys(), now=now, until=now + LEASE, most=MOST)

    def _finish(self, connection: Connection, results: Sequence[tuple[Claimed, Delivery]]) -> None:
        now = self._now()
        sent, retries, dead = [], [], []
        for row, delivery in results:
            match delivery:
                case Sent():
                    sent.append((row.seq, delivery.remote_id))
                case Dead():
                    dead.append((row.seq, delivery.reason))
                case TryAgain() if row.attempts >= TRIES:
                    dead.append((row.seq, f"tried {row.attempts} times; the last time {delivery.reason}"))
                case TryAgain():
                    pause = delivery.after or FIRST_PAUSE * 2 ** (row.attempts - 1)
                    retries.append(Retry(row.seq, now + pause, delivery.reason))
        finish_effects(connection, self._owner, now, sent=sent, retries=retries, dead=dead)

    async def _pause(self) -> float:
        due = await self._database.read(lambda connection: next_due(connection, self._adapters.keys()))
        return IDLE if due is None else min(IDLE, max(0.05, (due - self._now()).total_seconds()))
