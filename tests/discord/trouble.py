"""A club on Discord where things go wrong, and how to see what became of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from bot.adapters.discord.pace import Pace
from bot.core.effects import AnyEffect, EffectId, InviteGroup, SendMessage
from bot.core.people import PersonId, Place
from bot.storage.connection import Connection
from bot.storage.database import Database, Work
from bot.storage.turns import Outgoing, save_effects
from tests.discord.fake import FakeDiscord
from tests.discord.flows import WEEK
from tests.discord.house import PATIENT, DiscordHouse, Hasty, Walk, add_club, publish
from tests.discord.person import Person
from tests.discord.rest import Call
from tests.slack.trouble import Unreliable, fates, waiting
from tests.stage import Hands, rows

__all__ = ["Club", "fates", "waiting"]

T = TypeVar("T")
IN_A_HURRY = 100_000

POST, EDIT, HISTORY = "create_message", "edit_message", "get_messages"
ANSWER, FOLLOW = "answer", "create_followup"


class Shaky(Unreliable):
    """A real database that can be away, and that answers only while it `runs`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.runs = asyncio.Event()
        self.runs.set()

    async def write(self, work: Work[T]) -> T:
        """Run `work`, in its time."""
        await self.runs.wait()
        return await super().write(work)

    async def read(self, work: Work[T]) -> T:
        """Run `work`, in its time."""
        await self.runs.wait()
        return await super().read(work)


class Club(Walk):
    """A club whose database can go away."""

    shaky: Shaky
    quick: float = PATIENT

    async def another(self, owner: str = "second") -> DiscordHouse:
        """Go on in another process; the one before is gone."""
        self.house = DiscordHouse(self.shaky, self.discord, self.hands, owner=owner, quick=self.quick)
        return await self.house.__aenter__()

    async def die(self) -> None:
        """Let the process end at once, with all that it was about to do."""
        for task in tuple(self.house.adapter._tasks):
            task.cancel()
        await self.house.adapter.stop()

    async def move(self, **by: float) -> None:
        """Let time pass, and what is due happen."""
        await self.house.move(**by)

    async def fresh_for(self, person: Person, *subs: str) -> str:
        """Let somebody run a sub-command; answer what they had not seen before."""
        before = {message.id for message in person.messages()}
        await self.run(person, *subs)
        return "\n".join(message.content for message in person.messages() if message.id not in before)

    async def press_away(self, person: Person, label: str) -> None:
        """Let somebody press while the outbox cannot look either."""
        await person.press(label)
        await self.house.adapter.quiet()

    async def seen_by(self, person: Person) -> str:
        """Let everything settle; answer what somebody sees."""
        await self.house.settle()
        return person.sees()

    async def person_of(self, person: Person) -> PersonId:
        """Find how the house calls somebody."""
        found = "SELECT person_id FROM identities WHERE external_id = :user"
        return PersonId((await rows(self.database, found, user=person.id))[0][0])

    async def answers_of(self, person: Person) -> dict[str, str]:
        """Read what somebody has said, by question."""
        who = await self.person_of(person)
        return dict(await rows(self.database, "SELECT key, said FROM answers WHERE person_id = :who", who=who))

    async def line(self, person: Person, number: int) -> SendMessage:
        """Make something to say to somebody."""
        place = Place(f"discord:@me:{person.id}")
        text, name = f"Line {number}.", EffectId(f"test/{person.id}/{number}")
        return SendMessage(id=name, person=await self.person_of(person), place=place, text=text)

    async def post(self, number: int = 1) -> InviteGroup:
        """Make something to post in the club's channel."""
        return InviteGroup(
            id=EffectId(f"test/post/{number}"),
            person=await self.person_of(self.ada),
            place=Place(f"discord:{self.guild.id}:{self.channel.id}"),
            about=f"o{number}",
            title=f"Check-in {number}",
            text="Ada asks: what did you try?",
            small="Ada reads your answers.",
        )

    async def put_out(self, *effects: AnyEffect, is_reply: bool = False) -> None:
        """Let effects wait in the outbox."""
        outgoing = [Outgoing(effect, self.hands(), is_reply=is_reply) for effect in effects]

        def work(connection: Connection) -> None:
            save_effects(connection, outgoing)

        await self.database.write(work)

    async def wish(self, person: Person) -> None:
        """Let somebody wish for direct messages."""
        await self.run(person, "settings")
        await self.press(person, "Message me too")

    async def pass_until_out(self, seconds: float = 30, most: int = 200) -> None:
        """Let time pass until nothing is tried any more; what waits for its person may wait."""
        for _ in range(most):
            await self.house.settle()
            if not await self.tried():
                return
            self.hands.move(seconds=seconds)
        raise AssertionError(await waiting(self.database))

    async def tried(self) -> list[tuple[Any, ...]]:
        """List what is not at its end, but for what waits for its person."""
        found = "SELECT id, state, reason FROM outbox WHERE state = 'leased' OR (state = 'pending' AND attempts > 0)"
        return await rows(self.database, found)

    async def go_on(self, minutes: int = 25) -> None:
        """Let time pass in steps of five minutes."""
        for _ in range(0, minutes, 5):
            await self.house.settle()
            self.hands.move(minutes=5)
        await self.house.settle()

    def calls(self, *routes: str, channel: str = "") -> list[Call]:
        """List the calls of some routes, or of one channel among them."""
        return [one for one in self.discord.calls_of(*routes) if channel in ("", one.names.get("channel"))]

    def said(self, where: Any = None) -> list[str]:
        """List what Mull has said in the club's channel, or to a person directly, for all there."""
        name = self.channel if where is None else where.id
        return [message.content for message in self.discord.posts_in(name)]


@asynccontextmanager
async def a_club(
    database: Database, *, quick: float = PATIENT, failing: int = 0, client: type[Hasty] = Hasty
) -> AsyncIterator[Club]:
    """Set up a club; in the end nothing was complained of, and only `failing` interactions were not answered."""
    await publish(database, WEEK)
    hands = Hands()
    async with FakeDiscord(hands) as discord:
        guild, channel = add_club(discord)
        shaky = Shaky(database)
        pace = Pace(lambda: hands.at.timestamp() + time.monotonic(), a_second=IN_A_HURRY)
        house = await DiscordHouse(shaky, discord, hands, quick=quick, pace=pace, client=client).__aenter__()
        begun = Club(house, guild, channel)
        begun.shaky, begun.quick = shaky, quick
        await begun.set_up(channel=channel.id, zone="Europe/Berlin")
        try:
            yield begun
            shaky.is_away = False
            discord.faults.clear()
        finally:
            await begun.house.__aexit__(None, None, None)
        assert discord.complaints == []
        assert len(discord.failed_interactions) == failing


def asked(person: Person, question: str) -> int:
    """Count the messages before somebody in which a question stands open."""
    return sum(f"**{question}**" in message.content for message in person.messages())


async def everything(database: Database) -> list[Any]:
    """Read all that an act could change, but for what is said about it."""
    tables: Sequence[str] = ("runs", "answers", "heard", "timers", "memberships", "set_aside")
    return [await rows(database, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]
