"""What Slack does not deliver, and sockets that end: the sweep finds everything once."""

import asyncio

import pytest

from bot.storage.database import Database
from tests.slack.fake import FakeSlack
from tests.slack.house import SlackHouse
from tests.slack.person import Person
from tests.slack.trouble import (
    HISTORY,
    ONE,
    PLAN,
    TWO,
    a_class,
    asked,
    calls,
    eventually,
    reached,
    start,
)
from tests.stage import Hands, count, said_by


async def revisions(house: SlackHouse) -> int:
    """Count what answers were before they were changed."""
    return await count(house.database, "revisions")


# Events that never come.


async def write_unheard(slack: FakeSlack, person: Person, text: str) -> str:
    """Let somebody write while Slack drops events."""
    slack.drop_events = True
    ts = await person.write(text)
    slack.drop_events = False
    return ts


async def test_what_was_written_in_seventeen_hours_without_events_is_found_once(
    house: SlackHouse, slack: FakeSlack, hands: Hands
) -> None:
    class_ = await a_class(house.database, slack, 30)
    for person in class_:
        await start(house, person)
    for number, person in enumerate(class_):
        hands.move(minutes=34)
        if number % 3 == 0:
            await person.write(f"Words {number}.")
        else:
            ts = await write_unheard(slack, person, f"Words {number}")
            slack.drop_events = True
            await person.edit(ts, f"Words {number}.")
            slack.drop_events = False
    await house.settle()
    for _ in range(3):
        await house.adapter.sweep()
        await house.settle()
    for number, person in enumerate(class_):
        assert await said_by(house.database, number) == {"one": f"Words {number}."}
        assert asked(person, TWO) == 1
    assert await revisions(house) == 0


async def test_what_the_sweep_found_and_what_slack_delivers_after_it_is_one(
    house: SlackHouse, slack: FakeSlack, ben: Person
) -> None:
    slack.pause_delivery()
    ts = await ben.write("The bridge.")
    await house.adapter.sweep()
    await house.settle()
    await ben.edit(ts, "The long bridge.")
    await house.adapter.sweep()
    await slack.deliver_paused()
    await house.settle()
    assert await said_by(house.database, 0) == {"one": "The long bridge."}
    assert await revisions(house) == 1
    assert asked(ben, TWO) == 1


async def test_the_sweep_finds_that_an_earlier_answer_was_changed(
    house: SlackHouse, slack: FakeSlack, hands: Hands, ben: Person
) -> None:
    ts = await ben.write("The bridge.")
    await house.settle()
    hands.move(minutes=30)
    await ben.write("Glue.")
    await house.settle()
    slack.drop_events = True
    await ben.edit(ts, "The long bridge.")
    slack.drop_events = False
    for _ in range(2):
        await house.adapter.sweep()
        await house.settle()
    assert await said_by(house.database, 0) == {"one": "The long bridge.", "two": "Glue."}
    assert await revisions(house) == 1


async def test_the_sweep_takes_nothing_for_an_answer_that_was_written_before_the_question(
    house: SlackHouse, slack: FakeSlack, hands: Hands
) -> None:
    (ben,) = await a_class(house.database, slack)
    await write_unheard(slack, ben, "Hello?")
    hands.move(minutes=10)
    await start(house, ben)
    await house.adapter.sweep()
    await house.settle()
    assert await said_by(house.database, 0) == {}


async def test_a_sweep_that_slack_stops_goes_on_where_it_stopped(
    house: SlackHouse, slack: FakeSlack, hands: Hands
) -> None:
    class_ = await a_class(house.database, slack, 3)
    for person in class_:
        await start(house, person)
        await write_unheard(slack, person, "The bridge.")
    for answered in (1, 2, 3):
        before = len(calls(slack, HISTORY))
        held = slack.faults.hold(HISTORY)
        sweeping = asyncio.create_task(house.adapter.sweep())
        await reached(held)
        slack.faults.rate_limit(HISTORY, retry_after=30)
        held.release()
        await sweeping
        assert len(calls(slack, HISTORY)) == before + 2, "nothing more is asked once Slack says no"
        await house.adapter.sweep()
        assert len(calls(slack, HISTORY)) == before + 2, "nor before the time it asked for is over"
        await house.settle()
        assert sum([bool(await said_by(house.database, number)) for number in range(3)]) == answered
        hands.move(seconds=31)
    assert [asked(person, TWO) for person in class_] == [1, 1, 1]


async def test_a_connection_that_breaks_during_a_sweep_costs_one_conversation(
    house: SlackHouse, slack: FakeSlack
) -> None:
    class_ = await a_class(house.database, slack, 3)
    for person in class_:
        await start(house, person)
        await write_unheard(slack, person, "The bridge.")
    slack.faults.lose_answer(HISTORY, times=2)  # a read that broke off is asked once more by the client itself
    await house.adapter.sweep()
    await house.settle()
    assert [asked(person, TWO) for person in class_] == [0, 1, 1]
    await house.adapter.sweep()
    await house.settle()
    assert [asked(person, TWO) for person in class_] == [1, 1, 1]


async def test_a_sweep_asks_once_where_the_token_was_taken_back(house: SlackHouse, slack: FakeSlack) -> None:
    for person in await a_class(house.database, slack, 3):
        await start(house, person)
    slack.faults.error(HISTORY, "token_revoked", times=9)
    await house.adapter.sweep()
    await house.adapter.sweep()
    assert len(calls(slack, HISTORY)) == 1


async def test_after_each_connection_a_sweep_happens_by_itself(
    house: SlackHouse, slack: FakeSlack, ben: Person
) -> None:
    await write_unheard(slack, ben, "The bridge.")
    await slack.refresh_sockets()
    await eventually(house, lambda: said_by(house.database, 0))
    assert await said_by(house.database, 0) == {"one": "The bridge."}
    await eventually(house, lambda: is_asked(ben, TWO))


async def is_asked(person: Person, question: str) -> bool:
    return asked(person, question) == 1


# Sockets. A command comes once, so the dialogue is begun on a socket that nothing is wrong with.


async def begun(database: Database, slack: FakeSlack, hands: Hands) -> list[Person]:
    """Let a class of one begin."""
    class_ = await a_class(database, slack)
    async with SlackHouse(database, slack, hands) as house:
        for person in class_:
            await start(house, person)
    return list(class_)


async def test_a_silent_socket_is_replaced_and_what_it_swallowed_is_found(
    database: Database, slack: FakeSlack, hands: Hands
) -> None:
    (ben,) = await begun(database, slack, hands)
    async with SlackHouse(database, slack, hands, heartbeat=0.2) as house:
        slack.sockets.open[0].silence()
        slack.patience = 0.05
        await ben.write("The bridge.")
        assert len(slack.unacked) == 1
        slack.patience = 3.0
        await slack.sockets.until(lambda: slack.sockets.opened >= 3, 5.0)
        await eventually(house, lambda: is_asked(ben, TWO))
        await ben.write("Glue.")
        await house.settle()
        assert await said_by(database, 0) == {"one": "The bridge.", "two": "Glue."}


@pytest.mark.parametrize("how", ["disconnect", "drop"])
async def test_a_socket_that_ends_is_replaced_with_nothing_lost(
    database: Database, slack: FakeSlack, hands: Hands, how: str
) -> None:
    (ben,) = await begun(database, slack, hands)
    async with SlackHouse(database, slack, hands, heartbeat=0.2) as house:
        slack.patience = 0.2
        for number, words in enumerate(("The bridge.", "Glue.", "Screws."), start=2):
            await getattr(slack.sockets.open[-1], how)()
            await ben.write(words)
            await slack.sockets.until(lambda opened=number: slack.sockets.opened > opened, 5.0)  # type: ignore[misc]
            await eventually(house, lambda given=number - 1: has_answers(database, given))  # type: ignore[misc]
        await house.settle()
        assert await said_by(database, 0) == {"one": "The bridge.", "two": "Glue.", "plan": "Screws."}
        assert [asked(ben, question) for question in (ONE, TWO, PLAN)] == [1, 1, 1]


async def has_answers(database: Database, wanted: int) -> bool:
    return len(await said_by(database, 0)) == wanted


async def test_several_sockets_share_the_events(database: Database, slack: FakeSlack, hands: Hands) -> None:
    async with (
        SlackHouse(database, slack, hands, owner="first") as first,
        SlackHouse(database, slack, hands, owner="second") as second,
    ):
        await slack.connected(2)
        class_ = await a_class(database, slack, 6)
        for person in class_:
            await start(first, person)
            await second.settle()
        await asyncio.gather(*(person.write("The bridge.") for person in class_))
        await asyncio.gather(*(slack.redeliver(event) for event in slack.delivered[-6:]))
        await asyncio.gather(first.settle(), second.settle())
        told = [sum(one["type"] == "events_api" for one in socket.sent) for socket in slack.sockets.open]
        assert min(told) > 3
    for number, person in enumerate(class_):
        assert await said_by(database, number) == {"one": "The bridge."}
        assert [asked(person, question) for question in (ONE, TWO)] == [1, 1]
