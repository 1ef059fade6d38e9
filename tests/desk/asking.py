"""People of a school who are in Slack as well, a desk with a real door, and what a reply says."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import sqlalchemy as sa

from bot.adapters.asking import Asked, Button, Channel, Item, Reply
from bot.adapters.base import Answered
from bot.core.effects import AnyEffect
from bot.core.events import Event, EventId, Outcome
from bot.core.people import Identity, PersonId, Place
from bot.desk.desk import Desk
from bot.runner.inbox import Inbox
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.tables import identities
from tests.stage import ADA, CY, OLA, Hands, an_inbox, pupil, set_stage

T = TypeVar("T", bound=AnyEffect)

BEN, MIA = pupil(0), pupil(1)
STRANGER = Identity("slack", "T1", "U-nobody")
BASE = "https://mull.example"
TOKEN = re.compile(r"/sign-in/[\w-]+")
CHANNEL = Channel(place=Place("slack:T1:C-room"), name="#staff-room")


def in_slack(person: PersonId) -> Identity:
    """Name somebody as Slack does."""
    return Identity("slack", "T1", f"U-{person}")


def dm_of(person: PersonId) -> Place:
    """Name somebody's direct messages."""
    return Place(f"slack:T1:D-{person}")


@dataclass
class Door:
    """The one door, which remembers what came through it."""

    inbox: Inbox
    seen: list[Event] = field(default_factory=list)

    async def accept(self, event: Event) -> Outcome:
        """Let an event happen."""
        self.seen.append(event)
        return await self.inbox.accept(event)

    async def accept_at_once(self, event: Event) -> Answered:
        """Let an event happen and take what answers it."""
        self.seen.append(event)
        return await self.inbox.accept_at_once(event)


@dataclass
class Counter:
    """The desk under test, with a door that really writes; counts what was asked so that each is a new event."""

    database: Database
    inbox: Inbox
    door: Door
    hands: Hands
    desk: Desk
    asked: int = 0

    async def say(
        self,
        who: PersonId | Identity,
        words: str,
        *,
        channel: Channel | None = None,
        is_trusted: bool = False,
        given: tuple[tuple[str, str], ...] = (),
        again: bool = False,
    ) -> Reply:
        """Ask something of Mull; `again` sends the last request once more."""
        self.asked += not again
        person = who if isinstance(who, str) else PersonId(who.external_id)
        return await self.desk.ask(
            Asked(
                id=EventId(f"slack/T1/{self.asked}"),
                at=self.hands(),
                who=who if isinstance(who, Identity) else in_slack(who),
                place=dm_of(person),
                words=words,
                channel=channel,
                is_trusted=is_trusted,
                given=given,
            )
        )

    async def home(self, who: PersonId | Identity) -> Reply:
        """Look at somebody's own page."""
        person = who if isinstance(who, str) else PersonId(who.external_id)
        return await self.desk.home(who if isinstance(who, Identity) else in_slack(who), dm_of(person))


async def a_counter(database: Database, pupils: int = 2) -> Counter:
    """Set the stage, give its people a place in Slack, and open the desk."""
    hands = Hands()
    await set_stage(database, pupils)
    await database.write(lambda connection: _join_slack(connection, [ADA, OLA, CY, *map(pupil, range(pupils))]))
    door = Door(an_inbox(database, hands))
    desk = Desk(database=database, door=door, now=hands, base_url=BASE + "/")
    return Counter(database, door.inbox, door, hands, desk)


def text_of(reply: Reply) -> str:
    """Write out all that a reply shows, its form and effects as well; but no token, which may spell any name."""
    shown = [part for item in reply.items for part in _parts(item)]
    return TOKEN.sub("/sign-in/…", "\n".join([*shown, repr(reply.form or ""), *map(repr, reply.effects)]))


def buttons_of(reply: Reply) -> list[Button]:
    """List the buttons of a reply."""
    return [button for item in reply.items for button in item.buttons]


def does_of(reply: Reply) -> list[str]:
    """List what the buttons of a reply stand for."""
    return [button.does for button in buttons_of(reply) if button.does]


def the(kind: type[T], effects: Iterable[AnyEffect]) -> T:
    """Find the one effect of a kind."""
    (found,) = [effect for effect in effects if isinstance(effect, kind)]
    return found


def _parts(item: Item) -> Sequence[str]:
    shown = [item.heading, item.text, item.quote, item.small]
    return [*filter(None, shown), *(f"[{b.label}] {b.does}{b.url} {b.spoken}" for b in item.buttons)]


def _join_slack(connection: Connection, persons: Iterable[PersonId]) -> None:
    rows = [{**in_slack(person)._asdict(), "person_id": person} for person in persons]
    connection.execute(sa.insert(identities), rows)
