"""Effects that wait to be delivered: pending → leased → sent, or dead with a reason.

A row is claimed only when nothing before it waits in the same place, so order holds between processes; a lease that
ran out is taken over.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.effects import (
    AnyEffect,
    AskQuestion,
    CallGroup,
    EffectId,
    InviteGroup,
    OfferForm,
    SendMessage,
    SettleQuestion,
)
from bot.core.people import PersonId, Place, main_place
from bot.storage.bulk import BulkUpdate
from bot.storage.columns import UTCDateTime, among, micros
from bot.storage.tables import outbox
from bot.storage.turns import EFFECTS, Lease

DIALECTS = ("sqlite", "postgresql")
FOR_ALL = (InviteGroup.__name__, CallGroup.__name__)
"""What is for a whole channel: the person that it names waits for nothing."""

MOST_SHOWN = 50
"""Messages looked through for the one that an effect changes: more than a run has questions."""

OPEN = sa.text("outbox.state IN ('pending', 'leased')")
EARLIER = outbox.alias("earlier")
NOW = sa.bindparam("now", type_=UTCDateTime())
WAITS_BEFORE = (
    sa.select(EARLIER.c.seq)
    .where(EARLIER.c.place == outbox.c.place, EARLIER.c.seq < outbox.c.seq)
    .where(sa.text("earlier.state IN ('pending', 'leased')"))
    # What is held for later, as in a pause, holds nothing else; what is tried again keeps its turn.
    .where(sa.or_(EARLIER.c.attempts > 0, EARLIER.c.due_at <= NOW))
    .exists()
)
NEXT_DUE = sa.select(
    sa.func.min(sa.case((outbox.c.state == "leased", outbox.c.leased_until), else_=outbox.c.due_at))
).where(OPEN, among(outbox.c.platform, "platforms"), ~WAITS_BEFORE)
MINE = sa.update(outbox).where(
    outbox.c.seq == sa.bindparam("of"), outbox.c.owner == sa.bindparam("by"), outbox.c.state == "leased"
)
SENT = MINE.values(state="sent", remote_id=sa.bindparam("remote"), sent_at=sa.bindparam("at"), leased_until=None)
AGAIN = MINE.values(state="pending", due_at=sa.bindparam("due"), reason=sa.bindparam("why"))
HELD = AGAIN.values(attempts=0)
ENDED = MINE.values(state=sa.bindparam("end"), reason=sa.bindparam("why"), leased_until=None)


@dataclass(frozen=True, slots=True)
class Claimed:
    """An effect this process may deliver until its lease runs out; one that `has_waited` did so for all its time.

    One that `was_held`, as for a pause or a night, may say what counts no more. One that `is_over` came too late: it is
    ended already, and what it kept back may be due.
    """

    seq: int
    effect: AnyEffect
    attempts: int
    since: datetime
    leased_until: datetime
    is_reply: bool = False
    shown: tuple[str, ...] = ()
    was_lost: bool = False
    has_waited: bool = False
    was_held: bool = False
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Retry:
    """A delivery that is to be tried again at a time."""

    seq: int
    due_at: datetime
    reason: str


def _due(dialect: str, *, replies: bool) -> sa.Select[Any]:
    """Select what may be claimed; `state` still says whether somebody held it before."""
    is_due = sa.or_(
        sa.and_(outbox.c.state == "pending", outbox.c.due_at <= NOW),
        sa.and_(outbox.c.state == "leased", outbox.c.leased_until <= NOW),
    )
    heads = (
        sa.select(
            outbox.c.seq,
            outbox.c.kind,
            outbox.c.body,
            outbox.c.attempts,
            outbox.c.created_at,
            outbox.c.due_at,
            outbox.c.is_reply,
            outbox.c.state,
            outbox.c.reason,
            outbox.c.expires_at,
        )
        .where(OPEN, *([sa.text("outbox.is_reply")] if replies else []))
        .where(among(outbox.c.platform, "platforms"), is_due, ~WAITS_BEFORE)
        .order_by(outbox.c.seq)
        .limit(sa.bindparam("most", type_=sa.Integer()))
    )
    return heads.with_for_update(skip_locked=True, of=outbox) if dialect == "postgresql" else heads


DUE = {dialect: (_due(dialect, replies=True), _due(dialect, replies=False)) for dialect in DIALECTS}
EXPIRED = BulkUpdate(outbox, ["state", "reason", "leased_until", "seq"])
TOO_LATE = "what was asked was over before this could be sent"
LEASED = BulkUpdate(outbox, ["state", "owner", "leased_until", "attempts", "seq"])


def claim_effects(
    connection: Connection, owner: str, platforms: Collection[str], *, now: datetime, until: datetime, most: int
) -> list[Claimed]:
    """Lease the effects that are due and first in their place: what people wait for, then the oldest.

    Those whose time is over are ended instead, and listed as well.
    """
    claimed: list[Claimed] = []
    for due in DUE[connection.dialect.name]:
        given = {"now": now, "platforms": sorted(platforms), "most": most - len(claimed)}
        found = connection.execute(due, given).all()
        rows = [_claimed(row, now, until) for row in found]
        EXPIRED.run(connection, [("expired", TOO_LATE, None, row.seq) for row in rows if row.is_over])
        LEASED.run(
            connection, [("leased", owner, micros(until), row.attempts, row.seq) for row in rows if not row.is_over]
        )
        claimed += rows
    return [replace(one, shown=shown_for(connection, one.effect)) for one in claimed]


def _is_over(row: Any, now: datetime) -> bool:
    """Say whether it is too late to send this; not where it waited for its person, who is here now."""
    return row.expires_at is not None and row.expires_at <= now and not _has_waited(row)


def _has_waited(row: Any) -> bool:
    return row.reason is not None and row.attempts == 0


def _claimed(row: Any, now: datetime, until: datetime) -> Claimed:
    effect, was_lost = EFFECTS[row.kind].validate_json(row.body), row.state == "leased"
    has_waited = _has_waited(row)
    return Claimed(
        row.seq,
        effect,
        row.attempts + 1,
        row.created_at,
        until,
        is_reply=row.is_reply,
        was_lost=was_lost,
        has_waited=has_waited,
        was_held=row.attempts == 0 and row.due_at > row.created_at,
        is_over=_is_over(row, now),
    )


def shown_for(connection: Connection, effect: AnyEffect) -> tuple[str, ...]:
    """Find the messages that an effect changes, the newest first, as their platform names them."""
    match effect:
        case SettleQuestion():
            kinds, run = [AskQuestion.__name__, OfferForm.__name__], outbox.c.run_id == effect.run
        case InviteGroup() if effect.is_closed:
            kinds, run = [InviteGroup.__name__], outbox.c.run_id.is_(None)
        case CallGroup():
            kinds, run = [CallGroup.__name__], outbox.c.run_id.is_(None)
        case _:
            return ()
    sent = (
        sa.select(outbox.c.remote_id, outbox.c.kind, outbox.c.body)
        .where(outbox.c.place.in_([effect.place, main_place(effect.place)]))
        .where(outbox.c.state == "sent", outbox.c.kind.in_(kinds), run)
        .where(outbox.c.body.isnot(None), outbox.c.remote_id.isnot(None))
        .order_by(outbox.c.seq.desc())
    )
    rows = connection.execute(sent.limit(MOST_SHOWN)).all()
    return tuple(row.remote_id for row in rows if _is_changed_by(effect, EFFECTS[row.kind].validate_json(row.body)))


def _is_changed_by(effect: AnyEffect, shown: AnyEffect) -> bool:
    match effect, shown:
        case SettleQuestion(), AskQuestion():
            return effect.key == shown.prompt.key
        case SettleQuestion(), OfferForm():
            return not effect.key
        case InviteGroup(), InviteGroup():
            return effect.about == shown.about
        case CallGroup(), CallGroup():
            return effect.group == shown.group
        case _:
            return False


def seqs_of(connection: Connection, ids: Collection[EffectId]) -> dict[EffectId, int]:
    """Find the numbers of effects."""
    found = sa.select(outbox.c.id, outbox.c.seq).where(among(outbox.c.id, "ids"))
    return {EffectId(row.id): row.seq for row in connection.execute(found, {"ids": sorted(ids)})}


def finish_effects(
    connection: Connection,
    owner: str,
    now: datetime,
    *,
    sent: Sequence[tuple[int, str]] = (),
    retries: Sequence[Retry] = (),
    dead: Sequence[tuple[int, str]] = (),
    unsure: Sequence[tuple[int, str]] = (),
    held: Sequence[Retry] = (),
) -> None:
    """Write down what became of leased effects; a row whose lease went to somebody else is left to them."""
    if sent:
        connection.execute(SENT, [{"by": owner, "of": seq, "remote": remote, "at": now} for seq, remote in sent])
    for statement, later in ((AGAIN, retries), (HELD, held)):
        if later:
            connection.execute(statement, [{"by": owner, "of": r.seq, "due": r.due_at, "why": r.reason} for r in later])
    for state, ended in (("dead", dead), ("unsure", unsure)):
        if ended:
            connection.execute(ENDED, [{"by": owner, "of": seq, "end": state, "why": why} for seq, why in ended])


def prove_post(connection: Connection, post: str, *, is_there: bool, remote_id: str, at: datetime) -> bool:
    """Settle the fate of a post nobody was sure of: it stands there, or it is to be posted again."""
    known = sa.update(outbox).where(outbox.c.id == post, outbox.c.state == "unsure")
    settled = (
        known.values(state="sent", remote_id=remote_id or None, sent_at=at)
        if is_there
        else known.values(state="pending", due_at=at, attempts=0)
    )
    return connection.execute(settled).rowcount == 1


def wanted_by(connection: Connection, post: str) -> PersonId | None:
    """Find who wanted a post."""
    person = connection.execute(sa.select(outbox.c.person_id).where(outbox.c.id == post)).scalar()
    return None if person is None else PersonId(person)


def give_up(
    connection: Connection, reason: str, *, person: PersonId | None = None, place: Place | None = None, under: str = ""
) -> None:
    """End what still waits to be sent to a person, to a place, or to all places under one, with a reason."""
    concerned = {
        outbox.c.person_id == person: person is not None,
        outbox.c.place == place: place is not None,
        outbox.c.place.startswith(under, autoescape=True): bool(under),
    }
    where = [clause for clause, is_meant in concerned.items() if is_meant]
    connection.execute(
        sa.update(outbox).where(OPEN, sa.or_(*where)).values(state="dead", reason=reason, leased_until=None)
    )


def held_for(connection: Connection, person: PersonId, *, is_taken: bool = False) -> list[tuple[int, AnyEffect]]:
    """List what somebody was not shown yet, whether it is held or just due; in order, with its number.

    Where it `is_taken`, nobody else takes it until the end of the transaction, and what others hold is left out.
    """
    shown = (*_untried(person), outbox.c.kind != SettleQuestion.__name__)  # changes what was shown before
    found = sa.select(outbox).where(*shown).order_by(outbox.c.seq)
    rows = connection.execute(found.with_for_update(skip_locked=True) if is_taken else found)
    return [(row.seq, EFFECTS[row.kind].validate_json(row.body)) for row in rows]


def question_said_with(connection: Connection, effect: AnyEffect) -> AskQuestion | OfferForm | None:
    """Find the question that an effect is, or leads up to: one that waits behind it, of the same event and run."""
    if isinstance(effect, AskQuestion | OfferForm):
        return effect
    if not isinstance(effect, SendMessage) or effect.run is None:
        return None
    event, kinds = effect.id.rpartition("/")[0], [AskQuestion.__name__, OfferForm.__name__]
    behind = sa.select(outbox.c.id, outbox.c.kind, outbox.c.body).where(
        outbox.c.place == effect.place, OPEN, outbox.c.run_id == effect.run, outbox.c.kind.in_(kinds)
    )
    of_event = (row for row in connection.execute(behind) if row.id.rpartition("/")[0] == event)
    return next((EFFECTS[row.kind].validate_json(row.body) for row in of_event), None)


def let_go(connection: Connection, person: PersonId, at: datetime) -> None:
    """Send what was held for somebody: the pause is over, or they came by."""
    held = (*_untried(person), outbox.c.due_at > at)
    # What waited for its person is for whenever they come; what a pause held back may be over by now.
    expires_at = sa.case((outbox.c.reason.is_not(None), None), else_=outbox.c.expires_at)
    released = {"due_at": at, "created_at": at, "reason": None, "expires_at": expires_at}
    connection.execute(sa.update(outbox).where(*held).values(released))


def take_held(connection: Connection, seqs: Collection[int], lease: Lease) -> None:
    """Lease what was held, by its numbers."""
    LEASED.run(connection, [("leased", lease.owner, micros(lease.until), 1, seq) for seq in seqs])


def pass_over(connection: Connection, seqs: Collection[int], reason: str) -> None:
    """Give up effects by their numbers."""
    passed = sa.update(outbox).where(outbox.c.seq == sa.bindparam("of"), outbox.c.state == "pending")
    if seqs:
        connection.execute(passed.values(state="dead", reason=reason), [{"of": seq} for seq in seqs])


def _untried(person: PersonId) -> tuple["sa.ColumnElement[bool]", ...]:
    is_untried = sa.and_(outbox.c.state == "pending", outbox.c.attempts == 0)
    return outbox.c.person_id == person, outbox.c.kind.not_in(FOR_ALL), is_untried


def next_due(connection: Connection, platforms: Collection[str], now: datetime) -> datetime | None:
    """Find when the next effect that is first in its place is due, or its lease runs out."""
    return connection.execute(NEXT_DUE, {"platforms": sorted(platforms), "now": now}).scalar()


def drop_bodies(connection: Connection, before: datetime) -> int:
    """Forget what was sent, or given up, before a time; that it was, and why, stays."""
    ended_at = sa.func.coalesce(outbox.c.sent_at, outbox.c.due_at)
    ended = (outbox.c.state.in_(["sent", "dead", "unsure", "expired"]), ended_at < before, outbox.c.body.isnot(None))
    return connection.execute(sa.update(outbox).where(*ended).values(body=None)).rowcount
