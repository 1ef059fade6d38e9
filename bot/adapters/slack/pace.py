"""How fast Slack may be asked: so much a conversation, so much a workspace, nothing while it says no."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Room for `most` at once, that fills again by `rate` a second."""

    rate: float
    most: float
    room: float
    at: float

    def wait(self, now: float) -> float:
        """Say how many seconds it takes until there is room for one."""
        self.room = min(self.most, self.room + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (1 - self.room) / self.rate)


class Pace:
    """Slack's limits, as this process knows them. Rates are a second, measured by a clock that never jumps.

    A conversation takes about a message a second with short bursts; a whole workspace some 500 a minute (one vendor's
    figure; Slack names none). What a person waits for is not held back by the workspace's share.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        conversation: tuple[float, float] = (1.0, 4.0),
        workspace: tuple[float, float] = (8.0, 16.0),
    ) -> None:
        self._clock, self._conversation, self._workspace = clock, conversation, workspace
        self._buckets: dict[str, Bucket] = {}
        self._closed: dict[tuple[str, str], float] = {}

    def wait(self, team: str, conversation: str, method: str, *, is_reply: bool) -> float:
        """Say how many seconds to wait before a call; 0 takes the room for it."""
        now = self._clock()
        closed = max(self._closed.get((team, method), 0.0), self._closed.get((team, "*"), 0.0)) - now
        buckets = [self._bucket(f"{team}/{conversation}", self._conversation, now)]
        if not is_reply:
            buckets.append(self._bucket(team, self._workspace, now))
        seconds = max(closed, *(bucket.wait(now) for bucket in buckets), 0.0)
        if seconds == 0:
            for bucket in buckets:
                bucket.room -= 1
        self._forget(now)
        return seconds

    def closed_for(self, team: str, method: str) -> float:
        """Say for how many seconds Slack takes no call of a method."""
        return max(0.0, self._closed.get((team, method), 0.0) - self._clock())

    def close(self, team: str, method: str, seconds: float) -> None:
        """Heed that Slack wants no call of a method for some seconds."""
        self._closed[team, method] = max(self._closed.get((team, method), 0.0), self._clock() + seconds)

    def _bucket(self, name: str, limit: tuple[float, float], now: float) -> Bucket:
        rate, most = limit
        return self._buckets.setdefault(name, Bucket(rate, most, most, now))

    def _forget(self, now: float) -> None:
        """Drop full buckets, once there are many."""
        if len(self._buckets) > 10_000:  # noqa: PLR2004 - a few megabytes
            self._buckets = {
                name: one for name, one in self._buckets.items() if one.wait(now) > 0 or one.room < one.most
            }
