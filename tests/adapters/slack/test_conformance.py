"""Slack holds what every adapter holds, through the real client libraries."""

from collections.abc import AsyncIterator

import pytest

from bot.storage.database import Database
from tests.adapters.conformance import Conformance
from tests.adapters.slack.driver import SlackDriver, in_slack


@pytest.fixture
async def driver(database: Database) -> AsyncIterator[SlackDriver]:
    async with in_slack(database) as driver:
        yield driver


class TestSlack(Conformance):
    """Everything in `conformance.py`."""
