"""One connection of the gateway, and the one stream of compression that runs through it."""

import asyncio
import json
import zlib
from contextlib import suppress
from typing import Any

from aiohttp import web


class _Zlib:
    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    def press(self, raw: bytes) -> bytes:
        return self._stream.compress(raw) + self._stream.flush(zlib.Z_SYNC_FLUSH)


def _stream(asked: str) -> _Zlib | None:
    """Press what is sent as was asked: zlib, as the library asks for where Mull alone is installed."""
    return _Zlib() if asked == "zlib-stream" else None


class Wire:
    """One open connection; what is sent on it is remembered."""

    def __init__(self, ws: web.WebSocketResponse, transport: asyncio.Transport | None, asked: str) -> None:
        self.ws, self.compression = ws, asked
        self._transport, self._stream = transport, _stream(asked)
        self._turn = asyncio.Lock()
        self.silent = False
        self.beats = 0
        self.sent: list[Any] = []

    async def send(self, said: Any) -> None:
        """Send JSON, compressed as was asked; nothing on a silent line."""
        if self.silent or self.ws.closed:
            return
        self.sent.append(said)
        raw = json.dumps(said)
        async with self._turn:
            with suppress(ConnectionError):
                if self._stream:
                    await self.ws.send_bytes(self._stream.press(raw.encode()))
                else:
                    await self.ws.send_str(raw)

    async def close(self, code: int) -> None:
        """Close with a code."""
        await self.ws.close(code=code)

    def abort(self) -> None:
        """End it without a word."""
        if self._transport:
            self._transport.abort()
