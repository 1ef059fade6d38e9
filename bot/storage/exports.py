"""Answers to take along: in the order in which they came, a few thousand at a time, private ones never."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import GroupId, PersonId
from bot.core.runs import RunId
from bot.storage.answers import READABLE, SKIPPED
from bot.storage.tables import answers, people

COLUMNS = ("run_id", "key", "person_id", "flow", "asked", "said", "value", "answered_at", "edited_at", "is_late")
TAKEN = tuple(answers.c[name] for name in COLUMNS)


class After(NamedTuple):
    """Where a chunk ended."""

    at: datetime
    run: RunId
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Which answers to take: of a group, perhaps of one person, one flow, from a moment on."""

    group: GroupId
    person: PersonId | None = None
    flow: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """One answer; `said` is empty where the question was skipped."""

    run: RunId
    person: PersonId
    name: str
    flow: str
    key: str
    asked: str
    said: str
    is_skipped: bool
    answered_at: datetime
    edited_at: datetime | None
    is_late: bool

    @property
    def after(self) -> After:
        """Name where the next chunk begins."""
        return After(self.answered_at, self.run, self.key)


def count_taken(connection: Connection, taken: Taken) -> int:
    """Count the answers that would be taken."""
    found = sa.select(sa.func.count()).select_from(answers).where(*_which(taken))
    return int(connection.execute(found).scalar_one())


def people_taken(connection: Connection, taken: Taken) -> list[PersonId]:
    """List whose answers would be taken."""
    found = sa.select(answers.c.person_id).where(*_which(taken)).distinct()
    return [PersonId(person) for person in connection.execute(found).scalars()]


def export_chunk(connection: Connection, taken: Taken, after: After | None, most: int) -> list[ExportRow]:
    """Read the next answers."""
    found = (
        sa.select(*TAKEN, people.c.name)
        .join(people, people.c.id == answers.c.person_id)
        .where(*_which(taken), *_behind(after))
        .order_by(answers.c.answered_at, answers.c.run_id, answers.c.key)
        .limit(most)
    )
    return [_row(row) for row in connection.execute(found)]


def _which(taken: Taken) -> Iterator[sa.ColumnElement[bool]]:
    yield answers.c.group_id == taken.group
    yield answers.c.visibility.in_(READABLE)
    if taken.person is not None:
        yield answers.c.person_id == taken.person
    if taken.flow is not None:
        yield answers.c.flow == taken.flow
    if taken.since is not None:
        yield answers.c.answered_at >= taken.since


def _behind(after: After | None) -> Iterator[sa.ColumnElement[bool]]:
    """Go on behind a mark; the first clause is the one that an index serves."""
    if after is None:
        return
    at, run, key = answers.c.answered_at, answers.c.run_id, answers.c.key
    yield at >= after.at
    yield sa.or_(at > after.at, run > after.run, sa.and_(run == after.run, key > after.key))


def _row(row: Any) -> ExportRow:
    is_skipped = row.value == SKIPPED
    return ExportRow(
        run=RunId(row.run_id),
        person=PersonId(row.person_id),
        name=row.name,
        flow=row.flow,
        key=row.key,
        asked=row.asked,
        said="" if is_skipped else row.said,
        is_skipped=is_skipped,
        answered_at=row.answered_at,
        edited_at=row.edited_at,
        is_late=row.is_late,
    )
