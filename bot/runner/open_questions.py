"""What an occurrence asked of people and what waits for their answer: what a facilitator may bring back by hand."""

from collections.abc import Collection
from datetime import datetime

from bot.core.occurrences import Occurrence
from bot.core.people import PersonId
from bot.core.runs import Run
from bot.flows.program import OpenQuestion
from bot.storage.connection import Connection
from bot.storage.fan_outs import load_invitees
from bot.storage.turns import load_open_runs


def open_questions(
    connection: Connection, one: Occurrence, people: Collection[PersonId], at: datetime
) -> dict[PersonId, tuple[OpenQuestion, ...]]:
    """Find the open questions of each of these people who learns in the group now, and was shown them; oldest first."""
    found = {}
    learners = load_invitees(connection, one.group, set(people))
    runs = load_open_runs(connection, {each.person for each in learners})
    for each in learners:
        is_paused = each.paused_until is not None and each.paused_until > at
        asked = (_question(run, one, each.zone, is_paused=is_paused) for run in runs[each.person].values())
        found[each.person] = tuple(sorted(filter(None, asked), key=lambda question: (question.begun_at, question.run)))
    return found


def _question(run: Run, one: Occurrence, zone: str, *, is_paused: bool) -> OpenQuestion | None:
    errand = run.opening.errand
    if errand is None or errand.occurrence != one.id or not run.is_shown:
        return None
    return OpenQuestion(
        run=run.id,
        part=errand.part,
        begun_at=run.started_at,
        asked_at=run.asked_at,
        zone=zone,
        put_off_until=run.put_off_until,
        is_paused=is_paused,
    )
