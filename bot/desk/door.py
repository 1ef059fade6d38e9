"""The house as a platform sees it: the one door, the outbox that settles, the desk that answers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.adapters.asking import Asked, Reply
from bot.adapters.base import Answered, Delivery, Offer, OpenDialogue
from bot.core.effects import EffectId
from bot.core.events import Event, Outcome
from bot.core.people import Action, Identity, Place, platform_of
from bot.desk.desk import Desk
from bot.desk.menu import load_offers
from bot.runner.inbox import Inbox, NotSaved
from bot.runner.outbox import Outbox
from bot.storage.channels import followed_channels, learners_at
from bot.storage.connection import Connection
from bot.storage.database import Database, is_outage
from bot.storage.desk import find_asker
from bot.storage.marks import read_mark, write_mark
from bot.storage.people import is_met, may_message, open_dialogues


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
        """List the channels, or lists of people, that groups take their people from."""
        with _said_kindly():
            under = f"{platform}:"
            return await self._database.read(lambda connection: followed_channels(connection, under))

    async def members(self, place: Place) -> Sequence[Identity]:
        """List who was taken into groups from a channel or a list of people."""
        with _said_kindly():
            platform = platform_of(place)
            return await self._database.read(lambda connection: learners_at(connection, place, platform))

    async def may_message(self, who: Identity) -> bool:
        """Say whether somebody wished to be written to directly."""
        with _said_kindly():
            return await self._database.read(lambda connection: may_message(connection, who))

    async def offers(self, who: Identity) -> Sequence[Offer]:
        """List the flows that somebody may begin."""
        with _said_kindly():
            return await self._database.read(lambda connection: _offers(connection, who))

    async def marked(self, platform: str, name: str) -> str:
        """Read what a platform wrote down for itself."""
        with _said_kindly():
            return await self._database.read(lambda connection: read_mark(connection, platform, name))

    async def mark(self, platform: str, name: str, value: str) -> None:
        """Write something down for a platform itself."""
        with _said_kindly():
            await self._database.write(lambda connection: write_mark(connection, platform, name, value))

    async def open_dialogues(self, platform: str) -> Sequence[OpenDialogue]:
        """List whose questions are open on a platform."""
        with _said_kindly():
            found = await self._database.read(lambda connection: open_dialogues(connection, platform))
            return [OpenDialogue(*one) for one in found]


def _offers(connection: Connection, who: Identity) -> list[Offer]:
    asker = find_asker(connection, who)
    circles = asker.may(Action.ANSWER) if asker else ()
    found = {
        offer.id: offer.title
        for circle in circles
        for offer in load_offers(connection, circle, asker.lang if asker else "en")
    }
    return [Offer(words=flow, title=title) for flow, title in found.items()]


@contextmanager
def _said_kindly() -> Iterator[None]:
    """Turn a database that is away into NotSaved, which every platform has a sentence for."""
    try:
        yield
    except Exception as fault:
        if is_outage(fault):
            raise NotSaved from fault
        raise
