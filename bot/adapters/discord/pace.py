"""How fast Discord may be asked: so much a second, and less and less the more often it said no.

Source: docs.discord.com/developers/topics/rate-limits. Limits of single routes are discord.py's.
"""

import time
from collections import deque
from collections.abc import Callable

SECOND, WINDOW = 1.0, 600.0
INVALID = frozenset({401, 403, 429})
"""Answers of which Discord takes 10,000 in ten minutes, and then cuts off everybody at this address."""

SHARED = "shared"
"""The scope of a 429 that is no fault of ours: others had used up what a channel or webhook takes."""


GLOBAL = "global"
"""The scope of a 429 that holds for all that this bot asks."""


class Pace:
    """Discord's limits, as this process knows them, by a clock that never jumps.

    Discord takes 50 calls a second: `a_second` go, of which `kept` are for what a person waits for. With `careful`
    invalid answers in ten minutes only replies go, with `most` nothing does.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        a_second: int = 45,
        kept: int = 10,
        careful: int = 5_000,
        most: int = 9_000,
    ) -> None:
        self._clock, self._a_second, self._kept = clock, a_second, kept
        self._careful, self._most = careful, most
        self._gone: deque[float] = deque(maxlen=a_second)
        self._invalid: deque[float] = deque()
        self._closed_until = 0.0

    def wait(self, *, is_reply: bool) -> float:
        """Say how many seconds to wait before a call; 0 takes the room for it."""
        now = self._clock()
        seconds = max(
            _until(self._gone, self._a_second - (0 if is_reply else self._kept), SECOND, now),
            self.closed_for(is_reply=is_reply),
        )
        if seconds == 0:
            self._gone.append(now)
        return seconds

    def closed_for(self, *, is_reply: bool) -> float:
        """Say for how many seconds nothing goes because of what Discord said no to."""
        now = self._clock()
        while self._invalid and now - self._invalid[0] >= WINDOW:
            self._invalid.popleft()
        refused = _until(self._invalid, self._most if is_reply else self._careful, WINDOW, now)
        return max(refused, self._closed_until - now)

    def note(self, status: int, scope: str = "", wait: float = 0.0) -> None:
        """Heed the status of an answer, and the scope and the seconds to wait that Discord gives with a 429."""
        if scope == GLOBAL:
            self._closed_until = max(self._closed_until, self._clock() + wait)
        if status in INVALID and scope != SHARED:
            self._invalid.append(self._clock())


def _until(moments: deque[float], most: int, stretch: float, now: float) -> float:
    """Say how long it takes until fewer than `most` of the moments lie within a stretch of time."""
    if len(moments) < most:
        return 0.0
    return max(0.0, moments[-most] + stretch - now)
