"""Bringing databases to the tables this Mull knows."""

from importlib.resources import files

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.core.errors import NewerDatabase
from bot.storage.database import Database, open_database
from bot.storage.schema import known_steps, migrate, missing_steps
from bot.storage.tables import metadata
from bot.storage.upgrading import configured
from tests.stage import rows


async def test_a_fresh_database_takes_every_step_once(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    try:
        steps = await missing_steps(database)
        assert steps
        assert await migrate(database) == steps
        assert await missing_steps(database) == []
        assert await migrate(database) == []
    finally:
        await database.close()


async def test_the_migrated_tables_are_those_the_code_knows(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert await database.read(differences) == []


async def test_a_database_from_a_newer_version_is_refused(database: Database) -> None:
    def pretend(connection: Connection) -> None:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    await database.write(pretend)
    with pytest.raises(NewerDatabase, match="newer Mull"):
        await missing_steps(database)
    with pytest.raises(NewerDatabase, match="newer Mull"):
        await migrate(database)


def test_the_steps_are_those_that_alembic_finds() -> None:
    scripts = ScriptDirectory(str(files("bot.storage") / "migrations"))
    assert known_steps() == [script.revision for script in scripts.walk_revisions()][::-1]


async def test_a_first_database_with_rows_in_it_is_brought_up_without_loss(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    try:
        await database.write(lambda connection: command.upgrade(configured(connection), "0001"))
        await database.write(fill)
        before = {table: await rows(database, f"SELECT * FROM {table}") for table in FILLED}
        assert await missing_steps(database) == ["0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009"]
        assert await migrate(database) == ["0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009"]
        for table, kept in before.items():
            assert [row[: len(kept[0])] for row in await rows(database, f"SELECT * FROM {table}")] == kept, table
        assert await rows(database, "SELECT place FROM people") == [(None,)] * 2
        for table in (
            "occurrences",
            "kept_apart",
            "workspaces",
            "install_states",
            "heard",
            "platform_marks",
            "programs",
        ):
            assert await rows(database, f"SELECT * FROM {table}") == []
    finally:
        await database.close()


NEW = ("occurrences", "kept_apart", "workspaces", "install_states", "heard", "platform_marks", "programs")
FILLED = {
    "people": [
        {"id": "ada", "name": "Ms Ada", "lang": "en", "card": 1, "created_at": 1},
        {"id": "ben", "name": "Ben", "lang": "en", "card": 2, "created_at": 2},
    ],
    "groups": [{"id": "7b", "name": "7b", "code": "abc", "setting": "class", "zone": "UTC", "created_at": 1}],
    "memberships": [{"group_id": "7b", "person_id": "ben", "role": "learner", "since": 3}],
}
"""What stands in a database of the first version."""


def fill(connection: Connection) -> None:
    """Write rows as the first version did, without asking today's tables."""
    for table, given in FILLED.items():
        columns = sa.inspect(connection).get_columns(table)
        for row in given:
            blank = {c["name"]: "" for c in columns if not c["nullable"] and c["default"] is None}
            full = {**blank, **row}
            names, values = ", ".join(full), ", ".join(f":{name}" for name in full)
            connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), full)
