"""Slack's blocks as plain data, within Slack's limits. Pure.

What a person wrote goes only where Slack reads no markup: rich text, and plain text that turns no codes into emoji.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from bot.adapters import labels
from bot.adapters.fitting import ELLIPSIS, can_be_opened, cut, pieces, size, trimmed, whole
from bot.core.effects import Option

Block: TypeAlias = dict[str, Any]

IDS = 255
TEXT = 3_000
HEADER = 150
BUTTON_TEXT = 30
"""Slack takes 75, and then phones cut: longer words stand beside the button."""
SPOKEN_BUTTON = OPTION_TEXT = 75
BUTTON_VALUE = 2_000
OPTION_VALUE = 150
MENU_OPTIONS = MENU_GROUPS = 100
TICKS = 10
IN_ACTIONS = 25
IN_CONTEXT = 10
IN_MESSAGE = 50
IN_VIEW = 100

_LINK = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_AFTER_LINK = ".,;:!?'’)]}…"


def page_of(blocks: list[Block], most: int, limit: str) -> list[Block]:
    """Let through the blocks of a message or a view; ValueError names the limit that they would break."""
    if not 1 <= len(blocks) <= most:
        raise ValueError(f"{limit}: 1 to {most} blocks, not {len(blocks)}")
    return blocks


def plain(text: str) -> Block:
    """Make plain text; Slack wants it never empty."""
    return {"type": "plain_text", "text": text if text.strip() else ELLIPSIS, "emoji": False}


# Text.


def links_in(text: str) -> list[str]:
    """Find the addresses in a text that can be opened."""
    return [part for part, is_link in _parts(text) if is_link]


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Take a text apart into words and addresses, in order, nothing lost."""
    done = 0
    for found in _LINK.finditer(text):
        link = trimmed(found.group(), _AFTER_LINK)
        if can_be_opened(link, TEXT):
            yield text[done : found.start()], False
            yield link, True
            done = found.start() + len(link)
    yield text[done:], False


def _elements(text: str, *, is_bold: bool = False) -> list[Block]:
    style: Block = {"style": {"bold": True}} if is_bold else {}
    return [
        {"type": "link", "url": piece} if is_link else {"type": "text", "text": piece, **style}
        for part, is_link in _parts(text)
        for piece in pieces(part, TEXT)
    ]


def _rich(*elements: Block) -> list[Block]:
    return [{"type": "rich_text", "elements": list(elements)}]


def rich(text: str, *, is_bold: bool = False) -> list[Block]:
    """Show words as they are; no words, no block."""
    if not text.strip():
        return []
    return _rich({"type": "rich_text_section", "elements": _elements(text, is_bold=is_bold)})


def quoted(text: str, lead: str = "") -> list[Block]:
    """Show words as somebody's, after a short lead; no words, no block."""
    if not text.strip():
        return []
    first = [{"type": "rich_text_section", "elements": _elements(lead)}] if lead else []
    return _rich(*first, {"type": "rich_text_quote", "elements": _elements(text)})


def listed(texts: Iterable[str], *, is_numbered: bool) -> list[Block]:
    """Show a list."""
    sections = [{"type": "rich_text_section", "elements": _elements(text)} for text in texts]
    return _rich(
        {"type": "rich_text_list", "style": "ordered" if is_numbered else "bullet", "elements": sections},
    )


def headed(text: str) -> list[Block]:
    """Show a heading; one too long for Slack's own is bold."""
    if not text.strip() or size(text) > HEADER:
        return rich(text, is_bold=True)
    return [{"type": "header", "text": plain(text)}]


def small(*lines: str) -> list[Block]:
    """Show small print, a line each; no words, no block."""
    parts = [plain(piece) for piece in pieces("\n".join(line for line in lines if line.strip()), TEXT)]
    return [{"type": "context", "elements": list(some)} for some in _batches(parts, IN_CONTEXT)]


# Things to press and to choose from.


def button(
    label: str, action: str, value: str = "", *, url: str = "", spoken: str = "", is_primary: bool = False
) -> Block:
    """Make a button; one whose words do not fit carries them for screen readers."""
    made: Block = {
        "type": "button",
        "text": plain(cut(label, BUTTON_TEXT)),
        "action_id": whole(action, IDS, "action_id"),
    }
    if value:
        made["value"] = whole(value, BUTTON_VALUE, "value of a button")
    if url:
        made["url"] = whole(url, TEXT, "url of a button")
    if spoken or size(label) > BUTTON_TEXT:
        made["accessibility_label"] = cut(spoken or label, SPOKEN_BUTTON)
    if is_primary:
        made["style"] = "primary"
    return made


def rows(elements: Sequence[Block], block_id: str = "") -> list[Block]:
    """Put things to press into as many blocks as they need; only the first has the name."""
    made: list[Block] = [{"type": "actions", "elements": list(some)} for some in _batches(elements, IN_ACTIONS)]
    if made and block_id:
        made[0]["block_id"] = whole(block_id, IDS, "block_id")
    return made


def name_of(option: Option) -> str:
    """Find the words of an option; something stands there in any case."""
    return option.label if option.label.strip() else option.value


def value_of(number: int, option: Option, most: int = OPTION_VALUE) -> str:
    """Write an option's value so that it fits; one too long is its number, as `#3`, counted from 1."""
    is_number = option.value.startswith("#") or not option.value or size(option.value) > most
    return f"#{number}" if is_number else option.value


def choices(options: Sequence[Option]) -> list[Block]:
    """Write options as a menu has them."""
    return [
        {"text": plain(cut(name_of(option), OPTION_TEXT)), "value": value_of(number, option)}
        for number, option in enumerate(options, start=1)
    ]


def cut_names(options: Sequence[Option]) -> list[Block]:
    """Show in words the options that a menu has to cut."""
    names = [name_of(option) for option in options if size(name_of(option)) > OPTION_TEXT]
    return listed(names, is_numbered=False) if names else []


def menu(options: Sequence[Option], action: str, *, is_many: bool = False) -> Block:
    """Make a menu; more than a hundred options stand in groups of a hundred."""
    offered = choices(options)
    made: Block = {
        "type": "multi_static_select" if is_many else "static_select",
        "action_id": whole(action, IDS, "action_id"),
        "placeholder": plain(labels.CHOOSE_MANY if is_many else labels.CHOOSE),
    }
    if len(offered) <= MENU_OPTIONS:
        return {**made, "options": offered}
    groups = [{"label": plain(_span(some)), "options": list(some)} for some in _batches(offered, MENU_OPTIONS)]
    if len(groups) > MENU_GROUPS:
        raise ValueError(f"option groups: at most {MENU_GROUPS}, not {len(groups)}")
    return {**made, "option_groups": groups}


def ticks(options: Sequence[Option], action: str) -> Block:
    """Make boxes to tick; a menu where they are too many."""
    if len(options) > TICKS:
        return menu(options, action, is_many=True)
    return {"type": "checkboxes", "action_id": whole(action, IDS, "action_id"), "options": choices(options)}


def _span(options: Sequence[Block]) -> str:
    half = (OPTION_TEXT - size(labels.SPAN.format(first="", last=""))) // 2
    first, last = (cut(option["text"]["text"], half) for option in (options[0], options[-1]))
    return labels.SPAN.format(first=first, last=last)


def _batches(items: Sequence[Block], most: int) -> Iterator[Sequence[Block]]:
    for start in range(0, len(items), most):
        yield items[start : start + most]
