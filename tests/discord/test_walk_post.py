"""A club is asked in its channel: one post for all, and whoever presses answers where nobody else looks."""

from datetime import timedelta

from bot.flows.phrases import ENGLISH
from tests.discord.flows import DAY, HARD, HELPED, MOMENT, PLAN
from tests.discord.house import Walk
from tests.discord.looking import (
    answered,
    buttons,
    in_channel,
    labels_of_modal,
    members,
    posts,
    privately,
    said,
)
from tests.stage import rows

OWN = "In my own words"
SLIP = "after the holidays"
WEEKLY = "weekly-check-in"


async def ask(walk: Walk, flow: str = "week") -> None:
    """Let Ada ask the club."""
    await walk.run(walk.ada, "ask", flow=flow)


async def fill_in(walk: Walk) -> None:
    """Let Ben press, answer both parts, and be done."""
    await walk.press(walk.ben, "Reflect now")
    await walk.send(walk.ben, {HARD: "at my edge", OWN: "tea"})
    await walk.press(walk.ben, "Next part")
    await walk.send(walk.ben, {MOMENT: "the bell", DAY: "Friday", PLAN: "Wait longer"})


# The post.


async def test_one_post_says_who_asks_what_and_who_reads_and_pings_nobody(walk: Walk) -> None:
    await ask(walk)
    [post] = posts(walk)
    assert post.startswith("**Our week**\nAda Lindqvist asks: Five questions about your week.")
    assert "Ada Lindqvist reads your answers, with your name." in post
    assert f"<t:{int((walk.hands() + timedelta(days=7)).timestamp())}:" in post
    assert post.endswith("[Reflect now] [Who reads this?]")
    assert walk.ben.private == walk.cy.private == walk.ben.dm == walk.cy.dm == []
    assert walk.discord.calls_of("create_dm") == []


async def test_who_does_not_lead_asks_nobody(walk: Walk) -> None:
    for person in (walk.ben, walk.cy):
        assert "Asking a group is for those who lead it." in await walk.run(person, "ask", flow="week")
    assert posts(walk) == []


async def test_who_reads_this_is_said_for_ones_own_eyes(walk: Walk) -> None:
    await ask(walk)
    await walk.press(walk.cy, "Who reads this?")
    assert answered(walk.cy).startswith("Ada Lindqvist can read your answers and write back.")
    assert walk.cy.private
    assert len(posts(walk)) == 1


# The form, part by part.


async def test_parts_follow_each_other_in_one_message_until_it_is_done(walk: Walk) -> None:
    await ask(walk)
    await walk.press(walk.ben, "Reflect now")
    assert labels_of_modal(walk.ben) == [HARD, HELPED, OWN]
    await walk.send(walk.ben, {HARD: "at my edge", HELPED: "a friend"})
    [card] = privately(walk.ben)
    assert card.splitlines() == [
        "**Our week**",
        "That part is saved. The next part: 3 questions, about 1 minute.",
        "-# Ada Lindqvist will read this.",
        "[Next part] [Later today] [Who reads this?]",
    ]
    await walk.press(walk.ben, "Next part")
    assert labels_of_modal(walk.ben) == [MOMENT, DAY, PLAN]
    await walk.send(walk.ben, {MOMENT: "the bell", DAY: "Friday", PLAN: "Wait longer"})
    assert privately(walk.ben) == ["-# Our week\nDone.\n\nThank you, Ben. Ada Lindqvist reads this."]
    assert await said(walk) == {
        "hard": "at my edge",
        "helped": "a friend",
        "moment": "the bell",
        "day": "2026-03-13",
        "plan": "Wait longer",
    }


async def test_the_form_says_what_it_says_between_questions_once(walk: Walk) -> None:
    await ask(walk)
    await walk.press(walk.ben, "Reflect now")
    shown = answered(walk.ben).splitlines()
    assert shown[:2] == ["Our week", "Hello Ben."]
    assert [line for line in shown[2:6] if line] == [ENGLISH.what_this_is, HARD, "Ada Lindqvist will read this."]
    assert shown.count("Hello Ben.") == shown.count("Ada Lindqvist will read this.") == 1


async def test_ones_own_words_go_before_a_menu(walk: Walk) -> None:
    await ask(walk)
    await walk.press(walk.ben, "Reflect now")
    await walk.send(walk.ben, {HELPED: "a walk", OWN: "tea, and then a walk"})
    assert (await said(walk))["helped"] == "tea, and then a walk"


async def test_a_slip_comes_back_with_its_words_and_the_rest_is_kept(walk: Walk) -> None:
    await ask(walk)
    await walk.press(walk.ben, "Reflect now")
    await walk.send(walk.ben, {})
    await walk.press(walk.ben, "Next part")
    await walk.send(walk.ben, {MOMENT: "the bell", DAY: SLIP, PLAN: "Wait longer"})
    [card] = privately(walk.ben)
    assert "Which day? For example 2026-03-13, or just the name of the day." in card
    assert f"You wrote: {SLIP}" in card
    assert (await said(walk))["moment"] == "the bell"
    await walk.press(walk.ben, "Change it")
    assert labels_of_modal(walk.ben) == [DAY]
    assert walk.ben.modal is not None
    assert walk.ben.modal.values == {"day": SLIP}
    await walk.send(walk.ben, {DAY: "Friday"})
    assert "Done." in answered(walk.ben)
    assert (await said(walk))["day"] == "2026-03-13"


async def test_who_closes_the_form_goes_on_where_they_were_and_is_not_nagged(walk: Walk) -> None:
    await ask(walk)
    await walk.press(walk.ben, "Reflect now")
    walk.ben.close_modal()
    await walk.house.settle()
    assert privately(walk.ben) == []
    await walk.press(walk.ben, "Reflect now")
    await walk.send(walk.ben, {HARD: "at my edge"})
    walk.ben.restart()
    await walk.press(walk.ben, "Reflect now")
    assert labels_of_modal(walk.ben) == [MOMENT, DAY, PLAN]
    assert len(await rows(walk.database, "SELECT 1 FROM runs")) == 1


async def test_a_press_after_the_end_begins_nothing(walk: Walk) -> None:
    await ask(walk)
    await fill_in(walk)
    await walk.press(walk.ben, "Reflect now")
    assert answered(walk.ben) == "That one is finished. You can still change what you said.\n[My answers]"
    assert len(await rows(walk.database, "SELECT 1 FROM runs")) == 1


async def test_the_form_sent_twice_is_kept_once(walk: Walk) -> None:
    await ask(walk)
    await walk.press(walk.ben, "Reflect now")
    await walk.send(walk.ben, {HARD: "at my edge"})
    await walk.press(walk.ben, "Next part")
    await walk.send(walk.ben, {PLAN: "Wait longer"})
    before = privately(walk.ben)
    await walk.ben.redeliver()
    await walk.house.settle()
    assert privately(walk.ben) == before
    assert len(await rows(walk.database, "SELECT 1 FROM answers")) == 5


async def test_a_form_that_was_open_while_mull_began_anew_is_kept(walk: Walk) -> None:
    await ask(walk)
    await walk.press(walk.ben, "Reflect now")
    await walk.restart()
    await walk.house.move(days=2)
    await walk.send(walk.ben, {HARD: "at my edge", HELPED: "a friend"})
    assert await said(walk) == {"hard": "at my edge", "helped": "a friend"}
    assert "[Next part]" in answered(walk.ben)


async def test_cy_cannot_send_bens_form(walk: Walk) -> None:
    await ask(walk)
    await walk.press(walk.ben, "Reflect now")
    assert walk.ben.modal is not None
    walk.discord.interactions.modals[walk.cy.id] = walk.ben.modal
    await walk.send(walk.cy, {HARD: "coasting"})
    assert answered(walk.cy) == "That is not yours to answer."
    assert await said(walk) == await said(walk, "Cy Park") == {}


# One by one.


async def test_one_by_one_is_remembered_for_the_next_prompt(walk: Walk) -> None:
    await walk.run(walk.ben, "settings")
    await walk.press(walk.ben, "Ask one by one")
    assert answered(walk.ben) == "From now on you get one question at a time."
    await ask(walk)
    await walk.press(walk.ben, "Reflect now")
    assert walk.ben.modal is None
    assert HARD in answered(walk.ben)
    assert buttons(walk.ben) == ["coasting", "a little hard", "at my edge", "Can't say", "Skip"]
    assert len(posts(walk)) == 1


# Afterwards.


async def test_answers_are_read_and_changed_by_a_command(walk: Walk) -> None:
    await ask(walk)
    await fill_in(walk)
    walk.ben.restart()
    await walk.run(walk.ben, "answers")
    assert "> at my edge" in answered(walk.ben)
    await walk.choose(walk.ben, HARD)
    assert labels_of_modal(walk.ben) == [HARD]
    await walk.send(walk.ben, {HARD: "coasting"})
    assert "Changed. The earlier version is kept too." in answered(walk.ben)
    assert (await said(walk))["hard"] == "coasting"


async def test_an_answer_sent_back_blank_is_taken_back(walk: Walk) -> None:
    await ask(walk)
    await fill_in(walk)
    await walk.run(walk.ben, "answers")
    await walk.choose(walk.ben, MOMENT)
    assert walk.ben.modal is not None
    assert walk.ben.modal.values == {"moment": "the bell"}
    await walk.send(walk.ben, {MOMENT: ""})
    assert "Taken back" in answered(walk.ben)
    assert (await said(walk))["moment"] == ""


async def test_a_closed_post_still_takes_late_answers(walk: Walk) -> None:
    await ask(walk)
    await walk.house.move(days=7, hours=1)
    [post] = posts(walk)
    assert "This one is closed. Late answers are welcome." in post
    assert post.endswith("[Answer now]")
    await walk.press(walk.ben, "Answer now")
    assert labels_of_modal(walk.ben) == [HARD, HELPED, OWN]
    await walk.send(walk.ben, {HARD: "coasting"})
    assert await said(walk) == {"hard": "coasting", "helped": ""}


async def test_a_club_in_a_thread_is_asked_in_the_thread(fresh: Walk) -> None:
    thread = await fresh.discord.changes.create_channel(fresh.discord.add_thread(fresh.channel, name="open talk"))
    await fresh.set_up(channel=thread.id, zone="Europe/Berlin")
    await fresh.run(fresh.ada, "ask", flow="week")
    assert (len(posts(fresh, thread)), posts(fresh)) == (1, [])
    await fill_in(fresh)
    assert await members(fresh) == ["Ben Okoro"]
    assert (await said(fresh))["plan"] == "Wait longer"
    await fresh.house.move(days=7, hours=1)
    assert "Late answers are welcome." in posts(fresh, thread)[0]


async def test_nobody_else_sees_who_pressed_or_what_was_said(walk: Walk) -> None:
    await ask(walk)
    await fill_in(walk)
    await walk.run(walk.ben, "answers")
    await walk.house.move(days=8)
    for person in (walk.cy, walk.ada):
        shown = person.sees()
        assert not any(one in shown for one in ("Ben", "at my edge", "tea", "the bell", "Wait longer"))
    assert in_channel(walk, walk.cy) == posts(walk)


async def test_the_advisor_reads_who_answered_and_cy_does_not(walk: Walk) -> None:
    await ask(walk)
    await fill_in(walk)
    await walk.run(walk.ada, "review")
    assert "Ben Okoro" in answered(walk.ada)
    assert "at my edge" in answered(walk.ada)
    await walk.run(walk.cy, "review")
    assert answered(walk.cy).startswith("Review is for facilitators")
    assert "Ben" not in walk.cy.sees()
