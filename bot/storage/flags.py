"""Concerns that wait for a facilitator."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.events import AdultAsked, FlagResolved
from bot.core.people import GroupId, PersonId
from bot.storage.columns import among
from bot.storage.tables import flags, people


def raise_flag(connection: Connection, event: AdultAsked, who: PersonId) -> None:
    """Write down that somebody wants to talk to an adult; asking twice the same day is one flag more, on purpose."""
    row = {"id": event.id, "group_id": event.group, "person_id": who, "raised_at": event.at}
    connection.execute(sa.insert(flags), row)


def resolve_flag(connection: Connection, event: FlagResolved) -> bool:
    """Close an open flag of a group; answer False where there is none."""
    where = (flags.c.id == event.flag, flags.c.group_id == event.group, flags.c.resolved_at.is_(None))
    return bool(connection.execute(sa.update(flags).where(*where).values(resolved_at=event.at)).rowcount)


def open_flags(connection: Connection, groups: Collection[GroupId]) -> list[sa.Row[tuple[str, str, str, str, int]]]:
    """List the flags of groups that nobody has resolved, newest first, with the person's name."""
    found = (
        sa.select(flags.c.id, flags.c.group_id, flags.c.person_id, people.c.name, flags.c.raised_at)
        .join(people, people.c.id == flags.c.person_id)
        .where(among(flags.c.group_id, "groups"), flags.c.resolved_at.is_(None))
        .order_by(flags.c.raised_at.desc())
    )
    return list(connection.execute(found, {"groups": sorted(groups)}))
