"""School years of groups: a group's own, or that of the nearest group above it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.calendars import NO_YEAR, SchoolYear, year_from_json, year_to_json
from bot.core.people import GroupId, PersonId
from bot.storage.groups import groups_above
from bot.storage.tables import calendars, groups


def save_calendar(connection: Connection, group: GroupId, year: SchoolYear, by: PersonId, at: datetime) -> None:
    """Write down a group's own school year, in the place of the one it had."""
    row = {"body": year_to_json(year), "set_by": by, "set_at": at}
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(calendars).values(group_id=group, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["group_id"], set_=row))


def drop_calendar(connection: Connection, group: GroupId) -> None:
    """Take a group's own school year away: that of the group above holds again."""
    connection.execute(sa.delete(calendars).where(calendars.c.group_id == group))


def own_year(connection: Connection, group: GroupId) -> SchoolYear | None:
    """Read the school year that was set for this very group, if one was."""
    found = connection.execute(sa.select(calendars.c.body).where(calendars.c.group_id == group)).scalar()
    return None if found is None else year_from_json(found)


def year_of(connection: Connection, group: GroupId) -> SchoolYear:
    """Read the school year that holds in a group; an empty one, in which every day is open, where none was set."""
    origin = origin_of(connection, group)
    year = None if origin is None else own_year(connection, origin)
    return year or NO_YEAR


def origin_of(connection: Connection, group: GroupId) -> GroupId | None:
    """Name the group whose school year holds in this one: itself, or the nearest above that has its own."""
    return next((one for one in (group, *groups_above(connection, group)) if _has_own(connection, one)), None)


def origin_above(connection: Connection, group: GroupId) -> GroupId | None:
    """Name the group whose school year would hold in this one if it had none of its own."""
    return next((one for one in groups_above(connection, group) if _has_own(connection, one)), None)


def groups_under(connection: Connection, group: GroupId) -> list[GroupId]:
    """List this group and those below it that have no school year of their own: what is set here holds in them."""
    below = sa.select(groups.c.id).where(groups.c.id == group).cte(recursive=True)
    has_own = sa.exists().where(calendars.c.group_id == groups.c.id)
    # Without `all`, a row comes once, so that groups which stand above each other in a circle come to an end.
    below = below.union(sa.select(groups.c.id).join(below, groups.c.parent_id == below.c.id).where(~has_own))
    return [GroupId(found) for found in connection.execute(sa.select(below.c.id).order_by(below.c.id)).scalars()]


def _has_own(connection: Connection, group: GroupId) -> bool:
    return connection.execute(sa.select(calendars.c.set_at).where(calendars.c.group_id == group)).scalar() is not None
