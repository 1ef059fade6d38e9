"""Channels that groups follow, and who came and went there."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import EVERYWHERE, GroupId, Identity, PersonId, Place, Role
from bot.storage.columns import among
from bot.storage.tables import groups, identities, memberships, people

BY_SELF, BY_CHANNEL, BY_PLATFORM = "self", "channel", "platform"
"""Who ended a membership: the person, by leaving the channel, the platform, by closing their account."""


PEOPLE_FROM = sa.func.coalesce(groups.c.listed_at, groups.c.place)


def groups_at(connection: Connection, place: Place) -> list[GroupId]:
    """List the groups that follow a channel."""
    found = sa.select(groups.c.id).where(groups.c.place == place).order_by(groups.c.id)
    return [GroupId(i) for i in connection.execute(found).scalars()]


def groups_from(connection: Connection, place: Place) -> list[GroupId]:
    """List the groups that take their people from a channel, or from a list of people."""
    found = sa.select(groups.c.id).where(sa.or_(groups.c.place == place, groups.c.listed_at == place))
    return [
        GroupId(i) for i in connection.execute(found.where(_takes_people_from(place)).order_by(groups.c.id)).scalars()
    ]


def follow(connection: Connection, group: GroupId, place: Place | None, listed: Place | None = None) -> None:
    """Let a group follow a channel, or none; its people are those on a list, or else in the channel."""
    connection.execute(sa.update(groups).where(groups.c.id == group).values(place=place, listed_at=listed))


def followed_channels(connection: Connection, prefix: str) -> list[Place]:
    """List where groups take their people from, on one platform or in one workspace."""
    found = sa.select(PEOPLE_FROM).where(PEOPLE_FROM.startswith(prefix, autoescape=True)).distinct()
    return sorted(Place(place) for place in connection.execute(found).scalars())


def learners_at(connection: Connection, place: Place, platform: str) -> list[Identity]:
    """List who learns in the groups that take their people from a place, as a platform names them."""
    found = (
        sa.select(identities.c.platform, identities.c.workspace, identities.c.external_id)
        .join(memberships, memberships.c.person_id == identities.c.person_id)
        .join(groups, groups.c.id == memberships.c.group_id)
        .where(_takes_people_from(place), memberships.c.role == Role.LEARNER.value, memberships.c.ended_at.is_(None))
        .where(identities.c.platform == platform)
        .distinct()
    )
    return sorted(Identity(*row) for row in connection.execute(found))


def _takes_people_from(place: Place) -> "sa.ColumnElement[bool]":
    return sa.func.coalesce(groups.c.listed_at, groups.c.place) == place


def newcomers(connection: Connection, group: GroupId, persons: Collection[PersonId]) -> list[tuple[PersonId, str]]:
    """List who of these people may be put into a group: nobody who left it themselves or whose account is closed."""
    stays_out = sa.exists().where(
        memberships.c.group_id == group,
        memberships.c.person_id == people.c.id,
        sa.or_(memberships.c.ended_at.is_(None), memberships.c.ended_by.in_([BY_SELF, BY_PLATFORM])),
    )
    found = sa.select(people.c.id, people.c.name).where(among(people.c.id, "ids"), ~stays_out).order_by(people.c.id)
    return [(PersonId(row.id), row.name) for row in connection.execute(found, {"ids": sorted(persons)})]


def learners_from(connection: Connection, group: GroupId, platform: str, workspace: str) -> set[PersonId]:
    """List the learners of a group who are known in a workspace."""
    found = (
        sa.select(memberships.c.person_id)
        .join(identities, identities.c.person_id == memberships.c.person_id)
        .where(
            memberships.c.group_id == group,
            memberships.c.role == Role.LEARNER.value,
            memberships.c.ended_at.is_(None),
            identities.c.platform == platform,
            identities.c.workspace.in_([workspace, EVERYWHERE]),
        )
    )
    return {PersonId(i) for i in connection.execute(found).scalars()}


def people_of_workspace(connection: Connection, platform: str, workspace: str) -> set[PersonId]:
    """List whom a workspace knows: by a name of its own, or as members of a group that follows a channel there."""
    known = sa.select(identities.c.person_id).where(
        identities.c.platform == platform, identities.c.workspace == workspace
    )
    there = PEOPLE_FROM.startswith(f"{platform}:{workspace}:", autoescape=True)
    in_groups = sa.select(memberships.c.person_id).join(groups, groups.c.id == memberships.c.group_id).where(there)
    found = connection.execute(known.union(in_groups)).scalars()
    return {PersonId(i) for i in found}


def left_by(connection: Connection, person: PersonId, by: str) -> list[tuple[GroupId, Role]]:
    """List the groups that a person was taken out of in one way, and their role there."""
    found = sa.select(memberships.c.group_id, memberships.c.role).where(
        memberships.c.person_id == person, memberships.c.ended_by == by, memberships.c.ended_at.isnot(None)
    )
    return [
        (GroupId(row.group_id), Role(row.role)) for row in connection.execute(found.order_by(memberships.c.group_id))
    ]
