"""The one door: whatever events wait are applied in one transaction, and only then is anybody told."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial

import structlog

from bot.adapters.base import Answered
from bot.core.errors import MullError
from bot.core.events import Event, EventId, Outcome
from bot.core.people import PersonId
from bot.runner.batch import Batch, MoreToLock
from bot.runner.flow_shelf import FlowShelf
from bot.runner.outbox import LEASE
from bot.storage.connection import Connection
from bot.storage.database import Database, is_conflict, is_outage
from bot.storage.set_aside import put_aside
from bot.storage.turns import Lease

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
        owner: str = "",
    ) -> None:
        self._database, self._shelf, self._on_committed, self._now = database, shelf, on_committed, now
        self._owner = owner
        self._waiting: deque[tuple[Event, bool, asyncio.Future[Answered]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def accept(self, event: Event) -> Outcome:
        """Let an event happen; returns once it is on disk.

        Raises NotSaved where the database cannot take it: the sender keeps what was said.
        """
        return (await self._take_in(event, at_once=False)).outcome

    async def accept_at_once(self, event: Event) -> Answered:
        """Let an event happen and hand over what answers it, leased to the outbox of the same owner.

        Raises NotSaved.
        """
        return await self._take_in(event, at_once=True)

    async def close(self) -> None:
        """Finish what is waiting."""
        if self._worker is not None:
            await self._worker

    async def _take_in(self, event: Event, *, at_once: bool) -> Answered:
        done: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, at_once, done))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await done

    async def _work(self) -> None:
        while self._waiting:
            taken = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
            at_once = frozenset(event.id for event, is_taken, _ in taken if is_taken)
            results = await self._try([event for event, _, _ in taken], at_once)
            if any(isinstance(result, Answered) and result.outcome is Outcome.ACCEPTED for result in results):
                self._on_committed()
            for (_, _, done), result in zip(taken, results, strict=True):
                if done.cancelled():
                    continue
                if isinstance(result, Answered):
                    done.set_result(result)
                else:
                    done.set_exception(result)

    async def _try(self, events: Sequence[Event], at_once: frozenset[EventId]) -> list[Answered | NotSaved]:
        """Apply a batch; where it fails, one event at a time, so that a poison one stops nobody else."""
        try:
            outcomes = await self._write(events, at_once)
        except Exception as fault:  # whatever a turn raised, its batch is rolled back and retried singly
            if is_outage(fault):
                log.warning("database_unavailable", fault=type(fault).__name__)
                return [NotSaved() for _ in events]
            return [await self._try_alone(event, at_once) for event in events]
        # What answers an event is shown once, also where it came twice at the same time.
        return [outcomes.pop(event.id, Answered(Outcome.DUPLICATE)) for event in events]

    async def _try_alone(self, event: Event, at_once: frozenset[EventId]) -> Answered | NotSaved:
        try:
            return (await self._write([event], at_once))[event.id]
        except Exception as fault:  # the poison itself
            if is_outage(fault) or is_conflict(fault):
                return NotSaved()
            return await self._set_aside(event, fault)

    async def _set_aside(self, event: Event, fault: Exception) -> Answered | NotSaved:
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
        return Answered(Outcome.SET_ASIDE)

    async def _write(self, events: Sequence[Event], at_once: frozenset[EventId]) -> dict[EventId, Answered]:
        """Apply events in one transaction; once more where they turn out to concern more people."""
        also: frozenset[PersonId] = frozenset()
        while True:
            try:
                return await self._database.write(partial(self._apply, events=events, also=also, at_once=at_once))
            except MoreToLock as more:
                also |= more.people

    def _apply(
        self,
        connection: Connection,
        events: Sequence[Event],
        also: frozenset[PersonId],
        at_once: frozenset[EventId],
    ) -> dict[EventId, Answered]:
        now = self._now()
        taken = {event: Lease(self._owner, now + LEASE) for event in at_once}
        return Batch(connection, self._shelf, now, also, taken).apply(events)
