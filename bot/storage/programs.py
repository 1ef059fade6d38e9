"""Programs that groups run by themselves, and when each begins next."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.occurrences import OccurrenceId
from bot.core.people import GroupId, PersonId
from bot.core.programs import Ownership, Program, ProgramId
from bot.storage.columns import UTCDateTime
from bot.storage.tables import occurrences, programs

BROKEN = "It could not begin, and that is written down so that somebody can look. Please set it up anew."
DUE = (
    sa.select(programs)
    .where(programs.c.next_at <= sa.bindparam("now", type_=UTCDateTime()))
    .order_by(programs.c.next_at, programs.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)


def add_program(connection: Connection, program: Program, at: datetime) -> None:
    """Write a new program down."""
    row = {
        "id": program.id,
        "group_id": program.group,
        "by_id": program.by,
        "kind": program.kind,
        "choices": json.dumps(dict(program.choices)),
        "rule": program.rule,
        "ownership": program.ownership.value,
        "set_at": at,
        "lasts_seconds": int(program.lasts.total_seconds()),
        "reminders": program.reminders,
        "is_own_time": program.is_own_time,
        **_next(program),
    }
    connection.execute(sa.insert(programs), row)


def end_program(connection: Connection, group: GroupId, program: ProgramId, at: datetime) -> bool:
    """Let a group's program begin no more; answer whether there was one."""
    running = (programs.c.id == program, programs.c.group_id == group, programs.c.ended_at.is_(None))
    ended = sa.update(programs).where(*running).values(ended_at=at, next_at=None, next_day=None)
    return connection.execute(ended).rowcount == 1


def lock_program(connection: Connection, program: ProgramId) -> Program | None:
    """Read a program that goes on, and lock it until the end of the transaction."""
    found = sa.select(programs).where(programs.c.id == program, programs.c.ended_at.is_(None)).with_for_update()
    row = connection.execute(found).first()
    return None if row is None else _program(row)


def move_on(connection: Connection, program: Program) -> None:
    """Write down when a program begins next, and what there is to note."""
    changed = sa.update(programs).where(programs.c.id == program.id)
    connection.execute(changed.values(note=program.note, **_next(program)))


def let_program_rest(connection: Connection, program: ProgramId, day: date) -> None:
    """Begin a program no more whose occurrence could not begin at all; its facilitator sees that it stands still."""
    where = (programs.c.id == program, programs.c.next_day == day.isoformat())
    connection.execute(sa.update(programs).where(*where).values(next_at=None, next_day=None, note=BROKEN))


def note_program(connection: Connection, occurrence: OccurrenceId, note: str) -> None:
    """Write down, for whoever set the program of an occurrence, what went otherwise than planned."""
    mine = sa.select(occurrences.c.program_id).where(occurrences.c.id == occurrence).scalar_subquery()
    connection.execute(sa.update(programs).where(programs.c.id == mine).values(note=note))


def due_programs(connection: Connection, now: datetime, most: int) -> list[Program]:
    """Read the programs that are to begin now, the longest waiting first."""
    return [_program(row) for row in connection.execute(DUE, {"now": now, "most": most})]


def programs_of(connection: Connection, group: GroupId) -> list[Program]:
    """List what a group runs by itself, the one that begins first at the top; those that are over at the end."""
    found = sa.select(programs).where(programs.c.group_id == group, programs.c.ended_at.is_(None))
    ordered = found.order_by(programs.c.next_at.is_(None), programs.c.next_at, programs.c.id)
    return [_program(row) for row in connection.execute(ordered)]


def _next(program: Program) -> dict[str, Any]:
    return {
        "next_at": program.next_at,
        "next_day": program.next_day and program.next_day.isoformat(),
        "last_day": program.last_day and program.last_day.isoformat(),
    }


def _program(row: Any) -> Program:
    return Program(
        id=ProgramId(row.id),
        group=GroupId(row.group_id),
        by=PersonId(row.by_id),
        kind=row.kind,
        choices=json.loads(row.choices),
        rule=row.rule,
        next_at=row.next_at,
        next_day=date.fromisoformat(row.next_day) if row.next_day else None,
        last_day=date.fromisoformat(row.last_day) if row.last_day else None,
        lasts=timedelta(seconds=row.lasts_seconds),
        reminders=row.reminders,
        is_own_time=row.is_own_time,
        ownership=Ownership(row.ownership),
        note=row.note,
    )
