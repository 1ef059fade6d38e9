"""A class on Discord whose people are written to only when they wish it, and what they do there."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.adapters.base import Delivery, Sent, Waits
from bot.core.effects import AnyEffect, CallGroup, EffectId, SendMessage
from bot.core.events import Event, EventId, RunRequested, RunResumed, TextReceived
from bot.core.people import GroupId, Identity, PersonId, Place
from bot.core.platform_news import PersonCame, PersonPaused
from bot.core.runs import Mode
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.channels import follow
from bot.storage.database import Database
from bot.storage.outbox import next_due
from bot.storage.turns import Outgoing, save_effects
from tests.stage import (
    FLOW,
    NOW,
    FakePlatform,
    Hands,
    an_inbox,
    begin,
    class_of,
    pupil,
    rows,
    run_of,
    say,
)

BEN, MIA, CLASS = pupil(0), pupil(1), class_of(0)
CHANNEL = Place("discord:1:10")
REASON = "they want no direct messages"
OTHER = FLOW.model_copy(update={"flow": "other", "title": "Three others"})

Comes = Callable[[datetime], PersonCame | PersonPaused]


def at_home(person: PersonId) -> Place:
    """Name where somebody is met on Discord."""
    return Place(f"discord:@me:{person}")


def began(number: int, name: str = "begin", flow: str = FLOW.flow, mode: Mode = Mode.DIALOGUE) -> RunRequested:
    """Let a learner be sent a flow on Discord."""
    return replace(begin(number, flow, name), place=at_home(pupil(number)), mode=mode, is_own_wish=False)


def shown_again(number: int, mode: Mode = Mode.DIALOGUE, name: str = "again") -> RunResumed:
    """Let a learner see what is open once more."""
    who = pupil(number)
    return RunResumed(
        id=EventId(f"fake/{who}/{name}"), at=NOW, who=who, place=at_home(who), run=run_of(number), mode=mode
    )


def wrote(number: int, text: str) -> TextReceived:
    """Let a learner answer on Discord."""
    return replace(say(number, text, text), place=at_home(pupil(number)))


def came(at: datetime, who: PersonId | Identity = BEN) -> PersonCame:
    """Let somebody come by."""
    return PersonCame(id=EventId(f"discord/{who}/came/{at}"), at=at, who=who, place=Place(f"discord:1:{who}"))


def pressed(number: int) -> PersonCame:
    """Let Ben press "See mine"."""
    return PersonCame(id=EventId(f"discord/pressed/{number}"), at=NOW, who=BEN, place=at_home(BEN))


def resumed(at: datetime) -> PersonPaused:
    """Let Ben end his pause."""
    return PersonPaused(id=EventId(f"discord/{BEN}/resumed/{at}"), at=at, who=BEN, until=None)


def told(person: PersonId, name: str) -> SendMessage:
    """Make something to say that belongs to no run."""
    return SendMessage(id=EffectId(name), person=person, place=at_home(person), text=f"Hello {name}")


@dataclass
class Club:
    """A class on Discord whose people are shown things only while they are `here`; calls reach their channel."""

    database: Database
    hands: Hands = field(default_factory=Hands)
    here: set[PersonId] = field(default_factory=set)
    inbox: Inbox = field(init=False)
    shown: FakePlatform = field(init=False)
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.inbox = an_inbox(self.database, self.hands)
        self.shown = FakePlatform(self._answer, "discord")
        self.outbox = Outbox(self.database, {"discord": self.shown}, self.hands, "me")

    def _answer(self, effect: AnyEffect) -> Delivery:
        return Sent(effect.id) if isinstance(effect, CallGroup) or effect.person in self.here else Waits(REASON)

    async def happen(self, *events: Event) -> None:
        """Let events happen one after another, and deliver what they lead to."""
        for event in events:
            await self.inbox.accept(event)
            await self.deliver()

    async def deliver(self) -> None:
        """Deliver until nothing is due."""
        while await self.outbox.deliver_due():
            pass

    async def put(self, *effects: AnyEffect, due_at: datetime | None = None) -> None:
        """Put effects into the outbox."""
        outgoing = [Outgoing(effect, self.hands(), due_at=due_at) for effect in effects]
        await self.database.write(lambda connection: save_effects(connection, outgoing))

    async def comes(self, event: Event) -> None:
        """Let Ben be there, and see what is let go because of an event."""
        self.here.add(BEN)
        await self.happen(event)

    async def states(self, person: PersonId = BEN) -> list[tuple[str, str | None]]:
        """Read what became of what was for somebody, and why, in order."""
        found = "SELECT state, reason FROM outbox WHERE person_id = :person AND kind <> 'CallGroup' ORDER BY seq"
        return [(row[0], row[1]) for row in await rows(self.database, found, person=person)]

    async def next_due(self) -> datetime | None:
        """Find when the outbox has something to do."""
        return await self.database.read(lambda connection: next_due(connection, ["discord"], self.hands()))

    @property
    def calls(self) -> list[CallGroup]:
        """List the calls that stand in channels."""
        return [effect for effect in self.shown.seen if isinstance(effect, CallGroup)]

    @property
    def said(self) -> list[AnyEffect]:
        """List what people were shown."""
        return [effect for effect in self.shown.seen if not isinstance(effect, CallGroup)]

    async def follow(self, place: Place | None, group: GroupId = CLASS, listed: Place | None = None) -> None:
        """Let the group be asked in a channel."""
        await self.database.write(lambda connection: follow(connection, group, place, listed))
