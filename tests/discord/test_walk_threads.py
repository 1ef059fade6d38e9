"""A comment on its way through Discord: it reaches who may be written to, is answered back in a window, and settled."""

from bot.core.events import EventId
from bot.core.people import Identity
from bot.core.review import AnswerCommented
from bot.core.runs import RunId
from tests.discord.house import Walk
from tests.discord.looking import holding, privately
from tests.stage import rows


async def answered(walk: Walk) -> RunId:
    """Let both be written to directly, and Ben answer one question; name the run."""
    for person in (walk.ada, walk.ben):
        await walk.run(person, "message-me")
    await walk.run(walk.ben, "start", flow="week")
    await walk.press(walk.ben, "at my edge")
    return RunId((await rows(walk.database, "SELECT run_id FROM answers"))[0][0])


async def comment(walk: Walk, run: RunId) -> None:
    """Let Ada write on her pages."""
    who = Identity("discord", "@me", walk.ada.id)
    event = AnswerCommented(
        id=EventId("browser/web/one"), at=walk.hands(), who=who, run=run, key="hard", text="What made it hard?"
    )
    await walk.house.inbox.accept(event)
    await walk.house.settle()


async def test_a_comment_is_answered_back_in_a_window_and_ada_gets_the_words(walk: Walk) -> None:
    await comment(walk, await answered(walk))
    assert "What made it hard?" in walk.ben.sees()
    await walk.ben.press("Write back", on=holding(walk.ben, "What made it hard?"))
    await walk.house.settle()
    await walk.send(walk.ben, {"Your words": "The hinge would not hold."})
    assert "Ben Okoro wrote back about this answer:" in walk.ada.sees()
    assert "The hinge would not hold." in walk.ada.sees()
    await walk.ada.press("Thanks, settled", on=holding(walk.ada, "The hinge would not hold."))
    await walk.house.settle()
    assert len(await rows(walk.database, "SELECT 1 FROM threads WHERE resolved_at IS NOT NULL")) == 1


async def test_ada_writes_and_reads_from_the_list(walk: Walk) -> None:
    await answered(walk)
    await walk.run(walk.ada, "review")
    await walk.press(walk.ada, "Write")
    await walk.send(walk.ada, {"Your words": "What made it hard?"})
    assert "What made it hard?" in walk.ben.sees()
    await walk.choose(walk.ben, "a picture")
    await walk.run(walk.ada, "review")
    assert "It counts as read now" in await walk.press(walk.ada, "Read")
    assert len(await rows(walk.database, "SELECT 1 FROM readings WHERE read_at IS NOT NULL")) == 1


async def test_an_adult_is_called_and_says_that_they_go(walk: Walk) -> None:
    await answered(walk)
    await walk.run(walk.ben, "talk-to-an-adult")
    await walk.press(walk.ben, "Say that I want to talk")
    await walk.house.tick()
    assert "Ben Okoro wants to talk to an adult" in walk.ada.sees()
    await walk.ada.press("I go to them", on=holding(walk.ada, "wants to talk to an adult"))
    await walk.house.settle()
    assert "has read that you want to talk" in "\n".join([walk.ben.sees(), *privately(walk.ben)])
