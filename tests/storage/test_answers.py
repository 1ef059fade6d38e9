"""What facilitators may read, on both databases."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.events import EventId, FlagResolved, GroupCreated
from bot.core.people import GroupId, PersonId, Role
from bot.core.runs import Answer, RunId, Visibility
from bot.storage.answers import (
    RunsPage,
    Sought,
    flows_answered,
    groups_led,
    name_in_group,
    newest_answers,
    read_runs,
)
from bot.storage.database import Database
from bot.storage.flags import open_flags, resolve_flag
from bot.storage.groups import add_group, add_members, end_membership
from bot.storage.people import add_people
from bot.storage.review_tables import flags
from bot.storage.turns import save_answers

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
HERE, ELSEWHERE = GroupId("g1"), GroupId("g2")
ADA, BEN, CY = PersonId("ada"), PersonId("ben"), PersonId("cy")


def said(run: str, key: str = "part", **changes: object) -> Answer:
    """Describe an answer of Ben's at noon."""
    plain = Answer(
        run=RunId(run),
        key=key,
        person=BEN,
        group=HERE,
        flow="weekly-check-in",
        asked=f"What about {key}?",
        value="The scale",
        said="The scale",
        visibility=Visibility.FACILITATORS,
        at=NOON,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


async def save(database: Database, *given: Answer) -> None:
    """Write two groups, their people, and answers."""

    def work(connection: Connection) -> None:
        add_people(connection, [(ADA, "Ms Ada"), (BEN, "Ben"), (CY, "Cy")], NOON)
        for group in (HERE, ELSEWHERE):
            event = GroupCreated(
                id=EventId(f"test/{group}"),
                at=NOON,
                who=ADA,
                group=group,
                name=group,
                code=group,
                setting="class",
                zone="UTC",
            )
            add_group(connection, event)
        add_members(connection, HERE, [ADA], Role.FACILITATOR, NOON)
        add_members(connection, HERE, [BEN], Role.LEARNER, NOON)
        add_members(connection, ELSEWHERE, [CY], Role.LEARNER, NOON)
        for answer in given:
            save_answers(connection, [answer])

    await database.write(work)


async def read(database: Database, most: int = 25, **sought: object) -> RunsPage:
    """Read a page of the group's runs."""
    wanted = Sought(**{"groups": [HERE], **sought})  # type: ignore[arg-type]
    return await database.read(lambda connection: read_runs(connection, wanted, most, with_earlier=True))


def ids(page: RunsPage) -> list[str]:
    """List the runs of a page."""
    return [run.id for run in page.runs]


async def test_runs_come_newest_first_by_their_newest_answer(database: Database) -> None:
    await save(
        database,
        said("early", at=NOON),
        said("late", at=NOON + timedelta(minutes=1)),
        said("early", "next", at=NOON + timedelta(minutes=2)),
    )
    page = await read(database)
    assert ids(page) == ["early", "late"]
    assert [answer.key for answer in page.runs[0].answers] == ["part", "next"]
    assert page.runs[0].name == "Ben"
    assert page.older is None


async def test_a_private_answer_is_never_found(database: Database) -> None:
    private = Visibility.PRIVATE
    await save(
        database,
        said("mixed", "shared", visibility=Visibility.GROUP),
        said("mixed", "secret", said="nobody reads this", visibility=private, at=NOON + timedelta(hours=1)),
        said("hidden", "secret", said="nobody reads this", visibility=private),
    )
    page = await read(database)
    assert ids(page) == ["mixed"]
    assert [answer.key for answer in page.runs[0].answers] == ["shared"]
    assert page.runs[0].answered_at == NOON
    assert ids(await read(database, person=BEN)) == ["mixed"]
    assert "nobody reads this" not in repr(page)


async def test_a_private_answer_stays_private_through_its_edits(database: Database) -> None:
    secret = said("mixed", "secret", said="nobody reads this", visibility=Visibility.PRIVATE)
    await save(database, said("mixed"), secret, replace(secret, said="nor this", is_edit=True))
    assert "nor this" not in repr(await read(database))
    assert "nobody reads this" not in repr(await read(database))


async def test_other_groups_and_answers_to_no_group_are_left_out(database: Database) -> None:
    await save(database, said("here"), said("there", group=ELSEWHERE, person=CY), said("alone", group=None))
    assert ids(await read(database)) == ["here"]
    assert ids(await read(database, person=CY)) == []
    assert ids(await read(database, person=BEN)) == ["here"]
    assert ids(await read(database, groups=[HERE, ELSEWHERE])) == ["there", "here"]
    assert ids(await read(database, groups=[])) == []


async def test_flow_person_and_time_choose(database: Database) -> None:
    week = timedelta(weeks=1)
    await save(
        database,
        said("old", at=NOON - week),
        said("plan", flow="plan-work"),
        said("other", person=CY),
        said("last", at=NOON + week),
    )
    assert ids(await read(database, flow="plan-work")) == ["plan"]
    assert ids(await read(database, person=CY)) == ["other"]
    assert ids(await read(database, since=NOON, until=NOON + week)) == ["plan", "other"]
    assert ids(await read(database, person=BEN, flow="weekly-check-in")) == ["last", "old"]


async def test_paging_shows_every_run_once_even_where_moments_are_the_same(database: Database) -> None:
    given: Iterable[Answer] = (said(f"run{n:02}", key, at=NOON) for n in range(23) for key in ("part", "next"))
    await save(database, *given)
    seen: list[str] = []
    page = await read(database, most=5)
    while page.older:
        seen += ids(page)
        page = await read(database, most=5, before=page.older)
    seen += ids(page)
    assert seen == [f"run{n:02}" for n in reversed(range(23))]


async def test_a_full_last_page_has_no_older_one(database: Database) -> None:
    await save(database, said("a"), said("b"))
    assert (await read(database, most=2)).older is None


async def test_skipped_and_edited_are_told_apart(database: Database) -> None:
    edit = said("run", said="The legend", value="The legend", at=NOON + timedelta(hours=1), is_edit=True)
    again = replace(edit, said="The compass", at=NOON + timedelta(hours=2))
    await save(database, said("run"), said("run", "next", value=None, said=""), edit, again)
    part, skipped = sorted((await read(database)).runs[0].answers, key=lambda answer: answer.is_skipped)
    assert (part.said, part.edited_at, part.answered_at) == ("The compass", again.at, NOON)
    assert [(e.said, e.said_at) for e in part.earlier] == [("The legend", edit.at), ("The scale", NOON)]
    assert skipped.is_skipped
    assert skipped.edited_at is None


async def test_an_answer_that_says_null_is_no_skipped_one(database: Database) -> None:
    await save(database, said("run", value="null", said="null"))
    assert not (await read(database)).runs[0].answers[0].is_skipped


async def test_flows_answered_counts_what_may_be_read_only(database: Database) -> None:
    await save(
        database,
        said("a"),
        said("b", flow="plan-work", visibility=Visibility.PRIVATE),
        said("c", flow="monitor-work", group=ELSEWHERE),
    )
    assert await database.read(lambda c: flows_answered(c, BEN, [HERE])) == ["weekly-check-in"]
    assert await database.read(lambda c: flows_answered(c, BEN, [])) == []


async def test_a_name_is_known_where_somebody_is_or_was(database: Database) -> None:
    await save(database)
    await database.write(lambda c: end_membership(c, HERE, BEN, NOON))
    assert await database.read(lambda c: name_in_group(c, HERE, BEN)) == "Ben"
    assert await database.read(lambda c: name_in_group(c, ELSEWHERE, BEN)) is None


async def test_groups_led_leaves_learners_and_those_who_left_out(database: Database) -> None:
    await save(database)
    await database.write(lambda c: add_members(c, ELSEWHERE, [BEN], Role.OBSERVER, NOON))
    assert await database.read(lambda c: groups_led(c, [ADA, BEN, CY])) == {ADA: {HERE}, BEN: {ELSEWHERE}}
    await database.write(lambda c: end_membership(c, ELSEWHERE, BEN, NOON))
    assert await database.read(lambda c: groups_led(c, [BEN])) == {}


async def test_a_flag_is_resolved_once_and_in_its_own_group_only(database: Database) -> None:
    await save(database)
    row = {"id": "flag/1", "group_id": HERE, "person_id": BEN, "raised_at": NOON}
    await database.write(lambda c: c.execute(sa.insert(flags), row))

    def event(group: GroupId) -> FlagResolved:
        return FlagResolved(id=EventId("test/resolve"), at=NOON, who=ADA, group=group, flag="flag/1")

    assert not await database.write(lambda c: resolve_flag(c, event(ELSEWHERE)))
    assert len(await database.read(lambda c: open_flags(c, [HERE]))) == 1
    assert await database.write(lambda c: resolve_flag(c, event(HERE)))
    assert await database.read(lambda c: open_flags(c, [HERE])) == []
    assert not await database.write(lambda c: resolve_flag(c, event(HERE)))


@pytest.mark.parametrize(
    ("sought", "index"),
    [
        (Sought(groups=[HERE]), "ix_answers_group_id_answered_at"),
        (Sought(groups=[HERE], since=NOON, until=NOON), "ix_answers_group_id_answered_at"),
        (Sought(groups=[HERE], person=BEN), "ix_answers_person_id_answered_at"),
        (Sought(groups=[HERE, ELSEWHERE], person=BEN), "ix_answers_person_id_answered_at"),
    ],
    ids=["group", "week", "person", "person in groups"],
)
async def test_both_databases_walk_the_index_that_fits(database: Database, sought: Sought, index: str) -> None:
    given = [said(f"run{n}", person=PersonId(f"p{n % 50}"), group=GroupId(f"g{n % 40}")) for n in range(4000)]
    await database.write(lambda c: save_answers(c, given))
    explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "

    def plan(connection: Connection) -> str:
        if database.dialect == "postgresql":
            connection.execute(sa.text("ANALYZE"))
            # So few rows are read faster without an index; the question is which index it would be.
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        wanted = newest_answers(sought, 26).compile(connection, compile_kwargs={"literal_binds": True})
        return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain}{wanted}"))

    found = await database.read(plan)
    assert index in found, found
    assert "SCAN answers" not in found, found
