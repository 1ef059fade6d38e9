"""Words that mean Mull itself also without its command; where a question is open they are its answer."""

from tests.slack.house import Walk
from tests.stage import count, rows


async def test_start_in_the_conversation_begins_and_is_never_an_answer(walk: Walk) -> None:
    await walk.ben.write("start")
    await walk.house.settle()
    assert "Skip" in walk.ben.labels()
    assert await walk.house.adapter.sweep() >= 0
    await walk.house.settle()
    assert await count(walk.house.database, "answers") == 0


async def test_the_same_words_four_times_are_answered_once(walk: Walk) -> None:
    await walk.ben.write("hi")
    await walk.house.settle()
    said = walk.ben.words()
    assert "Start" in walk.ben.labels()
    for _ in range(3):
        await walk.slack.redeliver(walk.slack.delivered[-1], "http_timeout")
        await walk.house.settle()
    assert walk.ben.words() == said


async def test_while_a_question_is_open_they_answer_it(walk: Walk) -> None:
    await walk.ben.write("start")
    await walk.house.settle()
    await walk.ben.write("Hello.")
    await walk.house.settle()
    assert await rows(walk.house.database, "SELECT said FROM answers") == [("Hello.",)]
