"""A preview of Discord shows what is sent there: every word without its markup, every button."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from bot.adapters.discord.drawn import CANCEL, SUBMIT, draw
from bot.adapters.discord.modals import fits, form_modal
from bot.adapters.discord.outbound import Message, turn_messages
from bot.adapters.drawn import Drawn, Field, Look, Way, Words
from bot.core.effects import Input, OfferForm
from bot.core.runs import Mode
from tests.adapters.discord.reading import read
from tests.adapters.discord.rendered import TEXTS, asked, offered, options_of, post, prompt_of, seen, squeezed
from tests.adapters.looking import buttons_in, everything_in, words_in
from tests.adapters.shipped import SHIPPED, first_effects
from tests.stage import NOW


def shows_the_same(drawings: tuple[Drawn, ...], messages: list[Message]) -> None:
    """Compare a drawing with how another reader of Discord's markup reads what is sent."""
    assert squeezed("".join(words_in(drawings))) == squeezed(seen(messages).text)
    rows = [row for message in messages if message.view for row in message.view.to_components()]
    pieces = [piece for row in rows for piece in row["components"]]
    pressed = [("*" if one["style"] == 1 else "") + one["label"] for one in pieces if one["type"] == 2]
    assert buttons_in(drawings) == pressed
    menus = [option["label"] for one in pieces if one["type"] == 3 for option in one["options"]]
    assert set(menus) <= set(everything_in(drawings))


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("flow", SHIPPED)
def test_every_word_of_every_shipped_flow_is_drawn(flow: str, mode: Mode) -> None:
    effects = first_effects(flow, mode)
    drawings = draw(effects, NOW)
    if not isinstance(effects[0], OfferForm):
        shows_the_same(drawings, turn_messages(effects))
        return
    assert fits(effects[0])
    shown = "".join(map(squeezed, everything_in(drawings)))
    for prompt in effects[0].prompts:
        for text in (prompt.text, prompt.reads, *(option.label for option in prompt.options if option.value != "own")):
            assert squeezed(text) in shown, text
    first = form_modal(effects[0]).to_dict()
    said = [one["content"] for one in first["components"] if "content" in one]
    texts = [text for one in first["components"] for text in (one.get("label"), one.get("description")) if text]
    assert all(text in everything_in(drawings[:1]) for text in texts)
    assert squeezed("".join(words_in(drawings[:1]))) == squeezed("".join(read(text).text for text in said))
    assert buttons_in(drawings) == [CANCEL, f"*{SUBMIT}"] * len(drawings)


@given(TEXTS)
def test_any_words_stand_without_their_markup(text: str) -> None:
    effects = [asked(prompt_of(text, hint=text, reads=text, said=text, label="Label"), is_first=True)]
    messages = turn_messages(effects)
    shows_the_same(draw(effects, NOW), messages)
    assert all(read(message.content).text for message in messages)


def test_a_post_says_the_day_in_the_time_of_who_reads() -> None:
    late = NOW.replace(hour=23, minute=30).astimezone(ZoneInfo("Europe/Berlin"))
    [drawn] = draw([post(closes_at=late + timedelta(days=7))], late)
    assert drawn.parts[:3] == (
        Words("Weekly reflection", Look.STRONG),
        Words("Ada asks: what did you try?"),
        Words(
            "Set up by Ada.\nOpen until 14 March 2026 (in 7 days), and late is welcome.",
            Look.SMALL,
        ),
    )
    assert buttons_in([drawn]) == ["*Reflect now", "Who reads this?"]
    [drawn] = draw([post(closes_at=NOW + timedelta(days=1))], NOW)
    assert "(in a day)" in words_in([drawn])[-1]


def test_a_long_form_is_drawn_modal_by_modal_and_no_question_is_left_out() -> None:
    kinds = [Input.TEXT, Input.ONE, Input.MANY, Input.DATE, Input.MANY, Input.ONE]
    counts = [0, 3, 4, 0, 20, 15]
    prompts = [
        prompt_of(f"Question {n}?", kind, key=f"k{n}", options=options_of(count), takes_text=False)
        for n, (kind, count) in enumerate(zip(kinds, counts, strict=True))
    ]
    drawings = draw([offered(*prompts)], NOW)
    fields = [part for drawn in drawings for part in drawn.parts if isinstance(part, Field)]
    assert [field.label for field in fields] == [f"Question {n}?" for n in range(6)]
    assert [field.box.way for field in fields] == [Way.LINE, Way.RADIOS, Way.TICKS, Way.LINE, Way.MENU, Way.MENU]
    assert len(drawings) == 2


def test_questions_too_long_for_a_modal_come_one_by_one() -> None:
    form = offered(prompt_of("What did you try? " * 300, key="long"), prompt_of("And then?", key="then"))
    assert not fits(form)
    drawings = draw([form], NOW)
    assert all(not drawn.title for drawn in drawings)
    assert "And then?" in words_in(drawings)
