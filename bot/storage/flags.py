"""Who wants to talk to an adult, who goes to them, and when the adults are called again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.events import AdultAsked, FlagResolved
from bot.core.people import GroupId, PersonId
from bot.storage.columns import among
from bot.storage.review_tables import flags
from bot.storage.tables import people


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Somebody who wants to talk to an adult; `call_at` is when adults are told again, unless one goes before."""

    id: str
    group: GroupId
    person: PersonId
    raised_at: datetime
    call_at: datetime | None
    calls: int


def raise_flag(connection: Connection, event: AdultAsked, who: PersonId) -> None:
    """Write down that somebody wants to talk to an adult; asking twice the same day is one flag more, on purpose."""
    row = {"id": event.id, "group_id": event.group, "person_id": who, "raised_at": event.at, "call_at": event.at}
    connection.execute(sa.insert(flags), row)


def resolve_flag(connection: Connection, event: FlagResolved) -> bool:
    """Close an open flag of a group; answer False where there is none."""
    where = (flags.c.id == event.flag, flags.c.group_id == event.group, flags.c.resolved_at.is_(None))
    closed = sa.update(flags).where(*where).values(resolved_at=event.at, call_at=None)
    return bool(connection.execute(closed).rowcount)


def take_flags(connection: Connection, group: GroupId, by: PersonId, at: datetime) -> list[PersonId]:
    """Write down who goes to those of a group who want an adult; answer whom nobody had gone to yet."""
    taken = (
        sa.update(flags)
        .where(flags.c.group_id == group, flags.c.resolved_at.is_(None), flags.c.taken_at.is_(None))
        .values(taken_at=at, taken_by=by, call_at=None)
        .returning(flags.c.person_id)
    )
    return sorted({PersonId(person) for person in connection.execute(taken).scalars()})


def find_flag(connection: Connection, flag: str) -> Flag | None:
    """Find a flag, and hold it until the end of the transaction."""
    row = connection.execute(sa.select(flags).where(flags.c.id == flag).with_for_update()).first()
    return _flag(row) if row else None


def note_call(connection: Connection, flag: str, call_at: datetime | None) -> None:
    """Write down that the adults were told once more, and when they are to be told again."""
    counted = sa.update(flags).where(flags.c.id == flag).values(calls=flags.c.calls + 1, call_at=call_at)
    connection.execute(counted)


def due_flags(connection: Connection, now: datetime, most: int) -> list[Flag]:
    """Read the flags whose adults are to be told now, the longest waiting first."""
    found = sa.select(flags).where(flags.c.call_at <= now).order_by(flags.c.call_at).limit(most)
    return [_flag(row) for row in connection.execute(found)]


def open_flags(connection: Connection, groups: Collection[GroupId]) -> list[sa.Row[Any]]:
    """List the flags of groups that nobody has resolved, newest first, with names: theirs, and who goes to them."""
    adult = people.alias("adult")
    found = (
        sa.select(
            flags.c.id,
            flags.c.group_id,
            flags.c.person_id,
            people.c.name,
            flags.c.raised_at,
            adult.c.name.label("taken_by"),
        )
        .join(people, people.c.id == flags.c.person_id)
        .join(adult, adult.c.id == flags.c.taken_by, isouter=True)
        .where(among(flags.c.group_id, "groups"), flags.c.resolved_at.is_(None))
        .order_by(flags.c.raised_at.desc())
    )
    return list(connection.execute(found, {"groups": sorted(groups)}))


def _flag(row: Any) -> Flag:
    return Flag(
        id=row.id,
        group=GroupId(row.group_id),
        person=PersonId(row.person_id),
        raised_at=row.raised_at,
        call_at=row.call_at,
        calls=row.calls,
    )
