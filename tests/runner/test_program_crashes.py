"""kill -9 at every commit of a feedback round and of a habit week: nothing is lost, nothing comes twice."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from signal import SIGKILL

import pytest

from bot.core.events import Control
from bot.core.occurrences import OccurrenceStatus
from bot.flows.peer_exchange.round import ReviewStatus, read_round
from bot.storage.database import Database, open_database
from tests.conftest import Postgres
from tests.programs.group import BEN, CLEO, DANA, ELIF, Group
from tests.runner.program_life import Recorded, acknowledged, live_on, traces
from tests.runner.worker import Crash, processes

SLOWEST = 60
"""Seconds after which a life that neither ends nor dies is a fault."""


async def a_round(group: Recorded) -> None:
    """Share, review, hold and release, stand in for Elif, thank, look back, and end by time."""
    name = await group.begin("peer_exchange", practice="no", reviews="1")
    await group.work_through(BEN, CLEO, DANA, ELIF, until="peer-review")
    await group.say(BEN, "In line 2 this is stupid", "I lose it at the books", "Give a number")
    await group.work_through(CLEO, DANA)
    held = read_round(await group.occurrence(name))
    [number] = [str(n) for n, review in enumerate(held.reviews) if review.status is ReviewStatus.HELD]
    await group.steer(name, "release", number)
    await group.move(days=2, minutes=1)
    for _ in range(2):
        await group.work_through(BEN, CLEO, DANA)
    await group.move(days=9)
    done = await group.occurrence(name)
    assert done.status is OccurrenceStatus.DONE
    reviews = read_round(done).reviews
    assert {review.status for review in reviews} == {ReviewStatus.DELIVERED, ReviewStatus.LAPSED}
    assert sum(review.helped == "place" for review in reviews) >= 3


async def a_week(group: Recorded) -> None:
    """Vote, plan, notice, look back; Dana stops, Elif never answers."""
    name = await group.begin("habit_of_week", order="voted")
    await group.work_through(BEN, CLEO, DANA, until="habit-plan")
    await group.move(days=1)
    await group.work_through(BEN, CLEO)
    await group.control(DANA, Control.STOP)
    await group.move(days=2)
    await group.work_through(BEN)
    await group.move(days=2)
    await group.work_through(BEN, CLEO)
    await group.move(days=3)
    assert (await group.occurrence(name)).status is OccurrenceStatus.DONE


LIVES = {"a round": a_round, "a week": a_week}


@pytest.fixture
def another_database_url(database: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Name a second database of the same kind."""
    if database.dialect == "sqlite":
        (tmp_path / "other.db").write_bytes(Path(request.getfixturevalue("sqlite_with_tables")).read_bytes())
        yield f"sqlite:///{tmp_path / 'other.db'}"
    else:
        postgres: Postgres = request.getfixturevalue("postgres_with_tables")
        with postgres.database(like=Postgres.WITH_TABLES) as url:
            yield url


@pytest.mark.parametrize("life", LIVES)
async def test_a_group_is_led_on_after_a_kill_at_any_commit(
    database: Database, another_database_url: str, tmp_path: Path, life: str
) -> None:
    recorded = Recorded(database, (BEN, CLEO, DANA, ELIF))
    await recorded.set_up()
    await LIVES[life](recorded)
    other = open_database(another_database_url)
    await Group(other, recorded.people).set_up()
    killed = kill_at_every_commit(another_database_url, tmp_path, recorded)
    assert killed >= 2 * sum(not isinstance(step, datetime) for step in recorded.steps)
    expected, found = await traces(database), await traces(other)
    await other.close()
    assert found.pop("places") == expected.pop("places")
    for table, kept in expected.items():
        assert found[table] == kept, table
    assert expected["set_aside"] == []


def kill_at_every_commit(url: str, folder: Path, recorded: Recorded) -> int:
    """Live through it in processes that die before and after each commit in turn; answer how many died."""
    context, killed, nth, where = processes(), 0, 1, "before commit"
    while (done := acknowledged(folder)) < len(recorded.steps):
        process = context.Process(target=live_on, args=(url, folder, recorded.steps, Crash(where, nth)))
        process.start()
        process.join(SLOWEST)
        assert process.exitcode in (0, -SIGKILL), process.exitcode
        killed += process.exitcode == -SIGKILL
        if where == "after commit":
            nth += 1
        if acknowledged(folder) > done and where == "before commit":
            nth = 1
        where = "after commit" if where == "before commit" else "before commit"
    return killed
