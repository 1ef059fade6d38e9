"""Slack with a staff team in it, and a Mull that works; what must never be logged fails the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.storage.database import Database
from tests.slack.fake import FakeSlack
from tests.slack.flows import WEEK
from tests.slack.house import HTTP, SOCKET, SlackHouse, Walk, add_team, publish, set_team
from tests.slack.person import Person
from tests.slack.trouble import Unreliable, a_class, in_time_of, start
from tests.stage import Hands

FAULTS = {"slack_task_failed", "event_set_aside", "set_aside_failed", "slack_payload_ignored", "sweep_failed"}
"""What Mull writes down where it did not do what somebody wanted."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Walk in HTTP mode over SQLite alone: how a request arrives never reaches a database."""
    here = Path(__file__).parent
    twice = [item for item in items if item.path.parent == here and _is_twice(item)]
    if twice:
        config.hook.pytest_deselected(items=twice)
        items[:] = [item for item in items if item not in set(twice)]


def _is_twice(item: pytest.Item) -> bool:
    given = getattr(item, "callspec", None)
    params = given.params if given else {}
    return HTTP in (params.get("walk"), params.get("fresh")) and "postgresql" in item.name


@pytest.fixture
async def walk(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Walk]:
    """Let Ada lead Ben in a staff team, with Ola looking after it and Eve in no group."""
    await set_team(database, WEEK)
    async with _walking(database, getattr(request, "param", SOCKET)) as begun:
        yield begun


@pytest.fixture
async def fresh(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Walk]:
    """Let Mull have just come: there are people in Slack, and it knows nobody."""
    await publish(database, WEEK)
    async with _walking(database, getattr(request, "param", SOCKET)) as begun:
        yield begun


@asynccontextmanager
async def _walking(database: Database, mode: str) -> AsyncIterator[Walk]:
    hands = Hands()
    with capture_logs() as logs:
        async with FakeSlack(hands) as slack:
            add_team(slack)
            begun = Walk(await SlackHouse(database, slack, hands, mode=mode).__aenter__())
            yield begun
            await begun.house.settle()
            await begun.house.__aexit__(None, None, None)
            assert slack.complaints == []
    assert [line for line in logs if line["event"] in FAULTS] == []


# What goes wrong.


@pytest.fixture
def hands() -> Hands:
    """Hold the clock."""
    return Hands()


@pytest.fixture
async def slack(hands: Hands) -> AsyncIterator[FakeSlack]:
    """Open a Slack, which has nothing to complain about in the end."""
    async with FakeSlack(hands) as slack:
        yield slack
        assert slack.complaints == []


@pytest.fixture
def shaky(database: Database) -> Unreliable:
    """Hold the cable of the database."""
    return Unreliable(database)


@pytest.fixture
async def house(
    request: pytest.FixtureRequest, shaky: Unreliable, slack: FakeSlack, hands: Hands
) -> AsyncIterator[SlackHouse]:
    """Run one Mull, which nobody has met."""
    mode = getattr(request, "param", SOCKET)
    async with SlackHouse(shaky, slack, hands, pace=in_time_of(hands), mode=mode) as house:
        yield house


@pytest.fixture
async def ben(house: SlackHouse, slack: FakeSlack) -> Person:
    """Be Ben, who was asked the first of three questions."""
    (ben,) = await a_class(house.database, slack)
    await start(house, ben)
    return ben
