"""The browser page as a platform: what stands in the outbox is on the page, so to deliver is to wake the page."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import suppress

from bot.adapters.base import Attempt, Delivery, Door, Sent
from bot.core.effects import AnyEffect
from bot.core.people import Place

LOOK_AGAIN = 5.0
"""Seconds after which a page looks by itself: what another process delivered wakes nobody here."""


class BrowserAdapter:
    """Wakes open pages; inbound events come from the pages themselves (`bot.web`)."""

    platform = "browser"

    def __init__(self) -> None:
        self._watchers: dict[Place, set[asyncio.Event]] = defaultdict(set)

    async def start(self, door: Door) -> None:
        """Do nothing: the pages are served by the web."""

    async def stop(self) -> None:
        """Wake every page, so that its stream can end."""
        for place in list(self._watchers):
            self._wake(place)

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Wake the pages that show this place."""
        self._wake(effect.place)
        return Sent(remote_id=effect.id)

    async def watch(self, place: Place) -> AsyncGenerator[None, None]:
        """Yield when something new stands in a place, and every few seconds besides."""
        woken = asyncio.Event()
        self._watchers[place].add(woken)
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN):
                        await woken.wait()
                woken.clear()
                yield
        finally:
            self._watchers[place].discard(woken)
            if not self._watchers[place]:
                del self._watchers[place]

    def _wake(self, place: Place) -> None:
        for woken in self._watchers.get(place, ()):
            woken.set()
