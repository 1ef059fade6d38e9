"""The whole check-in as one modal, opened by a command, a shortcut, a card; and a message kept as a reflection."""

import pytest

from bot.adapters.slack.showing import TOO_LATE
from bot.flows.phrases import ENGLISH
from tests.slack.flows import DAY, HARD, HELPED, MOMENT, PLAN
from tests.slack.house import MODES, Walk
from tests.slack.person import Person
from tests.slack.surfaces import words_of
from tests.stage import rows

both = pytest.mark.parametrize("walk", MODES, indirect=True)
OWN = "In my own words"
FIRST_PART = {HARD: "coasting", OWN: "tea", MOMENT: "the bell", DAY: "2026-03-13"}


async def said(walk: Walk) -> dict[str, str]:
    """Read what Ben has said, by question."""
    return dict(await rows(walk.database, "SELECT key, said FROM answers WHERE person_id = 'ben'"))


def labels(person: Person) -> list[str]:
    """List the fields of the open modal."""
    assert person.modal is not None
    return [block["label"]["text"] for block in person.modal.blocks if block["type"] == "input"]


def lines(person: Person) -> list[str]:
    """Read the open modal."""
    assert person.modal is not None
    return list(words_of(person.modal))


async def begin(walk: Walk) -> None:
    """Let Ben begin."""
    assert await walk.command(walk.ben, "start form week", channel="C1") == ""


# One modal.


@both
async def test_next_brings_the_rest_in_the_same_modal_and_one_line_says_who_reads_it(walk: Walk) -> None:
    await begin(walk)
    assert labels(walk.ben) == [HARD, HELPED, OWN, MOMENT, DAY]
    assert walk.ben.modal is not None
    view = walk.ben.modal.id
    assert await walk.send(walk.ben, FIRST_PART) == {}
    assert labels(walk.ben) == [PLAN]
    assert walk.ben.modal.id == view
    assert walk.ben.dm == []
    assert await walk.send(walk.ben, {PLAN: "Wait longer"}) == {}
    assert walk.ben.words("modal") == ""
    assert [message.text for message in walk.ben.dm] == ["Thank you, Ben. Ada reads this."]
    assert await said(walk) == {
        "hard": "coasting",
        "helped": "tea",
        "moment": "the bell",
        "day": "2026-03-13",
        "plan": "Wait longer",
    }


@both
async def test_what_is_said_between_questions_stands_there_once(walk: Walk) -> None:
    await begin(walk)
    shown = lines(walk.ben)
    assert shown[:4] == ["Our week", "Hello Ben.", ENGLISH.what_this_is, HARD]
    assert shown.count("Hello Ben.") == 1
    assert shown.index("Now the moment itself.") == shown.index(MOMENT) - 1
    assert shown[-2:] == ["Next", "Not now"]


async def test_every_question_says_who_reads_it_and_may_stay_blank(walk: Walk) -> None:
    await begin(walk)
    assert walk.ben.modal is not None
    fields = [block for block in walk.ben.modal.blocks if block["type"] == "input"]
    assert all(field["optional"] for field in fields)
    assert [field["hint"]["text"] for field in fields if "hint" in field] == ["Ada will read this."] * 4
    assert await walk.send(walk.ben, {}) == {}
    assert labels(walk.ben) == [PLAN]


@both
async def test_a_slip_is_explained_beside_its_field_and_what_was_typed_stays(walk: Walk) -> None:
    await begin(walk)
    assert walk.ben.modal is not None
    view = walk.ben.modal.id
    errors = await walk.send(walk.ben, {**FIRST_PART, MOMENT: "a sign \u0000 that cannot be kept"})
    assert list(errors) == ["moment"]
    assert errors["moment"].startswith("There is a sign in it that I can't keep")
    assert (walk.ben.modal.id, labels(walk.ben)) == (view, [HARD, HELPED, OWN, MOMENT, DAY])
    assert walk.ben.modal.typed["helped:own"]["given"]["value"] == "tea"
    assert walk.ben.dm == []
    assert await walk.send(walk.ben, {MOMENT: "a sign"}) == {}
    assert labels(walk.ben) == [PLAN]
    assert (await said(walk))["moment"] == "a sign"


@both
async def test_who_closes_the_modal_loses_nothing_and_is_not_nagged(walk: Walk) -> None:
    await begin(walk)
    await walk.send(walk.ben, FIRST_PART)
    await walk.ben.close_modal()
    await walk.house.settle()
    assert (walk.ben.modal, walk.ben.dm, walk.ben.ephemerals) == (None, [], [])
    await begin(walk)
    assert labels(walk.ben) == [PLAN]
    assert len(await said(walk)) == 4


async def test_an_answer_that_stays_open_is_asked_once_more_after_a_day_and_not_again(walk: Walk) -> None:
    await begin(walk)
    await walk.ben.close_modal()
    await walk.house.move(hours=25)
    assert [m.text[:35] for m in walk.ben.dm] == [
        "Your question is still here. Ready ",
        "Our week: 5 questions, about 2 minu",
    ]
    await walk.house.move(hours=30)
    assert len(walk.ben.dm) == 2


@both
async def test_the_same_form_sent_twice_is_kept_once(walk: Walk) -> None:
    await begin(walk)
    await walk.send(walk.ben, FIRST_PART)
    await walk.send(walk.ben, {PLAN: "Wait longer"})
    await walk.slack.deliver_again(walk.slack.delivered[-1])
    await walk.house.settle()
    assert len(walk.ben.dm) == 1
    assert len(await rows(walk.database, "SELECT 1 FROM answers")) == 5


# Opening it.


@both
async def test_the_shortcut_opens_it_within_slacks_three_seconds(walk: Walk) -> None:
    delivery = await walk.ben.shortcut("reflect_now")
    await walk.house.settle()
    assert delivery.acked
    assert walk.ben.modal is not None
    assert walk.ben.modal.title == "Staff check-in"
    opened = [call for call in walk.slack.calls if call.method == "views.open"]
    assert [call.answer and call.answer["ok"] for call in opened] == [True]


async def test_the_shortcut_tells_who_is_in_no_group_how_to_join(walk: Walk) -> None:
    await walk.ben.shortcut("reflect_now")
    await walk.eve.shortcut("reflect_now")
    await walk.house.settle()
    assert "You are not in a group yet." in walk.eve.words("modal")
    await walk.ola.shortcut("reflect_now")
    await walk.house.settle()
    assert "You look after a group here" in walk.ola.words("modal")


@both
async def test_a_trigger_that_came_too_late_leaves_a_card_that_opens_the_form(walk: Walk) -> None:
    walk.slack.faults.error("views.open", "expired_trigger_id")
    await begin(walk)
    assert walk.ben.modal is None
    assert walk.ben.labels("dm") == ["Open it", "Later today", "Who reads this?"]
    await walk.press(walk.ben, "Open it")
    assert labels(walk.ben)[0] == HARD
    await walk.send(walk.ben, FIRST_PART)
    await walk.send(walk.ben, {PLAN: "Wait longer"})
    assert walk.ben.labels("dm") == []
    assert "Done." in walk.ben.words()


@both
async def test_what_cannot_open_an_edit_is_said(walk: Walk) -> None:
    await walk.command(walk.ben, "start week")
    await walk.press(walk.ben, "coasting")
    walk.slack.faults.error("views.open", "expired_trigger_id")
    await walk.press(walk.ben, "Edit")
    assert walk.ben.modal is None
    assert walk.ben.ephemerals[-1].text == TOO_LATE
    await walk.press(walk.ben, "Edit")
    assert walk.ben.modal is not None


# A message kept as a reflection.


@both
async def test_a_message_is_kept_with_ones_own_note_and_its_link_only(walk: Walk) -> None:
    ts = await walk.ada.write("The fire drill took nine minutes.", channel="C1")
    await walk.ben.message_shortcut("save_as_reflection", ts)
    await walk.house.settle()
    link = f"https://bridge-school.slack.com/archives/C1/p{ts.replace('.', '')}"
    assert link in walk.ben.words("modal")
    assert "Only you see this." in walk.ben.words("modal")
    await walk.send(walk.ben, {"taken": "Walk the route first."})
    assert walk.ben.dm[-1].text == "Kept, with the link. You find it among your answers."
    kept = str(await rows(walk.database, "SELECT * FROM answers"))
    assert link in kept
    assert "Walk the route first." in kept
    assert "fire drill" not in kept + walk.ben.words()
