"""One Mull behind pages, Slack and Discord at once, and a class that is in all three: how Mull really runs."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from structlog.testing import capture_logs

from bot.adapters.browser.adapter import BrowserAdapter
from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.slack.adapter import OneToken, SlackAdapter
from bot.adapters.slack.pace import Pace
from bot.app import App, running
from bot.core.people import PersonId, Role
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.groups import add_group, add_members
from bot.storage.people import add_people
from bot.web.app import create_app
from bot.web.house import House
from tests.browser.serving import a_free_port, served
from tests.discord import house as on_discord
from tests.discord.fake import FakeDiscord
from tests.discord.person import Person as DiscordPerson
from tests.slack import house as in_slack
from tests.slack.fake import FakeSlack
from tests.slack.person import Person as SlackPerson
from tests.stage import ADA, NOW, Hands, a_group
from tests.web.house import CLASS, SECRET, Stage

SOL = PersonId("sol")
"""Who leads the class beside Ada."""


@dataclass
class School:
    """A running Mull, and who uses it where; `named` holds the learners, by id."""

    stage: Stage
    slack: FakeSlack
    discord: FakeDiscord
    named: Mapping[PersonId, str]

    def in_slack(self, person: PersonId) -> SlackPerson:
        """Be somebody in Slack."""
        return self.slack.person(f"U{person.upper()}")

    def on_discord(self, person: PersonId) -> DiscordPerson:
        """Be somebody on Discord."""
        name = self.named[person]
        [found] = [user for user in self.discord.world.users.values() if user.shown == name]
        return self.discord.person(found.id)

    async def reads_in_slack(self, person: PersonId, words: str, where: str = "dm") -> None:
        """Wait until somebody reads something in Slack."""
        one = self.in_slack(person)
        await _until(self.slack, one.words, words, where)

    async def reads_on_discord(self, person: PersonId, words: str) -> None:
        """Wait until somebody reads something in their direct messages on Discord."""
        await _until(self.discord, self.on_discord(person).sees, words, "dm")


async def _until(there: FakeSlack | FakeDiscord, reads: Callable[[str], str], words: str, where: str) -> None:
    try:
        await there.until(lambda: words in reads(where))
    except TimeoutError as fault:
        raise AssertionError(f"{words!r} did not come; what stands there is:\n{reads(where)}") from fault


@asynccontextmanager
async def open_school(
    database: Database, named: Mapping[PersonId, str], elsewhere: Mapping[PersonId, str]
) -> AsyncIterator[School]:
    """Run Mull for a class that Ada and Sol lead; Ada is in Slack, learners `elsewhere` are there, the rest on pages.

    In the end neither platform complains, and nothing was logged that went wrong.
    """
    hands, browser = Hands(step=timedelta(milliseconds=1)), BrowserAdapter()
    listening, address = a_free_port()
    await database.write(lambda connection: _fill(connection, named))
    with capture_logs() as logs:
        async with FakeSlack(hands) as slack, FakeDiscord(hands) as discord:
            await _meet(database, slack, discord, {ADA: "Ms Ada", **named}, {ADA: "slack", **elsewhere})
            adapters = (browser, _slack(slack, hands), _discord(discord, hands))
            async with running(database, {one.platform: one for one in adapters}, hands, address) as app:
                await slack.connected()
                await discord.connected()
                stage = _stage(app, browser, hands, address)
                async with served(stage.app, listening):
                    yield School(stage, slack, discord, named)
            assert (slack.complaints, discord.complaints, discord.failed_interactions) == ([], [], [])
    assert [line for line in logs if line["log_level"] in ("warning", "error")] == []


def _fill(connection: Connection, named: Mapping[PersonId, str]) -> None:
    add_people(connection, [(ADA, "Ms Ada"), (SOL, "Mr Sol"), *named.items()], NOW)
    add_group(connection, a_group(CLASS, ADA, name="6b"))
    add_members(connection, CLASS, [ADA, SOL], Role.FACILITATOR, NOW)
    add_members(connection, CLASS, list(named), Role.LEARNER, NOW)


async def _meet(
    database: Database,
    slack: FakeSlack,
    discord: FakeDiscord,
    named: Mapping[PersonId, str],
    elsewhere: Mapping[PersonId, str],
) -> None:
    """Let both platforms know their people, and Mull who those are."""
    guild = discord.add_guild(name="North School", owner=discord.add_user(name="Ms Kim"))
    for person, platform in elsewhere.items():
        if platform == "slack":
            user = slack.add_user(f"U{person.upper()}", name=named[person])
            await in_slack.know(database, person, user.id)
        else:
            member = discord.add_user(name=named[person], guilds=[guild])
            await on_discord.know(database, person, member.id)


def _slack(slack: FakeSlack, hands: Hands) -> SlackAdapter:
    hurry = in_slack.IN_A_HURRY
    return SlackAdapter(
        OneToken(slack.token),
        api_url=slack.api_url,
        now=hands,
        app_token=slack.app_token,
        pace=Pace(conversation=hurry, workspace=hurry),
    )


def _discord(discord: FakeDiscord, hands: Hands) -> DiscordAdapter:
    return DiscordAdapter(
        discord.token,
        now=hands,
        api_url=discord.api_url,
        gateway_url=discord.gateway_url,
        quick=on_discord.PATIENT,
        client=on_discord.Hasty,
    )


def _stage(app: App, browser: BrowserAdapter, hands: Hands, address: str) -> Stage:
    house = House(
        database=app.database,
        accept=app.accept,
        shelf=app.shelf,
        watch=browser.watch,
        now=hands,
        secret=SECRET,
        base_url=address,
        connected=frozenset({"slack", "discord"}),
    )
    return Stage(house, create_app(house), app.inbox, app.database, hands)
