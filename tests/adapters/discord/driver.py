"""Ben on Discord, in his club's channel, through the real client library: on our own fake, or on simcord."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, Protocol

from bot.adapters.discord.inbound import identity, place_of
from bot.adapters.discord.words import WRITE, WRITE_THE_DAY, YOUR_ANSWER
from bot.adapters.labels import IN_OWN_WORDS
from bot.core.events import EventId, TextReceived
from bot.flows.document import Document
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.database import Database
from tests.adapters.conformance import BEN, FLOW, set_the_stage
from tests.discord.fake import FakeDiscord
from tests.discord.house import DiscordHouse, add_club, know
from tests.discord.simulated import SimulatedDiscord, SimulatedHouse
from tests.stage import Hands

USER = "900000000000000002"
MOST_TYPED = 4_000
TAKE_WORDS = (WRITE, WRITE_THE_DAY, IN_OWN_WORDS)


class House(Protocol):
    """One process of Mull."""

    inbox: Inbox
    outbox: Outbox

    async def settle(self) -> None:
        """Let everything happen that is due."""


class Hand(Protocol):
    """Somebody at a Discord, real or simulated."""

    @property
    def id(self) -> str:
        """Say who they are."""

    def labels(self) -> list[str]:
        """List the buttons that can be pressed."""

    def sees(self) -> str:
        """Read everything that stands before them."""

    async def run(self, name: str, *subs: str, where: Any, **options: Any) -> object:
        """Run a slash command."""

    async def press(self, label: str) -> object:
        """Press a button."""

    async def choose(self, *wanted: str) -> object:
        """Choose in a menu."""

    async def send_modal(self, values: dict[str, Any]) -> object:
        """Fill in and send the open modal."""

    async def redeliver(self) -> None:
        """Let Discord tell once more of what they did last."""


class DiscordDriver:
    """Ben in a channel, where only he sees what Mull says to him; `connect` begins another process of Mull."""

    def __init__(
        self,
        database: Database,
        hands: Hands,
        ben: Hand,
        *,
        channel: object,
        flow: str,
        connect: Callable[[], AbstractAsyncContextManager[House]],
    ) -> None:
        self.database, self.hands, self.ben = database, hands, ben
        self._channel, self._flow, self._connect = channel, flow, connect
        self._running = AsyncExitStack()
        self._house: House

    @property
    def inbox(self) -> Inbox:
        return self._house.inbox

    @property
    def outbox(self) -> Outbox:
        return self._house.outbox

    async def open(self) -> None:
        self._house = await self._running.enter_async_context(self._connect())

    async def close(self) -> None:
        await self._running.aclose()

    async def begin(self) -> None:
        await self.ben.run("mull", "start", where=self._channel, flow=self._flow)
        await self._house.settle()

    async def say(self, text: str) -> None:
        """Write in the field of the open question; what Discord lets nobody send comes in by the door."""
        if len(text) > MOST_TYPED:
            user, name = self.ben.id, EventId("discord/too-long")
            await self._house.inbox.accept(
                TextReceived(id=name, at=self.hands(), who=identity(user), place=place_of(user), text=text)
            )
        else:
            labels = self.ben.labels()
            await self.ben.press(next(label for label in TAKE_WORDS if label in labels))
            await self.ben.send_modal({YOUR_ANSWER: text})
        await self._house.settle()

    async def choose(self, *labels: str) -> None:
        await self._house.settle()
        if len(labels) == 1 and labels[0] in self.ben.labels():
            await self.ben.press(labels[0])
        else:
            await self.ben.choose(*labels)
        await self._house.settle()

    async def repeat(self) -> None:
        await self.ben.redeliver()
        await self._house.settle()

    async def restart(self) -> None:
        await self.close()
        await self.open()

    async def seen(self) -> str:
        await self._house.settle()
        return re.sub(r"\\([^\w\s])", r"\1", self.ben.sees())  # as a client shows it: without what escapes markup


@asynccontextmanager
async def on_discord(database: Database, document: Document = FLOW) -> AsyncIterator[DiscordDriver]:
    """Put Ben before a flow, on a fake Discord that finds nothing wrong with Mull."""
    await set_the_stage(database, document)
    await know(database, BEN, USER)
    hands = Hands()
    async with FakeDiscord(hands) as discord:
        _, channel = add_club(discord)
        discord.world.users[USER].global_name = "Ben"
        driver = DiscordDriver(
            database,
            hands,
            discord.person(USER),
            channel=channel,
            flow=document.flow,
            connect=lambda: DiscordHouse(database, discord, hands),
        )
        await driver.open()
        try:
            yield driver
        finally:
            await driver.close()
        assert discord.complaints == []


@asynccontextmanager
async def on_simcord(database: Database, document: Document = FLOW) -> AsyncIterator[DiscordDriver]:
    """Put Ben before a flow, on simcord."""
    await set_the_stage(database, document)
    hands = Hands()
    async with SimulatedDiscord(hands) as discord:
        await know(database, BEN, discord.ben.id)
        driver = DiscordDriver(
            database,
            hands,
            discord.ben,
            channel=discord.channel,
            flow=document.flow,
            connect=lambda: SimulatedHouse(database, discord, hands),
        )
        await driver.open()
        try:
            yield driver
        finally:
            await driver.close()
        assert discord.failed_interactions == []
