"""Forms as Slack modals, and what a modal was filled in with. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.adapters import labels
from bot.adapters.asking import AskForm, EditForm, Reply
from bot.adapters.fitting import cut, size, whole
from bot.adapters.slack import words
from bot.adapters.slack.blocks import (
    IDS,
    IN_VIEW,
    TEXT,
    TICKS,
    Block,
    choices,
    cut_names,
    links_in,
    menu,
    page_of,
    plain,
    quoted,
    rich,
    small,
    ticks,
)
from bot.adapters.slack.outbound import reply_for
from bot.core.effects import Input, OfferForm, Option, Prompt

TITLE = 24
LABEL = HINT = 2_000
METADATA = 3_000
GIVEN = "given"
OWN = ":own"
"""Ends the name of the field for one's own words beside a menu."""


def form_modal(form: OfferForm, intro: Sequence[str] = (), first: int = 4) -> Block:
    """Write the first questions of a form as a modal."""
    blocks = [block for text in intro for block in rich(text)]
    for prompt in form.prompts[:first]:
        blocks += _question(prompt)
    submit = words.NEXT if len(form.prompts) > first else words.SEND
    return _modal("form", form.title, blocks, submit, words.NOT_NOW, run=form.run, wait=form.wait)


def edit_modal(form: EditForm) -> Block:
    """Write one question with what was said to it as a modal."""
    blocks = list(_question(form.prompt))
    if _unkept(form.prompt) and blocks[-1]["type"] == "input":
        # The field begins empty: sent like that, it would take back what was said.
        blocks[-1]["optional"] = False
    return _modal("edit", form.title, blocks, words.SAVE, words.KEEP, run=form.run, key=form.prompt.key)


def ask_modal(form: AskForm) -> Block:
    """Write the fields that belong to words as a modal."""
    blocks = [block for prompt in form.prompts for block in _question(prompt)]
    return _modal("ask", form.title, blocks, words.SEND, words.NOT_NOW, words=form.words)


def reply_modal(reply: Reply) -> Block:
    """Write a reply as a modal: where there is no conversation to say it in."""
    return _view(words.MULL, reply_for(reply).blocks, words.CLOSE)


def errors_of(form: OfferForm) -> dict[str, str]:
    """Name the fields that need another look, each with its sentence."""
    return {prompt.key: prompt.slip for prompt in form.prompts if prompt.slip and _element(prompt) is not None}


def given_in(view_state: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """Read what a modal was filled in with, by question; own words win, and join what was ticked."""
    values: Mapping[str, Mapping[str, Any]] = view_state["values"]
    fields = {name: _value(elements[GIVEN]) for name, elements in values.items() if GIVEN in elements}
    given = {name: value for name, value in fields.items() if not name.endswith(OWN)}
    for name, own in fields.items():
        key = name.removesuffix(OWN)
        if key != name and own:
            ticked = given.get(key)
            given[key] = (*ticked, str(own)) if isinstance(ticked, tuple) else own
    return given


# One question.


def _question(prompt: Prompt) -> Iterator[Block]:
    for text in (*prompt.before, prompt.slip):
        yield from rich(text)
    yield from _in_words(prompt)
    element = _element(prompt)
    if element is None:
        return
    yield from cut_names(_options(prompt))
    yield from quoted(_unkept(prompt), labels.YOU_SAID)
    yield _input(prompt.key, _label(prompt), element, _hint(prompt))
    if prompt.takes_text and _options(prompt):
        yield _input(f"{prompt.key}{OWN}", labels.IN_OWN_WORDS, _text_field(prompt, _own_words(prompt)))


def _in_words(prompt: Prompt) -> Iterator[Block]:
    """Show above the field what its label and its hint cannot hold: too many words, and addresses to open."""
    has_field = _element(prompt) is not None
    if not has_field or size(prompt.text) > LABEL:
        yield from rich(prompt.text)
    else:
        yield from rich("\n".join(links_in(prompt.text)))
    if not has_field or not _hint(prompt):
        yield from small(*_aids(prompt))


def _label(prompt: Prompt) -> str:
    return prompt.text if size(prompt.text) <= LABEL else cut(prompt.label, LABEL)


def _hint(prompt: Prompt) -> str:
    hint = "\n".join(_aids(prompt))
    return hint if size(hint) <= HINT else ""


def _aids(prompt: Prompt) -> list[str]:
    example = labels.EXAMPLE.format(example=prompt.example) if prompt.example.strip() else ""
    return [line for line in (prompt.hint, example, prompt.reads) if line.strip()]


def _unkept(prompt: Prompt) -> str:
    """Find what was said before and no field can hold."""
    said = ", ".join(_said(prompt))
    if prompt.input is Input.DATE:
        return "" if _is_day(said) else said
    if _options(prompt):
        own = _own_words(prompt)
        return "" if prompt.takes_text and size(own) <= TEXT else own
    return "" if size(said) <= TEXT else said


def _input(name: str, label: str, element: Block, hint: str = "") -> Block:
    made: Block = {
        "type": "input",
        "block_id": whole(name, IDS, "block_id"),
        "label": plain(label),
        "element": element,
        "optional": True,
    }
    return {**made, "hint": plain(hint)} if hint else made


# What stands in a field.


def _element(prompt: Prompt) -> Block | None:
    """Make the field of a question; none where there is nothing to pick and no words are taken."""
    options = _options(prompt)
    match prompt.input:
        case Input.DATE:
            return _date_field(prompt)
        case Input.MANY if options:
            return _ticked(prompt, ticks(options, GIVEN))
        case Input.ONE if options:
            return _picked(prompt, options)
        case _ if prompt.input is Input.TEXT or prompt.takes_text:
            return _text_field(prompt, ", ".join(_said(prompt)))
        case _:
            return None


def _options(prompt: Prompt) -> tuple[Option, ...]:
    """List what a menu offers; one's own words have a field of their own."""
    if prompt.input not in (Input.ONE, Input.MANY):
        return ()
    return tuple(option for option in prompt.options if not (prompt.takes_text and option.value == labels.OWN))


def _said(prompt: Prompt) -> tuple[str, ...]:
    said = (prompt.said,) if isinstance(prompt.said, str) else prompt.said
    return tuple(value for value in said if value.strip())


def _own_words(prompt: Prompt) -> str:
    """Find what was said before and is none of the options."""
    known = {option.value for option in prompt.options}
    return ", ".join(value for value in _said(prompt) if value not in known)


def _date_field(prompt: Prompt) -> Block:
    field: Block = {"type": "datepicker", "action_id": GIVEN, "placeholder": plain(words.CHOOSE_DAY)}
    said = "".join(_said(prompt))
    return {**field, "initial_date": said} if _is_day(said) else field


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _text_field(prompt: Prompt, said: str) -> Block:
    field: Block = {
        "type": "plain_text_input",
        "action_id": GIVEN,
        "multiline": prompt.lines > 1 or "\n" in said,
        "max_length": TEXT,
        "placeholder": plain(labels.A_FEW_WORDS),
    }
    return {**field, "initial_value": said} if said and size(said) <= TEXT else field


def _picked(prompt: Prompt, options: tuple[Option, ...]) -> Block:
    offered = {option.value: choice for option, choice in zip(options, choices(options), strict=True)}
    field: Block = {"type": "radio_buttons", "action_id": GIVEN, "options": list(offered.values())}
    if len(options) > TICKS:
        field = menu(options, GIVEN)
    picked = [offered[value] for value in _said(prompt) if value in offered]
    return {**field, "initial_option": picked[0]} if picked else field


def _ticked(prompt: Prompt, field: Block) -> Block:
    options = _options(prompt)
    said = _said(prompt)
    picked = [choice for option, choice in zip(options, choices(options), strict=True) if option.value in said]
    return {**field, "initial_options": picked} if picked else field


# The view around them.


def _modal(callback: str, title: str, blocks: Iterable[Block], submit: str, close: str, **about: Any) -> Block:
    view = _view(title, list(blocks), close)
    metadata = whole(json.dumps(about), METADATA, "private_metadata")
    return {**view, "submit": plain(submit), "callback_id": callback, "private_metadata": metadata}


def _view(title: str, blocks: list[Block], close: str) -> Block:
    return {
        "type": "modal",
        "title": plain(cut(title, TITLE)),
        "blocks": page_of(blocks, IN_VIEW, "blocks of a modal"),
        "close": plain(close),
    }


def _value(element: Mapping[str, Any]) -> str | tuple[str, ...]:
    """Read one field; blank is an empty text."""
    match element:
        case {"selected_options": list(picked)}:
            return tuple(str(option["value"]) for option in picked) or ""
        case {"selected_option": {"value": str(value)}} | {"selected_date": str(value)} | {"value": str(value)}:
            return value if value.strip() else ""
        case _:
            return ""
