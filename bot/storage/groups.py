"""Groups and who is in them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.events import GroupCreated
from bot.core.people import GroupId, PersonId, Role
from bot.storage.columns import among
from bot.storage.sessions import sign_out_everywhere
from bot.storage.tables import groups, kept_apart, memberships, people

CHANGEABLE = frozenset({"name", "task", "reply_day", "zone", "adult", "crisis_lines", "budget"})
BUDGETS = range(1, 15)
"""How many prompts a week a group may let its learners have at most."""


def add_group(connection: Connection, event: GroupCreated) -> None:
    """Write a new group down."""
    row = {
        "id": event.group,
        "parent_id": event.parent,
        "name": event.name,
        "code": event.code,
        "setting": event.setting,
        "zone": event.zone,
        "created_at": event.at,
    }
    connection.execute(sa.insert(groups), row)


def change_group(connection: Connection, group: GroupId, changes: Mapping[str, str]) -> None:
    """Change what may be changed; anything else is left alone, as is a budget that is none."""
    kept: dict[str, Any] = {name: value for name, value in changes.items() if name in CHANGEABLE}
    if "budget" in kept:
        kept["budget"] = budget_in(changes["budget"]) or groups.c.budget
    if kept:
        connection.execute(sa.update(groups).where(groups.c.id == group).values(kept))


def budget_in(text: str) -> int | None:
    """Read how many prompts a week there may be; None where that is no number within bounds."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(BUDGETS.stop)) else 0
    return number if number in BUDGETS else None


def add_members(connection: Connection, group: GroupId, persons: Sequence[PersonId], role: Role, at: datetime) -> None:
    """Put people into a group; somebody who left and comes back is the same member again.

    Whoever was something else there until now signs in anew.
    """
    sign_out_everywhere(connection, _with_another_role(connection, group, persons, role))
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(memberships)
    rows = [{"group_id": group, "person_id": p, "role": role.value, "since": at} for p in persons]
    if rows:
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["group_id", "person_id"],
                set_={"role": statement.excluded.role, "ended_at": None, "ended_by": None},
            ),
            rows,
        )


def end_membership(connection: Connection, group: GroupId, person: PersonId, at: datetime) -> None:
    """Take a person out of a group, and sign them out; what they answered stays."""
    end_memberships(connection, group, [person], at)


def end_memberships(
    connection: Connection, group: GroupId, persons: Collection[PersonId], at: datetime, by: str | None = None
) -> list[PersonId]:
    """Take people out of a group, and sign them out; answer who was in it."""
    ended = (
        sa.update(memberships)
        .where(
            memberships.c.group_id == group,
            among(memberships.c.person_id, "ids"),
            memberships.c.ended_at.is_(None),
        )
        .values(ended_at=at, ended_by=by)
        .returning(memberships.c.person_id)
    )
    gone = sorted(PersonId(i) for i in connection.execute(ended, {"ids": sorted(persons)}).scalars())
    sign_out_everywhere(connection, gone)
    return gone


def is_member(connection: Connection, group: GroupId, person: PersonId) -> bool:
    """Say whether a person is in a group now."""
    found = sa.select(memberships.c.role).where(
        memberships.c.group_id == group, memberships.c.person_id == person, memberships.c.ended_at.is_(None)
    )
    return connection.execute(found).scalar() is not None


def were_members(connection: Connection, group: GroupId, persons: Collection[PersonId]) -> set[PersonId]:
    """List which of these people are in a group, or once were."""
    found = sa.select(memberships.c.person_id).where(
        memberships.c.group_id == group, among(memberships.c.person_id, "ids")
    )
    return {PersonId(i) for i in connection.execute(found, {"ids": sorted(persons)}).scalars()}


def load_groups(connection: Connection, ids: Collection[GroupId]) -> list[sa.Row[Any]]:
    """Read groups by id, in the order of their names."""
    found = sa.select(groups).where(among(groups.c.id, "ids")).order_by(groups.c.name, groups.c.id)
    return list(connection.execute(found, {"ids": sorted(ids)}))


def find_group_by_code(connection: Connection, code: str) -> sa.Row[Any] | None:
    """Find the group a class code names."""
    return connection.execute(sa.select(groups).where(groups.c.code == code)).first()


def load_members(connection: Connection, group: GroupId) -> list[sa.Row[Any]]:
    """List who is in a group now: id, name, card and role, in the order of their names."""
    found = (
        sa.select(people.c.id, people.c.name, people.c.card, memberships.c.role)
        .join(memberships, memberships.c.person_id == people.c.id)
        .where(memberships.c.group_id == group, memberships.c.ended_at.is_(None))
        .order_by(sa.func.lower(people.c.name), people.c.id)
    )
    return list(connection.execute(found))


def learners_by_joining(connection: Connection, group: GroupId) -> list[sa.Row[Any]]:
    """List the learners of a group, id and name, in the order in which they joined."""
    found = (
        sa.select(people.c.id, people.c.name)
        .join(memberships, memberships.c.person_id == people.c.id)
        .where(
            memberships.c.group_id == group,
            memberships.c.role == Role.LEARNER.value,
            memberships.c.ended_at.is_(None),
        )
        .order_by(memberships.c.since, people.c.id)
    )
    return list(connection.execute(found))


def keep_apart(connection: Connection, group: GroupId, first: PersonId, second: PersonId, *, is_apart: bool) -> None:
    """Write down that two members are not to be paired, or may be again."""
    one, other = sorted((first, second))
    row = {"group_id": group, "first_id": one, "second_id": other}
    connection.execute(sa.delete(kept_apart).where(*(kept_apart.c[name] == value for name, value in row.items())))
    if is_apart:
        connection.execute(sa.insert(kept_apart), row)


def load_kept_apart(connection: Connection, group: GroupId) -> list[tuple[PersonId, PersonId]]:
    """List the pairs of a group that are not to meet."""
    found = sa.select(kept_apart.c.first_id, kept_apart.c.second_id).where(kept_apart.c.group_id == group)
    return [(PersonId(first), PersonId(second)) for first, second in connection.execute(found)]


def groups_above(connection: Connection, group: GroupId) -> list[GroupId]:
    """List the groups above one, the nearest first."""
    above: list[GroupId] = []
    parent = _parent_of(connection, group)
    while parent is not None and parent != group and parent not in above:
        above.append(parent)
        parent = _parent_of(connection, parent)
    return above


def administrators_above(connection: Connection, group: GroupId) -> list[tuple[PersonId, str, str]]:
    """List who administers the groups above one, the nearest first: id, name, and the group that makes them do so."""
    found: dict[PersonId, tuple[str, str]] = {}
    nearest_first = groups_above(connection, group)
    names = {row.id: row.name for row in load_groups(connection, nearest_first)}
    for above in nearest_first:
        for member in load_members(connection, above):
            if member.role != Role.LEARNER.value:
                found.setdefault(PersonId(member.id), (member.name, names[above]))
    return [(person, name, above) for person, (name, above) in found.items()]


def crisis_lines_of(connection: Connection, wanted: Collection[GroupId]) -> dict[GroupId, str]:
    """Read the crisis lines that hold in groups: a group's own, else those of the nearest group above that has some."""
    return {group: _nearest_lines(connection, group) for group in wanted}


def _nearest_lines(connection: Connection, group: GroupId) -> str:
    for one in (group, *groups_above(connection, group)):
        lines = connection.execute(sa.select(groups.c.crisis_lines).where(groups.c.id == one)).scalar()
        if lines:
            return str(lines)
    return ""


def _with_another_role(
    connection: Connection, group: GroupId, persons: Collection[PersonId], role: Role
) -> list[PersonId]:
    found = sa.select(memberships.c.person_id).where(
        memberships.c.group_id == group,
        among(memberships.c.person_id, "ids"),
        memberships.c.ended_at.is_(None),
        memberships.c.role != role.value,
    )
    return [PersonId(i) for i in connection.execute(found, {"ids": sorted(persons)}).scalars()]


def _parent_of(connection: Connection, group: GroupId) -> GroupId | None:
    found = connection.execute(sa.select(groups.c.parent_id).where(groups.c.id == group)).scalar()
    return None if found is None else GroupId(found)
