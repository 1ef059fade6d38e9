"""What facilitators still have to read: one row a run with answers for them, read by one is read for all."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import GroupId, PersonId
from bot.core.runs import Answer, Run, RunId, Visibility
from bot.storage.answers import Mark
from bot.storage.bulk import BulkInsert
from bot.storage.columns import among, micros, rows_of
from bot.storage.review_tables import readings, stars, threads
from bot.storage.tables import occurrences, people

State: TypeAlias = tuple[sa.ColumnElement[bool], sa.ColumnElement[Any]]
"""Which readings of a group, and the column of times that the database is to follow there."""

UNREAD: State = (readings.c.read_at.is_(None), readings.c.answered_at)
EITHER: State = (sa.true(), readings.c.answered_at)
OWN_WISH = "own"
"""Stands for no program at all, where a list is cut by program."""

NEWEST_FIRST = (readings.c.answered_at.desc(), readings.c.run_id.desc())
GROUPS_AT_ONCE = 100
"""Groups in one statement: SQLite joins up to 500 selects."""

KEPT = BulkInsert(
    readings,
    ["run_id", "group_id", "person_id", "flow", "answered_at", "read_at", "read_by", "occurrence_id"],
    keys=["run_id"],
    changes=["answered_at", "read_at", "read_by"],
)


def note_answers(connection: Connection, given: Sequence[Answer], runs: Iterable[Run] = ()) -> None:
    """Let runs wait to be read that somebody may read, also once more where an answer was changed.

    `runs` are those that the answers are of; they say which occurrence they are of.
    """
    begun_by = {run.id: run.opening.errand.occurrence for run in runs if run.opening.errand is not None}
    rows: dict[RunId, tuple[Any, ...]] = {}
    for one in given:
        if one.group is not None and one.visibility is not Visibility.PRIVATE:
            named = (one.run, one.group, one.person, one.flow)
            rows[one.run] = (*named, micros(one.at), None, None, begun_by.get(one.run))
    KEPT.run(connection, list(rows.values()))


def mark_read(
    connection: Connection,
    group: GroupId,
    runs: Collection[RunId],
    reader: PersonId,
    *,
    at: datetime,
    seen_at: datetime,
) -> None:
    """Write down who has read runs of a group; the first reader stays, and so does what came after `seen_at`."""
    mark = (
        sa.update(readings)
        .where(among(readings.c.run_id, "runs"), readings.c.group_id == group)
        .where(readings.c.read_at.is_(None), readings.c.answered_at <= seen_at)
        .values(read_at=at, read_by=reader)
    )
    connection.execute(mark, {"runs": sorted(runs)})


def mark_unread(connection: Connection, group: GroupId, runs: Collection[RunId]) -> None:
    """Let runs of a group wait to be read once more."""
    mark = sa.update(readings).where(among(readings.c.run_id, "runs"), readings.c.group_id == group)
    connection.execute(mark.values(read_at=None, read_by=None), {"runs": sorted(runs)})


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


# Lists for those who read.


@dataclass(frozen=True, slots=True, kw_only=True)
class Errands:
    """Runs of some flows that were begun by one of these occurrences."""

    flows: Collection[str]
    occurrences: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Which readings to list: None cuts nothing; `or_errands` are kept though their flow is not among `flows`.

    `program` is the kind of program whose occurrences began them, or `OWN_WISH`, where people did so themselves.
    `since` and `until` bound when they were answered, `before` is where the last page ended.
    """

    groups: Collection[GroupId]
    flows: Collection[str] | None = None
    or_errands: Errands | None = None
    program: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadState:
    """Who has read a run, when, and whether the reader wants to come back to it."""

    read_at: datetime | None
    read_by: PersonId | None
    reader: str
    is_starred: bool


def find_unread(connection: Connection, cut: Cut, most: int, opened_at: datetime) -> list[Mark]:
    """List what nobody had read when a page was opened, newest first."""
    return _newest(connection, cut, most, [UNREAD, read_since(opened_at)])


def find_all(connection: Connection, cut: Cut, most: int) -> list[Mark]:
    """List what was read and what was not, newest first."""
    return _newest(connection, cut, most, [EITHER])


def find_starred(connection: Connection, cut: Cut, most: int, reader: PersonId) -> list[Mark]:
    """List what somebody wants to come back to, newest first."""
    found = (
        sa.select(readings.c.run_id, readings.c.answered_at)
        .join(stars, stars.c.run_id == readings.c.run_id)
        .where(stars.c.person_id == reader, among(readings.c.group_id, "groups"), *_kept(cut))
        .order_by(*NEWEST_FIRST)
        .limit(most)
    )
    return _marks(connection.execute(found, {"groups": sorted(cut.groups)}))


def find_run(connection: Connection, cut: Cut, run: RunId) -> list[Mark]:
    """List one run, or nothing where it is not theirs to read."""
    found = sa.select(readings.c.run_id, readings.c.answered_at).where(
        readings.c.run_id == run, among(readings.c.group_id, "groups")
    )
    return _marks(connection.execute(found, {"groups": sorted(cut.groups)}))


def find_talked(connection: Connection, cut: Cut, most: int, skip: int, opened_at: datetime) -> list[Mark]:
    """List runs with a thread that was open when a page was opened: those first that wait for a word back."""
    waits = sa.func.max(sa.case((threads.c.last_by == threads.c.person_id, 1), else_=0))
    found = (
        sa.select(readings.c.run_id, readings.c.answered_at)
        .join(threads, threads.c.run_id == readings.c.run_id)
        .where(
            among(threads.c.group_id, "groups"),
            among(readings.c.group_id, "groups"),
            sa.or_(threads.c.resolved_at.is_(None), threads.c.resolved_at >= opened_at),
            *_kept(cut),
        )
        .group_by(readings.c.run_id, readings.c.answered_at)
        .order_by(waits.desc(), sa.func.max(threads.c.last_at).desc(), readings.c.run_id)
        .limit(most)
        .offset(skip)
    )
    return _marks(connection.execute(found, {"groups": sorted(cut.groups)}))


def load_states(connection: Connection, runs: Collection[RunId], reader: PersonId) -> dict[RunId, ReadState]:
    """Read what became of runs, as one of their readers sees it."""
    found = (
        sa.select(
            readings.c.run_id, readings.c.read_at, readings.c.read_by, people.c.name, stars.c.run_id.label("star")
        )
        .join(people, people.c.id == readings.c.read_by, isouter=True)
        .join(stars, sa.and_(stars.c.run_id == readings.c.run_id, stars.c.person_id == reader), isouter=True)
        .where(among(readings.c.run_id, "runs"))
    )
    return {
        RunId(row.run_id): ReadState(
            read_at=row.read_at, read_by=row.read_by, reader=row.name or "", is_starred=row.star is not None
        )
        for row in connection.execute(found, {"runs": sorted(runs)})
    }


def groups_of_runs(connection: Connection, runs: Collection[RunId]) -> dict[RunId, GroupId]:
    """Find the groups of runs that somebody may read."""
    found = sa.select(readings.c.run_id, readings.c.group_id).where(among(readings.c.run_id, "runs"))
    rows = connection.execute(found, {"runs": sorted(runs)})
    return {RunId(row.run_id): GroupId(row.group_id) for row in rows}


def states_of(connection: Connection, groups: Collection[GroupId], kind: str) -> dict[str, str]:
    """Read what the occurrences of a program in groups keep, by id."""
    found = sa.select(occurrences.c.id, occurrences.c.state).where(
        among(occurrences.c.group_id, "groups"), occurrences.c.kind == kind
    )
    return {row.id: row.state for row in connection.execute(found, {"groups": sorted(groups)})}


def read_since(at: datetime) -> State:
    """Keep what was read since a moment: little, so that the index by reading is the one to use."""
    answered_at = sa.func.coalesce(readings.c.answered_at, readings.c.answered_at, type_=readings.c.answered_at.type)
    return readings.c.read_at >= at, answered_at


def newest_in_groups(
    groups: Collection[GroupId], cut: Cut, most: int, states: Sequence[State]
) -> sa.CompoundSelect[Any]:
    """Select the newest readings of each group in each state: an index serves each of them, whatever their number."""
    parts = (
        sa.select(readings.c.run_id, readings.c.answered_at)
        .where(readings.c.group_id == group, is_kept, *_kept(cut, at, group))
        .order_by(at.desc(), readings.c.run_id.desc())
        .limit(most)
        .subquery()
        for is_kept, at in states
        for group in groups
    )
    return sa.union_all(*(sa.select(part) for part in parts))


def _newest(connection: Connection, cut: Cut, most: int, states: Sequence[State]) -> list[Mark]:
    found: list[Mark] = []
    groups = sorted(cut.groups)
    if len(groups) > GROUPS_AT_ONCE:
        groups = sorted({group for state in states for group in _busiest(connection, cut, most, state)})
    for start in range(0, len(groups), GROUPS_AT_ONCE):
        some = groups[start : start + GROUPS_AT_ONCE]
        found += _marks(connection.execute(newest_in_groups(some, cut, most, states)))
    return sorted(set(found), reverse=True)[:most]


def _busiest(connection: Connection, cut: Cut, most: int, state: State) -> list[GroupId]:
    """Choose the groups that the newest readings in a state are in: those whose own newest is among so many newest."""
    (is_kept, at), group = state, rows_of("groups")
    newest = (
        sa.select(at.label("at"))
        .where(readings.c.group_id == group.c.value, is_kept, *_kept(cut, at))
        .order_by(at.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = connection.execute(sa.select(group.c.value, newest.label("at")), {"groups": sorted(cut.groups)})
    rows = [row for row in found if row.at is not None]
    latest = sorted((row.at for row in rows), reverse=True)[:most]
    return [GroupId(row.value) for row in rows if row.at >= latest[-1]]


def _kept(
    cut: Cut, at: sa.ColumnElement[Any] = readings.c.answered_at, group: GroupId | None = None
) -> Iterator[sa.ColumnElement[bool]]:
    if cut.flows is not None:
        is_of = readings.c.flow.in_(sorted(cut.flows))
        yield sa.or_(is_of, _is_errand(cut.or_errands)) if cut.or_errands else is_of
    if cut.program is not None:
        yield readings.c.occurrence_id.is_(None) if cut.program == OWN_WISH else _is_of_program(cut.program, group)
    if cut.since is not None:
        yield at >= cut.since
    if cut.until is not None:
        yield at < cut.until
    if cut.before is not None:
        yield at <= cut.before.at
        yield sa.or_(at < cut.before.at, readings.c.run_id < cut.before.run)


def _is_errand(errands: Errands) -> sa.ColumnElement[bool]:
    """Keep runs that an occurrence began."""
    is_begun = readings.c.occurrence_id.in_(sorted(errands.occurrences))
    return sa.and_(readings.c.flow.in_(sorted(errands.flows)), is_begun)


def _is_of_program(kind: str, group: GroupId | None) -> sa.ColumnElement[bool]:
    """Keep runs that occurrences of a kind of program began; those of a `group` are read once for all its runs."""
    begun = sa.select(occurrences.c.id).where(occurrences.c.kind == kind)
    if group is None:
        return begun.where(occurrences.c.id == readings.c.occurrence_id).exists()
    return readings.c.occurrence_id.in_(begun.where(occurrences.c.group_id == group))


def _marks(rows: Iterable[Any]) -> list[Mark]:
    return [Mark(row.answered_at, RunId(row.run_id)) for row in rows]
