"""A preview of Slack shows what is sent there: every word, every button."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from bot.adapters.drawn import Box, Field, Look, Row, Way, Words
from bot.adapters.slack.blocks import Block
from bot.adapters.slack.drawn import draw
from bot.adapters.slack.modals import form_modal
from bot.adapters.slack.outbound import message_for
from bot.core.effects import AnyEffect, AskQuestion, Input, OfferForm, SendMessage
from bot.core.runs import Mode
from tests.adapters.looking import buttons_in, everything_in
from tests.adapters.shipped import SHIPPED, first_effects
from tests.adapters.slack.rendered import TEXTS, asked, offered, options_of, post, prompt_of, walk
from tests.stage import NOW


def sent(effect: AnyEffect) -> list[Block]:
    """Write what is sent; of a form the window that opens first."""
    if isinstance(effect, OfferForm):
        view = form_modal(effect)
        return [*view["blocks"], view["title"], view["submit"], view["close"]]
    assert isinstance(effect, SendMessage | AskQuestion)
    return message_for(effect).blocks


def texts(blocks: Sequence[Any]) -> list[str]:
    """List all words of blocks."""
    return [part["text"] for part in walk(list(blocks)) if isinstance(part.get("text"), str)]


def labels(blocks: Sequence[Block]) -> list[str]:
    """List the buttons of blocks, in order."""
    found = [part for part in walk(list(blocks)) if part.get("type") == "button"]
    return [("*" if "style" in part else "") + part["text"]["text"] for part in found]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("flow", SHIPPED)
def test_every_word_of_every_shipped_flow_is_drawn(flow: str, mode: Mode) -> None:
    effects = first_effects(flow, mode)
    drawings = draw(effects, NOW)
    shown = everything_in(drawings)
    for effect in effects:
        for text in texts(sent(effect)):
            assert any(text in one for one in shown), text
    if not isinstance(effects[0], OfferForm):
        assert buttons_in(drawings) == [label for effect in effects for label in labels(sent(effect))]


@given(TEXTS)
def test_any_words_stand_as_they_are(text: str) -> None:
    prompt = prompt_of(text, Input.ONE, options=options_of(3, text.strip()[:20] or "x"), takes_text=False, hint=text)
    blocks = message_for(asked(prompt)).blocks
    drawings = draw([asked(prompt)], NOW)
    assert buttons_in(drawings) == labels(blocks)
    assert all(any(piece in one for one in everything_in(drawings)) for piece in texts(blocks))


def test_a_post_is_drawn_with_its_buttons() -> None:
    [drawn] = draw([post(until="Open until Friday.", closes_at=NOW + timedelta(days=7))], NOW)
    assert drawn.parts[:3] == (
        Words("Weekly reflection", Look.STRONG),
        Words("Ada asks: what did you try?"),
        Words("Set up by Ada. Open until Friday.", Look.SMALL),
    )
    assert buttons_in([drawn]) == ["*Reflect now", "Later", "Who reads this?"]


def test_a_long_form_is_drawn_window_by_window_and_no_question_is_left_out() -> None:
    kinds = [Input.TEXT, Input.ONE, Input.MANY, Input.DATE, Input.TEXT, Input.ONE]
    prompts = [
        prompt_of(f"Question {n}?", kind, key=f"k{n}", options=options_of(2), takes_text=False)
        for n, kind in enumerate(kinds)
    ]
    drawings = draw([offered(*prompts)], NOW)
    assert [drawn.title for drawn in drawings] == ["Weekly reflection"] * 2
    fields = [part for drawn in drawings for part in drawn.parts if isinstance(part, Field)]
    assert [field.label for field in fields] == [f"Question {n}?" for n in range(6)]
    assert [field.box.way for field in fields] == [Way.LINE, Way.RADIOS, Way.TICKS, Way.DAY, Way.LINE, Way.RADIOS]
    assert buttons_in(drawings) == ["Not now", "*Next", "Not now", "*Send"]


def test_menus_and_days_are_boxes() -> None:
    many = prompt_of("Which?", Input.ONE, options=options_of(9), takes_text=False)
    [drawn] = draw([asked(many)], NOW)
    assert Row((Box(Way.MENU, "Choose one", tuple(f"Option {n}" for n in range(1, 10))),)) in drawn.parts
    [drawn] = draw([asked(prompt_of("When?", Input.DATE))], NOW)
    assert Row((Box(Way.DAY, "Choose a day"),)) in drawn.parts
