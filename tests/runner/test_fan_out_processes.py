"""Several Mulls on one PostgreSQL, one of them stopped past its lease: everybody is asked, and nobody twice."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from bot.runner.outbox import LEASE
from bot.storage.database import Database, open_database
from tests.conftest import Postgres
from tests.runner.mulls import ASKING, CLAIMED, SENT, Processes
from tests.runner.rhythm import Shown, members, set_groups
from tests.stage import place_of, rows


async def check(database: Database, shown: Shown, sizes: Sequence[int]) -> None:
    """Check that everybody was asked once, on the platform and in the database."""
    everybody = members(sizes)
    assert shown.times() == {place_of(one): 1 for one in everybody}
    assert await rows(database, "SELECT state, count(*) FROM outbox GROUP BY state") == [("sent", len(everybody))]
    assert await rows(database, "SELECT count(*), count(DISTINCT person_id) FROM runs") == [(len(everybody),) * 2]
    assert await rows(database, "SELECT count(*) FROM occurrences") == [(len(sizes),)]
    assert await rows(database, "SELECT * FROM fan_outs") == []
    assert await rows(database, "SELECT * FROM set_aside") == []


@pytest.fixture
def url(postgres_with_tables: Postgres) -> Iterator[str]:
    """Name a fresh database on the server."""
    with postgres_with_tables.database(like=Postgres.WITH_TABLES) as url:
        yield url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """Open the database that all of them work on."""
    opened = open_database(url)
    yield opened
    await opened.close()


async def taken_over(
    database: Database, mulls: Processes, sizes: Sequence[int], stopped: Mapping[str, str], others: Collection[str]
) -> None:
    """Let some stop somewhere, each while those before it stand still, and the others do all there is to do."""
    for owner, where in stopped.items():
        mulls.start(owner, where)
        mulls.work_until_stopped(owner)
    for owner in others:
        mulls.start(owner)
    mulls.work(others)
    held = await rows(database, "SELECT DISTINCT owner FROM outbox WHERE state <> 'sent'")
    assert {owner for (owner,) in held} == {owner for owner, where in stopped.items() if where != ASKING}
    mulls.move(LEASE)
    mulls.work(others)
    await check(database, mulls.shown, sizes)
    sent_by = await rows(database, "SELECT DISTINCT owner FROM outbox")
    assert {owner for (owner,) in sent_by} <= set(others)
    for owner in stopped:
        mulls.go_on(owner)
    mulls.work([*stopped, *others])
    mulls.end()
    await check(database, mulls.shown, sizes)


@pytest.mark.parametrize("where", [ASKING, CLAIMED, SENT])
async def test_one_of_two_that_stands_still_past_its_lease_is_taken_over_and_doubles_nothing(
    database: Database, url: str, tmp_path: Path, where: str
) -> None:
    """Let 2,000 people be due."""
    sizes = [1_500, 500]
    await set_groups(database, sizes)
    with Processes(url, Shown(tmp_path / "shown")) as mulls:
        await taken_over(database, mulls, sizes, {"stopped": where}, ["other"])


async def test_two_of_four_that_stand_still_are_taken_over_and_twenty_thousand_are_asked_once(
    database: Database, url: str, tmp_path: Path
) -> None:
    """Let 20,000 people be due; once, with both kinds of stopping, because it takes some ten seconds."""
    sizes = [5_000] * 4
    await set_groups(database, sizes)
    with Processes(url, Shown(tmp_path / "shown")) as mulls:
        await taken_over(database, mulls, sizes, {"asking": ASKING, "sending": SENT}, ["left", "right"])
