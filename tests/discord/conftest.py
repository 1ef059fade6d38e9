"""Discord with a club in it, and a Mull that works; what must never be logged fails the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.adapters.discord.calls import ANSWERED
from bot.storage.database import Database
from tests.discord.fake import FakeDiscord
from tests.discord.flows import WEEK
from tests.discord.house import DiscordHouse, Walk, add_club, publish
from tests.discord.looking import against_custom, shown_in_public
from tests.stage import Hands

FAULTS = {
    "discord_task_failed",
    "discord_interaction_ignored",
    "event_set_aside",
    "set_aside_failed",
    "interaction_failed",
    "interaction_not_answered",
    "commands_not_synced",
    "sweep_failed",
}
"""What Mull writes down where it did not do what somebody wanted."""


ON_BOTH = frozenset({"test_faults_coming.py", "test_faults_posts.py", "test_run.py", "test_walk_coming.py"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Walk over SQLite alone, but where it is about what is kept: what Discord shows and sends reaches no database.

    The desk, the outbox and the conformance suite run on both.
    """
    here = Path(__file__).parent
    twice = [item for item in items if item.path.parent == here and item.path.name not in ON_BOTH]
    twice = [item for item in twice if "postgresql" in item.name]
    if twice:
        config.hook.pytest_deselected(items=twice)
        items[:] = [item for item in items if item not in set(twice)]


@pytest.fixture
async def fresh(database: Database) -> AsyncIterator[Walk]:
    """Let Mull have just come: there is a server, and it knows nobody."""
    async with _walking(database) as begun:
        yield begun


@pytest.fixture
async def walk(database: Database) -> AsyncIterator[Walk]:
    """Let Ada have set up the club for its channel."""
    async with _walking(database) as begun:
        await begun.set_up(channel=begun.channel.id, zone="Europe/Berlin")
        yield begun


@asynccontextmanager
async def _walking(database: Database) -> AsyncIterator[Walk]:
    await publish(database, WEEK)
    hands = Hands()
    with capture_logs() as logs:
        async with FakeDiscord(hands) as discord:
            guild, channel = add_club(discord)
            begun = Walk(await DiscordHouse(database, discord, hands).__aenter__(), guild, channel)
            yield begun
            await begun.house.settle()
            await begun.house.__aexit__(None, None, None)
            assert discord.complaints == []
            assert discord.failed_interactions == []
            assert against_custom(discord.calls) == []
            assert shown_in_public(discord) == []
    assert [line for line in logs if line["event"] in FAULTS and line.get("code") != ANSWERED] == []
