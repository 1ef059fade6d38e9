"""Small years made by hand, and what the oracle says of them, in the words of somebody with a calendar."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.simulation.compare import read_rules
from bot.simulation.record import Deed, Did, Gap, Record, Stored
from bot.simulation.wall import wall_at
from bot.simulation.year import Group, Person, Program, Rhythm, Terms, Trouble, Year

MONDAY = date(2026, 3, 2)
BERLIN, NEW_YORK, AUCKLAND = "Europe/Berlin", "America/New_York", "Pacific/Auckland"
BEN = "ben"


def utc(text: str) -> datetime:
    """Read a moment like `03-05 10:00` of the year 2026."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def thursdays(at: time = time(10), **more: Any) -> Rhythm:
    """Come every Thursday from 5 March on."""
    return Rhythm(kind="weekly", at=at, since=MONDAY, weekdays=(3,), **more)


def program(rhythm: Rhythm | None = None, name: str = "class-0", group: str = "class", **more: Any) -> Program:
    """Describe what a class is asked: on Thursdays at ten, for four days, with one reminder."""
    return Program(
        id=name, group=group, flow=f"flow-{name}", title=f"Title {name}", rhythm=rhythm or thursdays(), **more
    )


def year(
    *programs: Program,
    people: Sequence[Person] = (Person(id=BEN),),
    zone: str = BERLIN,
    weeks: int = 1,
    terms: Terms | None = None,
    troubles: Iterable[Trouble] = (),
) -> Year:
    """Make a year of one class, or of the classes that its programs name."""
    begins_at = datetime.combine(MONDAY, time(), tzinfo=UTC)
    names = tuple(person.id for person in people)
    groups = {one.group for one in programs}
    return Year(
        seed=0,
        begins_at=begins_at,
        ends_at=begins_at + timedelta(weeks=weeks),
        terms=terms,
        groups=[Group(id=name, zone=zone, members=names) for name in sorted(groups)],
        people={person.id: person for person in people},
        programs=programs,
        troubles=tuple(troubles),
    )


def did(what: Did, at: str, *, about: str = "class-0", text: str = "", until: str = "") -> Deed:
    """Let Ben do something."""
    return Deed(BEN, what, utc(at), utc(at), about, text, utc(until) if until else None)


def away(begins: str, ends: str) -> Gap:
    """Let Mull be away."""
    return Gap(utc(begins), utc(ends))


def wanted(of: Year, *deeds: Deed, gaps: Sequence[Gap] = (), unreachable: Sequence[Gap] = ()) -> list[str]:
    """List what Ben has to see, like `prompt Thu 5 10:00`, by the wall where he is; what he may see has a `?`."""
    expected, _, _ = read_rules(of, Record(deeds=list(deeds), away=list(gaps), unreachable=list(unreachable)))
    groups = {group.id: group for group in of.groups}
    group_of = {one.id: groups[one.group] for one in of.programs}
    mine = [one for one in expected if one.person == BEN and one.earliest < of.ends_at]
    return [
        f"{one.kind} {_on_wall(one.earliest, of.zone_of(BEN, group_of[one.program]))}{'' if one.is_sure else '?'}"
        for one in sorted(mine, key=lambda one: one.earliest)
    ]


def kept(of: Year, *deeds: Deed) -> list[Stored]:
    """List what is to be kept of Ben."""
    return read_rules(of, Record(deeds=list(deeds)))[1]


def _on_wall(at: datetime, zone: str) -> str:
    return f"{wall_at(at, zone):%a %-d %H:%M}"
