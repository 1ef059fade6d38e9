"""The sample school lives through its programs, and what a guest is to find there is there."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy

import pytest

from bot.app import publish_library
from bot.core.occurrences import Occurrence, OccurrenceStatus
from bot.core.people import GroupId, PersonId
from bot.demo.school import SampleGroup, build_school
from bot.demo.weeks import Seeder
from bot.flows.habit_of_week.program import NOTICE, read_week
from bot.flows.peer_exchange.round import Naming, ReviewStatus, Round, read_round
from bot.runner.clock import Clock
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from bot.storage.occurrences import occurrences_of
from bot.storage.readings import count_unread
from bot.storage.turns import load_open_runs
from tests.stage import count, rows

NOW = datetime(2026, 11, 18, 13, 5, tzinfo=UTC)
CLASS, STAFF, BEN = GroupId("class-7b"), GroupId("staff-team"), PersonId("ben")


@pytest.fixture(scope="module")
async def school(sqlite_with_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    """Fill the sample school once for all questions about it."""
    file = copy(sqlite_with_tables, tmp_path_factory.mktemp("school") / "mull.db")
    database = open_database(f"sqlite:///{file}", is_sample=True)
    inbox = Inbox(database, FlowShelf())

    def build(connection: Connection) -> list[SampleGroup]:
        publish_library(connection, NOW)
        return build_school(connection, NOW)

    await Seeder(database, inbox).answer_weeks(await database.write(build), NOW, lambda week: None)
    await inbox.close()
    yield database
    await database.close()


async def of(database: Database, group: GroupId, kind: str) -> list[Occurrence]:
    """List a group's occurrences of a program."""
    return await database.read(lambda connection: occurrences_of(connection, group, kind))


async def round_under_way(database: Database) -> Round:
    """Read the feedback round that is under way in the class."""
    return read_round((await of(database, CLASS, "peer_exchange"))[-1])


async def test_habit_weeks_lie_behind_and_one_is_under_way(school: Database) -> None:
    weeks = await of(school, CLASS, "habit_of_week")
    assert [week.status for week in weeks] == [OccurrenceStatus.DONE] * 2 + [OccurrenceStatus.OPEN]
    assert len({read_week(week).habit for week in weeks}) == 3
    now = read_week(weeks[-1])
    assert now.part == NOTICE
    assert BEN in now.plans
    assert len(now.plans) > 8


async def test_ben_finds_his_own_plan_and_a_comment_to_read(school: Database) -> None:
    runs = (await school.read(lambda connection: load_open_runs(connection, [BEN])))[BEN].values()
    open_ones = {run.flow: run for run in runs if run.is_shown}
    assert {"habit-notice", "peer-received", "weekly-check-in"} <= open_ones.keys()
    assert open_ones["habit-notice"].opening.given["plan"]
    assert max(runs, key=lambda run: run.asked_at).flow == "habit-notice"


async def test_a_round_is_under_way_with_a_comment_held(school: Database) -> None:
    held = await round_under_way(school)
    assert held.naming is Naming.HIDDEN
    assert len(held.pieces) == 10 < len(held.people)
    statuses = [review.status for review in held.reviews]
    assert statuses.count(ReviewStatus.HELD) == 1
    assert statuses.count(ReviewStatus.DELIVERED) > 5
    assert ReviewStatus.ASKED in statuses


async def test_one_round_is_finished_and_looked_back_at(school: Database) -> None:
    first, _ = await of(school, CLASS, "peer_exchange")
    assert first.status is OccurrenceStatus.DONE
    assert all(piece.is_looked_back for piece in read_round(first).pieces)


async def test_staff_have_a_week_in_their_own_words(school: Database) -> None:
    (week,) = await of(school, STAFF, "habit_of_week")
    assert week.status is OccurrenceStatus.OPEN
    asked = await rows(
        school, "SELECT DISTINCT asked FROM answers WHERE group_id = :group AND key = 'act'", group=STAFF
    )
    assert "colleague" in asked[0][0]


async def test_a_teacher_has_read_all_but_the_newest_and_talks_with_some(school: Database) -> None:
    unread = await school.read(lambda connection: count_unread(connection, [CLASS]))
    assert 0 < unread[CLASS] < await count(school, "readings") / 5
    talks = await rows(school, "SELECT person_id, last_by, resolved_at FROM threads ORDER BY opened_at")
    assert (BEN, "ms-ada", None) in talks
    assert len([who for who, by, settled_at in talks if who == by and settled_at is None]) == 2
    assert len([who for who, _, settled_at in talks if settled_at is not None]) == 1


async def test_everything_happened_and_nothing_is_late(school: Database) -> None:
    assert await count(school, "set_aside") == 0
    inbox = Inbox(school, FlowShelf())
    assert await Clock(school, inbox, lambda: NOW).next_moment(NOW) is None


async def test_nobody_comments_in_words_used_about_that_piece_before(school: Database) -> None:
    said = await rows(school, "SELECT said FROM answers WHERE flow = 'peer-review' AND key = 'suggest'")
    assert len({text for (text,) in said}) == len(said)
