"""Where somebody can be shown something just now."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import PersonId, Place
from bot.storage.tables import people


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody chose to be met, if they did, and whether they wish to be written to directly."""

    place: Place | None
    wants_messages: bool


def load_reach(connection: Connection, person: PersonId) -> Reach:
    """Read how somebody is to be reached."""
    found = sa.select(people.c.place, people.c.wants_messages).where(people.c.id == person)
    row = connection.execute(found).one()
    return Reach(Place(row.place) if row.place else None, row.wants_messages)
