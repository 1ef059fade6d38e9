"""What occurrences still have to ask of their groups, a few thousand people at a time."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.occurrences import FanOut, OccurrenceId
from bot.core.people import GroupId, PersonId, Place, Role
from bot.storage.columns import UTCDateTime, among
from bot.storage.tables import fan_outs, groups, memberships, people

ZONE = sa.func.coalesce(people.c.zone, groups.c.zone)
LEARNERS = memberships.join(people, people.c.id == memberships.c.person_id).join(
    groups, groups.c.id == memberships.c.group_id
)
IN_GROUP = (
    memberships.c.group_id == sa.bindparam("group"),
    memberships.c.role == Role.LEARNER.value,
    memberships.c.ended_at.is_(None),
)
INVITEES = (
    sa.select(
        people.c.id,
        people.c.place,
        people.c.paused_until,
        people.c.prefers_weekday,
        people.c.prefers_clock,
        ZONE.label("zone"),
    )
    .select_from(LEARNERS)
    .where(*IN_GROUP)
)
NAMED = INVITEES.where(among(memberships.c.person_id, "ids"))
NEXT = (
    INVITEES.where(memberships.c.person_id > sa.bindparam("cursor"))
    .where(sa.or_(sa.bindparam("zone", type_=sa.Text()) == "", sa.bindparam("zone", type_=sa.Text()) == ZONE))
    .order_by(memberships.c.person_id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
DUE = (
    sa.select(fan_outs)
    .where(fan_outs.c.due_at <= sa.bindparam("now", type_=UTCDateTime()))
    .order_by(fan_outs.c.due_at, fan_outs.c.occurrence_id, fan_outs.c.zone, fan_outs.c.step)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
LOCKED = (
    sa.select(fan_outs)
    .where(fan_outs.c.occurrence_id == sa.bindparam("of"), fan_outs.c.zone == sa.bindparam("in_zone"))
    .order_by(fan_outs.c.step)
    .with_for_update()
)
SIZES = (
    sa.select(ZONE.label("zone"), sa.func.count().label("size"))
    .select_from(LEARNERS)
    .where(*IN_GROUP)
    .group_by(ZONE)
    .order_by(ZONE)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Somebody whose turn has come: where they are, and when they like to be asked."""

    person: PersonId
    place: Place
    zone: str
    paused_until: datetime | None
    prefers: tuple[int, time] | None


def add_fan_outs(connection: Connection, new: Collection[FanOut]) -> None:
    """Write down what an occurrence has to ask, and when."""
    if new:
        connection.execute(sa.insert(fan_outs), [_row(one) for one in new])


def due_fan_outs(connection: Connection, now: datetime, most: int) -> list[FanOut]:
    """Read what is to be asked now, the longest waiting first."""
    return [_fan_out(row) for row in connection.execute(DUE, {"now": now, "most": most})]


def lock_fan_outs(connection: Connection, occurrence: OccurrenceId, zone: str) -> list[FanOut]:
    """Read what an occurrence still has for a zone, its next step first, and lock it until the transaction ends."""
    return [_fan_out(row) for row in connection.execute(LOCKED, {"of": occurrence, "in_zone": zone})]


def move_fan_out(connection: Connection, one: FanOut) -> None:
    """Write down how far a fan-out has come, and when it goes on."""
    moved = sa.update(fan_outs).where(*_is(one))
    connection.execute(moved.values(cursor=one.cursor, due_at=one.due_at))


def end_fan_out(connection: Connection, one: FanOut) -> None:
    """Ask no more in a fan-out."""
    connection.execute(sa.delete(fan_outs).where(*_is(one)))


def end_fan_outs(connection: Connection, occurrence: OccurrenceId) -> None:
    """Ask and remind no more for an occurrence."""
    connection.execute(sa.delete(fan_outs).where(fan_outs.c.occurrence_id == occurrence))


def zones_of(connection: Connection, group: GroupId) -> dict[str, int]:
    """Count a group's learners by zone: their own, else the group's."""
    return {row.zone: row.size for row in connection.execute(SIZES, {"group": group})}


def next_invitees(connection: Connection, group: GroupId, zone: str, cursor: str, most: int) -> Sequence[Invitee]:
    """Read the next learners of a group after one of them, in the order of their ids; of one zone, or of all ("")."""
    given = {"group": group, "zone": zone, "cursor": cursor, "most": most}
    return list(_invitees(connection.execute(NEXT, given)))


def load_invitees(connection: Connection, group: GroupId, ids: Collection[PersonId]) -> Sequence[Invitee]:
    """Read learners of a group by id."""
    return list(_invitees(connection.execute(NAMED, {"group": group, "ids": sorted(ids)})))


def _invitees(rows: "sa.CursorResult[Any]") -> Iterator[Invitee]:
    for row in rows:
        likes = None if row.prefers_weekday is None else (row.prefers_weekday, time.fromisoformat(row.prefers_clock))
        yield Invitee(
            person=PersonId(row.id),
            place=Place(row.place or f"browser:{row.id}"),
            zone=row.zone,
            paused_until=row.paused_until,
            prefers=likes,
        )


def _is(one: FanOut) -> tuple["sa.ColumnElement[bool]", ...]:
    key = (fan_outs.c.occurrence_id == one.occurrence, fan_outs.c.step == one.step)
    return (*key, fan_outs.c.zone == one.zone)


def _row(one: FanOut) -> dict[str, Any]:
    return {
        "occurrence_id": one.occurrence,
        "step": one.step,
        "zone": one.zone,
        "due_at": one.due_at,
        "group_id": one.group,
        "by_id": one.by,
        "flow": one.flow,
        "size": one.size,
        "cursor": one.cursor,
        "is_posted": one.is_posted,
        "reminders": one.reminders,
        "clock": one.clock and one.clock.isoformat(),
        "closes_at": one.closes_at,
        "since": one.since,
    }


def _fan_out(row: Any) -> FanOut:
    return FanOut(
        occurrence=OccurrenceId(row.occurrence_id),
        step=row.step,
        zone=row.zone,
        due_at=row.due_at,
        group=GroupId(row.group_id),
        by=PersonId(row.by_id),
        flow=row.flow,
        size=row.size,
        cursor=row.cursor,
        is_posted=row.is_posted,
        reminders=row.reminders,
        clock=time.fromisoformat(row.clock) if row.clock else None,
        closes_at=row.closes_at,
        since=row.since,
    )
