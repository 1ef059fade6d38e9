"""What every platform provides: a way to deliver, and what became of it; and what the house lets a platform do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from bot.adapters.asking import Asked, Reply
from bot.core.effects import AnyEffect, EffectId
from bot.core.events import Event, Outcome
from bot.core.people import Identity, Place

CHANGES_MESSAGES = frozenset({"slack", "discord"})
"""Platforms where a message that was sent can be changed: a question shows there what was said to it."""

CHANGES_WHAT_IS_PRESSED = frozenset({"discord"})
"""Platforms where the answer to a press is the pressed message, changed: who takes it changes it by themselves."""

WRITES_WHEN_ASKED = frozenset({"discord"})
"""Platforms where Mull writes directly only to those who wished it; others come by, and are called in the channel."""


@dataclass(frozen=True, slots=True)
class Sent:
    """It is with the person; `remote_id` is the platform's name for it."""

    remote_id: str


@dataclass(frozen=True, slots=True)
class TryAgain:
    """It did not go through this time; `after` is how long the platform asked to wait, if it did."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Dead:
    """It will never go through; `reason` is a sentence that a teacher can read."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nobody can tell whether it went through: a post in a channel that cannot be read back."""

    reason: str


@dataclass(frozen=True, slots=True)
class Waits:
    """The person cannot be reached now, and is shown it when they come by; `reason` is for a teacher to read."""

    reason: str


Delivery: TypeAlias = Sent | TryAgain | Dead | Unsure | Waits


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver an effect.

    `number` counts from 1, `since` is when the effect was made. `is_reply` says that its person waits for it; `shown`
    are the platform's names of the messages that it changes, or takes the place of, the newest first. `was_lost` says
    that whoever tried before never said how it went.
    """

    number: int
    since: datetime
    is_reply: bool = False
    shown: tuple[str, ...] = ()
    was_lost: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an event, and the effects that its taker is to show at once and then to settle."""

    outcome: Outcome
    effects: tuple[AnyEffect, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenDialogue:
    """A person whose question is open in a place of theirs, and since when."""

    who: Identity
    place: Place
    since: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """A flow that somebody may begin: the words that begin it, and what it is called."""

    words: str
    title: str


class TakesEvents(Protocol):
    """The one door for events."""

    async def accept(self, event: Event) -> Outcome:
        """Let an event happen; returns once it is on disk.

        Raises NotSaved where it cannot be kept just now: the platform is told to send it again.
        """

    async def accept_at_once(self, event: Event) -> Answered:
        """Let an event happen and take what answers it, to be shown at once; `settle` says what became of that.

        What is not settled within a minute goes out like everything else.
        """


class Door(TakesEvents, Protocol):
    """All that the house lets a platform do."""

    async def settle(self, results: Sequence[tuple[EffectId, Delivery]]) -> None:
        """Write down what became of effects that were taken."""

    async def ask(self, asked: Asked) -> Reply:
        """Answer what somebody asks of Mull itself: a word after the command, a button that carries one."""

    async def home(self, who: Identity, place: Place) -> Reply:
        """Lay out somebody's own page."""

    async def knows(self, who: Identity) -> bool:
        """Say whether somebody was met before."""

    async def channels(self, platform: str) -> Sequence[Place]:
        """List the channels, or lists of people, that groups take their people from."""

    async def members(self, place: Place) -> Sequence[Identity]:
        """List who was taken into groups from a channel or a list of people, as its platform names them."""

    async def may_message(self, who: Identity) -> bool:
        """Say whether somebody wished to be written to directly."""

    async def offers(self, who: Identity) -> Sequence[Offer]:
        """List the flows that somebody may begin."""

    async def marked(self, platform: str, name: str) -> str:
        """Read what a platform wrote down for itself; empty where it wrote nothing."""

    async def mark(self, platform: str, name: str, value: str) -> None:
        """Write something down for a platform itself."""

    async def open_dialogues(self, platform: str) -> Sequence[OpenDialogue]:
        """List whose questions are open, for the sweep of what a platform did not deliver."""


class Adapter(Protocol):
    """One platform: starts and stops its connection, hands events to the door, delivers effects."""

    @property
    def platform(self) -> str:
        """Name the platform, as it begins every place on it."""

    async def start(self, door: Door) -> None:
        """Connect, and hand over whatever comes in."""

    async def stop(self) -> None:
        """Let go."""

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Show one effect to its person; the same effect may come twice and must be seen once."""
