"""A platform that remembers what each person saw, and fails as platforms do: always the same way for a seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zlib import crc32

from bot.adapters.base import Attempt, Dead, Delivery, Door, Sent, TryAgain
from bot.core.effects import AnyEffect, AskQuestion, SendMessage
from bot.core.people import Place
from bot.core.runs import RunId
from bot.simulation.record import Kind, Seen
from bot.simulation.year import Fault, Trouble

PLATFORM = "school"
COMES_BACK = timedelta(minutes=10)
CLOSED = "their messages are closed"
IN_TEN_THOUSAND, FAULTY = 10_000, 60
"""How often a single delivery goes wrong."""


class Slip(StrEnum):
    """How a single delivery goes wrong."""

    REFUSED = "it was refused"
    FAILED = "the platform failed"
    UNANSWERED = "the platform did not answer in time"


@dataclass(frozen=True, slots=True)
class Sight:
    """A question on somebody's screen, with all that is needed to answer it."""

    seen: Seen
    place: Place
    run: RunId
    wait: int
    key: str


class FakePlatform:
    """Shows questions to people; the same effect twice is seen once, as on real platforms."""

    platform = PLATFORM

    def __init__(
        self,
        seed: int,
        programs: dict[str, str],
        troubles: Sequence[Trouble],
        now: Callable[[], datetime],
        on_seen: Callable[[Sight], None],
        *,
        is_faulty: bool = True,
    ) -> None:
        self._seed, self._programs, self._now, self._on_seen = seed, programs, now, on_seen
        self._outages = [trouble for trouble in troubles if trouble.fault is Fault.PLATFORM]
        self._closed = [trouble for trouble in troubles if trouble.fault is Fault.CLOSED]
        self._is_faulty = is_faulty
        self._shown: set[str] = set()
        self._runs: set[RunId] = set()
        self._reminded: dict[str, RunId | None] = {}
        self.missed: set[str] = set()
        """Who has not been shown something that was tried."""

        self.is_amid = False
        """Whether something was said after which a question usually comes."""

    async def start(self, door: Door) -> None:
        """Do nothing: the world hands events over itself."""

    async def stop(self) -> None:
        """Do nothing."""

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Show an effect, or fail."""
        now, person = self._now(), _person_at(effect.place)
        outage = next((one for one in self._outages if one.begins_at <= now < one.ends_at), None)
        if outage is not None:
            self.missed.add(person)
            return TryAgain(Slip.FAILED, COMES_BACK if outage.asks_to_wait else None)
        if any(one.person == person and one.begins_at <= now < one.ends_at for one in self._closed):
            return Dead(CLOSED)
        slip = self._slip(effect, attempt)
        if slip in (Slip.REFUSED, Slip.FAILED):
            self.missed.add(person)
            return TryAgain(slip)
        self.missed.discard(person)
        if effect.id not in self._shown:
            self._shown.add(effect.id)
            self.show(effect, person, now, is_reply=attempt.is_reply)
        return Sent(effect.id) if slip is None else TryAgain(slip)

    def show(self, effect: AnyEffect, person: str, now: datetime, *, is_reply: bool) -> None:
        """Put something on somebody's screen."""
        self.is_amid = self.is_amid or isinstance(effect, SendMessage)
        if isinstance(effect, SendMessage):
            self._reminded[person] = None if is_reply else effect.run
        if isinstance(effect, AskQuestion):
            kind = self._kind(effect, person, is_reply=is_reply)
            self._runs.add(effect.run)
            self._reminded[person] = None
            if kind is not None:
                seen = Seen(person, self._programs[effect.title], kind, now)
                self._on_seen(Sight(seen, effect.place, effect.run, effect.wait, effect.prompt.key))

    def _kind(self, effect: AskQuestion, person: str, *, is_reply: bool) -> Kind | None:
        """Say how a question came; one that was on the screen before is no news where its person brought it back."""
        is_new = effect.run not in self._runs
        if is_reply:
            return Kind.OFFERED if is_new else None
        if self._reminded.get(person) == effect.run:
            return Kind.REMINDER
        return Kind.PROMPT if is_new else Kind.AGAIN

    def _slip(self, effect: AnyEffect, attempt: Attempt) -> Slip | None:
        if not self._is_faulty or attempt.number > len(Slip):
            return None
        drawn = crc32(f"{self._seed}/{effect.id}/{attempt.number}".encode()) % IN_TEN_THOUSAND
        return tuple(Slip)[drawn % len(Slip)] if drawn < FAULTY else None


def place_of(person: str) -> Place:
    """Name where somebody reads."""
    return Place(f"{PLATFORM}:{person}")


def _person_at(place: Place) -> str:
    return place.partition(":")[2]
