"""Comments and calls for an adult, as each platform shows them, within what each platform takes."""

import pytest

from bot.adapters.asking import AskForm
from bot.adapters.discord import ids
from bot.adapters.discord.outbound import messages_for
from bot.adapters.notices import Notice, in_words, reply_of
from bot.adapters.slack.modals import ask_modal
from bot.adapters.slack.outbound import message_for
from bot.core.effects import CallAdult, EffectId, Input, Prompt, ShowComment
from bot.core.people import GroupId, PersonId, Place
from bot.core.runs import Comment, RunId, ThreadId
from tests.adapters.discord import rendered as discord
from tests.adapters.slack import rendered as slack
from tests.adapters.slack.rendered import HOSTILE

THREAD, RUN, GROUP = ThreadId("7" * 20), RunId("3f" * 10), GroupId("6b" * 8)
LONGEST_KEY = f"{'k' * 40}.probe"
PERSON = PersonId("ben")


def shown(text: str = "Which scale?", *, by: str = "Ms Ada", about: str = "The map.", is_back: bool = False) -> Notice:
    """Describe a comment on its way."""
    comment = Comment(thread=THREAD, by=by, about=about, text=text)
    place = Place("slack:T1:U1")
    return ShowComment(id=EffectId("e/0"), person=PERSON, place=place, run=RUN, comment=comment, is_back=is_back)


def called(name: str = "Ben", group: str = "6b") -> Notice:
    """Describe a call for an adult."""
    place = Place("slack:T1:U1")
    return CallAdult(id=EffectId("e/0"), person=PERSON, place=place, group=GROUP, group_name=group, name=name)


def does(notice: Notice) -> list[tuple[str, str]]:
    """List the buttons of a notice, with the words that they stand for."""
    return [(button.label, button.does) for item in reply_of(notice).items for button in item.buttons]


def test_a_comment_says_who_wrote_about_what_and_how_to_go_on() -> None:
    assert in_words(shown()).split("\n") == [
        "Ms Ada wrote to you about this answer of yours:",
        "The map.",
        "They say:",
        "Which scale?",
        "You can write back, or leave it at that. Both are fine.",
    ]
    assert does(shown()) == [("Write back", f"write back {THREAD}"), ("Thanks, settled", f"settle {THREAD}")]
    assert in_words(shown(by="Ben", is_back=True)).startswith("Ben wrote back about this answer:\nThe map.")


def test_a_call_says_who_and_where_and_has_one_button() -> None:
    words = in_words(called())
    assert words.startswith("Ben wants to talk to an adult\nThey are in 6b.")
    assert does(called()) == [("I go to them", f"on my way {GROUP}")]


def test_a_long_answer_is_cut_and_the_comment_is_not() -> None:
    words = in_words(shown("y" * 4_000, about="x" * 1_000))
    assert words.count("x") < 310
    assert words.count("y") > 4_000 - 1


@pytest.mark.parametrize("text", [*HOSTILE.values(), "y" * 4_000], ids=[*HOSTILE, "long"])
def test_any_words_go_through_on_both_platforms(text: str) -> None:
    for notice in (shown(text, about=text), called(name=text[:200], group=text[:200])):
        slack.check(message_for(notice))
        assert discord.check(messages_for(notice))
    assert discord.squeezed(text) in discord.squeezed(slack.seen(message_for(shown(text)).blocks))
    assert discord.shows(messages_for(shown(text)), text)


@pytest.mark.parametrize(
    "words",
    [f"write about {RUN} {LONGEST_KEY}", f"mark read {RUN} {10**15}", f"write back {THREAD}", f"on my way {GROUP}"],
)
def test_the_words_of_buttons_and_forms_fit_both_platforms(words: str) -> None:
    assert ids.do(words) == f"do:{words}"
    assert ids.ask(words) == f"ask:{words}"
    assert ids.whole(words, ids.OPTION_VALUE, "value of an option") == words
    prompt = Prompt(key="text", text="x" * 4_300, label="Your words", input=Input.TEXT, reads="", lines=3)
    modal = ask_modal(AskForm(words=words, title="Write back", prompts=(prompt,)))
    assert words in str(modal)
