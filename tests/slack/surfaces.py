"""What people see of blocks: their words, and the things in them that can be pressed or filled."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.slack.payloads import unescaped
from tests.slack.world import JSON, Message, View

_FORMATTED = re.compile(r"(?<!\w)([*_~`])(?=\S)(.+?)(?<=\S)\1(?!\w)")
INPUTS = {"plain_text_input": "value", "email_text_input": "value", "url_text_input": "value"}
ONE_OPTION = ("static_select", "radio_buttons", "external_select", "overflow")
MANY_OPTIONS = ("multi_static_select", "checkboxes", "multi_external_select")
OTHERS = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
}
_INITIAL = {"value": "initial_value", "selected_option": "initial_option", "selected_options": "initial_options"}


@dataclass(frozen=True)
class Spot:
    """One element in one block of a message or a view."""

    place: Message | View
    block: JSON
    element: JSON

    @property
    def label(self) -> str:
        """Read what stands on or over it."""
        own = self.element.get("text") or self.block.get("label") or self.element.get("placeholder") or {}
        return str(own.get("text", ""))

    @property
    def names(self) -> tuple[str, ...]:
        """List the names it can be called by."""
        return (self.label, self.block["block_id"], self.element.get("action_id", ""))


def spots(place: Message | View) -> Iterator[Spot]:
    """List the elements of a message or a view, in order."""
    for block in place.blocks:
        for element in elements_of(block):
            yield Spot(place, block, element)


def elements_of(block: JSON) -> list[JSON]:
    """List the elements of a block."""
    if block.get("type") in ("actions", "context_actions"):
        given = block.get("elements")
        return [element for element in given if isinstance(element, dict)] if isinstance(given, list) else []
    return [block[key] for key in ("element", "accessory") if isinstance(block.get(key), dict)]


def options_of(element: JSON) -> list[JSON]:
    """List what can be chosen, out of groups too."""
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


# What is chosen and typed.


def kept_under(element: JSON) -> str | None:
    """Name the key under which an element's value is kept; nothing for a button."""
    kind = str(element.get("type"))
    if kind in ONE_OPTION and kind != "overflow":
        return "selected_option"
    if kind in MANY_OPTIONS:
        return "selected_options"
    return INPUTS.get(kind) or OTHERS.get(kind)


def state_of(place: Message | View, typed: dict[str, dict[str, JSON]]) -> dict[str, dict[str, JSON]]:
    """Put what stands in every element together: what was typed, or what it began with."""
    state: dict[str, dict[str, JSON]] = {}
    for spot in spots(place):
        key = kept_under(spot.element)
        if key is None:
            continue
        block_id, action_id = spot.block["block_id"], spot.element["action_id"]
        value = typed.get(block_id, {}).get(action_id)
        if value is None:
            initial = spot.element.get(_INITIAL.get(key) or key.replace("selected", "initial"))
            value = {"type": spot.element["type"], key: [] if key.endswith("s") and initial is None else initial}
        state.setdefault(block_id, {})[action_id] = value
    return state


def chosen(element: JSON, wanted: Any) -> JSON:
    """Write down what somebody types or chooses; options are known by their words or their values."""
    kind, key = element["type"], kept_under(element) or "selected_option"
    if key == "value":
        return {"type": kind, key: str(wanted) or None}
    if key == "selected_option":
        return {"type": kind, key: _option(element, wanted) if wanted is not None else None}
    if key == "selected_options":
        return {"type": kind, key: [_option(element, each) for each in wanted]}
    return {"type": kind, key: wanted}


def is_empty(element: JSON, value: JSON) -> bool:
    """Tell whether nothing stands in an element."""
    return not value.get(kept_under(element) or "")


def _option(element: JSON, wanted: str) -> JSON:
    for option in options_of(element):
        if wanted in (option["text"]["text"], option.get("value")):
            return option
    offered = [option["text"]["text"] for option in options_of(element)]
    raise LookupError(f"{wanted!r} is not offered: {offered}")


# Words.


def words_of(place: Message | View) -> list[str]:
    """Read a message or a view from top to bottom: every piece of words that somebody sees."""
    if isinstance(place, View):
        given = place.given
        ends = [given[key]["text"] for key in ("submit", "close") if given.get(key)]
        return [*filter(None, [place.title]), *_words(place.blocks), *ends]
    return _words(place.blocks) if place.blocks else [_formatted(place.text)]


def _words(blocks: list[JSON]) -> list[str]:
    return [piece for block in blocks for piece in _read(block) if piece]


_SPOKEN = ("label", "title", "text", "description", "fields", "rows", "element", "elements", "options")
_THEN = ("option_groups", "placeholder", "initial_value", "initial_date", "initial_option", "accessory", "hint")


def _read(part: Any) -> Iterator[str]:
    """Read any part of a block, top to bottom."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for each in part:
            yield from _read(each)
    elif isinstance(part, dict):
        kind = part.get("type")
        if kind == "mrkdwn":
            yield _formatted(part["text"])
        elif kind in ("plain_text", "raw_text"):
            yield part["text"]
        elif kind in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
            yield "".join(_inline(each) for each in part["elements"])
        else:
            for key in _SPOKEN + _THEN:
                yield from _read(part.get(key))


def _inline(element: JSON) -> str:
    kind = element["type"]
    if kind == "link":
        return str(element.get("text") or element["url"])
    if kind in ("user", "channel", "usergroup"):
        return f"@{element[f'{kind}_id']}"
    return f":{element['name']}:" if kind == "emoji" else str(element.get("text", element.get("fallback", "")))


def _formatted(text: str) -> str:
    return unescaped(_FORMATTED.sub(r"\2", text))
