"""The terminal holds what every adapter holds."""

import pytest

from bot.adapters.base import Answered, Attempt
from bot.adapters.terminal.adapter import TerminalAdapter
from bot.adapters.terminal.inbound import event_from, place_of
from bot.adapters.terminal.outbound import lines_for
from bot.core.effects import AnyEffect, EffectId, SendMessage
from bot.core.events import Control, Event, EventId, Outcome, RunRequested
from bot.core.people import PersonId
from bot.flows.phrases import ENGLISH
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.database import Database
from tests.adapters.conformance import BEN, FLOW, Conformance, set_the_stage
from tests.stage import NOW, Hands, class_of

CLEO = PersonId("cleo")
CONTROLS = {label: name for name, label in ENGLISH.buttons.items()}


class TerminalDriver:
    """Ben at a terminal; its lines are what he sees."""

    def __init__(self, database: Database) -> None:
        self.database, self.hands = database, Hands()
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
            flow=FLOW.flow,
            group=class_of(0),
        )
        await self.accept(request)

    async def say(self, text: str) -> None:
        await self.terminal.start(self)
        await self.terminal.say(BEN, text)

    async def choose(self, label: str) -> None:
        await self.say(CONTROLS.get(label, label))

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


@pytest.fixture
async def driver(database: Database) -> TerminalDriver:
    await set_the_stage(database)
    return TerminalDriver(database)


class TestTerminal(Conformance):
    """Everything in `conformance.py`."""


def test_control_characters_never_reach_the_terminal() -> None:
    effect = SendMessage(id=EffectId("e/0"), person=BEN, place=place_of(BEN), text="red \x1b[31m text\x07")
    assert lines_for(effect) == ["", "red \N{REPLACEMENT CHARACTER}[31m text\N{REPLACEMENT CHARACTER}"]


async def test_one_terminal_speaks_for_several() -> None:
    taken: list[Event] = []
    shown: list[tuple[PersonId, list[str]]] = []

    class Taking:
        async def accept(self, event: Event) -> Outcome:
            taken.append(event)
            return Outcome.ACCEPTED

        async def accept_at_once(self, event: Event) -> Answered:
            return Answered(await self.accept(event))

    terminal = TerminalAdapter("sitting", lambda person, _, lines: shown.append((person, lines)), Hands())
    await terminal.start(Taking())
    for person in (BEN, CLEO):
        await terminal.say(person, "yes")
        effect = SendMessage(id=EffectId(f"{person}/0"), person=person, place=place_of(person), text="Hello.")
        await terminal.deliver(effect, Attempt(1, NOW))
        await terminal.deliver(effect, Attempt(2, NOW))
    assert [event.who for event in taken] == [BEN, CLEO]
    assert len({event.id for event in taken}) == 2
    assert shown == [(BEN, ["", "Hello."]), (CLEO, ["", "Hello."])]


def test_lines_are_numbered_so_that_each_is_an_event_of_its_own() -> None:
    hands = Hands()
    assert event_from("yes\n", "a.0", BEN, hands()).id != event_from("yes\n", "a.1", BEN, hands()).id
    assert event_from("yes\n", "a.0", BEN, hands()).text == "yes"


def test_every_control_has_a_word_that_can_be_typed() -> None:
    assert all(ENGLISH.words[control] for control in Control)
