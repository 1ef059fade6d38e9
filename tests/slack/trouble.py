"""People of a school in a fake Slack, what waits to be said to them, and a database that goes away."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.adapters.slack.pace import Pace
from bot.core.effects import AnyEffect, EffectId, SendMessage
from bot.core.people import Place
from bot.flows.document import Document
from bot.storage.database import Database, Work
from bot.storage.turns import Outgoing, save_effects
from tests.slack.fake import FakeSlack
from tests.slack.faults import Hold
from tests.slack.house import IN_A_HURRY, SlackHouse, know
from tests.slack.person import Person
from tests.slack.server import Call
from tests.stage import ADA, FLOW, Hands, pupil, rows, set_stage

T = TypeVar("T")

ONE, TWO, PLAN = "What made you think?", "What did you try?", "What will you try next?"

POST, HISTORY = "chat.postMessage", "conversations.history"


class Unreliable:
    """A real database that is away while `is_away`, as a server behind a cut cable is."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_away = False

    @property
    def dialect(self) -> str:
        """Name the kind."""
        return self._database.dialect

    async def write(self, work: Work[T]) -> T:
        """Run `work`, where the database is there."""
        self._reach()
        return await self._database.write(work)

    async def read(self, work: Work[T]) -> T:
        """Run `work`, where the database is there."""
        self._reach()
        return await self._database.read(work)

    async def close(self) -> None:
        """Let go."""
        await self._database.close()

    def _reach(self) -> None:
        if self.is_away:
            raise ConnectionRefusedError("no database here")


def in_time_of(hands: Hands) -> Pace:
    """Make a pace that holds nothing back but what Slack asked for, by the clock of a test."""

    def clock() -> float:
        return hands.at.timestamp()

    return Pace(clock, conversation=IN_A_HURRY, workspace=IN_A_HURRY)


def name_of(number: int) -> str:
    """Name a learner in Slack."""
    return f"U{number:03}"


async def a_class(
    database: Database, slack: FakeSlack, size: int = 1, team: str = "T1", document: Document = FLOW
) -> list[Person]:
    """Let learners and Ms Ada be known in Slack; answer the learners."""
    await set_stage(database, size, document)
    for number in range(size):
        await know(database, pupil(number), name_of(number), team)
        slack.add_user(name_of(number), name=f"Ben {number}", team=team)
    await know(database, ADA, "UADA", team)
    slack.add_user("UADA", name="Ms Ada", team=team)
    return [slack.person(name_of(number)) for number in range(size)]


def line(number: int, count: int, team: str = "T1") -> SendMessage:
    """Make something to say to a learner."""
    return SendMessage(
        id=EffectId(f"test/{number}/{count}"),
        person=pupil(number),
        place=Place(f"slack:{team}:{name_of(number)}"),
        text=f"Line {count}.",
    )


async def start(house: SlackHouse, person: Person, flow: str = FLOW.flow) -> None:
    """Let somebody begin a flow."""
    await person.command("/mull", f"start {flow}")
    await house.settle()


def asked(person: Person, question: str) -> int:
    """Count how often a question stands before somebody."""
    return sum(question in message.text for message in person.dm if message.by_bot)


async def put_out(house: SlackHouse, effects: Sequence[AnyEffect], *, is_reply: bool = False) -> None:
    """Let effects wait in the outbox."""
    outgoing = [Outgoing(effect, house.hands(), is_reply=is_reply) for effect in effects]

    def work(connection: Connection) -> None:
        save_effects(connection, outgoing)

    await house.database.write(work)


async def pass_until_out(house: SlackHouse, hands: Hands, seconds: float = 30, most: int = 200) -> None:
    """Let time pass until nothing waits any more."""
    for _ in range(most):
        await house.settle()
        if not await waiting(house.database):
            return
        hands.move(seconds=seconds)
    raise AssertionError(await waiting(house.database))


async def settle_for_long(house: SlackHouse, hands: Hands) -> None:
    """Let most of an hour pass."""
    for _ in range(5):
        await house.settle()
        hands.move(minutes=5)
    await house.settle()


async def waiting(database: Database) -> list[tuple[Any, ...]]:
    """List what is not at its end."""
    return await rows(database, "SELECT id, state, reason FROM outbox WHERE state IN ('pending', 'leased')")


async def fates(database: Database) -> dict[str, tuple[str, str]]:
    """Read what became of each effect: its state and the reason."""
    found = await rows(database, "SELECT id, state, coalesce(reason, '') FROM outbox")
    return {name: (state, reason) for name, state, reason in found}


async def eventually(house: SlackHouse, wanted: Callable[[], Awaitable[object]], patience: float = 5.0) -> None:
    """Let Mull go on until something is so."""
    async with asyncio.timeout(patience):
        while not await wanted():
            await house.settle()


async def reached(held: Hold) -> None:
    """Wait until a call waits for its answer."""
    await asyncio.wait_for(held.reached.wait(), 5.0)


def said(slack: FakeSlack, where: str) -> list[str]:
    """List what Mull has said in a channel or to a person, in order."""
    return [message.text for message in slack.posts_to(where)]


def calls(slack: FakeSlack, *methods: str, where: Callable[[Call], bool] = lambda call: True) -> list[Call]:
    """List the calls of some methods."""
    return [call for call in slack.calls if call.method in methods and where(call)]


def inside(refused: Sequence[tuple[Call, int]], made: Sequence[Call]) -> Iterator[Call]:
    """Find the calls of a method that were made while Slack had asked to be left alone with it."""
    for refusal, seconds in refused:
        for call in made:
            passed = (call.at - refusal.at).total_seconds()
            if call.method == refusal.method and 0 < passed < seconds:
                yield call
