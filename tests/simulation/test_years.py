"""School years on a virtual clock: what everybody saw is what the oracle says, and what is not is found and told."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.commands.simulate import told
from bot.simulation.compare import Findings, compare
from bot.simulation.making import invent_year
from bot.simulation.reading import read_stored
from bot.simulation.record import Kind, Record
from bot.simulation.seeds import Lived, Wanted, live_seed
from bot.simulation.world import World
from bot.simulation.year import Year
from bot.storage.database import open_database
from bot.storage.schema import migrate

PEOPLE, WEEKS = 40, 5
SMALL = Wanted(people=PEOPLE, weeks=WEEKS)


@pytest.fixture(scope="module")
async def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Year, Record]:
    """Live a small year in which things go wrong."""
    year = invent_year(3, PEOPLE, WEEKS, is_faulty=True)
    path: Path = tmp_path_factory.mktemp("year") / "year.db"
    database = open_database(f"sqlite:///{path}", is_sample=True)
    try:
        await migrate(database)
        record = await World(year, database).live()
        record.stored = await read_stored(database, year)
    finally:
        await database.close()
    return year, record


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_small_year_is_as_the_oracle_says(seed: int) -> None:
    found = (await live_seed(seed, SMALL)).findings
    assert found.sentences == []
    assert min(found.prompts, found.reminders, found.answers) > 0


async def test_a_year_is_the_same_every_time() -> None:
    wanted = replace(SMALL, weeks=3)
    once, again = [(await live_seed(4, wanted)).findings for _ in range(2)]
    assert once == again


async def test_a_prompt_that_nobody_saw_is_missed(lived: tuple[Year, Record]) -> None:
    year, record = lived
    lost = next(one for one in record.seen if one.kind is Kind.PROMPT)
    found = compare(year, replace(record, seen=[one for one in record.seen if one is not lost]))
    assert (found.missing, found.unexpected) == (1, 0)
    assert f"missing: {lost.person} was to see a prompt of {lost.program}" in found.sentences[0]


async def test_a_prompt_that_came_twice_is_found(lived: tuple[Year, Record]) -> None:
    year, record = lived
    first = next(one for one in record.seen if one.kind is Kind.PROMPT)
    found = compare(year, replace(record, seen=[*record.seen, first]))
    assert (found.missing, found.unexpected) == (0, 1)
    assert f"unexpected: {first.person} saw a prompt of {first.program}" in found.sentences[0]


async def test_an_answer_that_is_lost_or_changed_is_found(lived: tuple[Year, Record]) -> None:
    year, record = lived
    found = compare(year, replace(record, stored=record.stored[1:]))
    assert found.other == 1
    assert "is not kept as it was said" in found.sentences[0]


@pytest.mark.parametrize("change", ["hour", "reminders", "window"])
async def test_a_house_that_keeps_other_times_than_it_was_told_is_found(
    lived: tuple[Year, Record], change: str
) -> None:
    year, record = lived

    changes: Mapping[str, Year] = {
        "hour": replace(
            year,
            programs=[
                replace(one, rhythm=replace(one.rhythm, at=one.rhythm.at.replace(hour=(one.rhythm.at.hour + 3) % 24)))
                for one in year.programs
            ],
        ),
        "reminders": replace(year, programs=[replace(one, reminders=2 - one.reminders) for one in year.programs]),
        "window": replace(year, programs=[replace(one, lasts=one.lasts / 2) for one in year.programs]),
    }
    assert compare(year, record).is_equal
    assert not compare(changes[change], record).is_equal


def test_what_differs_is_told_with_the_one_command_that_shows_it_again() -> None:
    found = Findings(missing=20, sentences=[f"missing: {number}" for number in range(20)])
    one = Lived(seed=7, findings=found, moments=1, seconds=timedelta(seconds=1).total_seconds())
    lines = told(one, replace(SMALL, is_faulty=False))
    assert lines[0].startswith("seed 7: ")
    assert lines[-2:] == ["  … and 8 more", "  again: mull simulate --seed 7 --people 40 --weeks 5 --no-faults"]
    assert told(replace(one, findings=Findings()), Wanted())[0].endswith("1.0 s")


def test_the_command_lives_seeds_in_processes_of_their_own() -> None:
    result = CliRunner().invoke(app, ["simulate", "--seeds", "2", "--people", "20", "--weeks", "2"])
    assert result.exit_code == 0, result.output
    assert [line.partition(":")[0] for line in result.output.splitlines()] == ["seed 1", "seed 2"]
    assert len(re.findall("0 missing, 0 unexpected, 0 other", result.output)) == 2


def test_one_database_holds_one_year() -> None:
    result = CliRunner().invoke(app, ["simulate", "--seeds", "2", "--database", "sqlite:///x.db"])
    assert result.exit_code == 2
