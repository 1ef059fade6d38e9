"""The composition root: the only file that knows everyone."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.adapters.base import Adapter
from bot.core.errors import MullError
from bot.core.events import Event
from bot.flows.library import flows
from bot.runner.batch import Outcome
from bot.runner.clock import Clock
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox, utc_now
from bot.runner.outbox import Outbox
from bot.settings import Settings, WrongSetting, load_secret
from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from bot.storage.flows import publish_flow
from bot.storage.schema import migrate, missing_steps

if TYPE_CHECKING:
    import uvicorn


Announce = Callable[[Database, str], Awaitable[None]]


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
    database: Database, adapters: Mapping[str, Adapter], now: Callable[[], datetime] = utc_now
) -> AsyncIterator[App]:
    """Run the one way through: inbox, outbox, clock, adapters; let go of all of it in the end."""
    shelf = FlowShelf()
    await database.write(lambda connection: publish_library(connection, now()))
    outbox = Outbox(database, adapters, now, owner=f"{socket.gethostname()}:{os.getpid()}:{id(adapters):x}")
    inbox = Inbox(database, shelf, outbox.wake, now)
    clock = Clock(database, inbox, now)
    app = App(database=database, shelf=shelf, inbox=inbox, outbox=outbox, clock=clock, adapters=adapters, now=now)
    for adapter in adapters.values():
        await adapter.start(inbox.accept)
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


async def serve(settings: Settings, announce: Announce) -> None:
    """Serve the pages until stopped by SIGINT or SIGTERM; `announce` is told the database and the address.

    Raises WrongSetting where the port is taken.
    """
    import uvicorn

    from bot.adapters.browser.adapter import BrowserAdapter
    from bot.web.app import create_app
    from bot.web.house import House

    browser = BrowserAdapter()
    secret = load_secret(settings)
    listening = _listen(settings)
    async with opened_database(settings) as database, running(database, {browser.platform: browser}) as app:
        address = settings.base_url or f"http://{settings.host}:{listening.getsockname()[1]}"
        house = House(
            database=database,
            accept=app.accept,
            shelf=app.shelf,
            watch=browser.watch,
            now=app.now,
            secret=secret,
            base_url=address,
        )
        config = uvicorn.Config(
            create_app(house),
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
        )
        await announce(database, address)
        server = uvicorn.Server(config)
        with _stopping_by_signal(server):
            await server.serve(sockets=[listening])


@contextmanager
def _stopping_by_signal(server: "uvicorn.Server") -> Iterator[None]:
    """Let a signal stop the server, also before it listens for signals itself and after it raised them again.

    Without this, what comes after the server (inbox, outbox, database) would not be closed.
    """

    def stop(*_: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
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
