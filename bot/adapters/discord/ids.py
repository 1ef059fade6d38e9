"""The names that Discord gives back when something is pressed: put together here, taken apart in `inbound`. Pure."""

from bot.adapters.fitting import size
from bot.core.effects import Option
from bot.core.events import Control
from bot.core.runs import RunId

CUSTOM_ID = OPTION_VALUE = 100

OWN = ":own"
"""Ends the name of the field for one's own words beside a menu."""
MANY = ":many"
"""Ends the name of a menu that several options can be chosen from, where Discord's answer does not tell."""
TEXT = "text"
"""The one field of a modal for an answer in words."""


def whole(text: str, most: int, limit: str) -> str:
    """Let through what must never be cut; ValueError names the limit that it would break."""
    if not 1 <= size(text) <= most:
        raise ValueError(f"{limit}: 1 to {most:,} characters, not {size(text):,}")
    return text


def custom_id(*parts: object) -> str:
    """Put a name together.

    Raises ValueError where Discord would not take it.
    """
    return whole(":".join(map(str, parts)), CUSTOM_ID, "custom_id")


def do(words: str) -> str:
    """Name a button by the words that it stands for."""
    return custom_id("do", words)


def menu_of_words(number: int = 1) -> str:
    """Name a menu of words; Discord wants names that differ within a message, so that a further one has its number."""
    return "do" if number == 1 else f"do:#{number}"


def answer(run: RunId, wait: int, number: int, option: Option) -> str:
    """Name one option of a question."""
    room = CUSTOM_ID - size(f"answer:{run}:{wait}:")
    return custom_id("answer", run, wait, value_of(number, option, room))


def pick(run: RunId, wait: int, number: int = 1) -> str:
    """Name a menu of a question's options; a further one of the same question has its number."""
    return custom_id("pick", run, wait, *([number] if number > 1 else []))


def control(run: RunId, wait: int, control: Control) -> str:
    """Name a control of a question."""
    return custom_id("control", run, wait, control.value)


def controls(run: RunId, wait: int) -> str:
    """Name the menu of a question's rarer controls."""
    return custom_id("controls", run, wait)


def write(run: RunId, wait: int, *, is_many: bool = False) -> str:
    """Name what opens, and what sends, an answer in words; or several numbers."""
    return custom_id("write", run, wait) + (MANY if is_many else "")


def form(run: RunId) -> str:
    """Name the form of a run."""
    return custom_id("form", run)


def edit(run: RunId, key: str) -> str:
    """Name the form that changes one answer."""
    return custom_id("edit", run, key)


def ask(words: str) -> str:
    """Name the form that belongs to words."""
    return custom_id("ask", words)


def value_of(number: int, option: Option, most: int = OPTION_VALUE) -> str:
    """Write an option's value so that it fits; otherwise its number, as `#3`, counted from 1 as somebody types it."""
    value = option.value
    is_number = value.startswith("#") or value != value.strip() or not 1 <= size(value) <= most
    return f"#{number}" if is_number else value
