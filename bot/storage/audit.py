"""Who looked at what, and who took it along: kept for those whose answers they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import GroupId, PersonId
from bot.storage.review_tables import audit
from bot.storage.tables import people


class Deed(StrEnum):
    """What somebody did with answers."""

    READ = "read"
    EXPORTED = "exported"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who has read a person's answers: how often, when last, and whether they took them along."""

    name: str
    times: int
    last_at: datetime
    has_exported: bool


def note_deed(
    connection: Connection,
    actor: PersonId,
    deed: Deed,
    *,
    group: GroupId,
    about: Collection[PersonId],
    at: datetime,
    what: str = "",
) -> None:
    """Write down what somebody did with answers of these people in a group; what they wrote themselves is no news."""
    rows = [
        {"at": at, "actor_id": actor, "deed": deed.value, "group_id": group, "person_id": one, "what": what}
        for one in sorted(set(about) - {actor})
    ]
    if rows:
        connection.execute(sa.insert(audit), rows)


def note_change(connection: Connection, actor: PersonId, group: GroupId, at: datetime, what: str) -> None:
    """Write down that somebody changed a group; `what` names the event."""
    row = {"at": at, "actor_id": actor, "deed": Deed.CHANGED.value, "group_id": group, "person_id": None, "what": what}
    connection.execute(sa.insert(audit), row)


def readers_of(connection: Connection, person: PersonId) -> list[Reader]:
    """List who has read somebody's answers, the latest first."""
    last = sa.func.max(audit.c.at, type_=audit.c.at.type).label("last_at")
    exported = sa.func.max(sa.case((audit.c.deed == Deed.EXPORTED.value, 1), else_=0)).label("exported")
    found = (
        sa.select(people.c.name, sa.func.count().label("times"), last, exported)
        .join(people, people.c.id == audit.c.actor_id)
        .where(audit.c.person_id == person, audit.c.deed.in_([Deed.READ.value, Deed.EXPORTED.value]))
        .group_by(audit.c.actor_id, people.c.name)
        .order_by(last.desc())
    )
    return [
        Reader(name=row.name, times=row.times, last_at=row.last_at, has_exported=bool(row.exported))
        for row in connection.execute(found)
    ]
