"""Ben in Slack, through the real client libraries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.adapters.slack.words import DONE_TICKING
from bot.flows.document import Document
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.database import Database
from tests.adapters.conformance import BEN, FLOW, set_the_stage
from tests.slack.fake import FakeSlack
from tests.slack.house import SlackHouse, know
from tests.stage import Hands


class SlackDriver:
    """Ben in Slack, in his direct messages with Mull."""

    def __init__(self, database: Database, slack: FakeSlack, hands: Hands, flow: str) -> None:
        self.database, self.slack, self.hands, self._flow = database, slack, hands, flow
        self.ben = slack.person("UBEN")
        self._house = SlackHouse(database, slack, hands)

    @property
    def inbox(self) -> Inbox:
        return self._house.inbox

    @property
    def outbox(self) -> Outbox:
        return self._house.outbox

    async def open(self) -> None:
        await self._house.__aenter__()

    async def close(self) -> None:
        await self._house.__aexit__(None, None, None)

    async def begin(self) -> None:
        await self.ben.command("/mull", f"start {self._flow}")
        await self._house.settle()

    async def say(self, text: str) -> None:
        await self.ben.write(text)
        await self._house.settle()

    async def choose(self, *labels: str) -> None:
        await self._house.settle()
        if len(labels) > 1:
            await self.ben.pick(list(labels))
            await self.ben.press(DONE_TICKING)
        elif labels[0] in self.ben.labels():
            await self.ben.press(labels[0])
        else:
            await self.ben.pick(labels[0])
        await self._house.settle()

    async def repeat(self) -> None:
        await self.slack.deliver_again(self.slack.delivered[-1])
        await self._house.settle()

    async def restart(self) -> None:
        await self.close()
        self._house = SlackHouse(self.database, self.slack, self.hands)
        await self.open()

    async def seen(self) -> str:
        await self._house.settle()
        return self.ben.words()


@asynccontextmanager
async def in_slack(database: Database, document: Document = FLOW) -> AsyncIterator[SlackDriver]:
    """Put Ben before a flow, in a Slack that finds nothing wrong with Mull."""
    await set_the_stage(database, document)
    await know(database, BEN, "UBEN")
    hands = Hands()
    async with FakeSlack(hands) as slack:
        slack.add_user("UBEN", name="Ben")
        driver = SlackDriver(database, slack, hands, document.flow)
        await driver.open()
        try:
            yield driver
        finally:
            await driver.close()
        assert slack.complaints == []
