"""Discord holds what every adapter holds on somebody else's idea of Discord, too."""

from collections.abc import AsyncIterator

import pytest

from bot.storage.database import Database
from tests.adapters.conformance import Conformance
from tests.adapters.discord.driver import DiscordDriver, on_simcord


@pytest.fixture
async def driver(database: Database) -> AsyncIterator[DiscordDriver]:
    async with on_simcord(database) as driver:
        yield driver


class TestSimulated(Conformance):
    """Everything in `conformance.py`."""
