"""Bringing a database to the tables this Mull knows, one numbered step at a time.

Alembic takes the steps and is imported only then: most starts find nothing to do.
"""

from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.errors import NewerDatabase
from bot.storage.database import Database

VERSIONS = files("bot.storage.migrations") / "versions"


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


def known_steps() -> list[str]:
    """List the steps this Mull knows, in order: a step's file begins with its number."""
    names = (file.name for file in VERSIONS.iterdir())
    return sorted(name.partition("_")[0] for name in names if name[0].isdigit() and name.endswith(".py"))


def _migrate(connection: Connection) -> list[str]:
    if connection.dialect.name == "postgresql":
        # Two processes that start at once take turns.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7061676573)")
    steps = _missing(connection)
    if steps:
        from bot.storage.upgrading import upgrade  # noqa: PLC0415 - see above

        upgrade(connection)
    return steps


def _missing(connection: Connection) -> list[str]:
    known, current = known_steps(), _current(connection)
    if current is not None and current not in known:
        raise NewerDatabase
    return known[known.index(current) + 1 :] if current else known


def _current(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
