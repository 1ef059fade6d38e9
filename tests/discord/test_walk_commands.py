"""Every command, in the channel and in direct messages, for whoever is in a club and for whoever is not."""

from typing import Any

import pytest

from bot.adapters.discord.commands import SUB_COMMANDS
from tests.discord.flows import HARD
from tests.discord.house import Walk
from tests.discord.looking import answered, buttons, members, posts, said
from tests.discord.person import Person
from tests.discord.world import Channel

JOIN = "You are not in a group yet. Ask whoever leads your team, class or club"
NO_ANSWERS = "Your answers will be here, for you to read and change, once you have answered something."
NOTHING_OPEN = "Nothing is open right now, so there is nothing to put off."
HOW_LONG = "How long shall I be quiet? I start again by myself."
BACK = "Good to have you back. Whatever is open waits for you, no rush."
ON = "I'll write to you directly when something is for you."
OFF = "I won't write to you directly any more."
NONE_LEFT = "There is no group that you left."
ADULT = "You don't have to say why. You can talk to any adult you trust: at home, at school, anywhere."
NOT_REVIEW = "Review is for facilitators: those who lead a group."
NOT_SIGN_IN = "Signing in from here is for those who lead a group."
NOT_PLAN = "Planning what a group is asked is for those who lead it."
NOT_ASK = "Asking a group is for those who lead it."
I_AM = "I'm Mull. I ask a few short questions"

SAID: dict[str, tuple[str, str]] = {
    "start": ("Hi Ben. Ada Lindqvist would like to hear about your work.", JOIN),
    "news": ("Nothing waits for you right now.", JOIN),
    "later": (NOTHING_OPEN, NOTHING_OPEN),
    "tomorrow": (NOTHING_OPEN, NOTHING_OPEN),
    "pause": (HOW_LONG, HOW_LONG),
    "resume": (BACK, BACK),
    "answers": (NO_ANSWERS, NO_ANSWERS),
    "who-reads-this": ("Ada Lindqvist can read your answers and write back.", "Under each question it says who reads"),
    "review": (NOT_REVIEW, NOT_REVIEW),
    "sign-in": (NOT_SIGN_IN, NOT_SIGN_IN),
    "group": ("", ""),  # depends on the channel: see below
    "ask": (NOT_ASK, NOT_ASK),
    "program": (NOT_PLAN, NOT_PLAN),
    "when": ("What your group is asked by itself reaches you when it comes.", JOIN),
    "settings": ("A post in a channel gives you all questions at once;", HOW_LONG),
    "message-me": (ON, ON),
    "no-messages": (OFF, OFF),
    "leave": ("Leave “book-club”? I'll ask you nothing more for it.", "There is no group to leave."),
    "come-back": (NONE_LEFT, NONE_LEFT),
    "talk-to-an-adult": (ADULT, ADULT),
    "help": (
        f"{I_AM} about how you think and work. Ada Lindqvist can read",
        f"{I_AM} about how people think and work.",
    ),
}
"""How the answer to each sub-command begins, for Ben and for Cy."""


def general(walk: Walk) -> Channel:
    """Find the channel that no club follows."""
    return walk.discord.world.channels[walk.guild.channels[0]]


async def run(walk: Walk, person: Person, *subs: str, where: Channel | str, **options: Any) -> str:
    """Let somebody run a sub-command somewhere; answer what it was answered with."""
    await person.run("mull", *subs, where=where, **options)
    await walk.house.settle()
    return answered(person)


def test_no_sub_command_is_left_out() -> None:
    assert set(SAID) == set(SUB_COMMANDS)


@pytest.mark.parametrize("sub", SAID)
async def test_a_sub_command_says_the_same_in_the_channel_and_in_direct_messages(walk: Walk, sub: str) -> None:
    await walk.run(walk.ben, "who-reads-this")
    for where in (walk.channel, "dm"):
        assert (await run(walk, walk.ben, sub, where=where)).startswith(SAID[sub][0])
        if sub == "start":
            await walk.choose(walk.ben, "Stop here")
    assert walk.cy.messages() == []
    assert posts(walk) == []


@pytest.mark.parametrize("sub", SAID)
async def test_cy_who_is_in_no_club_gets_a_kind_line_and_sees_nothing_of_it(walk: Walk, sub: str) -> None:
    await walk.run(walk.ben, "start", flow="week")
    await walk.press(walk.ben, "at my edge")
    for where in (general(walk), "dm"):
        assert (await run(walk, walk.cy, sub, where=where)).startswith(SAID[sub][1])
        assert not any(word in walk.cy.sees() for word in ("Ben", "Ada", "book-club", "at my edge"))
    assert posts(walk) == []
    assert await members(walk) == ["Ben Okoro"]


async def test_every_answer_in_a_server_is_for_ones_own_eyes(walk: Walk) -> None:
    for sub in SAID:
        await run(walk, walk.ben, sub, where=walk.channel)
        assert walk.ben.last is not None
        assert walk.ben.last.modal or walk.ben.last.original is None or walk.ben.last.original.only_for == walk.ben.id
    assert walk.cy.messages() == walk.ada.messages(general(walk)) == []


# Those with more to them.


async def test_the_advisor_sees_how_it_goes_with_a_way_to_the_pages(walk: Walk) -> None:
    await walk.run(walk.ben, "start", flow="week")
    await walk.press(walk.ben, "at my edge")
    shown = await run(walk, walk.ada, "review", where="dm")
    assert shown.startswith("**book-club**\n1 of 1 has answered this week.")
    assert "Ben Okoro" in shown
    assert walk.ada.link("Open my pages").startswith("https://mull.test/sign-in/")


async def test_the_group_of_a_channel_is_named_to_its_people_only(walk: Walk) -> None:
    shown = await run(walk, walk.ada, "group", where=walk.channel)
    assert shown.startswith("The group “book-club” follows this channel.")
    assert buttons(walk.ada)[0] == "Ask the group now"
    assert (await run(walk, walk.ben, "group", where=walk.channel)).startswith("The group “book-club” follows this")
    assert "Ask the group now" not in buttons(walk.ben)
    assert "book-club" not in await run(walk, walk.cy, "group", where=general(walk))


async def test_the_advisor_asks_the_club_from_direct_messages(walk: Walk) -> None:
    shown = await run(walk, walk.ada, "ask", where="dm", flow="week")
    assert shown.startswith("“Our week” goes to the channel now: one post with a button.")
    assert posts(walk)[0].startswith("**Our week**")


async def test_what_is_open_is_put_off_by_command(walk: Walk) -> None:
    await walk.run(walk.ben, "start", flow="week")
    assert await run(walk, walk.ben, "later", where=walk.channel) == "No rush. I'll ask again at 14:40."
    await walk.run(walk.ben, "start")
    assert (await run(walk, walk.ben, "tomorrow", where="dm")).startswith("No rush. I'll ask again tomorrow at")


@pytest.mark.parametrize(
    ("until", "day"), [("Friday", "Fri 13 Mar"), ("2 weeks", "Fri 20 Mar"), ("Tomorrow", "Sat 7 Mar")]
)
async def test_a_pause_until_a_day(walk: Walk, until: str, day: str) -> None:
    await walk.run(walk.ben, "help")
    shown = await run(walk, walk.ben, "pause", where="dm", until=until)
    assert shown.startswith(f"Paused until {day}. I'll be quiet until then")
    assert f"Paused until {day}." in await run(walk, walk.ben, "settings", where="dm")


@pytest.mark.parametrize(
    ("until", "said_of_it"), [("3 December", "I can be quiet for up to"), ("blue moon", "Which day do you mean?")]
)
async def test_a_pause_that_cannot_be_is_asked_for_again(walk: Walk, until: str, said_of_it: str) -> None:
    await walk.run(walk.ben, "help")
    assert (await run(walk, walk.ben, "pause", where=walk.channel, until=until)).startswith(said_of_it)
    assert buttons(walk.ben) == ["Pick a day"]


async def test_a_pause_is_picked_in_a_modal_and_a_slip_is_answered_with_the_way_back(walk: Walk) -> None:
    await walk.run(walk.ben, "pause")
    await walk.press(walk.ben, "Pick a day")
    assert walk.ben.modal is not None
    [field] = walk.ben.modal.values
    await walk.send(walk.ben, {field: "when the moon is blue"})
    assert "Which day do you mean?" in answered(walk.ben)
    assert "> when the moon is blue" in answered(walk.ben)
    await walk.press(walk.ben, buttons(walk.ben)[0])
    assert walk.ben.modal is not None
    assert walk.ben.modal.values == {field: "when the moon is blue"}
    await walk.send(walk.ben, {field: "next Friday"})
    assert "Paused until Fri 13 Mar." in answered(walk.ben)
    await walk.press(walk.ben, "Start again now")
    assert answered(walk.ben).startswith(BACK)


async def test_start_with_a_flow_begins_it(walk: Walk) -> None:
    assert HARD in await run(walk, walk.ben, "start", where=walk.channel, flow="week")
    assert (await run(walk, walk.ada, "start", where=walk.channel, flow="no such thing")).startswith(
        "I don't know “no such thing” in your group."
    )


async def test_i_want_to_talk_to_an_adult_names_whoever_leads_and_tells_them(walk: Walk) -> None:
    await walk.run(walk.ben, "talk-to-an-adult")
    await walk.press(walk.ben, "Say that I want to talk")
    assert answered(walk.ben).startswith("It's good that you said so. Ada Lindqvist will see that you want to talk")
    assert "Ben" not in walk.cy.sees()


# Words that mean nothing.


async def test_words_that_mean_nothing_are_answered_with_help(walk: Walk) -> None:
    await walk.run(walk.ben, "help")
    for where in (walk.channel, "dm"):
        await walk.ben.run("mull", "help", where=where)
        await walk.ben.forge("do:dance a lot", on=walk.ben.messages(where)[-1])
        await walk.house.settle()
        assert answered(walk.ben).startswith("I don't know “dance a lot” yet. I'm Mull.")


async def test_a_command_that_mull_knows_no_longer_is_answered_kindly(walk: Walk) -> None:
    registered = next(one for one in walk.discord.commands.everywhere if one["name"] == "mull")
    registered["options"].append({"type": 1, "name": "dance", "description": "Dance", "options": []})
    shown = await run(walk, walk.ben, "dance", where=walk.channel)
    assert shown.startswith("I don't know “dance” yet. I'm Mull.")


async def test_words_in_direct_messages_that_answer_nothing_are_answered(walk: Walk) -> None:
    for person in (walk.ben, walk.cy):
        await walk.write(person, "bla bla")
        assert "No question is open right now, so I haven't kept that." in person.sees("dm")
    await walk.write(walk.cy, "hi")
    assert I_AM in walk.cy.sees("dm")
    assert not any(word in walk.cy.sees() for word in ("Ben", "Ada", "book-club"))


# What completes itself.


async def test_flows_are_offered_by_name_to_whoever_may_begin_them(walk: Walk) -> None:
    await walk.run(walk.ben, "help")
    for sub, person in (("start", walk.ben), ("ask", walk.ada)):
        for where in (walk.channel, "dm"):
            offered = await person.complete("mull", sub, focused="flow", where=where)
            assert {"Our week", "Weekly check-in"} <= set(offered)
            typed = await person.complete("mull", sub, focused="flow", text="our W", where=where)
            assert typed == ["Our week"]
    assert await walk.cy.complete("mull", "start", focused="flow", where=general(walk)) == []
    assert await walk.cy.complete("mull", "ask", focused="flow", where="dm") == []


async def test_days_are_offered_for_a_pause(walk: Walk) -> None:
    for where in (walk.channel, "dm"):
        assert await walk.ben.complete("mull", "pause", focused="until", text="t", where=where) == [
            "Tomorrow",
            "Tuesday",
            "Thursday",
        ]
        assert await walk.ben.complete("mull", "pause", focused="until", text="3", where=where) == ["3 days", "3 weeks"]


async def test_zones_are_offered_by_the_beginning_of_a_place(fresh: Walk) -> None:
    offered = await fresh.ada.complete("mull-setup", focused="zone", text="berl", where=fresh.channel)
    assert [one.split()[0] for one in offered] == ["Europe/Berlin"]
    assert await fresh.ada.complete("mull-setup", focused="zone", where=fresh.channel)


# The menus of messages and of people.


@pytest.mark.parametrize("where", ["channel", "dm"])
async def test_a_message_is_kept_with_ones_own_words_and_its_link_only(walk: Walk, where: str) -> None:
    await walk.run(walk.ben, "help")
    if where == "dm":
        message = await walk.ben.write("The glue held for nine minutes.", where="dm")
        await walk.house.settle()
    else:
        message = await walk.ada.write("The glue held for nine minutes.", where=walk.channel)
    await walk.ben.use_on("Save as reflection", message)
    await walk.house.settle()
    assert f"/{message.id}" in answered(walk.ben)
    assert "Only you see this." in answered(walk.ben)
    await walk.send(walk.ben, {"What I take from it": "Wait before I lift it."})
    assert "Kept, with the link. You find it among your answers." in answered(walk.ben)
    assert (await said(walk))["taken"] == "Wait before I lift it."
    await walk.run(walk.ben, "answers")
    assert "nine minutes" not in answered(walk.ben)
    assert "Wait before I lift it." not in walk.ada.sees() + walk.cy.sees()


async def test_cy_keeps_a_thought_for_their_own_eyes_without_a_club(walk: Walk) -> None:
    message = await walk.ada.write("The glue held for nine minutes.", where=general(walk))
    await walk.cy.use_on("Save as reflection", message)
    await walk.house.settle()
    assert "Only you see this." in answered(walk.cy)
    await walk.send(walk.cy, {"What I take from it": "Wait before I lift it."})
    assert await said(walk, "Cy Park") == {"taken": "Wait before I lift it."}
    await walk.run(walk.ada, "review")
    assert "Wait before I lift it." not in walk.ada.sees()
    assert await members(walk) == []


async def test_feedback_comes_in_rounds(walk: Walk) -> None:
    for person in (walk.ben, walk.cy):
        await person.use_on("Give feedback", walk.ada, where=general(walk))
        await walk.house.settle()
        assert answered(person).startswith("Nobody's work waits for you to look at right now.")


# Other languages.


async def test_who_reads_german_sees_german_descriptions_and_the_same_names(walk: Walk) -> None:
    hans = walk.discord.add_user("900000000000000004", name="Hans Meier", locale="de", guilds=[walk.guild])
    described = {one["name"]: one for one in walk.discord.commands.everywhere}
    mull = described["mull"]
    assert mull["description_localizations"]["de"] == "Denke mit deinem Club nach und wähle, wie Mull dich fragt"
    assert all(sub["description_localizations"]["de"] != sub["description"] for sub in mull["options"])
    assert described["mull-setup"]["options"][0]["description_localizations"]["de"].startswith("Wähle den Kanal")
    message = await walk.ada.write("The glue held.", where=general(walk))
    await hans.use_on("Feedback geben", walk.ada, where=general(walk))
    await walk.house.settle()
    assert answered(hans).startswith("Nobody's work waits")
    await hans.use_on("Als Reflexion speichern", message)
    await walk.house.settle()
    assert answered(hans)
    await run(walk, hans, "help", where="dm")
    assert answered(hans).startswith(I_AM)
