"""The terminal holds what every adapter holds."""

from collections.abc import AsyncIterator

import pytest

from bot.adapters.base import Answered, Attempt
from bot.adapters.terminal.adapter import TerminalAdapter
from bot.adapters.terminal.inbound import event_from, place_of
from bot.adapters.terminal.outbound import lines_for
from bot.core.effects import EffectId, SendMessage
from bot.core.events import Control, Event, Outcome
from bot.core.people import PersonId
from bot.flows.phrases import ENGLISH
from bot.storage.database import Database
from tests.adapters.conformance import BEN, Conformance
from tests.adapters.terminal_driver import TerminalDriver, at_a_terminal
from tests.stage import NOW, Hands

CLEO = PersonId("cleo")


@pytest.fixture
async def driver(database: Database) -> AsyncIterator[TerminalDriver]:
    async with at_a_terminal(database) as driver:
        yield driver


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
