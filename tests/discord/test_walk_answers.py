"""Answers of every kind and length, and words that try to be more than words."""

import re

import pytest

from bot.flows.library import read as read_flow
from tests.discord.flows import HARD, MOMENT
from tests.discord.house import Walk, publish
from tests.discord.looking import answered, buttons, labels_of_modal, posts, privately, said
from tests.discord.person import Person

TRIED = "What have you tried in your work so far?"
UNCLEAR = "What would make your next step in your work clear?"
MONITOR = "monitor-work"
HOSTILE = [
    "@everyone @here <@900000000000000003> <@&1> <#700000000000000001>",
    "*bold* _slanted_ ~~gone~~ `code` ```more``` ||hidden||",
    "# heading",
    "-# small",
    "> quoted",
    "- listed 1. counted",
    "[a link](https://evil.example/?a=1&b=2)",
    "</mull start:1> <t:1700000000:R> :tada: <:x:1>",
    "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe مرحبا بالعالم",
    "{first_name} {0} %s \\u0041 \\*",
]
LONG = ("a long answer with *stars* in it " * 125)[:3_999] + "!"


WIDE = read_flow(
    f"""
flow: wide
title: Wide menus
band: 14-18
settings: [club]
exercises: {{attributes: [voice], phases: [notice]}}
steps:
  - id: way
    ask: Which way did you go?
    choice:
      options:
        - I asked somebody who had built one before me
        - I drew it first on the back of an old map
        - I began
  - id: part
    ask: Which part was hard?
    choice: {{options: [{", ".join(f"part {n}" for n in range(1, 13))}]}}
  - id: tools
    ask: Which tools helped?
    choice: {{options: [{", ".join(f"tool {n}" for n in range(1, 13))}], many: true}}
""",
    "wide.yaml",
)


def plain(text: str) -> str:
    """Write words on one line."""
    return " ".join(text.split())


def read(content: str) -> str:
    """Read what a client shows of words that were escaped, on one line: an address loses the signs around it."""
    signs = re.sub(r"\\([^A-Za-z0-9\s])", r"\1", content.replace("\n> ", "\n"))
    return plain(re.sub(r"<(https?://[^>]*)>", r"\1", signs))


def contents(person: Person) -> str:
    """Read the words of all that stands before somebody, as a client shows them."""
    return read("\n".join(message.content for message in person.messages()))


# Several at once.


async def test_several_are_chosen_at_once_in_a_dialogue(walk: Walk) -> None:
    await walk.run(walk.ben, "start", flow=MONITOR)
    assert TRIED in answered(walk.ben)
    await walk.choose(walk.ben, "Read it again", "Ask somebody")
    assert "You said: Read it again, Ask somebody" in answered(walk.ben)
    assert (await said(walk))["way_now"] == "Read it again, Ask somebody"
    assert len(privately(walk.ben)) == 1


async def test_several_are_ticked_in_a_form(walk: Walk) -> None:
    await walk.run(walk.ada, "ask", flow=MONITOR)
    await walk.press(walk.ben, "Reflect now")
    [tried, *_] = labels_of_modal(walk.ben)
    await walk.send(walk.ben, {tried: ["Read it again", "Ask somebody"]})
    assert (await said(walk))["way_now"] == "Read it again, Ask somebody"


async def test_a_question_that_depends_on_an_answer_comes_in_the_next_part(walk: Walk) -> None:
    await walk.run(walk.ada, "ask", flow=MONITOR)
    await walk.press(walk.ben, "Reflect now")
    assert UNCLEAR not in answered(walk.ben)
    await walk.send(walk.ben, {"How clear is your next step right now?": "not clear"})
    await walk.press(walk.ben, "Next part")
    assert UNCLEAR in answered(walk.ben)


# Words that try to be more.


@pytest.mark.parametrize("text", HOSTILE)
async def test_an_answer_is_shown_as_it_was_written_wherever_it_stands(walk: Walk, text: str) -> None:
    await walk.run(walk.ben, "start", flow="week")
    await walk.press(walk.ben, "Skip")
    await walk.press(walk.ben, "Skip")
    await walk.press(walk.ben, "Write your answer")
    await walk.send(walk.ben, {"Your answer": text})
    assert plain(text) in contents(walk.ben)
    for person, sub in ((walk.ben, "answers"), (walk.ada, "review")):
        await walk.run(person, sub)
        assert plain(text) in contents(person)
    assert (await said(walk))["moment"] == text
    assert posts(walk) == []


@pytest.mark.parametrize("text", HOSTILE)
async def test_an_answer_by_direct_message_is_shown_as_it_was_written(walk: Walk, text: str) -> None:
    await walk.run(walk.ben, "help")
    await walk.ben.run("mull", "start", where="dm", flow="week")
    await walk.house.settle()
    for _ in range(2):
        await walk.ben.press("Skip", where="dm")
        await walk.house.settle()
    await walk.write(walk.ben, text)
    question = next(message for message in walk.ben.dm if message.content.startswith(MOMENT))
    assert plain(text) in read(question.content)


@pytest.mark.parametrize("name", ["**Ben** @everyone", "# Ben <@&1>", "[Ben](https://x.example) `x`"])
async def test_a_name_is_shown_as_it_is(walk: Walk, name: str) -> None:
    await walk.discord.changes.set_nick(walk.guild, walk.ben.id, name[:32])
    await walk.run(walk.ben, "start", flow="week")
    assert f"Hello {plain(name).split()[0]}" in contents(walk.ben)
    await walk.press(walk.ben, "coasting")
    await walk.run(walk.ada, "review")
    assert plain(name)[:32] in contents(walk.ada)


# Long ones.


async def test_a_long_answer_is_kept_whole_and_split_where_it_is_shown(walk: Walk) -> None:
    await walk.run(walk.ben, "start", flow="week")
    await walk.press(walk.ben, "Skip")
    await walk.press(walk.ben, "Skip")
    await walk.press(walk.ben, "Write your answer")
    await walk.send(walk.ben, {"Your answer": LONG})
    assert (await said(walk))["moment"] == LONG
    walk.ben.restart()
    await walk.run(walk.ben, "answers")
    assert plain(LONG) in contents(walk.ben)
    assert all(len(message.content) <= 2_000 for message in walk.ben.messages())
    await walk.run(walk.ada, "review")
    assert all(len(message.content) <= 2_000 for message in walk.ada.messages())


async def test_a_long_question_and_answer_settle_in_their_one_message(walk: Walk) -> None:
    await walk.run(walk.ben, "help")
    await walk.ben.run("mull", "start", where="dm", flow="week")
    await walk.house.settle()
    for _ in range(2):
        await walk.ben.press("Skip", where="dm")
        await walk.house.settle()
    await walk.write(walk.ben, LONG[:1_990])
    assert (await said(walk))["moment"] == LONG[:1_990]
    assert len([message for message in walk.ben.dm if message.content.startswith(MOMENT)]) == 1
    assert HARD in walk.ben.sees("dm")


# Wide menus.


async def test_options_with_many_words_and_many_options_stay_within_what_a_phone_shows(walk: Walk) -> None:
    await publish(walk.database, WIDE)
    await walk.run(walk.ben, "start", flow="wide")
    shown = answered(walk.ben)
    assert "1 · I asked somebody who had built one before me" in shown
    assert buttons(walk.ben)[0].startswith("1 · I asked somebody who had built")
    await walk.press(walk.ben, buttons(walk.ben)[1])
    assert (await said(walk))["way"] == "I drew it first on the back of an old map"
    assert answered(walk.ben).splitlines()[-1].startswith("{Something else: ")
    await walk.choose(walk.ben, "part 11")
    await walk.choose(walk.ben, "tool 3", "tool 11")
    assert await said(walk) | {"way": ""} == {"way": "", "part": "part 11", "tools": "tool 3, tool 11"}
    assert len(privately(walk.ben)) == 1


async def test_the_same_as_a_form(walk: Walk) -> None:
    await publish(walk.database, WIDE)
    await walk.run(walk.ada, "ask", flow="wide")
    await walk.press(walk.ben, "Reflect now")
    assert labels_of_modal(walk.ben)[0] == "Which way did you go?"
    await walk.send(walk.ben, {"Which way did you go?": "I drew it first on the back of an old map"})
    assert (await said(walk))["way"] == "I drew it first on the back of an old map"
