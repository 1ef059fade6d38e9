"""The hot path: load what a batch of events concerns, save what their turns left. Set-based, a few statements a batch.

Every statement's text is constant, so both drivers keep it prepared. The order (inbox ids sorted, then people sorted)
is the same in every process, so two of them never wait for each other in a ring.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import TypeAdapter
from pydantic_core import from_json, to_json
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.effects import (
    AnyEffect,
    AskAboutPost,
    AskQuestion,
    CallAdult,
    CallGroup,
    InviteGroup,
    OfferForm,
    SendMessage,
    SettleQuestion,
    ShowComment,
)
from bot.core.events import EventId
from bot.core.people import PersonId, platform_of
from bot.core.runs import Answer, Memory, Mode, Opening, Run, RunId, RunStatus, Timer
from bot.storage.bulk import BulkInsert, BulkUpdate
from bot.storage.columns import UTCDateTime, among, micros, rows_of
from bot.storage.tables import answers, heard, inbox, memories, outbox, people, revisions, runs, timers

OPENING: TypeAdapter[Opening] = TypeAdapter(Opening)
EFFECTS: dict[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (
        SendMessage,
        AskQuestion,
        OfferForm,
        SettleQuestion,
        InviteGroup,
        CallGroup,
        AskAboutPost,
        ShowComment,
        CallAdult,
    )
}


class Lease(NamedTuple):
    """Who is to deliver an effect, and until when nobody else does."""

    owner: str
    until: datetime


class Outgoing(NamedTuple):
    """An effect on its way out; one with a `lease` is delivered by whoever took the event that caused it.

    What could not be sent until it `expires_at` is not sent any more.
    """

    effect: AnyEffect
    at: datetime
    is_reply: bool = False
    due_at: datetime | None = None
    lease: Lease | None = None
    cause: EventId | None = None
    expires_at: datetime | None = None


def _record_new() -> dict[str, Any]:
    source = sa.select(rows_of("ids").c.value, sa.bindparam("at", type_=UTCDateTime())).where(sa.true())
    found = {}
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert)):
        statement = insert(inbox).from_select(["event_id", "received_at"], source)
        found[name] = statement.on_conflict_do_nothing().returning(inbox.c.event_id)
    return found


RECORD = _record_new()
LOCK = sa.select(people.c.id).where(among(people.c.id, "ids")).order_by(people.c.id).with_for_update(key_share=True)
OPEN_RUNS = sa.select(runs).where(among(runs.c.person_id, "ids"), runs.c.status == RunStatus.OPEN.value)
RUNS_BY_ID = sa.select(runs).where(among(runs.c.id, "ids"))
NEW_RUNS = BulkInsert(
    runs,
    [column.name for column in runs.columns],
)
CHANGED_RUNS = BulkUpdate(runs, ["status", "place", "asked_at", "put_off_until", "state", "id"])
ANSWERS = BulkInsert(
    answers,
    [
        "run_id",
        "key",
        "person_id",
        "group_id",
        "flow",
        "asked",
        "value",
        "said",
        "visibility",
        "answered_at",
        "is_late",
    ],
    keys=["run_id", "key"],
    changes=["asked", "value", "said", "answered_at"],
)
TIMERS = BulkInsert(
    timers, ["run_id", "person_id", "wait", "kind", "due_at"], keys=["run_id"], changes=["wait", "kind", "due_at"]
)
MEMORIES = BulkInsert(
    memories,
    ["person_id", "group_id", "name", "text", "at"],
    keys=["person_id", "group_id", "name"],
    changes=["text", "at"],
    latest="at",
)
EFFECT_COLUMNS = (
    "id",
    "platform",
    "place",
    "person_id",
    "run_id",
    "kind",
    "body",
    "state",
    "due_at",
    "is_reply",
    "owner",
    "leased_until",
    "attempts",
    "created_at",
    "expires_at",
)
EFFECTS_OUT, EFFECTS_ONCE = BulkInsert(outbox, EFFECT_COLUMNS), BulkInsert(outbox, EFFECT_COLUMNS, keys=["id"])
HEARD = BulkInsert(heard, ["event_id", "run_id", "key"], keys=["event_id"], changes=["run_id", "key"])
HEARD_IN = sa.select(heard).where(among(heard.c.event_id, "ids"))
PAUSED = sa.select(people.c.id, people.c.paused_until).where(
    among(people.c.id, "ids"), people.c.paused_until > sa.bindparam("now", type_=UTCDateTime())
)
KEEP_REVISION = sa.insert(revisions).from_select(
    ["run_id", "key", "revision", "value", "said", "said_at"],
    sa.select(
        answers.c.run_id,
        answers.c.key,
        answers.c.revision,
        answers.c.value,
        answers.c.said,
        sa.func.coalesce(answers.c.edited_at, answers.c.answered_at),
    ).where(answers.c.run_id == sa.bindparam("of_run"), answers.c.key == sa.bindparam("of_key")),
)
EDIT_ANSWER = (
    sa.update(answers)
    .where(answers.c.run_id == sa.bindparam("of_run"), answers.c.key == sa.bindparam("of_key"))
    .values(
        value=sa.bindparam("new_value"),
        said=sa.bindparam("new_said"),
        edited_at=sa.bindparam("new_at"),
        revision=answers.c.revision + 1,
    )
)
DROP_TIMERS = sa.delete(timers).where(among(timers.c.run_id, "ids"))


def record_events(connection: Connection, ids: Collection[str], at: datetime) -> set[str]:
    """Write down the ids of events; answer those seen for the first time."""
    statement = RECORD[connection.dialect.name]
    return set(connection.execute(statement, {"ids": sorted(set(ids)), "at": at}).scalars().all())


def lock_people(connection: Connection, ids: Collection[PersonId]) -> set[PersonId]:
    """Lock people's rows, in id order, until the end of the transaction; answer those that exist."""
    return set(map(PersonId, connection.execute(LOCK, {"ids": sorted(ids)}).scalars().all()))


def load_open_runs(connection: Connection, ids: Collection[PersonId]) -> dict[PersonId, dict[RunId, Run]]:
    """Read the open runs of people whose rows are locked."""
    found: dict[PersonId, dict[RunId, Run]] = {person: {} for person in ids}
    for row in connection.execute(OPEN_RUNS, {"ids": sorted(ids)}).all():
        run = run_from(row)
        found[run.person][run.id] = run
    return found


def load_runs(connection: Connection, ids: Collection[RunId]) -> dict[RunId, Run]:
    """Read runs by id, whatever their status."""
    return {run.id: run for run in map(run_from, connection.execute(RUNS_BY_ID, {"ids": sorted(ids)}))}


def save_runs(connection: Connection, changed: Collection[Run], new: Collection[RunId]) -> None:
    """Write runs as they are after the batch; those in `new` are not in the database yet."""
    NEW_RUNS.run(connection, [run_row(run) for run in changed if run.id in new])
    CHANGED_RUNS.run(connection, [_changed_row(run) for run in changed if run.id not in new])


def save_answers(connection: Connection, given: Sequence[Answer]) -> None:
    """Write answers, the last one for each question; one that changes an earlier one keeps that as a revision."""
    first = {(a.run, a.key): _answer_row(a) for a in given if not a.is_edit}
    ANSWERS.run(connection, list(first.values()))
    for answer in given:
        if answer.is_edit:
            where = {"of_run": answer.run, "of_key": answer.key}
            connection.execute(KEEP_REVISION, where)
            change = {"new_value": _json(answer.value), "new_said": answer.said, "new_at": answer.at}
            connection.execute(EDIT_ANSWER, where | change)


def save_timers(connection: Connection, kept: Iterable[tuple[PersonId, Timer]], dropped: Sequence[RunId]) -> None:
    """Write the one timer of each run that has one, and drop those of runs that have none."""
    TIMERS.run(connection, [(t.run, person, t.wait, t.kind.value, micros(t.due_at)) for person, t in kept])
    if dropped:
        connection.execute(DROP_TIMERS, {"ids": dropped})


def save_memories(connection: Connection, given: Sequence[Memory]) -> None:
    """Write what people may be reminded of; a run that began earlier never displaces what a later one left."""
    rows = {(m.person, m.group, m.name): (m.person, m.group or "", m.name, m.text, micros(m.at)) for m in given}
    MEMORIES.run(connection, list(rows.values()))


def save_effects(connection: Connection, effects: Sequence[Outgoing], *, is_once: bool = False) -> None:
    """Put effects into the outbox, in order; each is due at once where it does not say when.

    With `is_once`, one of the same name that is there already stays as it is: another process may have made it.
    """
    (EFFECTS_ONCE if is_once else EFFECTS_OUT).run(connection, [_effect_row(one) for one in effects])


def save_heard(connection: Connection, said_in: Mapping[EventId, tuple[RunId, str]]) -> None:
    """Write down which question some words answered, so that a change to them finds it."""
    HEARD.run(connection, [(event, run, key) for event, (run, key) in said_in.items()])


def load_heard(connection: Connection, ids: Collection[EventId]) -> dict[EventId, tuple[RunId, str]]:
    """Find which questions some words answered."""
    rows = connection.execute(HEARD_IN, {"ids": sorted(ids)}).all()
    return {EventId(row.event_id): (RunId(row.run_id), row.key) for row in rows}


def load_paused(connection: Connection, ids: Collection[PersonId], now: datetime) -> dict[PersonId, datetime]:
    """Find which of these people want quiet, and until when."""
    rows = connection.execute(PAUSED, {"ids": sorted(ids), "now": now}).all()
    return {PersonId(row.id): row.paused_until for row in rows}


def run_from(row: Any) -> Run:
    """Read a run from its row, in the order of the table's columns."""
    (
        run_id,
        person,
        group,
        flow,
        version,
        status,
        place,
        started_at,
        asked_at,
        put_off_until,
        opening,
        written,
    ) = row
    state = from_json(written)
    return Run(
        id=run_id,
        person=person,
        group=group,
        flow=flow,
        version=version,
        opening=_opening(opening),
        place=place,
        started_at=started_at,
        asked_at=asked_at,
        put_off_until=put_off_until,
        status=RunStatus(status),
        mode=Mode(state["mode"]),
        key=state["key"],
        wait=state["wait"],
        slips=state["slips"],
        is_probed=state["is_probed"],
        is_nudged=state["is_nudged"],
        is_shown=state["is_shown"],
        trail=tuple(state["trail"]),
        again=tuple(state["again"]),
        said=state["said"],
    )


def state_of(run: Run) -> str:
    """Write the part of a run that turns change."""
    return _json(
        {
            "mode": run.mode,
            "key": run.key,
            "wait": run.wait,
            "slips": run.slips,
            "is_probed": run.is_probed,
            "is_nudged": run.is_nudged,
            "is_shown": run.is_shown,
            "trail": run.trail,
            "again": run.again,
            "said": run.said,
        }
    )


@lru_cache(maxsize=4096)
def _opening(written: str) -> Opening:
    """Read an opening once: it stays the same from a run's first turn to its last."""
    return OPENING.validate_json(written)


def _json(value: Any) -> str:
    return to_json(value).decode()


def run_row(run: Run) -> tuple[Any, ...]:
    """Write a run in the order of the table's columns."""
    return (
        run.id,
        run.person,
        run.group,
        run.flow,
        run.version,
        run.status.value,
        run.place,
        micros(run.started_at),
        micros(run.asked_at),
        run.put_off_until and micros(run.put_off_until),
        OPENING.dump_json(run.opening).decode(),
        state_of(run),
    )


def _changed_row(run: Run) -> tuple[Any, ...]:
    put_off_until = run.put_off_until and micros(run.put_off_until)
    return (run.status.value, run.place, micros(run.asked_at), put_off_until, state_of(run), run.id)


def _answer_row(a: Answer) -> tuple[Any, ...]:
    value = _json(a.value)
    at = micros(a.at)
    return (a.run, a.key, a.person, a.group, a.flow, a.asked, value, a.said, a.visibility.value, at, a.is_late)


def _effect_row(one: Outgoing) -> tuple[Any, ...]:
    effect, lease = one.effect, one.lease
    kind = type(effect).__name__
    body = EFFECTS[kind].dump_json(effect, exclude_defaults=True).decode()
    at, place = micros(one.at), effect.place
    return (
        effect.id,
        platform_of(place),
        place,
        effect.person,
        effect.run,
        kind,
        body,
        "leased" if lease else "pending",
        micros(one.due_at) if one.due_at else at,
        one.is_reply,
        lease and lease.owner,
        lease and micros(lease.until),
        1 if lease else 0,
        at,
        one.expires_at and micros(one.expires_at),
    )
