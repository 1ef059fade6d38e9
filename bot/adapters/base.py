"""What every platform provides: a way to deliver, and what became of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeAlias

from bot.core.effects import AnyEffect
from bot.core.events import Event

Accept: TypeAlias = Callable[[Event], Awaitable[object]]
"""The one door, as an adapter sees it: returns once the event is on disk."""


@dataclass(frozen=True, slots=True)
class Sent:
    """It is with the person; `remote_id` is the platform's name for it."""

    remote_id: str


@dataclass(frozen=True, slots=True)
class TryAgain:
    """It did not go through this time; `after` is how long the platform asked to wait, if it did."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Dead:
    """It will never go through; `reason` is a sentence that a teacher can read."""

    reason: str


Delivery: TypeAlias = Sent | TryAgain | Dead


class Adapter(Protocol):
    """One platform: starts and stops its connection, hands events to `accept`, delivers effects."""

    @property
    def platform(self) -> str:
        """Name the platform, as it begins every place on it."""

    async def start(self, accept: Accept) -> None:
        """Connect, and hand over whatever comes in."""

    async def stop(self) -> None:
        """Let go."""

    async def deliver(self, effect: AnyEffect) -> Delivery:
        """Show one effect to its person; the same effect may come twice and must be seen once."""
