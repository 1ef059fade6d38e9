"""Setting what people saw against what they had to see, and what is kept against what they said; in plain words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.simulation.life import Life
from bot.simulation.oracle import Expected, Gaps, all_occasions, closed_for
from bot.simulation.record import Deed, Did, Kind, Record, Seen, Stored
from bot.simulation.wall import is_night, wall_at
from bot.simulation.year import Person, Year

PATIENCE = timedelta(minutes=15)
"""How long after its moment something may come: the platform names a time to come back, a lease runs out."""

SURPRISE = timedelta(minutes=1)
"""How far Mull's clock may be ahead of the oracle's: not at all, but for what is in the same minute."""


@dataclass(slots=True, kw_only=True)
class Findings:
    """What a year came to, in figures and in sentences about what differs."""

    prompts: int = 0
    reminders: int = 0
    again: int = 0
    answers: int = 0
    doubtful: int = 0
    missing: int = 0
    unexpected: int = 0
    other: int = 0
    sentences: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Say whether everything was as it had to be."""
        return not (self.missing or self.unexpected or self.other)


def compare(year: Year, record: Record) -> Findings:
    """Work out the year a second time, and list what differs."""
    expected, stored, surprises = read_rules(year, record)
    seen = [one for one in record.seen if one.kind is not Kind.OFFERED]
    found = Findings(
        prompts=sum(one.kind is Kind.PROMPT for one in seen),
        reminders=sum(one.kind is Kind.REMINDER for one in seen),
        again=sum(one.kind is Kind.AGAIN for one in seen),
        answers=len(record.stored),
        doubtful=sum(not one.is_sure for one in expected),
    )
    missing, unexpected = _unmatched(expected, seen, year.ends_at - PATIENCE)
    found.missing, found.unexpected = len(missing), len(unexpected)
    told = [(one.earliest, _missing(year, one)) for one in missing]
    told += [(one.at, _unexpected(year, one, expected)) for one in unexpected]
    odd = [*record.surprises, *surprises, *_answers(stored, record.stored)]
    found.other = len(odd)
    found.sentences = [sentence for _, sentence in sorted(told)] + odd
    return found


def read_rules(year: Year, record: Record) -> tuple[list[Expected], list[Stored], list[str]]:
    """Ask the oracle about everybody: what they had to see, what is to be kept of them, what cannot have happened."""
    occasions = all_occasions(year, Gaps(record.away))
    deeds: dict[str, list[Deed]] = defaultdict(list)
    for deed in record.deeds:
        deeds[deed.person].append(deed)
    came: dict[str, dict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for sight in record.seen:
        if sight.kind is Kind.PROMPT:
            came[sight.person][sight.program].append(sight.at)
    lives = []
    for person in year.people.values():
        life = _life_of(year, person, record, came[person.id])
        joined = {deed.about for deed in deeds[person.id] if deed.did is Did.JOINED}
        mine = joined | {group.id for group in year.groups if person.id in group.members}
        life.live([one for of in year.programs if of.group in mine for one in occasions[of.id]], deeds[person.id])
        lives.append(life)
    return (
        [one for life in lives for one in life.expected],
        [one for life in lives for one in life.stored],
        [one for life in lives for one in life.surprises],
    )


def _life_of(year: Year, person: Person, record: Record, came: Mapping[str, Sequence[datetime]]) -> Life:
    reach = Gaps([*record.away, *record.unreachable])
    return Life(
        year=year,
        person=person,
        groups={group.id: group for group in year.groups},
        programs={program.id: program for program in year.programs},
        away=Gaps(record.away),
        out_of_reach=reach,
        closed=Gaps(closed_for(year, person.id)),
        came_first=partial(_came, came, reach),
    )


def _came(prompts: Mapping[str, Sequence[datetime]], reach: Gaps, program: str, at: datetime) -> bool:
    """Say whether a prompt of a program came about when it was due: of several, nobody says which is the first."""
    return any(at <= came_at <= reach.after(at) + PATIENCE for came_at in prompts.get(program, ()))


def _unmatched(
    expected: Sequence[Expected], seen: Sequence[Seen], until: datetime
) -> tuple[list[Expected], list[Seen]]:
    """Pair what was seen with what was expected up to a time; what is left on either side differs."""
    wanted: dict[tuple[str, str, Kind], list[Expected]] = defaultdict(list)
    for one in sorted(expected, key=lambda one: (not one.is_sure, one.earliest)):
        wanted[one.person, one.program, one.kind].append(one)
    unexpected = []
    for sight in sorted(seen, key=lambda one: one.at):
        mine = wanted[sight.person, sight.program, sight.kind]
        found = next((one for one in mine if _fits(one, sight.at)), None)
        if found is None:
            unexpected.append(sight)
        else:
            mine.remove(found)
    return [one for left in wanted.values() for one in left if one.is_sure and one.latest < until], unexpected


def _fits(one: Expected, at: datetime) -> bool:
    return one.earliest - SURPRISE <= at <= one.latest + PATIENCE


def _answers(wanted: Iterable[Stored], kept: Iterable[Stored]) -> Iterator[str]:
    said, found = Counter(wanted), Counter(kept)
    for one in sorted((said - found).elements()):
        yield f"what {one.person} answered to {one.program} is not kept as it was said: “{one.text}”{_late(one)}"
    for one in sorted((found - said).elements()):
        yield f"{one.person} has an answer to {one.program} that they did not give: “{one.text}”{_late(one)}"


def _late(one: Stored) -> str:
    return " (late)" if one.is_late else ""


def _missing(year: Year, one: Expected) -> str:
    when = _when(year, one.person, one.program, one.earliest)
    return f"missing: {one.person} was to see a {one.kind} of {one.program} for {one.day:%a %-d %b} at {when}"


def _unexpected(year: Year, one: Seen, expected: Sequence[Expected]) -> str:
    """Say what somebody saw, and what may be wrong with it."""
    when = _when(year, one.person, one.program, one.at)
    same = [
        other for other in expected if (other.person, other.program, other.kind) == (one.person, one.program, one.kind)
    ]
    near = min(same, key=lambda other: abs(other.earliest - one.at), default=None)
    why = ""
    if near is not None and _fits(near, one.at):
        why = ", a second time"
    elif near is not None and abs(near.earliest - one.at) < timedelta(days=7):
        why = f"; the nearest is for {_when(year, one.person, one.program, near.earliest)}"
    night = ", in the night" if is_night(one.at, _zone(year, one.person, one.program)) else ""
    return f"unexpected: {one.person} saw a {one.kind} of {one.program} at {when}{night}{why}"


def _when(year: Year, person: str, program: str, at: datetime) -> str:
    zone = _zone(year, person, program)
    return f"{wall_at(at, zone):%a %-d %b %Y %H:%M} in {zone} ({at:%d %H:%M} UTC)"


def _zone(year: Year, person: str, program: str) -> str:
    group = next(one.group for one in year.programs if one.id == program)
    return year.zone_of(person, next(one for one in year.groups if one.id == group))
