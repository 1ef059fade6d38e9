"""The floor under a turn: the same rows, committed in the same batches, with nothing in between.

No engine, nothing decoded, nothing decided: only the statements of a turn, straight to the driver, and the commit. A
turn of Mull is measured against it in the same run.
"""

import asyncio
from collections import deque
from datetime import UTC, datetime
from functools import partial

from bot.core.people import PersonId
from bot.storage.columns import micros
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.turns import (
    ANSWERS,
    CHANGED_RUNS,
    EFFECTS_OUT,
    OPEN_RUNS,
    TIMERS,
    lock_people,
    record_events,
)

MOST = 256
SAID = "When the left side sank I noticed I had only looked at the right one."


def floor_person(number: int) -> PersonId:
    """Name a person who belongs to the floor."""
    return PersonId(f"floor-{number:06}")


class Floor:
    """Commits whatever waits; rows are as long as Mull's own."""

    def __init__(self, database: Database, body: str, state: str) -> None:
        self._database, self._body, self._state = database, body, state
        self._waiting: deque[tuple[int, int, asyncio.Future[None]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def turn(self, who: int, number: int) -> None:
        """Commit one turn's rows."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((who, number, done))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        await done

    async def _work(self) -> None:
        while self._waiting:
            taken = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
            await self._database.write(partial(self._commit, [(who, number) for who, number, _ in taken]))
            for *_, done in taken:
                done.set_result(None)

    def _commit(self, batch: list[tuple[int, int]], connection: Connection) -> None:
        now = datetime.now(UTC)
        at = micros(now)
        named = [(who, n, floor_person(who), f"run-{who}") for who, n in batch]
        people = {who for _, _, who, _ in named}
        record_events(connection, [f"floor/{who}/{n}" for who, n in batch], now)
        lock_people(connection, people)
        connection.execute(OPEN_RUNS, {"ids": sorted(people)}).all()
        CHANGED_RUNS.run(connection, [("open", "place", at, None, self._state, run) for _, _, _, run in named])
        TIMERS.run(connection, [(run, who, n, "nudge", at) for _, n, who, run in named])
        told = (SAID, SAID, SAID, "facilitators", at, False)
        ANSWERS.run(connection, [(run, f"key-{n}", who, "class", "bench", *told) for _, n, who, run in named])
        asked = ("AskQuestion", self._body, "pending", at, True, None, None, 0, at, None)
        EFFECTS_OUT.run(
            connection,
            [(f"floor/{number}/{n}/0", "bench", "place", who, run, *asked) for number, n, who, run in named],
        )
