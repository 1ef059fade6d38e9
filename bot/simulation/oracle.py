"""What everybody has to see in a year, worked out a second time from the rules of the weekly rhythm.

Nothing is shared with the code that runs it: one person at a time, one thing after the other, from the plan of the
year, from what people did, and from when Mull or its platform was away.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.simulation.days import days_of
from bot.simulation.record import Gap, Kind
from bot.simulation.wall import moment_of
from bot.simulation.year import Group, Program, Year

MARGIN = timedelta(days=14)


@dataclass(slots=True, kw_only=True)
class Expected:
    """A question that somebody has to see from one moment to another; where it is not sure, they may see it."""

    person: str
    program: str
    day: date
    kind: Kind
    earliest: datetime
    latest: datetime
    is_sure: bool = True


class Gaps:
    """Stretches of time in which nothing happens; what falls into one happens at its end."""

    def __init__(self, gaps: Iterable[Gap]) -> None:
        self._gaps: list[Gap] = []
        for begins_at, ends_at in sorted(gaps):
            is_joined = bool(self._gaps) and begins_at <= self._gaps[-1].ends_at
            before = self._gaps.pop() if is_joined else Gap(begins_at, ends_at)
            self._gaps.append(Gap(before.begins_at, max(before.ends_at, ends_at)))
        self._begins = [gap.begins_at for gap in self._gaps]

    def after(self, moment: datetime) -> datetime:
        """Find when something happens that is due at a moment."""
        place = bisect_right(self._begins, moment)
        gap = self._gaps[place - 1] if place else None
        return gap.ends_at if gap and moment < gap.ends_at else moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One occurrence: the `day` that names it, the day on which it `falls`, and when it begins for the first."""

    program: Program
    day: date
    falls: date
    begins_at: datetime

    def opens_at(self, zone: str) -> datetime:
        """Find when it opens for those who live in a zone, where their own time counts."""
        return moment_of(self.falls, self.program.rhythm.at, zone)


def occasions(year: Year, program: Program, group: Group, zones: Iterable[str], away: Gaps) -> list[Occasion]:
    """List what begins in a program: of several that passed while Mull was away, the last one that is still open."""
    terms = group.terms or year.terms
    found: dict[datetime, tuple[Occasion, bool]] = {}
    read_in = sorted(zones) if program.is_own_time else [group.zone]
    for day, falls in days_of(program.rhythm, terms, (year.ends_at + MARGIN).date()):
        opens = [moment_of(falls, program.rhythm.at, zone) for zone in read_in]
        if min(opens) <= year.begins_at:
            continue
        begins_at = away.after(min(opens))
        one = Occasion(program=program, day=day, falls=falls, begins_at=begins_at)
        found[begins_at] = (one, begins_at < max(opens) + program.lasts)
    return [one for one, is_open in found.values() if is_open]


def all_occasions(year: Year, away: Gaps) -> dict[str, list[Occasion]]:
    """List what begins in every program of a year."""
    groups = {group.id: group for group in year.groups}
    zones: dict[str, set[str]] = defaultdict(set)
    for group in year.groups:
        zones[group.id] = {year.zone_of(person, group) for person in group.members}
    return {
        program.id: occasions(year, program, groups[program.group], zones[program.group], away)
        for program in year.programs
    }


def closed_for(year: Year, person: str) -> Sequence[Gap]:
    """List when somebody's messages were closed."""
    return [Gap(one.begins_at, one.ends_at) for one in year.troubles if one.person == person]
