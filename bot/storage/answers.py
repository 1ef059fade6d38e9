"""What facilitators read: runs by their newest answer, newest first; a private answer is never found."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import GroupId, PersonId
from bot.core.runs import RunId, Visibility
from bot.storage.columns import among
from bot.storage.tables import answers, memberships, people, revisions, runs

READABLE = (Visibility.FACILITATORS.value, Visibility.GROUP.value)
SKIPPED = "null"
"""What `answers.value` holds where a question was skipped."""


class Mark(NamedTuple):
    """A run's place in the order: when its newest answer came, then its id."""

    at: datetime
    run: RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which runs to find; `since` and `until` bound their newest answers, `before` is where the last page ended."""

    groups: Collection[GroupId]
    person: PersonId | None = None
    flow: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What an answer said before it was edited."""

    said: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRead:
    """One question and what was said to it; `earlier` holds the words before each edit, newest first."""

    key: str
    asked: str
    said: str
    is_skipped: bool
    answered_at: datetime
    edited_at: datetime | None
    is_late: bool = False
    earlier: tuple[Earlier, ...] = ()


class Said(NamedTuple):
    """What was said to one question: its value as JSON, its words, and when."""

    value: str
    words: str
    answered_at: datetime
    edited_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRead:
    """One run with those of its answers that may be read, in the order in which they came."""

    id: RunId
    person: PersonId
    name: str
    group: GroupId
    flow: str
    version: str | None
    answered_at: datetime
    answers: Sequence[AnswerRead] = field(default_factory=list)

    @property
    def is_late(self) -> bool:
        """Say whether any of it came when what was asked was over."""
        return any(answer.is_late for answer in self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsPage:
    """Some runs, newest first; `older` is where the next page begins, None on the last one."""

    runs: Sequence[RunRead]
    older: Mark | None


def read_runs(connection: Connection, sought: Sought, most: int, *, with_earlier: bool = False) -> RunsPage:
    """Read a page of at most `most` runs, with what their answers said earlier where that is wanted."""
    found = connection.execute(newest_answers(sought, most + 1)).all()
    marks = [Mark(row.answered_at, RunId(row.run_id)) for row in found]
    shown, rest = marks[:most], marks[most:]
    runs_read = load_runs(connection, shown, sought.groups, with_earlier=with_earlier)
    return RunsPage(runs=runs_read, older=shown[-1] if rest else None)


def load_runs(
    connection: Connection, marks: Sequence[Mark], groups: Collection[GroupId], *, with_earlier: bool = False
) -> list[RunRead]:
    """Read runs of these groups in the order of their marks; one that has nothing to read in them is left out."""
    found = connection.execute(_answers_of([mark.run for mark in marks], groups)).all()
    edited = {row.run_id for row in found if row.revision}
    earlier = _load_earlier(connection, edited) if with_earlier and edited else {}
    by_run: dict[str, list[Any]] = {}
    for row in found:
        by_run.setdefault(row.run_id, []).append(row)
    return [_run(mark, by_run[mark.run], earlier) for mark in marks if mark.run in by_run]


def newest_answers(sought: Sought, most: int) -> sa.Select[Any]:
    """Select the newest readable answer of each run that is sought, newest first."""
    later = answers.alias("later")
    is_newest = ~sa.exists().where(
        later.c.run_id == answers.c.run_id,
        later.c.visibility.in_(READABLE),
        sa.or_(
            later.c.answered_at > answers.c.answered_at,
            sa.and_(later.c.answered_at == answers.c.answered_at, later.c.key > answers.c.key),
        ),
    )
    return (
        sa.select(answers.c.run_id, answers.c.answered_at)
        .where(*_whose(sought), *_when(sought), answers.c.visibility.in_(READABLE), is_newest)
        .order_by(answers.c.answered_at.desc(), answers.c.run_id.desc())
        .limit(most)
    )


def load_readable(connection: Connection, named: Collection[RunId], group: GroupId) -> dict[RunId, dict[str, Said]]:
    """Read what was said in runs of a group, by run and question; what was skipped is left out."""
    found = sa.select(answers).where(
        among(answers.c.run_id, "runs"),
        answers.c.group_id == group,
        answers.c.visibility.in_(READABLE),
        answers.c.value != SKIPPED,
    )
    read: dict[RunId, dict[str, Said]] = {}
    for row in connection.execute(found, {"runs": sorted(named)}):
        read.setdefault(RunId(row.run_id), {})[row.key] = Said(row.value, row.said, row.answered_at, row.edited_at)
    return read


def flows_answered(connection: Connection, person: PersonId, groups: Collection[GroupId]) -> list[str]:
    """List the flows a person has readable answers to, in the groups given."""
    sought = Sought(groups=groups, person=person)
    found = sa.select(answers.c.flow).where(*_whose(sought), answers.c.visibility.in_(READABLE)).distinct()
    return sorted(connection.execute(found).scalars())


def name_in_group(connection: Connection, group: GroupId, person: PersonId) -> str | None:
    """Find the name of somebody who is, or once was, in a group."""
    found = (
        sa.select(people.c.name)
        .join(memberships, memberships.c.person_id == people.c.id)
        .where(memberships.c.group_id == group, people.c.id == person)
    )
    return connection.execute(found).scalar()


def groups_led(connection: Connection, persons: Collection[PersonId]) -> dict[PersonId, set[GroupId]]:
    """List the groups that people administer; those who administer none are left out."""
    found = sa.select(memberships.c.person_id, memberships.c.group_id).where(
        memberships.c.person_id.in_(sorted(persons)), memberships.c.role != "learner", memberships.c.ended_at.is_(None)
    )
    led: dict[PersonId, set[GroupId]] = {}
    for row in connection.execute(found):
        led.setdefault(PersonId(row.person_id), set()).add(GroupId(row.group_id))
    return led


def _whose(sought: Sought) -> Iterable[sa.ColumnElement[bool]]:
    """Keep the groups, the person and the flow; where a person is named, their index is the one to use."""
    if sought.person is not None:
        yield answers.c.person_id == sought.person
        # The expression keeps both databases from walking a whole group's index for one person.
        yield sa.func.coalesce(answers.c.group_id, "").in_(sorted(sought.groups))
    else:
        yield answers.c.group_id.in_(sorted(sought.groups))
    if sought.flow is not None:
        yield answers.c.flow == sought.flow


def _when(sought: Sought) -> Iterable[sa.ColumnElement[bool]]:
    at = answers.c.answered_at
    if sought.since is not None:
        yield at >= sought.since
    if sought.until is not None:
        yield at < sought.until
    if sought.before is not None:
        yield at <= sought.before.at
        yield sa.or_(at < sought.before.at, answers.c.run_id < sought.before.run)


def _answers_of(ids: Collection[RunId], groups: Collection[GroupId]) -> sa.Select[Any]:
    return (
        sa.select(answers, people.c.name, runs.c.version)
        .join(people, people.c.id == answers.c.person_id)
        .join(runs, runs.c.id == answers.c.run_id, isouter=True)
        .where(
            answers.c.run_id.in_(sorted(ids)),
            sa.func.coalesce(answers.c.group_id, "").in_(sorted(groups)),
            answers.c.visibility.in_(READABLE),
        )
        .order_by(answers.c.answered_at, answers.c.key)
    )


def _load_earlier(connection: Connection, ids: Collection[str]) -> dict[tuple[str, str], list[Earlier]]:
    kept = sa.select(revisions).where(revisions.c.run_id.in_(sorted(ids))).order_by(revisions.c.revision.desc())
    found: dict[tuple[str, str], list[Earlier]] = {}
    for row in connection.execute(kept):
        found.setdefault((row.run_id, row.key), []).append(Earlier(said=row.said, said_at=row.said_at))
    return found


def _run(mark: Mark, rows: Sequence[Any], earlier: Mapping[tuple[str, str], Sequence[Earlier]]) -> RunRead:
    first = rows[0]
    return RunRead(
        id=mark.run,
        person=PersonId(first.person_id),
        name=first.name,
        group=GroupId(first.group_id),
        flow=first.flow,
        version=first.version,
        answered_at=mark.at,
        answers=[
            AnswerRead(
                key=row.key,
                asked=row.asked,
                said=row.said,
                is_skipped=row.value == SKIPPED,
                answered_at=row.answered_at,
                edited_at=row.edited_at,
                is_late=row.is_late,
                earlier=tuple(earlier.get((row.run_id, row.key), ())),
            )
            for row in rows
        ],
    )
