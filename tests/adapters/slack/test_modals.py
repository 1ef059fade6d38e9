"""Forms as Slack modals: within every limit, nothing lost, and read back as they were filled in."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.asking import AskForm, EditForm, Item, Reply
from bot.adapters.fitting import size
from bot.adapters.slack.blocks import Block
from bot.adapters.slack.modals import ask_modal, edit_modal, errors_of, form_modal, given_in, reply_modal
from bot.core.effects import Input, Option, Prompt
from bot.flows.flow import OWN
from tests.adapters.slack.rendered import HOSTILE, RUN, TEXTS, offered, options_of, prompt_of, walk
from tests.slack.checks import Checks
from tests.slack.surfaces import state_of
from tests.slack.world import View, Workspace

SCHOOL = Workspace("T1", "A school", "U0", "B0", "xoxb-made-up")


def check(view: Block) -> Block:
    """Hold a modal to Slack's rules and to ours."""
    checks = Checks()
    checks.view("A modal", view)
    assert checks.complaints == []
    for part in walk(view):
        assert part.get("type") not in (
            "mrkdwn",
            "markdown",
            "image",
            "user",
            "broadcast",
            "usergroup",
            "channel",
            "emoji",
        )
        assert part.get("emoji") is not True
        assert size(part["text"]) in range(1, 3_001) if isinstance(part.get("text"), str) else True
    return view


def seen(view: Block) -> str:
    """Read all words, and what fields begin with."""
    texts: list[Any] = []
    for part in walk(view["blocks"]):
        texts += [part.get("text") if part.get("type") != "link" else part["url"], part.get("initial_value")]
    return "".join(text for text in texts if isinstance(text, str))


def fields(view: Block) -> dict[str, Block]:
    """Find the fields by their names."""
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def field_of(prompt: Prompt) -> Block:
    """Find the field of one question."""
    element: Block = fields(check(form_modal(offered(prompt))))["tried"]["element"]
    return element


def given_back(view: Block, **typed: Any) -> dict[str, str | tuple[str, ...]]:
    """Send a modal with what it begins with, but for what is typed."""
    shown = View("V1", SCHOOL, "U1", view, "h", "V1", typed={name: {"given": value} for name, value in typed.items()})
    return given_in({"values": state_of(shown, shown.typed)})


# Words.


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("options", [0, 1, 10, 11, 101])
@pytest.mark.parametrize("takes", Input)
@pytest.mark.parametrize("takes_text", [True, False])
def test_a_form_keeps_all_words(text: str, options: int, takes: Input, takes_text: bool) -> None:
    label = text.strip()[:200]
    prompt = prompt_of(
        text,
        takes,
        options=options_of(options, label),
        hint=text,
        example=text,
        said=text,
        slip=text,
        before=(text,),
        takes_text=takes_text,
    )
    shown = seen(check(form_modal(offered(prompt, title=text.strip()), intro=[text])))
    assert shown.count(text) >= (5 if takes is Input.ONE and not options and not takes_text else 6)
    assert label in shown


@settings(deadline=None)
@given(
    text=TEXTS, more=TEXTS, labels=st.lists(TEXTS, max_size=12), takes=st.sampled_from(Input), takes_text=st.booleans()
)
def test_no_limit_is_broken_and_no_sign_lost(
    text: str, more: str, labels: list[str], takes: Input, takes_text: bool
) -> None:
    options = tuple(Option(f"v{number}", label) for number, label in enumerate(labels))
    prompt = prompt_of(f"Q{text}", takes, options=options, takes_text=takes_text, said=more, slip=more, hint=more)
    edited = check(edit_modal(EditForm(run=RUN, title=f"Q{text}", prompt=prompt)))
    shown = seen(check(form_modal(offered(prompt, title=f"Q{text}"))))
    assert shown == seen(edited)
    assert prompt.text in shown
    assert shown.count(more) >= 2 or not more.strip()
    if takes in (Input.ONE, Input.MANY):
        assert all(option.label in shown for option in options if option.label.strip())


def test_a_question_quoting_an_address_lets_it_be_opened() -> None:
    view = check(form_modal(offered(prompt_of("Look at https://a.example, then write."))))
    assert [part["url"] for part in walk(view) if part.get("type") == "link"] == ["https://a.example"]
    assert fields(view)["tried"]["label"]["text"] == "Look at https://a.example, then write."


# The view.


def test_a_form_asks_four_questions_at_most() -> None:
    prompts = [prompt_of(key=f"k{number}") for number in range(5)]
    view = check(form_modal(offered(*prompts), intro=["One", "Two"]))
    assert [block["type"] for block in view["blocks"]] == ["rich_text"] * 2 + ["input"] * 4
    assert list(fields(view)) == ["k0", "k1", "k2", "k3"]
    assert (view["submit"]["text"], view["close"]["text"], view["callback_id"]) == ("Next", "Not now", "form")
    assert json.loads(view["private_metadata"]) == {"run": "r1", "wait": 3}
    assert check(form_modal(offered(*prompts[:4])))["submit"]["text"] == "Send"
    assert len(fields(check(form_modal(offered(*prompts), first=1)))) == 1


def test_a_title_is_cut_at_a_word() -> None:
    title = check(form_modal(offered(prompt_of(), title="How was the week at the edge?")))["title"]["text"]
    assert title == "How was the week at the…"


def test_every_question_may_be_left_out_and_says_who_reads_it() -> None:
    block = fields(check(form_modal(offered(prompt_of(hint="Two lines do.", example="I waited.")))))["tried"]
    assert block["optional"] is True
    assert block["hint"]["text"] == "Two lines do.\nFor example: I waited.\nAda will read this."
    assert block["element"]["action_id"] == "given"
    assert "hint" not in fields(check(form_modal(offered(prompt_of(reads="")))))["tried"]


def test_a_question_too_long_for_a_label_stands_above_it() -> None:
    view = check(form_modal(offered(prompt_of("Why? " * 401))))
    assert view["blocks"][0]["type"] == "rich_text"
    assert fields(view)["tried"]["label"]["text"] == "Tried"
    assert fields(check(form_modal(offered(prompt_of("x" * 2000)))))["tried"]["label"]["text"] == "x" * 2000


def test_an_edit_and_a_few_fields_name_what_they_belong_to() -> None:
    edit = check(edit_modal(EditForm(run=RUN, title="Change it", prompt=prompt_of(said="I waited."))))
    assert (edit["callback_id"], json.loads(edit["private_metadata"])) == ("edit", {"run": "r1", "key": "tried"})
    assert given_back(edit) == {"tried": "I waited."}
    ask = check(ask_modal(AskForm(words="setup 3", title="Set up", prompts=(prompt_of(), prompt_of(key="when")))))
    assert (ask["callback_id"], json.loads(ask["private_metadata"])) == ("ask", {"words": "setup 3"})
    assert list(fields(ask)) == ["tried", "when"]


def test_an_edit_that_begins_empty_cannot_be_sent_empty() -> None:
    for said, is_optional in (("x" * 3_000, True), ("x" * 3_001, False)):
        view = check(edit_modal(EditForm(run=RUN, title="Change it", prompt=prompt_of(said=said))))
        assert fields(view)["tried"]["optional"] is is_optional


def test_a_closing_view_can_only_be_closed() -> None:
    view = check(reply_modal(Reply(items=(Item(text="Saved."), Item(text="Ada reads this by Friday.")))))
    assert "submit" not in view
    assert seen(view) == "Saved.Ada reads this by Friday."


def test_what_slack_would_not_take_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="private_metadata: at most 3,000"):
        ask_modal(AskForm(words="w" * 3_000, title="x", prompts=(prompt_of(),)))
    with pytest.raises(ValueError, match="block_id: at most 255"):
        form_modal(offered(prompt_of(key="k" * 256)))
    with pytest.raises(ValueError, match="blocks of a modal: 1 to 100"):
        reply_modal(Reply())


# Fields.


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        (prompt_of(), "plain_text_input"),
        (prompt_of(takes=Input.DATE), "datepicker"),
        (prompt_of(takes=Input.ONE), "plain_text_input"),
        (prompt_of(takes=Input.ONE, options=options_of(10)), "radio_buttons"),
        (prompt_of(takes=Input.ONE, options=options_of(11)), "static_select"),
        (prompt_of(takes=Input.MANY, options=options_of(10)), "checkboxes"),
        (prompt_of(takes=Input.MANY, options=options_of(11)), "multi_static_select"),
        (prompt_of(takes=Input.MANY, options=options_of(250)), "multi_static_select"),
    ],
)
def test_each_kind_of_question_has_its_field(prompt: Prompt, kind: str) -> None:
    assert field_of(prompt)["type"] == kind


@pytest.mark.parametrize(("lines", "said", "is_tall"), [(1, "", False), (3, "", True), (1, "a\nb", True)])
def test_a_text_field_is_as_tall_as_it_needs(lines: int, said: str, is_tall: bool) -> None:
    field = field_of(prompt_of(lines=lines, said=said))
    assert (field["multiline"], field["max_length"]) == (is_tall, 3_000)


def test_own_words_have_a_field_of_their_own() -> None:
    options = (*options_of(2), Option(OWN, "In my own words"))
    view = check(form_modal(offered(prompt_of(takes=Input.ONE, options=options))))
    assert list(fields(view)) == ["tried", "tried:own"]
    assert [option["value"] for option in fields(view)["tried"]["element"]["options"]] == ["v1", "v2"]
    assert fields(view)["tried:own"]["label"]["text"] == "In my own words"
    assert list(fields(check(form_modal(offered(prompt_of(takes=Input.ONE, options=options, takes_text=False)))))) == [
        "tried"
    ]
    assert list(fields(check(form_modal(offered(prompt_of(takes=Input.ONE, options=options[2:])))))) == ["tried"]


@pytest.mark.parametrize(
    ("prompt", "back"),
    [
        (prompt_of(said="I waited."), {"tried": "I waited."}),
        (prompt_of(said="x" * 3_000), {"tried": "x" * 3_000}),
        (prompt_of(said="x" * 3_001), {"tried": ""}),
        (prompt_of(takes=Input.DATE, said="2026-11-24"), {"tried": "2026-11-24"}),
        (prompt_of(takes=Input.DATE, said="after the holidays"), {"tried": ""}),
        (prompt_of(takes=Input.DATE, said="20261124"), {"tried": ""}),
        (prompt_of(takes=Input.ONE, options=options_of(3), said="v2"), {"tried": "v2"}),
        (prompt_of(takes=Input.ONE, options=options_of(300), said="v270"), {"tried": "v270"}),
        (prompt_of(takes=Input.ONE, options=options_of(3), said="my own"), {"tried": "my own"}),
        (prompt_of(takes=Input.ONE, options=options_of(3), said="hm", takes_text=False), {"tried": ""}),
        (prompt_of(takes=Input.MANY, options=options_of(3), said=("v3", "v1")), {"tried": ("v1", "v3")}),
        (prompt_of(takes=Input.MANY, options=options_of(300), said=("v1", "v270")), {"tried": ("v1", "v270")}),
        (prompt_of(takes=Input.MANY, options=options_of(3), said=("v3", "mine")), {"tried": ("v3", "mine")}),
        (prompt_of(takes=Input.MANY, options=options_of(3), said=("mine",)), {"tried": "mine"}),
        (prompt_of(takes=Input.MANY, options=options_of(3)), {"tried": ""}),
        (prompt_of(takes=Input.MANY, takes_text=False), {}),
    ],
)
def test_what_was_said_before_stands_in_the_form_and_comes_back(prompt: Prompt, back: dict[str, Any]) -> None:
    view = check(form_modal(offered(prompt)))
    assert given_back(view) == back
    said = prompt.said if isinstance(prompt.said, str) else ", ".join(prompt.said)
    is_kept = all(back.values()) or not said
    assert ("You said:" in seen(view)) is not is_kept
    assert is_kept or said in seen(view)


def test_own_words_win_over_the_menu() -> None:
    own = {"type": "plain_text_input", "value": "my own"}
    view = form_modal(offered(prompt_of(takes=Input.ONE, options=options_of(3), said="v1")))
    assert given_back(view, **{"tried:own": own}) == {"tried": "my own"}
    assert given_back(view, **{"tried:own": {**own, "value": "  "}}) == {"tried": "v1"}
    assert given_back(view, **{"tried:own": {**own, "value": None}}) == {"tried": "v1"}


def test_blank_is_an_empty_text() -> None:
    view = form_modal(offered(prompt_of(said="x"), prompt_of(key="when", takes=Input.DATE)))
    assert given_back(view, tried={"type": "plain_text_input", "value": " \n"}) == {"tried": "", "when": ""}
    assert given_in({"values": {"other": {"not ours": {"type": "plain_text_input", "value": "x"}}}}) == {}


# Slips.


def test_a_slip_stands_above_its_question_and_at_its_field() -> None:
    slipped = prompt_of(takes=Input.DATE, slip="A date fits here.", said="soon")
    nobody = prompt_of(key="who", takes=Input.ONE, takes_text=False, slip="There is nobody to pick yet.")
    form = offered(slipped, replace(prompt_of(), key="other"), nobody)
    view = check(form_modal(form))
    assert seen(view).startswith("A date fits here.You said:soonWhat did you try this week?")
    assert seen(view).endswith("There is nobody to pick yet.What did you try this week?Ada will read this.")
    assert errors_of(form) == {"tried": "A date fits here."}
    assert errors_of(form).keys() <= fields(view).keys()
