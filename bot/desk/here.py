"""What one ask stands on, and what a matter may make of it."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.adapters.base import WRITES_WHEN_ASKED
from bot.core.events import Event
from bot.desk.wording import Wording
from bot.runner.flow_shelf import FlowShelf
from bot.storage.answers import RunRead
from bot.storage.connection import Connection
from bot.storage.desk import Asker

if TYPE_CHECKING:
    from bot.desk.signing_in import Guesses


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A snapshot of the database, and whoever asks as Mull knows them."""

    connection: Connection
    shelf: FlowShelf
    asker: Asker
    at: datetime
    wording: Wording
    guesses: "Guesses"
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
class Shown:
    """A reply with answers of others in it, which is written down for those whose answers they are."""

    reply: Reply
    runs: Sequence[RunRead] = ()


@dataclass(frozen=True, slots=True)
class Linked:
    """What is shown to somebody who leads a group, with a fresh sign-in link to the pages below."""

    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Something to write down about who is signed in, which is no event: nobody said it to anybody.

    `work` answers whether it was theirs to decide and still open; `otherwise` is said where not.
    """

    work: Callable[[Connection], bool]
    said: Reply
    otherwise: Reply


Result: TypeAlias = Reply | Deed | Linked | Written
Handler: TypeAlias = Callable[[Here, Asked, str], Result]
"""Answers one matter: the snapshot, what was asked, and the words after the one that named the matter."""


def tidy(text: str) -> str:
    """Make one line of what a platform handed over: no sign that a database or a page cannot keep."""
    seen = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in text)
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def tidy_lines(text: str) -> str:
    """Make of what was written in a form a text of tidy lines."""
    return "\n".join(tidy(line) for line in text.splitlines()).strip()


def tell(text: str, *buttons: Button, small: str = "") -> Reply:
    """Say one paragraph, with buttons under it."""
    return Reply(items=(Item(text=text, buttons=buttons, small=small),))
