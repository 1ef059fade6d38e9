"""Guessing made slow: after a few wrong codes from one address, or for one class, none is looked at for a while."""

import asyncio
import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

FAILURES = RateLimitItemPerMinute(10, 10)
"""Ten failures in ten minutes."""


class Throttle:
    """Counts failures in memory; a restart forgets them. Whoever tries a code holds `turn`, one after another."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def minutes_to_wait(self, *keys: str) -> int:
        """Say how many minutes until something may be tried again; 0 is now."""
        closed = [key for key in keys if not self._limiter.test(FAILURES, key)]
        opens_at = max((self._limiter.get_window_stats(FAILURES, key).reset_time for key in closed), default=0.0)
        return max(1, math.ceil((opens_at - time.time()) / 60)) if closed else 0

    def count_failure(self, *keys: str) -> None:
        """Count a wrong code against everything it was tried with."""
        for key in keys:
            self._limiter.hit(FAILURES, key)
