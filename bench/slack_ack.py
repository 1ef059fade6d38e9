"""How long Slack waits for its 200 at 50 events a second, where every transaction takes 200 ms more.

Signed requests to the real adapter over HTTP; the floor is a bare server that answers after an empty transaction on the
same slow database, one for all that wait. Slack gives three seconds; the target is one for all but one in a hundred.
"""

import asyncio
import hashlib
import hmac
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any, TypeVar

import aiohttp
import sqlalchemy as sa
import uvicorn
from aiohttp import web

from bench.stage import FLOW, Figure, database_urls, figure, group_of, person, staged
from bot.adapters.slack.adapter import OneToken, SlackAdapter
from bot.core.events import EventId, RunRequested
from bot.core.people import Place
from bot.desk.desk import Desk
from bot.desk.door import HouseDoor
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.connection import Connection
from bot.storage.database import Database, Work
from bot.storage.tables import identities, people

T = TypeVar("T")

PEOPLE, PER_SECOND, SECONDS = 200, 50, 20
LATENCY = 0.2
TARGET_MS = 1_000
SECRET = "bench"  # noqa: S105 - signs requests of this bench to itself


class Slow:
    """A database whose every transaction takes longer; the embedded one has one writer, so its writes queue."""

    def __init__(self, database: Database) -> None:
        self._database, self.dialect = database, database.dialect
        self._writing = asyncio.Lock() if database.dialect == "sqlite" else asyncio.Semaphore(10)

    async def write(self, work: Work[T]) -> T:
        """Write, late."""
        async with self._writing:
            await asyncio.sleep(LATENCY)
            return await self._database.write(work)

    async def read(self, work: Work[T]) -> T:
        """Read, late."""
        await asyncio.sleep(LATENCY)
        return await self._database.read(work)

    async def close(self) -> None:
        """Close it."""
        await self._database.close()


async def measure(database: Database) -> Figure:
    """Let people answer their open questions through the whole adapter."""
    slow = Slow(database)
    with _api() as api_url:
        adapter = SlackAdapter(
            OneToken("xoxb-bench"), api_url=api_url, now=lambda: datetime.now(UTC), signing_secret=SECRET
        )
        outbox = Outbox(slow, {"slack": adapter}, lambda: datetime.now(UTC), "bench")
        inbox = Inbox(slow, FlowShelf(), outbox.wake, owner="bench")
        desk = Desk(database=slow, door=inbox, now=lambda: datetime.now(UTC), base_url="")
        await adapter.start(HouseDoor(slow, inbox, outbox, desk))
        await database.write(_know)
        await asyncio.gather(*(inbox.accept(_begin(n)) for n in range(PEOPLE)))
        delivering = asyncio.create_task(outbox.run())
        async with _served(adapter.handle) as url:
            found = await _posted(url)
        outbox.close()
        await delivering
        await adapter.stop()
        await inbox.close()
    answered = await database.read(lambda c: c.execute(sa.text("SELECT count(*) FROM answers")).scalar())
    if not answered:
        raise SystemExit("nobody's answer was kept")
    return found


async def measure_floor(database: Database) -> Figure:
    """Let a bare server answer after an empty transaction, one for all that wait."""
    slow = Slow(database)
    waiting: list[asyncio.Future[None]] = []

    async def commit() -> None:
        while waiting:
            taken = waiting[:]
            await slow.write(lambda connection: connection.execute(sa.text("SELECT 1")).scalar())
            del waiting[: len(taken)]
            for done in taken:
                done.set_result(None)

    async def handle(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        waiting.append(asyncio.get_running_loop().create_future())
        done = waiting[-1]
        committing = asyncio.create_task(commit()) if len(waiting) == 1 else None
        await done
        if committing is not None:
            await committing
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async with _served(handle) as url:
        return await _posted(url)


async def _posted(url: str) -> Figure:
    """Post from a process of its own, as Slack is none of ours."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as slack:
        return await asyncio.get_running_loop().run_in_executor(slack, _post, url)


def _post(url: str) -> Figure:
    return asyncio.run(_post_all(url))


async def _post_all(url: str) -> Figure:
    """Post events at an even pace, whether the earlier ones were answered or not."""
    latencies: list[float] = []
    async with aiohttp.ClientSession() as session:

        async def post(number: int) -> None:
            body, headers = _signed(number)
            began = time.perf_counter()
            async with session.post(url, data=body, headers=headers) as answer:
                await answer.read()
                if answer.status != web.HTTPOk.status_code:
                    raise SystemExit(f"answered {answer.status}")
            latencies.append(time.perf_counter() - began)

        began = time.perf_counter()
        tasks = []
        for number in range(PER_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
            tasks.append(asyncio.create_task(post(number)))
        await asyncio.gather(*tasks)
        return figure(latencies, time.perf_counter() - began)


def _signed(number: int) -> tuple[bytes, dict[str, str]]:
    now = time.time()
    user = f"U{number % PEOPLE:05}"
    event = {
        "type": "message",
        "channel_type": "im",
        "channel": f"D{user}",
        "user": user,
        "text": "about half",
        "ts": f"{now:.6f}",
    }
    callback = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event": event}
    body, stamp = json.dumps(callback).encode(), str(int(now))
    mac = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/json",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={mac}",
    }
    return body, headers


def _know(connection: Connection) -> None:
    rows = [
        {"platform": "slack", "workspace": "T1", "external_id": f"U{n:05}", "person_id": person(n)}
        for n in range(PEOPLE)
    ]
    connection.execute(sa.insert(identities), rows)
    connection.execute(sa.update(people).values(place=sa.literal("slack:T1:") + people.c.id))


def _begin(number: int) -> RunRequested:
    return RunRequested(
        id=EventId(f"slack/T1/begin/{number}"),
        at=datetime.now(UTC),
        who=person(number),
        place=Place(f"slack:T1:U{number:05}"),
        flow=FLOW.flow,
        group=group_of(number),
    )


@contextmanager
def _api() -> Iterator[str]:
    """Answer every call of the Web API with yes, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = get_context("spawn").Process(target=_answer_all, args=(port,), daemon=True)
    process.start()
    while not _listens(port):
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/api/"
    process.terminate()
    process.join()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answer_all(port: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        given = await request.json() if request.can_read_body and request.content_type == "application/json" else {}
        is_opening = request.match_info["method"] == "conversations.open"
        channel = {"id": f"D{given.get('users')}"} if is_opening else given.get("channel", "")
        return web.json_response({"ok": True, "channel": channel, "ts": f"{time.time():.6f}", "messages": []})

    app = web.Application()
    app.router.add_route("*", "/api/{method}", answer)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


@asynccontextmanager
async def _served(handle: Callable[..., Awaitable[None]]) -> AsyncIterator[str]:
    config = uvicorn.Config(handle, interface="asgi3", lifespan="off", log_level="error", access_log=False)
    server, listening = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
    server.should_exit = True
    await serving


async def compare(url: str) -> tuple[Figure, Figure]:
    """Measure the adapter and the floor on one database."""
    async with staged(url, PEOPLE) as database:
        return await measure(database), await measure_floor(database)


def main() -> None:
    """Print the figures for both databases."""
    with database_urls() as urls:
        for name, url in urls.items():
            found, floor = asyncio.run(compare(url))
            print(
                f"{name:10} ack p50 {found.p50:4.0f} ms  p99 {found.p99:4.0f} ms  at {found.per_second:.0f}/s"
                f"  floor p99 {floor.p99:4.0f} ms  {found.p99 / floor.p99:.1f} x  target p99 < {TARGET_MS} ms"
            )


if __name__ == "__main__":
    main()
