"""The door of the REST API: who calls, what is asked, what goes wrong on the way."""

import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import BodyPartReader, web

from tests.discord.checks import Checks
from tests.discord.faults import EXHAUST, LIMIT, LOSE, REFUSE, Fault, Faults, Room
from tests.discord.world import JSON, Refused, World


@dataclass
class Asked:
    """One request, read: the names in its path, its query, its body, and the files that came with it."""

    route: str
    names: dict[str, str]
    query: dict[str, str]
    body: Any
    files: list[JSON] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.names[name]


Handler = Callable[[Asked], Awaitable[Any]]


@dataclass(frozen=True)
class Route:
    """One thing that can be asked; `is_open` needs no token but the one in its path."""

    name: str
    method: str
    path: str
    handler: Handler
    is_open: bool = False
    status: int = 200


@dataclass
class Call:
    """One request, and what became of it; status 0 where the connection was cut."""

    route: str
    method: str
    path: str
    names: dict[str, str]
    body: Any
    at: datetime
    status: int = 0
    answer: Any = None


class Server:
    """Answers requests; keeps them all."""

    def __init__(self, world: World, checks: Checks, faults: Faults, token: Callable[[], str]) -> None:
        self.world, self.checks, self.faults, self._token = world, checks, faults, token
        self.calls: list[Call] = []
        self.busy = 0

    def serve(self, app: web.Application, root: str, routes: Sequence[Route]) -> None:
        """Put the routes under this root, and refuse all others."""
        for route in routes:
            app.router.add_route(route.method, root + route.path, self._answering(route))
        app.router.add_route("*", root + "/{rest:.*}", self._unknown)

    def _answering(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            self.busy += 1
            try:
                return await self._call(route, request)
            finally:
                self.busy -= 1
                self.world.bell.ring()

        return answer

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        self.checks.complain(f"{request.method} {request.path} is no route that this Discord knows.")
        return web.json_response({"message": "404: Not Found", "code": 0}, status=404)

    async def _call(self, route: Route, request: web.Request) -> web.StreamResponse:
        body, files = await _read(request)
        asked = Asked(route.name, dict(request.match_info), dict(request.query), body, files)
        call = Call(route.name, route.method, request.path, asked.names, body, self.world.now())
        self.calls.append(call)
        fault = self.faults.take(route.name)
        if fault and fault.kind == REFUSE:
            return _hang_up(request)
        await self.faults.wait(route.name, before=True)
        if fault and fault.kind not in (LOSE, EXHAUST):
            return self._fail(call, fault)
        room = self.faults.room(route.name, _place(asked.names), self.world.now().timestamp())
        if room.more < 0:
            return self._fail(call, Fault(route.name, LIMIT, 0, status=429, retry_after=room.seconds))
        call.status, call.answer = await self._answer(route, asked, request.headers.get("Authorization", ""))
        self.world.bell.ring()
        await self.faults.wait(route.name, before=False)
        if fault and fault.kind == LOSE:
            call.status = 0
            return _hang_up(request)
        headers = _told(route.name, room._replace(more=0, seconds=fault.retry_after) if fault else room)
        if call.answer is None:
            return web.Response(status=call.status, headers=headers)
        return Exactly(call.answer, call.status, headers)

    async def _answer(self, route: Route, asked: Asked, authorization: str) -> tuple[int, Any]:
        try:
            if not route.is_open and authorization != f"Bot {self._token()}":
                raise Refused(401, 0, "401: Unauthorized")
            self.checks.request(route.name, asked.body, asked.files)
            answer = await route.handler(asked)
        except Refused as refused:
            return refused.status, refused.answer
        return (204, None) if answer is None else (route.status, answer)

    def _fail(self, call: Call, fault: Fault) -> web.StreamResponse:
        call.status = fault.status
        if fault.kind == LIMIT:
            is_global = fault.scope == "global"
            call.answer = {
                "message": "You are being rate limited.",
                "retry_after": fault.retry_after,
                "global": is_global,
            }
            headers = {} if is_global else _told(call.route, Room(more=0, seconds=fault.retry_after))
            headers |= {"Retry-After": str(fault.retry_after), "X-RateLimit-Scope": fault.scope, "Via": "1.1 google"}
            headers |= {"X-RateLimit-Global": "true"} if is_global else {}
            return Exactly(call.answer, fault.status, headers)
        if fault.code:
            call.answer = {"message": "An error that was ordered.", "code": fault.code}
            return Exactly(call.answer, fault.status, {})
        return web.Response(status=fault.status, text="<html>upstream error</html>", content_type="text/html")


def _told(route: str, room: Room) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(room.most),
        "X-RateLimit-Remaining": str(room.more),
        "X-RateLimit-Reset": f"{time.time() + room.seconds:.3f}",
        "X-RateLimit-Reset-After": str(room.seconds),
        "X-RateLimit-Bucket": f"bucket-{route}",
    }


class Exactly(web.Response):
    """An answer in JSON whose content type says no more than that, as the client wants it."""

    def __init__(self, answer: Any, status: int, headers: dict[str, str]) -> None:
        headers = {**headers, "Content-Type": "application/json"}
        super().__init__(body=json.dumps(answer).encode(), status=status, headers=headers)


def _place(names: dict[str, str]) -> str:
    """Name what limits are counted for: the channel, the server, or the token of an interaction."""
    return next((names[key] for key in ("channel", "guild", "token") if key in names), "")


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.close()
    return web.Response()


async def _read(request: web.Request) -> tuple[Any, list[JSON]]:
    if not request.can_read_body:
        return None, []
    if not request.content_type.startswith("multipart/"):
        raw = await request.text()
        return (json.loads(raw) if raw else None), []
    body: Any = {}
    files: list[JSON] = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader), "a form has no parts of parts"
        if part.name == "payload_json":
            body = json.loads(await part.text())
        else:
            files.append({"field": part.name, "filename": part.filename, "size": len(await part.read())})
    return body, files
