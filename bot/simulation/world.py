"""Living a year: time jumps from one moment at which something happens to the next, and faults come as planned."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import TypeAlias
from zlib import crc32

from bot.core.errors import MullError
from bot.core.events import Outcome
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import NotSaved
from bot.simulation.acting import Act, Mail, mail_of, mail_of_plan, reaction
from bot.simulation.house import House, MortalDatabase, survives
from bot.simulation.making import on_tick
from bot.simulation.platform import PLATFORM, FakePlatform, Sight
from bot.simulation.record import Deed, Did, Gap, Kind, Record
from bot.simulation.staging import build_school, settings_of
from bot.simulation.year import Fault, Planned, Trouble, Year
from bot.storage.database import Database
from bot.storage.outbox import next_due

STEP = timedelta(hours=1)
"""How far the computer's clock is put forward, and back again."""

SOON = timedelta(minutes=2)
MOST_TURNS = 400
"""Turns at one moment: more means that something does not come to rest."""

TWICE, AGAIN_AFTER = 50, (timedelta(0), timedelta(minutes=5), timedelta(days=1))
"""One event in so many is delivered twice: at once, soon, or a day later."""


class Restless(MullError):
    """Mull does not come to rest: it finds something to do at the same moment over and over."""


class Unsettled(MullError):
    """The school could not be set up as it was invented."""


class PutBack:
    """The computer's clock is put back to what it was."""


Thing: TypeAlias = Act | Mail | Planned | Trouble | PutBack


class World:
    """One year, lived once."""

    _now: datetime

    def __init__(
        self, year: Year, database: Database, make_platform: Callable[..., FakePlatform] = FakePlatform
    ) -> None:
        self._now = year.begins_at
        self.record = Record()
        self._year, self._database = year, MortalDatabase(database)
        self._programs = {program.id: program for program in year.programs}
        titles = {program.title: program.id for program in year.programs}
        self._platform = make_platform(
            year.seed, titles, year.troubles, lambda: self._now, self._see, is_faulty=year.is_faulty
        )
        self._turns = 0
        self._repeats_until, self._lives = year.begins_at, 0
        self._numbers, self._order = count(1), count()
        self._todo: list[tuple[datetime, int, Thing]] = []
        self._latest: dict[tuple[str, str], Sight] = {}
        self._sent: list[Mail] = []
        self._is_clock_due = False
        self._house = self._moved_in()

    async def live(self) -> Record:
        """Live through the year."""
        await self._set_up()
        while (at := await self._next_moment()) < self._year.ends_at:
            self._count_turns(at)
            self._now = max(self._now, at)
            if trouble := self._due_trouble():
                await self._suffer(trouble)
            elif not await survives(self._database, self._turn):
                await self._start_again()
        self.record.unreachable += [
            Gap(one.begins_at, one.ends_at) for one in self._year.troubles if one.fault is Fault.PLATFORM
        ]
        return self.record

    # Moments.

    async def _set_up(self) -> None:
        year = self._year
        await self._database.write(lambda connection: build_school(connection, year))
        for event in settings_of(year):
            if await self._house.inbox.accept(event) is Outcome.SET_ASIDE:
                raise Unsettled
        for plan in year.planned:
            self._plan(plan.at, plan)
        for trouble in year.troubles:
            if trouble.fault not in (Fault.CLOSED, Fault.PLATFORM):
                self._plan(trouble.begins_at, trouble)

    async def _next_moment(self) -> datetime:
        """Find when something happens next: to people, by Mull itself, or on its way out."""
        planned = self._todo[0][0] if self._todo else self._year.ends_at
        planned = min(planned, self._year.ends_at)
        coming = await self._house.clock.next_moment(planned)
        outgoing = await self._database.read(lambda connection: next_due(connection, [PLATFORM], self._now))
        at = min(one for one in (planned, coming, outgoing) if one is not None)
        self._is_clock_due = coming is not None and coming <= max(at, self._now)
        return at

    def _count_turns(self, at: datetime) -> None:
        self.record.moments += 1
        self._turns = self._turns + 1 if at <= self._now else 0
        if self._turns > MOST_TURNS:
            raise Restless

    async def _turn(self) -> None:
        """Let people do what they do now, the clock tick, and what is due go out."""
        self._sent = [mail for thing in self._taken() if (mail := self._mail(thing)) is not None]
        await asyncio.gather(*(self._post(mail) for mail in self._sent))
        self._sent = []
        if self._is_clock_due:
            await self._house.clock.tick()
        self._platform.is_amid = True
        while self._platform.is_amid:
            self._platform.is_amid = False
            await self._house.outbox.deliver_due()

    def _plan(self, at: datetime, thing: Thing) -> None:
        heappush(self._todo, (at, next(self._order), thing))

    # What people do.

    def _taken(self) -> Iterator[Act | Mail | Planned]:
        """Take what people do now; in an hour that the clock shows for the second time they do nothing."""
        while self._todo and self._todo[0][0] <= self._now:
            thing = self._todo[0][2]
            if isinstance(thing, Trouble | PutBack):
                return
            heappop(self._todo)
            if self._now < self._repeats_until:
                self._plan(on_tick(self._repeats_until), thing)
            else:
                yield thing

    def _mail(self, thing: Act | Mail | Planned) -> Mail | None:
        """Write out what somebody does, if they still do: whoever is to be shown something waits for it first."""
        if isinstance(thing, Mail):
            return thing
        if isinstance(thing, Planned):
            return mail_of_plan(thing, self._programs.get(thing.about), next(self._numbers))
        seen = thing.sight.seen
        if self._latest.get((seen.person, seen.program)) is not thing.sight:
            return None
        if seen.person in self._platform.missed:
            self._plan(on_tick(self._now + SOON), replace(thing, at=on_tick(self._now + SOON)))
            return None
        if thing.did in (Did.ANSWERED, Did.STOPPED):
            del self._latest[seen.person, seen.program]
        return mail_of(thing, next(self._numbers))

    async def _post(self, mail: Mail) -> None:
        """Hand an event over; what cannot be saved now comes again, and some of the rest comes twice."""
        try:
            outcome = await self._house.inbox.accept(mail.event)
        except NotSaved:
            self._plan(self._now + SOON, mail)
            return
        if mail.is_copy:
            if outcome is not Outcome.DUPLICATE:
                self.record.surprises.append(f"{mail.event.id} came twice and counted twice")
            return
        self.record.deeds.append(mail.deed._replace(came_in_at=self._now))
        if crc32(f"{self._year.seed}/{mail.event.id}".encode()) % TWICE == 0 and self._year.is_faulty:
            pause = AGAIN_AFTER[len(self.record.deeds) % len(AGAIN_AFTER)]
            self._plan(self._now + pause, replace(mail, is_copy=True))

    def _see(self, sight: Sight) -> None:
        """Let somebody see a question, and decide what they do about it."""
        seen = sight.seen
        self.record.seen.append(seen)
        key = (seen.person, seen.program)
        if seen.kind is Kind.OFFERED:
            self.record.deeds.append(Deed(seen.person, Did.WAS_OFFERED, seen.at, seen.at, seen.program))
        before = self._latest.get(key)
        if before is not None and before.run == sight.run:
            sight = replace(before, seen=seen)
        self._latest[key] = sight
        act = reaction(self._year.seed, sight)
        if act is not None:
            self._plan(act.at, act)

    # What goes wrong.

    def _due_trouble(self) -> Trouble | PutBack | None:
        """Take a trouble that comes now, before anybody does anything else."""
        if self._todo and self._todo[0][0] <= self._now and isinstance(self._todo[0][2], Trouble | PutBack):
            thing = heappop(self._todo)[2]
            return thing if isinstance(thing, Trouble | PutBack) else None
        return None

    async def _suffer(self, trouble: Trouble | PutBack) -> None:
        if isinstance(trouble, PutBack):
            self._repeats_until, self._now = self._now, self._now - STEP
            return
        match trouble.fault:
            case Fault.KILLED:
                self._database.light_fuse(trouble.size)
            case Fault.DOWN:
                await self._house.inbox.close()
                self._pass_over(trouble.ends_at)
                self._house = self._moved_in()
                await self._house.clock.tidy()
            case Fault.CLOCK:
                self._pass_over(self._now + STEP)
                self._plan(trouble.ends_at, PutBack())
            case Fault.DATABASE:
                await self._lose_database()
                self._pass_over(trouble.ends_at)
            case _:
                raise Unsettled

    def _pass_over(self, until: datetime) -> None:
        self.record.away.append(Gap(self._now, until))
        self._now = until

    async def _lose_database(self) -> None:
        """Let the database be away while somebody does something, the clock ticks and something is to go out."""
        self._database.is_away, self._is_clock_due = True, True
        try:
            await self._turn()
        except OSError:
            self._is_clock_due = False
        self._database.is_away = False

    async def _start_again(self) -> None:
        """Go on after the process was killed: what nobody heard of comes again."""
        for mail in self._sent:
            self._plan(self._now, mail)
        self._sent = []
        self._house = self._moved_in()

    def _moved_in(self) -> House:
        self._lives += 1
        adapters = {PLATFORM: self._platform}
        return House(self._database, adapters, FlowShelf(), lambda: self._now, f"process {self._lives}")
