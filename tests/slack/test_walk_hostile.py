"""Names and answers that try to be more than text: on every surface they are shown as they were written."""

from functools import partial

import pytest

from bot.adapters.slack.inbound import plain
from bot.core.people import PersonId
from bot.storage.groups import change_group
from bot.storage.people import rename_person
from tests.slack.flows import HARD, HELPED, MOMENT, PLAN
from tests.slack.house import MODES, TEAM, Walk
from tests.stage import rows

both = pytest.mark.parametrize("walk", MODES, indirect=True)
HOSTILE = [
    "<!channel> <!here|all> @everyone",
    "*bold* _slanted_ ~gone~ `code` ```more```",
    "<@UADA> <#C1> <!subteam^S1>",
    "<https://evil.example/?a=1&b=2> & &lt;b&gt;",
    "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe",
    "مرحبا بالعالم",
    ":tada: :skull:",
    "> quoted\n- listed\n1. counted",
    "{first_name} {0} %s \\u0041",
]
LONG = ("a long answer " * 715)[:9_999] + "!"


def shown(text: str) -> str:
    """Write a text as it is read on a page, whatever its lines."""
    return " ".join(text.split())


@both
@pytest.mark.parametrize("text", HOSTILE)
async def test_an_answer_is_shown_as_it_was_written_wherever_it_stands(walk: Walk, text: str) -> None:
    await walk.command(walk.ben, "start week")
    await walk.press(walk.ben, "Skip")
    await walk.write(walk.ben, text)
    await walk.write(walk.ben, text)
    assert shown(text) in shown(walk.ben.words())
    await walk.command(walk.ben, "answers", channel="C1")
    await walk.command(walk.ada, "review", channel="C1")
    for person, where in ((walk.ben, "ephemeral"), (walk.ada, "ephemeral")):
        assert shown(text) in shown(person.words(where))
    for person in (walk.ben, walk.ada):
        assert shown(text) in shown(await walk.open_home(person))
    await walk.press(walk.ben, "Edit", "dm")
    assert shown(text) in shown(walk.ben.words("modal"))
    said = await rows(walk.database, "SELECT said FROM answers WHERE key = 'moment'")
    assert [shown(one) for (one,) in said] == [shown(text)]


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_name_is_shown_as_it_is_wherever_it_stands(walk: Walk, text: str) -> None:
    name = shown(text)[:40]
    for known in map(PersonId, ("ada", "ben", "ola")):
        await walk.database.write(partial(rename_person, person=known, name=name))
    await walk.command(walk.ben, "start week")
    assert f"Hello {name.split()[0]}." in walk.ben.words()
    assert f"{name} will read this." in walk.ben.words()
    await walk.press(walk.ben, "coasting")
    for word in ("help", "who reads this", "settings", "leave", "talk to an adult"):
        await walk.command(walk.ben, word, channel="C1")
    assert name in walk.ben.words("ephemeral")
    await walk.command(walk.ada, "review", channel="C1")
    assert name in walk.ada.words("ephemeral")
    for person in (walk.ben, walk.ada, walk.ola):
        await walk.open_home(person)
    assert name in walk.ada.words("home")


@pytest.mark.parametrize("text", HOSTILE)
async def test_words_after_the_command_are_said_back_as_they_were_written(walk: Walk, text: str) -> None:
    said = await walk.command(walk.ben, text, channel="C1")
    assert said.startswith("I don't know “")
    assert shown(plain(text))[:9] in walk.ben.words("ephemeral")
    await walk.command(walk.ben, f"start {text}", channel="C1")
    await walk.command(walk.ben, f"pause until {text}", channel="C1")
    await walk.command(walk.ben, f"note {text}", channel="C1")
    await walk.command(walk.ada, f"group {text}", channel="C1")
    await walk.command(walk.ben, f"edit {text} {text}", channel="C1")
    await walk.command(walk.ben, f"answers before {text}", channel="C1")
    assert walk.slack.posts_to("C1") == []


@both
async def test_a_long_answer_is_kept_whole_and_shown_within_slacks_limits(walk: Walk) -> None:
    await walk.command(walk.ben, "start week")
    await walk.press(walk.ben, "Skip")
    await walk.press(walk.ben, "Skip")
    await walk.write(walk.ben, LONG)
    await walk.write(walk.ben, LONG + "!")
    assert "That is 10,001 characters; I can keep 10,000." in walk.ben.words()
    await walk.write(walk.ben, LONG)
    assert await rows(walk.database, "SELECT said FROM answers WHERE key = 'moment'") == [(LONG,)]
    await walk.command(walk.ben, "answers", channel="C1")
    await walk.command(walk.ada, "review", channel="C1")
    await walk.open_home(walk.ben)
    await walk.open_home(walk.ada)
    await walk.press(walk.ben, "Edit", "dm")
    assert walk.ben.modal is not None


@both
async def test_a_form_takes_the_same(walk: Walk) -> None:
    for text in HOSTILE:
        await walk.command(walk.ben, "start form week")
        given = {HARD: "coasting", "In my own words": text, MOMENT: text}
        assert await walk.send(walk.ben, dict(given)) == {}
        assert await walk.send(walk.ben, {PLAN: text}) == {}
        assert walk.ben.modal is None
    said = {one for (one,) in await rows(walk.database, "SELECT said FROM answers WHERE key = 'plan'")}
    assert {shown(one) for one in said} == {shown(text) for text in HOSTILE}
    await walk.command(walk.ben, "answers", channel="C1")
    assert HELPED in walk.ben.words("ephemeral")


@pytest.mark.parametrize(
    "forged", ["answer", "do:1", "control:x:y:z", "pick:::", "ticks:a:b:c:d", "\N{COLLISION SYMBOL}"]
)
async def test_a_button_mull_never_made_gets_a_kind_line(walk: Walk, forged: str) -> None:
    await walk.command(walk.ben, "start week")
    button = next(e for block in walk.ben.dm[-1].blocks for e in block.get("elements", []) if e["type"] == "button")
    button |= {"action_id": forged, "value": "edit x y"}
    await walk.ben.press(forged, walk.ben.dm[-1])
    await walk.house.settle()
    assert walk.ben.ephemerals[-1].text == "That is not yours to answer."
    assert await rows(walk.database, "SELECT 1 FROM answers") == []


@both
async def test_a_form_of_somebody_else_changes_nothing_of_theirs(walk: Walk) -> None:
    await walk.command(walk.ben, "start form week")
    assert walk.ben.modal is not None
    walk.slack.world.modals["UADA"] = [walk.ben.modal]
    await walk.send(walk.ada, {HARD: "coasting"})
    assert await rows(walk.database, "SELECT 1 FROM answers") == []


async def test_a_group_may_be_called_anything(walk: Walk) -> None:
    name = "<!channel> *all* <@UADA>"
    await walk.database.write(lambda connection: change_group(connection, TEAM, {"name": name}))
    for word in ("leave", "settings", "who reads this"):
        await walk.command(walk.ben, word, channel="C1")
    assert f"Leave “{name}”?" in walk.ben.words("ephemeral")
    await walk.open_home(walk.ada)
    assert name in walk.ada.words("home")
