"""Threads: what was written about an answer, or a sentence of it, and what was written back."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import GroupId, PersonId
from bot.core.runs import Comment, RunId, ThreadId
from bot.storage.answers import READABLE, SKIPPED
from bot.storage.columns import among
from bot.storage.review_tables import comments, threads
from bot.storage.tables import answers, people

MOST_TOLD = 3
"""Comments said before a prompt: more would be a wall of text, and all stand on the person's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread as its turns need it."""

    id: ThreadId
    run: RunId
    key: str
    quote: str
    group: GroupId
    person: PersonId
    last_by: PersonId
    is_resolved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One comment of a thread."""

    by: PersonId
    name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRead:
    """A thread as it is read: `about` is the answer, or the words quoted of it, `asked` the question."""

    id: ThreadId
    run: RunId
    key: str
    group: GroupId
    person: PersonId
    name: str
    quote: str
    asked: str
    about: str
    last_at: datetime
    last_by: PersonId
    resolved_at: datetime | None
    said: list[Said] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commented:
    """An answer that can be written about."""

    group: GroupId
    person: PersonId
    said: str


def find_answer(connection: Connection, run: RunId, key: str) -> Commented | None:
    """Find an answer that its facilitators may read; what was skipped is none."""
    found = sa.select(answers.c.group_id, answers.c.person_id, answers.c.said).where(
        answers.c.run_id == run,
        answers.c.key == key,
        answers.c.visibility.in_(READABLE),
        answers.c.value != SKIPPED,
        answers.c.group_id.is_not(None),
    )
    row = connection.execute(found).first()
    return Commented(group=GroupId(row.group_id), person=PersonId(row.person_id), said=row.said) if row else None


def find_thread(connection: Connection, thread: ThreadId) -> Thread | None:
    """Find a thread, and hold it until the end of the transaction."""
    row = connection.execute(sa.select(threads).where(threads.c.id == thread).with_for_update()).first()
    return _thread(row) if row else None


def open_thread_about(connection: Connection, run: RunId, key: str, quote: str) -> Thread | None:
    """Find the open thread about the same words, and hold it."""
    same = (threads.c.run_id == run, threads.c.key == key, threads.c.quote == quote, threads.c.resolved_at.is_(None))
    row = connection.execute(sa.select(threads).where(*same).order_by(threads.c.id).with_for_update()).first()
    return _thread(row) if row else None


def add_thread(connection: Connection, thread: Thread, at: datetime) -> None:
    """Write a new thread down."""
    row = {
        "id": thread.id,
        "run_id": thread.run,
        "key": thread.key,
        "quote": thread.quote,
        "group_id": thread.group,
        "person_id": thread.person,
        "opened_at": at,
        "last_at": at,
        "last_by": thread.last_by,
    }
    connection.execute(sa.insert(threads), row)


def add_comment(connection: Connection, thread: ThreadId, *, name: str, by: PersonId, text: str, at: datetime) -> None:
    """Add to a thread, which is open from now on; what its person has not been told of is to be told."""
    connection.execute(sa.insert(comments).values(id=name, thread_id=thread, by_id=by, text=text, at=at))
    told = {"last_at": at, "last_by": by, "resolved_at": None, "resolved_by": None, "told_at": None}
    connection.execute(sa.update(threads).where(threads.c.id == thread).values(told))


def resolve_thread(connection: Connection, thread: ThreadId, by: PersonId | None, at: datetime) -> None:
    """Close a thread, or open it again (None)."""
    values = {"resolved_at": at if by is not None else None, "resolved_by": by}
    connection.execute(sa.update(threads).where(threads.c.id == thread).values(values))


def mark_told(connection: Connection, told: Collection[ThreadId], at: datetime) -> None:
    """Write down that people were shown what was written to them."""
    if told:
        mark = sa.update(threads).where(among(threads.c.id, "ids")).values(told_at=at)
        connection.execute(mark, {"ids": sorted(told)})


def load_untold(connection: Connection, persons: Collection[PersonId]) -> dict[PersonId, tuple[Comment, ...]]:
    """Read the newest comment of each open thread that its person neither reacted to nor was told of again."""
    waits = (
        among(threads.c.person_id, "ids"),
        threads.c.resolved_at.is_(None),
        threads.c.told_at.is_(None),
        threads.c.last_by != threads.c.person_id,
    )
    found: dict[PersonId, tuple[Comment, ...]] = {}
    for one in _read(connection, *waits, parameters={"ids": sorted(persons)}):
        before, last = found.get(one.person, ()), one.said[-1]
        if len(before) < MOST_TOLD:
            found[one.person] = (Comment(thread=one.id, by=last.name, about=one.about, text=last.text), *before)
    return found


def load_threads(connection: Connection, runs: Collection[RunId]) -> list[ThreadRead]:
    """Read the threads of runs, the oldest first."""
    return _read(connection, among(threads.c.run_id, "ids"), parameters={"ids": sorted(runs)})[::-1]


def threads_by_answer(connection: Connection, runs: Collection[RunId]) -> dict[tuple[RunId, str], list[ThreadRead]]:
    """Read the threads of runs by the answer that they are about."""
    found: dict[tuple[RunId, str], list[ThreadRead]] = {}
    for one in load_threads(connection, runs) if runs else ():
        found.setdefault((one.run, one.key), []).append(one)
    return found


def load_waiting(connection: Connection, person: PersonId) -> list[ThreadRead]:
    """Read the open threads about somebody's answers in which another had the last word, the newest first."""
    waits = (threads.c.person_id == person, threads.c.resolved_at.is_(None), threads.c.last_by != person)
    return _read(connection, *waits)


def load_thread(connection: Connection, thread: ThreadId) -> ThreadRead | None:
    """Read one thread."""
    return next(iter(_read(connection, threads.c.id == thread)), None)


def _read(connection: Connection, *which: Any, parameters: dict[str, Any] | None = None) -> list[ThreadRead]:
    """Read threads with all that was said in them, those with the newest word first."""
    author = people.alias("author")
    found = (
        sa.select(
            threads,
            people.c.name,
            answers.c.asked,
            answers.c.said,
            comments.c.by_id,
            author.c.name.label("by_name"),
            comments.c.text,
            comments.c.at,
        )
        .join(comments, comments.c.thread_id == threads.c.id)
        .join(people, people.c.id == threads.c.person_id)
        .join(author, author.c.id == comments.c.by_id)
        .join(answers, sa.and_(answers.c.run_id == threads.c.run_id, answers.c.key == threads.c.key))
        .where(*which)
        .order_by(threads.c.last_at.desc(), threads.c.id, comments.c.at, comments.c.id)
    )
    made: dict[str, ThreadRead] = {}
    for row in connection.execute(found, parameters or {}):
        if row.id not in made:
            made[row.id] = _thread_read(row)
        made[row.id].said.append(Said(by=PersonId(row.by_id), name=row.by_name, text=row.text, at=row.at))
    return list(made.values())


def _thread_read(row: Any) -> ThreadRead:
    return ThreadRead(
        id=ThreadId(row.id),
        run=RunId(row.run_id),
        key=row.key,
        group=GroupId(row.group_id),
        person=PersonId(row.person_id),
        name=row.name,
        quote=row.quote,
        asked=row.asked,
        about=row.quote or row.said,
        last_at=row.last_at,
        last_by=PersonId(row.last_by),
        resolved_at=row.resolved_at,
    )


def _thread(row: Any) -> Thread:
    return Thread(
        id=ThreadId(row.id),
        run=RunId(row.run_id),
        key=row.key,
        quote=row.quote,
        group=GroupId(row.group_id),
        person=PersonId(row.person_id),
        last_by=PersonId(row.last_by),
        is_resolved=row.resolved_at is not None,
    )
