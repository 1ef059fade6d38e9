"""What is to be read is found by indexes, however many answers there are; marks come in the order of the pages."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Connection

from bot.core.people import GroupId
from bot.core.runs import RunId
from bot.storage.answers import Mark
from bot.storage.columns import micros
from bot.storage.database import Database, open_database
from bot.storage.readings import (
    EITHER,
    GROUPS_AT_ONCE,
    KEPT,
    OWN_WISH,
    UNREAD,
    Cut,
    State,
    find_all,
    find_unread,
    groups_of_runs,
    mark_read,
    newest_in_groups,
    read_since,
)
from bot.storage.schema import migrate
from bot.storage.upgrading import configured
from tests.stage import ADA, NOW, rows

GROUPS = [GroupId(f"group-{number:03}") for number in range(GROUPS_AT_ONCE + 20)]


def put(connection: Connection) -> None:
    """Let two runs a group wait, the later groups' the newer."""
    waiting = []
    for number, group in enumerate(GROUPS):
        for run in (0, 1):
            at = micros(NOW + timedelta(minutes=number, seconds=run))
            waiting.append((f"{group}.{run}", group, "ben", f"flow-{run}", at, None, None, None))
    KEPT.run(connection, waiting)


async def test_the_newest_of_many_groups_come_first_and_page_by_page(database: Database) -> None:
    await database.write(put)
    everything = Cut(groups=GROUPS)
    found = await database.read(lambda c: find_unread(c, everything, 1_000, NOW))
    assert len(found) == len(GROUPS) * 2
    assert found == sorted(found, reverse=True)
    first = await database.read(lambda c: find_unread(c, everything, 3, NOW))
    after = Cut(groups=GROUPS, before=first[-1])
    second = await database.read(lambda c: find_unread(c, after, 3, NOW))
    assert [*first, *second] == found[:6]


async def test_what_was_read_stays_for_whoever_opened_the_page_before(database: Database) -> None:
    await database.write(put)
    group, run, opened = GROUPS[0], RunId(f"{GROUPS[0]}.1"), NOW + timedelta(days=1)
    at = opened + timedelta(minutes=1)
    await database.write(lambda c: mark_read(c, group, [run], ADA, at=at, seen_at=at))
    cut = Cut(groups=[group])
    assert [m.run for m in await database.read(lambda c: find_unread(c, cut, 9, opened))] == [run, f"{group}.0"]
    assert [m.run for m in await database.read(lambda c: find_unread(c, cut, 9, at + timedelta(1)))] == [f"{group}.0"]
    assert len(await database.read(lambda c: find_all(c, cut, 9))) == 2
    flows = Cut(groups=[group], flows={"flow-0"}, since=NOW, until=NOW + timedelta(seconds=1))
    assert await database.read(lambda c: find_all(c, flows, 9)) == [Mark(NOW, RunId(f"{group}.0"))]
    assert await database.read(lambda c: groups_of_runs(c, [run, RunId("none")])) == {run: group}


async def test_the_occurrence_of_earlier_runs_is_known_once_the_tables_are_brought_up(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    try:
        await database.write(lambda connection: command.upgrade(configured(connection), "0007"))
        await database.write(answered_before)
        await migrate(database)
        found = await rows(database, "SELECT run_id, occurrence_id FROM readings ORDER BY run_id")
        assert found == [("asked", "week"), ("gone", None), ("own", None)]
    finally:
        await database.close()


def answered_before(connection: Connection) -> None:
    """Write down runs with an answer each, one of an occurrence, and the answer of one that is gone."""
    at = str(micros(NOW))
    for run, errand in (("asked", '{"occurrence":"week","part":"ask:ben"}'), ("own", "null"), ("gone", "")):
        connection.execute(
            sa.text(
                "INSERT INTO answers (run_id, key, person_id, group_id, flow, asked, value, said, visibility, "
                f"answered_at) VALUES (:run, 'one', 'ben', 'g', 'f', '?', 'null', '', 'facilitators', {at})"
            ),
            {"run": run},
        )
        if errand:
            connection.execute(
                sa.text(
                    "INSERT INTO runs (id, person_id, group_id, flow, version, status, place, started_at, asked_at, "
                    f"opening, state) VALUES (:run, 'ben', 'g', 'f', 'v', 'done', 'p', {at}, {at}, :opening, '{{}}')"
                ),
                {"run": run, "opening": f'{{"errand":{errand}}}'},
            )


@pytest.mark.parametrize("program", ["check_in", OWN_WISH])
async def test_a_program_is_found_behind_the_same_indexes(database: Database, program: str) -> None:
    await database.write(put)
    cut = Cut(groups=GROUPS[:2], program=program)
    for state, index in ((UNREAD, "ix_readings_unread"), (EITHER, "ix_readings_group_id_answered_at")):
        query = newest_in_groups(GROUPS[:2], cut, 26, [state])
        plan = await database.read(lambda connection, query=query: _plan(connection, query))  # type: ignore[misc]
        assert index in plan, plan
        assert "Seq Scan" not in plan, plan
        assert "SCAN readings" not in plan, plan
        assert "SCAN occurrences" not in plan, plan


@pytest.mark.parametrize(
    ("state", "index"),
    [
        (UNREAD, "ix_readings_unread"),
        (read_since(NOW), "ix_readings_read"),
        (EITHER, "ix_readings_group_id_answered_at"),
    ],
    ids=["unread", "read since", "all"],
)
async def test_each_group_is_served_by_an_index(database: Database, state: State, index: str) -> None:
    await database.write(put)
    cut = Cut(groups=GROUPS[:2], before=Mark(NOW, RunId("x")), flows={"flow-0"})
    plan = await database.read(lambda connection: _plan(connection, newest_in_groups(GROUPS[:2], cut, 26, [state])))
    assert index in plan, plan
    assert "Seq Scan" not in plan, plan
    assert "SCAN readings" not in plan, plan


def _plan(connection: Connection, statement: Any) -> str:
    written = statement.compile(
        dialect=connection.dialect, compile_kwargs={"literal_binds": True, "render_postcompile": True}
    )
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + str(written)).all()
        return "\n".join(row.detail for row in rows)
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return "\n".join(row[0] for row in connection.exec_driver_sql("EXPLAIN " + str(written)).all())
