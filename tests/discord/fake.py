"""A strict Discord on this computer: the REST API, the gateway, and people who use it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.discord.addresses import addresses, point_to
from tests.discord.checks import Checks
from tests.discord.fake_changes import Changes, install
from tests.discord.faults import Faults
from tests.discord.gateway import Gateway
from tests.discord.person import Person
from tests.discord.person_payloads import Payloads
from tests.discord.rest import Call, Server
from tests.discord.rest_channels import Channels
from tests.discord.rest_commands import Commands
from tests.discord.rest_guilds import Guilds
from tests.discord.rest_interactions import Answers
from tests.discord.rest_messages import Writer
from tests.discord.world import (
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    Channel,
    Guild,
    Member,
    Message,
    Overwrite,
    Role,
    User,
    World,
)
from tests.discord.world_interactions import Interaction, Interactions
from tests.discord.world_rights import MEMBERS, NOTHING, Right

PATIENCE = 10.0
INVALID = (401, 403, 429)


class FakeDiscord:
    """One Discord with the bot's application and nobody in it yet; `now` is its clock, which else stands still.

    The bot needs `api_url`, `gateway_url` and `token`. Tests assert that `complaints` and `failed_interactions` are
    empty. `changes` is what happens in servers, `faults` and `gateway` what goes wrong.
    """

    def __init__(self, now: Callable[[], datetime] | None = None, port: int = 0) -> None:
        self.world = World(now)
        self.token = "bot-token-1"
        self.checks = Checks()
        self.faults = Faults()
        self.gateway = Gateway(self.world, self.complaints, lambda: self.token)
        self.changes = Changes(self.world, self.gateway)
        self.interactions = Interactions(self.world)
        self.commands = Commands(self.world)
        self.writer = Writer(self.world, self.gateway)
        self.payloads = Payloads(self.world, self.gateway, self.interactions)
        self.channels = Channels(self.world, self.gateway, self.writer)
        self.guilds = Guilds(self.world, self.gateway)
        self._answers = Answers(self.interactions, self.writer, self.checks)
        self._server = Server(self.world, self.checks, self.faults, lambda: self.token)
        self._persons: dict[str, Person] = {}
        self._runner: web.AppRunner | None = None
        self._port = port

    async def __aenter__(self) -> Self:
        """Serve on a free port, or the one that was given."""
        self._before = addresses()
        await self.come_up()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving; the library forgets where this was."""
        self.faults.clear()
        await self.go_down()
        point_to(self._before)

    async def come_up(self) -> None:
        """Serve, on the same port as before."""
        app = web.Application(client_max_size=16 * 1024 * 1024)
        routes = [*self.guilds.routes, *self.channels.routes, *self.commands.routes, *self._answers.routes]
        self._server.serve(app, "/api/v10", routes)
        app.router.add_get("/", self.gateway.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self.gateway.url = self.gateway_url

    async def go_down(self) -> None:
        """Be away altogether: nothing listens any more, until it comes up again; sessions can be resumed."""
        await self.gateway.drop()
        if self._runner:
            await self._runner.cleanup()

    # Addresses and keys.

    @property
    def api_url(self) -> str:
        """Say where the REST API is."""
        return f"http://127.0.0.1:{self._port}/api/v10"

    @property
    def gateway_url(self) -> str:
        """Say where the gateway is."""
        return f"ws://127.0.0.1:{self._port}/"

    async def revoke_token(self) -> str:
        """Let the bot's token end: requests are refused, connections closed; answer the new one."""
        self.token = f"bot-token-{self.world.new_id()}"
        self.gateway.sessions = self.gateway.live
        await self.gateway.close_with(4004)
        return self.token

    # What there is.

    def add_user(
        self, user: str | None = None, *, name: str, locale: str = "en-GB", guilds: Iterable[Guild | str] = ()
    ) -> Person:
        """Add somebody whom all call by this name; the bot is not told."""
        made = User(user or self.world.new_id(), name.lower().replace(" ", "."), name, locale)
        self.world.users[made.id] = made
        for guild in guilds:
            self._guild(guild).members[made.id] = Member(made)
        return self.person(made.id)

    def add_guild(
        self,
        guild: str | None = None,
        *,
        name: str,
        owner: Person | str,
        locale: str = "en-GB",
        installed: bool = True,
        bot_rights: Right | None = None,
    ) -> Guild:
        """Add a server with its owner and one channel, `general`; the bot is in it unless it is said that it is not."""
        owner = owner if isinstance(owner, str) else owner.id
        made = Guild(guild or self.world.new_id(), name, owner, locale, installed=False)
        made.roles[made.id] = Role(made.id, "@everyone", MEMBERS, position=0)
        made.members[owner] = Member(self.world.users[owner])
        self.world.guilds[made.id] = made
        self.add_channel(made, name="general")
        if installed:
            install(self.world, made, bot_rights)
        return made

    def add_channel(
        self,
        guild: Guild | str,
        channel: str | None = None,
        *,
        name: str,
        overwrites: Iterable[Overwrite] = (),
        kind: int = TEXT,
    ) -> Channel:
        """Add a channel, without telling the bot; `changes.create_channel` tells it."""
        place = self._guild(guild)
        made = Channel(channel or self.world.new_id(), name, kind, place.id, position=len(place.channels))
        made.overwrites = list(overwrites)
        self.world.channels[made.id] = made
        place.channels.append(made.id)
        return made

    def add_thread(
        self, parent: Channel | str, thread: str | None = None, *, name: str, members: Iterable[str] = ()
    ) -> Channel:
        """Add a thread that somebody started, without telling the bot; a private one where members are named."""
        channel = parent if isinstance(parent, Channel) else self.world.channels[parent]
        invited = set(members)
        kind = PRIVATE_THREAD if invited else PUBLIC_THREAD
        guild = self.world.guilds[str(channel.guild)]
        made = Channel(thread or self.world.new_id(), name, kind, guild.id, channel.id, owner=guild.owner)
        made.members = invited
        self.world.channels[made.id] = made
        guild.channels.append(made.id)
        return made

    def add_role(
        self,
        guild: Guild | str,
        role: str | None = None,
        *,
        name: str,
        rights: Right = NOTHING,
        to: Iterable[str] = (),
    ) -> Role:
        """Add a role and give it to these people, without telling the bot."""
        place = self._guild(guild)
        made = Role(role or self.world.new_id(), name, rights, position=len(place.roles))
        place.roles[made.id] = made
        for user in to:
            place.members[user].roles.append(made.id)
        return made

    def person(self, user: str) -> Person:
        """Be somebody."""
        if user not in self._persons:
            known = self.world.users[user]
            self._persons[user] = Person(known, self.world, self.writer, self.commands, self.payloads)
        return self._persons[user]

    def _guild(self, guild: Guild | str) -> Guild:
        return guild if isinstance(guild, Guild) else self.world.guilds[guild]

    # What was seen.

    @property
    def complaints(self) -> list[str]:
        """List every fault of the bot's requests, in sentences."""
        return self.checks.complaints

    @property
    def calls(self) -> list[Call]:
        """List the requests."""
        return self._server.calls

    def calls_of(self, *routes: str) -> list[Call]:
        """List the requests of some routes."""
        return [call for call in self.calls if call.route in routes]

    @property
    def invalid_requests(self) -> int:
        """Count the requests for which Discord shuts a bot out in the end: 10,000 in ten minutes."""
        return sum(call.status in INVALID for call in self.calls)

    @property
    def failed_interactions(self) -> list[Interaction]:
        """List what people did and nothing answered in time: they read "This interaction failed"."""
        return self.interactions.failed

    def posts_in(self, channel: Channel | str) -> list[Message]:
        """List what the bot has said in a channel, or to a person by id, for all there, and still stands."""
        name = channel if isinstance(channel, str) else channel.id
        place = self.world.dm(name) if name in self.world.users else self.world.channels[name]
        return [one for one in place.messages if one.author is self.world.bot and not one.only_for]

    # Waiting.

    async def connected(self, sessions: int = 1) -> None:
        """Wait until the bot has so many sessions open."""
        await self.gateway.connected(sessions)

    async def until(self, wanted: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait until something is so; it is looked at whenever something happens here."""
        await self.world.bell.until(wanted, patience)

    async def heard(self) -> None:
        """Wait until the bot has taken all that the gateway told it; what it does about that may still go on."""
        await self.gateway.heard()

    async def settled(self, patience: float = PATIENCE) -> None:
        """Wait until no request is on its way and nobody waits for an answer or sees the bot think."""
        await self.until(lambda: not self._server.busy and not self.interactions.waiting, patience)

    @property
    def patience(self) -> float:
        """Tell how many seconds people wait for an answer, by the computer's own clock."""
        return self.payloads.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self.payloads.patience = seconds

    def pass_time(self, **by: float) -> None:
        """Let time pass at Discord."""
        self.world.pass_time(**by)
