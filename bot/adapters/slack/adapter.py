"""Slack as a platform: Bolt's app in Socket Mode or behind the pages' own server, for one workspace or many."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from secrets import token_hex
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.adapters.base import Attempt, Delivery, Door
from bot.adapters.slack.channels import Channels
from bot.adapters.slack.inbound import PLATFORM, identity
from bot.adapters.slack.installs import GONE, InstallationStore
from bot.adapters.slack.listening import Listening
from bot.adapters.slack.pace import Pace
from bot.adapters.slack.people import People
from bot.adapters.slack.sending import Sending
from bot.adapters.slack.showing import Showing
from bot.adapters.slack.sweep import Sweep
from bot.adapters.slack.workspaces import Tokens, Workspaces
from bot.core.effects import AnyEffect
from bot.core.events import EventId
from bot.core.people import Place
from bot.core.platform_news import WorkspaceJoined, WorkspaceLeft

SWEEP_EVERY = 600.0
"""Seconds between two sweeps."""

HEARTBEAT = 10.0
"""Seconds between two pings; a socket that answers none of four is replaced: within a minute."""

GRACE = 5.0
"""Seconds that what is being shown may still take when Mull stops."""

MOST_BYTES = 1_000_000
"""More than any request of Slack's has."""

log = structlog.get_logger()


class OneToken:
    """The token of the one workspace that Mull was installed in by hand."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self, team: str) -> str | None:
        """Give it."""
        return self._token

    async def installer(self, team: str) -> str | None:
        """Know nothing of it: somebody pasted the token."""
        return None


class SlackAdapter:
    """Listens to Slack and delivers there.

    With `app_token` it opens a socket; without, requests come to `handle`. With `oauth` any workspace may install it.
    """

    platform = PLATFORM

    def __init__(
        self,
        tokens: Tokens,
        *,
        api_url: str,
        now: Callable[[], datetime],
        app_token: str = "",
        signing_secret: str = "",
        oauth: AsyncOAuthSettings | None = None,
        pace: Pace | None = None,
        heartbeat: float = HEARTBEAT,
    ) -> None:
        self._app_token, self._signing_secret, self._oauth = app_token, signing_secret, oauth
        self._now, self._heartbeat = now, heartbeat
        self._verifier = SignatureVerifier(signing_secret or token_hex(32))
        self.workspaces = Workspaces(tokens, api_url)
        self._sending = Sending(self.workspaces, pace or Pace(), self._on_revoked, self._on_closed)
        self._people = People(self.workspaces)
        self._channels = Channels(self.workspaces, self._people)
        self._sweep = Sweep(self._sending, self._channels)
        self._tokens = tokens
        self._door: Door | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._lasting: set[asyncio.Task[None]] = set()
        self._socket: AsyncSocketModeHandler | None = None
        self._connected = asyncio.Event()
        self.app: AsyncApp | None = None

    async def start(self, door: Door) -> None:
        """Connect, and hand over whatever comes in."""
        self._door = door
        showing = Showing(door, self.workspaces, self._sending, self._now)
        listening = Listening(
            door,
            people=self._people,
            channels=self._channels,
            showing=showing,
            now=self._now,
            later=self._later,
        )
        self.app = self._bolt(listening)
        if self._oauth is not None and isinstance(store := self._oauth.installation_store, InstallationStore):
            store.on_installed = lambda team, user: self._welcome(door, team, user)
        self._lasting.add(self._later(self._keep_sweeping()))
        if self._app_token:
            self._socket = AsyncSocketModeHandler(
                self.app,
                self._app_token,
                web_client=self.workspaces.client_with(self._app_token),
                ping_interval=self._heartbeat,
            )
            self._socket.client.message_listeners.append(self._notice)
            self._later(self._socket.connect_async())  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        """Take nothing more, finish what is being shown, let go."""
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
        for task in self._lasting:
            task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self.quiet()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.workspaces.close()

    @property
    def takes_requests(self) -> bool:
        """Say whether Slack, or somebody who installs, sends requests to `handle`."""
        return not self._app_token or self._oauth is not None

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to an address under /slack/."""
        request = Request(scope, receive)
        if self.app is None:
            response = Response("Not ready yet.", status_code=503)
        else:
            unread = await self._unread(request) if request.method == "POST" else None
            response = unread or await AsyncSlackRequestHandler(self.app).handle(request)
        await response(scope, receive, send)

    async def _unread(self, request: Request) -> Response | None:
        """Answer what is not from Slack; Bolt reads a request before it looks who sent it, and breaks over no JSON."""
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return Response(status_code=401)
        body = await request.body()
        if b"ssl_check=1" in body.split(b"&"):
            return Response()  # Slack looks at the certificate only, and signs nothing
        is_slacks = self._verifier.is_valid_request(body, dict(request.headers))
        return None if is_slacks else Response(status_code=401)

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Show one effect to its person."""
        return await self._sending.deliver(effect, attempt)

    async def quiet(self) -> None:
        """Wait until all that was begun on the side is done."""
        while waiting := self._tasks - self._lasting:
            await asyncio.wait(waiting)

    async def sweep(self) -> int:
        """Pick up what Slack did not deliver; answer how many messages were found."""
        if self._door is None:
            return 0
        await self._sweep.followed(self._door, self._now())
        return await self._sweep.dialogues(self._door, self._now())

    def _bolt(self, listening: Listening) -> AsyncApp:
        async def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
            token = await self._tokens.token(team_id or "")
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

        quiet = logging.getLogger("mull.slack")
        quiet.setLevel(max(logging.WARNING, logging.getLogger().level))
        given: dict[str, Any] = {"oauth_settings": self._oauth} if self._oauth else {"authorize": authorize}
        app = AsyncApp(
            client=self.workspaces.client_with(None),
            signing_secret=self._verifier.signing_secret,
            logger=quiet,
            ignoring_self_events_enabled=False,
            user_facing_authorize_error_message=GONE,
            **given,
        )

        @app.middleware
        async def let_in(body: dict[str, Any]) -> BoltResponse:
            return await listening(body)

        return app

    async def _notice(self, client: object, message: dict[str, Any], raw: object = None) -> None:
        """Sweep after each connection: what came meanwhile is not sent again."""
        if message.get("type") == "hello":
            self._connected.set()

    async def _keep_sweeping(self) -> None:
        while True:
            try:
                async with asyncio.timeout(SWEEP_EVERY):
                    await self._connected.wait()
            except TimeoutError:
                pass
            self._connected.clear()
            try:
                await self.sweep()
            except Exception as fault:  # noqa: BLE001 - the next sweep finds what this one did not
                log.warning("sweep_failed", fault=type(fault).__name__)

    def _welcome(self, door: Door, team: str, user: str) -> None:
        self.workspaces.forget(team)
        self._later(self._greet(door, team, user))

    async def _greet(self, door: Door, team: str, user: str) -> None:
        now = self._now()
        await self._people.meet(door, team, user, now)
        name = EventId(f"{PLATFORM}/{team}/joined/{user}/{now:%Y%m%d%H%M}")
        await door.accept(WorkspaceJoined(id=name, at=now, who=identity(team, user)))

    def _on_revoked(self, team: str) -> None:
        self._later(self._leave(team))

    def _on_closed(self, place: Place, reason: str) -> None:
        now = self._now()
        if self._door is not None:
            self._later(self._channels.close(self._door, place, reason, f"{now:%Y%m%d%H%M}", now))

    async def _leave(self, team: str) -> None:
        if self._door is not None:
            now = self._now()
            left = WorkspaceLeft(
                id=EventId(f"{PLATFORM}/{team}/revoked/{now:%Y%m%d%H%M}"),
                at=now,
                who=identity(team, "workspace"),
                platform=PLATFORM,
                workspace=team,
                reason="Slack took Mull's token back",
            )
            await self._door.accept(left)
            self._people.forget(team)

    def _later(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Do something once Slack has its acknowledgement."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.warning("slack_task_failed", fault=type(fault).__name__)
