"""Effects that wait to be delivered: pending → leased → sent, or dead with a reason.

A row is claimed only when nothing before it waits in the same place, so order holds between processes; a lease that
ran out is taken over.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.effects import AnyEffect
from bot.storage.columns import UTCDateTime, among
from bot.storage.tables import outbox
from bot.storage.turns import EFFECTS

OPEN = sa.text("outbox.state IN ('pending', 'leased')")
EARLIER = outbox.alias("earlier")
WAITS_BEFORE = (
    sa.select(EARLIER.c.seq)
    .where(EARLIER.c.place == outbox.c.place, EARLIER.c.seq < outbox.c.seq)
    .where(sa.text("earlier.state IN ('pending', 'leased')"))
    .exists()
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """An effect this process may deliver until its lease runs out."""

    seq: int
    effect: AnyEffect
    attempts: int


@dataclass(frozen=True, slots=True)
class Retry:
    """A delivery that is to be tried again at a time."""

    seq: int
    due_at: datetime
    reason: str


def _claim(dialect: str) -> sa.Update:
    now = sa.bindparam("now", type_=UTCDateTime())
    is_due = sa.or_(
        sa.and_(outbox.c.state == "pending", outbox.c.due_at <= now),
        sa.and_(outbox.c.state == "leased", outbox.c.leased_until <= now),
    )
    heads = (
        sa.select(outbox.c.seq)
        .where(OPEN, among(outbox.c.platform, "platforms"), is_due, ~WAITS_BEFORE)
        .order_by(outbox.c.seq)
        .limit(sa.bindparam("most", type_=sa.Integer()))
    )
    if dialect == "postgresql":
        heads = heads.with_for_update(skip_locked=True)
    return (
        sa.update(outbox)
        .where(outbox.c.seq.in_(heads.scalar_subquery()))
        .values(
            state="leased",
            owner=sa.bindparam("new_owner", type_=sa.Text()),
            leased_until=sa.bindparam("until", type_=UTCDateTime()),
            attempts=outbox.c.attempts + 1,
        )
        .returning(outbox.c.seq, outbox.c.kind, outbox.c.body, outbox.c.attempts)
    )


CLAIM = {dialect: _claim(dialect) for dialect in ("sqlite", "postgresql")}


def claim_effects(
    connection: Connection, owner: str, platforms: Collection[str], *, now: datetime, until: datetime, most: int
) -> list[Claimed]:
    """Lease the effects that are due and first in their place, oldest first."""
    given = {"now": now, "until": until, "new_owner": owner, "platforms": sorted(platforms), "most": most}
    rows = connection.execute(CLAIM[connection.dialect.name], given).all()
    return [Claimed(row.seq, EFFECTS[row.kind].validate_json(row.body), row.attempts) for row in sorted(rows)]


def finish_effects(
    connection: Connection,
    owner: str,
    now: datetime,
    *,
    sent: Sequence[tuple[int, str]] = (),
    retries: Sequence[Retry] = (),
    dead: Sequence[tuple[int, str]] = (),
) -> None:
    """Write down what became of leased effects; a row whose lease went to somebody else is left to them."""
    mine = sa.update(outbox).where(
        outbox.c.seq == sa.bindparam("of"), outbox.c.owner == owner, outbox.c.state == "leased"
    )
    if sent:
        done = mine.values(state="sent", remote_id=sa.bindparam("remote"), sent_at=now, leased_until=None)
        connection.execute(done, [{"of": seq, "remote": remote} for seq, remote in sent])
    if retries:
        again = mine.values(state="pending", due_at=sa.bindparam("due"), reason=sa.bindparam("why"))
        connection.execute(again, [{"of": r.seq, "due": r.due_at, "why": r.reason} for r in retries])
    if dead:
        ended = mine.values(state="dead", reason=sa.bindparam("why"), leased_until=None)
        connection.execute(ended, [{"of": seq, "why": why} for seq, why in dead])


def next_due(connection: Connection, platforms: Collection[str]) -> datetime | None:
    """Find when the next effect that is first in its place is due, or its lease runs out."""
    when = sa.case((outbox.c.state == "leased", outbox.c.leased_until), else_=outbox.c.due_at)
    found = sa.select(sa.func.min(when)).where(OPEN, among(outbox.c.platform, "platforms"), ~WAITS_BEFORE)
    return connection.execute(found, {"platforms": sorted(platforms)}).scalar()


def drop_bodies(connection: Connection, before: datetime) -> int:
    """Forget what was sent, or given up, before a time; that it was, and why, stays."""
    ended_at = sa.func.coalesce(outbox.c.sent_at, outbox.c.due_at)
    ended = (outbox.c.state.in_(["sent", "dead"]), ended_at < before, outbox.c.body.isnot(None))
    return connection.execute(sa.update(outbox).where(*ended).values(body=None)).rowcount
