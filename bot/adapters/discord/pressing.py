"""Things to press and to choose from, within Discord's limits and ours. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import discord
from discord import ui

from bot.adapters.discord.ids import custom_id, value_of, whole
from bot.adapters.discord.markup import one_line
from bot.adapters.fitting import cut
from bot.core.effects import Option

LABEL = 38
"""Discord takes 80, and then phones cut: longer words stand above the button."""
URL = 512
PLACEHOLDER = 150
OPTION_LABEL = 100
MENU = 25
IN_ROW = 5
ROWS = 5
BUTTON_ROWS = 2

Piece: TypeAlias = "ui.Button[ui.View] | ui.Select[ui.View] | ui.UserSelect[ui.View]"
Row: TypeAlias = Sequence[Piece]
Choice: TypeAlias = tuple[str, str]
"""The words of an option and its value."""


def button(label: str, name: str, *, is_primary: bool = False) -> "ui.Button[ui.View]":
    """Make a button that says `name` when it is pressed."""
    style = discord.ButtonStyle.primary if is_primary else discord.ButtonStyle.secondary
    return ui.Button(label=cut(one_line(label), LABEL), custom_id=name, style=style)


def link(label: str, url: str) -> "ui.Button[ui.View]":
    """Make a button that opens a page.

    Raises ValueError where Discord would not take the address.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("url of a button: http or https")
    return ui.Button(label=cut(one_line(label), LABEL), url=whole(url, URL, "url of a button"))


def menu(name: str, placeholder: str, choices: Sequence[Choice], most: int = 1) -> "ui.Select[ui.View]":
    """Make a menu from which one to `most` are chosen."""
    options = [discord.SelectOption(label=label_of(words), value=value) for words, value in choices]
    return ui.Select(
        custom_id=name, placeholder=cut(one_line(placeholder), PLACEHOLDER), max_values=most, options=options
    )


def people(name: str, placeholder: str) -> "ui.UserSelect[ui.View]":
    """Make a menu of people."""
    return ui.UserSelect(custom_id=custom_id(name), placeholder=placeholder, min_values=1, max_values=MENU)


def view_of(rows: Sequence[Row]) -> ui.View | None:
    """Lay rows out below a message; none where there is nothing to press.

    Raises ValueError where they are too many.
    """
    if not rows:
        return None
    if len(rows) > ROWS:
        raise ValueError(f"rows of a message: at most {ROWS}, not {len(rows)}")
    view = ui.View(timeout=None)
    for number, row in enumerate(rows):
        for piece in row:
            piece.row = number
            view.add_item(piece)
    return view


def label_of(words: str) -> str:
    """Write an option's words as a menu has them."""
    return cut(one_line(words), OPTION_LABEL)


def name_of(option: Option) -> str:
    """Find the words of an option; something stands there in any case."""
    return option.label if option.label.strip() else option.value


def values_of(numbered: Sequence[tuple[int, Option]]) -> list[str]:
    """Write options' values so that they fit and differ: Discord refuses a menu in which one stands twice."""
    made: list[str] = []
    for number, option in numbered:
        value = value_of(number, option)
        made.append(f"#{number}" if value in made else value)
    return made


def batches(items: Sequence[Any], most: int) -> Iterator[Any]:
    """Take items in turns, at most so many at a time."""
    for start in range(0, len(items), most):
        yield items[start : start + most]
