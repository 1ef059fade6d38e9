"""Every check of the fake Slack finds what it is for, and finds nothing in what is right."""

from typing import Any

import pytest

from tests.slack import arguments
from tests.slack.checks import Checks
from tests.slack.limits import faults_of_manifest
from tests.slack.small_bot import (
    QUIET,
    actions,
    button,
    modal,
    options,
    plain,
    section,
    text_input,
)
from tests.slack.world import JSON

IMAGE = {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A bridge"}
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "<!channel> <@U1>"}]}],
}


def menu(kind: str = "static_select", **more: Any) -> JSON:
    """Make a menu."""
    return {"type": kind, "action_id": "menu", "options": options("red", "blue"), **more}


def field(element: JSON, **more: Any) -> JSON:
    """Ask with an element."""
    return {"type": "input", "block_id": "field", "label": plain("Which?"), "element": element, **more}


def of_message(*blocks: JSON, method: str = "chat.postMessage", **more: Any) -> list[str]:
    """List what is wrong with a message."""
    checks = Checks(allowed_mentions={"U2"})
    body: JSON = {"channel": "C1", "text": "Hello", **(QUIET if method == "chat.postMessage" else {}), **more}
    checks.request(method, {**body, "blocks": list(blocks)} if blocks else body)
    return checks.complaints


def of_view(view: Any, method: str = "views.open") -> list[str]:
    """List what is wrong with a view."""
    checks = Checks()
    key = {"user_id": "U1"} if method == "views.publish" else {"trigger_id": "1"}
    checks.request(method, {**key, "view": view})
    return checks.complaints


def test_what_is_right_is_not_complained_about() -> None:
    many = [section("x" * 3000, block_id=f"block-{number}") for number in range(47)]
    row = actions(*(button("x" * 30, f"act-{number}", value="v" * 2000) for number in range(25)))
    said: JSON = {"metadata": {"event_type": "mull", "event_payload": {"key": "1", "turn": 2}}}
    context = {"type": "context", "elements": [{"type": "plain_text", "text": "<!here>"}, IMAGE]}
    assert of_message(row, context, RICH, *many, **said) == []
    assert of_message(section("Hello <@U2> &lt;!channel&gt; <https://a.org|here>"), text="x" * 40_000) == []
    assert of_message(method="chat.update", ts="1.1", metadata={}) == []
    blocks = [
        text_input(max_length=3000, initial_value="Before", multiline=True, placeholder=plain("x" * 150)),
        field(menu("radio_buttons", initial_option=options("red", "blue")[1])),
        *({"type": "divider"} for _ in range(98)),
    ]
    assert of_view(modal(*blocks, title="x" * 24, private_metadata="x" * 3000)) == []
    header = {"type": "header", "text": plain("x" * 150)}
    accessory = section(accessory=button(confirm={"title": plain("Sure?"), "text": plain("Really?")}))
    picture = section(accessory=IMAGE)
    assert of_view({"type": "home", "blocks": [header, accessory, picture, IMAGE]}, "views.publish") == []


MESSAGES: dict[str, tuple[tuple[JSON, ...], JSON, str]] = {
    "no text": ((), {"text": " "}, "has no text"),
    "no text beside blocks": ((section(),), {"text": ""}, "has no text"),
    "long text": ((), {"text": "x" * 40_001}, "40001"),
    "links shown": ((), {"unfurl_links": True}, "unfurl_links"),
    "media not denied": ((), {"unfurl_media": None}, "unfurl_media"),
    "names looked for": ((), {"link_names": True}, "look for names"),
    "parsed": ((), {"parse": "full"}, "look for names"),
    "attachments": ((), {"attachments": [{}]}, "attachments"),
    "channel called": ((), {"text": "<!channel> hello"}, "calls channel"),
    "here called": ((section("<!here|here>"),), {}, "calls here"),
    "everyone called": (({"type": "markdown", "text": "<!everyone>"},), {}, "calls everyone"),
    "group called": ((section("<!subteam^S1>"),), {}, "calls subteam"),
    "person called": ((section("Hi <@U1>"),), {}, "calls U1"),
    "person called in a context": (
        ({"type": "context", "elements": [{"type": "mrkdwn", "text": "<@U1|ben>"}]},),
        {},
        "calls U1",
    ),
    "person called in rich text": (
        (
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U1"}]}],
            },
        ),
        {},
        "calls U1",
    ),
    "channel called in rich text": (
        (
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "channel"}]}],
            },
        ),
        {},
        "calls channel",
    ),
    "metadata in words": ((), {"metadata": "key"}, "not JSON"),
    "metadata without a payload": ((), {"metadata": {"event_type": "mull"}}, "not an event type and a payload"),
    "metadata of words": ((), {"metadata": {"event_type": "a", "event_payload": "b"}}, "payload is no object"),
    "blocks in words": ((), {"blocks": ["words"]}, "no list of objects"),
    "51 blocks": (tuple({"type": "divider"} for _ in range(51)), {}, "51, where 0 to 50"),
    "one block id twice": ((section(block_id="a"), section(block_id="a")), {}, "'a' more than once"),
    "long block id": ((section(block_id="x" * 256),), {}, "the block id"),
    "unknown block": (({"type": "plan", "title": "x"},), {}, "no block that a message takes"),
    "long section": ((section("x" * 3001),), {}, "3001"),
    "empty section": ((section(""),), {}, "0 characters"),
    "section without text": (({"type": "section"},), {}, "has no text"),
    "long field": (({"type": "section", "fields": [plain("x" * 2001)]},), {}, "2001"),
    "11 fields": (({"type": "section", "fields": [plain("x")] * 11},), {}, "11, where 0 to 10"),
    "long header": (({"type": "header", "text": plain("x" * 151)},), {}, "151"),
    "marked header": (({"type": "header", "text": {"type": "mrkdwn", "text": "x"}},), {}, "HeaderBlock"),
    "long markdown": (({"type": "markdown", "text": "x" * 12_001},), {}, "12001"),
    "11 pieces of context": (({"type": "context", "elements": [plain("x")] * 11},), {}, "11, where 1 to 10"),
    "long context": (({"type": "context", "elements": [plain("x" * 3001)]},), {}, "3001"),
    "picture in words": (({**IMAGE, "alt_text": ""},), {}, "the alt text"),
    "long address of a picture": (({**IMAGE, "image_url": "x" * 3001},), {}, "the address"),
    "picture without words": (
        ({"type": "image", "image_url": IMAGE["image_url"]},),
        {},
        "is not a ImageBlock",
    ),
    "context picture without words": (
        ({"type": "context", "elements": [{**IMAGE, "alt_text": ""}]},),
        {},
        "the alt text",
    ),
    "side picture without words": ((section(accessory={**IMAGE, "alt_text": ""}),), {}, "the alt text"),
    "no elements": ((actions(),), {}, "0, where 1 to 25"),
    "26 elements": ((actions(*(button(action_id=str(number)) for number in range(26))),), {}, "26, where 1 to 25"),
    "one action id twice": ((actions(button(), button()),), {}, "action id more than once"),
    "long action id": ((actions(button(action_id="x" * 256)),), {}, "the action id"),
    "button cut": ((actions(button("x" * 31)),), {}, "cut on a phone"),
    "long button": ((actions(button("x" * 76)),), {}, "has 76 characters"),
    "empty button": ((actions(button("")),), {}, "0 characters"),
    "long value": ((actions(button(value="x" * 2001)),), {}, "2001"),
    "long address": ((actions(button(url="https://a.org/" + "x" * 3000)),), {}, "the address"),
    "long label for readers": ((actions(button(accessibility_label="x" * 76)),), {}, "the accessibility label"),
    "unknown style": ((actions(button(style="green")),), {}, "style"),
    "unknown key": ((actions(button(colour="red")),), {}, "button in block 0 (actions) is not a Button"),
    "elements in words": (({"type": "actions", "elements": "words"},), {}, "ActionsBlock"),
    "long confirmation": (
        (actions(button(confirm={"title": plain("x" * 101), "text": plain("x")})),),
        {},
        "the title of the confirmation",
    ),
    "unknown element": ((actions({"type": "slider"}),), {}, "no element that this bot may use"),
    "number input": (
        (field({"type": "number_input", "is_decimal_allowed": False}),),
        {},
        "no element that this bot may use",
    ),
    "radio buttons in a message": ((actions(menu("radio_buttons")),), {}, "in a modal only"),
    "words put into a mouth": ((text_input(initial_value="I"),), {}, "somebody's mouth"),
    "long placeholder": ((actions(menu(placeholder=plain("x" * 151))),), {}, "the placeholder"),
    "101 options": ((actions(menu(options=options(*map(str, range(101))))),), {}, "101, where 1 to 100"),
    "no options": ((actions(menu(options=[])),), {}, "0, where 1 to 100"),
    "101 groups": (
        (actions(menu(options=[], option_groups=[{"label": plain("a"), "options": options("b")}] * 101)),),
        {},
        "101, where 1 to 100",
    ),
    "101 options of a group": (
        (
            actions(
                {
                    "type": "static_select",
                    "option_groups": [{"label": plain("a"), "options": options(*map(str, range(101)))}],
                }
            ),
        ),
        {},
        "options of a group",
    ),
    "long group": (
        (actions({**menu(), "option_groups": [{"label": plain("x" * 76), "options": options("b")}]}),),
        {},
        "the label of a group",
    ),
    "long option": ((actions(menu(options=options("x" * 76))),), {}, "the text of an option"),
    "long option value": (
        (actions(menu(options=[{"text": plain("a"), "value": "x" * 151}])),),
        {},
        "the value of an option",
    ),
    "long option description": (
        (actions(menu(options=[{**options("a")[0], "description": plain("x" * 76)}])),),
        {},
        "the description of an option",
    ),
    "one value twice": ((actions(menu(options=options("a") + options("b"))),), {}, "two options of one value"),
    "begins with no option of its own": (
        (actions(menu(initial_option=options("green")[0])),),
        {},
        "an option that it does not offer",
    ),
    "begins with no options": ((actions(menu("checkboxes", initial_options=[])),), {}, "an empty list of options"),
    "11 boxes": ((actions(menu("checkboxes", options=options(*map(str, range(11))))),), {}, "11, where 1 to 10"),
    "6 in an overflow": ((actions(menu("overflow", options=options(*map(str, range(6))))),), {}, "6, where 1 to 5"),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_with_this_fault_is_complained_about(name: str) -> None:
    blocks, more, words = MESSAGES[name]
    complaints = of_message(*blocks, **more)
    assert any(words in complaint for complaint in complaints), complaints


VIEWS: dict[str, tuple[Any, str]] = {
    "no view": (None, "no view with blocks"),
    "no blocks": (modal() | {"blocks": []}, "without blocks"),
    "a home page": ({"type": "home", "blocks": [section()]}, "where 'modal' belongs"),
    "no title": ({key: value for key, value in modal().items() if key != "title"}, "'title' is a required property"),
    "long title": (modal(title="x" * 25), "the title of the view"),
    "long submit": (modal(submit=plain("x" * 25)), "the submit of the view"),
    "long close": (modal(close=plain("x" * 25)), "the close of the view"),
    "long metadata": (modal(private_metadata="x" * 3001), "private_metadata"),
    "long callback": (modal(callback_id="x" * 256), "callback_id"),
    "long external id": (modal(external_id="x" * 256), "external_id"),
    "unknown key": (modal(colour="red"), "colour"),
    "101 blocks": (modal(*({"type": "divider"} for _ in range(101))), "101, where 0 to 100"),
    "unknown block": (modal({"type": "markdown", "text": "x"}), "no block that a modal takes"),
    "nothing to submit with": (modal(submit=None), "nothing to submit it with"),
    "one block id twice": (modal(text_input(), text_input()), "'what' more than once"),
    "11 radio buttons": (modal(field(menu("radio_buttons", options=options(*map(str, range(11)))))), "11, where"),
    "takes too much": (modal(text_input(max_length=3001)), "takes 3001 characters"),
    "asks too much": (modal(text_input(min_length=9, max_length=8)), "takes at least 9"),
    "begins with too much": (modal(text_input(max_length=3, initial_value="four")), "begins with more than the 3"),
    "long label": (modal(text_input(label="x" * 2001)), "the label"),
    "long hint": (modal(text_input() | {"hint": plain("x" * 2001)}), "the hint"),
    "button as an input": (modal(field(button())), "InputBlock"),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_with_this_fault_is_complained_about(name: str) -> None:
    view, words = VIEWS[name]
    complaints = of_view({key: value for key, value in view.items() if value is not None} if view else view)
    assert any(words in complaint for complaint in complaints), complaints


def test_answers_to_presses_and_submissions_are_checked() -> None:
    checks = Checks()
    assert checks.response({"delete_original": True}) is None
    assert checks.complaints == []
    checks.response({"text": "a", "colour": "red"})
    checks.response({"text": "a", "response_type": "loud"})
    checks.response({"text": ""})
    checks.response(["words"])
    checks.view("response_action push", {"type": "home", "blocks": [section()]})
    for words in ("colour", "loud", "no object", "has no text", "where 'modal' belongs"):
        assert any(words in complaint for complaint in checks.complaints), checks.complaints


@pytest.mark.skipif(not arguments.ON, reason="Slack's description of its Web API is not at hand")
def test_arguments_are_checked_where_they_are_described() -> None:
    assert arguments.faults_of_arguments("users.info", {"user": "U1", "include_locale": "1"}) == []
    assert arguments.faults_of_arguments("conversations.history", {"channel": "C", "oldest": "1.5", "limit": "2"}) == []
    for method, body, words in (
        ("users.info", {"user": "U1", "language": "en"}, "no argument 'language'"),
        ("chat.postMessage", {"text": "a"}, "lacks the argument 'channel'"),
        ("users.info", {"user": "U1", "include_locale": "perhaps"}, "as boolean"),
        ("conversations.members", {"channel": "C1", "limit": "many"}, "as integer"),
        ("chat.postMessage", {"channel": "C1", "text": 5}, "as string"),
        ("views.open", {"trigger_id": "1", "view": "words"}, "'view'"),
        ("conversations.history", {"channel": "C1", "oldest": 1.5}, "'oldest'"),
        ("functions.completeSuccess", {"function_execution_id": "Fx1"}, "lacks the argument 'outputs'"),
    ):
        [fault] = arguments.faults_of_arguments(method, body)
        assert words in fault


def test_a_manifest_is_checked() -> None:
    assert faults_of_manifest({"display_information": {"name": "Mull"}}) == []
    assert faults_of_manifest({"display_information": {"name": "Mull"}, "features": {"app_home": {"colour": "red"}}})
    assert faults_of_manifest({})
