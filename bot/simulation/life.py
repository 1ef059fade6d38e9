"""One person's year, for the oracle: what comes is taken in order of time, and each thing may bring further ones."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

from bot.simulation.oracle import Expected, Gaps, Occasion
from bot.simulation.record import Deed, Did, Kind, Stored
from bot.simulation.wall import after_night, is_night, moment_of, monday_of, wall_at
from bot.simulation.year import Group, Person, Program, Year

BUDGET, STANDS = 3, timedelta(days=5)
SHARES = (0.8, 0.95)
HOURS_LATER, LATEST, TOMORROW_AT = timedelta(hours=3), time(20), time(15)
TRIED_AGAIN = timedelta(minutes=2)
"""How long what was refused, or under way in a process that died, takes to come, unless Mull goes away meanwhile."""

LATE = timedelta(minutes=15)
"""From when on something is too late to come in the night as well."""

DEED, REMINDED, ASKED, AGAIN, SHOWN = range(5)
"""What comes first of what happens at the same moment."""


@dataclass(slots=True, kw_only=True)
class Copy:
    """One person's copy of an occurrence, or of what they began themselves.

    It `is_shown` once Mull has sent it out, and `is_seen` once it has come. What was put off `is_near` where its time
    passed while Mull was away, and its person did something else before the morning.
    """

    program: Program
    day: date
    began_at: datetime
    closes_at: datetime | None = None
    is_own: bool = False
    is_shown: bool = False
    is_seen: bool = False
    is_over: bool = False
    comes_up: bool = False
    comes_at: datetime | None = None
    is_doubtful: bool = False
    put_off_until: datetime | None = None
    is_near: bool = False
    reminders: int = 0
    reminded_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Life:
    """Lives through one person's year; what they have to see and what is kept of them is read off afterwards."""

    year: Year
    person: Person
    groups: dict[str, Group]
    programs: dict[str, Program]
    away: Gaps
    out_of_reach: Gaps
    closed: Gaps
    came_first: Callable[[str, datetime], bool]
    """Says which program came at a moment, where several were due and a week has no room for all."""

    expected: list[Expected] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    _todo: list[tuple[datetime, int, bool, datetime, int, Callable[..., None], tuple[Any, ...]]] = field(
        default_factory=list
    )
    _member_of: set[str] = field(default_factory=set)
    _copies: dict[str, Copy] = field(default_factory=dict)
    _own: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    _weeks: Counter[date] = field(default_factory=Counter)
    _paused_until: datetime | None = None
    _now: datetime = field(init=False)
    _count: Iterator[int] = field(default_factory=count)

    def live(self, coming: Sequence[Occasion], deeds: Sequence[Deed]) -> None:
        """Go through the year."""
        self._now = self.year.begins_at
        self._member_of = {group.id for group in self.groups.values() if self.person.id in group.members}
        for deed in deeds:
            heappush(self._todo, (deed.came_in_at, DEED, False, deed.at, next(self._count), self._do, (deed,)))
        for one in coming:
            self._at(max(one.begins_at, self._moment_of(one)), ASKED, self._ask, one)
        while self._todo:
            self._now, _, _, _, _, happen, given = heappop(self._todo)
            happen(*given)

    # What the year brings.

    def _ask(self, one: Occasion) -> None:
        program, now = one.program, self._now
        if self._is_for_the_morning(program, self._moment_of(one)):
            self._at(after_night(now, self._zone(program)), ASKED, self._ask, one)
            return
        zone, opens_at = self._zone(program), one.opens_at(self._zone_for(one))
        closes_at = opens_at + program.lasts
        if program.group not in self._member_of or now >= closes_at or self._answered_early(one):
            return
        before = self._copies.get(program.id)
        if before and not before.is_over and now - before.began_at < STANDS and (before.is_shown or before.comes_up):
            return
        copy = self._replace(Copy(program=program, day=one.day, began_at=now, closes_at=closes_at))
        shown_at = self._moment_for(one, zone)
        if shown_at < closes_at:
            copy.comes_up, copy.comes_at = True, shown_at
            self._weeks[monday_of(shown_at, zone)] += 1
            self._at(shown_at, SHOWN, self._show, copy, shown_at)
        self._plan_reminders(copy, opens_at, zone)

    def _moment_for(self, one: Occasion, zone: str) -> datetime:
        """Find when a prompt is to come: at its time, one that they like, after their pause, in a week with room."""
        at = max(self._now, self._liked_after(self._now, zone), self._paused_until or self._now)
        if self._weeks[monday_of(at, zone)] >= BUDGET:
            return moment_of(monday_of(at, zone) + timedelta(days=7), one.program.rhythm.at, zone)
        return at

    def _moment_of(self, one: Occasion) -> datetime:
        """Find the moment that an occurrence has for this person: not in the night of those who live elsewhere."""
        opens_at, zone = one.opens_at(self._zone_for(one)), self._zone(one.program)
        is_meant = wall_at(opens_at, zone).time() == one.program.rhythm.at
        return opens_at if is_meant or one.program.is_own_time else after_night(opens_at, zone)

    def _liked_after(self, at: datetime, zone: str) -> datetime:
        if self.person.likes is None:
            return at
        weekday, clock = self.person.likes
        days = (monday_of(at, zone) + timedelta(days=weekday + 7 * week) for week in range(3))
        return next(moment for day in days if (moment := moment_of(day, clock, zone)) >= at)

    def _answered_early(self, one: Occasion) -> bool:
        began_at, ended_at = self._own.get(one.program.id, (None, None))
        if began_at is None or ended_at is None:
            return False
        monday = one.day - timedelta(days=one.day.weekday())
        return began_at >= moment_of(monday, time(), self.groups[one.program.group].zone) and ended_at <= self._now

    def _plan_reminders(self, copy: Copy, opens_at: datetime, zone: str) -> None:
        slots = (after_night(opens_at + share * copy.program.lasts, zone) for share in SHARES)
        found = {self.away.after(slot): slot for slot in slots if slot < opens_at + copy.program.lasts}
        for at, slot in found.items():
            if at > self._now:  # what passed before they were asked reminds them of nothing
                self._at(at, REMINDED, self._remind, copy, slot)

    def _show(self, copy: Copy, due_at: datetime) -> None:
        if copy.is_over or copy.is_shown:
            return
        if self._is_for_the_morning(copy.program, due_at):
            self._at(after_night(self._now, self._zone(copy.program)), SHOWN, self._show, copy, due_at)
            return
        if copy.closes_at is not None and self._now >= copy.closes_at:
            copy.comes_up = False
            return
        if self._is_paused:
            self._put_behind_pause(copy)
            return
        copy.is_shown = True
        self._see(copy, Kind.PROMPT)

    def _put_behind_pause(self, copy: Copy) -> None:
        """What was to come in a pause that began meanwhile comes right after it, if that is not too late."""
        if self._paused_until is not None and copy.closes_at is not None and self._paused_until < copy.closes_at:
            self._at(self._paused_until, SHOWN, self._show, copy, self.away.after(self._paused_until))
        else:
            copy.is_doubtful = True

    def _remind(self, copy: Copy, slot: datetime) -> None:
        if copy.closes_at is None or self._now >= copy.closes_at:
            return
        zone = self._zone(copy.program)
        if is_night(self._now, zone):  # found late, after a time away
            morning = after_night(self._now, zone)
            self._at(morning, REMINDED, self._remind, copy, morning)
            return
        is_silent = copy.is_shown and not copy.is_over and copy.put_off_until is None
        had_all = copy.reminders >= copy.program.reminders or copy.reminded_at == self._now
        fell_into_pause = self._paused_until is not None and self._paused_until >= slot
        # Who began it themselves is not reminded at the very moment at which it was to come.
        is_its_moment = copy.comes_at is not None and slot <= copy.comes_at <= self._now
        if not is_silent or fell_into_pause or had_all or is_its_moment:
            return
        copy.reminded_at = self._now
        if self._see(copy, Kind.REMINDER):
            copy.reminders += 1

    def _ask_again(self, copy: Copy, until: datetime) -> None:
        if copy.is_over or copy.put_off_until != until:
            return
        if self._is_for_the_morning(copy.program, until):
            self._at(after_night(self._now, self._zone(copy.program)), AGAIN, self._ask_again, copy, until)
            return
        copy.put_off_until = None
        self._see(copy, Kind.AGAIN, is_sure=not copy.is_near)
        copy.is_near = False

    def _see(self, copy: Copy, kind: Kind, *, is_sure: bool = True) -> bool:
        """Write down that something has to be seen; answer whether it goes out at all."""
        there_at = self.out_of_reach.after(self._now)
        if self._is_paused and self._paused_until is not None:  # only what somebody put off themselves
            there_at, is_sure = self.out_of_reach.after(self._paused_until), False
        if copy.closes_at is not None and self._now < copy.closes_at <= there_at:
            return True
        if self.closed.after(there_at) != there_at:
            copy.is_doubtful = True
            return False
        latest = self.out_of_reach.after(there_at + TRIED_AGAIN)
        if copy.closes_at is not None and self._now < copy.closes_at <= latest:
            copy.is_doubtful = True
        copy.is_seen = True
        self.expected.append(
            Expected(
                person=self.person.id,
                program=copy.program.id,
                day=copy.day,
                kind=kind,
                earliest=self._now,
                latest=latest,
                is_sure=is_sure and not copy.is_doubtful,
            )
        )
        return True

    # What the person does.

    def _do(self, deed: Deed) -> None:
        match deed.did:
            case Did.JOINED:
                self._member_of.add(deed.about)
            case Did.LEFT:
                self._leave(deed.about)
            case Did.PAUSED:
                self._paused_until = deed.until
            case Did.BEGAN:
                self._begin(deed)
            case _:
                self._react(deed)

    def _leave(self, group: str) -> None:
        self._member_of.discard(group)
        for copy in self._copies.values():
            copy.is_over = copy.is_over or copy.program.group == group

    def _begin(self, deed: Deed) -> None:
        program = self.programs[deed.about]
        before = self._copies.get(program.id)
        if program.group not in self._member_of:
            return
        if before and not before.is_over and deed.at - before.began_at < STANDS:
            before.is_shown, before.put_off_until = True, None
            return
        self._replace(Copy(program=program, day=deed.at.date(), began_at=deed.at, is_own=True, is_shown=True))

    def _replace(self, copy: Copy) -> Copy:
        """Let somebody have a copy, and no older one of the same any more."""
        before = self._copies.get(copy.program.id)
        if before is not None:
            before.is_over = True
        self._copies[copy.program.id] = copy
        return copy

    def _react(self, deed: Deed) -> None:
        copy = self._copies.get(deed.about)
        is_open = copy is not None and not copy.is_over
        if deed.did is Did.WAS_OFFERED and not is_open:
            self.surprises.append(f"{self.person.id} was offered {deed.about}, of which nothing was open")
        if copy is None or not is_open:
            return
        if deed.did is Did.WAS_OFFERED:
            if copy.is_seen and not copy.is_doubtful:
                self.surprises.append(f"{self.person.id} was offered {deed.about} a second time")
            copy.is_shown = copy.is_seen = True
        elif copy.is_seen:
            self._take_answer(copy, deed)
            self._bring_near(copy)

    def _take_answer(self, copy: Copy, deed: Deed) -> None:
        match deed.did:
            case Did.ANSWERED:
                copy.is_over = True
                is_late = copy.closes_at is not None and deed.at >= copy.closes_at
                self.stored.append(Stored(self.person.id, copy.program.id, deed.text, is_late))
                if copy.is_own:
                    self._own[copy.program.id] = (copy.began_at, deed.at)
            case Did.STOPPED:
                copy.is_over = True
            case _:
                copy.put_off_until = until = self._promised(copy, deed)
                self._at(until, AGAIN, self._ask_again, copy, until)

    def _bring_near(self, done_with: Copy) -> None:
        """Who is done with one thing may be given at once what was to come meanwhile, and need not be asked again."""
        for copy in self._copies.values():
            if copy is not done_with and copy.put_off_until is not None and copy.put_off_until <= self._now:
                copy.is_near = True

    def _promised(self, copy: Copy, deed: Deed) -> datetime:
        """Find when somebody is asked again: three hours later, or tomorrow afternoon where that would be too late."""
        zone = self._zone(copy.program)
        today, until = wall_at(deed.at, zone).date(), deed.at + HOURS_LATER
        then = wall_at(until, zone)
        if deed.did is Did.TOMORROW or then.date() > today or then.time() > LATEST:
            return moment_of(today + timedelta(days=1), TOMORROW_AT, zone)
        return until

    # Small readings.

    @property
    def _is_paused(self) -> bool:
        return self._paused_until is not None and self._paused_until > self._now

    def _is_for_the_morning(self, program: Program, due_at: datetime) -> bool:
        """Say whether it is night by now, long after something was to come."""
        return self._now - due_at >= LATE and is_night(self._now, self._zone(program))

    def _zone(self, program: Program) -> str:
        return self.person.zone or self.groups[program.group].zone

    def _zone_for(self, one: Occasion) -> str:
        """Name the zone in which an occurrence opens for this person."""
        return self._zone(one.program) if one.program.is_own_time else self.groups[one.program.group].zone

    def _at(self, due_at: datetime, rank: int, happen: Callable[..., None], *given: Any) -> None:
        at = self.away.after(due_at)
        is_second = rank == ASKED and not self.came_first(given[0].program.id, at)
        heappush(self._todo, (at, rank, is_second, due_at, next(self._count), happen, given))
