"""What goes wrong on the way to one person: they read it once, in order, or it waits where they can find it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.core.effects import SendMessage
from bot.storage.database import Database
from tests.discord.flows import HARD, HELPED, MOMENT
from tests.discord.person import Person
from tests.discord.trouble import ANSWER, EDIT, FOLLOW, HISTORY, POST, Club, a_club, asked, fates
from tests.stage import rows

LINES = ["Line 1.", "Line 2.", "Line 3."]


@pytest.fixture
async def at(database: Database) -> AsyncIterator[Club]:
    """Be in a club where Ben wished for direct messages a while ago, and has just one."""
    async with a_club(database) as begun:
        await begun.wish(begun.ben)
        await begun.move(minutes=20)
        yield begun


async def lines(at: Club, person: Person, most: int = 3) -> list[SendMessage]:
    """Make some lines for somebody."""
    return [await at.line(person, number) for number in range(1, most + 1)]


def read_by(at: Club, person: Person) -> list[str]:
    """List the lines that stand in somebody's direct messages, in order."""
    return [text for text in at.said(person) if text.startswith("Line")]


# Closed to Mull.


@pytest.mark.parametrize("code", [50007, 50278])
async def test_who_cannot_be_written_to_is_called_in_the_channel_and_their_facilitator_hears_it_once(
    at: Club, code: int
) -> None:
    ben = at.ben
    await at.run(ben, "start", flow="week")
    await at.choose(ben, "Later today")
    ben.user.dms = code
    await at.move(hours=4)
    for _ in range(3):
        await at.move(hours=1)
    assert len(at.calls(POST, channel=ben.dm_channel.id)) == 2, "the first message, and one try"
    assert len(at.said()) == 1
    assert not await wants_messages(at, ben)
    seen = await at.run(at.ada, "news")
    assert seen.count("I could not reach Ben Okoro directly") == 1
    assert "could not reach" not in await at.fresh_for(at.ada, "news")
    await at.press(ben, "See mine")
    assert f"**{HARD}**" in ben.newest.content
    await at.press(ben, "a little hard")
    assert asked(ben, HELPED) == 1


async def wants_messages(at: Club, person: Person) -> bool:
    """Say whether somebody still wishes for messages."""
    found = "SELECT wants_messages FROM people WHERE id = :who"
    return bool((await rows(at.database, found, who=await at.person_of(person)))[0][0])


async def test_who_wishes_again_is_written_to_again(at: Club) -> None:
    at.ben.user.dms = 50007
    await at.put_out(*await lines(at, at.ben, 1))
    await at.house.settle()
    at.ben.user.dms = 0
    await at.wish(at.ben)
    await at.move(minutes=20)
    await at.put_out(await at.line(at.ben, 2))
    await at.house.settle()
    assert "Line 2." in read_by(at, at.ben)


# Answers that are lost.


@pytest.mark.parametrize("fault", ["lose_answer", "refuse_connection"])
async def test_what_was_lost_on_the_way_is_read_once(at: Club, fault: str) -> None:
    getattr(at.discord.faults, fault)(POST)
    await at.put_out(*await lines(at, at.ben))
    await at.pass_until_out(seconds=10)
    assert read_by(at, at.ben) == LINES
    assert at.calls(HISTORY) == []


@pytest.mark.parametrize("times", [0, 2])
async def test_what_was_lost_long_ago_is_looked_for_and_found(at: Club, times: int) -> None:
    at.discord.faults.lose_answer(POST)
    at.discord.faults.fail(HISTORY, times=times)
    await at.put_out(*await lines(at, at.ben))
    await at.house.outbox.deliver_due()
    at.hands.move(minutes=7)
    await at.pass_until_out()
    assert read_by(at, at.ben) == LINES
    assert len(at.calls(HISTORY)) == 1 + times


async def test_the_next_process_finds_what_the_one_before_had_sent(at: Club) -> None:
    held = at.discord.faults.hold(POST)
    await at.put_out(*await lines(at, at.ben))
    stopped = asyncio.create_task(at.house.outbox.deliver_due())
    await asyncio.wait_for(held.reached.wait(), 5)
    stopped.cancel()
    await asyncio.gather(stopped, return_exceptions=True)
    await at.die()
    at.discord.faults.clear()
    await at.another()
    await at.pass_until_out()
    at.hands.move(minutes=6)
    await at.pass_until_out()
    assert read_by(at, at.ben) == LINES


# Answers that come too late.


async def begun(at: Club) -> Person:
    """Let Ben be asked the first question."""
    await at.run(at.ben, "start", flow="week")
    return at.ben


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (400, 40060), (404, 10015)])
@pytest.mark.parametrize("has_wished", [True, False])
async def test_an_answer_that_discord_does_not_take_is_read_elsewhere(
    database: Database, status: int, code: int, has_wished: bool
) -> None:
    async with a_club(database, failing=1) as at:
        if has_wished:
            await at.wish(at.ben)
        ben = await begun(at)
        usual, at.discord.patience = at.discord.patience, 0.2
        at.discord.faults.error(ANSWER, status, code)
        if code == 40060:
            at.discord.faults.error(FOLLOW, 404, 10015)
        await ben.press("a little hard", wait=False)
        await at.discord.until(lambda: at.calls(ANSWER)[-1].status == status)
        at.hands.move(seconds=4)
        await at.house.settle()
        at.discord.patience = usual  # from here on everything is answered, however busy the computer is
        assert await at.answers_of(ben) == {"hard": "a little hard"}
        if asked(ben, HELPED) == 0:
            await come_by(at, ben)
        assert asked(ben, HELPED) == 1
        await at.choose(ben, "a friend")
        assert asked(ben, MOMENT) == 1


async def come_by(at: Club, person: Person) -> None:
    """Let somebody press what stands in the channel for them."""
    assert len(at.said()) == 1
    await at.press(person, "See mine")


@pytest.mark.parametrize("has_wished", [True, False])
async def test_what_comes_after_a_token_has_ended_goes_elsewhere(database: Database, has_wished: bool) -> None:
    async with a_club(database) as at:
        if has_wished:
            await at.wish(at.ben)
        ben = await begun(at)
        at.discord.pass_time(minutes=16)
        line = await at.line(ben, 1)
        await at.put_out(line, is_reply=True)
        await at.house.settle()
        assert [call.answer["code"] for call in at.calls(FOLLOW)[-1:]] == [50027]
        state, _ = (await fates(database))[line.id]
        assert (state, read_by(at, ben)) == (("sent", ["Line 1."]) if has_wished else ("pending", []))
        if not has_wished:
            assert "Line 1." in await at.run(ben, "news")


# What was pressed, and what it answers, are gone.


async def test_a_question_whose_message_is_gone_is_answered_all_the_same(at: Club) -> None:
    ben = at.ben
    await ben.run("mull", "start", where="dm", flow="week")
    await at.house.settle()
    await at.press(ben, "a little hard")
    await at.choose(ben, "a friend")
    at.discord.faults.error(EDIT, 404, 10008, times=9)
    await at.write(ben, "The glue")
    await at.pass_until_out()
    assert (await at.answers_of(ben))["moment"] == "The glue"
    assert {state for state, _ in (await fates(at.database)).values()} == {"sent"}


async def test_what_discord_does_not_take_as_it_is_stops_nobody(at: Club) -> None:
    at.discord.faults.error(POST, 400, 50035)
    await at.put_out(*await lines(at, at.ben))
    await at.pass_until_out()
    assert read_by(at, at.ben) == LINES[1:]
    state, reason = (await fates(at.database))[(await at.line(at.ben, 1)).id]
    assert (state, reason) == (
        "dead",
        "Discord does not take it as Mull wrote it; please tell whoever runs Mull",
    )
