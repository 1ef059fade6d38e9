"""Effects and replies as Slack messages: within every limit, nothing cut, nothing read as markup."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters import labels
from bot.adapters.asking import Button, Item, Reply
from bot.adapters.fitting import cut, pieces, size
from bot.adapters.slack.blocks import links_in
from bot.adapters.slack.outbound import RARER, message_for, reply_for, settled
from bot.core.effects import (
    AskAboutPost,
    EffectId,
    Input,
    Option,
    Prompt,
    SendMessage,
    SettleQuestion,
)
from bot.core.events import Control
from bot.core.runs import RunId
from bot.flows.flow import CANT_SAY, OWN
from bot.flows.phrases import ENGLISH
from tests.adapters.slack.rendered import (
    HOSTILE,
    PERSON,
    PLACE,
    RUN,
    TEXTS,
    asked,
    by_action,
    check,
    offered,
    options_of,
    post,
    prompt_of,
    seen,
    walk,
)
from tests.slack.surfaces import words_of
from tests.slack.world import Message as Shown

# Words.


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("options", [0, 1, 3, 5, 6, 100, 101])
@pytest.mark.parametrize("takes", Input)
def test_a_question_with_any_words_keeps_them_all(text: str, options: int, takes: Input) -> None:
    label = text.strip()[:400]
    prompt = prompt_of(
        text,
        takes,
        options=options_of(options, label),
        hint=text[:500],
        example=text[:500],
        said=text[:3000],
        slip=text[:500],
    )
    blocks = check(message_for(asked(prompt))).blocks
    shown = seen(blocks)
    for whole in (text, prompt.slip, prompt.hint, prompt.example, prompt.said):
        assert str(whole) in shown
    assert (label in shown) or not options


@settings(deadline=None)
@given(
    text=TEXTS, slip=TEXTS, labels=st.lists(TEXTS, max_size=7), takes=st.sampled_from(Input), takes_text=st.booleans()
)
def test_no_limit_is_broken_and_no_sign_lost(
    text: str, slip: str, labels: list[str], takes: Input, takes_text: bool
) -> None:
    options = tuple(Option(f"v{number}", label[:3500]) for number, label in enumerate(labels))
    prompt = prompt_of(f"Q{text}", takes, slip=slip, options=options, takes_text=takes_text)
    shown = seen(check(message_for(asked(prompt))).blocks)
    assert prompt.text in shown
    assert slip in shown or not slip.strip()
    if takes in (Input.ONE, Input.MANY):
        assert all(option.label in shown for option in options if option.label.strip())


@settings(deadline=None)
@given(texts=st.lists(TEXTS, min_size=4, max_size=4))
def test_no_message_breaks_a_limit_or_loses_a_sign(texts: list[str]) -> None:
    a, b, c, d = (f"Q{text}" for text in texts)
    base: dict[str, Any] = {"id": EffectId("e/1"), "person": PERSON, "place": PLACE}
    item = Item(heading=a, text=b, quote=c, small=d, buttons=(Button(label=a, does="x"),))
    for message, expected in (
        (message_for(SendMessage(**base, text=a)), (a,)),
        (message_for(post(title=a, text=b, small=c)), (a, b, c)),
        (message_for(post(title=a, text=b, small=c, is_closed=True)), (a, b, c)),
        (message_for(AskAboutPost(**base, post=EffectId("e/9"), text=b)), (b,)),
        (message_for(offered(prompt_of(b, reads=c), title=a)), (a, c)),
        (settled(SettleQuestion(**base, run=RUN, key="k", asked=a, said=b, can_edit=True)), (a, b)),
        (reply_for(Reply(items=(item, item))), (a, b, c, d)),
    ):
        shown = seen(check(message).blocks)
        assert all(text in shown for text in expected)


def test_addresses_can_be_opened_and_nothing_else_is_one() -> None:
    assert links_in("(https://a.example/b_(c)?d=1&e=2). Or HTTP://b.example, “http://c.example”") == [
        "https://a.example/b_(c)?d=1&e=2",
        "HTTP://b.example",
        "http://c.example",
    ]
    assert links_in("javascript:x mailto:a@b http:// https://[ http://x:port/ ftp://a.example https://...") == []
    message = check(
        message_for(SendMessage(id=EffectId("e"), person=PERSON, place=PLACE, text="See https://a.example!"))
    )
    assert [part["url"] for part in walk(message.blocks) if part.get("type") == "link"] == ["https://a.example"]


def test_a_text_is_cut_at_a_word() -> None:
    assert cut("one two three", 13) == "one two three"
    assert cut("one two three", 9) == "one two…"
    assert cut("one two three", 8) == "one two…"
    assert cut("one two three", 7) == "one…"
    assert cut("onetwothree", 7) == "onetwo…"
    assert cut("🤖🤖🤖", 4) == "🤖…"


@settings(deadline=None)
@given(TEXTS, st.integers(2, 80))
def test_pieces_fit_and_make_the_whole(text: str, most: int) -> None:
    parts = list(pieces(text, most))
    assert "".join(parts) == text
    assert all(0 < size(part) <= most for part in parts)
    assert size(cut(text, most)) <= most


# Questions.


def test_a_question_in_words_looks_like_this() -> None:
    prompt = prompt_of(hint="Two lines do.", example="I waited.", said="I asked twice.", slip="I got an empty answer.")
    message = check(message_for(asked(prompt)))
    assert words_of(Shown("1", "D1", "U1", message.text, message.blocks)) == [
        "I got an empty answer.",
        "What did you try this week?",
        "Two lines do.\nFor example: I waited.\nWrite your answer here.",
        "You said:",
        "I asked twice.",
        "Skip",
        "Back",
        "Later today",
        "Tomorrow",
        "Stop here",
        "Who reads this?",
        "Pause …",
        "Ada will read this.",
    ]
    assert message.text == "I got an empty answer. Weekly reflection: What did you try this week? Ada will read this."


def test_the_controls_say_which_question_they_mean() -> None:
    actions = by_action(message_for(asked(prompt_of())).blocks)
    assert list(actions) == ["control:r1:3:skip", "control:r1:3:back", "controls:r1:3"]
    assert [option["value"] for option in actions["controls:r1:3"]["options"]] == [*map(str, RARER), "pause"]
    first = by_action(message_for(asked(prompt_of(), is_first=True)).blocks)
    assert list(first) == ["control:r1:3:skip", "controls:r1:3"]
    assert {control.value: label for control, label in labels.CONTROLS.items()} == ENGLISH.buttons
    assert list(labels.CONTROLS) == list(Control)
    assert (OWN, CANT_SAY, ENGLISH.my_own) == (labels.OWN, labels.CANT_SAY, labels.IN_OWN_WORDS)


@pytest.mark.parametrize(
    ("prompt", "line"),
    [
        (prompt_of(), "Write your answer here."),
        (prompt_of(hint="Write two lines."), ""),
        (prompt_of(takes=Input.ONE, options=options_of(2)), "Or write your answer here."),
        (prompt_of(takes=Input.ONE, options=options_of(2), takes_text=False), ""),
        (prompt_of(takes=Input.ONE, takes_text=False), ""),
        (prompt_of(takes=Input.ONE), "Write your answer here."),
        (prompt_of(takes=Input.DATE), "You can also write the day, such as Friday."),
    ],
)
def test_a_question_says_whether_it_can_be_answered_in_words(prompt: Prompt, line: str) -> None:
    blocks = check(message_for(asked(prompt))).blocks
    small = [part["text"] for block in blocks if block["type"] == "context" for part in block["elements"]]
    assert small == [text for text in ("\n".join(filter(None, (prompt.hint, line))), prompt.reads) if text]


def test_a_few_options_are_buttons() -> None:
    prompt = prompt_of(takes=Input.ONE, options=options_of(5), takes_text=False)
    buttons = by_action(check(message_for(asked(prompt))).blocks)
    assert [buttons[f"answer:r1:3:{n}"]["value"] for n in range(1, 6)] == ["v1", "v2", "v3", "v4", "v5"]
    assert not any("style" in made for made in buttons.values())


def test_a_scale_of_five_keeps_its_way_out_beside_it() -> None:
    options = (*options_of(5), Option(CANT_SAY, "Can't say"))
    buttons = by_action(message_for(asked(prompt_of(takes=Input.ONE, options=options, takes_text=False))).blocks)
    assert buttons["answer:r1:3:6"]["value"] == CANT_SAY


def test_options_of_many_words_are_a_list_with_short_buttons() -> None:
    label = "I did it, and it went otherwise than I had thought it would when I made my plan for the week"
    prompt = prompt_of(takes=Input.ONE, options=(Option("a", label), Option("b", "Not yet")))
    blocks = check(message_for(asked(prompt))).blocks
    buttons = by_action(blocks)
    assert buttons["answer:r1:3:1"]["text"]["text"] == "1 · I did it, and it went…"
    assert (
        buttons["answer:r1:3:1"]["accessibility_label"]
        == "I did it, and it went otherwise than I had thought it would when I made my…"
    )
    assert buttons["answer:r1:3:2"]["text"]["text"] == "2 · Not yet"
    assert [part["style"] for part in walk(blocks) if part.get("type") == "rich_text_list"] == ["ordered"]


def test_many_options_are_a_menu() -> None:
    options = (*options_of(6), Option("p" * 151, "Ada " * 30), Option("#2", "Two"))
    blocks = check(message_for(asked(prompt_of(takes=Input.ONE, options=options)))).blocks
    menu = by_action(blocks)["pick:r1:3"]
    assert [option["value"] for option in menu["options"]][5:] == ["v6", "#7", "#8"]
    assert menu["options"][6]["text"]["text"].endswith(" Ada…")
    assert "Ada " * 30 in seen(blocks)


@pytest.mark.parametrize(("count", "groups"), [(100, 0), (101, 2), (2_000, 20)])
def test_more_than_a_hundred_people_stand_in_groups(count: int, groups: int) -> None:
    blocks = check(message_for(asked(prompt_of(takes=Input.ONE, options=options_of(count))))).blocks
    menu = by_action(blocks)["pick:r1:3"]
    assert len(menu.get("option_groups", [])) == groups
    if groups:
        assert menu["option_groups"][0]["label"]["text"] == "Option 1 – Option 100"


def test_more_people_than_any_menu_takes_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="option groups: at most 100"):
        message_for(asked(prompt_of(takes=Input.ONE, options=options_of(10_001))))


@pytest.mark.parametrize(
    ("count", "kind"), [(10, "checkboxes"), (11, "multi_static_select"), (101, "multi_static_select")]
)
def test_several_choices_are_ticked_and_then_sent(count: int, kind: str) -> None:
    prompt = prompt_of(takes=Input.MANY, options=options_of(count), said=("v1", "own thing"))
    blocks = check(message_for(asked(prompt))).blocks
    (many,) = [block for block in blocks if block.get("block_id") == "many:r1:3"]
    assert [(element["type"], element["action_id"]) for element in many["elements"]] == [
        (kind, "ticked:r1:3"),
        ("button", "ticks:r1:3"),
    ]
    assert "Option 1, own thing" in seen(blocks)
    assert not any(name.startswith("initial") for part in walk(blocks) for name in part)


def test_a_day_is_picked() -> None:
    assert by_action(check(message_for(asked(prompt_of(takes=Input.DATE)))).blocks)["date:r1:3"]["type"] == "datepicker"


def test_ids_that_slack_would_not_take_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="action_id: at most 255"):
        message_for(replace(asked(prompt_of()), run=RunId("r" * 250)))
    with pytest.raises(ValueError, match="block_id: at most 255"):
        message_for(replace(post(), id=EffectId("e" * 251)))


def test_the_notification_ends_with_who_reads_it() -> None:
    text = check(message_for(asked(prompt_of("Why? " * 200)))).text
    assert text.endswith("Why?… Ada will read this.")
    assert len(text) in range(280, 301)
