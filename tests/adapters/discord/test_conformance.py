"""Discord holds what every adapter holds, through the real client library."""

from collections.abc import AsyncIterator

import pytest

from bot.storage.database import Database
from tests.adapters.conformance import Conformance
from tests.adapters.discord.driver import DiscordDriver, on_discord


@pytest.fixture
async def driver(database: Database) -> AsyncIterator[DiscordDriver]:
    async with on_discord(database) as driver:
        yield driver


class TestDiscord(Conformance):
    """Everything in `conformance.py`."""
