"""Bringing a database to the tables this Mull knows, one numbered step at a time."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.core.errors import NewerDatabase
from bot.storage.database import Database


async def migrate(database: Database) -> list[str]:
    """Bring the database up to date; answer the steps taken.

    Raises NewerDatabase where it knows steps that this Mull does not.
    """
    return await database.write(_migrate)


async def missing_steps(database: Database) -> list[str]:
    """List the steps that `migrate` would take.

    Raises NewerDatabase where it knows steps that this Mull does not.
    """
    return await database.read(_missing)


def _migrate(connection: Connection) -> list[str]:
    if connection.dialect.name == "postgresql":
        # Two processes that start at once take turns.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7061676573)")
    steps = _missing(connection)
    if steps:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return steps


def _missing(connection: Connection) -> list[str]:
    scripts = ScriptDirectory.from_config(_config())
    current = MigrationContext.configure(connection).get_current_revision()
    known = [script.revision for script in scripts.walk_revisions()]
    if current is not None and current not in known:
        raise NewerDatabase
    known.reverse()
    return known[known.index(current) + 1 :] if current else known


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("bot.storage") / "migrations"))
    return config
