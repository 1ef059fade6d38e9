"""What goes wrong on the way to Slack: everybody sees everything once, in order, or a teacher can read why not."""

import asyncio
import random

import pytest

from bot.core.effects import AskQuestion, EffectId, Input, Option, Prompt
from bot.core.people import Place
from bot.core.runs import RunId
from bot.runner.outbox import Outbox
from bot.storage.database import Database
from tests.slack.fake import FakeSlack
from tests.slack.house import SlackHouse
from tests.slack.trouble import (
    HISTORY,
    POST,
    a_class,
    calls,
    fates,
    in_time_of,
    inside,
    line,
    name_of,
    pass_until_out,
    put_out,
    reached,
    said,
    settle_for_long,
    waiting,
)
from tests.stage import Hands, count, pupil, rows

# Answers that are lost.


async def test_a_post_whose_answer_was_lost_is_found_by_its_metadata(
    house: SlackHouse, slack: FakeSlack, hands: Hands
) -> None:
    await a_class(house.database, slack)
    slack.faults.lose_answer(POST)
    await put_out(house, [line(0, 1), line(0, 2)])
    await pass_until_out(house, hands)
    assert said(slack, name_of(0)) == ["Line 1.", "Line 2."]
    first = await rows(house.database, "SELECT remote_id FROM outbox WHERE id = 'test/0/1'")
    assert first == [(f"DU000:{slack.posts_to(name_of(0))[0].ts}",)]
    assert len(calls(slack, POST)) == 2


async def test_a_lost_post_is_found_under_pages_of_what_was_said_since(
    house: SlackHouse, slack: FakeSlack, hands: Hands
) -> None:
    (ben,) = await a_class(house.database, slack)
    slack.faults.lose_answer(POST)
    await put_out(house, [line(0, 1)])
    await house.outbox.deliver_due()
    slack.drop_events = True
    for number in range(450):
        await ben.write(f"word {number}")
    await pass_until_out(house, hands)
    assert said(slack, name_of(0)) == ["Line 1."]
    assert len(calls(slack, HISTORY)) == 3


@pytest.mark.parametrize("fault", ["fail", "refuse_connection", "rate_limit", "internal_error"])
async def test_while_a_lost_post_cannot_be_looked_for_it_is_not_sent_again(
    house: SlackHouse, slack: FakeSlack, hands: Hands, fault: str
) -> None:
    await a_class(house.database, slack)
    slack.faults.lose_answer(POST)
    if fault == "internal_error":
        slack.faults.error(HISTORY, fault, times=3)
    else:
        getattr(slack.faults, fault)(HISTORY, times=3)
    await put_out(house, [line(0, 1)])
    await pass_until_out(house, hands)
    assert said(slack, name_of(0)) == ["Line 1."]
    assert len(calls(slack, POST)) == 1
    assert len(calls(slack, HISTORY)) == 4


async def test_what_slack_refused_is_not_looked_for(house: SlackHouse, slack: FakeSlack, hands: Hands) -> None:
    """Reading history is what Slack allows least of."""
    await a_class(house.database, slack)
    slack.faults.rate_limit(POST, retry_after=7, times=2)
    await put_out(house, [line(0, 1)])
    await pass_until_out(house, hands)
    assert said(slack, name_of(0)) == ["Line 1."]
    assert calls(slack, HISTORY) == []


async def test_a_lost_post_is_looked_for_also_after_a_try_that_was_refused(
    house: SlackHouse, slack: FakeSlack, hands: Hands
) -> None:
    await a_class(house.database, slack)
    slack.faults.rate_limit(POST, retry_after=7)
    slack.faults.lose_answer(POST)
    await put_out(house, [line(0, 1)])
    await pass_until_out(house, hands)
    assert said(slack, name_of(0)) == ["Line 1."]


async def test_another_process_takes_over_what_was_posted_and_not_noted(
    database: Database, slack: FakeSlack, hands: Hands
) -> None:
    async with SlackHouse(database, slack, hands, owner="first") as first:
        await a_class(database, slack)
        held = slack.faults.hold(POST)
        await put_out(first, [line(0, 1), line(0, 2)])
        stopped = asyncio.create_task(first.outbox.deliver_due())
        await reached(held)
        stopped.cancel()
        await asyncio.gather(stopped, return_exceptions=True)
    slack.faults.clear()
    async with SlackHouse(database, slack, hands, owner="second") as second:
        await second.settle()
        assert said(slack, name_of(0)) == ["Line 1."]
        await pass_until_out(second, hands)
    assert said(slack, name_of(0)) == ["Line 1.", "Line 2."]


# Slack says: not so fast.


async def test_in_a_storm_of_refusals_slack_is_left_alone_and_everything_comes_afterwards(
    database: Database, slack: FakeSlack, hands: Hands
) -> None:
    async with SlackHouse(database, slack, hands, pace=in_time_of(hands)) as house:
        await a_class(database, slack, 12)
        slack.faults.lose_answer(POST, times=4)
        await put_out(house, [line(number, each) for each in (1, 2) for number in range(12)])
        await house.outbox.deliver_due()
        chance = random.Random(7)
        waits = [chance.randint(1, 60) for _ in range(2000)]
        before = len(slack.calls)
        for wait in waits:
            slack.faults.rate_limit(retry_after=wait)
        await put_out(house, [line(number, 3) for number in range(12)])
        for _ in range(300):
            await house.settle()
            hands.move(seconds=2)
        refused = slack.calls[before:]
        assert len(refused) > 12
        assert {call.status for call in refused} == {429}
        slack.faults.clear()
        await pass_until_out(house, hands)
    assert list(inside(list(zip(refused, waits, strict=False)), slack.calls)) == []
    for number in range(12):
        assert said(slack, name_of(number)) == ["Line 1.", "Line 2.", "Line 3."]


async def test_each_method_waits_for_itself(database: Database, slack: FakeSlack, hands: Hands) -> None:
    async with SlackHouse(database, slack, hands, pace=in_time_of(hands)) as house:
        await a_class(database, slack, 2)
        slack.faults.lose_answer(POST)
        slack.faults.rate_limit(HISTORY, retry_after=60)
        await put_out(house, [line(0, 1)])
        await house.outbox.deliver_due()
        hands.move(seconds=5)
        await house.settle()
        await put_out(house, [line(1, 1)])
        await house.settle()
        assert said(slack, name_of(1)) == ["Line 1."]
        await pass_until_out(house, hands)
    assert said(slack, name_of(0)) == ["Line 1."]


# Slack is away.


async def test_an_hour_in_which_slack_is_away_loses_and_doubles_nothing(
    house: SlackHouse, slack: FakeSlack, hands: Hands
) -> None:
    size = 120
    await a_class(house.database, slack, size)
    hasty = Outbox(house.database, {"slack": house.adapter}, hands, owner="test", patience=0.3)
    await put_out(house, [line(number, each) for each in (1, 2) for number in range(size)])
    for minute in range(0, 60, 4):
        slack.faults.clear()
        match minute // 15:
            case 0:
                slack.faults.fail(times=10_000)
            case 1:
                slack.faults.refuse_connection(times=10_000)
            case 2:
                slack.faults.hold(POST)
            case _:
                slack.faults.lose_answer(POST, times=10_000)
                slack.faults.fail(HISTORY, status=500, times=10_000)
        while await hasty.deliver_due():
            pass
        hands.move(minutes=4)
    slack.faults.clear()
    await pass_until_out(house, hands)
    assert {fate for fate, _ in (await fates(house.database)).values()} == {"sent"}
    assert [said(slack, name_of(number)) for number in range(size)] == [["Line 1.", "Line 2."]] * size


async def test_a_slow_conversation_holds_up_nobody_else(house: SlackHouse, slack: FakeSlack, hands: Hands) -> None:
    await a_class(house.database, slack, 2)
    slack.faults.lose_answer(POST)
    await put_out(house, [line(0, 1)])
    await house.outbox.deliver_due()
    hands.move(seconds=5)
    held = slack.faults.hold(HISTORY)
    await put_out(house, [line(1, each) for each in (1, 2, 3)])
    running = asyncio.create_task(house.outbox.run())
    await reached(held)
    await slack.until(lambda: len(slack.posts_to(name_of(1))) == 3)
    held.release()
    house.outbox.close()
    await running
    assert said(slack, name_of(0)) == ["Line 1."]


# Mull itself stops, or cannot show something.


async def test_what_is_being_shown_when_mull_stops_is_finished_and_not_doubled(
    database: Database, slack: FakeSlack, hands: Hands
) -> None:
    first = SlackHouse(database, slack, hands)
    await first.__aenter__()
    (ben,) = await a_class(database, slack)
    held = slack.faults.hold(POST)
    await ben.command("/mull", "start three")
    await reached(held)
    slack.patience = 0.1  # what Mull said itself finds no socket any more
    stopping = asyncio.create_task(first.adapter.stop())
    await asyncio.sleep(0)
    held.release()
    await stopping
    await first.inbox.close()
    shown = said(slack, ben.id)
    assert len(shown) == 2
    assert {state for state, _ in (await fates(database)).values()} == {"sent"}
    async with SlackHouse(database, slack, hands, owner="second") as second:
        await settle_for_long(second, hands)
        assert said(slack, ben.id) == shown
        await ben.write("The bridge.")
        await second.settle()
    assert len(said(slack, ben.id)) == 3


async def test_an_effect_that_cannot_be_shown_is_dead_after_five_tries_and_holds_up_nobody(
    house: SlackHouse, slack: FakeSlack, hands: Hands
) -> None:
    await a_class(house.database, slack, 2)
    options = (Option("yes", "Yes"),)
    prompt = Prompt(key="one", text="One?", label="One", input=Input.ONE, reads="", options=options, takes_text=False)
    poison = AskQuestion(
        id=EffectId("test/poison"),
        person=pupil(0),
        place=Place(f"slack:T1:{name_of(0)}"),
        run=RunId("r" * 300),  # longer than a button's name may be
        wait=1,
        title="Three",
        prompt=prompt,
    )
    await put_out(house, [poison, line(0, 1), line(1, 1)])
    await house.settle()
    assert said(slack, name_of(1)) == ["Line 1."]
    await pass_until_out(house, hands)
    assert (await fates(house.database))["test/poison"][0] == "dead"
    assert await rows(house.database, "SELECT attempts FROM outbox WHERE id = 'test/poison'") == [(5,)]
    assert said(slack, name_of(0)) == ["Line 1."]
    assert await count(house.database, "set_aside") == 0
    assert await waiting(house.database) == []
