"""The first person in an empty database, who owns it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.events import EventId, GroupCreated
from bot.core.people import GroupId, PersonId, Role
from bot.storage.groups import add_group, add_members
from bot.storage.people import add_people
from bot.storage.tables import people


def is_empty(connection: Connection) -> bool:
    """Say whether nobody is here yet."""
    return connection.execute(sa.select(people.c.id).limit(1)).first() is None


def add_owner(connection: Connection, person: PersonId, group: GroupId, at: datetime) -> None:
    """Write down the owner, who facilitates the group that all others stand under."""
    school = GroupCreated(
        id=EventId(f"mull/bootstrap/{group}"),
        at=at,
        who=person,
        group=group,
        name="Our school",
        code=group,
        setting="staff",
        zone="UTC",
    )
    add_people(connection, [(person, "")], at)
    add_group(connection, school)
    add_members(connection, group, [person], Role.FACILITATOR, at)
