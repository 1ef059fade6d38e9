"""Checks of blocks: Slack's documented limits, its own types, and the ways of a bot for a school."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.slack.limits import MENTION, SURFACES, limit, names_by_type, wrong_by_schema
from tests.slack.surfaces import elements_of, options_of
from tests.slack.world import JSON

BUTTON_STYLE = 30
"""How long a button's words may be so that a phone shows them; Slack itself takes more."""


@dataclass
class Found:
    """What was found wrong with one request; `error` is what Slack would answer to it."""

    where: str
    allowed_mentions: set[str]
    sentences: list[str] = field(default_factory=list)
    error: str | None = None

    def fault(self, what: str, error: str | None = None) -> None:
        """Note a fault; without an error, Slack would have taken it."""
        self.sentences.append(f"{self.where}: {what}.")
        self.error = self.error or error

    def length(self, what: str, text: Any, most: int, *, least: int = 1, error: str = "invalid_blocks") -> None:
        """Note a text that is too long, or empty."""
        if not isinstance(text, str):
            self.fault(f"{what} is no text: {text!r}", error)
        elif not least <= len(text) <= most:
            self.fault(f"{what} has {len(text)} characters; {least} to {most} are taken", error)

    def count(self, what: str, number: int, most: int, *, least: int = 1) -> None:
        """Note too many things, or too few."""
        if not least <= number <= most:
            self.fault(f"{what}: {number}, where {least} to {most} are taken", "invalid_blocks")

    def mentions(self, what: str, text: str) -> None:
        """Note words that ring for people who were not to be called."""
        for group, person in MENTION.findall(text):
            if person not in self.allowed_mentions:
                self.fault(f"{what} calls {person or group}")

    def schema(self, definition: str, value: JSON, what: str) -> None:
        """Note what Slack's own types do not know."""
        if wrong := wrong_by_schema(definition, value):
            self.fault(f"{what} is not a {definition}: {wrong}", "invalid_blocks")


def check_blocks(found: Found, blocks: Any, surface: str, most: int) -> None:
    """Check the blocks of a message, a modal or a home page."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        found.fault("has blocks that are no list of objects", "invalid_blocks_format")
        return
    found.count("blocks", len(blocks), most, least=0)
    names = [block["block_id"] for block in blocks if "block_id" in block]
    for name in sorted({name for name in names if names.count(name) > 1}):
        found.fault(f"has the block id {name!r} more than once", "invalid_blocks")
    for number, block in enumerate(blocks):
        _block(found, block, surface, f"block {number} ({block.get('type')})")


def _block(found: Found, block: JSON, surface: str, what: str) -> None:
    kind = str(block.get("type"))
    if kind not in SURFACES[surface]:
        found.fault(f"{what} is no block that a {surface} takes", "invalid_blocks")
        return
    known = len(found.sentences)
    found.schema(names_by_type()[kind], block, what)
    elements = elements_of(block)
    for element in elements:
        _element(found, element, surface, f"{element.get('type')} in {what}")
    if len(found.sentences) > known:
        # What is not of the right shape is not looked into further.
        return
    if "block_id" in block:
        found.length(f"the block id of {what}", block["block_id"], limit("block_id"))
    if kind in _SIZES:
        _SIZES[kind](found, block, what)
    actions = [element["action_id"] for element in elements if "action_id" in element]
    if len(actions) != len(set(actions)):
        found.fault(f"{what} has an action id more than once", "invalid_blocks")
    for text in _marked(block):
        found.mentions(f"a text in {what}", text)


def _section(found: Found, block: JSON, what: str) -> None:
    if not block.get("text") and not block.get("fields"):
        found.fault(f"{what} has no text", "invalid_blocks")
    if "text" in block:
        found.length(f"the text of {what}", block["text"]["text"], limit("section", "text"))
    found.count(f"fields of {what}", len(block.get("fields", [])), _most("section", "fields"), least=0)
    for piece in block.get("fields", []):
        found.length(f"a field of {what}", piece["text"], limit("section", "fields", which="item_max_length"))


def _header(found: Found, block: JSON, what: str) -> None:
    found.length(f"the text of {what}", block["text"]["text"], limit("header", "text"))


def _markdown(found: Found, block: JSON, what: str) -> None:
    found.length(f"the text of {what}", block["text"], limit("markdown", "text"))


def _context(found: Found, block: JSON, what: str) -> None:
    found.count(f"elements of {what}", len(block["elements"]), _most("context", "elements"))
    for element in block["elements"]:
        if element["type"] == "image":
            _picture(found, element, what)
        else:
            found.length(f"a text of {what}", element["text"], limit("section", "text"))


def _actions(found: Found, block: JSON, what: str) -> None:
    found.count(f"elements of {what}", len(block["elements"]), _most(block["type"], "elements"))


def _input(found: Found, block: JSON, what: str) -> None:
    for name in ("label", "hint"):
        if name in block:
            found.length(f"the {name} of {what}", block[name]["text"], limit("input", name))


def _picture(found: Found, picture: JSON, what: str) -> None:
    found.length(f"the alt text of {what}", picture.get("alt_text", ""), limit("image", "alt_text"))
    if "image_url" in picture:
        found.length(f"the address of {what}", picture["image_url"], limit("image", "image_url"))


_SIZES: dict[str, Callable[[Found, JSON, str], None]] = {
    "actions": _actions,
    "context": _context,
    "context_actions": _actions,
    "header": _header,
    "image": _picture,
    "input": _input,
    "markdown": _markdown,
    "section": _section,
}


def _element(found: Found, element: JSON, surface: str, what: str) -> None:
    kind = str(element.get("type"))
    if kind not in names_by_type() or kind == "number_input":
        found.fault(f"{what} is no element that this bot may use", "invalid_blocks")
        return
    known = len(found.sentences)
    found.schema("ImageElement" if kind == "image" else names_by_type()[kind], element, what)
    if len(found.sentences) > known:
        return
    if "action_id" in element:
        found.length(f"the action id of {what}", element["action_id"], limit("action_id"))
    if "placeholder" in element:
        found.length(f"the placeholder of {what}", element["placeholder"]["text"], limit("select", "placeholder"))
    if kind == "radio_buttons" and surface != "modal":
        found.fault(f"{what} belongs in a modal only")
    if surface == "message" and "initial_value" in element:
        found.fault(f"{what} puts words into somebody's mouth in a message")
    for name, words in element.get("confirm", {}).items():
        if name != "style":
            found.length(f"the {name} of the confirmation of {what}", words["text"], limit("confirmation", name))
    if kind in _ELEMENTS:
        _ELEMENTS[kind](found, element, what)


def _button(found: Found, button: JSON, what: str) -> None:
    words = button["text"]["text"]
    found.length(f"the text of {what}", words, limit("button", "text"))
    if len(words) > BUTTON_STYLE:
        found.fault(f"the text of {what} is cut on a phone: {words!r}")
    if "value" in button:
        found.length(f"the value of {what}", button["value"], limit("button", "value"), least=0)
    if "url" in button:
        found.length(f"the address of {what}", button["url"], limit("button", "url"))
    if "accessibility_label" in button:
        most = limit("button", "accessibility_label")
        found.length(f"the accessibility label of {what}", button["accessibility_label"], most)


def _text_input(found: Found, element: JSON, what: str) -> None:
    most = element.get("max_length", 3000)
    if not 1 <= most <= limit("plain_text_input", "max_length", which="max"):
        found.fault(f"{what} takes {most} characters; Slack takes 1 to 3000", "invalid_blocks")
    if not 0 <= element.get("min_length", 0) <= most:
        found.fault(f"{what} takes at least {element['min_length']} characters and at most {most}", "invalid_blocks")
    if len(element.get("initial_value", "")) > most:
        found.fault(f"{what} begins with more than the {most} characters it takes", "invalid_blocks")


def _options(found: Found, element: JSON, what: str) -> None:
    most = _most("select" if "select" in element["type"] else element["type"], "options")
    groups = element.get("option_groups")
    if groups is not None:
        found.count(f"groups of {what}", len(groups), limit("select", "option_groups", which="max_items"))
        for group in groups:
            found.length(f"the label of a group of {what}", group["label"]["text"], limit("option_group", "label"))
            found.count(f"options of a group of {what}", len(group["options"]), most)
    else:
        found.count(f"options of {what}", len(element.get("options", [])), most)
    options = options_of(element)
    for option in options:
        found.length(f"the text of an option of {what}", option["text"]["text"], limit("option", "text"))
        found.length(f"the value of an option of {what}", option.get("value", ""), limit("option", "value"))
        if "description" in option:
            most_words = limit("option", "description")
            found.length(f"the description of an option of {what}", option["description"]["text"], most_words)
    values = [option.get("value") for option in options]
    if len(values) != len(set(values)):
        found.fault(f"{what} has two options of one value")
    initial = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    if any(option not in options for option in initial):
        found.fault(f"{what} begins with an option that it does not offer", "invalid_blocks")
    if element.get("initial_options") == []:
        found.fault(f"{what} begins with an empty list of options", "invalid_blocks")


_ELEMENTS: dict[str, Callable[[Found, JSON, str], None]] = {
    "button": _button,
    "checkboxes": _options,
    "image": _picture,
    "multi_static_select": _options,
    "overflow": _options,
    "plain_text_input": _text_input,
    "radio_buttons": _options,
    "static_select": _options,
    "workflow_button": _button,
}


def _most(block: str, part: str) -> int:
    return limit(block, part, which="max_items")


def _marked(part: Any) -> Iterator[str]:
    """Find every text that Slack reads for marks, and what rich text calls by itself."""
    if isinstance(part, list):
        for each in part:
            yield from _marked(each)
    elif isinstance(part, dict):
        match part.get("type"):
            case "mrkdwn" | "markdown":
                yield part["text"]
            case "user":
                yield f"<@{part['user_id']}>"
            case "broadcast":
                yield f"<!{part['range']}>"
            case "usergroup":
                yield f"<!subteam^{part['usergroup_id']}>"
            case _:
                for each in part.values():
                    yield from _marked(each)
