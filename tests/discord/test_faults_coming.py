"""What goes wrong on the way from Discord: what somebody did counts once, and is answered whatever happens."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.adapters.discord.listening import FORGOTTEN, NOT_SAVED, NOT_SAVED_WORDS, OPEN_IT, TRY_AGAIN
from bot.storage.database import Database
from tests.discord.flows import DAY, HARD, HELPED, MOMENT
from tests.discord.house import PATIENT
from tests.discord.person import Person
from tests.discord.trouble import ANSWER, HISTORY, Club, a_club, asked
from tests.discord.world_interactions import Answer
from tests.stage import count, rows

GLUE = "When the glue gave way"


@pytest.fixture
async def at(database: Database) -> AsyncIterator[Club]:
    """Be in a club."""
    async with a_club(database) as begun:
        yield begun


@pytest.fixture
async def ben(at: Club) -> Person:
    """Be Ben, who is asked the first question."""
    await at.run(at.ben, "start", flow="week")
    return at.ben


async def at_moment(at: Club, ben: Person) -> None:
    """Let Ben come to the question that is answered in words."""
    await at.press(ben, "a little hard")
    await at.choose(ben, "a friend")
    await at.press(ben, "Write your answer")


def asides(person: Person, words: str) -> int:
    """Count how often something is said for somebody's eyes only."""
    return sum(words in message.content for message in person.private)


# The same thing several times.


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("is_hasty", [True, False])
async def test_a_press_that_comes_again_is_one_answer(at: Club, ben: Person, times: int, is_hasty: bool) -> None:
    await ben.press("a little hard", wait=not is_hasty)
    for _ in range(times):
        await ben.redeliver()
        if not is_hasty:
            await at.house.settle()
    await at.house.settle()
    assert await at.answers_of(ben) == {"hard": "a little hard"}
    assert (asked(ben, HARD), asked(ben, HELPED)) == (0, 1)
    assert len(ben.private) == 1


async def test_a_command_that_comes_four_times_begins_one_run(at: Club, ben: Person) -> None:
    for _ in range(3):
        await ben.redeliver()
        await at.house.settle()
    assert await count(at.database, "runs") == 1
    assert asked(ben, HARD) == 1


async def test_a_modal_that_comes_four_times_is_one_answer(at: Club, ben: Person) -> None:
    await at_moment(at, ben)
    await at.send(ben, {"Your answer": GLUE})
    for _ in range(3):
        await ben.redeliver()
        await at.house.settle()
    assert (await at.answers_of(ben))["moment"] == GLUE
    assert await count(at.database, "revisions") == 0
    assert asked(ben, DAY) == 1


async def test_words_that_come_four_times_are_one_answer(at: Club, ben: Person) -> None:
    await at_moment(at, ben)
    ben.close_modal()
    await at.write(ben, GLUE)
    for _ in range(3):
        await ben.redeliver()
        await at.house.settle()
    assert (await at.answers_of(ben))["moment"] == GLUE
    assert asked(ben, DAY) == 1


@pytest.mark.parametrize("times", [2, 10])
async def test_quick_presses_are_one_answer(at: Club, ben: Person, times: int) -> None:
    message = ben.newest
    (button,) = (one for one in ben._controls(message) if one.label == "a little hard")
    for _ in range(times):
        await ben.forge(button.part["custom_id"], on=message, wait=False)
    await at.house.settle()
    assert await at.answers_of(ben) == {"hard": "a little hard"}
    assert (asked(ben, HARD), asked(ben, HELPED)) == (0, 1)
    assert asides(ben, "That question is closed.") == len(ben.private) - 1


async def test_a_press_on_a_question_that_is_over_changes_nothing(at: Club, ben: Person) -> None:
    message = ben.newest
    (button,) = (one for one in ben._controls(message) if one.label == "coasting")
    await at.press(ben, "a little hard")
    await at.choose(ben, "a friend")
    before = await at.answers_of(ben)
    await ben.forge(button.part["custom_id"], on=message)
    await at.house.settle()
    assert await at.answers_of(ben) == before
    assert asked(ben, MOMENT) == 1


# The database is away.


@pytest.mark.parametrize("is_met", [True, False])
async def test_a_press_that_cannot_be_kept_says_so_beside_its_question(at: Club, ben: Person, is_met: bool) -> None:
    if not is_met:
        await at.restart()
    at.shaky.is_away = True
    await at.press_away(ben, "a little hard")
    assert asides(ben, NOT_SAVED) == 1
    assert asked(ben, HARD) == 1
    at.shaky.is_away = False
    await at.press(ben, "a little hard")
    assert await at.answers_of(ben) == {"hard": "a little hard"}


@pytest.mark.parametrize("is_met", [True, False])
async def test_the_words_of_a_modal_come_back_and_are_kept_once(at: Club, ben: Person, is_met: bool) -> None:
    await at_moment(at, ben)
    if not is_met:
        await at.restart()
    at.shaky.is_away = True
    await ben.send_modal({"Your answer": GLUE})
    assert ben.modal is None
    assert NOT_SAVED_WORDS in ben.newest.content
    assert GLUE in ben.newest.content
    await at.press_away(ben, TRY_AGAIN)
    at.shaky.is_away = False
    assert "moment" not in await at.answers_of(ben)
    await at.press(ben, TRY_AGAIN)
    assert (await at.answers_of(ben))["moment"] == GLUE
    assert asked(ben, DAY) == 1
    for _ in range(2):
        await ben.redeliver()
    await at.house.settle()
    assert asked(ben, DAY) == 1
    assert await count(at.database, "revisions") == 0


async def test_words_that_the_process_has_forgotten_can_still_be_copied(at: Club, ben: Person) -> None:
    await at_moment(at, ben)
    at.shaky.is_away = True
    await ben.send_modal({"Your answer": GLUE})
    at.shaky.is_away = False
    await at.restart()
    seen = await at.press(ben, TRY_AGAIN)
    assert FORGOTTEN in seen
    assert GLUE in seen


async def test_nobody_tries_again_with_the_words_of_somebody_else(at: Club, ben: Person) -> None:
    await at_moment(at, ben)
    await at.run(at.cy, "help")
    at.shaky.is_away = True
    sent = await ben.send_modal({"Your answer": GLUE})
    at.shaky.is_away = False
    for name in (sent.id, sent.id[-1]):
        await at.cy.forge(f"do:again {name}")
        await at.house.settle()
        assert DAY not in at.cy.sees()
        assert GLUE not in at.cy.sees()
    assert "moment" not in await at.answers_of(ben)
    await at.press(ben, TRY_AGAIN)
    assert (await at.answers_of(ben))["moment"] == GLUE


@pytest.mark.parametrize("words", ["start", "answers", "settings", "help"])
async def test_a_command_that_cannot_be_carried_out_says_so(at: Club, ben: Person, words: str) -> None:
    at.shaky.is_away = True
    await ben.run("mull", words, where=at.channel)
    assert ben.newest.content == NOT_SAVED


@pytest.mark.parametrize("has_wished", [True, False])
async def test_words_that_cannot_be_kept_are_found_later(at: Club, ben: Person, has_wished: bool) -> None:
    if has_wished:
        await at.wish(ben)
    await at_moment(at, ben)
    ben.close_modal()
    at.shaky.is_away = True
    await ben.write(GLUE)
    await at.discord.until(lambda: "Not saved yet" in ben.sees("dm"))
    await at.house.adapter.quiet()
    at.shaky.is_away = False
    await at.discord.until(lambda: at.calls(HISTORY))
    await at.house.adapter.sweep()
    await at.house.settle()
    assert (await at.answers_of(ben))["moment"] == GLUE
    assert asked(ben, DAY) == 1


# The database is slow.


@pytest.fixture
async def slow(database: Database) -> AsyncIterator[Club]:
    """Be in a club whose Mull defers early."""
    async with a_club(database, quick=0.05) as begun:
        await begun.run(begun.ben, "start", flow="week")
        yield begun


async def test_a_slow_press_is_deferred_and_answered_in_place(slow: Club) -> None:
    slow.shaky.runs.clear()
    done = await slow.ben.press("a little hard", wait=False)
    await slow.discord.until(lambda: done.answer)
    assert done.answered_with is Answer.DEFER_UPDATE
    assert asked(slow.ben, HARD) == 1
    slow.shaky.runs.set()
    await slow.house.settle()
    assert (asked(slow.ben, HARD), asked(slow.ben, HELPED), len(slow.ben.private)) == (0, 1, 1)
    assert done.followups == []


async def test_a_slow_command_is_deferred_and_answered_in_place(slow: Club) -> None:
    slow.shaky.runs.clear()
    done = await slow.ben.run("mull", "answers", where=slow.channel, wait=False)
    await slow.discord.until(lambda: done.answer)
    assert done.answered_with is Answer.DEFER
    slow.shaky.runs.set()
    await slow.house.settle()
    assert not done.is_thinking
    assert done.original is not None
    assert done.original.only_for == slow.ben.id
    assert done.followups == []


async def test_a_slow_modal_is_deferred_and_answered_in_place(slow: Club) -> None:
    await at_moment(slow, slow.ben)
    slow.shaky.runs.clear()
    done = await slow.ben.send_modal({"Your answer": GLUE}, wait=False)
    await slow.discord.until(lambda: done.answer)
    slow.shaky.runs.set()
    await slow.house.settle()
    assert (await slow.answers_of(slow.ben))["moment"] == GLUE
    assert (asked(slow.ben, MOMENT), asked(slow.ben, DAY)) == (0, 1)


async def test_a_form_that_comes_too_late_for_a_modal_waits_behind_a_button(slow: Club) -> None:
    await slow.press(slow.ada, "Ask the group now")
    slow.shaky.runs.clear()
    done = await slow.ben.press("Reflect now", wait=False)
    await slow.discord.until(lambda: done.answer)
    assert done.answered_with is Answer.DEFER
    slow.shaky.runs.set()
    await slow.house.settle()
    assert done.modal is None
    slow.quick = PATIENT  # from here on a busy computer is no slow database
    await slow.house.__aexit__(None, None, None)
    await slow.another()
    await slow.press(slow.ben, OPEN_IT)
    await slow.send(slow.ben, {"Made me think hard": "most", "What I tried first": "Ask somebody"})
    assert len(await slow.answers_of(slow.ben)) == 3


async def test_where_one_writes_opens_however_slow_the_database_is(slow: Club) -> None:
    await slow.press(slow.ben, "a little hard")
    await slow.choose(slow.ben, "a friend")
    slow.shaky.runs.clear()
    done = await slow.ben.press("Write your answer")
    assert done.answered_with is Answer.MODAL
    slow.shaky.runs.set()


async def test_an_outage_after_a_slow_start_is_said_as_well(slow: Club) -> None:
    slow.shaky.runs.clear()
    done = await slow.ben.press("a little hard", wait=False)
    await slow.discord.until(lambda: done.answer)
    slow.shaky.is_away = True
    slow.shaky.runs.set()
    await slow.discord.settled()
    await slow.house.adapter.quiet()
    assert asides(slow.ben, NOT_SAVED) == 1
    assert asked(slow.ben, HARD) == 1


# Mull itself ends between what it kept and what it answers.


@pytest.mark.parametrize("has_wished", [True, False])
async def test_what_was_kept_and_not_answered_is_shown_by_the_next_process(
    database: Database, has_wished: bool
) -> None:
    async with a_club(database, failing=1) as at:
        ben = at.ben
        if has_wished:
            await at.wish(ben)
        await at.run(ben, "start", flow="week")
        held = at.discord.faults.hold(ANSWER, before=True)
        await ben.press("a little hard", wait=False)
        await asyncio.wait_for(held.reached.wait(), 5)
        await at.die()
        at.hands.move(seconds=4)
        at.discord.faults.clear()
        await at.another()
        await at.house.settle()
        assert asked(ben, HELPED) == 0
        at.hands.move(minutes=2)
        await at.house.settle()
        assert await at.answers_of(ben) == {"hard": "a little hard"}
        if has_wished:
            assert asked(ben, HELPED) == 1
            await at.choose(ben, "a friend")
        else:
            assert asked(ben, HELPED) == 0
            assert len(at.said()) == 1
            await at.press(ben, "See mine")
            assert asked(ben, HELPED) == 1
            await at.choose(ben, "a friend")
        assert set(await at.answers_of(ben)) == {"hard", "helped"}
        assert await rows(database, "SELECT id FROM outbox WHERE state = 'leased'") == []
