"""Discord says not so fast, or nothing at all: it is left alone, and everything comes afterwards, in order and once."""

from collections.abc import AsyncIterator

import pytest

from bot.adapters.discord.listening import BROKEN
from bot.adapters.discord.pace import Pace
from bot.runner.outbox import Outbox
from bot.storage.database import Database
from tests.discord.flows import HELPED
from tests.discord.trouble import ANSWER, FOLLOW, HISTORY, POST, Club, a_club, asked, fates

LINES = ["Line 1.", "Line 2.", "Line 3."]


@pytest.fixture
async def at(database: Database) -> AsyncIterator[Club]:
    """Be in a club where Ben and Cy wished for direct messages a while ago."""
    async with a_club(database) as begun:
        for person in (begun.ben, begun.cy):
            await begun.wish(person)
        await begun.move(minutes=20)
        begun.discord.calls.clear()
        yield begun


async def put_lines(at: Club, first: int = 1, last: int = 3) -> None:
    """Let lines for Ben and Cy, and posts, wait."""
    for number in range(first, last + 1):
        await at.put_out(await at.line(at.ben, number), await at.line(at.cy, number), await at.post(number))


def all_came(at: Club) -> bool:
    """Say whether everybody has read everything once, in order."""
    read = [[text for text in at.said(who) if text.startswith("Line")] for who in (at.ben, at.cy)]
    return read == [LINES, LINES] and [text.split("**")[1] for text in at.said()] == [
        f"Check-in {number}" for number in (1, 2, 3)
    ]


# Limits.


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_a_short_limit_is_waited_for_and_the_order_is_kept(at: Club, scope: str) -> None:
    at.discord.faults.rate_limit(POST, retry_after=0.02, times=4, scope=scope)
    await put_lines(at)
    await at.pass_until_out()
    assert all_came(at)
    assert at.calls(HISTORY) == []


async def test_a_bucket_that_is_used_up_is_waited_for(at: Club) -> None:
    at.discord.faults.exhaust(POST, reset_after=0.05, times=3)
    await put_lines(at)
    await at.pass_until_out()
    assert all_came(at)
    assert {call.status for call in at.calls(POST)} == {200}


@pytest.mark.parametrize("scope", ["user", "shared"])
async def test_a_long_limit_leaves_its_conversation_alone_and_no_other(at: Club, scope: str) -> None:
    await at.put_out(await at.line(at.ben, 1))
    at.discord.faults.rate_limit(POST, retry_after=300, scope=scope)
    await at.house.outbox.deliver_due()
    await put_lines(at, 2)
    await at.put_out(await at.line(at.cy, 1), await at.post(1))
    for _ in range(29):
        at.hands.move(seconds=10)
        await at.house.settle()
        assert len(at.calls(POST, channel=at.ben.dm_channel.id)) == 1
    assert len(at.said(at.cy)) == 1 + 3
    at.hands.move(seconds=11)
    await at.pass_until_out()
    assert [text for text in at.said(at.ben) if text.startswith("Line")] == LINES


async def test_a_limit_for_all_of_mull_leaves_discord_alone(at: Club) -> None:
    await at.put_out(await at.line(at.ben, 1))
    at.discord.faults.rate_limit(POST, retry_after=60, scope="global")
    await at.house.outbox.deliver_due()
    await put_lines(at, 2)
    await at.put_out(await at.line(at.cy, 1), await at.post(1))
    for _ in range(5):
        at.hands.move(seconds=10)
        await at.house.settle()
        assert len(at.calls(POST)) == 1
    at.hands.move(seconds=11)
    await at.pass_until_out()
    assert [text for text in at.said(at.ben) if text.startswith("Line")] == LINES


async def test_an_answer_that_is_limited_comes_all_the_same(at: Club) -> None:
    await at.run(at.ben, "start", flow="week")
    at.discord.faults.rate_limit(ANSWER, retry_after=0.02, times=2)
    await at.press(at.ben, "a little hard")
    assert asked(at.ben, HELPED) == 1
    assert BROKEN not in at.ben.sees()


async def test_who_has_heard_no_too_often_is_careful() -> None:
    now = 0.0
    pace = Pace(lambda: now, careful=3, most=5)
    for _ in range(3):
        pace.note(403)
    assert (pace.wait(is_reply=True), pace.wait(is_reply=False)) == (0.0, 600.0)


# Away.


async def test_an_hour_in_which_discord_is_away_loses_and_doubles_nothing(at: Club) -> None:
    hasty = Outbox(at.database, {"discord": at.house.adapter}, at.hands, owner="test", patience=0.3)
    await put_lines(at)
    for minute in range(0, 60, 4):
        at.discord.faults.clear()
        match minute // 15:
            case 0:
                at.discord.faults.fail(times=10_000)
            case 1:
                at.discord.faults.refuse_connection(times=10_000)
            case 2:
                at.discord.faults.hold(POST)
            case _:
                at.discord.faults.lose_answer(POST, times=10_000)
                at.discord.faults.fail(HISTORY, times=10_000)
        while await hasty.deliver_due():
            pass
        at.hands.move(minutes=4)
    at.discord.faults.clear()
    await at.pass_until_out()
    assert all_came(at)
    assert {state for state, _ in (await fates(at.database)).values()} == {"sent"}


async def test_a_press_while_discord_takes_no_answer_is_kept(database: Database) -> None:
    async with a_club(database, failing=1) as at:
        await at.run(at.ben, "start", flow="week")
        at.discord.faults.refuse_connection(ANSWER, times=2)
        at.discord.faults.refuse_connection(FOLLOW, times=3)
        await at.ben.press("a little hard", wait=False)
        await at.discord.until(lambda: [call.status for call in at.calls(ANSWER)[-2:]] == [0, 0])
        await at.house.adapter.quiet()
        at.hands.move(seconds=4)
        await at.pass_until_out(seconds=5)
        assert await at.answers_of(at.ben) == {"hard": "a little hard"}
        assert asked(at.ben, HELPED) == 1
        assert len(at.calls(FOLLOW)) == 4


async def test_an_answer_that_was_lost_on_the_way_back_counts_once(at: Club) -> None:
    await at.run(at.ben, "start", flow="week")
    at.discord.faults.lose_answer(ANSWER)
    await at.press(at.ben, "a little hard")
    assert await at.answers_of(at.ben) == {"hard": "a little hard"}
    assert asked(at.ben, HELPED) == 1
    await at.choose(at.ben, "a friend")
    assert set(await at.answers_of(at.ben)) == {"hard", "helped"}


# The token.


async def test_a_refusal_of_the_token_is_not_repeated_at_once(at: Club) -> None:
    at.discord.faults.error(POST, 401, 0, times=2)
    await at.put_out(await at.line(at.ben, 1))
    for _ in range(4):
        await at.house.settle()
        at.hands.move(minutes=1)
    assert len(at.calls(POST)) == 1
    await at.pass_until_out()
    assert "Line 1." in at.said(at.ben)


async def test_a_token_that_was_taken_back_is_tried_less_and_less(at: Club) -> None:
    old = at.discord.token
    await at.discord.revoke_token()
    await put_lines(at)
    await at.discord.until(lambda: len(at.calls("get_me")) >= 3)
    await at.house.outbox.deliver_due()
    assert at.calls(POST) == []
    before = len(at.calls("get_me"))
    with pytest.raises(TimeoutError):
        await at.discord.until(lambda: len(at.calls("get_me")) > before + 1, 0.4)
    at.discord.token = old
    await at.discord.connected()
    await at.pass_until_out()
    assert all_came(at)


async def test_what_waits_for_discord_does_not_wait_for_ever(at: Club) -> None:
    at.discord.faults.fail(POST, times=10_000)
    await at.put_out(await at.line(at.ben, 1))
    for _ in range(26):
        await at.house.settle()
        at.hands.move(hours=1)
    state, reason = (await fates(at.database))[(await at.line(at.ben, 1)).id]
    assert state == "dead"
    assert "Discord answered: 503" in reason
