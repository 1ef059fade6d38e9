"""Runs' own deadlines."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import PersonId
from bot.core.runs import RunId, Timer, TimerKind
from bot.storage.columns import UTCDateTime
from bot.storage.tables import inbox, timers

DUE = (
    sa.select(timers)
    .where(timers.c.due_at <= sa.bindparam("now", type_=UTCDateTime()))
    .order_by(timers.c.due_at)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
FIRED = sa.delete(timers).where(timers.c.run_id == sa.bindparam("run"), timers.c.due_at == sa.bindparam("fired_at"))


def due_timers(connection: Connection, now: datetime, most: int) -> list[tuple[PersonId, Timer]]:
    """Read the timers that are due, the longest waiting first."""
    return [
        (
            PersonId(row.person_id),
            Timer(run=RunId(row.run_id), wait=row.wait, kind=TimerKind(row.kind), due_at=row.due_at),
        )
        for row in connection.execute(DUE, {"now": now, "most": most})
    ]


def drop_fired(connection: Connection, fired: Sequence[Timer]) -> None:
    """Drop timers that fired and that their run did not set anew."""
    if fired:
        connection.execute(FIRED, [{"run": timer.run, "fired_at": timer.due_at} for timer in fired])


def forget_events(connection: Connection, before: datetime) -> int:
    """Drop the ids of events received before a time: no platform delivers again that late."""
    return connection.execute(sa.delete(inbox).where(inbox.c.received_at < before)).rowcount
