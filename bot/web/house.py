"""What the pages are given: the door, the shelf, the key; nothing here knows how they are made."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.adapters.drawn import Draw
from bot.core.events import Event, Outcome
from bot.core.people import Place
from bot.runner.flow_shelf import FlowShelf
from bot.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The parts of a running Mull that pages use.

    `accept` is the one door. `watch` yields whenever something new stands in a place, and every few seconds besides.
    `secret` (32 bytes or more) signs form tokens and makes card codes. `base_url` begins with https:// where pages
    are served over it. `draws` shows what chat platforms make of a prompt, by platform; `connected` are those in use.
    """

    database: Database
    accept: Callable[[Event], Awaitable[Outcome]]
    shelf: FlowShelf
    watch: Callable[[Place], AsyncIterator[None]]
    now: Callable[[], datetime]
    secret: bytes
    base_url: str
    draws: Mapping[str, Draw] = field(default_factory=dict)
    connected: frozenset[str] = frozenset()
