"""What programs ask waits until people come by; who wishes for messages gets them, and answers them there."""

import pytest

from tests.discord.house import Walk
from tests.discord.looking import answered, holding, lines, members, posts, privately, said
from tests.discord.person import Person
from tests.discord.person_controls import words_of
from tests.discord.programs import CALL, begin, join
from tests.discord.world import SILENT
from tests.stage import rows

ACT = "Which part of your work will you go back to at the next meeting?"
NOTICED = "At the last meeting, what changed between two tries at your work?"
HABIT, SHARE, LOOK = "Habit of the week", "Share your work", "Look at a piece"
WRITES_HERE = "Here I write to you when something is for you."
WRITTEN_TO = ("create_dm",)


def dm(person: Person) -> list[str]:
    """Read somebody's conversation with Mull."""
    return [words_of(message) for message in person.dm]


def team_of(walk: Walk) -> list[Person]:
    """Bring two more people into the server; answer them with Ben."""
    named = ((4, "Dana"), (5, "Elif"))
    more = [walk.discord.add_user(f"90000000000000000{n}", name=name, guilds=[walk.guild]) for n, name in named]
    return [walk.ben, *more]


async def wish_messages(walk: Walk, person: Person) -> None:
    """Let somebody press "Message me too" below the newest call."""
    await walk.press(person, "Message me too")


@pytest.fixture
async def habit(walk: Walk) -> Walk:
    """Let a week of a habit begin, with Ben in the club."""
    await join(walk, walk.ben)
    await begin(walk, "habit_of_week")
    return walk


# The call.


@pytest.mark.parametrize(("kind", "title"), [("habit_of_week", HABIT), ("peer_exchange", SHARE)])
async def test_a_program_messages_nobody_and_calls_once_in_the_channel(walk: Walk, kind: str, title: str) -> None:
    await join(walk, *team_of(walk))
    await begin(walk, kind)
    assert posts(walk) == [CALL.format(title)]
    assert all(message.flags & SILENT for message in walk.discord.posts_in(walk.channel))
    assert walk.discord.calls_of(*WRITTEN_TO) == []
    assert privately(walk.ben) == privately(walk.cy) == []
    await walk.house.tick()
    await walk.house.move(hours=6)
    assert len(posts(walk)) == 1


async def test_a_day_has_one_call_however_much_waits_and_it_stands_alone(habit: Walk) -> None:
    days = {message.at.date() for message in habit.discord.posts_in(habit.channel)}
    for hours in range(1, 8):
        await habit.house.move(hours=24 if hours % 2 else 1)
        [call] = habit.discord.posts_in(habit.channel)
        days.add(call.at.date())
    assert 1 < len(days) == len(habit.discord.calls_of("create_message")) <= 5
    assert habit.discord.calls_of(*WRITTEN_TO) == []


async def test_a_call_that_somebody_deleted_is_not_missed(habit: Walk) -> None:
    [call] = habit.discord.posts_in(habit.channel)
    await habit.discord.changes.delete_message(habit.channel, call.id)
    await habit.house.move(days=3)
    assert len(posts(habit)) == 1


# See mine.


async def test_see_mine_shows_what_waits_in_one_message(habit: Walk) -> None:
    await habit.press(habit.ben, "See mine")
    [shown] = privately(habit.ben)
    assert shown.startswith("Hi Ben. Ada Lindqvist chose a habit to try this week: Persisting.")
    assert f"**{ACT}**" in shown
    await habit.press(habit.ben, "Write your answer")
    await habit.send(habit.ben, {"Your answer": "The second arch"})
    assert (await said(habit))["act"] == "The second arch"
    assert len(habit.ben.private) == 1
    assert "The second arch" not in habit.cy.sees() + habit.ada.sees()


async def test_the_command_does_the_same_in_the_channel_and_in_direct_messages(habit: Walk) -> None:
    await habit.ben.run("mull", "news", where="dm")
    await habit.house.settle()
    assert f"**{ACT}**" in habit.ben.sees("dm")
    await habit.run(habit.ben, "news")
    assert f"**{ACT}**" in answered(habit.ben)


async def test_see_mine_twice_shows_the_same_question(habit: Walk) -> None:
    await habit.press(habit.ben, "See mine")
    habit.ben.restart()
    await habit.press(habit.ben, "See mine")
    assert f"**{ACT}**" in answered(habit.ben)
    assert len(await rows(habit.database, "SELECT 1 FROM runs")) == 1


async def test_see_mine_works_after_a_restart_and_weeks_later(habit: Walk) -> None:
    await habit.restart()
    await habit.house.move(days=15)
    first = habit.discord.posts_in(habit.channel)[0]
    await habit.ben.press("See mine", on=first)
    await habit.house.settle()
    assert privately(habit.ben)


async def test_who_comes_in_by_see_mine_is_shown_the_question_once(habit: Walk) -> None:
    await habit.press(habit.cy, "See mine")
    assert await members(habit) == ["Ben Okoro", "Cy Park"]
    shown = "\n".join(privately(habit.cy))
    assert shown.count(f"**{ACT}**") == 1
    assert shown.count("Hi Cy. Ada Lindqvist chose a habit to try this week: Persisting.") == 1
    assert "Ben" not in habit.cy.sees()


async def test_see_mine_with_nothing_waiting_says_so(habit: Walk) -> None:
    await habit.press(habit.ben, "See mine")
    await habit.choose(habit.ben, "Stop here")
    habit.ben.restart()
    await habit.press(habit.ben, "See mine")
    assert privately(habit.ben) == ["Nothing waits for you right now.\n[Start] [My answers]"]


async def test_who_reads_this_below_a_call_is_for_ones_own_eyes(habit: Walk) -> None:
    await habit.press(habit.ben, "Who reads this?")
    assert answered(habit.ben).startswith("Ada Lindqvist can read your answers and write back.")
    assert len(posts(habit)) == 1


# Messages, for who wishes them.


async def test_message_me_too_says_so_where_it_will_write_and_what_is_next_goes_there(habit: Walk) -> None:
    await wish_messages(habit, habit.ben)
    assert answered(habit.ben).startswith("I'll write to you directly when something is for you.")
    assert [message.splitlines()[0] for message in dm(habit.ben)] == [f"{WRITES_HERE} To stop that, write: no messages"]
    calls = len(posts(habit))
    await habit.house.move(days=3)
    assert any(f"**{NOTICED}" in message for message in dm(habit.ben))
    assert len(posts(habit)) == calls
    assert dm(habit.cy) == []


async def test_a_question_is_answered_by_writing_changed_by_editing_taken_back_by_deleting(habit: Walk) -> None:
    await wish_messages(habit, habit.ben)
    await habit.house.move(days=3)
    message = await habit.ben.write("I turned the pge")
    await habit.house.settle()
    assert (await said(habit))["noticed"] == "I turned the pge"
    question = holding(habit.ben, NOTICED)
    assert lines(question)[1:] == ["You said: I turned the pge", "[Edit]"]
    await habit.ben.edit(message, "I turned the page")
    await habit.house.settle()
    assert lines(question)[1:] == ["You said: I turned the page", "[Edit]"]
    assert (await said(habit))["noticed"] == "I turned the page"
    await habit.ben.delete(message)
    await habit.house.settle()
    assert lines(question)[1:] == ["Skipped.", "[Edit]"]
    assert (await said(habit))["noticed"] == ""


async def test_a_question_in_direct_messages_is_answered_by_its_buttons(habit: Walk) -> None:
    await wish_messages(habit, habit.ben)
    await habit.house.move(days=3)
    await habit.ben.press("Write your answer", where="dm")
    await habit.send(habit.ben, {"Your answer": "I turned the page"})
    assert (await said(habit))["noticed"] == "I turned the page"
    question = holding(habit.ben, NOTICED)
    assert lines(question)[1:] == ["You said: I turned the page", "[Edit]"]
    await habit.ben.press("Edit", on=question)
    await habit.house.settle()
    assert habit.ben.modal is not None
    assert "I turned the page" in habit.ben.modal.values.values()


async def test_no_messages_stops_them_in_words_and_the_channel_calls_again(habit: Walk) -> None:
    await wish_messages(habit, habit.ben)
    await habit.house.move(days=3)
    await habit.write(habit.ben, "no messages")
    assert dm(habit.ben)[-1].startswith("I won't write to you directly any more.")
    assert "noticed" not in await said(habit)
    before, calls = len(dm(habit.ben)), habit.discord.posts_in(habit.channel)
    await habit.house.move(days=3)
    assert len(dm(habit.ben)) == before
    assert habit.discord.posts_in(habit.channel) != calls


@pytest.mark.parametrize("where", ["dm", "channel"])
async def test_no_messages_stops_them_by_command_and_by_button(habit: Walk, where: str) -> None:
    await wish_messages(habit, habit.ben)
    if where == "dm":
        await habit.ben.press("No more messages", where="dm")
    else:
        await habit.ben.run("mull", "no-messages", where=habit.channel)
    await habit.house.settle()
    assert "I won't write to you directly any more." in habit.ben.sees()
    before = len(dm(habit.ben))
    await habit.house.move(days=3)
    assert len(dm(habit.ben)) == before


async def test_a_pause_holds_messages_and_calls_back_until_it_is_over(habit: Walk) -> None:
    await wish_messages(habit, habit.ben)
    before, calls = len(dm(habit.ben)), len(posts(habit))
    await habit.run(habit.ben, "pause", until="Wednesday")
    await habit.house.move(days=3)
    assert (len(dm(habit.ben)), len(posts(habit))) == (before, calls)
    await habit.house.move(days=3)
    assert len(dm(habit.ben)) > before


# A feedback round.


@pytest.mark.parametrize("how", ["See mine", "Give feedback", "start"])
async def test_a_piece_to_look_at_waits_and_is_shown_with_its_question(walk: Walk, how: str) -> None:
    team = team_of(walk)
    await join(walk, *team)
    await begin(walk, "peer_exchange", practice="no")
    for person in team:
        await share(walk, person)
    await walk.house.move(days=1)
    assert posts(walk)[-1] == CALL.format(LOOK)
    assert walk.discord.calls_of(*WRITTEN_TO) == []
    maker, looker = walk.ben, team[1]
    if how == "See mine":
        await walk.press(looker, how)
    elif how == "start":
        await walk.run(looker, how)
    else:
        await looker.use_on(how, maker, where=walk.channel)
        await walk.house.settle()
    [shown] = privately(looker)
    assert "**While you go through this piece, what does one part show?" in shown
    assert any(f"The bridge of {one.user.shown} holds two books" in shown for one in team if one is not looker)
    assert not any(one in walk.cy.sees() for one in ("Ben", "Dana", "Elif", "bridge"))


async def share(walk: Walk, person: Person) -> None:
    """Let somebody share their piece, look away, and a while pass."""
    await walk.press(person, "See mine")
    await walk.press(person, "Write your answer")
    await walk.send(person, {"Your answer": f"The bridge of {person.user.shown} holds two books"})
    while "Skip" in person.labels(on=person.private[-1]):
        await walk.press(person, "Skip")
    person.restart()
    await walk.house.move(minutes=5)
