"""What was said is never lost: each edit keeps the words before it, and what is remembered follows."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.events import FormSubmitted
from bot.flows.conversation import run_id
from bot.storage.columns import micros
from bot.storage.database import Database
from tests.stage import KEYS, NOW, an_inbox, begin, count, edit, place_of, pupil, rows, run_of, say, set_stage


def later(hours: int) -> Any:
    """Say a moment some hours later."""
    return NOW + timedelta(hours=hours)


async def answer(database: Database, key: str) -> tuple[Any, ...]:
    """Read an answer as it stands."""
    ((revision, said, value, answered_at, edited_at),) = await rows(
        database, "SELECT revision, said, value, answered_at, edited_at FROM answers WHERE key = :key", key=key
    )
    return revision, said, value, answered_at, edited_at


async def versions(database: Database) -> list[tuple[Any, ...]]:
    """Read what answers said before."""
    return await rows(database, "SELECT key, revision, said, value, said_at FROM revisions ORDER BY key, revision")


async def test_a_first_answer_has_no_earlier_version(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    await inbox.accept(begin(0))
    await inbox.accept(say(0, "draft", "1"))
    assert await answer(database, "one") == (0, "draft", '"draft"', micros(NOW), None)
    assert await versions(database) == []


@pytest.mark.parametrize("at_once", [True, False], ids=["in one batch", "one by one"])
async def test_each_edit_keeps_the_words_before_it_with_their_time(database: Database, at_once: bool) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    events = [begin(0), say(0, "first", "1"), *(edit(0, "one", f"v{n}", f"e{n}", at=later(n)) for n in (1, 2, 3))]
    if at_once:
        await asyncio.gather(*(inbox.accept(event) for event in events))
    else:
        for event in events:
            await inbox.accept(event)
    assert await answer(database, "one") == (3, "v3", '"v3"', micros(NOW), micros(later(3)))
    assert await versions(database) == [
        ("one", 0, "first", '"first"', micros(NOW)),
        ("one", 1, "v1", '"v1"', micros(later(1))),
        ("one", 2, "v2", '"v2"', micros(later(2))),
    ]


async def test_the_same_words_again_are_no_edit(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    for event in (begin(0), say(0, "same", "1"), edit(0, "one", "same", "e1"), edit(0, "one", " same ", "e2")):
        await inbox.accept(event)
    assert (await answer(database, "one"))[0] == 0
    assert await versions(database) == []


async def test_an_edit_redelivered_is_one_edit(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    change = edit(0, "one", "new", "e1")
    for event in (begin(0), say(0, "old", "1"), change, change, change):
        await inbox.accept(event)
    assert len(await versions(database)) == 1


async def test_a_finished_run_can_still_be_edited_and_stays_finished(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    for event in (begin(0), *(say(0, key, key) for key in KEYS), edit(0, "two", "after", "e1", at=later(5))):
        await inbox.accept(event)
    assert await answer(database, "two") == (1, "after", '"after"', micros(NOW), micros(later(5)))
    assert await rows(database, "SELECT status FROM runs") == [("done",)]


async def test_a_question_answered_again_after_going_back_keeps_the_first_answer(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    for event in (begin(0), say(0, "first", "1"), say(0, "back", "2"), say(0, "second", "3", at=later(1))):
        await inbox.accept(event)
    assert (await answer(database, "one"))[:2] == (1, "second")
    assert [version[:3] for version in await versions(database)] == [("one", 0, "first")]


async def test_a_skipped_question_answered_later_keeps_that_it_was_skipped(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    for event in (begin(0), say(0, "skip", "1"), edit(0, "one", "after all", "e1", at=later(1))):
        await inbox.accept(event)
    assert (await answer(database, "one"))[:3] == (1, "after all", '"after all"')
    assert await versions(database) == [("one", 0, "", "null", micros(NOW))]


async def test_a_form_with_an_answer_changed_keeps_the_earlier_one(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    form = FormSubmitted(
        id=begin(0, name="form").id,
        at=later(1),
        who=pupil(0),
        place=place_of(pupil(0)),
        run=run_of(0),
        raw={"one": "second", "two": "also", "plan": "tomorrow"},
    )
    for event in (begin(0), say(0, "first", "1"), form, replace(form, id=begin(0, name="again").id)):
        await inbox.accept(event)
    assert [version[:3] for version in await versions(database)] == [("one", 0, "first")]
    assert await rows(database, "SELECT key, said FROM answers ORDER BY key") == [
        ("one", "second"),
        ("plan", "tomorrow"),
        ("two", "also"),
    ]


async def test_what_is_remembered_follows_an_edit(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    for event in (begin(0), *(say(0, f"{key}!", key) for key in KEYS)):
        await inbox.accept(event)
    read = "SELECT name, text, at FROM memories"
    assert await rows(database, read) == [("plan", "plan!", micros(NOW))]
    await inbox.accept(edit(0, "plan", "a better plan", "e1", at=later(2)))
    assert await rows(database, read) == [("plan", "a better plan", micros(NOW))]
    await inbox.accept(begin(0, name="next", at=later(24 * 7)))
    assert '"plan":"a better plan"' in (await rows(database, "SELECT opening FROM runs WHERE status = 'open'"))[0][0]


async def test_an_edit_of_an_earlier_run_leaves_what_a_later_one_left(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    for week in range(2):
        await inbox.accept(begin(0, name=f"week-{week}", at=later(24 * 7 * week)))
        for key in KEYS:
            await inbox.accept(say(0, f"{key} of week {week}", f"{key}-{week}", at=later(24 * 7 * week + 1)))
    earlier = run_id(begin(0, name="week-0"), pupil(0))
    await inbox.accept(edit(0, "plan", "looked at again", "e1", run=earlier, at=later(24 * 8)))
    assert await rows(database, "SELECT text FROM memories") == [("plan of week 1",)]


async def test_an_edit_of_what_was_never_answered_changes_nothing(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    for event in (begin(0), edit(0, "two", "too early", "e1"), edit(0, "no such question", "x", "e2")):
        await inbox.accept(event)
    assert await count(database, "answers") == 0
    assert await count(database, "revisions") == 0
