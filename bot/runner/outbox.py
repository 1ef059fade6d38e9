"""Delivering what was committed: claim under a lease, hand to the adapter, write down what became of it."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.adapters.base import Adapter, Attempt, Dead, Delivery, Sent, TryAgain, Unsure
from bot.core.effects import AskAboutPost, EffectId
from bot.core.people import platform_of
from bot.storage.connection import Connection
from bot.storage.database import Database
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

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=1)
ROUNDS = 20
"""Batches under way at once, so that a slow platform holds up nobody else."""

QUICK = 0.05
"""Seconds in which a batch is usually delivered; only beyond them is the next one begun beside it."""

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
        self._rounds: set[asyncio.Task[None]] = set()
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
                pause = 0.0 if await self._begin_round() else await self._pause()
            except Exception as fault:  # a database that is away for a while must not end the deliveries
                log.warning("outbox_paused", fault=type(fault).__name__)
                pause = IDLE
            if pause:
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._woken.wait()
        if self._rounds:
            await asyncio.wait(self._rounds)

    async def deliver_due(self) -> int:
        """Deliver what is due now; answer how many effects were tried."""
        claimed = await self._claim_due()
        if claimed:
            await self._deliver_all(claimed)
        return len(claimed)

    async def settle(self, results: Sequence[tuple[EffectId, Delivery]]) -> None:
        """Write down what became of effects that were taken with the event that caused them."""

        def work(connection: Connection) -> None:
            seqs = seqs_of(connection, [effect for effect, _ in results])
            finish_effects(
                connection,
                self._owner,
                self._now(),
                sent=[(seqs[name], found.remote_id) for name, found in results if isinstance(found, Sent)],
                retries=[
                    Retry(seqs[name], self._now() + (found.after or timedelta()), found.reason)
                    for name, found in results
                    if isinstance(found, TryAgain)
                ],
                dead=[(seqs[name], found.reason) for name, found in results if isinstance(found, Dead)],
            )

        await self._database.write(work)
        self.wake()

    async def _begin_round(self) -> bool:
        """Deliver what is due, waiting only for what is quick; say whether anything was."""
        if len(self._rounds) >= ROUNDS:
            await asyncio.wait(self._rounds, return_when=asyncio.FIRST_COMPLETED)
        claimed = await self._claim_due()
        if claimed:
            task = asyncio.create_task(self._deliver_all(claimed))
            self._rounds.add(task)
            task.add_done_callback(self._end_round)
            await asyncio.wait({task}, timeout=QUICK)
        return bool(claimed)

    def _end_round(self, task: "asyncio.Task[None]") -> None:
        self._rounds.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:  # its leases run out, and then it is tried again
            log.warning("outbox_paused", fault=type(fault).__name__)
        self.wake()

    async def _claim_due(self) -> list[Claimed]:
        now = self._now()
        return await self._database.write(lambda connection: self._claim(connection, now))

    async def _deliver_all(self, claimed: Sequence[Claimed]) -> None:
        """Deliver a batch; what is quick is noted at once, so that a slow conversation holds up nobody else's next."""
        broken: set[int] = set()
        under_way = {asyncio.create_task(self._deliver(row, broken)): row for row in claimed}
        try:
            while under_way:
                done, _ = await asyncio.wait(under_way, timeout=QUICK)
                if not done:
                    done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                results = [(under_way.pop(task), task.result()) for task in done]
                await self._database.write(partial(self._finish, results=results, broken=broken))
                self.wake()
        finally:
            for task in under_way:
                task.cancel()

    async def _deliver(self, row: Claimed, broken: set[int]) -> Delivery:
        adapter = self._adapters[platform_of(row.effect.place)]
        attempt = Attempt(row.attempts, row.since, is_reply=row.is_reply, shown=row.shown, was_lost=row.was_lost)
        try:
            async with asyncio.timeout(self._patience):
                return await adapter.deliver(row.effect, attempt)
        except TimeoutError:
            return TryAgain(reason="the platform did not answer in time")
        except Exception as fault:  # one effect that cannot be shown must not hold up the others
            log.error("delivery_failed", effect_id=row.effect.id, fault=type(fault).__name__)
            broken.add(row.seq)
            return TryAgain(reason=f"showing it failed ({type(fault).__name__})")

    def _claim(self, connection: Connection, now: datetime) -> list[Claimed]:
        return claim_effects(connection, self._owner, self._adapters.keys(), now=now, until=now + LEASE, most=MOST)

    def _finish(
        self, connection: Connection, results: Sequence[tuple[Claimed, Delivery]], broken: Collection[int]
    ) -> None:
        now = self._now()
        sent, retries, dead, unsure = [], [], [], []
        for row, delivery in results:
            match delivery:
                case Sent():
                    sent.append((row.seq, delivery.remote_id))
                case Dead():
                    dead.append((row.seq, delivery.reason))
                case Unsure():
                    unsure.append((row.seq, delivery.reason))
                case TryAgain() if row.attempts >= TRIES and (row.seq in broken or now - row.since > GIVE_UP):
                    dead.append((row.seq, f"tried {row.attempts} times; the last time {delivery.reason}"))
                case TryAgain():
                    pause = delivery.after or min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 10), LONGEST_PAUSE)
                    retries.append(Retry(row.seq, now + pause, delivery.reason))
        finish_effects(connection, self._owner, now, sent=sent, retries=retries, dead=dead, unsure=unsure)
        save_effects(
            connection,
            [out for row, found in results if isinstance(found, Unsure) for out in _asked(connection, row, now)],
        )

    async def _pause(self) -> float:
        now = self._now()
        due = await self._database.read(lambda connection: next_due(connection, self._adapters.keys(), now))
        return IDLE if due is None else min(IDLE, max(0.05, (due - now).total_seconds()))


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
