"""Occurrences on disk: written once, changed in place, found by group and by moment."""

from dataclasses import replace
from datetime import timedelta

from bot.core.occurrences import Occurrence, OccurrenceId, OccurrenceStatus
from bot.core.people import GroupId, Place
from bot.core.runs import RunId
from bot.storage.database import Database
from bot.storage.occurrences import (
    due_occurrences,
    let_rest,
    load_occurrences,
    load_places,
    load_said,
    lock_occurrences,
    occurrences_of,
    open_in_groups,
    save_occurrences,
)
from tests.stage import ADA, NOW, an_inbox, begin, class_of, pupil, rows, run_of, say, set_stage

HERE, THERE = class_of(0), GroupId("there")


def an_occurrence(name: str, *, group: GroupId = HERE, kind: str = "habit_of_week", hours: float = 0) -> Occurrence:
    """Describe an occurrence that began some hours after the others."""
    at = NOW + timedelta(hours=hours)
    return Occurrence(
        id=OccurrenceId(name),
        kind=kind,
        group=group,
        by=ADA,
        status=OccurrenceStatus.OPEN,
        started_at=at,
        due_at=at + timedelta(days=1),
        state='{"ü": "\U0001f600"}',
    )


async def save(database: Database, *new: Occurrence) -> None:
    """Write new occurrences down."""
    await database.write(lambda connection: save_occurrences(connection, new, {one.id for one in new}))


async def test_what_is_saved_is_what_is_read(database: Database) -> None:
    one, other = an_occurrence("one"), replace(an_occurrence("other"), due_at=None, status=OccurrenceStatus.DONE)
    await save(database, one, other)
    found = await database.read(lambda c: load_occurrences(c, [other.id, one.id, OccurrenceId("none")]))
    assert found == {"one": one, "other": other}
    assert await database.write(lambda c: lock_occurrences(c, [one.id])) == {"one": one}
    assert await database.read(lambda c: load_occurrences(c, [])) == {}


async def test_a_change_touches_one_occurrence_and_adds_none(database: Database) -> None:
    one, other = an_occurrence("one"), an_occurrence("other")
    await save(database, one, other)
    changed = replace(one, status=OccurrenceStatus.STOPPED, due_at=None, state="{}")
    await database.write(lambda c: save_occurrences(c, [changed], set()))
    assert await database.read(lambda c: load_occurrences(c, [one.id, other.id])) == {"one": changed, "other": other}


async def test_the_open_ones_of_a_group_are_found(database: Database) -> None:
    closed = replace(an_occurrence("closed"), status=OccurrenceStatus.DONE)
    await save(database, an_occurrence("b"), an_occurrence("a"), closed, an_occurrence("far", group=THERE))
    assert [one.id for one in await database.read(lambda c: open_in_groups(c, [HERE]))] == ["a", "b"]
    assert len(await database.read(lambda c: open_in_groups(c, [HERE, THERE]))) == 3
    assert await database.read(lambda c: open_in_groups(c, [])) == []


async def test_a_groups_history_is_in_order_and_the_newest_are_kept(database: Database) -> None:
    weeks = [an_occurrence(f"week-{n}", hours=n) for n in range(5)]
    await save(database, *reversed(weeks), an_occurrence("round", kind="peer_exchange", hours=9))
    assert await database.read(lambda c: occurrences_of(c, HERE, "habit_of_week")) == weeks
    assert await database.read(lambda c: occurrences_of(c, HERE, "habit_of_week", most=2)) == weeks[-2:]
    assert [one.id for one in await database.read(lambda c: occurrences_of(c, HERE))][-1] == "round"
    assert await database.read(lambda c: occurrences_of(c, THERE)) == []


async def test_what_is_due_comes_longest_waiting_first_and_not_a_moment_early(database: Database) -> None:
    await save(database, an_occurrence("late", hours=2), an_occurrence("first"), an_occurrence("second", hours=1))
    due_at = NOW + timedelta(days=1, hours=1)
    assert [one.id for one in await database.read(lambda c: due_occurrences(c, due_at, 9))] == ["first", "second"]
    assert [one.id for one in await database.read(lambda c: due_occurrences(c, due_at, 1))] == ["first"]
    early = NOW + timedelta(days=1, microseconds=-1)
    assert await database.read(lambda c: due_occurrences(c, early, 9)) == []


async def test_only_the_moment_that_cannot_be_taken_is_let_rest(database: Database) -> None:
    one = an_occurrence("one")
    await save(database, one)
    assert one.due_at is not None
    other = one.due_at + timedelta(seconds=1)
    await database.write(lambda c: let_rest(c, one.id, other))
    assert (await database.read(lambda c: load_occurrences(c, [one.id])))[one.id].due_at == one.due_at
    due_at = one.due_at
    await database.write(lambda c: let_rest(c, one.id, due_at))
    assert (await database.read(lambda c: load_occurrences(c, [one.id])))[one.id].due_at is None


async def test_people_are_met_on_their_page_where_they_chose_nothing_else(database: Database) -> None:
    await set_stage(database, 2)
    await database.write(
        lambda c: c.exec_driver_sql(f"UPDATE people SET place = 'slack:T1:D1' WHERE id = '{pupil(1)}'")
    )
    found = await database.read(lambda c: load_places(c, [pupil(0), pupil(1), pupil(99)]))
    assert found == {pupil(0): Place(f"browser:{pupil(0)}"), pupil(1): Place("slack:T1:D1")}


async def test_what_was_said_is_read_by_run_and_question(database: Database) -> None:
    await set_stage(database, 2)
    inbox = an_inbox(database)
    for event in (begin(0), say(0, "The bridge.", "1"), say(0, "skip", "2"), begin(1), say(1, "The map.", "1")):
        await inbox.accept(event)
    found = await database.read(lambda c: load_said(c, [run_of(0), RunId("none")]))
    assert found == {(run_of(0), "one"): ('"The bridge."', "The bridge."), (run_of(0), "two"): ("null", "")}
    assert await rows(database, "SELECT count(*) FROM answers") == [(3,)]
