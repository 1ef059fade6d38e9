"""Cards, posts and replies as Discord messages."""

import pytest

from bot.adapters.asking import Button, Item, Reply
from bot.adapters.discord.outbound import messages_for, reply_messages, turn_messages
from bot.core.effects import AskAboutPost, CallGroup, EffectId
from bot.core.people import GroupId
from tests.adapters.discord.rendered import (
    AT,
    HOSTILE,
    PERSON,
    PLACE,
    RUN,
    check,
    ids_of,
    offered,
    one,
    piece_of,
    post,
    prompt_of,
    rows_of,
    shows,
)


def go(number: int, label: str = "Go", spoken: str = "") -> Button:
    """Make one of several buttons."""
    return Button(label=label, does=f"go {number}", spoken=spoken)


# Cards and posts.


@pytest.mark.parametrize(
    ("count", "line"),
    [(1, "1 question, about 1 minute."), (3, "3 questions, about 1 minute."), (4, "4 questions, about 2 minutes.")],
)
def test_a_form_is_offered_as_a_card(count: int, line: str) -> None:
    message = one(messages_for(offered(*[prompt_of(key=f"k{n}", said="x") for n in range(count)])))
    assert message.content == f"**Weekly reflection**\n{line}\n-# Ada will read this."
    assert rows_of(message) == [["*Open it", "Later today", "Who reads this?"]]
    assert ids_of(message) == [f"do:open {RUN}", f"control:{AT}:later", f"control:{AT}:help"]


def test_the_next_part_of_a_form_is_a_press_away() -> None:
    message = one(turn_messages([offered(prompt_of())], is_next=True))
    assert message.content.splitlines()[1] == "That part is saved. The next part: 1 question, about 1 minute."
    assert rows_of(message)[0][0] == "*Next part"


def test_a_slip_comes_back_with_what_was_written() -> None:
    slipped = prompt_of(label="When", slip="I was looking for a date, like 2026-11-24.", said="after the holidays")
    message = one(turn_messages([offered(prompt_of(key="other", said="kept"), slipped)], is_next=True))
    assert message.content.splitlines() == [
        "**Weekly reflection**",
        "",
        "**When**",
        "I was looking for a date, like 2026-11-24.",
        "You wrote: after the holidays",
    ]
    assert rows_of(message)[0][0] == "*Change it"
    assert ids_of(message)[0] == f"do:open {RUN}"


def test_a_post_invites_a_group_and_is_closed_in_place() -> None:
    message = one(messages_for(post()))
    assert message.content == "**Weekly reflection**\nAda asks: what did you try?\n-# Set up by Ada."
    assert rows_of(message) == [["*Reflect now", "Who reads this?"]]
    assert ids_of(message) == ["do:join o1", "do:who reads this o1"]
    closed = one(messages_for(post(title="Closed on Monday.", text="Late is welcome.", small="", is_closed=True)))
    assert closed.content == "**Closed on Monday.**\nLate is welcome."
    assert (rows_of(closed), ids_of(closed)) == ([["Answer now"]], ["do:join o1"])


def test_a_call_names_nobody_and_rings_no_phone() -> None:
    call = CallGroup(id=EffectId("e"), person=PERSON, place=PLACE, group=GroupId("g"), title="Peer feedback")
    message = one(messages_for(call))
    assert message.content == "Something from Mull waits for some of you: Peer feedback."
    assert rows_of(message) == [["*See mine", "Message me too", "Who reads this?"]]
    assert ids_of(message) == ["do:news", "do:message me", "do:who reads this"]
    assert message.is_silent


def test_the_fate_of_a_post_is_asked() -> None:
    about = AskAboutPost(id=EffectId("e"), person=PERSON, place=PLACE, post=EffectId("e/9"), text="Is it there?")
    message = one(messages_for(about))
    assert (rows_of(message), ids_of(message)) == (
        [["Yes, it's there", "Post it"]],
        ["do:post e/9 there", "do:post e/9 again"],
    )


# Replies.


def test_a_reply_reads_from_top_to_bottom() -> None:
    first = Item(heading="Mine", text="Two things.", quote="One\nTwo", small="Only you see this.")
    message = one(reply_messages(Reply(items=(first, Item(text="That is all.")))))
    assert message.content.splitlines() == [
        "**Mine**",
        "Two things.",
        "> One",
        "> Two",
        "-# Only you see this.",
        "",
        "That is all.",
    ]
    assert message.view is None
    assert reply_messages(Reply()) == []


def test_the_buttons_of_a_reply_stand_below_it_and_one_is_primary() -> None:
    see = Button(label="See", url="https://a.example/x")
    items = (
        Item(text="x", buttons=(see, Button(label="Start", does="start", is_primary=True))),
        Item(buttons=(Button(label="Pause", does="pause", is_primary=True), Button(label="Begin", does="start"))),
    )
    message = one(reply_messages(Reply(items=items)))
    assert rows_of(message) == [["See", "*Start", "Pause"]]
    assert ids_of(message) == ["do:start", "do:pause"]


def test_two_of_one_label_say_what_tells_them_apart() -> None:
    buttons = (
        go(1, "Edit", spoken="Edit: What did you try first when it got hard?"),
        go(2, "Edit", spoken="Edit: Why?"),
        go(3, "Other"),
    )
    message = one(reply_messages(Reply(items=(Item(text="x", buttons=buttons),))))
    assert rows_of(message) == [["Edit: What did you try first when it…", "Edit: Why?", "Other"]]


def test_three_of_one_label_are_a_menu() -> None:
    buttons = [go(n, "Edit", spoken=f"Edit: Question {n}?") for n in range(3)]
    message = one(reply_messages(Reply(items=(Item(text="x", buttons=(*buttons, go(9))),))))
    assert rows_of(message) == [["Go"], ["Edit: Question 0? | Question 1? | Question 2?"]]
    assert [option["value"] for option in piece_of(message, "do")["options"]] == ["go 0", "go 1", "go 2"]


def test_more_than_two_rows_of_buttons_go_on_in_a_menu() -> None:
    buttons = [go(n, f"Go {n}") for n in range(12)]
    edits = [go(100 + n, "Edit") for n in range(26)]
    message = one(reply_messages(Reply(items=(Item(text="x", buttons=(*buttons, *edits)),))))
    assert [len(row) for row in rows_of(message)] == [5, 5, 1, 1, 1]
    assert rows_of(message)[-1] == ["More: Go 10 | Go 11"]
    assert ids_of(message)[-3:] == ["do", "do:#2", "do:#3"]


def test_what_does_not_fit_below_one_message_goes_on_in_another() -> None:
    items = [Item(text=f"Part {n}", buttons=tuple(go(100 * n + m, f"Go {n}") for m in range(3))) for n in range(7)]
    first, second = check(reply_messages(Reply(items=tuple(items))))
    assert [name.partition(":")[0] for row in rows_of(first) for name in row] == [f"Go {n}" for n in range(5)]
    assert [name.partition(":")[0] for row in rows_of(second) for name in row] == ["Go 5", "Go 6"]
    assert second.content == "Part 5\n\nPart 6"


def test_people_are_picked_below_the_rest() -> None:
    reply = Reply(items=(Item(text="Who belongs?", buttons=(go(1),)),))
    message = one(reply_messages(reply, picks_people="people:12"))
    picked = piece_of(message, "people:12")
    assert (picked["type"], picked["min_values"], picked["max_values"]) == (5, 1, 25)
    assert len(rows_of(message)) == 2
    full = Reply(items=(Item(text="x", buttons=tuple(go(n * 10 + m, f"Go {n}") for n in range(5) for m in range(3))),))
    assert [len(rows_of(message)) for message in check(reply_messages(full, picks_people="people:12"))] == [5, 1]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_reply_keeps_all_words(text: str) -> None:
    item = Item(heading=text, text=text, quote=text, small=text, buttons=(go(1, text), go(2, text, spoken=text)))
    assert shows(check(reply_messages(Reply(items=(item, item)))), text)


@pytest.mark.parametrize(
    ("button", "limit"),
    [
        (Button(label="x", does="x" * 98), "custom_id: 1 to 100"),
        (Button(label="x", url="javascript:alert(1)"), "url of a button: http or https"),
        (Button(label="x", url=f"https://a.example/{'x' * 500}"), "url of a button: 1 to 512"),
    ],
)
def test_what_discord_would_not_take_is_refused_by_name(button: Button, limit: str) -> None:
    with pytest.raises(ValueError, match=limit):
        reply_messages(Reply(items=(Item(text="x", buttons=(button,)),)))


def test_more_buttons_than_any_message_holds_are_refused_by_name() -> None:
    buttons = tuple(go(n, f"Go {n}") for n in range(86))
    assert len(one(reply_messages(Reply(items=(Item(text="x", buttons=buttons[:85]),)))).content) == 1
    with pytest.raises(ValueError, match="rows of a message: at most 5"):
        reply_messages(Reply(items=(Item(text="x", buttons=buttons),)))
