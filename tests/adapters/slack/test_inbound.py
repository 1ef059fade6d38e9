"""Whatever Slack sends, and whatever somebody makes of it, is an event, nothing, or forged: never a crash."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack.inbound import (
    Forged,
    Said,
    change_of,
    event_id,
    moment,
    parts_of,
    place_of,
    plain,
    pressed,
    spoken,
    submitted,
    words_of,
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
from tests.slack.payloads import escaped

NOW = datetime(2026, 3, 6, 10, 40, tzinfo=UTC)
TS = "1772793600.000200"
SAID_IN = f"slack/T1/U1/{TS}"

words = st.text(max_size=30)
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
near = st.sampled_from(
    ["answer", "pick", "date", "ticks", "control", "controls", "do", "url", "ticked", "r1", "1", "-1", "skip", "", "x"]
)
names = st.lists(near | words, max_size=5).map(":".join)


def body_with(action: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Write the payload of a press."""
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "trigger_id": "t.1",
        "actions": [{"block_id": "b", **action}],
        "state": {"values": {}},
        **more,
    }


def message(**more: Any) -> dict[str, Any]:
    """Write a message as an event or a history has it."""
    return {"type": "message", "channel_type": "im", "user": "U1", "ts": TS, "text": "The bridge.", **more}


# Words.


def test_words_in_a_direct_conversation() -> None:
    assert spoken("T1", message()) == words_of("T1", message())
    found = words_of("T1", message(text="a &lt; b &amp; c"))
    assert found is not None
    assert (found.id, found.text, found.place, found.may_change) == (SAID_IN, "a < b & c", "slack:T1:U1", True)
    assert found.at == moment(TS) == datetime(2026, 3, 6, 10, 40, 0, 200, tzinfo=UTC)


@pytest.mark.parametrize(
    "notice",
    [
        message(subtype="channel_join"),
        message(bot_id="B1"),
        message(user="USLACKBOT"),
        {key: value for key, value in message().items() if key != "user"},
        message(subtype="message_changed", message=message()),
        message(subtype="message_changed", message=message(bot_id="B1", edited={"ts": TS})),
        message(subtype="message_deleted", previous_message=message(bot_id="B1"), event_ts=TS),
        message(subtype="message_deleted", event_ts=TS),
    ],
)
def test_what_no_person_said_is_nothing(notice: dict[str, Any]) -> None:
    assert spoken("T1", notice) is None


def test_an_edit_has_one_name_whether_it_was_delivered_or_found() -> None:
    edited = message(text="Better.", edited={"user": "U1", "ts": "1772793700.000100"})
    delivered = spoken("T1", message(subtype="message_changed", message=edited))
    assert delivered == change_of("T1", edited)
    assert isinstance(delivered, TextChanged)
    assert (delivered.id, delivered.said_in, delivered.text) == (
        f"{SAID_IN}/edited/1772793700.000100",
        SAID_IN,
        "Better.",
    )


def test_a_deletion_takes_words_back() -> None:
    deleted = spoken("T1", message(subtype="message_deleted", previous_message=message(), event_ts="1772793700.000100"))
    assert isinstance(deleted, TextChanged)
    assert (deleted.said_in, deleted.text, deleted.at) == (SAID_IN, None, moment("1772793700.000100"))


@given(
    st.fixed_dictionaries(
        {"ts": st.just(TS), "event_ts": st.just(TS)},
        optional={
            "subtype": st.sampled_from([None, "message_changed", "message_deleted", "file_share"]) | words,
            "user": st.sampled_from([None, "U1", "USLACKBOT"]),
            "text": words,
            "bot_id": words,
            "message": st.fixed_dictionaries(
                {"ts": st.just(TS)}, optional={"user": st.just("U1"), "text": words, "edited": st.just({"ts": TS})}
            ),
            "previous_message": st.fixed_dictionaries({"ts": st.just(TS)}, optional={"user": st.just("U1")}),
        },
    ).filter(lambda event: event.get("subtype") != "message_changed" or "message" in event)
)
def test_any_message_is_words_a_change_or_nothing(event: dict[str, Any]) -> None:
    assert isinstance(spoken("T1", event), TextReceived | TextChanged | None)


@given(words)
def test_what_was_typed_is_read_as_it_was_typed(text: str) -> None:
    assert plain(escaped(text)) == text


@given(words)
def test_no_markup_breaks_the_reading(text: str) -> None:
    assert isinstance(plain(text), str)


@pytest.mark.parametrize(
    ("markup", "read"),
    [
        ("<https://a.test|a.test>", "https://a.test"),
        ("<mailto:a@b.test|a@b.test>", "a@b.test"),
        ("<#C1|year-8>", "year-8"),
        ("<@U2>", "@U2"),
        ("<!channel>", "!channel"),
        ("1 < 2", "1 < 2"),
        ("a > b < c", "a > b < c"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_markup_is_read_as_words(markup: str, read: str) -> None:
    assert plain(markup) == read


# Presses.


@pytest.mark.parametrize(
    ("action", "chosen"),
    [
        ({"action_id": "answer:r1:3:1", "value": "yes"}, ("yes",)),
        ({"action_id": "answer:r1:3:1", "value": "#12"}, ("12",)),
        ({"action_id": "pick:r1:3", "selected_option": {"value": "tea"}}, ("tea",)),
        ({"action_id": "date:r1:3", "selected_date": "2026-03-13"}, ("2026-03-13",)),
    ],
)
def test_a_choice_is_read(action: dict[str, Any], chosen: tuple[str, ...]) -> None:
    found = pressed(body_with(action), NOW)
    assert isinstance(found, ChoicePressed)
    assert (found.run, found.wait, found.chosen) == ("r1", 3, chosen)
    assert (found.id, found.place, found.at) == ("slack/T1/t.1", "slack:T1:U1", NOW)


def test_ticked_boxes_are_read_when_done_is_pressed() -> None:
    boxes = {"many:r1:3": {"ticked:r1:3": {"selected_options": [{"value": "tea"}, {"value": "#2"}]}}}
    found = pressed(body_with({"action_id": "ticks:r1:3"}, state={"values": boxes}), NOW)
    assert isinstance(found, ChoicePressed)
    assert found.chosen == ("tea", "2")
    assert pressed(body_with({"action_id": "ticked:r1:3"}), NOW) is None


@pytest.mark.parametrize(
    "action",
    [
        {"action_id": "control:r1:3:skip"},
        {"action_id": "controls:r1:3", "selected_option": {"value": "skip"}},
    ],
)
def test_a_control_is_read(action: dict[str, Any]) -> None:
    found = pressed(body_with(action), NOW)
    assert isinstance(found, ControlPressed)
    assert (found.run, found.wait, found.control) == ("r1", 3, Control.SKIP)


def test_words_to_mull_are_read_with_the_post_they_stand_under() -> None:
    assert pressed(body_with({"action_id": "do:1", "value": "join o1"}), NOW) == Said("join o1")
    under = body_with({"action_id": "do:1", "value": "join o1", "block_id": "post:e/1"})
    assert pressed(under, NOW) == Said("join o1", post="e/1")


@pytest.mark.parametrize(
    "action",
    [
        {"action_id": "burn:r1:3"},
        {"action_id": "answer:r1:3:1"},
        {"action_id": "answer:r1", "value": "yes"},
        {"action_id": "answer:r1:soon:1", "value": "yes"},
        {"action_id": "control:r1:3:burn"},
        {"action_id": "controls:r1:3", "selected_option": None},
        {"action_id": "pick:r1:3"},
        {"action_id": "ticks:r1:3"},
        {"action_id": "ticks:r1:3:4"},
        {"action_id": ""},
    ],
)
def test_a_name_that_mull_never_gave_is_forged(action: dict[str, Any]) -> None:
    with pytest.raises(Forged):
        pressed(body_with(action), NOW)


@given(
    st.fixed_dictionaries(
        {"action_id": names, "value": words},
        optional={"selected_option": anything, "selected_date": anything, "block_id": words},
    ),
    st.fixed_dictionaries({}, optional={"values": anything}) | anything,
)
def test_any_press_is_an_event_nothing_or_forged(action: dict[str, Any], state: Any) -> None:
    try:
        found = pressed(body_with(action, state=state), NOW)
    except Forged:
        return
    assert isinstance(found, ChoicePressed | ControlPressed | Said | None)


# Forms.


def sent(callback: Any, about: Any, values: Any) -> dict[str, Any]:
    """Write the payload of a modal that was sent."""
    view = {"callback_id": callback, "private_metadata": about, "state": {"values": values}, "blocks": []}
    return {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "t.1", "view": view}


def field(value: str | None) -> dict[str, Any]:
    """Write what stands in a text field."""
    return {"given": {"type": "plain_text_input", "value": value}}


def test_a_form_is_read() -> None:
    found = submitted(sent("form", json.dumps({"run": "r1", "wait": 1}), {"one": field("Glue.")}), NOW)
    assert isinstance(found, FormSubmitted)
    assert (found.id, found.run, found.raw) == ("slack/T1/t.1", "r1", {"one": "Glue."})


@pytest.mark.parametrize(("text", "is_taken_back"), [("Glue.", False), (None, True), ("  ", True)])
def test_a_changed_answer_is_read(text: str | None, is_taken_back: bool) -> None:
    found = submitted(sent("edit", json.dumps({"run": "r1", "key": "one"}), {"one": field(text)}), NOW)
    assert isinstance(found, AnswerEdited)
    assert (found.run, found.key, found.is_taken_back) == ("r1", "one", is_taken_back)


def test_words_with_fields_are_read() -> None:
    found = submitted(sent("ask", json.dumps({"words": "pause until"}), {"day": field("soon")}), NOW)
    assert found == Said("pause until", (("day", "soon"),))


@given(
    st.sampled_from(["form", "edit", "ask", "burn"]) | anything,
    st.dictionaries(st.sampled_from(["run", "wait", "key", "words"]), anything).map(json.dumps) | words | anything,
    anything | st.dictionaries(words, st.dictionaries(st.just("given"), anything, max_size=1), max_size=3),
)
def test_any_form_is_an_event_words_or_forged(callback: Any, about: Any, values: Any) -> None:
    try:
        found = submitted(sent(callback, about, values), NOW)
    except Forged:
        return
    assert isinstance(found, FormSubmitted | AnswerEdited | Said)


# Names.


def test_an_act_is_named_by_its_trigger_in_its_workspace() -> None:
    assert event_id({"team": {"id": "T1"}, "trigger_id": "t.1"}) == "slack/T1/t.1"
    assert event_id({"team_id": "T2", "trigger_id": "t.1"}) == "slack/T2/t.1"
    assert event_id({"team": None, "team_id": "T2", "trigger_id": "t.1"}) == "slack/T2/t.1"


@given(st.sampled_from(["U1", "C1", "W1"]), st.sampled_from(["T1", "T2"]))
def test_a_place_is_taken_apart_as_it_was_put_together(name: str, team: str) -> None:
    assert parts_of(place_of(team, name)) == (team, name)
