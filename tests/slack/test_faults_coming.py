"""What goes wrong on the way from Slack: nothing that was acknowledged is lost, nothing counts twice."""

import asyncio
from itertools import permutations

import pytest

from bot.adapters.slack.listening import NOT_DONE, NOT_SAVED
from tests.adapters.conformance import FLOW as CHECK_IN
from tests.adapters.conformance import MOMENT
from tests.slack.fake import FakeSlack
from tests.slack.house import MODES, SlackHouse
from tests.slack.person import Person
from tests.slack.trouble import (
    ONE,
    PLAN,
    TWO,
    Unreliable,
    a_class,
    asked,
    said,
    start,
)
from tests.stage import FLOW, Hands, count, said_by


async def revisions(house: SlackHouse) -> int:
    """Count what answers were before they were changed."""
    return await count(house.database, "revisions")


# The same thing several times.


@pytest.mark.parametrize("house", MODES, indirect=True)
async def test_words_that_come_four_times_are_one_answer(house: SlackHouse, slack: FakeSlack, ben: Person) -> None:
    await ben.write("The bridge.")
    event = slack.delivered[-1]
    for reason in ("http_error", "http_timeout"):
        await slack.redeliver(event, reason)
        await house.settle()
    await asyncio.gather(*(slack.redeliver(event) for _ in range(2)))
    await house.settle()
    assert event.attempts == 5
    assert await said_by(house.database, 0) == {"one": "The bridge."}
    assert asked(ben, TWO) == 1


async def test_words_that_come_four_times_at_once_are_one_answer(
    house: SlackHouse, slack: FakeSlack, ben: Person
) -> None:
    slack.pause_delivery()
    await ben.write("The bridge.")
    slack.deliveries.paused = None
    await asyncio.gather(*(slack.deliver_again(slack.delivered[-1]) for _ in range(4)))
    await house.settle()
    assert await said_by(house.database, 0) == {"one": "The bridge."}
    assert asked(ben, TWO) == 1


@pytest.mark.parametrize("house", MODES, indirect=True)
async def test_a_retry_that_is_the_only_delivery_counts(house: SlackHouse, slack: FakeSlack, ben: Person) -> None:
    slack.pause_delivery()
    await ben.write("The bridge.")
    slack.deliveries.paused = None
    event = slack.delivered[-1]
    event.attempts = 2
    await slack.redeliver(event, "http_timeout")
    await house.settle()
    assert event.acked
    assert await said_by(house.database, 0) == {"one": "The bridge."}


async def test_a_change_and_a_deletion_that_come_four_times_happen_once(
    house: SlackHouse, slack: FakeSlack, ben: Person
) -> None:
    ts = await ben.write("The bridge.")
    await house.settle()
    change = await ben.edit(ts, "The long bridge.")
    for _ in range(3):
        await slack.redeliver(change)
        await house.settle()
    assert await said_by(house.database, 0) == {"one": "The long bridge."}
    assert await revisions(house) == 1
    deletion = await ben.delete(ts)
    await house.settle()
    seen = said(slack, ben.id)
    for _ in range(3):
        await slack.redeliver(deletion)
        await slack.redeliver(change)
        await house.settle()
    assert await said_by(house.database, 0) == {"one": ""}
    assert said(slack, ben.id) == seen


async def test_a_press_that_comes_four_times_is_one_answer(house: SlackHouse, slack: FakeSlack) -> None:
    (ben,) = await a_class(house.database, slack, document=CHECK_IN)
    await start(house, ben, CHECK_IN.flow)
    pressed = await ben.press("a little hard")
    for _ in range(3):
        await slack.deliver_again(pressed)
        await house.settle()
    assert await said_by(house.database, 0) == {"hard": "a little hard"}
    assert asked(ben, MOMENT) == 1
    assert len(ben.dm) == 3


async def test_a_command_that_comes_four_times_begins_one_run(house: SlackHouse, slack: FakeSlack, ben: Person) -> None:
    seen = said(slack, ben.id)
    for _ in range(3):
        await slack.deliver_again(slack.delivered[-1])
        await house.settle()
    assert await count(house.database, "runs") == 1
    assert said(slack, ben.id) == seen


async def test_a_form_that_comes_four_times_is_taken_once(house: SlackHouse, slack: FakeSlack) -> None:
    (ben,) = await a_class(house.database, slack)
    await start(house, ben, f"form {FLOW.flow}")
    assert await ben.submit({ONE: "The bridge.", TWO: "Glue.", PLAN: "Screws."}) == {}
    await house.settle()
    seen = said(slack, ben.id)
    for _ in range(3):
        await slack.deliver_again(slack.delivered[-1])
        await house.settle()
    assert await said_by(house.database, 0) == {"one": "The bridge.", "two": "Glue.", "plan": "Screws."}
    assert await revisions(house) == 0
    assert said(slack, ben.id) == seen


# In another order.


async def test_a_change_may_come_before_the_words_it_changes(house: SlackHouse, slack: FakeSlack, ben: Person) -> None:
    slack.pause_delivery()
    await ben.edit(await ben.write("The bridge."), "The long bridge.")
    for _ in await slack.deliver_paused([1, 0]):
        await house.settle()
    assert await said_by(house.database, 0) == {"one": "The long bridge."}
    assert asked(ben, TWO) == 1


async def test_words_that_are_taken_back_before_they_come_never_count(
    house: SlackHouse, slack: FakeSlack, ben: Person
) -> None:
    slack.pause_delivery()
    await ben.delete(await ben.write("Not this."))
    await slack.deliver_paused([1, 0])
    await house.settle()
    assert await said_by(house.database, 0) == {}
    assert asked(ben, TWO) == 0
    await ben.write("This.")
    await house.settle()
    assert await said_by(house.database, 0) == {"one": "This."}


async def test_every_order_of_two_answers_and_their_changes_loses_and_doubles_nothing(
    house: SlackHouse, slack: FakeSlack
) -> None:
    class_ = await a_class(house.database, slack, 24)
    for person in class_:
        await start(house, person)
    orders = list(permutations(range(4)))
    for person, order in zip(class_, orders, strict=True):
        slack.pause_delivery()
        first = await person.write("one")
        await person.edit(first, "One.")
        second = await person.write("two")
        await person.edit(second, "Two.")
        await slack.deliver_paused(order)
    await house.settle()
    for number, person in enumerate(class_):
        came_first, came_second = ("One.", "Two.") if orders[number][0] < 2 else ("Two.", "One.")
        assert await said_by(house.database, number) == {"one": came_first, "two": came_second}, orders[number]
        assert [asked(person, question) for question in (ONE, TWO, PLAN)] == [1, 1, 1], orders[number]


# The database is away.


@pytest.mark.parametrize("house", MODES, indirect=True)
async def test_words_that_cannot_be_kept_are_not_acknowledged_and_come_again(
    house: SlackHouse, slack: FakeSlack, shaky: Unreliable, ben: Person
) -> None:
    slack.patience = 0.5
    shaky.is_away = True
    await ben.write("The bridge.")
    assert slack.unacked == [slack.delivered[-1]]
    assert set(slack.unacked[0].statuses) <= {500}
    await slack.redeliver(slack.unacked[0])
    assert len(slack.unacked) == 1
    shaky.is_away = False
    await slack.redeliver(slack.unacked[0])
    await house.settle()
    assert slack.unacked == []
    assert await said_by(house.database, 0) == {"one": "The bridge."}
    assert asked(ben, TWO) == 1


@pytest.mark.parametrize("is_met", [True, False])
async def test_a_press_that_cannot_be_kept_says_so_to_its_presser_only(
    house: SlackHouse, slack: FakeSlack, shaky: Unreliable, hands: Hands, is_met: bool
) -> None:
    ben, cy = await a_class(house.database, slack, 2, document=CHECK_IN)
    await start(house, ben, CHECK_IN.flow)
    process = house if is_met else await restarted(house, slack, hands)
    seen = said(slack, ben.id)
    shaky.is_away = True
    await ben.press("a little hard")
    await process.adapter.quiet()
    assert [message.text for message in ben.ephemerals] == [NOT_DONE]
    assert cy.ephemerals == []
    assert said(slack, ben.id) == seen
    shaky.is_away = False
    await ben.press("a little hard", where="dm")
    await process.settle()
    assert await said_by(house.database, 0) == {"hard": "a little hard"}
    if not is_met:
        await process.__aexit__(None, None, None)


async def restarted(house: SlackHouse, slack: FakeSlack, hands: Hands) -> SlackHouse:
    """Go on in a process that knows nobody yet."""
    await house.adapter.stop()
    return await SlackHouse(house.database, slack, hands).__aenter__()


async def test_a_form_that_cannot_be_kept_stays_open_with_its_words(
    house: SlackHouse, slack: FakeSlack, shaky: Unreliable
) -> None:
    (ben,) = await a_class(house.database, slack)
    await start(house, ben, f"form {FLOW.flow}")
    shaky.is_away = True
    given = {ONE: "The bridge.", TWO: "Glue.", PLAN: "Screws."}
    assert list((await ben.submit(given)).values()) == [NOT_SAVED]
    assert ben.modal is not None
    shaky.is_away = False
    assert await ben.submit() == {}
    await house.settle()
    assert slack.world.modals[ben.id] == []
    assert list((await said_by(house.database, 0)).values()) == list(given.values())


@pytest.mark.parametrize("words", ["start three", "answers", "help", ""])
async def test_a_command_that_cannot_be_carried_out_says_so(
    house: SlackHouse, slack: FakeSlack, shaky: Unreliable, ben: Person, words: str
) -> None:
    shaky.is_away = True
    shown = await ben.command("/mull", words)
    assert shown is not None
    assert shown.text == NOT_DONE
    shaky.is_away = False
    assert await count(house.database, "runs") == 1


async def test_a_button_of_mulls_own_says_so_too(
    house: SlackHouse, slack: FakeSlack, shaky: Unreliable, ben: Person
) -> None:
    await ben.command("/mull", "settings")
    await house.settle()
    shaky.is_away = True
    before = len(ben.ephemerals)
    await ben.press(ben.labels("ephemeral")[0], where="ephemeral")
    await house.adapter.quiet()
    assert [message.text for message in ben.ephemerals[before:]] == [NOT_DONE]
