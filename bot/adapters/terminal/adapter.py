"""A terminal as a platform, for authors who try a flow: one person types, Mull prints."""

from collections.abc import Callable
from datetime import datetime

from bot.adapters.base import Accept, Delivery, Sent
from bot.adapters.terminal.inbound import event_from
from bot.adapters.terminal.outbound import lines_for
from bot.core.effects import AnyEffect
from bot.core.people import PersonId


class TerminalAdapter:
    """Prints effects as they are delivered; `say` is what the person types.

    `sitting` names this one among all sittings at the same database, so that no line is taken for an earlier one.
    """

    platform = "terminal"

    def __init__(
        self, person: PersonId, sitting: str, show: Callable[[str], None], now: Callable[[], datetime]
    ) -> None:
        self._person, self._sitting, self._show, self._now = person, sitting, show, now
        self._accept: Accept | None = None
        self._said = 0
        self._shown: set[str] = set()

    async def start(self, accept: Accept) -> None:
        """Remember where typed lines go."""
        self._accept = accept

    async def stop(self) -> None:
        """Forget it."""
        self._accept = None

    async def say(self, line: str) -> None:
        """Hand over a typed line."""
        if self._accept is not None:
            await self._accept(event_from(line, f"{self._sitting}.{self._said}", self._person, self._now()))
            self._said += 1

    async def deliver(self, effect: AnyEffect) -> Delivery:
        """Print an effect, once."""
        if effect.id not in self._shown:
            self._shown.add(effect.id)
            for line in lines_for(effect):
                self._show(line)
        return Sent(remote_id=effect.id)
