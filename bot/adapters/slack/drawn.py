"""What somebody sees in Slack: the blocks that are sent, read back. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.adapters.drawn import Box, Drawn, Field, Look, Part, Press, Row, Way, Words
from bot.adapters.fitting import ELLIPSIS
from bot.adapters.slack.blocks import Block
from bot.adapters.slack.modals import form_modal
from bot.adapters.slack.outbound import message_for
from bot.core.effects import (
    AnyEffect,
    AskAboutPost,
    AskQuestion,
    CallAdult,
    CallGroup,
    InviteGroup,
    OfferForm,
    SendMessage,
    SettleQuestion,
    ShowComment,
)


def draw(effects: Sequence[AnyEffect], now: datetime) -> tuple[Drawn, ...]:
    """Draw messages one below the other; a form is drawn as it opens, part after part.

    Raises ValueError where Slack would not take it.
    """
    return tuple(drawn for effect in effects for drawn in _drawn(effect))


def _drawn(effect: AnyEffect) -> Iterator[Drawn]:
    match effect:
        case SendMessage() | AskQuestion() | InviteGroup() | AskAboutPost() | ShowComment() | CallAdult():
            yield Drawn(tuple(_parts(message_for(effect).blocks)))
        case OfferForm():
            yield from _form(effect)
        case SettleQuestion() | CallGroup():
            return
        case _:
            assert_never(effect)


def _form(form: OfferForm) -> Iterator[Drawn]:
    """Draw a form window by window: each shows what the one before has left open."""
    while form.prompts:
        view = form_modal(form)
        names = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        asked = [place for place, prompt in enumerate(form.prompts, start=1) if prompt.key in names]
        close, submit = view["close"]["text"], view["submit"]["text"]
        foot = Row((Press(close), Press(submit, is_primary=True)))
        yield Drawn((*_parts(view["blocks"]), foot), view["title"]["text"])
        form = replace(form, prompts=form.prompts[max(asked, default=len(form.prompts)) :])


# Blocks.


def _parts(blocks: Sequence[Block]) -> Iterator[Part]:
    for block in blocks:
        match block["type"]:
            case "rich_text":
                yield from (words for element in block["elements"] for words in _rich(element))
            case "context":
                yield from (Words(element["text"], Look.SMALL) for element in block["elements"])
            case "actions":
                yield Row(tuple(map(_piece, block["elements"])))
            case "input":
                hint = block.get("hint", {}).get("text", "")
                yield Field(block["label"]["text"], _box(block["element"]), hint)
            case kind:
                raise ValueError(f"a block of kind {kind}")


def _rich(element: Block) -> Iterator[Words]:
    pieces = element["elements"]
    if element["type"] == "rich_text_list":
        is_numbered = element["style"] == "ordered"
        for number, section in enumerate(pieces, start=1):
            mark = f"{number}." if is_numbered else "\N{BULLET}"
            yield Words(f"{mark} {_text(section['elements'])}")
        return
    is_bold = any(piece.get("style", {}).get("bold") for piece in pieces)
    look = Look.QUOTE if element["type"] == "rich_text_quote" else Look.STRONG if is_bold else Look.PLAIN
    yield Words(_text(pieces), look)


def _text(pieces: Sequence[Block]) -> str:
    return "".join(piece["url"] if piece["type"] == "link" else piece["text"] for piece in pieces)


def _piece(element: Block) -> Press | Box:
    if element["type"] == "button":
        return Press(element["text"]["text"], is_primary=element.get("style") == "primary")
    return _box(element)


def _box(element: Block) -> Box:
    options = tuple(option["text"]["text"] for option in _options(element))
    match element["type"]:
        case "plain_text_input":
            way = Way.LINES if element["multiline"] else Way.LINE
        case "datepicker":
            way = Way.DAY
        case "radio_buttons":
            way = Way.RADIOS
        case "checkboxes":
            way = Way.TICKS
        case "static_select" | "multi_static_select" | "overflow":
            way = Way.MENU
        case kind:
            raise ValueError(f"an element of kind {kind}")
    shown = element.get("placeholder", {}).get("text", "")
    return Box(way, ELLIPSIS if element["type"] == "overflow" else shown, options)


def _options(element: Mapping[str, list[Block]]) -> Iterator[Block]:
    yield from element.get("options", ())
    for group in element.get("option_groups", ()):
        yield from group["options"]
