"""What a modal was filled in with. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapters.discord.ids import CUSTOM_ID, MANY, OPTION_VALUE, OWN

TEXT_INPUT, STRING_SELECT, LABEL, RADIO_GROUP, CHECKBOX_GROUP = 4, 3, 18, 21, 22
"""Kinds of components, as Discord numbers them."""

MOST_FIELDS = 5
MOST_CHOSEN = 25
MOST_WRITTEN = 10_000
"""Characters that a field may bring along: more than the 4,000 that Discord lets through."""


def given_in(components: Sequence[Mapping[str, Any]]) -> dict[str, str | tuple[str, ...]]:
    """Read the fields of a modal, by question; own words win, and join what was ticked.

    Raises ValueError, or what a wrong shape raises, where Discord would never have sent that.
    """
    if len(components) > MOST_FIELDS:
        raise ValueError("components of a modal: at most 5")
    fields: dict[str, str | tuple[str, ...]] = {}
    for one in components:
        if one["type"] == LABEL:
            field = one["component"]
            fields[short(field["custom_id"], CUSTOM_ID).removesuffix(MANY)] = _value(field)
    given = {name: value for name, value in fields.items() if not name.endswith(OWN)}
    for name, own in fields.items():
        key = name.removesuffix(OWN)
        if key != name and own:
            ticked = given.get(key)
            given[key] = (*ticked, str(own)) if isinstance(ticked, tuple) else own
    return given


def as_typed(value: str) -> str:
    """Read an option's value; one too long for Discord went out as its number."""
    return value.removeprefix("#")


def short(text: object, most: int) -> str:
    """Let a text through that is one, and no longer than Discord takes; ValueError otherwise."""
    if not isinstance(text, str) or len(text) > most:
        raise ValueError(f"a text of at most {most:,} characters")
    return text


def chosen_in(values: object) -> tuple[str, ...]:
    """Read what was chosen from a menu, in order; ValueError where Discord would never have sent that."""
    if not isinstance(values, Sequence) or isinstance(values, str) or len(values) > MOST_CHOSEN:
        raise ValueError(f"at most {MOST_CHOSEN} values")
    return tuple(as_typed(short(value, OPTION_VALUE)) for value in values)


def _value(field: Mapping[str, Any]) -> str | tuple[str, ...]:
    """Read one field; blank is an empty text."""
    match field["type"]:
        case int(kind) if kind == TEXT_INPUT:
            text = short(field.get("value") or "", MOST_WRITTEN)
            return text if text.strip() else ""
        case int(kind) if kind == RADIO_GROUP:
            return as_typed(short(field.get("value") or "", OPTION_VALUE))
        case int(kind) if kind == CHECKBOX_GROUP or (kind == STRING_SELECT and field["custom_id"].endswith(MANY)):
            return chosen_in(field.get("values") or ()) or ""
        case int(kind) if kind == STRING_SELECT:
            return next(iter(chosen_in(field.get("values") or ())), "")
        case kind:
            raise ValueError(f"a field of kind {kind}")
