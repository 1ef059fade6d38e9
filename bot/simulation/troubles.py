"""Inventing what goes wrong in a year: everything a platform, a computer, a clock and a network have in store."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from bot.simulation.year import Fault, Trouble

ONE_HOUR = timedelta(hours=1)
WRITES = 12
"""A process is killed at one of so many writes to come."""


def invent_troubles(chance: Random, people: Sequence[str], days: tuple[datetime, datetime]) -> list[Trouble]:
    """Make up a year's troubles: about as many for each week, however long the year is."""
    weeks = max(1, (days[1] - days[0]).days // 7)
    found = [
        *(_trouble(chance, Fault.DOWN, days, chance.uniform(0.5, 20)) for _ in range(max(1, weeks // 6))),
        *(_trouble(chance, Fault.DOWN, days, chance.uniform(24, 80)) for _ in range(weeks // 20)),
        *(_trouble(chance, Fault.PLATFORM, days, chance.uniform(0.5, 2)) for _ in range(max(1, weeks // 8))),
        *(_trouble(chance, Fault.DATABASE, days, chance.uniform(0.1, 1)) for _ in range(max(1, weeks // 10))),
        *(_trouble(chance, Fault.CLOCK, days, chance.uniform(2, 30)) for _ in range(max(1, weeks // 10))),
        *(_trouble(chance, Fault.KILLED, days, 0) for _ in range(weeks)),
        *_closed(chance, people, days),
    ]
    return sorted(_apart(found), key=lambda trouble: trouble.begins_at)


def _trouble(chance: Random, fault: Fault, days: tuple[datetime, datetime], hours: float) -> Trouble:
    begins_at = _some_time(chance, days)
    return Trouble(
        fault=fault,
        begins_at=begins_at,
        ends_at=begins_at + timedelta(seconds=int(hours * 3600)),
        asks_to_wait=chance.random() < 0.5,  # noqa: PLR2004
        size=chance.randrange(WRITES),
    )


def _closed(chance: Random, people: Sequence[str], days: tuple[datetime, datetime]) -> Iterator[Trouble]:
    for person in chance.sample(people, len(people) // 50):
        begins_at = _some_time(chance, days)
        weeks = timedelta(weeks=chance.randrange(1, 8))
        yield Trouble(fault=Fault.CLOSED, begins_at=begins_at, ends_at=begins_at + weeks, person=person)


def _apart(found: list[Trouble]) -> Iterator[Trouble]:
    """Leave out what would come while something else is wrong, so that each trouble can be told by its signs."""
    until = None
    for trouble in sorted(found, key=lambda one: one.begins_at):
        if trouble.fault is Fault.CLOSED:
            yield trouble
        elif until is None or trouble.begins_at > until:
            until = trouble.ends_at + 3 * ONE_HOUR
            yield trouble


def _some_time(chance: Random, days: tuple[datetime, datetime]) -> datetime:
    begins_at, ends_at = days
    seconds = int((ends_at - begins_at).total_seconds())
    return begins_at + timedelta(seconds=chance.randrange(3600, seconds - 3600))
