"""What users of other bots asked for about answering: later, earlier, once more, and a copy of it."""

from tests.asks.planning import first, plan, read
from tests.runner.term import CLASS, Term, dated, days, on
from tests.slack.flows import HARD, PLAN
from tests.slack.house import Walk
from tests.stage import rows

LATE = "after it closed"


async def test_ask_06_change_what_i_sent(walk: Walk) -> None:
    await walk.command(walk.ben, "start week")
    await walk.press(walk.ben, "coasting")
    await walk.press(walk.ben, "Edit")
    await walk.send(walk.ben, {HARD: "at my edge"})
    mine = await walk.command(walk.ben, "answers")
    assert "at my edge" in mine
    assert "coasting" not in mine
    assert "at my edge" in await walk.command(walk.ada, "review") + walk.ada.words("ephemeral")
    assert "The earlier version is kept too." in walk.ben.words()


async def test_ask_07_late_answers_are_accepted_and_labelled(term: Term) -> None:
    await term.plan(dated(12), reminders=0)
    await term.until(on(13, 8))
    await term.answer_all(1)
    assert LATE not in await read(term, f"/groups/{CLASS}")
    await term.until(on(16, 8) + days(10))
    await term.answer_all(0)
    assert len(term.told(0, "Thanks, Ben.")) == 1
    late, punctual = (await read(term, f"/groups/{CLASS}")).split("<article")[1:]
    assert [reading.count("My words to") for reading in (late, punctual)] == [3, 3]
    assert "Ben 0" in late.partition(LATE)[0]
    assert LATE in late.partition("</header>")[0]
    assert LATE not in punctual


async def test_ask_08_let_me_answer_before_the_set_time(walk: Walk) -> None:
    await plan(walk)
    await first(walk, -days(2))
    await walk.command(walk.ben, "start week form")
    await walk.send(walk.ben, {HARD: "at my edge"})
    await walk.send(walk.ben, {PLAN: "Wait longer"})
    count = len(walk.ben.dm)
    await first(walk)
    await first(walk, days(3))
    assert len(walk.ben.dm) == count, "on Thursday he is not asked again"
    await first(walk, days(7))
    assert len(walk.ben.dm) > count, "a week later he is"
    assert HARD in walk.ben.words()


async def test_ask_09_send_me_a_copy_of_what_i_said(walk: Walk) -> None:
    await walk.command(walk.ben, "start week form")
    await walk.send(walk.ben, {HARD: "at my edge"})
    await walk.send(walk.ben, {PLAN: "Wait longer"})
    copy = await walk.command(walk.ben, "answers") + walk.ben.words("ephemeral")
    for words in (HARD, "at my edge", PLAN, "Wait longer"):
        assert words in copy
    assert "Wait longer" not in await walk.command(walk.ola, "answers") + walk.ola.words("ephemeral")
    assert len(await rows(walk.database, "SELECT DISTINCT person_id FROM answers")) == 1
