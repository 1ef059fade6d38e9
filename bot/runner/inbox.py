"""The one door: whatever events wait are applied in one transaction, and only then is anybody told."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial

import structlog

from bot.core.errors import MullError
from bot.core.events import Event, EventId
from bot.core.people import PersonId
from bot.runner.batch import Batch, MoreToLock, Outcome
from bot.runner.flow_shelf import FlowShelf
from bot.storage.connection import Connection
from bot.storage.database import Database, is_conflict, is_outage
from bot.storage.set_aside import put_aside

MOST = 256
"""Events in one transaction: where throughput stops growing and the slowest starts to wait."""

log = structlog.get_logger()


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


class NotSaved(MullError):
    """That could not be saved just now. Please try again in a moment."""


class Inbox:
    """Takes events, one transaction at a time, and never waits to fill a batch."""

    def __init__(
        self,
        database: Database,
        shelf: FlowShelf,
        on_committed: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database, self._shelf, self._on_committed, self._now = database, shelf, on_committed, now
        self._waiting: deque[tuple[Event, asyncio.Future[Outcome]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def accept(self, event: Event) -> Outcome:
        """Let an event happen; returns once it is on disk.

        Raises NotSaved where the database cannot take it: the sender keeps what was said.
        """
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, done))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await done

    async def close(self) -> None:
        """Finish what is waiting."""
        if self._worker is not None:
            await self._worker

    async def _work(self) -> None:
        while self._waiting:
            taken = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
            results = await self._try([event for event, _ in taken])
            if any(result is Outcome.ACCEPTED for result in results):
                self._on_committed()
            for (_, done), result in zip(taken, results, strict=True):
                if done.cancelled():
                    continue
                if isinstance(result, Outcome):
                    done.set_result(result)
                else:
                    done.set_exception(result)

    async def _try(self, events: Sequence[Event]) -> list[Outcome | NotSaved]:
        """Apply a batch; where it fails, one event at a time, so that a poison one stops nobody else."""
        try:
            outcomes = await self._write(events)
        except Exception as fault:  # whatever a turn raised, its batch is rolled back and retried singly
            if is_outage(fault):
                log.warning("database_unavailable", fault=type(fault).__name__)
                return [NotSaved() for _ in events]
            return [await self._try_alone(event) for event in events]
        return [outcomes[event.id] for event in events]

    async def _try_alone(self, event: Event) -> Outcome | NotSaved:
        try:
            return (await self._write([event]))[event.id]
        except Exception as fault:  # the poison itself
            if is_outage(fault) or is_conflict(fault):
                return NotSaved()
            return await self._set_aside(event, fault)

    async def _set_aside(self, event: Event, fault: Exception) -> Outcome | NotSaved:
        """Keep a poison event with its reason, so that nothing is lost and nobody else waits."""
        reason = f"{type(fault).__name__}: {fault.args[0] if isinstance(fault, MullError) and fault.args else ''}"
        log.error("event_set_aside", event_id=event.id, reason=reason)
        at = self._now()
        try:
            body = json.dumps(asdict(event) | {"kind": type(event).__name__}, default=str)
            await self._database.write(lambda connection: put_aside(connection, event.id, reason, body, at))
        except Exception as second:
            log.error("set_aside_failed", event_id=event.id, fault=type(second).__name__)
            return NotSaved()
        return Outcome.SET_ASIDE

    async def _write(self, events: Sequence[Event]) -> dict[EventId, Outcome]:
        """Apply events in one transaction; once more where they turn out to concern more people."""
        also: frozenset[PersonId] = frozenset()
        while True:
            try:
                return await self._database.write(partial(self._apply, events=events, also=also))
            except MoreToLock as more:
                also |= more.people

    def _apply(
        self, connection: Connection, events: Sequence[Event], also: frozenset[PersonId]
    ) -> dict[EventId, Outcome]:
        return Batch(connection, self._shelf, self._now(), also).apply(events)
