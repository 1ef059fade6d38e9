"""Socket Mode from Slack's side."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress

from aiohttp import WSMsgType, web

from tests.slack.world import JSON


class Socket:
    """One open connection of the bot."""

    def __init__(self, ws: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.ws, self._transport = ws, transport
        self.silent = self.leaving = False
        self.sent: list[JSON] = []

    def silence(self) -> None:
        """Keep it open and say nothing any more, not even to a ping; what is sent to it is lost."""
        self.silent = True

    async def drop(self) -> None:
        """End the connection without a word."""
        if self._transport:
            self._transport.abort()
        await asyncio.sleep(0)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the bot to come back on a new socket."""
        self.leaving = True
        await self.say({"type": "disconnect", "reason": reason, "debug_info": {"host": "wss-fake"}})

    async def say(self, message: JSON) -> None:
        """Send a message."""
        if not self.silent and not self.ws.closed:
            self.sent.append(message)
            with suppress(ConnectionError):
                await self.ws.send_str(json.dumps(message))


class Sockets:
    """The open sockets; each envelope goes to one of them, in turn."""

    def __init__(self, complaints: list[str]) -> None:
        self.complaints = complaints
        self.open: list[Socket] = []
        self.opened = 0
        self.silent_from_now = False
        self._turn = 0
        self._tickets: set[str] = set()
        self._issued = 0
        self._waiting: dict[str, asyncio.Future[JSON]] = {}
        self._given_up: set[str] = set()
        self._acked: set[str] = set()
        self._changed = asyncio.Condition()

    @property
    def live(self) -> list[Socket]:
        """List the sockets that are open, those that are not asked to leave first."""
        staying = [socket for socket in self.open if not socket.leaving]
        return staying or self.open

    def issue(self) -> str:
        """Make a ticket for one socket."""
        self._issued += 1
        ticket = f"ticket-{self._issued}"
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Talk on a new socket until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            self.complaints.append("A socket was opened with an address that was not given, or was used before.")
            return web.Response(status=403)
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        socket = Socket(ws, request.transport)
        socket.silent = self.silent_from_now
        await socket.say({"type": "hello", "num_connections": len(self.open) + 1, "connection_info": {"app_id": "A1"}})
        self.open.append(socket)
        self.opened += 1
        await self._tell()
        try:
            async for message in ws:
                if message.type == WSMsgType.PING and not socket.silent:
                    await ws.pong(message.data)
                elif message.type == WSMsgType.TEXT:
                    self._read(json.loads(message.data))
        finally:
            self.open.remove(socket)
            await self._tell()
        return ws

    async def until(self, wanted: Callable[[], bool], patience: float) -> None:
        """Wait until something about the sockets is so."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(wanted), patience)

    async def send(self, envelope: JSON, patience: float) -> JSON | None:
        """Send an envelope to the socket whose turn it is; answer the acknowledgement, if one comes."""
        if not self.live:
            return None
        self._turn += 1
        socket = self.live[self._turn % len(self.live)]
        if socket.silent:
            return None
        name = envelope["envelope_id"]
        self._waiting[name] = asyncio.get_running_loop().create_future()
        await socket.say(envelope)
        try:
            return await asyncio.wait_for(self._waiting[name], patience)
        except TimeoutError:
            self._given_up.add(name)
            return None
        finally:
            del self._waiting[name]

    async def close(self) -> None:
        """End all connections."""
        for socket in tuple(self.open):
            await socket.ws.close()

    def _read(self, ack: JSON) -> None:
        name = ack.get("envelope_id", "")
        if unknown := ack.keys() - {"envelope_id", "payload"}:
            self.complaints.append(f"An acknowledgement carries {sorted(unknown)}.")
        if name in self._acked:
            self.complaints.append(f"{name} was acknowledged twice.")
        elif waiting := self._waiting.get(name):
            if not waiting.done():
                waiting.set_result(ack)
            self._acked.add(name)
        elif name not in self._given_up:
            self.complaints.append(f"{name} was acknowledged and never sent.")

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
