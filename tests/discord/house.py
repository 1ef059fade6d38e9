"""A Mull that listens to the fake Discord: the real adapter, desk, inbox and outbox around a real database."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from bot.adapters.discord.adapter import Client, DiscordAdapter
from bot.adapters.discord.listening import Listening
from bot.adapters.discord.pace import Pace
from bot.app import publish_library
from bot.core.people import Identity, PersonId, Place
from bot.desk.desk import Desk
from bot.desk.door import HouseDoor
from bot.flows.document import Document
from bot.runner.clock import Clock
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.database import Database
from bot.storage.flows import publish_flow
from bot.storage.tables import identities, people
from tests.discord.fake import FakeDiscord
from tests.discord.person import Person
from tests.discord.world import Channel, Guild
from tests.stage import NOW, Hands

PATIENT = 30.0


class Hasty(Client):
    """The client, without the waits of the library; `silence` is how many seconds the gateway may say nothing."""

    silence = 60.0

    def __init__(self, adapter: DiscordAdapter, listening: Listening, pace: Pace) -> None:
        super().__init__(adapter, listening, pace)
        self._connection.guild_ready_timeout = 0.05
        self._connection.heartbeat_timeout = self.silence

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Not wait, as the library else does for five seconds."""


class DiscordHouse:
    """One process of Mull beside a fake Discord; `async with` connects it."""

    def __init__(
        self,
        database: Database,
        discord: FakeDiscord,
        hands: Hands,
        *,
        owner: str = "test",
        quick: float = PATIENT,
        client: "type[Hasty] | None" = None,
        pace: Pace | None = None,
    ) -> None:
        self.database, self.discord, self.hands = database, discord, hands
        self.adapter = DiscordAdapter(
            discord.token,
            now=hands,
            api_url=discord.api_url,
            gateway_url=discord.gateway_url,
            quick=quick,
            first_wait=0.05,
            client=client or Hasty,
            pace=pace,
        )
        self.inbox = Inbox(database, FlowShelf(), now=hands, owner=owner)
        self.outbox = Outbox(database, {"discord": self.adapter}, hands, owner=owner)
        desk = Desk(database=database, door=self.inbox, now=hands, base_url="https://mull.test")
        self.door = HouseDoor(database, self.inbox, self.outbox, desk)

    async def __aenter__(self) -> Self:
        """Connect."""
        await self.adapter.start(self.door)
        await self.discord.connected()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""
        await self.adapter.stop()
        await self.inbox.close()

    async def settle(self) -> None:
        """Let everything happen that is due: what is shown at once, then what the outbox holds."""
        await self._heard()
        await self.discord.settled()
        await self.adapter.quiet()
        while await self.outbox.deliver_due():
            await self.adapter.quiet()

    async def _heard(self) -> None:
        """Wait until the client has taken all that Discord told it: it answers a heartbeat after what came before."""
        gateway = self.discord.gateway
        if gateway.live:
            before = gateway.heartbeats
            await gateway.say({"op": 1, "d": None})
            await self.discord.until(lambda: gateway.heartbeats > before)

    async def tick(self) -> None:
        """Let the clock look, then deliver."""
        await Clock(self.database, self.inbox, self.hands).tick()
        await self.settle()

    async def move(self, **by: float) -> None:
        """Let time pass, at Discord as well, and what is due happen."""
        self.hands.move(**by)
        await self.tick()


class Walk:
    """A club on Discord: what its people do settles before the next thing."""

    def __init__(self, house: DiscordHouse, guild: Guild, channel: Channel) -> None:
        self.house, self.discord, self.database, self.hands = house, house.discord, house.database, house.hands
        self.guild, self.channel = guild, channel

    @property
    def ada(self) -> Person:
        """Be Ada, who manages the server."""
        return self.discord.person("900000000000000001")

    @property
    def ben(self) -> Person:
        """Be Ben, who is in the club."""
        return self.discord.person("900000000000000002")

    @property
    def cy(self) -> Person:
        """Be Cy, who is in the server and not in the club."""
        return self.discord.person("900000000000000003")

    async def restart(self) -> None:
        """Let Mull stop, and another process of it begin."""
        await self.house.__aexit__(None, None, None)
        self.house = await DiscordHouse(self.database, self.discord, self.hands).__aenter__()

    async def run(self, person: Person, *subs: str, **options: Any) -> str:
        """Let somebody run a sub-command of /mull in the club's channel; answer what only they see of it."""
        return await self._seen(person, person.run("mull", *subs, where=self.channel, **options))

    async def set_up(self, **options: Any) -> str:
        """Let Ada set the club up with /mull-setup, and press where she is sure."""
        seen = await self._seen(self.ada, self.ada.run("mull-setup", where=self.channel, **options))
        if "Set it up" in self.ada.labels():
            await self.press(self.ada, "Set it up")
        return seen

    async def press(self, person: Person, label: str) -> str:
        """Let somebody press the newest button of this name; answer what came of it for them."""
        return await self._seen(person, person.press(label))

    async def choose(self, person: Person, *labels: str) -> str:
        """Let somebody choose in the newest menu that has these."""
        return await self._seen(person, person.choose(*labels))

    async def send(self, person: Person, given: Mapping[str, Any]) -> str:
        """Let somebody fill in and send the open modal."""
        return await self._seen(person, person.send_modal(dict(given)))

    async def write(self, person: Person, text: str) -> str:
        """Let somebody write to Mull directly."""
        return await self._seen(person, person.write(text))

    async def _seen(self, person: Person, deed: Any) -> str:
        await deed
        await self.house.settle()
        return person.sees()


def add_club(discord: FakeDiscord) -> tuple[Guild, Channel]:
    """Let Discord know a server with Ada, who owns it, Ben and Cy, and the channel of the book club."""
    ada = discord.add_user("900000000000000001", name="Ada Lindqvist")
    guild = discord.add_guild("800000000000000001", name="North School", owner=ada)
    channel = discord.add_channel(guild, "700000000000000001", name="book-club")
    for number, name in ((2, "Ben Okoro"), (3, "Cy Park")):
        discord.add_user(f"90000000000000000{number}", name=name, guilds=[guild])
    return guild, channel


async def publish(database: Database, *documents: Document) -> None:
    """Publish the flows that come with Mull, and more."""

    def work(connection: sa.Connection) -> None:
        publish_library(connection, NOW)
        for one in documents:
            publish_flow(connection, one.flow, one.version, one.to_json(), NOW)

    await database.write(work)


async def know(database: Database, person: PersonId, user: str) -> Identity:
    """Let somebody of the stage be known on Discord, and be met there."""
    who = Identity("discord", "@me", user)

    def work(connection: sa.Connection) -> None:
        connection.execute(sa.insert(identities).values(**who._asdict(), person_id=person))
        there = people.c.id == person
        connection.execute(sa.update(people).where(there).values(place=Place(f"discord:@me:{user}")))

    await database.write(work)
    return who
