"""Posts in a channel that nobody can read back, and places that are closed: once, or a teacher can read why not."""

import asyncio
from dataclasses import replace

import pytest

from bot.adapters.slack.sending import GONE
from bot.core.effects import EffectId, InviteGroup
from bot.core.people import Place
from bot.storage.channels import follow
from bot.storage.database import Database
from tests.slack.fake import FakeSlack
from tests.slack.house import SlackHouse
from tests.slack.trouble import (
    POST,
    a_class,
    calls,
    fates,
    line,
    name_of,
    put_out,
    reached,
    said,
    settle_for_long,
)
from tests.stage import ADA, Hands, class_of, rows

CHANNEL = Place("slack:T1:C1")
TEACHER_READS = "SELECT DISTINCT reason FROM outbox WHERE state = 'dead'"


# Posts in a channel, which nobody can read back.


@pytest.fixture
async def room(house: SlackHouse, slack: FakeSlack) -> FakeSlack:
    await a_class(house.database, slack)
    slack.add_channel("C1", name="group-7", members=["UADA", name_of(0)])
    await put_out(house, [post()])
    return slack


def post() -> InviteGroup:
    return InviteGroup(
        id=EffectId("test/post"),
        person=ADA,
        place=CHANNEL,
        about="o1",
        title="Weekly check-in",
        text="Ada asks: what did you try?",
        small="Ada reads your answers.",
    )


QUESTION = "I can't tell whether my post is in the channel. Is it there?"
POSTED = "Weekly check-in: Ada asks: what did you try? Ada reads your answers."


@pytest.mark.parametrize("fault", ["lose_answer", "internal_error", "fatal_error", "500", "502"])
async def test_a_post_of_unknown_fate_is_asked_about_once_and_not_repeated(
    house: SlackHouse, room: FakeSlack, hands: Hands, fault: str
) -> None:
    if fault == "lose_answer":
        room.faults.lose_answer(POST)
    elif fault.isdigit():
        room.faults.fail(POST, status=int(fault))
    else:
        room.faults.error(POST, fault)
    await settle_for_long(house, hands)
    assert len(calls(room, POST, where=lambda call: call.body["channel"] == "C1")) == 1
    assert said(room, "UADA") == [QUESTION]
    assert (await fates(house.database))["test/post"][0] == "unsure"


async def test_a_post_that_slack_did_not_take_is_simply_tried_again(
    house: SlackHouse, room: FakeSlack, hands: Hands
) -> None:
    room.faults.rate_limit(POST, retry_after=9)
    room.faults.fail(POST, status=503)
    await settle_for_long(house, hands)
    assert said(room, "C1") == [POSTED]
    assert said(room, "UADA") == []


async def test_a_post_is_asked_about_where_the_process_stopped_while_it_posted(
    database: Database, house: SlackHouse, room: FakeSlack, hands: Hands
) -> None:
    held = room.faults.hold(POST)
    stopped = asyncio.create_task(house.outbox.deliver_due())
    await reached(held)
    stopped.cancel()
    await asyncio.gather(stopped, return_exceptions=True)
    room.faults.clear()
    await house.adapter.stop()
    async with SlackHouse(database, room, hands, owner="second") as second:
        await settle_for_long(second, hands)
    assert said(room, "C1") == [POSTED]
    assert said(room, "UADA") == [QUESTION]


async def test_whoever_wanted_a_post_may_have_it_posted_once_more_and_is_asked_anew(
    house: SlackHouse, room: FakeSlack, hands: Hands
) -> None:
    ada = room.person("UADA")
    room.faults.lose_answer(POST)
    await settle_for_long(house, hands)
    room.faults.lose_answer(POST)
    await ada.press("Post it")
    await settle_for_long(house, hands)
    assert said(room, "C1") == [POSTED, POSTED]
    assert said(room, "UADA") == [QUESTION, QUESTION]
    await ada.press("Post it")
    await settle_for_long(house, hands)
    assert said(room, "C1") == [POSTED] * 3
    assert (await fates(house.database))["test/post"][0] == "sent"
    await ada.press("Post it", said_in(room, 0))
    await settle_for_long(house, hands)
    assert said(room, "C1") == [POSTED] * 3


def said_in(room: FakeSlack, number: int) -> str:
    return room.posts_to("UADA")[number].ts


async def test_it_is_there_settles_it(house: SlackHouse, room: FakeSlack, hands: Hands) -> None:
    room.faults.lose_answer(POST)
    await settle_for_long(house, hands)
    await room.person("UADA").press("Yes, it's there")
    await settle_for_long(house, hands)
    assert said(room, "C1") == [POSTED]
    assert (await fates(house.database))["test/post"][0] == "sent"


async def test_the_first_press_on_a_post_proves_it(house: SlackHouse, room: FakeSlack, hands: Hands) -> None:
    room.faults.lose_answer(POST)
    await settle_for_long(house, hands)
    await room.person(name_of(0)).press("Reflect now", where="C1")
    await settle_for_long(house, hands)
    found = await rows(house.database, "SELECT state, remote_id FROM outbox WHERE id = 'test/post'")
    assert found == [("sent", f"C1:{room.posts_to('C1')[0].ts}")]
    await room.person("UADA").press("Post it")
    await settle_for_long(house, hands)
    assert said(room, "C1") == [POSTED]


# Places that are closed to us.


class TwoTokens:
    """Two workspaces."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    async def token(self, team: str) -> str | None:
        """Find the token."""
        return self._slack.world.workspaces[team].token

    async def installer(self, team: str) -> str | None:
        """Name nobody."""
        return None


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_a_token_that_was_taken_back_stops_its_workspace_only(
    database: Database, slack: FakeSlack, hands: Hands, error: str
) -> None:
    slack.add_workspace("T2", name="Hill School")
    async with SlackHouse(database, slack, hands, tokens=TwoTokens(slack)) as house:
        await a_class(database, slack, 3, team="T2")
        slack.add_user("UCY", name="Cy")
        await put_out(house, [line(number, each, "T2") for each in (1, 2, 3) for number in range(3)])
        slack.faults.error("*", error, times=100)
        await house.outbox.deliver_due()
        # What was under way beside the first cannot be called back; nothing is begun after it.
        assert len(slack.calls) <= 1 + 3
        made = len(slack.calls)
        await house.settle()
        assert len(slack.calls) == made
        await put_out(house, [line(0, 4, "T2")])
        await house.settle()
        assert len(slack.calls) == made
        assert {state for state, _ in (await fates(database)).values()} == {"dead"}
        slack.faults.clear()
        await put_out(house, [replace(line(0, 9), place=Place("slack:T1:UCY"))])
        await house.settle()
        assert said(slack, "UCY") == ["Line 9."]
    reasons = {reason for (reason,) in await rows(database, TEACHER_READS)}
    assert reasons <= {
        "Slack took Mull's token back",
        "Mull's access to this Slack workspace was taken away",
        GONE.reason,
    }


async def test_a_workspace_works_again_with_a_new_token(database: Database, slack: FakeSlack, hands: Hands) -> None:
    slack.add_workspace("T2", name="Hill School")
    async with SlackHouse(database, slack, hands, tokens=TwoTokens(slack)) as house:
        await a_class(database, slack, 1, team="T2")
        slack.faults.error(POST, "token_revoked")
        await put_out(house, [line(0, 1, "T2")])
        await house.settle()
        slack.world.workspaces["T2"].token = "xoxb-2-anew"
        await put_out(house, [line(0, 2, "T2")])
        await house.settle()
    assert said(slack, name_of(0)) == ["Line 2."]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("user_disabled", "their Slack account was closed"),
        ("messages_tab_disabled", "direct messages with Mull are switched off in this workspace"),
        ("user_not_found", "they are not in this Slack workspace any more"),
        ("channel_not_found", "they are not in this Slack workspace any more"),
        ("cannot_dm_bot", "this is a bot, not a person"),
    ],
)
async def test_somebody_who_cannot_be_written_to_is_tried_once(
    house: SlackHouse, slack: FakeSlack, hands: Hands, error: str, reason: str
) -> None:
    await a_class(house.database, slack, 2)
    slack.faults.error(POST, error)
    await put_out(house, [line(0, 1)])
    await settle_for_long(house, hands)
    await put_out(house, [line(1, 1)])
    await settle_for_long(house, hands)
    assert len(calls(slack, POST)) == 2
    assert (await fates(house.database))["test/0/1"] == ("dead", reason)
    assert said(slack, name_of(1)) == ["Line 1."]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("is_archived", "the channel was archived"),
        ("not_in_channel", "Mull is not in the channel; invite it there"),
        ("channel_not_found", "the channel is not there, or Mull is not in it"),
    ],
)
async def test_a_channel_that_is_closed_is_followed_no_more_and_its_facilitator_is_told_once(
    house: SlackHouse, room: FakeSlack, hands: Hands, error: str, reason: str
) -> None:
    await house.database.write(lambda connection: follow(connection, class_of(0), CHANNEL))
    room.faults.error(POST, error)
    await settle_for_long(house, hands)
    assert len(calls(room, POST, where=lambda call: call.body["channel"] == "C1")) == 1
    assert (await fates(house.database))["test/post"] == ("dead", reason)
    assert said(room, "C1") == []
    assert said(room, "UADA") == [f"I can't post in class-000 any more: {reason}. What was answered is kept."]
    assert await rows(house.database, "SELECT DISTINCT place FROM groups") == [(None,)]
