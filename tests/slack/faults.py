"""What can go wrong between the bot and Slack, to order."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class Fault:
    """One thing that goes wrong with the next calls of a method, a number of times."""

    method: str
    kind: str
    times: int
    status: int = 200
    error: str = ""
    retry_after: int = 0

    def concerns(self, method: str) -> bool:
        """Tell whether it goes wrong with this call."""
        return self.times > 0 and self.method in ("*", method)


@dataclass
class Hold:
    """Answers that do not come until they are released; `reached` tells that a call waits."""

    method: str
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


class Faults:
    """The faults that are on, in the order they were put on; each call meets the first that concerns it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._holds: list[Hold] = []

    def lose_answer(self, method: str, times: int = 1) -> None:
        """Let a request take effect, then drop the connection without an answer."""
        self._faults.append(Fault(method, "lose_answer", times))

    def refuse_connection(self, method: str = "*", times: int = 1) -> None:
        """Drop the connection before anything takes effect."""
        self._faults.append(Fault(method, "refuse_connection", times))

    def rate_limit(self, method: str = "*", retry_after: int = 2, times: int = 1) -> None:
        """Answer 429 with Retry-After."""
        self._faults.append(Fault(method, "status", times, status=429, error="ratelimited", retry_after=retry_after))

    def fail(self, method: str = "*", status: int = 503, times: int = 1) -> None:
        """Answer with a status that says nothing."""
        self._faults.append(Fault(method, "status", times, status=status))

    def error(self, method: str, error: str, times: int = 1) -> None:
        """Answer `ok: false`; nothing takes effect."""
        self._faults.append(Fault(method, "error", times, error=error))

    def hold(self, method: str, *, before: bool = False) -> Hold:
        """Let a request take effect and its answer wait; with `before`, the effect waits too."""
        hold = Hold(method, before)
        self._holds.append(hold)
        return hold

    def clear(self) -> None:
        """Let everything go well again."""
        self._faults.clear()
        for hold in self._holds:
            hold.release()
        self._holds.clear()

    def take(self, method: str) -> Fault | None:
        """Use up the fault that this call meets."""
        fault = next((fault for fault in self._faults if fault.concerns(method)), None)
        if fault:
            fault.times -= 1
        return fault

    async def wait(self, method: str, *, before: bool) -> None:
        """Wait where an answer is held."""
        for hold in self._holds:
            if hold.before == before and hold.method in ("*", method) and not hold.released:
                await hold.wait()
