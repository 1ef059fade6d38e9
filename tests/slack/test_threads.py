"""Who answers in a thread is asked there; what Slack did not deliver of a thread is found as well."""

from tests.slack.flows import HARD, HELPED, MOMENT
from tests.slack.house import Walk
from tests.stage import rows


def thread(walk: Walk, root: str) -> str:
    """Read what stands in a thread."""
    return " ".join(str(message.blocks) for message in walk.ben.dm if message.thread_ts == root != message.ts)


async def reach_moment(walk: Walk) -> str:
    """Begin, and answer in the thread of the question what helped; answer the thread."""
    await walk.command(walk.ben, "start week")
    await walk.press(walk.ben, "coasting")
    root = next(message.ts for message in walk.ben.dm if HELPED in str(message.blocks))
    await walk.ben.write("silence", thread=root)
    await walk.house.settle()
    return root


async def test_the_next_question_comes_where_the_answer_was_given(walk: Walk) -> None:
    root = await reach_moment(walk)
    assert MOMENT in thread(walk, root)
    assert HARD not in thread(walk, root)
    asked = next(message for message in walk.ben.dm if message.ts == root)
    assert "silence" in str(asked.blocks)
    await walk.ben.write("When the bell rang.", thread=root)
    await walk.house.settle()
    assert ("When the bell rang.",) in await rows(walk.database, "SELECT said FROM answers")


async def test_an_answer_outside_the_thread_counts_as_well(walk: Walk) -> None:
    root = await reach_moment(walk)
    before = thread(walk, root)
    await walk.write(walk.ben, "When the bell rang.")
    assert ("When the bell rang.",) in await rows(walk.database, "SELECT said FROM answers")
    assert thread(walk, root) == before


async def test_what_was_lost_of_a_thread_is_found(walk: Walk) -> None:
    root = await reach_moment(walk)
    walk.slack.drop_events = True
    await walk.ben.write("When the bell rang.", thread=root)
    walk.slack.drop_events = False
    await walk.house.adapter.sweep()
    await walk.house.settle()
    assert ("When the bell rang.",) in await rows(walk.database, "SELECT said FROM answers")


async def test_a_lost_answer_of_slacks_in_a_thread_posts_nothing_twice(walk: Walk) -> None:
    await walk.command(walk.ben, "start week")
    await walk.press(walk.ben, "coasting")
    root = next(message.ts for message in walk.ben.dm if HELPED in str(message.blocks))
    walk.slack.faults.lose_answer("chat.postMessage")
    await walk.ben.write("silence", thread=root)
    await walk.house.settle()
    await walk.house.move(minutes=1)
    assert sum(MOMENT in str(message.blocks) for message in walk.ben.dm) == 1
