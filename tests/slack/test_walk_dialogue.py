"""A check-in question by question in the direct messages, as somebody meets it who uses Slack all day."""

import pytest

from tests.slack.flows import DAY, HARD, HELPED, MOMENT, PLAN
from tests.slack.house import MODES, Walk
from tests.slack.surfaces import words_of
from tests.slack.world import Message
from tests.stage import rows

both = pytest.mark.parametrize("walk", MODES, indirect=True)
OLD_BUTTON = "That question is closed. You can change what you said among your answers."


def asks(walk: Walk, question: str) -> Message:
    """Find the newest of Mull's messages that has this question."""
    return next(m for m in reversed(walk.ben.dm) if m.by_bot and question in words_of(m))


def shows(walk: Walk, question: str) -> list[str]:
    """Read what stands in the newest message with this question."""
    return list(words_of(asks(walk, question)))


async def said(walk: Walk) -> dict[str, str]:
    """Read what Ben has said, by question."""
    return dict(await rows(walk.database, "SELECT key, said FROM answers WHERE person_id = 'ben'"))


async def begin(walk: Walk) -> None:
    """Let Ben begin."""
    await walk.command(walk.ben, "start week")


@both
async def test_a_week_is_told_by_button_menu_and_words(walk: Walk) -> None:
    await begin(walk)
    assert shows(walk, HARD)[0] == HARD
    assert walk.ben.labels("dm") == ["coasting", "a little hard", "at my edge", "Can't say", "Skip"]
    await walk.press(walk.ben, "a little hard")
    await walk.pick(walk.ben, "a walk")
    await walk.write(walk.ben, "When the bell rang")
    await walk.pick(walk.ben, "2026-03-13", of="Choose a day")
    await walk.write(walk.ben, "Wait longer")
    assert walk.ben.dm[-1].text == "Thank you, Ben. Ada reads this."
    assert [shows(walk, question)[2] for question in (HARD, HELPED, MOMENT, DAY, PLAN)] == [
        "a little hard",
        "a walk",
        "When the bell rang",
        "2026-03-13",
        "Wait longer",
    ]
    assert walk.ben.labels("dm") == ["Edit"] * 5
    assert walk.ben.ephemerals == []
    assert len(await said(walk)) == 5


@both
async def test_an_answered_question_shows_the_answer_in_place_and_loses_its_buttons(walk: Walk) -> None:
    await begin(walk)
    question, count = asks(walk, HARD), len(walk.ben.dm)
    await walk.press(walk.ben, "at my edge")
    assert list(words_of(question)) == [HARD, "You said:", "at my edge", "Edit"]
    assert asks(walk, HARD) is question
    assert len(walk.ben.dm) == count + 1


@both
async def test_an_old_button_gets_a_kind_line_and_changes_nothing(walk: Walk) -> None:
    await begin(walk)
    walk.slack.faults.error("chat.update", "message_not_found")
    await walk.press(walk.ben, "coasting")
    old = asks(walk, HARD)
    assert "at my edge" in list(words_of(old)), "the phone still shows the buttons"
    await walk.ben.press("at my edge", old)
    await walk.house.settle()
    assert OLD_BUTTON in walk.ben.words()
    assert (await said(walk))["hard"] == "coasting"


@both
async def test_skip_back_and_a_second_thought(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "Skip")
    assert shows(walk, HARD) == [HARD, "Skipped.", "Edit"]
    await walk.press(walk.ben, "Back")
    assert walk.ben.labels("dm")[-5:-1] == ["coasting", "a little hard", "at my edge", "Can't say"]
    await walk.press(walk.ben, "at my edge")
    assert shows(walk, HARD) == [HARD, "You said:", "at my edge", "Edit"]
    assert (await said(walk)) == {"hard": "at my edge"}


async def test_later_waits_until_then_and_nobody_is_asked_meanwhile(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "Skip")
    await walk.pick(walk.ben, "Later today")
    assert "No rush. I'll ask again at 14:40." in walk.ben.words()
    count = len(walk.ben.dm)
    await walk.house.move(hours=2, minutes=55)
    assert len(walk.ben.dm) == count
    await walk.house.move(minutes=10)
    assert shows(walk, HELPED)[0] == HELPED
    assert len(walk.ben.dm) == count + 1


@both
async def test_stop_ends_it_in_place(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "Skip")
    await walk.pick(walk.ben, "Stop here")
    assert "We stop here. What you wrote is kept." in walk.ben.dm[-1].text
    assert walk.ben.labels("dm") == ["Edit"]
    assert list(words_of(walk.ben.dm[-2])) == ["Our week", "You stopped here."]
    count = len(walk.ben.dm)
    await walk.house.move(hours=30)
    assert len(walk.ben.dm) == count


@both
async def test_who_reads_this_is_answered_and_the_question_stays_open(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "Skip")
    await walk.pick(walk.ben, "Who reads this?")
    assert walk.ben.dm[-1].text.startswith("Ada will read this. You can skip any question")
    await walk.pick(walk.ben, "a list")
    assert shows(walk, HELPED)[2] == "a list"


@both
async def test_a_slip_gets_help_and_then_the_choices(walk: Walk) -> None:
    await begin(walk)
    await walk.write(walk.ben, "pretty hard I guess")
    assert shows(walk, HARD)[0] == "I was looking for one of these. Which fits?"
    assert walk.ben.labels("dm")[-5:] == ["coasting", "a little hard", "at my edge", "Can't say", "Skip"]
    await walk.press(walk.ben, "at my edge")
    assert (await said(walk)) == {"hard": "at my edge"}


@both
async def test_edit_opens_what_was_said_and_saving_changes_answer_and_message(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "coasting")
    await walk.press(walk.ben, "Edit")
    assert walk.ben.modal is not None
    assert walk.ben.modal.title == "Our week"
    field = walk.ben.modal.blocks[-1]
    assert field["element"]["initial_option"]["text"]["text"] == "coasting"
    assert await walk.send(walk.ben, {HARD: "at my edge"}) == {}
    assert walk.ben.words("modal") == ""
    assert shows(walk, HARD) == [HARD, "You said:", "at my edge", "Edit"]
    assert (await said(walk))["hard"] == "at my edge"
    assert "Changed. The earlier version is kept too." in walk.ben.words()


@both
async def test_an_answer_saved_blank_is_taken_back(walk: Walk) -> None:
    await begin(walk)
    for _ in range(2):
        await walk.press(walk.ben, "Skip")
    await walk.write(walk.ben, "When the bell rang")
    await walk.ben.press("Edit", asks(walk, MOMENT))
    await walk.house.settle()
    assert walk.ben.modal is not None
    assert walk.ben.modal.blocks[-1]["element"]["initial_value"] == "When the bell rang"
    await walk.send(walk.ben, {MOMENT: ""})
    assert shows(walk, MOMENT) == [MOMENT, "Skipped.", "Edit"]
    assert "Taken back" in walk.ben.words()
    assert (await said(walk))["moment"] == ""


@both
async def test_who_changes_or_deletes_their_own_message_changes_the_answer(walk: Walk) -> None:
    await begin(walk)
    for _ in range(2):
        await walk.press(walk.ben, "Skip")
    ts = await walk.write(walk.ben, "When the bel rang")
    await walk.ben.edit(ts, "When the bell rang")
    await walk.house.settle()
    assert shows(walk, MOMENT) == [MOMENT, "You said:", "When the bell rang", "Edit"]
    await walk.ben.delete(ts)
    await walk.house.settle()
    assert shows(walk, MOMENT) == [MOMENT, "Skipped.", "Edit"]
    assert (await said(walk))["moment"] == ""


async def test_one_nudge_after_a_day_and_then_silence(walk: Walk) -> None:
    await begin(walk)
    await walk.house.move(hours=25)
    assert "Your question is still here. Ready when you are." in walk.ben.words()
    count = len(walk.ben.dm)
    await walk.house.move(hours=30)
    assert len(walk.ben.dm) == count


@both
async def test_the_same_press_delivered_twice_has_one_effect(walk: Walk) -> None:
    await begin(walk)
    await walk.press(walk.ben, "coasting")
    count = len(walk.ben.dm)
    await walk.slack.deliver_again(walk.slack.delivered[-1])
    await walk.house.settle()
    assert len(walk.ben.dm) == count
