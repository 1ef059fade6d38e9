"""A bell that rings whenever something happens at Discord, for those who wait."""

import asyncio
from collections.abc import Callable


class Bell:
    """Lets tests wait without sleeping: whatever is waited for is looked at again on every ring."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Event] = []

    def ring(self) -> None:
        """Let everybody look again."""
        waiting, self._waiting = self._waiting, []
        for event in waiting:
            event.set()

    async def until(self, wanted: Callable[[], object], patience: float) -> None:
        """Wait until something is so, at most so many seconds."""
        async with asyncio.timeout(patience):
            while not wanted():
                event = asyncio.Event()
                self._waiting.append(event)
                await event.wait()
