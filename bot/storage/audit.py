"""Who looked at what, took it along or changed it: kept for those whose answers they are, and for who leads."""

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
    """What somebody did with answers, or with a group."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one person did in a group: how often, when last, to how many people, and to whom where it is one."""

    name: str
    deed: Deed
    what: str
    times: int
    last_at: datetime
    people: int
    person: str


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


def note_change(
    connection: Connection,
    actor: PersonId,
    what: str,
    *,
    group: GroupId,
    at: datetime,
    about: Collection[PersonId] = (),
) -> None:
    """Write down that somebody changed a group; `what` names the event, or the step of a program."""
    row = {"at": at, "actor_id": actor, "deed": Deed.CHANGED.value, "group_id": group, "what": what}
    rows = [row | {"person_id": one} for one in sorted(set(about))] or [row | {"person_id": None}]
    connection.execute(sa.insert(audit), rows)


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


def deeds_in(connection: Connection, group: GroupId, since: datetime, until: datetime) -> list[Done]:
    """List what each person did in a group from one moment up to another, the latest first."""
    actors, about = people.alias("actors"), people.alias("about")
    last = sa.func.max(audit.c.at, type_=audit.c.at.type).label("last_at")
    found = (
        sa.select(
            actors.c.name,
            audit.c.deed,
            audit.c.what,
            sa.func.count(audit.c.at.distinct()).label("times"),
            last,
            sa.func.count(audit.c.person_id.distinct()).label("people"),
            sa.func.coalesce(sa.func.min(about.c.name), "").label("person"),
        )
        .join(actors, actors.c.id == audit.c.actor_id)
        .outerjoin(about, about.c.id == audit.c.person_id)
        .where(audit.c.group_id == group, audit.c.at >= since, audit.c.at < until)
        .group_by(audit.c.actor_id, actors.c.name, audit.c.deed, audit.c.what)
        .order_by(last.desc(), audit.c.deed, audit.c.what)
    )
    return [
        Done(
            name=row.name,
            deed=Deed(row.deed),
            what=row.what,
            times=row.times,
            last_at=row.last_at,
            people=row.people,
            person=row.person,
        )
        for row in connection.execute(found)
    ]


def last_deed_before(connection: Connection, group: GroupId, moment: datetime) -> datetime | None:
    """Find when something was last done in a group before a moment."""
    last = sa.select(sa.func.max(audit.c.at, type_=audit.c.at.type))
    return connection.execute(last.where(audit.c.group_id == group, audit.c.at < moment)).scalar()
