"""A comment on its way through Slack: delivered, answered back in a window, settled; an adult is called and goes."""

import pytest

from bot.core.events import EventId
from bot.core.people import Identity
from bot.core.review import AnswerCommented
from bot.core.runs import RunId
from tests.slack.house import MODES, Walk
from tests.stage import rows

both = pytest.mark.parametrize("walk", MODES, indirect=True)


async def answered(walk: Walk) -> RunId:
    """Let Ben answer one question; name the run."""
    await walk.command(walk.ben, "start week")
    await walk.press(walk.ben, "coasting")
    return RunId((await rows(walk.database, "SELECT run_id FROM answers"))[0][0])


async def comment(walk: Walk, run: RunId) -> None:
    """Let Ada write on her pages."""
    who = Identity("slack", "T1", "UADA")
    event = AnswerCommented(
        id=EventId("browser/web/one"), at=walk.hands(), who=who, run=run, key="hard", text="What made it easy?"
    )
    await walk.house.inbox.accept(event)
    await walk.house.settle()


@both
async def test_a_comment_is_answered_back_in_a_window_and_ada_gets_the_words(walk: Walk) -> None:
    await comment(walk, await answered(walk))
    assert "What made it easy?" in walk.ben.words()
    assert {"Write back", "Thanks, settled"} <= set(walk.ben.labels())
    await walk.press(walk.ben, "Write back")
    assert walk.ben.modal is not None
    assert await walk.send(walk.ben, {"Your words": "I had done it before."}) == {}
    assert "I had done it before." in walk.ada.words()
    assert "Ben wrote back about this answer:" in walk.ada.words()
    await walk.press(walk.ada, "Thanks, settled")
    assert await rows(walk.database, "SELECT resolved_by FROM threads") == [("ada",)]


@both
async def test_ada_writes_and_reads_from_the_list_and_from_her_page(walk: Walk) -> None:
    await answered(walk)
    await walk.command(walk.ada, "review", channel="C1")
    await walk.press(walk.ada, "Write")
    await walk.send(walk.ada, {"Your words": "What made it easy?"})
    assert "What made it easy?" in walk.ben.words()
    await walk.pick(walk.ben, "a picture")
    await walk.open_home(walk.ada)
    await walk.press(walk.ada, "Read", "home")
    assert "It counts as read now" in walk.ada.words("modal")
    assert "Read" not in walk.ada.labels("home")
    assert await rows(walk.database, "SELECT read_by FROM readings") == [("ada",)]


@both
async def test_an_adult_is_called_and_says_that_they_go(walk: Walk) -> None:
    await walk.command(walk.ben, "talk to an adult")
    await walk.press(walk.ben, "Say that I want to talk")
    await walk.house.tick()
    assert "Ben wants to talk to an adult" in walk.ada.words()
    await walk.press(walk.ada, "I go to them")
    assert "Ada has read that you want to talk, and will come to you." in walk.ben.words()
