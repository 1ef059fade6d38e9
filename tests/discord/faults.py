"""What can go wrong between the bot and Discord's REST API, to order; routes are called by their `name`."""

import asyncio
from dataclasses import dataclass, field
from typing import NamedTuple

REFUSE, LOSE, LIMIT, STATUS, EXHAUST = "refuse_connection", "lose_answer", "rate_limit", "status", "exhaust"


@dataclass
class Fault:
    """One thing that goes wrong with the next calls of a route, a number of times."""

    route: str
    kind: str
    times: int
    status: int = 200
    code: int = 0
    retry_after: float = 0
    scope: str = "user"

    def concerns(self, route: str) -> bool:
        """Tell whether it goes wrong with this call."""
        return self.times > 0 and self.route in ("*", route)


@dataclass
class Hold:
    """Answers that do not come until they are released; `reached` tells that a call waits."""

    route: str
    before: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let the answers come, now and from now on."""
        self._released.set()

    async def wait(self) -> None:
        """Wait as the call does."""
        self.reached.set()
        await self._released.wait()

    @property
    def released(self) -> bool:
        """Tell whether answers come."""
        return self._released.is_set()


class Room(NamedTuple):
    """How many requests fit in a bucket, how many more do (less than none: this one did not), and until when."""

    most: int = 50
    more: int = 49
    seconds: float = 1.0


@dataclass
class Limit:
    """A limit that is kept: so many requests of a route and place in so many seconds of Discord's clock."""

    most: int
    seconds: float
    _begun: float = 0
    _used: int = 0

    def use(self, now: float) -> Room:
        """Take one request."""
        if now - self._begun >= self.seconds:
            self._begun, self._used = now, 0
        self._used = min(self._used + 1, self.most + 1)
        return Room(self.most, self.most - self._used, self._begun + self.seconds - now)


class Faults:
    """The faults that are on, in the order they were put on; each call meets the first that concerns it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._holds: list[Hold] = []
        self._kept: dict[str, tuple[int, float]] = {}
        self._limits: dict[tuple[str, str], Limit] = {}

    def keep_limit(self, route: str, most: int, seconds: float) -> None:
        """Keep a limit as Discord does: for each channel, server or token by itself, and told of in headers."""
        self._kept[route] = most, seconds

    def room(self, route: str, place: str, now: float) -> Room:
        """Tell whether one more request of a route fits where it goes to, by the limit that is kept."""
        if route not in self._kept:
            return Room()
        return self._limits.setdefault((route, place), Limit(*self._kept[route])).use(now)

    def lose_answer(self, route: str, times: int = 1) -> None:
        """Let a request take effect, then cut the connection without an answer."""
        self._faults.append(Fault(route, LOSE, times))

    def refuse_connection(self, route: str = "*", times: int = 1) -> None:
        """Cut the connection before anything takes effect."""
        self._faults.append(Fault(route, REFUSE, times))

    def rate_limit(self, route: str = "*", retry_after: float = 0.05, times: int = 1, scope: str = "user") -> None:
        """Answer 429; the scope is `user`, `shared` (others used it up) or `global`."""
        self._faults.append(Fault(route, LIMIT, times, status=429, retry_after=retry_after, scope=scope))

    def exhaust(self, route: str, reset_after: float = 0.05, times: int = 1) -> None:
        """Answer well, and say that nothing remains of this bucket until it is reset."""
        self._faults.append(Fault(route, EXHAUST, times, retry_after=reset_after))

    def fail(self, route: str = "*", status: int = 503, times: int = 1) -> None:
        """Answer with a status and a page that says nothing; nothing takes effect."""
        self._faults.append(Fault(route, STATUS, times, status=status))

    def error(self, route: str, status: int, code: int, times: int = 1) -> None:
        """Answer with a status and a code of Discord's; nothing takes effect."""
        self._faults.append(Fault(route, STATUS, times, status=status, code=code))

    def hold(self, route: str, *, before: bool = False) -> Hold:
        """Let a request take effect and its answer wait; with `before`, the effect waits too."""
        hold = Hold(route, before)
        self._holds.append(hold)
        return hold

    def clear(self) -> None:
        """Let everything go well again."""
        self._faults.clear()
        self._kept.clear()
        self._limits.clear()
        for hold in self._holds:
            hold.release()
        self._holds.clear()

    def take(self, route: str) -> Fault | None:
        """Use up the fault that this call meets."""
        fault = next((fault for fault in self._faults if fault.concerns(route)), None)
        if fault:
            fault.times -= 1
        return fault

    async def wait(self, route: str, *, before: bool) -> None:
        """Wait where an answer is held."""
        for hold in self._holds:
            if hold.before == before and hold.route in ("*", route) and not hold.released:
                await hold.wait()
