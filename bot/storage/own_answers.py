"""A person's own answers, and the earlier versions of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import GroupId, PersonId
from bot.core.runs import Run, RunId, Visibility
from bot.storage.columns import among
from bot.storage.tables import answers, revisions, runs
from bot.storage.turns import run_from


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """One answer as its writer sees it."""

    key: str
    asked: str
    said: str
    visibility: Visibility
    at: datetime
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """What was said before it was changed."""

    said: str
    at: datetime


def load_own_runs(connection: Connection, person: PersonId, most: int, before: datetime | None = None) -> list[Run]:
    """Read a person's last runs, newest first; `before` reads on from when the last one seen began."""
    found = sa.select(runs).where(runs.c.person_id == person)
    if before is not None:
        found = found.where(runs.c.started_at < before)
    rows = connection.execute(found.order_by(runs.c.started_at.desc(), runs.c.id).limit(most))
    return [run_from(row) for row in rows]


def has_run_of(connection: Connection, person: PersonId, flow: str, groups: Collection[GroupId]) -> bool:
    """Say whether a person ever began a flow in one of these groups."""
    found = sa.select(runs.c.id).where(runs.c.person_id == person, runs.c.flow == flow)
    found = found.where(among(runs.c.group_id, "groups")).limit(1)
    return connection.execute(found, {"groups": sorted(groups)}).first() is not None


def load_own_answers(connection: Connection, of: Collection[RunId]) -> dict[RunId, dict[str, OwnAnswer]]:
    """Read the answers of runs, by run and question."""
    found: dict[RunId, dict[str, OwnAnswer]] = {run: {} for run in of}
    for row in connection.execute(sa.select(answers).where(among(answers.c.run_id, "runs")), {"runs": sorted(of)}):
        found[RunId(row.run_id)][row.key] = OwnAnswer(
            row.key, row.asked, row.said, Visibility(row.visibility), row.answered_at, row.edited_at
        )
    return found


def load_versions(connection: Connection, run: RunId, key: str) -> list[Version]:
    """Read what an answer was before its changes, newest first."""
    found = (
        sa.select(revisions.c.said, revisions.c.said_at)
        .where(revisions.c.run_id == run, revisions.c.key == key)
        .order_by(revisions.c.revision.desc())
    )
    return [Version(row.said, row.said_at) for row in connection.execute(found)]
