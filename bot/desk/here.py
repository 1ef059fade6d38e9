"""What one ask stands on, and what a matter may make of it."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.adapters.base import WRITES_WHEN_ASKED
from bot.core.events import Event
from bot.desk.wording import Wording
from bot.runner.flow_shelf import FlowShelf
from bot.storage.connection import Connection
from bot.storage.desk import Asker


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A snapshot of the database, and whoever asks as Mull knows them."""

    connection: Connection
    shelf: FlowShelf
    asker: Asker
    at: datetime
    wording: Wording
    platform: str = ""

    @property
    def how_to_join(self) -> str:
        """Say how somebody comes into a group where they are."""
        command = "/mull-setup" if self.platform in WRITES_WHEN_ASKED else "/mull group"
        return self.wording.how_to_join.format(command=command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An event to let happen: what is said once it has, and `otherwise` where it is not for this person.

    What answers it `is_at_once` shown, together with what is said; where nothing answers and it `is_silent`, nobody
    hears that either.
    """

    event: Event
    said: Reply = field(default_factory=Reply)
    otherwise: Reply
    is_at_once: bool = False
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """A reply that ends with a fresh sign-in link to the pages."""

    reply: Reply


Result: TypeAlias = Reply | Deed | Linked
Handler: TypeAlias = Callable[[Here, Asked, str], Result]
"""Answers one matter: the snapshot, what was asked, and the words after the one that named the matter."""


def tidy(text: str) -> str:
    """Make one line of what a platform handed over: no sign that a database or a page cannot keep."""
    seen = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in text)
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def tell(text: str, *buttons: Button, small: str = "") -> Reply:
    """Say one paragraph, with buttons under it."""
    return Reply(items=(Item(text=text, buttons=buttons, small=small),))
