"""Groups' walks through their programs, and what a program may know of its group."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.occurrences import Occurrence, OccurrenceId, OccurrenceStatus
from bot.core.people import GroupId, PersonId, Place
from bot.core.programs import ProgramId
from bot.core.runs import RunId
from bot.storage.bulk import BulkInsert, BulkUpdate
from bot.storage.columns import UTCDateTime, among, micros
from bot.storage.tables import answers, occurrences, people

BY_ID = sa.select(occurrences).where(among(occurrences.c.id, "ids")).order_by(occurrences.c.id)
LOCKED = BY_ID.with_for_update()
OPEN_IN_GROUPS = (
    sa.select(occurrences)
    .where(among(occurrences.c.group_id, "groups"), occurrences.c.status == OccurrenceStatus.OPEN.value)
    .order_by(occurrences.c.id)
)
COLUMNS = [column.name for column in occurrences.columns]
NEW = BulkInsert(occurrences, COLUMNS)
CHANGED = BulkUpdate(occurrences, ["status", "due_at", "closes_at", "state", "id"])
DUE = (
    sa.select(occurrences)
    .where(occurrences.c.due_at <= sa.bindparam("now", type_=UTCDateTime()))
    .order_by(occurrences.c.due_at)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
KINDS = sa.select(occurrences.c.id, occurrences.c.kind).where(among(occurrences.c.id, "ids"))
PLACES = sa.select(people.c.id, people.c.place).where(among(people.c.id, "ids"))
SAID = sa.select(answers.c.run_id, answers.c.key, answers.c.value, answers.c.said).where(among(answers.c.run_id, "ids"))


def lock_occurrences(connection: Connection, ids: Collection[OccurrenceId]) -> dict[OccurrenceId, Occurrence]:
    """Read occurrences and lock them, in id order, until the end of the transaction."""
    return {one.id: one for one in map(_occurrence, connection.execute(LOCKED, {"ids": sorted(ids)}))}


def kinds_of(connection: Connection, ids: Collection[OccurrenceId]) -> dict[OccurrenceId, str]:
    """Read of which program occurrences are, without locking them."""
    if not ids:
        return {}
    return {OccurrenceId(row.id): row.kind for row in connection.execute(KINDS, {"ids": sorted(ids)})}


def load_occurrences(connection: Connection, ids: Collection[OccurrenceId]) -> dict[OccurrenceId, Occurrence]:
    """Read occurrences by id."""
    return {one.id: one for one in map(_occurrence, connection.execute(BY_ID, {"ids": sorted(ids)}))}


def open_in_groups(connection: Connection, groups: Collection[GroupId]) -> list[Occurrence]:
    """List the open occurrences of groups."""
    return [_occurrence(row) for row in connection.execute(OPEN_IN_GROUPS, {"groups": sorted(groups)})]


def occurrences_of(
    connection: Connection, group: GroupId, kind: str | None = None, most: int = 500
) -> list[Occurrence]:
    """List a group's occurrences, of one program or of all, the oldest first; only the newest `most` of them."""
    found = sa.select(occurrences).where(occurrences.c.group_id == group)
    if kind is not None:
        found = found.where(occurrences.c.kind == kind)
    newest = found.order_by(occurrences.c.started_at.desc(), occurrences.c.id.desc()).limit(most)
    return [_occurrence(row) for row in reversed(connection.execute(newest).all())]


def save_occurrences(connection: Connection, changed: Collection[Occurrence], new: Collection[OccurrenceId]) -> None:
    """Write occurrences as they are after the batch; those in `new` are not in the database yet."""
    NEW.run(connection, [_row(one) for one in changed if one.id in new])
    CHANGED.run(connection, [_changed_row(one) for one in changed if one.id not in new])


def due_occurrences(connection: Connection, now: datetime, most: int) -> list[Occurrence]:
    """Read the occurrences that are due, the longest waiting first."""
    return [_occurrence(row) for row in connection.execute(DUE, {"now": now, "most": most})]


def let_rest(connection: Connection, occurrence: OccurrenceId, due_at: datetime) -> None:
    """Wake an occurrence no more for a moment that it cannot take."""
    where = (occurrences.c.id == occurrence, occurrences.c.due_at == due_at)
    connection.execute(sa.update(occurrences).where(*where).values(due_at=None))


def load_places(connection: Connection, persons: Collection[PersonId]) -> dict[PersonId, Place]:
    """Find where people are to be met: where they chose, else on their page in the browser."""
    found = connection.execute(PLACES, {"ids": sorted(persons)})
    return {PersonId(row.id): Place(row.place or f"browser:{row.id}") for row in found}


def load_said(connection: Connection, runs: Iterable[RunId]) -> dict[tuple[RunId, str], tuple[str, str]]:
    """Read what was said in runs, by run and question: the value as JSON, and its words."""
    found = connection.execute(SAID, {"ids": sorted(set(runs))})
    return {(RunId(row.run_id), row.key): (row.value, row.said) for row in found}


def _occurrence(row: Any) -> Occurrence:
    return Occurrence(
        id=OccurrenceId(row.id),
        kind=row.kind,
        group=GroupId(row.group_id),
        by=PersonId(row.by_id),
        status=OccurrenceStatus(row.status),
        started_at=row.started_at,
        due_at=row.due_at,
        state=row.state,
        program=row.program_id and ProgramId(row.program_id),
        closes_at=row.closes_at,
    )


def _row(one: Occurrence) -> tuple[Any, ...]:
    """Write an occurrence in the order of the table's columns."""
    return (
        one.id,
        one.kind,
        one.group,
        one.by,
        one.status.value,
        micros(one.started_at),
        one.due_at and micros(one.due_at),
        one.state,
        one.program,
        one.closes_at and micros(one.closes_at),
    )


def _changed_row(one: Occurrence) -> tuple[Any, ...]:
    return (
        one.status.value,
        one.due_at and micros(one.due_at),
        one.closes_at and micros(one.closes_at),
        one.state,
        one.id,
    )
