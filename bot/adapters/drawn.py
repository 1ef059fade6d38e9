"""What a person sees of a message or a form, the same for every platform: what a preview shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.core.effects import AnyEffect


class Look(StrEnum):
    """How words stand out."""

    PLAIN = "plain"
    STRONG = "strong"
    SMALL = "small"
    QUOTE = "quote"


class Way(StrEnum):
    """How something is written into a box, or chosen in it."""

    LINE = "line"
    LINES = "lines"
    DAY = "day"
    RADIOS = "radios"
    TICKS = "ticks"
    MENU = "menu"


@dataclass(frozen=True, slots=True)
class Words:
    """Some words, without any markup."""

    text: str
    look: Look = Look.PLAIN


@dataclass(frozen=True, slots=True)
class Press:
    """A button; one that `is_quiet` looks like words."""

    label: str
    is_primary: bool = False
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """Something to write into or to choose from; `shown` stands in it while it is empty."""

    way: Way
    shown: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Buttons and boxes beside each other."""

    pieces: tuple[Press | Box, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A question of a form."""

    label: str
    box: Box
    help: str = ""


Part: TypeAlias = Words | Row | Field


@dataclass(frozen=True, slots=True)
class Drawn:
    """One message, or one page of a form with its `title`."""

    parts: tuple[Part, ...]
    title: str = ""


Draw: TypeAlias = Callable[[Sequence[AnyEffect], datetime], tuple[Drawn, ...]]
"""Draws what one person sees of effects that come together; the moment is now, in the zone of whoever looks.

Raises ValueError where the platform would not take it.
"""
