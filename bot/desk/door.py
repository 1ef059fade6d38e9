"""The house as a platform sees it: the one door, the outbox that settles, the desk that answers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.adapters.asking import Asked, Reply
from bot.adapters.base import Answered, Delivery, OpenDialogue
from bot.core.effects import EffectId
from bot.core.events import Event, Outcome
from bot.core.people import Identity, Place
from bot.desk.desk import Desk
from bot.runner.inbox import Inbox, NotSaved
from bot.runner.outbox import Outbox
from bot.storage.channels import followed_channels
from bot.storage.database import Database, is_outage
from bot.storage.people import is_met, open_dialogues


class HouseDoor:
    """All that the house lets a platform do."""

    def __init__(self, database: Database, inbox: Inbox, outbox: Outbox, desk: Desk) -> None:
        self._database, self._inbox, self._outbox, self._desk = database, inbox, outbox, desk

    async def accept(self, event: Event) -> Outcome:
        """Let an event happen."""
        return await self._inbox.accept(event)

    async def accept_at_once(self, event: Event) -> Answered:
        """Let an event happen and take what answers it."""
        return await self._inbox.accept_at_once(event)

    async def settle(self, results: Sequence[tuple[EffectId, Delivery]]) -> None:
        """Write down what became of effects that were taken."""
        if results:
            await self._outbox.settle(results)

    async def ask(self, asked: Asked) -> Reply:
        """Answer what somebody asks of Mull itself."""
        with _said_kindly():
            return await self._desk.ask(asked)

    async def home(self, who: Identity, place: Place) -> Reply:
        """Lay out somebody's own page."""
        with _said_kindly():
            return await self._desk.home(who, place)

    async def knows(self, who: Identity) -> bool:
        """Say whether somebody was met before."""
        with _said_kindly():
            return await self._database.read(lambda connection: is_met(connection, who))

    async def channels(self, platform: str) -> Sequence[Place]:
        """List the channels that groups follow."""
        under = f"{platform}:"
        return await self._database.read(lambda connection: followed_channels(connection, under))

    async def open_dialogues(self, platform: str) -> Sequence[OpenDialogue]:
        """List whose questions are open on a platform."""
        found = await self._database.read(lambda connection: open_dialogues(connection, platform))
        return [OpenDialogue(*one) for one in found]


@contextmanager
def _said_kindly() -> Iterator[None]:
    """Turn a database that is away into NotSaved, which every platform has a sentence for."""
    try:
        yield
    except Exception as fault:
        if is_outage(fault):
            raise NotSaved from fault
        raise
