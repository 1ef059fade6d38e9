"""A check-in question by question, in one message that only one person sees."""

import pytest

from bot.flows.phrases import ENGLISH
from tests.discord.flows import DAY, HARD, HELPED, MOMENT, PLAN
from tests.discord.house import Walk
from tests.discord.looking import answered, buttons, labels_of_modal, lines, posts, privately, said
from tests.discord.world import Message
from tests.stage import rows

NOT_YOURS = "That is not yours to answer."
OLD = "That question is closed. You can change what you said among your answers."
SELECT = "{Something else: Later today | Tomorrow | Stop here | Who reads this? | Pause …}"
FIRST = ["coasting", "a little hard", "at my edge", "Can't say", "Skip"]


async def begin(walk: Walk) -> Message:
    """Let Ben begin; answer the message that the dialogue is in."""
    await walk.run(walk.ben, "start", flow="week")
    return walk.ben.private[-1]


def ids(message: Message) -> dict[str, str]:
    """List the controls of a message by their labels."""
    parts = [part for row in message.components for part in row["components"]]
    return {part.get("label") or part.get("placeholder"): part["custom_id"] for part in parts}


# One message that changes.


async def test_every_kind_of_question_is_answered_in_one_message(walk: Walk) -> None:
    dialogue = await begin(walk)
    assert answered(walk.ben).splitlines() == [
        "Hello Ben.",
        "",
        "-# Our week",
        f"**{HARD}**",
        f"-# {ENGLISH.what_this_is}",
        "-# Ada Lindqvist will read this.",
        "[coasting] [a little hard] [at my edge] [Can't say]",
        "[Skip]",
        SELECT,
    ]
    await walk.press(walk.ben, "a little hard")
    assert answered(walk.ben).startswith(f"-# {HARD}\nYou said: a little hard\n\n**{HELPED}**")
    await walk.choose(walk.ben, "a friend")
    assert f"Now the moment itself.\n\n**{MOMENT}**" in answered(walk.ben)
    await walk.press(walk.ben, "Write your answer")
    assert MOMENT in answered(walk.ben)
    await walk.send(walk.ben, {"Your answer": "When the *glue* gave way @everyone"})
    await walk.press(walk.ben, "Write the day")
    await walk.send(walk.ben, {"Your answer": "Friday"})
    assert f"**{PLAN}**" in answered(walk.ben)
    await walk.press(walk.ben, "Write your answer")
    await walk.send(walk.ben, {"Your answer": "Wait longer"})
    assert [message.id for message in walk.ben.private] == [dialogue.id]
    assert answered(walk.ben).endswith("Thank you, Ben. Ada Lindqvist reads this.\n[Edit]")
    assert await said(walk) == {
        "hard": "a little hard",
        "helped": "a friend",
        "moment": "When the *glue* gave way @everyone",
        "day": "2026-03-13",
        "plan": "Wait longer",
    }
    assert posts(walk) == []
    assert walk.cy.messages() == []


async def test_ones_own_words_beside_a_menu_are_written_in_a_modal(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "Skip")
    await walk.press(walk.ben, "In my own words")
    await walk.send(walk.ben, {"Your answer": "tea"})
    assert (await said(walk))["helped"] == "tea"
    assert len(walk.ben.private) == 1


async def test_a_slip_is_answered_in_place_and_the_question_stays(walk: Walk) -> None:
    await begin(walk)
    for _ in range(3):
        await walk.press(walk.ben, "Skip")
    await walk.press(walk.ben, "Write the day")
    await walk.send(walk.ben, {"Your answer": "after the holidays"})
    [shown] = privately(walk.ben)
    assert shown.startswith("Which day? For example 2026-03-13, or just the name of the day.")
    assert f"**{DAY}**" in shown
    await walk.press(walk.ben, "Write the day")
    assert walk.ben.modal is not None
    assert walk.ben.modal.values == {"text": "after the holidays"}
    await walk.send(walk.ben, {"Your answer": "Friday"})
    assert (await said(walk))["day"] == "2026-03-13"


async def test_the_last_answer_is_changed_in_place(walk: Walk) -> None:
    await begin(walk)
    for _ in range(4):
        await walk.press(walk.ben, "Skip")
    await walk.press(walk.ben, "Write your answer")
    await walk.send(walk.ben, {"Your answer": "Wait longr"})
    await walk.press(walk.ben, "Edit")
    assert labels_of_modal(walk.ben) == [PLAN]
    assert walk.ben.modal is not None
    assert walk.ben.modal.values == {"plan": "Wait longr"}
    await walk.send(walk.ben, {PLAN: "Wait longer"})
    assert (await said(walk))["plan"] == "Wait longer"


# What can be said instead.


async def test_skip_and_back_go_to_and_fro(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "Skip")
    assert answered(walk.ben).startswith(f"-# {HARD}\nSkipped.\n\n**{HELPED}**")
    assert buttons(walk.ben) == ["In my own words", "Skip", "Back"]
    await walk.press(walk.ben, "Back")
    assert f"**{HARD}**" in answered(walk.ben)
    assert buttons(walk.ben) == FIRST
    assert len(walk.ben.private) == 1


async def test_later_waits_until_then_and_messages_nobody(walk: Walk) -> None:
    await begin(walk)
    await walk.choose(walk.ben, "Later today")
    assert answered(walk.ben) == "No rush. I'll ask again at 14:40."
    await walk.house.move(hours=2, minutes=55)
    assert (posts(walk), len(walk.ben.private)) == ([], 2)
    await walk.house.move(minutes=10)
    assert posts(walk) == [
        "Something from Mull waits for some of you: Our week.\n[See mine] [Message me too] [Who reads this?]"
    ]
    assert walk.ben.dm == []
    await walk.press(walk.ben, "See mine")
    assert f"**{HARD}**" in privately(walk.ben)[-1]


async def test_tomorrow_waits_until_tomorrow(walk: Walk) -> None:
    await begin(walk)
    await walk.choose(walk.ben, "Tomorrow")
    assert answered(walk.ben).startswith("No rush. I'll ask again tomorrow at ")
    await walk.house.move(hours=20)
    assert posts(walk) == []
    await walk.house.move(hours=10)
    assert len(posts(walk)) == 1


async def test_stop_ends_it_in_place_and_keeps_what_was_said(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "coasting")
    await walk.choose(walk.ben, "Stop here")
    [shown] = privately(walk.ben)
    assert "We stop here. What you wrote is kept. You can begin again whenever you like." in shown
    assert "[Skip]" not in shown
    assert await said(walk) == {"hard": "coasting"}
    await walk.house.move(days=2)
    assert posts(walk) == []


async def test_who_reads_this_is_said_beside_the_question_that_stays(walk: Walk) -> None:
    await begin(walk)
    await walk.choose(walk.ben, "Who reads this?")
    question, aside = privately(walk.ben)
    assert f"**{HARD}**" in question
    assert aside.startswith("Ada Lindqvist will read this. You can skip any question, go back, or stop;")
    await walk.press(walk.ben, "coasting")
    assert await said(walk) == {"hard": "coasting"}


async def test_pause_is_two_presses_away_and_the_question_stays(walk: Walk) -> None:
    await begin(walk)
    await walk.choose(walk.ben, "Pause …")
    assert buttons(walk.ben) == ["1 week", "2 weeks", "Pick a day"]
    await walk.press(walk.ben, "1 week")
    assert answered(walk.ben).startswith("Paused until Fri 13 Mar. I'll be quiet until then, and nothing is lost.")
    await walk.house.move(days=5)
    assert posts(walk) == []
    await walk.press(walk.ben, "coasting")
    assert await said(walk) == {"hard": "coasting"}


async def test_one_nudge_after_a_day_is_a_call_in_the_channel_and_then_silence(walk: Walk) -> None:
    await begin(walk)
    await walk.house.move(hours=25)
    assert len(posts(walk)) == 1
    await walk.house.move(days=6)
    assert len(posts(walk)) == 1
    assert walk.ben.dm == []


# Old buttons, other people's buttons, the same press twice.


async def test_old_buttons_are_answered_kindly_after_a_restart_and_weeks_later(walk: Walk) -> None:
    dialogue = await begin(walk)
    old = ids(dialogue)
    await walk.press(walk.ben, "coasting")
    await walk.restart()
    await walk.house.move(days=21)
    for name in ("at my edge", "Skip"):
        await walk.ben.forge(old[name], on=dialogue)
        await walk.house.settle()
        assert answered(walk.ben) == OLD
    await walk.ben.forge(old["Something else"], on=dialogue, values=["stop"])
    await walk.house.settle()
    assert answered(walk.ben) == OLD
    assert await said(walk) == {"hard": "coasting"}


async def test_the_newest_button_works_after_a_restart_and_weeks_later(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "coasting")
    await walk.restart()
    await walk.house.move(days=21)
    await walk.choose(walk.ben, "a list")
    assert (await said(walk))["helped"] == "a list"
    assert f"**{MOMENT}**" in privately(walk.ben)[0]


async def test_a_post_works_after_a_restart(walk: Walk) -> None:
    await walk.run(walk.ada, "ask", flow="week")
    await walk.restart()
    await walk.press(walk.ben, "Reflect now")
    assert walk.ben.modal is not None


async def test_a_double_press_has_one_effect(walk: Walk) -> None:
    dialogue = await begin(walk)
    press = ids(dialogue)["coasting"]
    await walk.ben.forge(press, on=dialogue, wait=False)
    await walk.ben.forge(press, on=dialogue, wait=False)
    await walk.house.settle()
    assert await said(walk) == {"hard": "coasting"}
    assert await rows(walk.database, "SELECT key FROM answers") == [("hard",)]
    assert f"**{HELPED}**" in privately(walk.ben)[0]


async def test_the_same_press_told_twice_is_kept_once(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "coasting")
    before = privately(walk.ben)
    await walk.ben.redeliver()
    await walk.house.settle()
    assert privately(walk.ben) == before
    assert len(await rows(walk.database, "SELECT 1 FROM answers")) == 1


@pytest.mark.parametrize("label", ["coasting", "Skip", "Something else"])
async def test_somebody_elses_buttons_are_not_cys(walk: Walk, label: str) -> None:
    dialogue = await begin(walk)
    values = ["stop"] if label == "Something else" else None
    await walk.cy.forge(ids(dialogue)[label], on=dialogue, values=values)
    await walk.house.settle()
    assert answered(walk.cy) == NOT_YOURS
    assert await said(walk) == {}
    assert f"**{HARD}**" in privately(walk.ben)[0]


async def test_cy_can_neither_write_into_nor_edit_what_is_bens(walk: Walk) -> None:
    dialogue = await begin(walk)
    await walk.press(walk.ben, "Skip")
    await walk.press(walk.ben, "In my own words")
    await walk.send(walk.ben, {"Your answer": "tea"})
    await walk.cy.forge(ids(dialogue)["Write your answer"], on=dialogue)
    await walk.house.settle()
    if walk.cy.modal is not None:
        await walk.send(walk.cy, {"Your answer": "mine now"})
    assert answered(walk.cy) == NOT_YOURS
    [(run,)] = await rows(walk.database, "SELECT id FROM runs")
    for words in (f"do:edit {run} helped", f"do:open {run}"):
        await walk.cy.forge(words, on=dialogue)
        await walk.house.settle()
        assert answered(walk.cy) == NOT_YOURS
    assert "tea" not in walk.cy.sees()
    assert (await said(walk))["helped"] == "tea"


@pytest.mark.parametrize(
    "forged", ["answer", "answer:x:1:coasting", "control:x:y:z", "pick:::", "write:x:1", "do:", "form:x", "\N{SNOWMAN}"]
)
async def test_a_button_mull_never_made_gets_a_kind_line(walk: Walk, forged: str) -> None:
    dialogue = await begin(walk)
    await walk.ben.forge(forged, on=dialogue)
    await walk.house.settle()
    if walk.ben.modal is not None:
        await walk.send(walk.ben, {"Your answer": "x"})
    assert answered(walk.ben) == NOT_YOURS
    assert await said(walk) == {}


# Nothing lives only in a message.


async def test_nothing_is_lost_with_the_private_message(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "coasting")
    walk.ben.restart()
    assert privately(walk.ben) == []
    await walk.run(walk.ben, "start")
    assert f"**{HELPED}**" in answered(walk.ben)
    await walk.choose(walk.ben, "a list")
    assert await said(walk) == {"hard": "coasting", "helped": "a list"}
    walk.ben.restart()
    await walk.run(walk.ben, "answers")
    assert "> coasting" in answered(walk.ben)


async def test_the_dialogue_goes_on_in_direct_messages(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "coasting")
    await walk.ben.run("mull", "start", where="dm")
    await walk.house.settle()
    assert f"**{HELPED}**" in walk.ben.sees("dm")
    await walk.ben.choose("a list", where="dm")
    await walk.house.settle()
    assert lines(walk.ben.dm[0]) == [f"{HELPED}", "You said: a list", "[Edit]"]
    await walk.write(walk.ben, "When the bell rang")
    assert (await said(walk))["moment"] == "When the bell rang"
