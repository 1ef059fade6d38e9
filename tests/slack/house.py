"""A Mull that listens to the fake Slack: the real adapter, desk, inbox and outbox around a real database."""

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Self

import sqlalchemy as sa
import uvicorn

from bot.adapters.slack.adapter import OneToken, SlackAdapter
from bot.adapters.slack.installs import InstalledTokens, oauth_settings
from bot.adapters.slack.pace import Pace
from bot.adapters.slack.workspaces import Tokens
from bot.app import publish_library
from bot.core.people import GroupId, Identity, PersonId, Place, Role
from bot.desk.desk import Desk
from bot.desk.door import HouseDoor
from bot.flows.document import Document
from bot.runner.clock import Clock
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.installs import StoredInstalls
from bot.runner.outbox import Outbox
from bot.storage.database import Database
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members
from bot.storage.people import add_people
from bot.storage.tables import identities, people
from tests.slack.fake import FakeSlack
from tests.slack.person import Person
from tests.stage import NOW, Hands, a_group

IN_A_HURRY = (10_000.0, 10_000.0)
"""A pace that holds nothing back; what the pace itself does is tested by itself."""

SOCKET, HTTP = "socket", "http"
MODES = (SOCKET, HTTP)
"""How Slack reaches Mull."""

TEAM = GroupId("team")
"""The staff team of `set_team`."""


class SlackHouse:
    """One process of Mull beside a fake Slack; `async with` connects it.

    In the mode `http` Slack sends signed requests to `url`; with `installs` any workspace may install Mull there.
    """

    def __init__(
        self,
        database: Database,
        slack: FakeSlack,
        hands: Hands,
        *,
        tokens: Tokens | None = None,
        owner: str = "test",
        heartbeat: float = 10.0,
        pace: Pace | None = None,
        mode: str = SOCKET,
        installs: StoredInstalls | None = None,
    ) -> None:
        self.database, self.slack, self.hands, self.mode = database, slack, hands, mode
        oauth = None
        if installs is not None:
            tokens = InstalledTokens(installs)
            oauth = oauth_settings(
                installs, slack.client_id, slack.client_secret, "https://mull.test", slack.authorize_url
            )
        self.adapter = SlackAdapter(
            tokens or OneToken(slack.token),
            api_url=slack.api_url,
            now=hands,
            app_token=slack.app_token if mode == SOCKET else "",
            signing_secret=slack.signing_secret,
            oauth=oauth,
            pace=pace or Pace(conversation=IN_A_HURRY, workspace=IN_A_HURRY),
            heartbeat=heartbeat,
        )
        self.inbox = Inbox(database, FlowShelf(), now=hands, owner=owner)
        self.outbox = Outbox(database, {"slack": self.adapter}, hands, owner=owner)
        desk = Desk(database=database, door=self.inbox, now=hands, base_url="https://mull.test")
        self.door = HouseDoor(database, self.inbox, self.outbox, desk)
        self.url = ""
        self._pages = _Pages(self.adapter) if self.adapter.takes_requests else None

    async def __aenter__(self) -> Self:
        """Connect."""
        await self.adapter.start(self.door)
        if self._pages is not None:
            self.url = await self._pages.open()
        if self.mode == HTTP:
            self.slack.use_http(f"{self.url}/slack/events")
        else:
            await self.slack.connected()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""
        if self._pages is not None:
            await self._pages.close()
        await self.adapter.stop()
        await self.inbox.close()

    async def settle(self) -> None:
        """Let everything happen that is due: what is shown at once, then what the outbox holds."""
        await self.slack.settled()
        await self.adapter.quiet()
        while await self.outbox.deliver_due():
            await self.adapter.quiet()

    async def tick(self) -> None:
        """Let the clock look, then deliver."""
        await Clock(self.database, self.inbox, self.hands).tick()
        await self.settle()

    async def move(self, **by: float) -> None:
        """Let time pass, in Slack as well, and what is due happen."""
        self.hands.move(**by)
        await self.tick()


class _Pages:
    """The adapter behind a real socket."""

    def __init__(self, adapter: SlackAdapter) -> None:
        config = uvicorn.Config(
            adapter.handle, interface="asgi3", log_level="warning", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)

    async def open(self) -> str:
        """Serve; answer the address."""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._serving = asyncio.create_task(self._server._serve([self._listening]))
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    async def close(self) -> None:
        """Serve no more."""
        self._server.should_exit = self._server.force_exit = True
        await self._serving
        self._listening.close()


class Walk:
    """A staff team in Slack, each member with their direct messages: what they do settles before the next thing."""

    def __init__(self, house: SlackHouse) -> None:
        self.house, self.slack, self.database, self.hands = house, house.slack, house.database, house.hands

    @property
    def ada(self) -> Person:
        """Be Ada, who leads the team."""
        return self.slack.person("UADA")

    @property
    def ben(self) -> Person:
        """Be Ben, a teacher of the team."""
        return self.slack.person("UBEN")

    @property
    def ola(self) -> Person:
        """Be Ola, who looks after the team."""
        return self.slack.person("UOLA")

    @property
    def eve(self) -> Person:
        """Be Eve, who is in no group."""
        return self.slack.person("UEVE")

    async def restart(self) -> None:
        """Let Mull stop, and another process of it begin."""
        await self.house.__aexit__(None, None, None)
        self.house = await SlackHouse(self.database, self.slack, self.hands, mode=self.house.mode).__aenter__()

    async def write(self, person: Person, text: str) -> str:
        """Let somebody write to Mull; answer the message's stamp."""
        ts = await person.write(text)
        await self.house.settle()
        return ts

    async def press(self, person: Person, label: str, where: str | None = None) -> None:
        """Let somebody press the newest button of this name."""
        await person.press(label, where=where)
        await self.house.settle()

    async def pick(self, person: Person, choice: object, **more: str) -> None:
        """Let somebody choose in the newest menu that has this."""
        await person.pick(choice, **more)
        await self.house.settle()

    async def command(self, person: Person, text: str, channel: str | None = None) -> str:
        """Let somebody write words after /mull; answer what only they see of it, nothing where nothing came."""
        seen = len(person.ephemerals)
        await person.command("/mull", text, channel=channel)
        await self.house.settle()
        return "\n".join(message.text for message in person.ephemerals[seen:])

    async def send(self, person: Person, given: Mapping[str, object]) -> dict[str, str]:
        """Let somebody fill in and send the open modal; answer its errors."""
        errors = await person.submit(dict(given))
        await self.house.settle()
        return errors

    async def open_home(self, person: Person) -> str:
        """Let somebody open Mull's page; answer what stands there."""
        await person.open_home()
        await self.house.settle()
        return person.words("home")


def add_team(slack: FakeSlack) -> None:
    """Let Slack know the people of `set_team`, Eve, and their channel."""
    slack.add_user("UADA", name="Ada Lindqvist", is_admin=True)
    slack.add_user("UBEN", name="Ben Okoro")
    slack.add_user("UOLA", name="Ola Berg")
    slack.add_user("UEVE", name="Eve Tanaka")
    slack.add_channel("C1", name="year-8", members=["UADA", "UBEN", "UOLA"])


async def publish(database: Database, *documents: Document) -> None:
    """Publish the flows that come with Mull, and more."""

    def work(connection: sa.Connection) -> None:
        publish_library(connection, NOW)
        for one in documents:
            publish_flow(connection, one.flow, one.version, one.to_json(), NOW)

    await database.write(work)


async def set_team(database: Database, *documents: Document) -> None:
    """Write down the flows, and a staff team: Ada leads it, Ben learns, Ola observes; all are met in Slack."""

    def work(connection: sa.Connection) -> None:
        named = [(PersonId(name.lower()), name) for name in ("Ada", "Ben", "Ola")]
        add_people(connection, named, NOW)
        add_group(connection, replace(a_group(TEAM, PersonId("ada"), name="Year 8"), setting="staff"))
        for (person, _), role in zip(named, (Role.FACILITATOR, Role.LEARNER, Role.OBSERVER), strict=True):
            add_members(connection, TEAM, [person], role, NOW)

    await publish(database, *documents)
    await database.write(work)
    for name in ("ADA", "BEN", "OLA"):
        await know(database, PersonId(name.lower()), f"U{name}")


async def know(database: Database, person: PersonId, user: str, team: str = "T1") -> Identity:
    """Let somebody of the stage be known in Slack, and be met there."""
    who = Identity("slack", team, user)
    place = Place(f"slack:{team}:{user}")

    def work(connection: sa.Connection) -> None:
        connection.execute(sa.insert(identities).values(**who._asdict(), person_id=person))
        connection.execute(sa.update(people).where(people.c.id == person).values(place=place))

    await database.write(work)
    return who
