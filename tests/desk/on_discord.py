"""The people of the desk's school on Discord as well: one identity over all servers, met privately."""

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

from bot.adapters.asking import Asked, Channel, Reply
from bot.core.events import EventId
from bot.core.people import Identity, PersonId, Place
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.tables import identities, people
from tests.desk.asking import BEN, MIA, Counter, a_counter
from tests.stage import ADA, CY, OLA

EVERYBODY = (ADA, OLA, CY, BEN, MIA)
STRANGER = PersonId("nobody")
CLUB = Channel(place=Place("discord:1:10"), name="robotics", spelled="10")
LISTED = Channel(place=CLUB.place, name=CLUB.name, listed=Place("discord:1:list:7"), spelled="10 7")
LATER = timedelta(days=3)


def on_discord(person: PersonId) -> Identity:
    """Name somebody as Discord does."""
    return Identity("discord", "@me", f"U-{person}")


def at_home(person: PersonId) -> Place:
    """Name where somebody is met on Discord."""
    return Place(f"discord:@me:U-{person}")


async def a_discord_counter(database: Database) -> Counter:
    """Set the stage, let its people be met on Discord, and open the desk."""
    counter = await a_counter(database)
    await database.write(lambda connection: _join_discord(connection, EVERYBODY))
    return counter


async def say(
    at: Counter,
    who: PersonId,
    words: str,
    *,
    channel: Channel | None = None,
    is_trusted: bool = False,
    again: bool = False,
) -> Reply:
    """Ask something of Mull on Discord; `again` sends the last request once more."""
    at.asked += not again
    return await at.desk.ask(
        Asked(
            id=EventId(f"discord/{at.asked}"),
            at=at.hands(),
            who=on_discord(who),
            place=at_home(who),
            words=words,
            channel=channel,
            is_trusted=is_trusted,
        )
    )


def _join_discord(connection: Connection, persons: Iterable[PersonId]) -> None:
    for person in persons:
        connection.execute(sa.insert(identities).values(**on_discord(person)._asdict(), person_id=person))
        connection.execute(sa.update(people).where(people.c.id == person).values(place=at_home(person)))
