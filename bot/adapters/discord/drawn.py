"""What somebody sees on Discord: the messages and modals that are sent, read back. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import discord

from bot.adapters.discord.filled_in import CHECKBOX_GROUP, LABEL, RADIO_GROUP, STRING_SELECT, TEXT_INPUT
from bot.adapters.discord.ids import MANY, OWN
from bot.adapters.discord.modals import fits, form_modal
from bot.adapters.discord.outbound import Message, messages_for, turn_messages
from bot.adapters.drawn import Box, Drawn, Field, Look, Part, Press, Row, Way, Words
from bot.core.effects import AnyEffect, AskQuestion, InviteGroup, OfferForm, SendMessage

BUTTON, TEXT_DISPLAY = 2, 10
"""Kinds of components, as Discord numbers them."""

CANCEL, SUBMIT = "Cancel", "Submit"
"""What Discord itself puts below every modal."""

_MARKED = re.compile(r"\\([^0-9A-Za-z\s])|<(https?://[^\s<>]+)>|<t:(-?\d+):([DR])>")
"""What Discord shows otherwise than it is written: an escaped sign, an address, a moment."""


def draw(effects: Sequence[AnyEffect], now: datetime) -> tuple[Drawn, ...]:
    """Draw what answers one press as one message, and a form as it opens, part after part.

    Raises ValueError where Discord would not take it.
    """
    form = next((effect for effect in effects if isinstance(effect, OfferForm)), None)
    if form is not None and fits(form):
        return tuple(_form(form, now))
    if form is not None:
        return tuple(_drawn(message, now) for asked in _one_by_one(form) for message in turn_messages([asked]))
    said = [effect for effect in effects if isinstance(effect, SendMessage | AskQuestion)]
    posts = [message for effect in effects if isinstance(effect, InviteGroup) for message in messages_for(effect)]
    return tuple(_drawn(message, now) for message in (*turn_messages(said), *posts))


def _form(form: OfferForm, now: datetime) -> Iterator[Drawn]:
    """Draw a form modal by modal: each shows what the one before has left open."""
    while form.prompts:
        modal = form_modal(form).to_dict()
        names = (one["component"]["custom_id"] for one in modal["components"] if one["type"] == LABEL)
        asked = {name.removesuffix(OWN).removesuffix(MANY) for name in names}
        foot = Row((Press(CANCEL), Press(SUBMIT, is_primary=True)))
        yield Drawn((*_fields(modal["components"], now), foot), modal["title"])
        form = replace(form, prompts=tuple(prompt for prompt in form.prompts if prompt.key not in asked))


def _one_by_one(form: OfferForm) -> Iterator[AskQuestion]:
    """Ask one question after the other, as happens where a form has longer questions than a modal takes."""
    for number, prompt in enumerate(form.prompts):
        yield AskQuestion(
            id=form.id,
            person=form.person,
            place=form.place,
            run=form.run,
            wait=form.wait,
            title=form.title,
            prompt=prompt,
            is_first=number == 0,
        )


# Messages.


def _drawn(message: Message, now: datetime) -> Drawn:
    rows = [] if message.view is None else message.view.to_components()
    return Drawn((*_words(message.content, now), *(Row(tuple(map(_piece, row["components"]))) for row in rows)))


def _words(content: str, now: datetime) -> Iterator[Words]:
    """Take lines of one look together; an empty line stands between paragraphs."""
    for look, lines in groupby(map(_line, content.split("\n")), key=lambda line: line[0]):
        text = "\n".join(text for _, text in lines)
        yield from (Words(_shown(part, now).strip("\n"), look) for part in text.split("\n\n") if part.strip())


def _line(line: str) -> tuple[Look, str]:
    if line.startswith("-# "):
        return Look.SMALL, line.removeprefix("-# ")
    if line.startswith("> "):
        return Look.QUOTE, line.removeprefix("> ")
    if line.startswith("**") and line.endswith("**"):
        return Look.STRONG, line.removeprefix("**").removesuffix("**")
    return Look.PLAIN, line


def _shown(text: str, now: datetime) -> str:
    def shown(found: "re.Match[str]") -> str:
        sign, address, moment, how = found.groups()
        return str(sign or address or _moment(int(moment), how, now))

    return _MARKED.sub(shown, text)


def _moment(seconds: int, how: str, now: datetime) -> str:
    """Write a moment as Discord does for whoever reads it: the day, or how far off it is."""
    at = datetime.fromtimestamp(seconds, UTC).astimezone(now.tzinfo)
    days = round((at - now).total_seconds() / 86_400)
    if how == "D":
        return f"{at.day} {at:%B %Y}"
    return "in a day" if days == 1 else f"in {days} days"


def _piece(component: Mapping[str, Any]) -> Press | Box:
    if component["type"] == BUTTON:
        return Press(component["label"], is_primary=component["style"] == discord.ButtonStyle.primary.value)
    return _box(component)


# Modals.


def _fields(components: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[Part]:
    for one in components:
        if one["type"] == TEXT_DISPLAY:
            yield from _words(one["content"], now)
        else:
            yield Field(one["label"], _box(one["component"]), one.get("description") or "")


def _box(component: Mapping[str, Any]) -> Box:
    options = tuple(option["label"] for option in component.get("options", ()))
    match component["type"]:
        case int(kind) if kind == TEXT_INPUT:
            way = Way.LINES if component["style"] == discord.TextStyle.paragraph.value else Way.LINE
        case int(kind) if kind == RADIO_GROUP:
            way = Way.RADIOS
        case int(kind) if kind == CHECKBOX_GROUP:
            way = Way.TICKS
        case int(kind) if kind == STRING_SELECT:
            way = Way.MENU
        case kind:
            raise ValueError(f"a component of kind {kind}")
    return Box(way, component.get("placeholder") or "", options)
