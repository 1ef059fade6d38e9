"""A year that is lived on a platform that cheats, on both databases, and with a process that dies at every write."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.base import Attempt, Delivery, Sent, TryAgain
from bot.core.effects import AnyEffect
from bot.simulation.compare import Findings, compare
from bot.simulation.making import invent_year
from bot.simulation.platform import FakePlatform, place_of
from bot.simulation.reading import read_stored
from bot.simulation.seeds import Wanted, live_seed
from bot.simulation.troubles import WRITES
from bot.simulation.world import World
from bot.simulation.year import Fault, Trouble, Year
from bot.storage.database import open_database
from bot.storage.schema import migrate
from tests.simulation import school

SEED, PEOPLE, WEEKS = 5, 25, 4


class Forgetful(FakePlatform):
    """Shows everything twice, as where a re-send is not recognised."""

    def show(self, effect: AnyEffect, person: str, now: datetime, *, is_reply: bool) -> None:
        """Put something on somebody's screen, and once more."""
        super().show(effect, person, now, is_reply=is_reply)
        super().show(effect, person, now, is_reply=is_reply)


class Careless(FakePlatform):
    """Says that it has delivered what it never showed to one person."""

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Lose what is for the first on the roster."""
        return Sent(effect.id) if effect.place == place_of("person-000") else await super().deliver(effect, attempt)


class Confused(FakePlatform):
    """Shows what is for one person to another."""

    def show(self, effect: AnyEffect, person: str, now: datetime, *, is_reply: bool) -> None:
        """Put something on a screen, the first person's on the second's."""
        super().show(effect, "person-001" if person == "person-000" else person, now, is_reply=is_reply)


class Reluctant(FakePlatform):
    """Takes nothing at the first try."""

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Refuse what is tried for the first time."""
        return TryAgain("not yet") if attempt.number == 1 else await super().deliver(effect, attempt)


class Slow(FakePlatform):
    """Takes its time: what it shows it shows an hour too late, as far as anybody can tell."""

    def show(self, effect: AnyEffect, person: str, now: datetime, *, is_reply: bool) -> None:
        """Put something on somebody's screen later."""
        super().show(effect, person, now + timedelta(hours=1), is_reply=is_reply)


async def lived(folder: Path, year: Year, platform: Callable[..., FakePlatform] = FakePlatform) -> Findings:
    """Live a year, and compare."""
    database = open_database(f"sqlite:///{folder / 'year.db'}", is_sample=True)
    try:
        await migrate(database)
        record = await World(year, database, platform).live()
        record.stored = await read_stored(database, year)
    finally:
        await database.close()
    return compare(year, record)


@pytest.mark.parametrize(
    ("platform", "is_missing", "is_unexpected"),
    [(Forgetful, False, True), (Careless, True, False), (Confused, True, True), (Slow, True, True)],
)
async def test_a_platform_that_cheats_is_found(
    tmp_path: Path, platform: type[FakePlatform], is_missing: bool, is_unexpected: bool
) -> None:
    found = await lived(tmp_path, invent_year(SEED, PEOPLE, 2, is_faulty=False), platform)
    assert (found.missing > 0, found.unexpected > 0) == (is_missing, is_unexpected), found.sentences[:5]


async def test_a_house_in_another_zone_is_found(tmp_path: Path) -> None:
    year = invent_year(SEED, PEOPLE, 2, is_faulty=False)
    elsewhere = replace(year, groups=[replace(group, zone="Asia/Tokyo") for group in year.groups])
    database = open_database(f"sqlite:///{tmp_path / 'year.db'}", is_sample=True)
    try:
        await migrate(database)
        record = await World(elsewhere, database).live()
    finally:
        await database.close()
    found = compare(year, record)
    assert found.missing > 0
    assert found.unexpected > 0


@pytest.mark.parametrize("seconds", [1, 5])
async def test_what_is_tried_again_while_the_clock_is_put_forward_may_come_an_hour_later(
    tmp_path: Path, seconds: int
) -> None:
    asked_at = school.utc("03-05 09:00")
    moved = Trouble(
        fault=Fault.CLOCK, begins_at=asked_at + timedelta(seconds=seconds), ends_at=asked_at + timedelta(hours=9)
    )
    year = replace(school.year(school.program(), troubles=[moved]), is_faulty=False)
    found = await lived(tmp_path, year, Reluctant)
    assert found.sentences == []
    assert found.prompts == 1


async def test_a_process_that_dies_before_or_after_any_write_costs_nothing(tmp_path: Path) -> None:
    year = invent_year(SEED, PEOPLE, WEEKS, is_faulty=False)
    deaths = [
        Trouble(fault=Fault.KILLED, begins_at=at, ends_at=at, size=number % WRITES)
        for number in range(2 * WRITES)
        for at in [year.begins_at + (number + 1) * (year.ends_at - year.begins_at) / (2 * WRITES + 2)]
    ]
    found = await lived(tmp_path, replace(year, troubles=deaths))
    assert found.sentences == []
    assert found.prompts > 0


async def test_a_year_is_as_the_oracle_says_on_both_databases(empty_database_url: str) -> None:
    found = (await live_seed(SEED, Wanted(people=PEOPLE, weeks=WEEKS, database=empty_database_url))).findings
    assert found.sentences == []
    assert min(found.prompts, found.answers) > 0
