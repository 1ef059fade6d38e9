"""Going on, beginning, joining, putting off."""

import pytest

from bot.core.effects import AskQuestion, OfferForm
from bot.core.people import GroupId, Role
from bot.flows.document import Document
from bot.flows.library import flows, read
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members
from tests.desk.asking import BEN, MIA, STRANGER, Counter, a_counter, buttons_of, does_of, text_of, the
from tests.stage import (
    ADA,
    CY,
    ELSEWHERE,
    FLOW,
    NOW,
    OLA,
    a_group,
    begin,
    class_of,
    count,
    rows,
    run_of,
    say,
)

NOTE = read(
    """
flow: note
title: A note
band: 14-18
settings: [class]
exercises: {attributes: [voice], phases: [notice]}
begun_by: shortcut
given: [link]
visibility: private
steps:
  - id: note
    ask: What about {given.link} do you want to keep?
    label: My note
    text: {lines: 3}
""",
    "note.yaml",
)


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk."""
    return await a_counter(database)


async def test_start_begins_the_one_flow_of_the_one_group_at_once(at: Counter) -> None:
    reply = await at.say(BEN, "start")
    asked = the(AskQuestion, reply.effects)
    assert (asked.prompt.key, asked.person, asked.place) == ("one", BEN, f"slack:T1:D-{BEN}")
    assert await rows(at.database, "SELECT person_id, group_id, flow FROM runs") == [(BEN, class_of(0), FLOW.flow)]


@pytest.mark.parametrize("words", ["start form", "Reflect form", "GO form"])
async def test_a_shortcut_gets_a_form(at: Counter, words: str) -> None:
    assert the(OfferForm, (await at.say(BEN, words)).effects).prompts[0].key == "one"


async def test_whoever_likes_forms_gets_one(at: Counter) -> None:
    await at.say(BEN, "mode form")
    assert the(OfferForm, (await at.say(BEN, "start")).effects).prompts


async def test_start_goes_on_with_what_is_open(at: Counter) -> None:
    await at.inbox.accept(begin(0))
    await at.inbox.accept(say(0, "The map.", "first"))
    reply = await at.say(BEN, "start")
    assert the(AskQuestion, reply.effects).prompt.key == "two"
    assert await count(at.database, "runs") == 1


async def test_what_else_is_open_is_one_press_away(at: Counter) -> None:
    await at.database.write(_add_library)
    await at.inbox.accept(begin(0))
    await at.inbox.accept(begin(0, "weekly-check-in", "more"))
    reply = await at.say(BEN, "start")
    here = the(AskQuestion, reply.effects).run
    (other,) = does_of(reply)
    assert {f"open {here}", other} == {f"open {row[0]}" for row in await rows(at.database, "SELECT id FROM runs")}
    assert the(OfferForm, (await at.say(BEN, other)).effects).prompts


async def test_the_weekly_check_in_comes_first_and_the_menu_lists_the_others(at: Counter) -> None:
    await at.database.write(_add_library)
    assert the(AskQuestion, (await at.say(MIA, "start")).effects).title == "Weekly check-in"
    menu = await at.say(BEN, "start menu")
    assert does_of(menu)[0] == f"start weekly-check-in {class_of(0)}"
    titles = [item.heading for item in menu.items]
    assert {"Plan a piece of work", FLOW.title} < set(titles)
    assert not {"Staff check-in"} & set(titles)
    reply = await at.say(BEN, does_of(menu)[1])
    assert the(AskQuestion, reply.effects).title == titles[1]
    assert the(AskQuestion, (await at.say(MIA, "start three questions")).effects).title == FLOW.title


async def test_a_flow_that_only_programs_begin_is_never_begun(at: Counter) -> None:
    await at.database.write(_add_library)
    reply = await at.say(BEN, "start peer-share")
    assert "I don't know “peer-share”" in text_of(reply)
    assert await count(at.database, "runs") == 0


async def test_a_link_is_kept_with_ones_own_words(at: Counter) -> None:
    assert "I can't keep that here yet" in text_of(await at.say(BEN, "note https://example.org/1"))
    await at.database.write(lambda connection: _publish(connection, NOTE))
    form = the(OfferForm, (await at.say(BEN, "note https://example.org/2")).effects)
    assert form.prompts[0].text == "What about https://example.org/2 do you want to keep?"
    assert "Write the link" in text_of(await at.say(BEN, "note"))
    assert does_of(await at.say(MIA, "start menu")) == [f"start {FLOW.flow} {class_of(0)}"]


async def test_who_is_in_several_groups_chooses(at: Counter) -> None:
    await at.database.write(_second_group)
    reply = await at.say(BEN, "start form")
    assert [button.label for button in buttons_of(reply)] == [class_of(0), "Second"]
    assert the(OfferForm, (await at.say(BEN, does_of(reply)[1])).effects).prompts
    assert await rows(at.database, "SELECT group_id FROM runs") == [("second",)]


async def test_open_shows_ones_own_run_as_a_form(at: Counter) -> None:
    await at.inbox.accept(begin(0))
    assert the(OfferForm, (await at.say(BEN, f"open {run_of(0)}")).effects).run == run_of(0)
    for word in ("a", "b", "c"):
        await at.inbox.accept(say(0, word, word))
    assert "finished" in text_of(await at.say(BEN, f"open {run_of(0)}"))
    assert "not yours" in text_of(await at.say(CY, f"open {run_of(0)}"))


async def test_later_and_tomorrow_put_off_what_is_open(at: Counter) -> None:
    assert "nothing to put off" in text_of(await at.say(BEN, "later"))
    await at.inbox.accept(begin(0))
    assert "No rush. I'll ask again at" in text_of(await at.say(BEN, "later"))
    assert "I'll ask again tomorrow at" in text_of(await at.say(BEN, "tomorrow"))


async def test_who_watches_over_a_group_is_asked_nothing(at: Counter) -> None:
    assert does_of(await at.say(OLA, "start")) == ["review"]
    assert await count(at.database, "runs") == 0


async def test_a_stranger_learns_how_to_join(at: Counter) -> None:
    for words in (
        "start",
        "start menu",
        f"start {FLOW.flow} {class_of(0)}",
        "note https://example.org",
        "pause 1 week",
    ):
        assert "set me up in your channel" in text_of(await at.say(STRANGER, words))


async def test_cy_begins_only_at_home(at: Counter) -> None:
    await at.inbox.accept(begin(0))
    assert "not yours" in text_of(await at.say(CY, f"open {run_of(0)}"))
    await at.say(CY, f"start {FLOW.flow} {class_of(0)}")
    assert await rows(at.database, "SELECT DISTINCT group_id FROM runs WHERE person_id = 'cy'") in ([], [(ELSEWHERE,)])
    assert "another group" in text_of(await at.say(CY, "join nothing"))


async def test_the_same_request_twice_is_one_run(at: Counter) -> None:
    await at.say(BEN, "start")
    assert "nothing more to do" in text_of(await at.say(BEN, "start form", again=True))
    assert await count(at.database, "runs") == 1


def _add_library(connection: Connection) -> None:
    for document in flows().values():
        _publish(connection, document)


def _publish(connection: Connection, document: Document) -> None:
    publish_flow(connection, document.flow, document.version, document.to_json(), NOW)


def _second_group(connection: Connection) -> None:
    add_group(connection, a_group(GroupId("second"), ADA, name="Second"))
    add_members(connection, GroupId("second"), [BEN], Role.LEARNER, NOW)
