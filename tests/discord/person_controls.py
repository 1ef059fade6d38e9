"""What people see of messages and modals: their words, and what can be pressed, chosen and filled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.discord.checks_components import (
    BUTTON,
    CHECKBOX,
    CHECKBOX_GROUP,
    LABEL,
    LINK,
    RADIO_GROUP,
    ROW,
    SELECTS,
    STRING_SELECT,
    TEXT_DISPLAY,
    TEXT_INPUT,
)
from tests.discord.world import JSON, LOADING, Message
from tests.discord.world_interactions import Modal

REQUIRED = "This field is required."
THINKING = "Mull is thinking…"


class NotSent(Exception):
    """The client did not send a modal; `slips` says why, by custom id."""

    def __init__(self, slips: dict[str, str]) -> None:
        super().__init__(str(slips))
        self.slips = slips


@dataclass(frozen=True)
class Control:
    """One button or menu of a message."""

    message: Message
    part: JSON

    @property
    def label(self) -> str:
        """Read what stands on it."""
        return _label(self.part)

    @property
    def names(self) -> tuple[str, ...]:
        """List the names it can be called by."""
        return (self.label, str(self.part.get("custom_id", "")))

    @property
    def is_button(self) -> bool:
        """Tell a button, and not a link."""
        return bool(self.part["type"] == BUTTON and self.part.get("style") != LINK)

    @property
    def is_link(self) -> bool:
        """Tell a link."""
        return bool(self.part["type"] == BUTTON and self.part.get("style") == LINK)

    @property
    def is_select(self) -> bool:
        """Tell a menu."""
        return self.part["type"] in SELECTS

    def values(self, wanted: tuple[str, ...]) -> list[str]:
        """Turn the words of options into their values."""
        if self.part["type"] != STRING_SELECT:
            return list(wanted)
        return [_value(self.part, one) for one in wanted]

    def offers(self, wanted: tuple[str, ...]) -> bool:
        """Tell whether all these can be chosen in it, by their words or values."""
        if self.part["type"] != STRING_SELECT:
            return False
        offered = {word for option in self.part["options"] for word in (option["label"], option["value"])}
        return offered.issuperset(wanted)


def _label(part: JSON) -> str:
    emoji = (part.get("emoji") or {}).get("name") or ""
    return str(part.get("label") or part.get("placeholder") or emoji)


def controls(message: Message) -> Iterator[Control]:
    """List the controls of a message, in order."""
    for row in message.components:
        for part in row.get("components", []):
            yield Control(message, part)


def words_of(message: Message) -> str:
    """Read a message: its words, then `[buttons]` and `{menus: options}` row by row."""
    lines = [THINKING] if message.flags & LOADING else [message.content]
    lines += [" ".join(_written(part) for part in row.get("components", [])) for row in message.components]
    lines += [f"({one.get('filename', 'file')})" for one in message.attachments]
    return "\n".join(line for line in lines if line)


def _written(part: JSON) -> str:
    label = _label(part)
    if part["type"] == BUTTON:
        return f"[{label}]"
    options = " | ".join(option["label"] for option in part.get("options") or [])
    return f"{{{label}: {options}}}"


# Modals.


def fields(modal: Modal) -> Iterator[tuple[str, JSON]]:
    """List the fields of a modal with their labels."""
    for part in modal.components:
        if part["type"] == LABEL:
            yield part["label"], part["component"]
        elif part["type"] == ROW:
            yield part["components"][0]["label"], part["components"][0]


def begin(modal: Modal) -> None:
    """Put into every field what it begins with."""
    for _label, part in fields(modal):
        modal.values.setdefault(part["custom_id"], _initial(part))


def _initial(part: JSON) -> Any:
    kind = part["type"]
    if kind == TEXT_INPUT:
        return part.get("value") or ""
    if kind == CHECKBOX:
        return bool(part.get("default"))
    chosen = [option["value"] for option in part.get("options") or [] if option.get("default")]
    if kind == RADIO_GROUP:
        return chosen[0] if chosen else None
    return chosen


def put(modal: Modal, name: str, wanted: Any) -> None:
    """Type or choose in the field of this label or custom id; options are known by their words or values."""
    for label, part in fields(modal):
        if name in (label, part["custom_id"]):
            modal.values[part["custom_id"]] = _entered(part, wanted)
            return
    raise LookupError(f"{name!r} is not there; there is {[label for label, _ in fields(modal)]}")


def _entered(part: JSON, wanted: Any) -> Any:
    kind = part["type"]
    if kind == TEXT_INPUT:
        return str(wanted)
    if kind == CHECKBOX:
        return bool(wanted)
    if kind == RADIO_GROUP:
        return None if wanted is None else _value(part, wanted if isinstance(wanted, str) else wanted[0])
    chosen = [wanted] if isinstance(wanted, str) else list(wanted or [])
    return [_value(part, one) for one in chosen] if kind in (STRING_SELECT, CHECKBOX_GROUP) else chosen


def _value(part: JSON, wanted: str) -> str:
    for option in part.get("options") or []:
        if wanted in (option["label"], option["value"]):
            return str(option["value"])
    raise LookupError(f"{wanted!r} is not offered: {[option['label'] for option in part.get('options') or []]}")


def slips_of(modal: Modal) -> dict[str, str]:
    """Say what the client itself would not send."""
    slips = {}
    for _label, part in fields(modal):
        if slip := _slip(part, modal.values[part["custom_id"]]):
            slips[part["custom_id"]] = slip
    return slips


def _slip(part: JSON, value: Any) -> str:
    if part["type"] == CHECKBOX:
        return ""
    if value in ("", None, []):
        return REQUIRED if part.get("required", True) and part.get("min_values") != 0 else ""
    least, most = (part.get("min_length"), part.get("max_length"))
    if part["type"] != TEXT_INPUT:
        least, most = part.get("min_values"), part.get("max_values")
        if most is None:
            most = len(part.get("options") or []) if part["type"] == CHECKBOX_GROUP else 1
        if part["type"] == RADIO_GROUP:
            return ""
    if len(value) > (most or 4000):
        return f"Must be {most} or fewer."
    return f"Must be {least} or more." if len(value) < (least or 0) else ""


def submitted(modal: Modal) -> list[JSON]:
    """Write down what stands in a modal, as a submission does."""
    parts = []
    for part in modal.components:
        if part["type"] == LABEL:
            parts.append({"type": LABEL, "id": part["id"], "component": _told(modal, part["component"])})
        elif part["type"] == ROW:
            told = [_told(modal, inner) for inner in part["components"]]
            parts.append({"type": ROW, "id": part["id"], "components": told})
        elif part["type"] == TEXT_DISPLAY:
            parts.append({"type": TEXT_DISPLAY, "id": part["id"]})
    return parts


def _told(modal: Modal, part: JSON) -> JSON:
    key = "value" if part["type"] in (TEXT_INPUT, RADIO_GROUP, CHECKBOX) else "values"
    told = {name: part[name] for name in ("type", "id", "custom_id")}
    return {**told, key: modal.values[part["custom_id"]]}


def words_of_modal(modal: Modal) -> str:
    """Read a modal from top to bottom: title, labels, descriptions, options, and what stands in its fields."""
    lines = [modal.title]
    for part in modal.components:
        if part["type"] == TEXT_DISPLAY:
            lines.append(part["content"])
            continue
        inner = part["component"] if part["type"] == LABEL else part["components"][0]
        lines += [part.get("label") or inner.get("label") or "", part.get("description") or ""]
        lines += [f"( ) {option['label']}" for option in inner.get("options") or []]
        value = modal.values.get(inner["custom_id"])
        lines += [value] if inner["type"] == TEXT_INPUT and value else []
    return "\n".join(line for line in lines if line)
