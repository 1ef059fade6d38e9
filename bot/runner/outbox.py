"""Delivering what was committed: claim under a lease, hand to the adapter, write down what became of it."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from bot.adapters.base import Adapter, Attempt, Dead, Delivery, Sent, TryAgain, Unsure, Waits
from bot.core.effects import AskAboutPost, EffectId
from bot.core.people import platform_of
from bot.runner.calling import OVER, calls, settled_meanwhile
from bot.storage.connection import Connection
from bot.storage.database import Database, is_outage
from bot.storage.occurrences import load_places
from bot.storage.outbox import Claimed, Retry, claim_effects, finish_effects, next_due, seqs_of
from bot.storage.turns import Outgoing, save_effects

LEASE = timedelta(seconds=60)
"""How long a process may take over one batch before another takes it."""

MOST = 500
"""Effects claimed at once; measured: beyond 50 a claim costs a few microseconds an effect."""

PATIENCE = 45.0
"""Seconds a platform may take over one effect: less than the lease, so that none of ours runs out meanwhile."""

TRIES = 5
"""How often an effect is tried that could not even be shown: there is something wrong with it."""

GIVE_UP = timedelta(hours=24)
"""How long a platform that does not take an effect is asked again."""

WAITS_FOR = timedelta(days=28)
"""How long something waits for a person to come by."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=1)
MOST_UNDER_WAY = 2_000
"""Effects being delivered at once, so that a slow platform holds up nobody else."""

QUICK = 0.05
"""Seconds in which a batch is usually delivered; only beyond them is the next one begun beside it."""

IDLE = 5.0
"""Seconds after which an idle outbox looks by itself: another process may have died with a lease."""

log = structlog.get_logger()


class Result(NamedTuple):
    """What became of one effect; one that `is_broken` could not even be shown."""

    row: Claimed
    delivery: Delivery
    is_broken: bool


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
        self._under_way: set[asyncio.Task[None]] = set()
        self._results: list[Result] = []
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
                pause = 0.0 if await self._turn_over() else await self._pause()
            except Exception as fault:  # a database that is away for a while must not end the deliveries
                log.warning("outbox_paused", fault=type(fault).__name__)
                pause = IDLE
            if pause:
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._woken.wait()
        await self._finish_all()

    async def deliver_due(self) -> int:
        """Deliver what is due now; answer how many effects were tried, or ended because they came too late."""
        claimed = await self._note_and_claim(MOST)
        self._begin(claimed)
        await self._finish_all()
        return len(claimed)

    async def settle(self, results: Sequence[tuple[EffectId, Delivery]]) -> None:
        """Write down what became of effects that were taken with the event that caused them."""

        def work(connection: Connection) -> None:
            seqs = seqs_of(connection, [effect for effect, _ in results])
            self._write(connection, [(seqs[name], delivery) for name, delivery in results], self._now())

        await self._database.write(work)
        self.wake()

    async def _turn_over(self) -> bool:
        """Note what was delivered, begin what is due, and wait only for what is quick; say whether anything was."""
        had_results = bool(self._results)
        claimed = await self._note_and_claim(min(MOST, MOST_UNDER_WAY - len(self._under_way)))
        tasks = self._begin(claimed)
        if tasks:
            await asyncio.wait(tasks, timeout=QUICK)
        return had_results or bool(claimed)

    async def _note_and_claim(self, most: int) -> list[Claimed]:
        """Write down what became of effects and lease new ones, in one transaction: others want to write as well."""
        now, results = self._now(), self._results
        self._results = []

        def work(connection: Connection) -> list[Claimed]:
            self._finish(connection, results, now)
            if not most:
                return []
            claimed = claim_effects(
                connection, self._owner, self._adapters.keys(), now=now, until=now + LEASE, most=most
            )
            over = settled_meanwhile(connection, claimed)
            self._write(connection, [(seq, Dead(OVER)) for seq in over], now)
            return [replace(row, is_over=row.is_over or row.seq in over) for row in claimed]

        try:
            return await self._database.write(work)
        except Exception as fault:
            if is_outage(fault):
                self._results = results + self._results
            raise

    def _begin(self, claimed: Sequence[Claimed]) -> "set[asyncio.Task[None]]":
        tasks = {asyncio.create_task(self._try(row)) for row in claimed if not row.is_over}
        self._under_way |= tasks
        for task in tasks:
            task.add_done_callback(self._under_way.discard)
        return tasks

    async def _finish_all(self) -> None:
        """Wait for what is under way, and note it."""
        await asyncio.gather(*self._under_way)
        if self._results:
            await self._note_and_claim(0)

    async def _try(self, row: Claimed) -> None:
        if self._now() >= row.leased_until:
            return  # this process stood still for so long that another one may have sent it
        delivery, is_broken = await self._deliver(row)
        self._results.append(Result(row, delivery, is_broken))
        self.wake()

    async def _deliver(self, row: Claimed) -> tuple[Delivery, bool]:
        """Hand an effect to its adapter; say also whether it could not even be shown."""
        adapter = self._adapters[platform_of(row.effect.place)]
        attempt = Attempt(row.attempts, row.since, is_reply=row.is_reply, shown=row.shown, was_lost=row.was_lost)
        try:
            async with asyncio.timeout(self._patience):
                return await adapter.deliver(row.effect, attempt), False
        except TimeoutError:
            return TryAgain(reason="the platform did not answer in time"), False
        except Exception as fault:  # one effect that cannot be shown must not hold up the others
            log.error("delivery_failed", effect_id=row.effect.id, fault=type(fault).__name__)
            return TryAgain(reason=f"showing it failed ({type(fault).__name__})"), True

    def _finish(self, connection: Connection, results: Sequence["Result"], now: datetime) -> None:
        final = [(result.row, _patiently(result, now)) for result in results]
        self._write(connection, [(row.seq, delivery) for row, delivery in final], now)
        for row, delivery, _ in results:
            if isinstance(delivery, Unsure):
                save_effects(connection, list(_asked(connection, row, now)))
        waiting = [row.effect for row, delivery in final if isinstance(delivery, Waits)]
        save_effects(connection, list(calls(connection, waiting, now)), is_once=True)

    def _write(self, connection: Connection, results: Sequence[tuple[int, Delivery]], now: datetime) -> None:
        finish_effects(
            connection,
            self._owner,
            now,
            sent=[(seq, found.remote_id) for seq, found in results if isinstance(found, Sent)],
            retries=[
                Retry(seq, now + (found.after or timedelta()), found.reason)
                for seq, found in results
                if isinstance(found, TryAgain)
            ],
            dead=[(seq, found.reason) for seq, found in results if isinstance(found, Dead)],
            unsure=[(seq, found.reason) for seq, found in results if isinstance(found, Unsure)],
            held=[Retry(seq, now + WAITS_FOR, found.reason) for seq, found in results if isinstance(found, Waits)],
        )

    async def _pause(self) -> float:
        now = self._now()
        due = await self._database.read(lambda connection: next_due(connection, self._adapters.keys(), now))
        return IDLE if due is None else min(IDLE, max(0.05, (due - now).total_seconds()))


def _patiently(result: Result, now: datetime) -> Delivery:
    """Say when what did not go through is tried again, and end what was tried, or waited, for long enough."""
    row, delivery, is_broken = result
    match delivery:
        case Waits() if row.has_waited:
            return Dead(delivery.reason)
        case TryAgain() if row.attempts >= TRIES and (is_broken or now - row.since > GIVE_UP):
            return Dead(f"tried {row.attempts} times; the last time {delivery.reason}")
        case TryAgain():
            pause = min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 10), LONGEST_PAUSE)
            return TryAgain(delivery.reason, delivery.after or pause)
        case _:
            return delivery


def _asked(connection: Connection, row: Claimed, now: datetime) -> Iterator[Outgoing]:
    """Ask whoever wanted a post whether it stands in its channel."""
    effect = row.effect
    place = load_places(connection, [effect.person]).get(effect.person)
    if place is not None:
        question = AskAboutPost(
            id=EffectId(f"{effect.id}/unsure/{now:%Y%m%d%H%M%S%f}"),
            person=effect.person,
            place=place,
            post=effect.id,
            text="I can't tell whether my post is in the channel. Is it there?",
        )
        yield Outgoing(question, now)
