"""What a group's overview is counted from, on both databases."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.core.people import GroupId, PersonId, Role
from bot.core.runs import Answer, RunId, Visibility
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.groups import add_group, add_members, end_membership
from bot.storage.overview import (
    PointCount,
    Span,
    count_points,
    flows_heard,
    learners_here,
    load_picked,
    load_said_by,
    points_given,
)
from bot.storage.people import add_people
from bot.storage.readings import note_answers
from bot.storage.tables import people
from bot.storage.turns import save_answers
from tests.stage import ADA, CY, a_group

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HERE, ELSEWHERE = GroupId("g1"), GroupId("g2")
BEN, DAN = PersonId("ben"), PersonId("dan")
WEEKS = [Span(MONDAY + timedelta(weeks=n), MONDAY + timedelta(weeks=n + 1)) for n in range(3)]


def said(run: str, value: str | list[str] | None = "3", **changes: object) -> Answer:
    """Describe an answer of Ben's on the Monday."""
    plain = Answer(
        run=RunId(run),
        key="thinking",
        person=BEN,
        group=HERE,
        flow="weekly-check-in",
        asked="How much?",
        value=value,
        said="so much",
        visibility=Visibility.FACILITATORS,
        at=MONDAY,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


async def save(database: Database, given: Iterable[Answer]) -> None:
    """Write a group, its people, and answers."""
    kept = list(given)

    def work(connection: Connection) -> None:
        add_people(connection, [(ADA, "Ms Ada"), (BEN, "Ben"), (CY, "Cy"), (DAN, "Dan")], MONDAY)
        add_group(connection, a_group(HERE))
        add_members(connection, HERE, [ADA], Role.FACILITATOR, MONDAY)
        add_members(connection, HERE, [BEN, CY, DAN], Role.LEARNER, MONDAY)
        save_answers(connection, kept)
        note_answers(connection, kept)

    await database.write(work)


async def test_a_person_counts_once_a_week_with_the_newest_point(database: Database) -> None:
    day = timedelta(days=1)
    given = [
        said("a", "1"),
        said("b", "5", at=MONDAY + day),
        said("c", "5", person=CY, at=MONDAY + 2 * day),
        said("d", "2", person=CY, at=MONDAY + 7 * day),
    ]
    await save(database, given)
    assert await database.read(lambda c: count_points(c, HERE, WEEKS)) == [
        PointCount(0, "weekly-check-in", "thinking", 5, 2),
        PointCount(1, "weekly-check-in", "thinking", 2, 1),
    ]
    assert await database.read(lambda c: count_points(c, HERE, [])) == []


async def test_weeks_end_where_the_next_begins(database: Database) -> None:
    moment = timedelta(microseconds=1)
    moments = [
        MONDAY - moment,
        MONDAY,
        WEEKS[1].since - moment,
        WEEKS[1].since,
        WEEKS[2].until - moment,
        WEEKS[2].until,
    ]
    await save(
        database, [said(str(n), str(1 + n % 5), person=PersonId(f"p{n}"), at=at) for n, at in enumerate(moments)]
    )
    found = await database.read(lambda c: count_points(c, HERE, WEEKS))
    assert [(one.span, one.point) for one in found] == [(0, 2), (0, 3), (1, 4), (2, 5)]
    assert await database.read(lambda c: flows_heard(c, HERE, WEEKS)) == {(n, "weekly-check-in") for n in range(3)}


async def test_what_is_private_skipped_or_of_others_is_never_counted(database: Database) -> None:
    given = [
        said("private", visibility=Visibility.PRIVATE),
        said("skipped", None),
        said("elsewhere", group=ELSEWHERE),
        said("nowhere", group=None),
        said("words", "in my own words"),
        said("many", ["1", "2"]),
    ]
    await save(database, given)
    assert await database.read(lambda c: count_points(c, HERE, WEEKS)) == []
    found = await database.read(lambda c: load_picked(c, HERE, MONDAY, ["thinking"]))
    assert sorted(one.run for one in found) == ["many", "words"]
    assert {one.is_heard for one in await database.read(lambda c: learners_here(c, HERE, MONDAY, MONDAY))} == {
        True,
        False,
    }


async def test_learners_by_name_who_was_heard_and_who_is_away(database: Database) -> None:
    await save(database, [said("old", at=MONDAY - timedelta(seconds=1)), said("new", person=CY)])

    def work(connection: Connection) -> None:
        end_membership(connection, HERE, DAN, MONDAY)
        connection.execute(sa.update(people).where(people.c.id == BEN).values(paused_until=MONDAY + timedelta(days=1)))

    await database.write(work)
    found = await database.read(lambda c: learners_here(c, HERE, MONDAY, MONDAY))
    assert [(one.name, one.is_heard, one.is_away) for one in found] == [("Ben", False, True), ("Cy", True, False)]
    [ben, _] = await database.read(lambda c: learners_here(c, HERE, MONDAY, MONDAY + timedelta(days=1)))
    assert not ben.is_away


async def test_what_was_picked_comes_newest_first_and_what_one_person_said_oldest_first(database: Database) -> None:
    later = MONDAY + timedelta(days=8)
    await save(database, [said("a", "1"), said("b", "2", at=later), said("c", "3", key="part"), said("d", person=CY)])
    found = await database.read(lambda c: load_picked(c, HERE, MONDAY, ["thinking"]))
    assert [one.run for one in found] == ["b", "a", "d"]
    own = await database.read(lambda c: load_said_by(c, HERE, BEN, ["thinking"]))
    assert [(one.answer.run, one.at) for one in own] == [("a", MONDAY), ("b", later)]
    assert await database.read(lambda c: load_said_by(c, ELSEWHERE, BEN, ["thinking"])) == []


async def test_points_are_read_from_their_own_index(database: Database) -> None:
    many = [said(f"r{n}", "2", person=PersonId(f"p{n % 50}"), group=GroupId(f"g{n % 40}")) for n in range(4000)]
    await database.write(lambda c: save_answers(c, many))
    explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "

    def plan(connection: Connection) -> str:
        if database.dialect == "postgresql":
            connection.execute(sa.text("ANALYZE"))
            # So few rows are read faster without an index; the question is which index it would be.
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        wanted = points_given(HERE, MONDAY, MONDAY + timedelta(weeks=40))
        written = wanted.compile(connection, compile_kwargs={"literal_binds": True})
        return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain}{written}"))

    found = await database.read(plan)
    assert "ix_answers_points" in found, found
    assert database.dialect != "sqlite" or "COVERING" in found, found
