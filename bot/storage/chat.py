"""The conversation in one place, as it went: what Mull said there, and what the person answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.effects import AnyEffect, OfferForm
from bot.core.people import PersonId, Place
from bot.core.runs import Run, RunId
from bot.storage.columns import among
from bot.storage.tables import answers, outbox, revisions
from bot.storage.turns import EFFECTS


@dataclass(frozen=True, slots=True)
class BotLine:
    """Something Mull said."""

    at: datetime
    seq: int
    effect: AnyEffect


@dataclass(frozen=True, slots=True)
class OwnLine:
    """Something the person answered, then; `revision` counts the changes before it."""

    at: datetime
    run: RunId
    key: str
    asked: str
    said: str
    revision: int


Line: TypeAlias = BotLine | OwnLine


@dataclass(frozen=True, slots=True)
class Chat:
    """The last lines of a conversation, oldest first; `newest` is the last effect in the place, `is_cut` says whether
    there is more before."""

    lines: tuple[Line, ...]
    newest: int
    is_cut: bool


def load_chat(connection: Connection, place: Place, person: PersonId, most: int) -> Chat:
    """Read the last `most` things said in a place, and the answers between them.

    What waits to be sent is there as well: on a page, to stand there is to be delivered. What was dropped after a
    week is left out, with the answers before it.
    """
    here = sa.select(outbox.c.seq, outbox.c.kind, outbox.c.body, outbox.c.created_at, outbox.c.run_id)
    here = here.where(outbox.c.place == place, outbox.c.body.isnot(None)).order_by(outbox.c.seq.desc())
    rows = connection.execute(here.limit(most + 1)).all()
    said = [BotLine(row.created_at, row.seq, EFFECTS[row.kind].validate_json(row.body)) for row in rows[:most]]
    runs = {row.run_id for row in rows[:most] if row.run_id}
    own = [line for line in _own_lines(connection, person, runs) if _is_after(line.at, said, is_cut=len(rows) > most)]
    lines: list[Line] = [*own, *said]
    return Chat(tuple(sorted(lines, key=_order)), newest_effect(connection, place), is_cut=len(rows) > most)


def newest_effect(connection: Connection, place: Place) -> int:
    """Find the number of the last thing said in a place; 0 where nothing was."""
    found = connection.execute(sa.select(sa.func.max(outbox.c.seq)).where(outbox.c.place == place)).scalar()
    return found or 0


def last_prompt(connection: Connection, place: Place, run: Run) -> AnyEffect | None:
    """Find what was shown last, in a place, for the question that a run waits at."""
    shown = (
        sa.select(outbox.c.kind, outbox.c.body)
        .where(outbox.c.place == place, outbox.c.run_id == run.id, outbox.c.body.isnot(None))
        .where(outbox.c.kind.in_(["AskQuestion", "OfferForm"]))
        .order_by(outbox.c.seq.desc())
    )
    row = connection.execute(shown.limit(1)).first()
    effect = EFFECTS[row.kind].validate_json(row.body) if row else None
    return effect if effect is not None and effect.wait == run.wait else None


def last_slips(connection: Connection, place: Place, run: Run) -> dict[str, tuple[str, str | tuple[str, ...]]]:
    """Find what did not fit in the last form of a run: for each question a sentence, and what was given."""
    shown = last_prompt(connection, place, run)
    if not isinstance(shown, OfferForm):
        return {}
    return {prompt.key: (prompt.slip, prompt.said) for prompt in shown.prompts if prompt.slip}


def _is_after(at: datetime, said: list[BotLine], *, is_cut: bool) -> bool:
    """Say whether an answer has its question on the page: the first line shown may be what an answer led to."""
    begins_at = min(line.at for line in said)
    return at > begins_at if is_cut else at >= begins_at


def _own_lines(connection: Connection, person: PersonId, runs: Collection[str]) -> list[OwnLine]:
    if not runs:
        return []
    given = {"runs": sorted(runs)}
    now = sa.select(
        sa.func.coalesce(answers.c.edited_at, answers.c.answered_at, type_=answers.c.answered_at.type).label("at"),
        answers.c.run_id,
        answers.c.key,
        answers.c.asked,
        answers.c.said,
        answers.c.revision,
    ).where(answers.c.person_id == person, among(answers.c.run_id, "runs"))
    before = (
        sa.select(
            revisions.c.said_at.label("at"),
            revisions.c.run_id,
            revisions.c.key,
            answers.c.asked,
            revisions.c.said,
            revisions.c.revision,
        )
        .join(answers, sa.and_(answers.c.run_id == revisions.c.run_id, answers.c.key == revisions.c.key))
        .where(answers.c.person_id == person, among(revisions.c.run_id, "runs"))
    )
    return [_own(row) for query in (now, before) for row in connection.execute(query, given)]


def _own(row: Any) -> OwnLine:
    return OwnLine(row.at, RunId(row.run_id), row.key, row.asked, row.said, row.revision)


def _order(line: Line) -> tuple[datetime, int]:
    """Put an answer before what it led to: both carry the time of the event."""
    return (line.at, line.seq if isinstance(line, BotLine) else 0)
