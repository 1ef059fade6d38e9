"""Guessing made slow: after many wrong codes from one address, or for one class, none is looked at for a while."""

import asyncio
import math
import time

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

FAILURES = RateLimitItemPerMinute(50, 10)
"""Fifty failures in ten minutes, for each address and for each class code.

A school often has one address, so that a class of thirty where everybody slips once must not lock itself out. Guessing
stays hopeless: each half of a card is one of 28³ − 20³ = 13,952 (three of 28 signs, a digit among them), so there are
13,952² ≈ 195 million cards. Fifty guesses are at most 7,200 a day; against a class of thirty, a whole day of them finds
some card with a chance of 7,200 · 30 / 195,000,000 ≈ 1 in 900, and one child's card with 1 in 27,000.
"""


EXPORTS = RateLimitItemPerHour(30)
"""Files somebody may take along in an hour: more than a teacher's groups, far less than a script would."""


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

    def lets_export(self, key: str) -> bool:
        """Count a file that somebody takes along; False where it is one too many."""
        return self._limiter.hit(EXPORTS, key)
