"""People and how platforms name them."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import Actor, GroupId, Identity, Membership, PersonId, Place, Role
from bot.storage.tables import identities, memberships, people


def find_identities(connection: Connection, wanted: Collection[Identity]) -> dict[Identity, PersonId]:
    """Find whom platforms mean; strangers are left out."""
    if not wanted:
        return {}
    key = sa.tuple_(identities.c.platform, identities.c.workspace, identities.c.external_id)
    found = connection.execute(sa.select(identities).where(key.in_(sorted(wanted))))
    return {Identity(row.platform, row.workspace, row.external_id): PersonId(row.person_id) for row in found}


def add_people(connection: Connection, named: Sequence[tuple[PersonId, str]], at: datetime, lang: str = "en") -> None:
    """Write new people down."""
    rows = [{"id": person, "name": name, "lang": lang, "created_at": at} for person, name in named]
    if rows:
        connection.execute(sa.insert(people), rows)


def rename_person(connection: Connection, person: PersonId, name: str) -> None:
    """Change what a person is called."""
    connection.execute(sa.update(people).where(people.c.id == person).values(name=name))


def meet_at(connection: Connection, person: PersonId, place: Place) -> None:
    """Change where a person is to be met."""
    connection.execute(sa.update(people).where(people.c.id == person).values(place=place))


def find_by_name(connection: Connection, name: str) -> list[PersonId]:
    """Find everybody called exactly this."""
    found = sa.select(people.c.id).where(people.c.name == name).order_by(people.c.id)
    return [PersonId(i) for i in connection.execute(found).scalars()]


def renew_card(connection: Connection, person: PersonId) -> None:
    """Give a person a new card; the old one stops working."""
    connection.execute(sa.update(people).where(people.c.id == person).values(card=people.c.card + 1))


def load_actor(connection: Connection, person: PersonId) -> Actor:
    """Read the memberships that decide what a person may do."""
    found = sa.select(memberships.c.group_id, memberships.c.role).where(
        memberships.c.person_id == person, memberships.c.ended_at.is_(None)
    )
    return Actor(
        person=person,
        memberships=tuple(
            Membership(group=GroupId(row.group_id), role=Role(row.role)) for row in connection.execute(found)
        ),
    )
