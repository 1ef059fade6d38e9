"""The composition root: the only file that knows everyone."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.adapters.base import Adapter
from bot.core.effects import AnyEffect
from bot.core.errors import MullError
from bot.core.events import Event, Outcome
from bot.desk.desk import Desk
from bot.desk.door import HouseDoor
from bot.flows.library import flows
from bot.runner.clock import Clock
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox, utc_now
from bot.runner.installs import StoredInstalls
from bot.runner.outbox import Outbox
from bot.settings import Settings, WrongSetting, load_secret
from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from bot.storage.flows import publish_flow
from bot.storage.schema import migrate, missing_steps
from bot.storage.sealing import Seal

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp, Receive, Scope, Send

    from bot.adapters.browser.adapter import BrowserAdapter
    from bot.adapters.discord.adapter import DiscordAdapter
    from bot.adapters.drawn import Draw, Drawn
    from bot.adapters.slack.adapter import SlackAdapter


Announce = Callable[[Database, str], Awaitable[None]]
SLACK_API = "https://slack.com/api/"


class Role(StrEnum):
    """What one process does: everything, or one part beside others on the same database."""

    ALL = "all"
    WEB = "web"
    SLACK = "slack"
    DISCORD = "discord"


NEEDS = {Role.SLACK: "SLACK_BOT_TOKEN", Role.DISCORD: "DISCORD_TOKEN"}
"""The setting without which a role has nothing to do."""


class NeedsMigration(MullError):
    """This database is from an older Mull. Make a backup, then run: mull migrate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The running parts."""

    database: Database
    shelf: FlowShelf
    inbox: Inbox
    outbox: Outbox
    clock: Clock
    adapters: Mapping[str, Adapter]
    now: Callable[[], datetime]

    async def accept(self, event: Event) -> Outcome:
        """Let an event in by the one door."""
        return await self.inbox.accept(event)


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator[Database]:
    """Open the database and bring an empty or embedded one up to date.

    Raises NeedsMigration for a server's older one, NewerDatabase for one this Mull does not know.
    """
    database = open_database(settings.database)
    try:
        steps = await missing_steps(database)
        if steps and not settings.is_embedded and steps[0] != "0001":
            raise NeedsMigration
        await migrate(database)
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def running(
    database: Database, adapters: Mapping[str, Adapter], now: Callable[[], datetime] = utc_now, base_url: str = ""
) -> AsyncIterator[App]:
    """Run the one way through: inbox, outbox, clock, adapters; let go of all of it in the end."""
    shelf = FlowShelf()
    await database.write(lambda connection: publish_library(connection, now()))
    owner = f"{socket.gethostname()}:{os.getpid()}:{id(adapters):x}"
    outbox = Outbox(database, adapters, now, owner)
    inbox = Inbox(database, shelf, outbox.wake, now, owner)
    door = HouseDoor(database, inbox, outbox, Desk(database=database, door=inbox, now=now, base_url=base_url))
    clock = Clock(database, inbox, now)
    app = App(database=database, shelf=shelf, inbox=inbox, outbox=outbox, clock=clock, adapters=adapters, now=now)
    for adapter in adapters.values():
        await adapter.start(door)
    delivering = asyncio.create_task(outbox.run())
    clock.start()
    settle_memory()
    try:
        yield app
    finally:
        await clock.stop()
        for adapter in adapters.values():
            await adapter.stop()
        await inbox.close()
        outbox.close()
        await delivering


def settle_memory() -> None:
    """Spare the collector what stays, and let it come less often: a burst makes much that dies young."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def publish_library(connection: Connection, at: datetime) -> None:
    """Publish the flows that come with Mull; runs under way keep the version they began with."""
    for document in flows().values():
        publish_flow(connection, document.flow, document.version, document.to_json(), at)


async def serve(settings: Settings, announce: Announce, role: Role = Role.ALL) -> None:
    """Serve until stopped by SIGINT or SIGTERM; `announce` is told the database and the address.

    Raises WrongSetting where the port is taken, or the role has nothing to do.
    """
    from bot.adapters.browser.adapter import BrowserAdapter

    secret = load_secret(settings)
    browser = BrowserAdapter()
    async with opened_database(settings) as database:
        slack = _slack(settings, database, secret) if role in (Role.ALL, Role.SLACK) and settings.slack_mode else None
        discord = _discord(settings) if role in (Role.ALL, Role.DISCORD) and settings.discord_token else None
        if (role is Role.SLACK and slack is None) or (role is Role.DISCORD and discord is None):
            raise WrongSetting(f"MULL_{NEEDS[role]}: is needed for the role {role}")
        serves_pages = role in (Role.ALL, Role.WEB)
        listening = _listen(settings) if serves_pages or (slack is not None and slack.takes_requests) else None
        address = settings.base_url or f"http://{settings.host}:{listening.getsockname()[1] if listening else 0}"
        adapters: dict[str, Adapter] = {browser.platform: browser} if serves_pages else {}
        if slack is not None:
            adapters[slack.platform] = slack
        if discord is not None:
            adapters[discord.platform] = discord
        async with running(database, adapters, base_url=address) as app:
            pages = _pages(app, browser, secret, address, settings) if serves_pages else None
            server = _server(_front_door(pages, slack))
            await announce(database, address if listening else "")
            with _stopping_by_signal(server) as stopped:
                if listening is None:
                    await stopped.wait()
                else:
                    await server.serve(sockets=[listening])


def _slack(settings: Settings, database: Database, secret: bytes) -> "SlackAdapter":
    """Make the way to Slack: one workspace by its token, or many by their installs."""
    from bot.adapters.slack.adapter import OneToken, SlackAdapter
    from bot.adapters.slack.installs import InstalledTokens, oauth_settings

    installs = StoredInstalls(database, Seal(secret), utc_now)
    api_url, oauth = settings.slack_api_url, None
    if settings.slack_is_many:
        oauth = oauth_settings(
            installs,
            settings.slack_client_id,
            settings.slack_client_secret.get_secret_value(),
            settings.address,
            None if api_url == SLACK_API else api_url.removesuffix("api/") + "oauth/v2/authorize",
        )
    return SlackAdapter(
        InstalledTokens(installs) if oauth else OneToken(settings.slack_bot_token.get_secret_value()),
        api_url=api_url,
        now=utc_now,
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        oauth=oauth,
    )


def _discord(settings: Settings) -> "DiscordAdapter":
    """Make the way to Discord: one bot, in any number of servers."""
    from bot.adapters.discord.adapter import DiscordAdapter

    return DiscordAdapter(
        settings.discord_token.get_secret_value(),
        now=utc_now,
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
    )


def _pages(app: App, browser: "BrowserAdapter", secret: bytes, address: str, settings: Settings) -> "ASGIApp":
    from bot.web.app import create_app
    from bot.web.house import House

    house = House(
        database=app.database,
        accept=app.accept,
        shelf=app.shelf,
        watch=browser.watch,
        now=app.now,
        secret=secret,
        base_url=address,
        draws=DRAWS,
        connected=frozenset(
            name for name, is_set in (("slack", settings.slack_mode), ("discord", settings.discord_token)) if is_set
        ),
    )
    return create_app(house)


def _draw_slack(effects: Sequence[AnyEffect], now: datetime) -> "tuple[Drawn, ...]":
    from bot.adapters.slack.drawn import draw

    return draw(effects, now)


def _draw_discord(effects: Sequence[AnyEffect], now: datetime) -> "tuple[Drawn, ...]":
    from bot.adapters.discord.drawn import draw

    return draw(effects, now)


DRAWS: "Mapping[str, Draw]" = {"slack": _draw_slack, "discord": _draw_discord}
"""What the chat platforms make of a prompt; drawing Discord's loads its library, so the first preview does that."""


def _front_door(pages: "ASGIApp | None", slack: "SlackAdapter | None") -> "ASGIApp":
    """Send what comes from Slack to its adapter, everything else to the pages."""

    async def take(scope: "Scope", receive: "Receive", send: "Send") -> None:
        if slack is not None and slack.takes_requests and str(scope.get("path", "")).startswith("/slack/"):
            await slack.handle(scope, receive, send)
        elif pages is not None:
            await pages(scope, receive, send)
        else:
            await _not_found(scope, receive, send)

    return take


async def _not_found(scope: "Scope", receive: "Receive", send: "Send") -> None:
    from starlette.responses import PlainTextResponse

    await PlainTextResponse("Not found.", status_code=404)(scope, receive, send)


def _server(application: "ASGIApp") -> "uvicorn.Server":
    import uvicorn

    config = uvicorn.Config(
        application,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)


@contextmanager
def _stopping_by_signal(server: "uvicorn.Server") -> Iterator[asyncio.Event]:
    """Let a signal stop the server, also before it listens for signals itself and after it raised them again.

    Without this, what comes after the server (inbox, outbox, database) would not be closed.
    """

    stopped, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop(*_: object) -> None:
        server.should_exit = True
        loop.call_soon_threadsafe(stopped.set)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen(settings: Settings) -> socket.socket:
    """Open the port; as a TCP socket by name, or asyncio leaves Nagle's delay of 40 ms in every answer."""
    listening = None
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        family, kind, proto, _, address = found[0]
        listening = socket.socket(family, kind, proto)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as fault:
        if listening is not None:
            listening.close()
        raise WrongSetting(
            f"MULL_HOST, MULL_PORT: {settings.host}:{settings.port} cannot be used ({fault.strerror})"
        ) from None
    return listening
