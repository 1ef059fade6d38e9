"""The two databases behind one shape: whole transactions, safe files, rules that are on."""

import asyncio
import stat
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from tests.stage import count, rows, set_stage


def insert_person(connection: Connection, name: str) -> None:
    """Write somebody down."""
    connection.execute(sa.text("INSERT INTO people (id, name, created_at) VALUES (:name, :name, 0)"), {"name": name})


async def test_what_was_written_is_there_for_the_next(database: Database) -> None:
    await database.write(lambda connection: insert_person(connection, "ben"))
    assert await rows(database, "SELECT id, lang, card FROM people") == [("ben", "en", 1)]


async def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(database: Database) -> None:
    def fail(connection: Connection) -> None:
        insert_person(connection, "ben")
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        await database.write(fail)
    assert await count(database, "people") == 0
    await database.write(lambda connection: insert_person(connection, "cleo"))
    assert await count(database, "people") == 1


async def test_many_writers_at_once_each_write_once(database: Database) -> None:
    def add(connection: Connection) -> int:
        connection.execute(sa.text("UPDATE people SET card = card + 1"))
        return int(connection.execute(sa.text("SELECT card FROM people")).scalar_one())

    await database.write(lambda connection: insert_person(connection, "ben"))
    found = await asyncio.gather(*(database.write(add) for _ in range(50)))
    assert sorted(found) == list(range(2, 52))


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO identities VALUES ('slack', 'w', 'u', 'nobody')",
        "INSERT INTO memberships VALUES ('nothing', 'nobody', 'learner', 0, NULL, NULL)",
        "INSERT INTO sessions (token_hash, person_id, created_at, seen_at, expires_at) VALUES ('h', 'nobody', 0, 0, 0)",
        "UPDATE groups SET parent_id = 'nothing'",
    ],
)
async def test_nothing_may_refer_to_what_is_not_there(database: Database, sql: str) -> None:
    await set_stage(database)
    with pytest.raises(IntegrityError):
        await database.write(lambda connection: connection.exec_driver_sql(sql))


async def test_what_people_wrote_is_in_no_message_of_a_fault(database: Database) -> None:
    await set_stage(database)
    secret = "my secret thought"

    def fail(connection: Connection) -> None:
        connection.execute(
            sa.text("INSERT INTO people (id, name, created_at) VALUES ('ada', :name, 0)"), {"name": secret}
        )

    with pytest.raises(DBAPIError) as fault:
        await database.write(fail)
    assert secret not in str(fault.value)


# SQLite's file.


async def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "mull.db"
    database = open_database(f"sqlite:///{path}")
    try:
        await database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE t (a TEXT)"))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        assert modes == {"mull.db": 0o600, "mull.db-wal": 0o600, "mull.db-shm": 0o600}
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)]
)
async def test_sqlite_is_set_up_on_every_connection(tmp_path: Path, pragma: str, value: object) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'mull.db'}")

    def look(connection: Connection) -> object:
        return connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()

    try:
        assert await database.write(look) == value
        assert set(await asyncio.gather(*(database.read(look) for _ in range(8)))) == {value}
    finally:
        await database.close()


async def test_one_reads_while_another_writes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mull.db'}"
    database, other = open_database(url), open_database(url)
    await database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE t (a TEXT)"))
    writing, may_end = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO t VALUES ('x')")
        writing.set()
        may_end.wait(30)

    task = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(writing.wait, 30)
    assert [await count(one, "t") for one in (database, other)] == [0, 0]
    may_end.set()
    await task
    assert [await count(one, "t") for one in (database, other)] == [1, 1]
    for one in (database, other):
        await one.close()


async def test_a_closed_file_can_be_opened_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mull.db'}"
    for expected in (0, 1, 2):
        database = open_database(url)
        await database.write(lambda c: c.exec_driver_sql("CREATE TABLE IF NOT EXISTS t (a TEXT)"))
        assert await count(database, "t") == expected
        await database.write(lambda c: c.exec_driver_sql("INSERT INTO t VALUES ('x')"))
        await database.close()


async def test_who_is_alone_with_a_file_does_the_work_themselves(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'mull.db'}", is_alone=True)
    here = threading.get_ident()
    assert await database.write(lambda _: threading.get_ident()) == here
    assert await database.read(lambda _: threading.get_ident()) == here
    await database.close()
