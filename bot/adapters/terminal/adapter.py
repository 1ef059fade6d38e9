"""A terminal as a platform, for authors who try a flow or a program: one keyboard speaks for everybody."""

from collections.abc import Callable
from datetime import datetime

from bot.adapters.base import Attempt, Delivery, Sent, TakesEvents
from bot.adapters.terminal.inbound import event_from
from bot.adapters.terminal.outbound import lines_for
from bot.core.effects import AnyEffect
from bot.core.people import PersonId

Show = Callable[[PersonId, AnyEffect, list[str]], None]
"""Takes what was delivered to somebody, and the lines it makes."""


class TerminalAdapter:
    """Shows effects as they are delivered; `say` is what is typed for a person.

    `sitting` names this one among all sittings at the same database, so that no line is taken for an earlier one.
    """

    platform = "terminal"

    def __init__(self, sitting: str, show: Show, now: Callable[[], datetime]) -> None:
        self._sitting, self._show, self._now = sitting, show, now
        self._door: TakesEvents | None = None
        self._said = 0
        self._shown: set[str] = set()

    async def start(self, door: TakesEvents) -> None:
        """Remember where typed lines go."""
        self._door = door

    async def stop(self) -> None:
        """Forget it."""
        self._door = None

    async def say(self, person: PersonId, line: str) -> None:
        """Hand over a line typed for somebody."""
        if self._door is not None:
            await self._door.accept(event_from(line, f"{self._sitting}.{self._said}", person, self._now()))
            self._said += 1

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Show an effect, once."""
        if effect.id not in self._shown:
            self._shown.add(effect.id)
            self._show(effect.person, effect, lines_for(effect))
        return Sent(remote_id=effect.id)
