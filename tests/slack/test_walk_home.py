"""Mull's own page in Slack: what each person finds there, and that it is drawn anew after each thing done in it."""

import pytest

from bot.adapters.slack.blocks import IN_VIEW
from tests.slack.flows import HARD, MOMENT
from tests.slack.house import MODES, Walk
from tests.slack.person import Person
from tests.stage import rows

both = pytest.mark.parametrize("walk", MODES, indirect=True)


def drawn(walk: Walk) -> int:
    """Count how often a page was drawn."""
    return len([call for call in walk.slack.calls if call.method == "views.publish"])


def headings(person: Person) -> list[str]:
    """List the headings of somebody's page."""
    assert person.home is not None
    return [block["text"]["text"] for block in person.home.blocks if block["type"] == "header"]


@both
async def test_everybody_finds_something_useful(walk: Walk) -> None:
    seen = {person.id: await walk.open_home(person) for person in (walk.ben, walk.ada, walk.ola, walk.eve)}
    assert "Nothing is waiting for you" in seen["UBEN"]
    assert walk.ben.labels("home")[0] == "Reflect now"
    assert "My groups this week" in seen["UADA"]
    assert "Open my pages" in walk.ada.labels("home")
    assert "My groups this week" in seen["UOLA"]
    assert "Reflect now" not in walk.ola.labels("home")
    assert "You are not in a group yet." in seen["UEVE"]
    assert all("Help" in person.labels("home") for person in (walk.ben, walk.ada, walk.ola, walk.eve))
    assert "Year 8" not in seen["UEVE"]


@both
async def test_the_first_thing_on_the_page_is_what_to_do_now(walk: Walk) -> None:
    await walk.command(walk.ben, "start week")
    await walk.press(walk.ben, "Skip")
    await walk.open_home(walk.ben)
    assert headings(walk.ben)[0] == "Our week"
    assert "Next: What helped most?" in walk.ben.words("home")
    await walk.press(walk.ben, "Go on", "home")
    assert walk.ben.modal is not None
    assert walk.ben.modal.title == "Our week"


@both
async def test_the_page_is_drawn_anew_after_each_action_in_it(walk: Walk) -> None:
    await walk.open_home(walk.ben)
    await walk.press(walk.ben, "Ask all at once", "home")
    assert "You get all questions at once" in walk.ben.words("home")
    await walk.ben.close_modal()
    await walk.press(walk.ben, "Pause", "home")
    await walk.press(walk.ben, "1 week", "modal")
    assert "Paused until Fri 13 Mar." in walk.ben.words("home")
    await walk.ben.close_modal(everything=True)
    await walk.press(walk.ben, "Start again now", "home")
    assert "Paused until" not in walk.ben.words("home")
    await walk.ben.close_modal(everything=True)
    await walk.press(walk.ben, "Reflect now", "home")
    assert "Nothing is waiting for you" not in walk.ben.words("home")


@both
async def test_a_form_sent_from_the_page_shows_there(walk: Walk) -> None:
    await walk.open_home(walk.ben)
    await walk.press(walk.ben, "Reflect now", "home")
    await walk.send(walk.ben, {"decision": "To wait."})
    while walk.ben.modal is not None:
        await walk.send(walk.ben, {})
    assert "To wait." in walk.ben.words("home")
    await walk.press(walk.ben, "Edit", "home")
    await walk.send(walk.ben, {"decision": "To wait longer."})
    assert "To wait longer." in walk.ben.words("home")


async def test_what_is_done_elsewhere_shows_on_a_page_that_was_opened(walk: Walk) -> None:
    await walk.open_home(walk.ben)
    await walk.command(walk.ben, "pause 1 week")
    assert "Paused until" in await walk.open_home(walk.ben)


async def test_a_page_opened_before_mull_stopped_is_still_drawn_anew(walk: Walk) -> None:
    await walk.open_home(walk.ben)
    await walk.restart()
    await walk.press(walk.ben, "Ask all at once", "home")
    assert "You get all questions at once" in walk.ben.words("home")


async def test_nobodys_page_is_drawn_who_never_opened_it(walk: Walk) -> None:
    await walk.command(walk.ben, "pause 1 week")
    await walk.ben.open_home("messages")
    await walk.house.settle()
    assert drawn(walk) == 0


async def test_a_page_of_many_answers_keeps_within_slacks_limit(walk: Walk) -> None:
    for _ in range(7):
        await walk.command(walk.ben, "start week")
        await walk.press(walk.ben, "coasting")
        await walk.write(walk.ben, "tea " * 700)
        for words in ("the bell " * 300, "friday", "wait " * 500):
            await walk.write(walk.ben, words)
        walk.hands.move(minutes=5)
    assert len(await rows(walk.database, "SELECT 1 FROM answers")) == 35
    for person in (walk.ben, walk.ada):
        assert MOMENT in await walk.open_home(person)
        assert person.home is not None
        assert len(person.home.blocks) <= IN_VIEW
    await walk.press(walk.ben, "All my answers", "home")
    assert HARD in walk.ben.words("modal")
    await walk.press(walk.ben, "Show older ones", "modal")
    await walk.press(walk.ada, "Open my pages", "home")
    assert walk.ada.modal is not None


async def test_a_slack_that_does_not_draw_the_page_stops_nothing(walk: Walk) -> None:
    await walk.open_home(walk.ben)
    walk.slack.faults.fail("views.publish", status=503)
    await walk.press(walk.ben, "Ask all at once", "home")
    assert await rows(walk.database, "SELECT mode FROM people WHERE id = 'ben'") == [("form",)]
