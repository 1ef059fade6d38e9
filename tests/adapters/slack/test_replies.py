"""Cards, posts and replies as Slack messages, and the home page."""

import pytest

from bot.adapters.asking import Button, Item, Reply
from bot.adapters.slack.outbound import Message, home_for, message_for, reply_for, settled
from bot.core.effects import (
    AskAboutPost,
    EffectId,
    SettleQuestion,
)
from tests.adapters.slack.rendered import (
    HOSTILE,
    PERSON,
    PLACE,
    RUN,
    by_action,
    check,
    elements,
    home,
    offered,
    post,
    prompt_of,
    seen,
)


@pytest.mark.parametrize(
    ("count", "line"),
    [(1, "1 question, about 1 minute."), (3, "3 questions, about 1 minute."), (4, "4 questions, about 2 minutes.")],
)
def test_a_form_is_offered_as_a_card(count: int, line: str) -> None:
    message = check(message_for(offered(*[prompt_of(key=f"k{n}", said="x") for n in range(count)])))
    actions = by_action(message.blocks)
    assert message.text == f"Weekly reflection: {line} Ada will read this."
    assert list(actions) == ["do:1", "control:r1:3:later", "control:r1:3:help"]
    assert (actions["do:1"]["value"], actions["do:1"]["style"]) == ("open r1", "primary")


def test_a_post_invites_a_group_and_is_closed_in_place() -> None:
    message = check(message_for(post()))
    (row,) = [block for block in message.blocks if block["type"] == "actions"]
    assert row["block_id"] == "post:e/1"
    pressed = [(made["text"]["text"], made["value"], made.get("style")) for made in row["elements"]]
    assert pressed == [
        ("Reflect now", "join o1", "primary"),
        ("Later", "later o1", None),
        ("Who reads this?", "who reads this o1", None),
    ]
    assert message.text == "Weekly reflection: Ada asks: what did you try? Set up by Ada."
    closed = check(
        message_for(post(title="Closed on Monday.", text="Late answers are welcome.", small="", is_closed=True))
    )
    assert closed.text == "Closed on Monday. Late answers are welcome."
    assert [(made["text"]["text"], made["value"]) for made in elements(closed.blocks)] == [("Answer now", "join o1")]


def test_the_fate_of_a_post_is_asked() -> None:
    asked_about = AskAboutPost(id=EffectId("e"), person=PERSON, place=PLACE, post=EffectId("e/9"), text="Is it there?")
    pressed = [(made["text"]["text"], made["value"]) for made in elements(check(message_for(asked_about)).blocks)]
    assert pressed == [("Yes, it's there", "post e/9 there"), ("Post it", "post e/9 again")]


@pytest.mark.parametrize(
    ("said", "line", "can_edit"),
    [
        ("4", "You said: 4", True),
        ("4", "You said: 4", False),
        ("", "Skipped.", True),
        (" ", "Skipped.", True),
        ("", "You stopped here.", False),
    ],
)
def test_a_settled_question_shows_what_was_said(said: str, line: str, can_edit: bool) -> None:
    settle = SettleQuestion(
        id=EffectId("e"),
        person=PERSON,
        place=PLACE,
        run=RUN,
        key="hard",
        asked="How hard?",
        said=said,
        can_edit=can_edit,
    )
    message = check(settled(settle))
    assert message.text == f"How hard? {line}"
    assert [made["value"] for made in elements(message.blocks)] == ["edit r1 hard"] * can_edit


def test_a_reply_numbers_its_buttons_and_has_one_primary() -> None:
    go, see = (
        Button(label="Go", does="go", is_primary=True),
        Button(label="See", url="https://a.example", spoken="See it all"),
    )
    message = check(
        reply_for(Reply(items=(Item(heading="Mine", text="Text."), Item(buttons=(see, go, go)), Item(buttons=(go,)))))
    )
    pressed = by_action(message.blocks)
    assert list(pressed) == ["url:1", "do:2", "do:3", "do:4"]
    assert [name for name, made in pressed.items() if "style" in made] == ["do:2"]
    assert (pressed["url:1"]["url"], pressed["url:1"]["accessibility_label"]) == ("https://a.example", "See it all")
    assert message.text == "Mine Text."
    assert reply_for(Reply()) == Message("", [])


def test_a_reply_of_too_many_paragraphs_is_refused_by_name() -> None:
    assert len(check(reply_for(Reply(items=(Item(text="x"),) * 50))).blocks) == 50
    with pytest.raises(ValueError, match="blocks of a message: 1 to 50"):
        reply_for(Reply(items=(Item(text="x"),) * 51))
    with pytest.raises(ValueError, match="value of a button: at most 2,000"):
        reply_for(Reply(items=(Item(buttons=(Button(label="x", does="x" * 2001),)),)))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_home_keeps_all_words(text: str) -> None:
    item = Item(
        heading=text,
        text=text,
        quote=text,
        small=text,
        buttons=tuple(Button(label=text, does=f"{n}") for n in range(60)),
    )
    blocks = home(item)
    assert seen(blocks).count(text) >= 4
    assert [len(block["elements"]) for block in blocks if block["type"] == "actions"] == [25, 25, 10]


def test_home_has_a_divider_between_groups() -> None:
    blocks = home(Item(heading="Now", text="x"), Item(text="y", small="z"), Item(heading="Mine"))
    assert [block["type"] for block in blocks] == ["header", "rich_text", "rich_text", "context", "divider", "header"]


@pytest.mark.parametrize("count", [0, 101])
def test_a_home_that_slack_would_not_take_is_refused_by_name(count: int) -> None:
    with pytest.raises(ValueError, match="blocks of Home: 1 to 100"):
        home_for(Reply(items=(Item(text="x"),) * count))
