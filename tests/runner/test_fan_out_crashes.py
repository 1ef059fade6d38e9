"""kill -9 at every commit and every delivery while a group is asked and reminded, and an hour away after it."""

import itertools
from datetime import timedelta
from pathlib import Path
from signal import SIGKILL

import pytest

from bot.runner.schedule import set_program
from bot.storage.connection import Connection
from bot.storage.database import Database
from tests.runner.rhythm import (
    Platform,
    Shown,
    add_class,
    ask_and_remind,
    asks,
    die_asking,
    group_named,
    member,
    set_groups,
)
from tests.runner.worker import NOWHERE, Crash, processes
from tests.stage import ADA, place_of, rows

SIZE = 3
"""People in a group that is asked two at a time: so are thousands, two thousand at a time."""

EACH = 3
"""What each of them is shown: the question, a word to remind them of it, and the question again."""

SLOWEST = 60
"""Seconds after which a life that neither ends nor dies is a fault."""


def reaches_its_end(url: str, shown: Shown, crash: Crash) -> bool:
    """Run one life in a process of its own; answer whether it was not killed."""
    process = processes().Process(target=die_asking, args=(url, shown, crash))
    process.start()
    process.join(SLOWEST)
    assert process.exitcode in (0, -SIGKILL), process.exitcode
    return process.exitcode == 0


async def add_one(database: Database, number: int) -> None:
    """Write down one more group whose program is due and reminds once."""

    def work(connection: Connection) -> None:
        add_class(connection, number, SIZE)
        assert set_program(connection, asks(number, reminders=1), ADA)

    await database.write(work)


async def check(database: Database, shown: Shown, number: int) -> None:
    """Check that everybody was asked once and reminded once, on the platform and in the database."""
    everybody = [member(number, one) for one in range(SIZE)]
    assert shown.times() == {place_of(one): EACH for one in everybody}
    assert len({effect for _, effect, _ in shown.lines()}) == EACH * SIZE
    group = group_named(number)
    runs = await rows(database, "SELECT person_id FROM runs WHERE group_id = :g ORDER BY 1", g=group)
    assert runs == [(one,) for one in everybody]
    sent = "SELECT count(*) FROM outbox WHERE state = 'sent' AND person_id LIKE :w"
    assert await rows(database, sent, w=f"{everybody[0].partition('-')[0]}-%") == [(EACH * SIZE,)]
    assert await rows(database, "SELECT count(*) FROM occurrences WHERE group_id = :g", g=group) == [(1,)]
    assert await rows(database, "SELECT * FROM set_aside") == []


# A process that dies before a delivery leaves what one leaves that died after the delivery, or the commit, before it.
@pytest.mark.parametrize("where", ["before commit", "after commit", "after delivery"])
async def test_a_group_is_asked_and_reminded_once_however_a_process_dies_meanwhile(
    database: Database, database_url: str, tmp_path: Path, where: str
) -> None:
    await set_groups(database, [])
    for nth in itertools.count(1):
        await add_one(database, nth)
        shown = Shown(tmp_path / f"shown-{nth}")
        is_over = reaches_its_end(database_url, shown, Crash(where, nth))
        if not is_over:
            await ask_and_remind(database, Platform(shown, "second", NOWHERE.here), late=timedelta(hours=1))
        await check(database, shown, nth)
        if is_over:
            break
    assert nth > EACH * SIZE
