"""What a learner's own page shows, drawn as the chat platforms are: for previews."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.adapters.drawn import Box, Drawn, Field, Look, Part, Press, Row, Way, Words
from bot.core.effects import AnyEffect, AskQuestion, Input, OfferForm, Prompt, SendMessage
from bot.flows.flow import OWN
from bot.flows.phrases import phrases_in

EXAMPLE = "Show an example"
ALL_ON_ONE_PAGE, ONE_BY_ONE = "All on one page", "One question at a time"
IN_OWN_WORDS = "Or in my own words"
SEND = Press("Send", is_primary=True)
LEAVE_EMPTY = "Leave empty what you want to skip. You can change everything later."


def draw(effects: Sequence[AnyEffect], now: datetime) -> tuple[Drawn, ...]:
    """Draw the conversation with its open question, or a page with all of them."""
    forms = tuple(Drawn(tuple(_form(effect)), effect.title) for effect in effects if isinstance(effect, OfferForm))
    parts = tuple(part for effect in effects for part in _said(effect))
    return (*((Drawn(parts),) if parts else ()), *forms)


def _said(effect: AnyEffect) -> Iterator[Part]:
    match effect:
        case SendMessage(text=text):
            yield Words(text)
        case AskQuestion():
            yield from _question(effect)
        case _:
            return


def _question(asked: AskQuestion) -> Iterator[Part]:
    prompt = asked.prompt
    yield Words(prompt.text, Look.STRONG)
    yield Words(_reads(prompt), Look.SMALL)
    options = tuple(option.label for option in prompt.options if option.value != OWN)
    if prompt.input is Input.ONE:
        yield from (Row((Press(label),)) for label in options)
    elif prompt.input is Input.MANY:
        yield Row((Box(Way.TICKS, options=options),))
    if prompt.input is Input.DATE:
        yield Row((Box(_way(prompt)), SEND))
    elif prompt.takes_text:
        yield from () if prompt.input is Input.TEXT else (Words(IN_OWN_WORDS, Look.SMALL),)
        yield Row((Box(_way(prompt)), SEND))
    elif prompt.input is Input.MANY:
        yield Row((SEND,))
    yield from _example(prompt)
    labels = phrases_in("en").buttons
    controls = (Press(labels[control], is_quiet=True) for control in asked.controls)
    yield Row((*controls, Press(ALL_ON_ONE_PAGE, is_quiet=True)))


def _form(form: OfferForm) -> Iterator[Part]:
    yield Words(LEAVE_EMPTY)
    for prompt in form.prompts:
        yield from map(Words, prompt.before)
        options = tuple(one.label for one in sorted(prompt.options, key=lambda option: option.value == OWN))
        if prompt.input in (Input.ONE, Input.MANY):
            way = Way.RADIOS if prompt.input is Input.ONE else Way.TICKS
            yield Field(prompt.text, Box(way, options=options), _reads(prompt))
            yield from (Row((Box(Way.LINE),)),) if prompt.takes_text else ()
        else:
            yield Field(prompt.text, Box(_way(prompt)), _reads(prompt))
        yield from _example(prompt)
    yield Row((SEND, Press(ONE_BY_ONE, is_quiet=True)))


def _way(prompt: Prompt) -> Way:
    if prompt.input is Input.DATE:
        return Way.DAY
    return Way.LINES if prompt.input is Input.TEXT and prompt.lines > 1 else Way.LINE


def _reads(prompt: Prompt) -> str:
    return f"{prompt.hint} {prompt.reads}".strip()


def _example(prompt: Prompt) -> Iterator[Part]:
    if prompt.example:
        yield Row((Press(EXAMPLE, is_quiet=True),))
