"""The statements of the hot path are served by indexes on both databases, however many rows there are."""

from typing import Any

import pytest
from sqlalchemy import Connection

from bot.storage.database import Database
from bot.storage.openings import FACILITATORS, GROUPS, LEARNERS, MEMORIES, OWN, PEOPLE
from bot.storage.outbox import DUE
from bot.storage.turns import DROP_TIMERS, LOCK, OPEN_RUNS, RUNS_BY_ID

BY_IDS = {
    "lock people": LOCK,
    "open runs": OPEN_RUNS,
    "runs by id": RUNS_BY_ID,
    "drop timers": DROP_TIMERS,
    "people": PEOPLE,
    "groups": GROUPS,
    "own memberships": OWN,
    "facilitators": FACILITATORS,
    "learners": LEARNERS,
    "memories": MEMORIES,
}


@pytest.mark.parametrize("name", BY_IDS)
async def test_rows_named_by_id_are_found_by_index(database: Database, name: str) -> None:
    plan = await database.read(lambda connection: _plan(connection, BY_IDS[name], {"ids": ["a", "b"]}))
    assert "Seq Scan" not in plan, plan
    assert not [line for line in plan.splitlines() if line.startswith("SCAN") and "json_each" not in line], plan


async def test_claiming_reads_open_rows_only(database: Database) -> None:
    given = {"now": 0, "platforms": ["browser"], "most": 10}
    replies, everything = DUE[database.dialect]
    plan = await database.read(lambda connection: _plan(connection, everything, given))
    assert "ix_outbox_open" in plan, plan
    plan = await database.read(lambda connection: _plan(connection, replies, given))
    assert "ix_outbox_replies" in plan, plan


def _plan(connection: Connection, statement: Any, given: dict[str, Any]) -> str:
    """Ask the planner, without letting it read tables whole because they are small."""
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + compiled.string.replace("?", "NULL")).all()
        return "\n".join(row.detail for row in rows)
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    values = compiled.construct_params(given)
    rows = connection.exec_driver_sql(
        "EXPLAIN " + compiled.string, tuple(values[p] for p in compiled.positiontup)
    ).all()
    return "\n".join(row[0] for row in rows)
