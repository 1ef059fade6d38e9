"""How the last occurrence of each program went, as the database tells it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot.core.occurrences import Occurrence, OccurrenceId, OccurrenceStatus
from bot.core.people import PersonId
from bot.core.programs import ProgramId
from bot.core.runs import RunId
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.going import answered_among, asked_in, last_occurrences, unreached_among
from bot.storage.occurrences import save_occurrences
from bot.storage.people import add_people
from bot.storage.prompts import Prompted, add_prompts
from bot.storage.tables import answers, outbox
from tests.stage import ADA, NOW
from tests.web.house import CLASS

WEEKLY, MONTHLY = ProgramId("weekly"), ProgramId("monthly")
PEOPLE = [PersonId("ben"), PersonId("cleo"), PersonId("dan")]


def began(name: str, program: ProgramId, days: int) -> Occurrence:
    """Describe an occurrence that began some days after the first."""
    return Occurrence(
        id=OccurrenceId(name),
        kind="check_in",
        group=CLASS,
        by=ADA,
        status=OccurrenceStatus.OPEN,
        started_at=NOW + timedelta(days=days),
        due_at=None,
        state="",
        program=program,
    )


def sent(person: PersonId, number: int, state: str, kind: str = "AskQuestion") -> dict[str, object]:
    """Describe what became of a message of somebody's run."""
    return {
        "id": f"{person}/{number}",
        "platform": "slack",
        "place": f"slack:{person}",
        "person_id": person,
        "run_id": person,
        "kind": kind,
        "state": state,
        "reason": f"reason {number}",
        "due_at": NOW,
        "created_at": NOW,
    }


def said(person: PersonId, value: str, visibility: str) -> dict[str, object]:
    """Describe an answer in somebody's run."""
    words = {"flow": "three", "asked": "", "said": value, "visibility": visibility, "answered_at": NOW}
    return {"run_id": person, "key": f"{value}/{visibility}", "person_id": person, "value": value, **words}


@pytest.mark.parametrize("newest", [1, 2])
async def test_the_newest_occurrence_of_each_program_counts(database: Database, newest: int) -> None:
    all_of_them = [began("a", WEEKLY, 0), began("b", WEEKLY, newest), began("c", MONTHLY, 1), began("d", WEEKLY, 0)]

    def work(connection: Connection) -> None:
        save_occurrences(connection, all_of_them, {one.id for one in all_of_them})
        week = date(2026, 3, 2)
        add_prompts(connection, [Prompted(OccurrenceId("b"), one, f"ask:{one}", week, NOW) for one in PEOPLE])
        found = last_occurrences(connection, [WEEKLY, ProgramId("never")])
        assert {name: one.occurrence for name, one in found.items()} == {WEEKLY: "b"}
        assert {one.person for one in asked_in(connection, [OccurrenceId("b"), OccurrenceId("c")])} == set(PEOPLE)

    await database.write(work)


async def test_only_whom_nothing_reached_is_named_and_only_what_may_be_read_counts(database: Database) -> None:
    ben, cleo, dan = PEOPLE

    def work(connection: Connection) -> None:
        add_people(connection, [(one, one.title()) for one in PEOPLE], NOW)
        messages = [sent(ben, 1, "expired"), sent(ben, 2, "dead"), sent(cleo, 1, "sent"), sent(cleo, 2, "dead")]
        connection.execute(sa.insert(outbox), [*messages, sent(dan, 1, "dead", "SettleQuestion")])
        spoken = [said(ben, '"yes"', "private"), said(cleo, '"yes"', "group"), said(dan, "null", "group")]
        connection.execute(sa.insert(answers), spoken)
        runs = [RunId(one) for one in PEOPLE]
        assert [(one.run, one.name, one.reason) for one in unreached_among(connection, runs)] == [
            (RunId(ben), "Ben", "reason 2")
        ]
        assert answered_among(connection, runs) == {RunId(cleo)}

    await database.write(work)
