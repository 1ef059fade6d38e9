"""Posts in a channel: once, or somebody is asked; and channels that are closed, of which a teacher can read why."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.storage.database import Database
from tests.discord.trouble import HISTORY, POST, Club, a_club, fates
from tests.discord.world import Overwrite, Right
from tests.stage import rows

QUESTION = "I can't tell whether my post is in the channel. Is it there?"
CLOSED = "I can't post in book-club any more: {reason}. What was answered is kept."


@pytest.fixture
async def at(database: Database) -> AsyncIterator[Club]:
    """Be in a club whose advisor asked something of it a while ago; the post waits."""
    async with a_club(database) as begun:
        await begun.move(minutes=20)
        await begun.put_out(await begun.post())
        yield begun


def posted(at: Club) -> list[str]:
    """Name the posts that stand in the channel."""
    return [text.split("**")[1] for text in at.said()]


async def asks_ada(at: Club) -> int:
    """Count how often Ada is asked whether a post is there."""
    await at.run(at.ada, "news")
    return sum(QUESTION in message.content for message in at.ada.messages())


# Posts whose fate is not known.


@pytest.mark.parametrize("fault", ["lose_answer", "refuse_connection", "fail"])
async def test_a_post_whose_answer_was_lost_is_posted_once(at: Club, fault: str) -> None:
    getattr(at.discord.faults, fault)(POST)
    await at.put_out(await at.post(2))
    await at.pass_until_out(seconds=5)
    assert posted(at) == ["Check-in 1", "Check-in 2"]
    assert at.calls(HISTORY) == []
    assert await asks_ada(at) == 0


@pytest.mark.parametrize("chatter", [0, 150])
async def test_a_post_that_was_lost_long_ago_is_found_where_it_stands(at: Club, chatter: int) -> None:
    at.discord.faults.lose_answer(POST)
    await at.house.outbox.deliver_due()
    for number in range(chatter):
        await at.ben.write(f"word {number}", where=at.channel)
    at.hands.move(minutes=7)
    await at.pass_until_out()
    assert posted(at) == ["Check-in 1"]
    assert await asks_ada(at) == 0
    found = await rows(at.database, "SELECT remote_id FROM outbox WHERE id = 'test/post/1'")
    assert found == [(f"{at.channel.id}:{at.discord.posts_in(at.channel)[0].id}",)]


async def test_a_post_that_never_arrived_is_posted_however_late(at: Club) -> None:
    at.discord.faults.refuse_connection(POST)
    await at.house.outbox.deliver_due()
    at.hands.move(minutes=7)
    await at.pass_until_out()
    assert posted(at) == ["Check-in 1"]


@pytest.mark.parametrize("is_there", [True, False])
async def test_where_nobody_can_read_back_whoever_wanted_a_post_is_asked_once(at: Club, is_there: bool) -> None:
    blind = [Overwrite(at.guild.id, deny=Right.READ_MESSAGE_HISTORY)]
    await at.discord.changes.change_channel(at.channel, overwrites=blind)
    at.discord.faults.lose_answer(POST)
    await at.house.outbox.deliver_due()
    at.hands.move(minutes=7)
    await at.go_on()
    assert posted(at) == ["Check-in 1"]
    assert (await fates(at.database))["test/post/1"][0] == "unsure"
    assert await asks_ada(at) == 1
    await at.press(at.ada, "Yes, it's there" if is_there else "Post it")
    await at.go_on()
    assert (await fates(at.database))["test/post/1"][0] == "sent"
    assert posted(at) == ["Check-in 1"] * (1 if is_there else 2)


async def test_the_next_process_finds_the_post_of_the_one_before(at: Club) -> None:
    held = at.discord.faults.hold(POST)
    stopped = asyncio.create_task(at.house.outbox.deliver_due())
    await asyncio.wait_for(held.reached.wait(), 5)
    stopped.cancel()
    await asyncio.gather(stopped, return_exceptions=True)
    await at.die()
    at.discord.faults.clear()
    await at.another()
    at.hands.move(minutes=7)
    await at.pass_until_out()
    assert posted(at) == ["Check-in 1"]


# Channels that are closed.


async def told_ada(at: Club, reason: str) -> int:
    """Count how often Ada is told that a channel is closed, and for which reason."""
    await at.run(at.ada, "news")
    return sum(CLOSED.format(reason=reason) in message.content for message in at.ada.messages())


REASONS = {
    (403, 50001): "Mull cannot see the channel",
    (403, 50013): "Mull may not write in the channel",
    (404, 10003): "the channel is not there any more",
    (404, 10004): "Mull is not in the Discord server any more",
    (400, 50083): "the thread was archived",
    (400, 160005): "the thread was locked",
}


@pytest.mark.parametrize(("status", "code"), REASONS)
async def test_a_closed_channel_is_followed_no_more_and_its_facilitator_is_told_once(
    at: Club, status: int, code: int
) -> None:
    at.discord.faults.error(POST, status, code)
    await at.put_out(await at.post(2))
    await at.go_on()
    assert len(at.calls(POST)) == 1
    assert posted(at) == []
    assert {state for state, _ in (await fates(at.database)).values() if state != "pending"} == {"dead"}
    assert await told_ada(at, REASONS[status, code]) == 1
    assert await rows(at.database, "SELECT DISTINCT place FROM groups") == [(None,)]


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        (Right.SEND_MESSAGES, "“Send Messages”"),
        (Right.VIEW_CHANNEL, "“View Channels”"),
    ],
)
async def test_the_permission_that_is_missing_is_named(at: Club, lacking: Right, named: str) -> None:
    await at.discord.changes.change_channel(at.channel, overwrites=[Overwrite(at.guild.id, deny=lacking)])
    await at.go_on()
    _, reason = (await fates(at.database))["test/post/1"]
    assert reason.startswith("Mull may not")
    assert named in reason
    assert await told_ada(at, reason) == 1


async def test_a_deleted_channel_is_told_once(at: Club) -> None:
    at.ada.go(at.discord.add_channel(at.guild, name="staff"))
    await at.discord.changes.delete_channel(at.channel)
    await at.go_on()
    assert await rows(at.database, "SELECT DISTINCT place FROM groups") == [(None,)]
    await at.ada.run("mull", "news")
    await at.house.settle()
    assert at.ada.sees().count("I can't post in book-club any more") == 1


@pytest.mark.parametrize("is_locked", [True, False])
async def test_a_thread_that_is_archived_opens_again_and_a_locked_one_is_told_of(
    database: Database, is_locked: bool
) -> None:
    async with a_club(database) as at:
        thread = at.discord.add_thread(at.channel, name="open talk")
        await at.discord.changes.create_channel(thread)
        await at.set_up(channel=thread.id, zone="Europe/Berlin")
        await at.discord.changes.change_channel(thread, archived=True, locked=is_locked)
        await at.press(at.ada, "Ask the group now")
        await at.go_on()
        assert len(at.discord.posts_in(thread)) == (0 if is_locked else 1)
        told = await at.run(at.ada, "news")
        assert told.count("I can't post in open talk any more: the thread was locked") == is_locked


async def test_a_closed_channel_holds_up_no_other(at: Club) -> None:
    await at.wish(at.ben)
    await at.move(minutes=20)
    at.discord.faults.error(POST, 403, 50013)
    await at.put_out(await at.line(at.ben, 1), await at.post(2))
    await at.go_on()
    assert "Line 1." in at.said(at.ben) or posted(at)
