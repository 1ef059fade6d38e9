"""Bringing databases to the tables this Mull knows."""

from importlib.resources import files

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.core.errors import NewerDatabase
from bot.storage.database import Database, open_database
from bot.storage.schema import known_steps, migrate, missing_steps
from bot.storage.tables import metadata


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
