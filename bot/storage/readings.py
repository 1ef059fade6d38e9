"""What facilitators still have to read: one row a run with answers for them, read by one is read for all."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import GroupId, PersonId
from bot.core.runs import Answer, RunId, Visibility
from bot.storage.bulk import BulkInsert
from bot.storage.columns import among, micros
from bot.storage.review_tables import readings, stars

KEPT = BulkInsert(
    readings,
    ["run_id", "group_id", "person_id", "flow", "answered_at", "read_at", "read_by"],
    keys=["run_id"],
    changes=["answered_at", "read_at", "read_by"],
)


def note_answers(connection: Connection, given: Sequence[Answer]) -> None:
    """Let runs wait to be read that somebody may read, also once more where an answer was changed."""
    rows: dict[RunId, tuple[Any, ...]] = {}
    for one in given:
        if one.group is not None and one.visibility is not Visibility.PRIVATE:
            rows[one.run] = (one.run, one.group, one.person, one.flow, micros(one.at), None, None)
    KEPT.run(connection, list(rows.values()))


def mark_read(
    connection: Connection, group: GroupId, runs: Collection[RunId], reader: PersonId | None, at: datetime
) -> None:
    """Write down who has read runs of a group, or that they are unread again (None); the first reader stays."""
    wanted = readings.c.read_at.is_(None) if reader is not None else readings.c.read_at.is_not(None)
    mark = (
        sa.update(readings)
        .where(among(readings.c.run_id, "runs"), readings.c.group_id == group, wanted)
        .values(read_at=at if reader is not None else None, read_by=reader)
    )
    connection.execute(mark, {"runs": sorted(runs)})


def mark_star(connection: Connection, run: RunId, reader: PersonId, at: datetime, *, is_starred: bool) -> None:
    """Write down that somebody wants to come back to a run, or no more."""
    connection.execute(sa.delete(stars).where(stars.c.person_id == reader, stars.c.run_id == run))
    if is_starred:
        connection.execute(sa.insert(stars).values(person_id=reader, run_id=run, at=at))


def group_of_run(connection: Connection, run: RunId) -> tuple[GroupId, PersonId] | None:
    """Find the group and the person of a run that somebody may read."""
    found = connection.execute(sa.select(readings.c.group_id, readings.c.person_id).where(readings.c.run_id == run))
    row = found.first()
    return (GroupId(row.group_id), PersonId(row.person_id)) if row else None


def count_unread(connection: Connection, groups: Collection[GroupId]) -> dict[GroupId, int]:
    """Count the runs that nobody has read, by group."""
    found = (
        sa.select(readings.c.group_id, sa.func.count().label("unread"))
        .where(among(readings.c.group_id, "groups"), readings.c.read_at.is_(None))
        .group_by(readings.c.group_id)
    )
    return {GroupId(row.group_id): row.unread for row in connection.execute(found, {"groups": sorted(groups)})}
