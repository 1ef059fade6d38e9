"""A weekly prompt to everybody: planned, runs begun, outbox rows committed, and what an idle tick costs.

The floor writes the same rows, run and outbox, in chunks of the same size and does nothing else. Each database is
measured in a process of its own, so that the most memory of one is not taken for that of the other.
"""

import argparse
import asyncio
import multiprocessing
import resource
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from functools import partial

import sqlalchemy as sa

from bench.stage import FLOW, database_urls, person
from bot.app import settle_memory
from bot.core.events import EventId, GroupCreated, Outcome, ProgramSet
from bot.core.people import GroupId, PersonId, Role
from bot.core.programs import Program, ProgramId
from bot.core.schedules import Weekly, rule_to_json
from bot.runner.clock import Clock
from bot.runner.fan_out import CHUNK
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.storage.columns import UTCDateTime
from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members
from bot.storage.people import add_people
from bot.storage.programs import add_program
from bot.storage.schema import migrate
from bot.storage.tables import outbox
from bot.storage.tables import runs as runs_table
from bot.storage.turns import EFFECT_COLUMNS, EFFECTS_OUT, NEW_RUNS

PEOPLE = 20_000
PROGRAMS = 10_000
TICKS = 25
ADA, SCHOOL = PersonId("ada"), GroupId("school")
NOW = datetime(2026, 3, 6, 10, 40, tzinfo=UTC)
DUE = datetime(2026, 3, 12, 8, tzinfo=UTC)
RULE = rule_to_json(Weekly(weekdays=(3,), at=wall_time(9), since=date(2026, 3, 2)))
NEW_RUN_COLUMNS = [column.name for column in runs_table.columns]
EFFECT = [outbox.c[name] for name in EFFECT_COLUMNS]
RAW = {column: sa.type_coerce(column, sa.BigInteger) for column in (*runs_table.columns, *EFFECT)}
RUNS_AND_EFFECTS = sa.select(
    *(RAW[c] if isinstance(c.type, UTCDateTime) else c for c in (*runs_table.columns, *EFFECT))
).join(outbox, sa.and_(outbox.c.run_id == runs_table.c.id, outbox.c.kind == "AskQuestion"))


def main() -> None:
    """Measure both databases; the people are one group, which is the hardest case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE, help="how many are asked (default: %(default)s)")
    people = parser.parse_args().people
    context = multiprocessing.get_context("spawn")
    with database_urls() as urls:
        for name, url in urls.items():
            process = context.Process(target=measure_alone, args=(name, url, people))
            process.start()
            process.join()
            if process.exitcode:
                raise SystemExit(process.exitcode)


def measure_alone(name: str, url: str, people: int) -> None:
    """Be a process that measures one database."""
    settle_memory()
    asyncio.run(measure(name, url, people))


async def measure(name: str, url: str, people: int) -> None:
    """Print how long a prompt to everybody takes, against the floor, and what an idle tick costs."""
    database = open_database(url)
    now = [NOW]
    inbox = Inbox(database, FlowShelf(), now=lambda: now[0])
    clock = Clock(database, inbox, lambda: now[0])
    try:
        await migrate(database)
        await database.write(add_school)
        for first in range(0, people, CHUNK):
            await database.write(partial(add_learners, numbers=range(first, min(first + CHUNK, people))))
        await database.write(add_programs)
        if database.dialect == "postgresql":
            await database.write(analyze)
        idle = statistics.median([await timed(clock.tick) for _ in range(TICKS)])
        print(f"{name}: idle tick at {PROGRAMS:,} programs {idle * 1e3:.1f} ms  target <= 5 ms")
        await set_program(inbox)
        now[0] = DUE
        before = memory()
        seconds = await timed(clock.tick)
        count = await database.read(rows)
        most = memory()
        floor = await write_floor(database)
        print(
            f"{name}: {people:,} people asked in {seconds:.1f} s ({count:,} effects), floor {floor:.1f} s, "
            f"ratio {seconds / floor:.1f}; peak {most:.0f} MiB (+{most - before:.0f})  target <= 30 s, < 200 MiB"
        )
    finally:
        await inbox.close()
        await database.close()


def add_school(connection: Connection) -> None:
    """Write one group down, and who leads it."""
    publish_flow(connection, FLOW.flow, FLOW.version, FLOW.to_json(), NOW)
    add_people(connection, [(ADA, "Ms Ada")], NOW)
    created = GroupCreated(
        id=EventId("bench/school"),
        at=NOW,
        who=ADA,
        group=SCHOOL,
        name="School",
        code="school",
        setting="class",
        zone="Europe/Berlin",
    )
    add_group(connection, created)
    add_members(connection, SCHOOL, [ADA], Role.FACILITATOR, NOW)


def add_learners(connection: Connection, numbers: range) -> None:
    """Write learners of the group down."""
    add_people(connection, [(person(n), f"Ben {n}") for n in numbers], NOW)
    add_members(connection, SCHOOL, [person(n) for n in numbers], Role.LEARNER, NOW)


def add_programs(connection: Connection) -> None:
    """Write programs down that are due some day."""
    for number in range(PROGRAMS):
        idle = Program(
            id=ProgramId(f"idle-{number}"),
            group=SCHOOL,
            by=ADA,
            kind="check_in",
            choices={},
            rule=RULE,
            next_at=DUE + timedelta(days=300),
            next_day=date(2027, 1, 6),
        )
        add_program(connection, idle, NOW)


def analyze(connection: Connection) -> None:
    """Let the server know its tables, as it does by itself within a minute."""
    connection.exec_driver_sql("ANALYZE")


async def set_program(inbox: Inbox) -> None:
    """Let the school be asked on Thursday."""
    event = ProgramSet(
        id=EventId("bench/set"),
        at=NOW,
        who=ADA,
        group=SCHOOL,
        program=ProgramId("weekly"),
        kind="check_in",
        choices={"flow": FLOW.flow},
        rule=RULE,
    )
    outcome = await inbox.accept(event)
    assert outcome is Outcome.ACCEPTED, outcome


def rows(connection: Connection) -> int:
    """Count what is to be sent."""
    return int(connection.execute(sa.text("SELECT count(*) FROM outbox")).scalar_one())


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Time something."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def memory() -> float:
    """Tell the most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def write_floor(database: Database) -> float:
    """Time the same rows written again under other names, a chunk a transaction, as they stand in the tables."""
    found = await database.read(lambda connection: connection.execute(RUNS_AND_EFFECTS).all())
    runs = [(f"floor-{n}", *row[1 : len(NEW_RUN_COLUMNS)]) for n, row in enumerate(found)]
    effects = [(f"floor-{n}", *row[len(NEW_RUN_COLUMNS) + 1 :]) for n, row in enumerate(found)]

    def write(connection: Connection, first: int) -> None:
        NEW_RUNS.run(connection, runs[first : first + CHUNK])
        EFFECTS_OUT.run(connection, effects[first : first + CHUNK])

    began = time.perf_counter()
    for first in range(0, len(found), CHUNK):
        await database.write(partial(write, first=first))
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
