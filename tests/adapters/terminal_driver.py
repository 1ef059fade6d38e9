"""Ben at a terminal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.adapters.base import Answered
from bot.adapters.terminal.adapter import TerminalAdapter
from bot.adapters.terminal.inbound import place_of
from bot.core.effects import AnyEffect
from bot.core.events import Event, EventId, Outcome, RunRequested
from bot.core.people import PersonId
from bot.flows.document import Document
from bot.flows.phrases import ENGLISH
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.database import Database
from tests.adapters.conformance import BEN, FLOW, set_the_stage
from tests.stage import Hands, class_of

CONTROLS = {label: name for name, label in ENGLISH.buttons.items()}


class TerminalDriver:
    """Ben at a terminal; its lines are what he sees."""

    def __init__(self, database: Database, flow: str) -> None:
        self.database, self.hands, self._flow = database, Hands(), flow
        self.lines: list[str] = []
        self._begun = self._sittings = 0
        self._last: Event | None = None
        self._start()

    def _start(self) -> None:
        self._sittings += 1
        self.terminal = TerminalAdapter(f"sitting-{self._sittings}", self._show, self.hands)
        self.inbox = Inbox(self.database, FlowShelf(), now=self.hands)
        self.outbox = Outbox(self.database, {"terminal": self.terminal}, self.hands, owner="test")

    def _show(self, person: PersonId, effect: AnyEffect, lines: list[str]) -> None:
        assert person == effect.person == BEN
        self.lines += lines

    async def begin(self) -> None:
        self._begun += 1
        request = RunRequested(
            id=EventId(f"terminal/begin/{self._begun}"),
            at=self.hands(),
            who=BEN,
            place=place_of(BEN),
            flow=self._flow,
            group=class_of(0),
        )
        await self.accept(request)

    async def say(self, text: str) -> None:
        await self.terminal.start(self)
        await self.terminal.say(BEN, text)

    async def choose(self, *labels: str) -> None:
        await self.say(", ".join(CONTROLS.get(label, label) for label in labels))

    async def accept_at_once(self, event: Event) -> Answered:
        return Answered(await self.accept(event))

    async def repeat(self) -> None:
        assert self._last is not None
        await self.accept(self._last)

    async def restart(self) -> None:
        self._start()

    async def seen(self) -> str:
        await self._deliver()
        return "\n".join(self.lines)

    async def accept(self, event: Event) -> Outcome:
        self._last = event
        outcome = await self.inbox.accept(event)
        await self._deliver()
        return outcome

    async def _deliver(self) -> None:
        while await self.outbox.deliver_due():
            pass


@asynccontextmanager
async def at_a_terminal(database: Database, document: Document = FLOW) -> AsyncIterator[TerminalDriver]:
    """Put Ben before a flow."""
    await set_the_stage(database, document)
    yield TerminalDriver(database, document.flow)
