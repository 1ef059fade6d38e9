"""Whatever Discord sends, and whatever somebody makes of it, is an event, nothing, or forged: never a crash."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.discord.commands import MULL, SETUP, SUB_COMMANDS
from bot.adapters.discord.inbound import (
    Forged,
    Said,
    Write,
    changed_in_dm,
    channel_place,
    deleted_in_dm,
    event_id,
    identity,
    list_place,
    moment,
    named_words,
    place_of,
    pressed,
    said_in_dm,
    submitted,
    user_of,
)
from bot.core.events import (
    AnswerEdited,
    ChoicePressed,
    Control,
    ControlPressed,
    FormSubmitted,
    TextChanged,
    TextReceived,
)

NOW = datetime(2026, 3, 6, 10, 40, tzinfo=UTC)
USER, MESSAGE = "175928847299117063", "1479000000000000000"
SAID_IN = f"discord/{USER}/{MESSAGE}"
EDITED = "2026-03-06T10:41:00.000000+00:00"
RUN = "0123456789abcdef0123"

words = st.text(max_size=30)
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
near = st.sampled_from(
    [
        *("answer", "pick", "control", "controls", "write", "do", "form", "edit", "ask", "people"),
        *("r1", "1", "-1", "٣", "many", "skip", "text", "", "x"),
    ]
)
names = st.lists(near | words, max_size=5).map(":".join)


def press(name: Any, *values: str, **more: Any) -> dict[str, Any]:
    """Write the payload of a press, or of a choice from a menu."""
    data: dict[str, Any] = {"custom_id": name, "component_type": 3 if values else 2}
    return {
        "id": "900",
        "type": 3,
        "user": {"id": USER},
        "data": data | ({"values": [*values]} if values else {}),
        **more,
    }


def filled(name: Any, **fields: Any) -> dict[str, Any]:
    """Write the payload of a modal that was sent."""
    parts = [{"type": 18, "component": {"type": 4, "custom_id": key, "value": value}} for key, value in fields.items()]
    data = {"custom_id": name, "components": [{"type": 10, "id": 1}, *parts]}
    return {"id": "901", "type": 5, "user": {"id": USER}, "data": data}


def message(**more: Any) -> dict[str, Any]:
    """Write a direct message as the gateway or a history has it."""
    author = {"id": USER, "username": "ben"}
    return {"id": MESSAGE, "channel_id": "5", "type": 0, "author": author, "content": "The bridge.", **more}


# Names.


def test_people_and_places_are_named() -> None:
    assert identity(USER) == ("discord", "@me", USER)
    assert place_of(USER) == f"discord:@me:{USER}"
    assert (channel_place("7", "8"), list_place("7", "9")) == ("discord:7:8", "discord:7:list:9")
    assert event_id({"id": "900"}) == "discord/900"
    assert user_of({"member": {"user": {"id": "1"}}, "user": {"id": "2"}}) == "1"
    assert user_of({"member": None, "user": {"id": "2"}}) == "2"


def test_a_moment_is_read_from_an_id() -> None:
    assert moment("175928847299117063") == datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)


@given(anything)
def test_any_person_or_interaction_is_named_or_forged(body: Any) -> None:
    for read in (user_of, event_id):
        with pytest.raises(Forged):
            read({"id": body, "user": body, "member": body} if not isinstance(body, dict) else body)


# Presses.


@pytest.mark.parametrize(
    ("body", "chosen"),
    [
        (press(f"answer:{RUN}:3:yes"), ("yes",)),
        (press(f"answer:{RUN}:3:a:b"), ("a:b",)),
        (press(f"answer:{RUN}:3:#12"), ("12",)),
        (press(f"pick:{RUN}:3", "tea"), ("tea",)),
        (press(f"pick:{RUN}:3:2", "tea", "#2"), ("tea", "2")),
    ],
)
def test_a_choice_is_read(body: dict[str, Any], chosen: tuple[str, ...]) -> None:
    found = pressed(body, NOW)
    assert isinstance(found, ChoicePressed)
    assert (found.run, found.wait, found.chosen) == (RUN, 3, chosen)
    assert (found.id, found.place, found.who, found.at) == ("discord/900", place_of(USER), identity(USER), NOW)


@pytest.mark.parametrize("body", [press(f"control:{RUN}:3:skip"), press(f"controls:{RUN}:3", "skip")])
def test_a_control_is_read(body: dict[str, Any]) -> None:
    found = pressed(body, NOW)
    assert isinstance(found, ControlPressed)
    assert (found.run, found.wait, found.control) == (RUN, 3, Control.SKIP)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (press("do:join o1"), Said("join o1")),
        (press("do", "edit r1 k"), Said("edit r1 k")),
        (press("do:#2", "edit r1 k"), Said("edit r1 k")),
        (press(f"controls:{RUN}:3", "pause"), Said("pause")),
        (press(f"write:{RUN}:3"), Write(RUN, 3)),  # type: ignore[arg-type]
        ({**press("do"), "data": {"custom_id": "do", "component_type": 3, "values": []}}, None),
    ],
)
def test_words_and_wishes_to_write_are_read(body: dict[str, Any], said: Said | Write | None) -> None:
    assert pressed(body, NOW) == said


@pytest.mark.parametrize(
    "body",
    [
        press("burn:r1:3"),
        press("people:5", "1"),
        press("answer:r1:3"),
        press("answer:r1:3:"),
        press("answer:r1"),
        press("answer:r1:soon:yes"),
        press("answer:r1:-3:yes"),
        press("answer:r1:٣:yes"),
        press("answer:r1:1234567890:yes"),
        press("answer::3:yes"),
        press(f"answer:{'r' * 65}:3:yes"),
        press("answer:r1:3:yes", "no"),
        press("pick:r1:3"),
        press("pick:r1:3", *map(str, range(26))),
        press("pick:r1:3", "v" * 101),
        press("control:r1:3:burn"),
        press("control:r1:3:skip", "skip"),
        press("controls:r1:3"),
        press("controls:r1:3:4", "skip"),
        press("write:r1:3:few"),
        press("do:"),
        press("do: "),
        press(""),
        press(f"do:{'x' * 98}"),
        press(None),
        press("do:start", user={"id": "ben"}) | {"data": {"custom_id": "answer:r1:3:yes", "component_type": 2}},
        press("answer:r1:3:yes", id="x" * 30),
        {},
    ],
)
def test_a_name_that_mull_never_gave_is_forged(body: dict[str, Any]) -> None:
    with pytest.raises(Forged):
        pressed(body, NOW)


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {"custom_id": names | anything},
        optional={"component_type": st.sampled_from([2, 3]) | anything, "values": st.lists(near) | anything},
    ),
    st.just({"id": USER}) | anything,
)
def test_any_press_is_an_event_nothing_or_forged(data: Any, user: Any) -> None:
    try:
        found = pressed({"id": "900", "user": user, "data": data}, NOW)
    except Forged:
        return
    assert isinstance(found, ChoicePressed | ControlPressed | Said | Write | None)


# Forms.


def test_a_form_is_read() -> None:
    found = submitted(filled(f"form:{RUN}", one="Glue.", two=" "), NOW)
    assert isinstance(found, FormSubmitted)
    assert (found.id, found.run, found.raw) == ("discord/901", RUN, {"one": "Glue.", "two": ""})
    assert (found.who, found.place, found.at) == (identity(USER), place_of(USER), NOW)


@pytest.mark.parametrize(("text", "is_taken_back"), [("Glue.", False), (None, True), ("  ", True)])
def test_a_changed_answer_is_read(text: str | None, is_taken_back: bool) -> None:
    found = submitted(filled(f"edit:{RUN}:next.cue", **{"next.cue": text}), NOW)
    assert isinstance(found, AnswerEdited)
    assert (found.run, found.key, found.is_taken_back) == (RUN, "next.cue", is_taken_back)


def test_words_with_fields_are_read() -> None:
    assert submitted(filled("ask:pause until", day="soon"), NOW) == Said("pause until", (("day", "soon"),))


@pytest.mark.parametrize(
    ("name", "chosen"), [(f"write:{RUN}:3", ("Glue, then wait.",)), (f"write:{RUN}:3:many", ("Glue", " then wait."))]
)
def test_an_answer_in_words_is_read(name: str, chosen: tuple[str, ...]) -> None:
    found = submitted(filled(name, text="Glue, then wait."), NOW)
    assert isinstance(found, ChoicePressed)
    assert (found.run, found.wait, found.chosen) == (RUN, 3, chosen)


@pytest.mark.parametrize(
    "body",
    [
        filled("burn:r1"),
        filled("form:"),
        filled("edit:r1:one", two="x"),
        filled("edit:r1"),
        filled("ask:", one="x"),
        filled("write:r1:3", other="x"),
        filled("write:r1:3:few", text="x"),
        filled("form:r1", one="x" * 10_001),
        filled("form:r1", **{f"k{n}": "x" for n in range(5)}),
        filled("form:r1", one=["x"]),
        filled(None),
        {"id": "1", "user": {"id": "1"}, "data": {"custom_id": "form:r1"}},
        {},
    ],
)
def test_a_form_that_mull_never_opened_is_forged(body: dict[str, Any]) -> None:
    with pytest.raises(Forged):
        submitted(body, NOW)


field = st.fixed_dictionaries(
    {"type": st.sampled_from([3, 4, 21, 22]) | anything, "custom_id": near | anything},
    optional={"value": words | anything, "values": st.lists(near) | anything},
)
part = st.fixed_dictionaries({"type": st.sampled_from([10, 18])}, optional={"component": field | anything})


@settings(deadline=None)
@given(names | anything, st.lists(part | anything, max_size=6) | anything)
def test_any_form_is_an_event_words_or_forged(name: Any, parts: Any) -> None:
    try:
        found = submitted({"id": "1", "user": {"id": "1"}, "data": {"custom_id": name, "components": parts}}, NOW)
    except Forged:
        return
    assert isinstance(found, FormSubmitted | AnswerEdited | ChoicePressed | Said)


# Commands.


def command(name: str, sub: str = "", *options: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Write the payload of a command."""
    inner = [{"type": 1, "name": sub, "options": [*options]}] if sub else [*options]
    return {
        "id": "902",
        "user": {"id": USER},
        "channel_id": "8",
        "data": {"type": 1, "name": name, "options": inner} | more,
    }


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (command("mull", "start"), "start"),
        (command("mull", "start", {"type": 3, "name": "flow", "value": "weekly-check-in"}), "start weekly-check-in"),
        (command("mull", "pause", {"type": 3, "name": "until", "value": " Friday "}), "pause until Friday"),
        (command("mull", "who-reads-this"), "who reads this"),
        (command("mull", "ask", {"type": 3, "name": "flow", "value": "x"}), "group ask x"),
        (command("mull-setup", "", {"type": 7, "name": "channel", "value": "8"}), "club"),
        (command("Give feedback", type=2, target_id="4"), "feedback"),
        (command("Save as reflection", type=3, target_id="4"), "note https://discord.com/channels/@me/8/4"),
        (
            {**command("Save as reflection", type=3, target_id="4"), "guild_id": "7"},
            "note https://discord.com/channels/7/8/4",
        ),
    ],
)
def test_a_command_is_read_as_words(body: dict[str, Any], said: str) -> None:
    assert named_words(body) == said


def test_every_command_stands_for_words() -> None:
    assert {named_words(command(MULL, sub)) for sub in SUB_COMMANDS} >= {
        "start",
        "answers",
        "group ask",
        "who reads this",
    }
    assert named_words(command(SETUP)) == "club"


@given(anything | st.fixed_dictionaries({}, optional={"type": near, "name": anything, "options": anything}))
def test_any_command_is_words_or_forged(data: Any) -> None:
    try:
        assert named_words({"channel_id": "1", "data": data}).strip()
    except Forged:
        return


# Direct messages.


def test_words_in_a_direct_conversation() -> None:
    found = said_in_dm(message())
    assert isinstance(found, TextReceived)
    assert (found.id, found.text, found.place, found.may_change) == (SAID_IN, "The bridge.", place_of(USER), True)
    assert (found.at, found.who) == (moment(MESSAGE), identity(USER))
    assert said_in_dm(message(type=19, edited_timestamp=EDITED)) == found


@pytest.mark.parametrize(
    "notice",
    [
        message(type=6),
        message(content="  "),
        message(author={"id": USER, "bot": True}),
        message(author={"id": USER, "system": True}),
        message(webhook_id="1"),
        message(guild_id="7"),
        message(author=None),
        message(id="x"),
        {},
    ],
)
def test_what_no_person_said_is_nothing(notice: dict[str, Any]) -> None:
    assert said_in_dm(notice) is None
    assert notice.get("content") == "  " or changed_in_dm({**notice, "edited_timestamp": EDITED}) is None


def test_an_edit_has_one_name_whether_it_was_delivered_or_found() -> None:
    delivered = changed_in_dm(message(content="Better.", edited_timestamp=EDITED))
    found = changed_in_dm(message(content="Better.", edited_timestamp="2026-03-06T10:41:00+00:00"))
    assert delivered == found
    assert isinstance(delivered, TextChanged)
    assert delivered.id == f"{SAID_IN}/2026-03-06T10:41:00+00:00"
    assert (delivered.said_in, delivered.text, delivered.at) == (SAID_IN, "Better.", NOW.replace(minute=41))
    assert changed_in_dm(message(edited_timestamp=None)) is None
    emptied = changed_in_dm(message(content="", edited_timestamp=EDITED))
    assert emptied is not None
    assert emptied.text is None


def test_a_deletion_takes_words_back() -> None:
    deleted = deleted_in_dm({"id": MESSAGE, "channel_id": "5"}, USER, NOW)
    assert isinstance(deleted, TextChanged)
    assert (deleted.id, deleted.said_in, deleted.text) == (f"{SAID_IN}/deleted", SAID_IN, None)
    assert (deleted.at, deleted.place) == (NOW, place_of(USER))
    assert deleted_in_dm({}, USER, NOW) is None


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "id": st.just(MESSAGE) | anything,
            "type": st.sampled_from([0, 6, 19]) | anything,
            "author": st.just({"id": USER}) | anything,
            "content": words | anything,
            "edited_timestamp": st.just(EDITED) | words | anything,
        },
    )
)
def test_any_message_is_words_a_change_or_nothing(body: dict[str, Any]) -> None:
    assert isinstance(said_in_dm(body), TextReceived | None)
    assert isinstance(changed_in_dm(body), TextChanged | None)
    assert isinstance(deleted_in_dm(body, USER, NOW), TextChanged | None)
