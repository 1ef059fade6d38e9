"""How the last occurrence of each program went: who was asked, who said something, whom nothing reached."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.effects import SettleQuestion
from bot.core.occurrences import OccurrenceId
from bot.core.people import PersonId
from bot.core.programs import ProgramId
from bot.core.runs import RunId
from bot.storage.answers import READABLE, SKIPPED
from bot.storage.columns import among
from bot.storage.tables import answers, occurrences, outbox, people, prompts

NOT_SENT = ("dead", "expired")
LATER = occurrences.alias("later")
IS_LAST = ~(
    sa.exists()
    .where(LATER.c.program_id == occurrences.c.program_id)
    .where(sa.tuple_(LATER.c.started_at, LATER.c.id) > sa.tuple_(occurrences.c.started_at, occurrences.c.id))
)
SENT = outbox.alias("sent")
REACHED = sa.exists().where(SENT.c.run_id == outbox.c.run_id, SENT.c.state == "sent")


class Last(NamedTuple):
    """The newest occurrence of a program."""

    occurrence: OccurrenceId
    kind: str
    started_at: datetime


class Asked(NamedTuple):
    """That somebody was asked for a part of an occurrence."""

    occurrence: OccurrenceId
    person: PersonId
    part: str


class Unreached(NamedTuple):
    """Whom a run's messages did not reach, and why."""

    run: RunId
    name: str
    reason: str


def last_occurrences(connection: Connection, programs: Collection[ProgramId]) -> dict[ProgramId, Last]:
    """Read the newest occurrence of each program that began at all."""
    found = sa.select(occurrences).where(among(occurrences.c.program_id, "ids"), IS_LAST)
    rows = connection.execute(found, {"ids": sorted(programs)})
    return {ProgramId(row.program_id): Last(OccurrenceId(row.id), row.kind, row.started_at) for row in rows}


def asked_in(connection: Connection, ids: Collection[OccurrenceId]) -> list[Asked]:
    """List who was asked by occurrences, without having wished for it."""
    found = sa.select(prompts.c.occurrence_id, prompts.c.person_id, prompts.c.part)
    rows = connection.execute(found.where(among(prompts.c.occurrence_id, "ids")), {"ids": sorted(ids)})
    return [Asked(OccurrenceId(row.occurrence_id), PersonId(row.person_id), row.part) for row in rows]


def answered_among(connection: Connection, runs: Collection[RunId]) -> set[RunId]:
    """Find the runs in which something was said that its facilitators may read; what was skipped says nothing."""
    found = sa.select(answers.c.run_id).where(
        among(answers.c.run_id, "ids"), answers.c.visibility.in_(READABLE), answers.c.value != SKIPPED
    )
    return set(map(RunId, connection.execute(found.distinct(), {"ids": sorted(runs)}).scalars()))


def unreached_among(connection: Connection, runs: Collection[RunId]) -> list[Unreached]:
    """List the runs of which nothing was ever sent and something never will be, by name; the newest reason of each."""
    found = (
        sa.select(outbox.c.run_id, people.c.name, outbox.c.reason)
        .join(people, people.c.id == outbox.c.person_id)
        .where(among(outbox.c.run_id, "ids"), outbox.c.state.in_(NOT_SENT), outbox.c.kind != SettleQuestion.__name__)
        .where(~REACHED)
        .order_by(sa.func.lower(people.c.name), outbox.c.seq)
    )
    rows = connection.execute(found, {"ids": sorted(runs)})
    newest = {row.run_id: Unreached(RunId(row.run_id), row.name, row.reason or "") for row in rows}
    return list(newest.values())
