"""One connection of the gateway, and the one stream of compression that runs through it."""

import asyncio
import json
import zlib
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from aiohttp import web

HAS_ZSTD = find_spec("zstandard") is not None


class _Stream(Protocol):
    def press(self, raw: bytes) -> bytes: ...


class _Zlib:
    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    def press(self, raw: bytes) -> bytes:
        return self._stream.compress(raw) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class _Zstd:
    def __init__(self) -> None:
        library = import_module("zstandard")
        self._stream = library.ZstdCompressor().compressobj()
        self._end_of_block = library.COMPRESSOBJ_FLUSH_BLOCK

    def press(self, raw: bytes) -> bytes:
        pressed: bytes = self._stream.compress(raw) + self._stream.flush(self._end_of_block)
        return pressed


def _stream(asked: str) -> _Stream | None:
    if asked == "zlib-stream":
        return _Zlib()
    return _Zstd() if asked == "zstd-stream" and HAS_ZSTD else None


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
