"""A strict Slack on this computer: the Web API, Socket Mode, signed requests, and people who use them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.slack.checks import Checks
from tests.slack.delivery import EVENTS, Deliveries, Delivery, Signed
from tests.slack.faults import Faults
from tests.slack.oauth import Browser, Installer
from tests.slack.payloads import Payloads
from tests.slack.person import Person
from tests.slack.server import Call, Server
from tests.slack.sockets import Socket, Sockets
from tests.slack.web_chat import Chat
from tests.slack.web_people import People
from tests.slack.web_views import Views
from tests.slack.world import JSON, Channel, Message, User, Workspace, World

CONNECTING = 5.0


class FakeSlack:
    """One Slack with one workspace, T1, and nobody in it yet; `now` is its clock, which else stands still.

    The bot needs `api_url`, `app_token`, and the `token` of its workspace; or `signing_secret` and the address it
    serves, given to `use_http`. Tests assert that `complaints` is empty.
    """

    app_id, client_id, client_secret = "A1", "1.1", "client-secret"
    signing_secret, app_token = "signing-secret", "xapp-1-A1-mull"

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.world = World(now)
        self.checks = Checks()
        self.faults = Faults()
        self.payloads = Payloads(self.world)
        self.sockets = Sockets(self.complaints)
        self.deliveries = Deliveries(self.world, self.sockets, self.complaints, self.signing_secret)
        self.installer = Installer(self.world, self.client_id, self.client_secret)
        self.views = Views(self.world, self.payloads)
        self.people = People(self.world, self.sockets, self.installer)
        chat = Chat(self.world, self.payloads, self.deliveries)
        methods = chat.methods | self.people.methods | self.views.methods
        self._server = Server(self.checks, self.faults, methods, self.payloads, self.app_token)
        self._persons: dict[str, Person] = {}
        self._runner: web.AppRunner | None = None
        self.add_workspace("T1", name="Bridge School")

    async def __aenter__(self) -> Self:
        """Serve on a free port."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._server.call)
        app.router.add_post("/response/{name}", self._server.respond)
        app.router.add_get("/link", self.sockets.serve)
        app.router.add_get("/oauth/v2/authorize", self.installer.authorize)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port = self._runner.addresses[0][1]
        self.root = self.payloads.api_root = f"http://127.0.0.1:{port}"
        self.people.socket_root = f"ws://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
        self.faults.clear()
        await self.deliveries.close()
        await self.sockets.close()
        if self._runner:
            await self._runner.cleanup()

    # Addresses and keys.

    @property
    def api_url(self) -> str:
        """Say where the Web API is."""
        return f"{self.root}/api/"

    @property
    def authorize_url(self) -> str:
        """Say where Slack asks whether to install."""
        return f"{self.root}/oauth/v2/authorize"

    @property
    def token(self) -> str:
        """Give the bot's token of T1."""
        return self.world.workspaces["T1"].token

    def use_http(self, url: str | None) -> None:
        """Send everything to this address, signed, instead of over sockets."""
        self.deliveries.url = url

    # What there is.

    def add_workspace(self, team: str, *, name: str, installed: bool = True) -> Workspace:
        """Add a school; our app is in it unless it is said that it is not."""
        number = team[1:]
        suffix = "" if team == "T1" else number
        workspace = Workspace(team, name, f"UBOT{suffix}", f"B{number}", f"xoxb-{number}-mull", installed=installed)
        self.world.workspaces[team] = workspace
        for user, called in ((workspace.bot_user, "Mull"), (f"USLACKBOT{suffix}", "Slackbot")):
            self.world.users[user] = User(user, called, team, "Europe/London", "en-GB", is_bot=called == "Mull")
        return workspace

    def add_user(
        self,
        user: str,
        *,
        name: str,
        tz: str = "Europe/Berlin",
        locale: str = "en-GB",
        is_admin: bool = False,
        is_restricted: bool = False,
        deleted: bool = False,
        team: str = "T1",
    ) -> Person:
        """Add somebody, without telling the bot; `announce` tells it."""
        self.world.users[user] = User(user, name, team, tz, locale, is_admin, is_restricted, deleted)
        return self.person(user)

    def add_channel(
        self,
        channel: str,
        *,
        name: str,
        members: Iterable[str] = (),
        is_private: bool = False,
        bot_is_member: bool = True,
        team: str = "T1",
    ) -> Channel:
        """Add a channel, without telling the bot."""
        bot = [self.world.workspaces[team].bot_user] if bot_is_member else []
        self.world.channels[channel] = Channel(channel, name, team, [*bot, *members], is_private)
        return self.world.channels[channel]

    def add_usergroup(self, usergroup: str, users: Sequence[str]) -> None:
        """Add a user group."""
        self.world.usergroups[usergroup] = list(users)

    def person(self, user: str) -> Person:
        """Be somebody."""
        if user not in self._persons:
            self._persons[user] = Person(self.world.users[user], self.world, self.deliveries, self.views, self.checks)
        return self._persons[user]

    # What happens to them.

    async def announce(self, user: str) -> Delivery:
        """Tell the bot of somebody who is new."""
        someone = self.world.users[user]
        return await self.tell(someone.team, {"type": "team_join", "user": self._described(someone), "cache_ts": 0})

    async def change_user(self, user: str, **changed: Any) -> Delivery:
        """Change somebody, and tell the bot."""
        someone = self.world.users[user]
        for name, value in changed.items():
            assert hasattr(someone, name), name
            setattr(someone, name, value)
        someone.updated = int(self.world.now().timestamp())
        return await self.tell(someone.team, {"type": "user_change", "user": self._described(someone), "cache_ts": 0})

    async def deactivate(self, user: str) -> Delivery:
        """Close somebody's account."""
        return await self.change_user(user, deleted=True)

    async def join(self, channel: str, user: str) -> Delivery:
        """Let somebody into a channel."""
        place = self.world.channels[channel]
        place.members.append(user)
        return await self.tell(place.team, self._moved("member_joined_channel", place, user))

    async def leave(self, channel: str, user: str) -> Delivery:
        """Let somebody leave a channel."""
        place = self.world.channels[channel]
        place.members.remove(user)
        return await self.tell(place.team, self._moved("member_left_channel", place, user))

    async def archive(self, channel: str, by: str = "U1") -> Delivery:
        """Close a channel."""
        place = self.world.channels[channel]
        place.archived = True
        kind = "group_archive" if place.is_private else "channel_archive"
        return await self.tell(place.team, {"type": kind, "channel": channel, "user": by, "is_moved": 0})

    async def uninstall(self, team: str = "T1") -> list[Delivery]:
        """Take our app out of a workspace: its tokens end, and the bot is told."""
        workspace = self.world.workspaces[team]
        workspace.installed = False
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [workspace.bot_user]}}
        return [await self.tell(team, {"type": "app_uninstalled"}), await self.tell(team, revoked)]

    async def run_workflow_step(self, callback_id: str, inputs: JSON, team: str = "T1") -> JSON:
        """Let a workflow come to a step of ours; what the bot completes it with appears under `result`."""
        execution = self.world.new_id("Fx")
        token = f"xwfp-{execution}"
        self.world.step_tokens[token] = team
        step: JSON = {"function_execution_id": execution, "callback_id": callback_id, "inputs": inputs}
        self.world.steps[execution] = step
        event = {
            "type": "function_executed",
            "function": {
                "id": "Fn1",
                "callback_id": callback_id,
                "title": callback_id,
                "type": "app",
                "app_id": self.app_id,
                "input_parameters": [{"type": "string", "name": name} for name in inputs],
                "output_parameters": [],
                "date_deleted": 0,
            },
            "inputs": inputs,
            "function_execution_id": execution,
            "workflow_execution_id": self.world.new_id("Wx"),
            "bot_access_token": token,
        }
        step["delivery"] = await self.tell(team, event)
        return step

    async def tell(self, team: str, event: JSON) -> Delivery:
        """Send any event to the bot."""
        payload = self.payloads.event(self.world.workspaces[team], event)
        return await self.deliveries.deliver(EVENTS, payload)

    # Delivery, again and otherwise.

    @property
    def delivered(self) -> list[Delivery]:
        """List what the bot was told, in order; what it did itself is in `deliveries.echoes`."""
        return self.deliveries.all

    @property
    def unacked(self) -> list[Delivery]:
        """List the events that the bot never acknowledged."""
        return [delivery for delivery in self.delivered if not delivery.acked]

    async def redeliver(self, delivery: Delivery, reason: str = "http_timeout") -> Delivery:
        """Retry an event that was not acknowledged, as Slack does."""
        assert delivery.kind == EVENTS, "Slack retries events only"
        return await self.deliveries.attempt(delivery, reason)

    async def deliver_again(self, delivery: Delivery) -> Delivery:
        """Deliver the same once more, whatever became of it."""
        return await self.deliveries.attempt(delivery)

    def pause_delivery(self) -> None:
        """Keep back what people do from now on."""
        self.deliveries.paused = []

    async def deliver_paused(self, order: Sequence[int] | None = None) -> list[Delivery]:
        """Deliver what was kept back, in this order, and go on as usual."""
        kept, self.deliveries.paused = self.deliveries.paused or [], None
        return [await self.deliveries.attempt(kept[place]) for place in order or range(len(kept))]

    def signed(self, delivery: Delivery, *, secret: str | None = None, age: int = 0) -> Signed:
        """Write a delivery as a signed request: by Slack, by somebody with another secret, or seconds ago."""
        return self.deliveries.sign(delivery, secret, age)

    async def post(self, signed: Signed) -> tuple[int, str]:
        """Post such a request to the bot; answer the status and the body."""
        return await self.deliveries.post(signed)

    @property
    def patience(self) -> float:
        """Tell how many seconds Slack waits for an acknowledgement."""
        return self.deliveries.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self.deliveries.patience = seconds

    @property
    def drop_events(self) -> bool:
        """Tell whether events are lost: people write, and the bot is not told."""
        return self.deliveries.drop_events

    @drop_events.setter
    def drop_events(self, drop: bool) -> None:
        self.deliveries.drop_events = drop

    async def connected(self, sockets: int = 1) -> list[Socket]:
        """Wait until the bot has so many sockets open."""
        await self.sockets.until(lambda: len(self.sockets.open) >= sockets, CONNECTING)
        return self.sockets.open

    async def refresh_sockets(self) -> None:
        """Ask the bot to open new sockets, and wait until it has."""
        old = list(self.sockets.open)
        opened = self.sockets.opened + len(old)
        for socket in old:
            await socket.disconnect()
        await self.sockets.until(lambda: self.sockets.opened >= opened, CONNECTING)

    async def until(self, wanted: Callable[[], object], patience: float = CONNECTING) -> None:
        """Wait until calls of the bot's have made something so; it is looked at after every call."""
        await self._server.until(wanted, patience)

    async def settled(self) -> None:
        """Wait until the bot has acknowledged what it did itself."""
        await self.deliveries.settled()

    def browser(self, team: str = "T1", who: str = "U1") -> Browser:
        """Give somebody a browser to install our app with."""
        self.installer.team, self.installer.who = team, who
        return Browser(self.authorize_url)

    # What was seen.

    @property
    def complaints(self) -> list[str]:
        """List every fault of the bot's requests, in sentences."""
        return self.checks.complaints

    @property
    def allowed_mentions(self) -> set[str]:
        """Hold the people whom the bot may mention."""
        return self.checks.allowed_mentions

    @property
    def calls(self) -> list[Call]:
        """List the calls of the Web API."""
        return self._server.calls

    def posts_to(self, channel: str) -> list[Message]:
        """List what the bot has said in a channel, or to a person, and still stands."""
        place = self.world.dm(channel) if channel in self.world.users else self.world.channels[channel]
        return [message for message in place.messages if message.by_bot]

    def pass_time(self, **by: float) -> None:
        """Let time pass at Slack."""
        self.world.pass_time(**by)

    def _described(self, user: User) -> JSON:
        return user.as_json(self.world.now(), with_locale=True)

    def _moved(self, kind: str, channel: Channel, user: str) -> JSON:
        letter = "G" if channel.is_private else "C"
        return {"type": kind, "user": user, "channel": channel.id, "channel_type": letter, "team": channel.team}
