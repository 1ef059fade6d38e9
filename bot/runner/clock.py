"""The only place where time passes by itself: due timers become events, old traces are dropped.

APScheduler is the ticker that asks "what is due?"; the truth is in the database, so any number of clocks may ask.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.core.events import EventId, FanOutDue, OccurrenceDue, Outcome, ProgramDue, TimerFired
from bot.core.occurrences import FanOut, Occurrence
from bot.core.people import PersonId
from bot.core.review import AdultsCalled
from bot.core.runs import Timer
from bot.runner.fan_out import CHUNK, give_up_fan_out
from bot.runner.inbox import Inbox, NotSaved, utc_now
from bot.runner.schedule import due_event
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.fan_outs import due_fan_outs
from bot.storage.flags import Flag, due_flags
from bot.storage.occurrences import due_occurrences, let_rest
from bot.storage.outbox import drop_bodies
from bot.storage.programs import due_programs, let_program_rest
from bot.storage.timers import drop_fired, due_timers, forget_events

TICK = 5
MOST = 500
MOST_PROGRAMS = 100
"""Programs begun in one transaction: those that write to each person by themselves make it a long one."""

BODIES_KEPT = timedelta(days=7)
EVENTS_KEPT = timedelta(days=30)

log = structlog.get_logger()


class Clock:
    """Ticks while Mull runs."""

    def __init__(self, database: Database, inbox: Inbox, now: Callable[[], datetime], chunk: int = CHUNK) -> None:
        self._database, self._inbox, self._now, self._chunk = database, inbox, now, chunk
        self._turn = asyncio.Lock()
        self._is_stopping = False
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        # A late tick is as good as a punctual one, and several missed ones are one.
        common: dict[str, Any] = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler.add_job(self.tick, "interval", seconds=TICK, next_run_time=utc_now(), **common)
        self._scheduler.add_job(self.tidy, "interval", hours=1, next_run_time=utc_now(), **common)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Tick no more, once what has begun is done."""
        self._is_stopping = True
        self._scheduler.pause()
        await asyncio.sleep(0)  # a tick that was just due takes its turn first
        async with self._turn:
            self._scheduler.shutdown(wait=False)

    async def tick(self) -> int:
        """Fire what is due now; answer how many programs, chunks of people, timers and occurrences that were."""
        try:
            async with self._turn:
                begun = await self._call_adults() + await self._begin_due() + await self._fan_out_due()
                return begun + await self._fire_due() + await self._wake_due()
        except Exception as fault:  # a database that is away for a while must not end the ticking
            log.warning("tick_failed", fault=type(fault).__name__)
            return 0

    async def next_moment(self, until: datetime) -> datetime | None:
        """Find the first moment, up to another, at which something becomes due."""

        def look(connection: Connection) -> datetime | None:
            moments = [timer.due_at for _, timer in due_timers(connection, until, 1)]
            moments += [one.next_at for one in due_programs(connection, until, 1) if one.next_at is not None]
            moments += [one.due_at for one in due_fan_outs(connection, until, 1)]
            moments += [one.call_at for one in due_flags(connection, until, 1) if one.call_at is not None]
            moments += [one.due_at for one in due_occurrences(connection, until, 1) if one.due_at is not None]
            return min(moments, default=None)

        return await self._database.read(look)

    async def tidy(self) -> None:
        """Drop what is kept for a while only: sent bodies after 7 days, event ids after 30."""
        now = self._now()

        def work(connection: Connection) -> None:
            drop_bodies(connection, now - BODIES_KEPT)
            forget_events(connection, now - EVENTS_KEPT)

        try:
            async with self._turn:
                await self._database.write(work)
        except Exception as fault:
            log.warning("tidy_failed", fault=type(fault).__name__)

    async def _call_adults(self) -> int:
        """Have adults told of those who want to talk to one, before anything else is done."""
        now = self._now()
        due = await self._database.read(partial(due_flags, now=now, most=MOST))
        return sum(await asyncio.gather(*(self._call(flag, now) for flag in due)))

    async def _call(self, flag: Flag, now: datetime) -> bool:
        if flag.call_at is None:
            return False
        name = f"mull/flag/{flag.id}.{flag.call_at.timestamp():.6f}"
        event = AdultsCalled(id=EventId(name), at=now, who=flag.person, flag=flag.id, call_at=flag.call_at)
        try:
            return await self._inbox.accept(event) is Outcome.ACCEPTED
        except NotSaved:
            return False

    async def _fire_due(self) -> int:
        now = self._now()
        due = await self._database.read(lambda connection: due_timers(connection, now, MOST))
        taken = await asyncio.gather(*(self._fire(person, timer, now) for person, timer in due))
        fired = [timer for (_, timer), is_taken in zip(due, taken, strict=True) if is_taken]
        if fired:
            await self._database.write(lambda connection: drop_fired(connection, fired))
        return len(fired)

    async def _fire(self, person: PersonId, timer: Timer, now: datetime) -> bool:
        """Hand one timer to the one door; its id makes two clocks that fire it one event."""
        name = f"mull/clock/{timer.run}.{timer.wait}.{timer.kind}.{timer.due_at.timestamp():.6f}"
        event = TimerFired(id=EventId(name), at=now, who=person, run=timer.run, wait=timer.wait, kind=timer.kind)
        try:
            await self._inbox.accept(event)
        except NotSaved:
            return False
        return True

    async def _begin_due(self) -> int:
        """Hand the moments of programs to the one door; two clocks that do so are one event."""
        done = 0
        while not self._is_stopping:
            now = self._now()
            due = await self._database.read(partial(due_programs, now=now, most=MOST_PROGRAMS))
            events = [event for program in due if (event := due_event(program, now)) is not None]
            taken = sum(await asyncio.gather(*(self._begin(event) for event in events)))
            done += taken
            if not taken:
                return done
        return done

    async def _begin(self, event: ProgramDue) -> bool:
        try:
            outcome = await self._inbox.accept(event)
        except NotSaved:
            return False
        if outcome is Outcome.SET_ASIDE:
            await self._database.write(lambda connection: let_program_rest(connection, event.program, event.day))
        return outcome is Outcome.ACCEPTED

    async def _fan_out_due(self) -> int:
        """Ask everybody whose turn it is, about a chunk of people at a time, until there is nobody left."""
        done = 0
        while not self._is_stopping:
            now = self._now()
            due = await self._database.read(partial(due_fan_outs, now=now, most=MOST))
            outcomes = await asyncio.gather(*(self._fan_out(one, now) for one in _first_chunk(due, self._chunk)))
            taken = outcomes.count(Outcome.ACCEPTED)
            done += taken
            if not taken:  # nobody is left, or another process is at it
                return done
        return done

    async def _fan_out(self, one: FanOut, now: datetime) -> Outcome | None:
        name = f"mull/fan-out/{one.occurrence}/{one.step}/{one.zone}/{one.due_at.timestamp():.6f}/{one.cursor}"
        event = FanOutDue(
            id=EventId(name),
            at=now,
            who=one.by,
            occurrence=one.occurrence,
            step=one.step,
            zone=one.zone,
            cursor=one.cursor,
            most=self._chunk,
        )
        try:
            outcome = await self._inbox.accept(event)
        except NotSaved:
            return None
        if outcome in (Outcome.SET_ASIDE, Outcome.UNKNOWN):
            await self._database.write(lambda connection: give_up_fan_out(connection, one))
        return outcome

    async def _wake_due(self) -> int:
        now = self._now()
        due = await self._database.read(lambda connection: due_occurrences(connection, now, MOST))
        woken = [await self._wake(one, now) for one in due]
        return sum(woken)

    async def _wake(self, one: Occurrence, now: datetime) -> bool:
        """Hand one occurrence's moment to the one door; one that cannot be woken is left alone from then on."""
        if one.due_at is None:
            return False
        due_at = one.due_at
        # What came late may bring a moment back that was seen to before: it is handed over under another name.
        name = f"mull/clock/{one.id}.{due_at.timestamp():.6f}.{now.timestamp():.6f}"
        event = OccurrenceDue(id=EventId(name), at=now, who=one.by, occurrence=one.id, due_at=due_at)
        try:
            outcome = await self._inbox.accept(event)
        except NotSaved:
            return False
        if outcome is Outcome.SET_ASIDE:
            await self._database.write(lambda connection: let_rest(connection, one.id, due_at))
        return True


def _first_chunk(due: Sequence[FanOut], most: int) -> list[FanOut]:
    """Take as many as make one chunk of people together, and one at least: they are asked in one transaction.

    Nobody is asked the same twice in it: whether they are the second time depends on what came of the first.
    """
    firsts: dict[tuple[str, str, str], FanOut] = {}
    for one in due:
        firsts.setdefault((one.group, one.flow, one.zone), one)
    sizes = accumulate(min(one.size, most) for one in firsts.values())
    return [one for one, size in zip(firsts.values(), sizes, strict=True) if size <= most] or list(due[:1])
