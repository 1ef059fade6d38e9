"""A team that is asked by one post in its channel: nobody is written to who did not press anything."""

import pytest

from tests.slack.flows import HARD, PLAN
from tests.slack.house import MODES, Walk
from tests.slack.world import Message
from tests.stage import rows

both = pytest.mark.parametrize("walk", MODES, indirect=True)


async def ask(walk: Walk, words: str = "group ask week") -> str:
    """Let Ada's team follow its channel, and Ada ask it there."""
    await walk.command(walk.ada, "group", channel="C1")
    await walk.press(walk.ada, "Year 8")
    return await walk.command(walk.ada, words, channel="C1")


def post(walk: Walk) -> Message:
    """Find the one post in the channel."""
    posts = walk.slack.posts_to("C1")
    assert len(posts) == 1
    return posts[0]


@both
async def test_one_post_says_who_asks_what_until_when_and_who_reads(walk: Walk) -> None:
    assert "goes to the channel now" in await ask(walk)
    assert "Ada asks: Five questions about your week." in post(walk).text
    assert "Ada reads your answers, with your name." in post(walk).text
    assert walk.ben.labels("C1") == ["Reflect now", "Later", "Who reads this?"]
    assert walk.ben.dm + walk.ola.dm == []


@both
async def test_who_presses_gets_the_form_and_the_answer_nobody_else_sees(walk: Walk) -> None:
    await ask(walk)
    await walk.press(walk.ben, "Reflect now", "C1")
    assert walk.ben.modal is not None
    assert walk.ben.modal.title == "Our week"
    await walk.send(walk.ben, {HARD: "at my edge"})
    await walk.send(walk.ben, {})
    assert [message.text for message in walk.ben.dm] == ["Thank you, Ben. Ada reads this."]
    assert "at my edge" not in walk.ada.words("C1")
    assert "at my edge" in await walk.command(walk.ada, "review") + walk.ada.words("ephemeral")


@both
async def test_a_second_press_goes_on_and_begins_nothing_new(walk: Walk) -> None:
    await ask(walk)
    await walk.press(walk.ben, "Reflect now", "C1")
    await walk.send(walk.ben, {HARD: "at my edge"})
    await walk.ben.close_modal()
    await walk.press(walk.ben, "Reflect now", "C1")
    assert len(await rows(walk.database, "SELECT 1 FROM runs")) == 1
    assert walk.ben.modal is not None
    assert await walk.send(walk.ben, {PLAN: "Wait longer"}) == {}
    assert len(await rows(walk.database, "SELECT 1 FROM answers")) == 5


@both
async def test_who_reads_this_and_later_are_answered_for_ones_own_eyes(walk: Walk) -> None:
    await ask(walk)
    await walk.press(walk.ben, "Who reads this?", "C1")
    assert "Ada can read your answers" in walk.ben.ephemerals[-1].text
    await walk.press(walk.ben, "Later", "C1")
    assert len(walk.ben.ephemerals) == 2
    assert len(walk.slack.posts_to("C1")) == 1


async def test_who_is_not_in_the_group_is_told_kindly(walk: Walk) -> None:
    await ask(walk)
    walk.slack.world.channels["C1"].members.append("UEVE")
    await walk.press(walk.eve, "Reflect now", "C1")
    assert walk.eve.modal is None
    assert len(walk.eve.ephemerals) == 1
    assert await rows(walk.database, "SELECT 1 FROM runs") == []


async def test_the_post_is_closed_in_place_after_a_week_and_late_is_welcome(walk: Walk) -> None:
    await ask(walk)
    await walk.house.move(days=7, hours=1)
    assert "This one is closed. Late answers are welcome." in post(walk).text
    assert walk.ben.labels("C1") == ["Answer now"]
    await walk.press(walk.ben, "Answer now", "C1")
    assert walk.ben.modal is not None


async def test_home_names_what_the_group_was_asked(walk: Walk) -> None:
    await ask(walk)
    assert "“Year 8” was asked this." in await walk.open_home(walk.ben)
    await walk.press(walk.ben, "Answer now", "home")
    assert walk.ben.modal is not None
    assert walk.ben.modal.title == "Our week"


async def test_who_does_not_lead_asks_nobody(walk: Walk) -> None:
    await ask(walk, "review")
    for person in (walk.ben, walk.ola, walk.eve):
        assert "Asking a group is for those who lead it." in await walk.command(person, "group ask", channel=None)
    assert walk.slack.posts_to("C1") == []


@both
async def test_a_post_of_unknown_fate_is_asked_about_and_posted_once_more_only_if_it_is_not_there(walk: Walk) -> None:
    walk.slack.faults.lose_answer("chat.postMessage")
    await ask(walk)
    assert len(walk.slack.posts_to("C1")) == 1
    assert "Is it there?" in walk.ada.words()
    await walk.press(walk.ada, "Yes, it's there", "dm")
    assert len(walk.slack.posts_to("C1")) == 1
