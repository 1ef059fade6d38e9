"""Questions and turns as Discord messages: within every limit, nothing lost, nothing read as markup."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters import labels
from bot.adapters.asking import Button, Item, Reply
from bot.adapters.discord.outbound import messages_for, reply_messages, settled, turn_messages
from bot.adapters.discord.questions import RARER
from bot.core.effects import AskAboutPost, CallGroup, EffectId, Input, Option, Prompt, SendMessage
from bot.core.events import Control
from bot.core.people import GroupId
from bot.flows.flow import CANT_SAY, OWN
from bot.flows.phrases import ENGLISH
from tests.adapters.discord.reading import read
from tests.adapters.discord.rendered import (
    AT,
    HOSTILE,
    PERSON,
    PLACE,
    TEXTS,
    asked,
    check,
    ids_of,
    offered,
    one,
    options_of,
    piece_of,
    post,
    prompt_of,
    rows_of,
    seen,
    settle,
    shows,
)

CONTROLS = [f"control:{AT}:skip", f"control:{AT}:back", f"controls:{AT}"]
ELSE = "Something else: Later today | Tomorrow | Stop here | Who reads this? | Pause …"


def sent(text: str) -> SendMessage:
    """Say something."""
    return SendMessage(id=EffectId("e/3"), person=PERSON, place=PLACE, text=text)


# Words.


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("options", [0, 5, 76])
@pytest.mark.parametrize("takes", Input)
def test_a_question_with_any_words_keeps_them_all(text: str, options: int, takes: Input) -> None:
    label = text.strip()[:200]
    prompt = prompt_of(
        text,
        takes,
        options=options_of(options, label),
        hint=text[:500],
        example=text[:500],
        said=text[:3000],
        slip=text[:500],
        before=(text[:100],),
    )
    messages = check(messages_for(asked(prompt)))
    assert shows(messages, text, prompt.slip, prompt.hint, prompt.example, str(prompt.said))
    assert all(message.view is None for message in messages[:-1])
    assert ids_of(messages[-1])[-3:] == CONTROLS
    if takes in (Input.ONE, Input.MANY) and options:
        assert shows(messages, label) or len(label) <= 100


@settings(deadline=None)
@given(
    text=TEXTS, slip=TEXTS, labels=st.lists(TEXTS, max_size=7), takes=st.sampled_from(Input), takes_text=st.booleans()
)
def test_no_limit_is_broken_and_no_sign_lost(
    text: str, slip: str, labels: list[str], takes: Input, takes_text: bool
) -> None:
    options = tuple(Option(f"v{number}", label[:1500]) for number, label in enumerate(labels))
    prompt = prompt_of(f"Q{text}", takes, slip=slip, options=options, takes_text=takes_text)
    messages = check(messages_for(asked(prompt)))
    assert shows(messages, prompt.text, slip)
    if takes in (Input.ONE, Input.MANY):
        assert shows(messages, *(option.label for option in options if len(option.label) > 100))


@settings(deadline=None, max_examples=30)
@given(texts=st.lists(TEXTS, min_size=4, max_size=4))
def test_no_message_breaks_a_limit_or_loses_a_sign(texts: list[str]) -> None:
    a, b, c, d = (f"Q{text}" for text in texts)
    base: dict[str, Any] = {"id": EffectId("e/1"), "person": PERSON, "place": PLACE}
    item = Item(heading=a, text=b, quote=c, small=d, buttons=(Button(label=a, does="x", spoken=b),))
    for messages, expected in (
        (messages_for(SendMessage(**base, text=a)), (a,)),
        (messages_for(post(title=a, text=b, small=c)), (a, b, c)),
        (messages_for(post(title=a, text=b, small=c, is_closed=True)), (a, b, c)),
        (messages_for(AskAboutPost(**base, post=EffectId("e/9"), text=b)), (b,)),
        (messages_for(CallGroup(**base, group=GroupId("g"), title=a)), (a,)),
        (messages_for(offered(prompt_of(b, reads=c), title=a)), (a, c)),
        (turn_messages([offered(prompt_of(b, label=a, slip=c, said=d))]), (a, c, d)),
        (turn_messages([settle(a, b), sent(c), asked(prompt_of(d))]), (a, b, c, d)),
        (reply_messages(Reply(items=(item, item))), (a, b, c, d)),
        ([settled(settle(a, b))], ()),
    ):
        assert shows(check(messages), *expected)


# Questions.


def test_a_question_in_words_looks_like_this() -> None:
    prompt = prompt_of(hint="Two lines do.", example="I waited.", said="I asked twice.", slip="I got an empty answer.")
    message = one(messages_for(asked(prompt)))
    assert message.content.splitlines() == [
        "I got an empty answer.",
        "",
        "**What did you try this week?**",
        "You said: I asked twice.",
        "-# Two lines do.",
        "-# For example: I waited.",
        "-# Ada will read this.",
    ]
    assert rows_of(message) == [["*Write your answer", "Skip", "Back"], [ELSE]]
    assert ids_of(message) == [f"write:{AT}", *CONTROLS]
    assert message.is_silent is False


def test_the_first_question_says_what_it_belongs_to() -> None:
    message = one(messages_for(asked(prompt_of(before=("Hi Ben.",)), is_first=True)))
    assert message.content.splitlines()[:4] == [
        "Hi Ben.",
        "",
        "-# Weekly reflection",
        "**What did you try this week?**",
    ]
    assert ids_of(message) == [f"write:{AT}", f"control:{AT}:skip", f"controls:{AT}"]


def test_of_several_lines_the_last_stands_out() -> None:
    message = one(messages_for(asked(prompt_of("Cy wrote:\n“The arm holds.”\nWhat do you see?", reads=""))))
    assert message.content == "Cy wrote:\n“The arm holds.”\n**What do you see?**"


def test_the_controls_are_those_of_every_platform() -> None:
    menu = piece_of(one(messages_for(asked(prompt_of()))), f"controls:{AT}")
    assert [option["value"] for option in menu["options"]] == [*map(str, RARER), "pause"]
    assert {control.value: label for control, label in labels.CONTROLS.items()} == ENGLISH.buttons
    assert list(labels.CONTROLS) == list(Control)
    assert (OWN, CANT_SAY, ENGLISH.my_own) == (labels.OWN, labels.CANT_SAY, labels.IN_OWN_WORDS)


@pytest.mark.parametrize(
    ("prompt", "line", "label"),
    [
        (prompt_of(), "You can also just write your answer here.", "*Write your answer"),
        (
            prompt_of(takes=Input.ONE, options=options_of(2)),
            "You can also just write your answer here.",
            "In my own words",
        ),
        (prompt_of(takes=Input.ONE, options=options_of(2), takes_text=False), "", ""),
        (prompt_of(takes=Input.ONE, takes_text=False), "", ""),
        (prompt_of(takes=Input.ONE), "You can also just write your answer here.", "*Write your answer"),
        (prompt_of(takes=Input.DATE), "You can also just write the day here, such as Friday.", "*Write the day"),
    ],
)
def test_a_question_says_whether_it_can_be_answered_in_words(prompt: Prompt, line: str, label: str) -> None:
    direct, private = one(messages_for(asked(prompt), in_dm=True)), one(messages_for(asked(prompt)))
    small = [text.removeprefix("-# ") for text in direct.content.splitlines() if text.startswith("-# ")]
    assert small == [text for text in (line, prompt.reads) if text]
    assert "here" not in private.content
    known = {*labels.CONTROLS.values(), "Option 1", "Option 2"}
    for message in (direct, private):
        assert [name for row in rows_of(message)[:-1] for name in row if name not in known] == [label] * bool(label)
        assert (f"write:{AT}" in ids_of(message)) is bool(label)


def test_a_few_options_are_buttons_with_the_controls_below() -> None:
    prompt = prompt_of(takes=Input.ONE, options=options_of(3), takes_text=False)
    message = one(messages_for(asked(prompt)))
    assert rows_of(message) == [["Option 1", "Option 2", "Option 3"], ["Skip", "Back"], [ELSE]]
    assert ids_of(message) == [f"answer:{AT}:v1", f"answer:{AT}:v2", f"answer:{AT}:v3", *CONTROLS]


def test_a_scale_of_five_keeps_its_way_out_and_two_rows() -> None:
    options = (*options_of(5), Option(CANT_SAY, "Can't say"))
    message = one(messages_for(asked(prompt_of(takes=Input.ONE, options=options))))
    assert rows_of(message)[1:] == [["Can't say", "In my own words", "Skip", "Back"], [ELSE]]


def test_options_of_many_words_are_a_list_with_short_buttons() -> None:
    label = "I did it, and it went otherwise than I had thought it would when I made my plan for the week"
    options = (Option("a", label), Option("b", "Not yet"), Option(OWN, "In my own words"), Option("none", "None"))
    message = one(messages_for(asked(prompt_of(takes=Input.ONE, options=options, reads=""))))
    assert message.content.splitlines()[1:] == [f"1 · {label}", "2 · Not yet", "3 · In my own words", "4 · None"]
    assert rows_of(message)[0][0] == "1 · I did it, and it went otherwise…"
    assert rows_of(message)[0][1:] == ["2 · Not yet", "3 · In my own words", "4 · None"]
    assert ids_of(message)[:4] == [f"answer:{AT}:a", f"answer:{AT}:b", f"write:{AT}", f"answer:{AT}:none"]


def test_many_options_are_a_menu_and_own_words_a_button() -> None:
    long = "Ada " * 30
    options = (*options_of(6), Option("p" * 101, long), Option("#2", "Two"), Option(OWN, "In my own words"))
    message = one(messages_for(asked(prompt_of(takes=Input.ONE, options=options))))
    menu = piece_of(message, f"pick:{AT}")
    assert [option["value"] for option in menu["options"]][5:] == ["v6", "#7", "#8"]
    assert menu["options"][6]["label"].endswith(" Ada…")
    assert f"7 · {long.strip()}" in seen([message]).text
    assert (menu["placeholder"], menu["min_values"], menu["max_values"]) == ("Choose one", 1, 1)
    assert rows_of(message)[1:] == [["In my own words", "Skip", "Back"], [ELSE]]


@pytest.mark.parametrize(("count", "menus"), [(25, 1), (26, 2), (75, 3)])
def test_more_options_than_a_menu_holds_stand_in_several(count: int, menus: int) -> None:
    message = one(messages_for(asked(prompt_of(takes=Input.ONE, options=options_of(count), takes_text=False))))
    assert ids_of(message)[:menus] == [f"pick:{AT}", f"pick:{AT}:2", f"pick:{AT}:3"][:menus]
    if menus > 1:
        assert piece_of(message, f"pick:{AT}:2")["placeholder"] == f"Option 26 – Option {min(count, 50)}"


@pytest.mark.parametrize(
    ("takes", "count", "label", "name"),
    [(Input.ONE, 76, "*Write the number", f"write:{AT}"), (Input.MANY, 26, "*Write the numbers", f"write:{AT}:many")],
)
def test_options_that_no_menus_hold_are_chosen_by_number(takes: Input, count: int, label: str, name: str) -> None:
    (message,) = check(messages_for(asked(prompt_of(takes=takes, options=options_of(count), takes_text=False))))
    assert f"{count} · Option {count}" in message.content
    assert rows_of(message)[0] == [label, "Skip", "Back"]
    assert ids_of(message)[0] == name


def test_several_choices_are_made_in_one_menu() -> None:
    prompt = prompt_of(takes=Input.MANY, options=options_of(3), said=("v1", "own thing"))
    message = one(messages_for(asked(prompt)))
    menu = piece_of(message, f"pick:{AT}")
    assert (menu["min_values"], menu["max_values"], menu["placeholder"]) == (1, 3, "Choose as many as you like")
    assert "You said: Option 1, own thing" in message.content
    assert not any(option["default"] for option in menu["options"])


def test_options_of_one_value_are_told_apart() -> None:
    options = (*options_of(6), Option("v1", "Once more"))
    menu = piece_of(one(messages_for(asked(prompt_of(takes=Input.ONE, options=options)))), f"pick:{AT}")
    assert menu["options"][6]["value"] == "#7"


# Turns.


def test_what_answers_a_press_is_one_message() -> None:
    message = one(turn_messages([sent("Good to know."), asked(prompt_of(reads="")), settle()], ["Hello."]))
    assert message.content.splitlines() == [
        "-# How hard?",
        "You said: most",
        "",
        "Hello.",
        "",
        "Good to know.",
        "",
        "**What did you try this week?**",
    ]
    assert ids_of(message) == [f"write:{AT}", *CONTROLS]


def test_the_end_of_a_dialogue_can_be_edited_once_more() -> None:
    message = one(turn_messages([settle(said="two\nlines"), sent("Thanks, Ben.")]))
    assert message.content == "-# How hard?\nYou said:\n> two\n> lines\n\nThanks, Ben."
    assert ids_of(message) == [f"do:edit {AT[:20]} hard"]
    assert turn_messages([]) == []
    assert one(turn_messages([sent("Hi.")])).view is None


def test_two_questions_keep_their_own_controls() -> None:
    first, second = check(turn_messages([sent("Hi."), asked(prompt_of()), asked(prompt_of("Why?"), wait=4)]))
    assert ids_of(first)[0] == f"write:{AT}"
    assert (second.content.splitlines()[0], ids_of(second)[0]) == ("**Why?**", f"write:{AT[:-1]}4")


def test_a_turn_too_long_for_one_message_has_its_controls_on_the_last() -> None:
    messages = check(turn_messages([sent("One moment. " * 300), asked(prompt_of())]))
    assert len(messages) == 2
    assert [message.view is None for message in messages] == [True, False]
    assert messages[-1].content.endswith("**What did you try this week?**\n-# Ada will read this.")


def test_whatever_else_is_in_a_turn_follows() -> None:
    call = CallGroup(id=EffectId("e"), person=PERSON, place=PLACE, group=GroupId("g"), title="News")
    _, called = check(turn_messages([call, sent("Hi.")]))
    assert called.content == "Something from Mull waits for some of you: News."


@pytest.mark.parametrize(
    ("said", "can_edit", "key", "line"),
    [
        ("4", True, "hard", "You said: 4"),
        ("4", False, "hard", "You said: 4"),
        ("", True, "hard", "Skipped."),
        (" ", True, "hard", "Skipped."),
        ("", False, "hard", "You stopped here."),
        ("", False, "", "Done."),
    ],
)
def test_a_settled_question_shows_what_was_said(said: str, can_edit: bool, key: str, line: str) -> None:
    effect = settle(said=said, can_edit=can_edit, key=key)
    message = one([settled(effect)])
    assert message.content == f"How hard?\n{line}"
    assert rows_of(message) == [["Edit"]] * can_edit
    assert one(turn_messages([effect])).content == f"-# How hard?\n{line}"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_settled_question_is_one_message_whatever_was_said(text: str) -> None:
    message = one([settled(settle(text, text))])
    assert ids_of(message) == [f"do:edit {AT[:20]} hard"]
    assert read(message.content).markup in ([], ["quote"]) or "quote" in read(message.content).markup
