"""A group's life as a script: recorded once, lived again by processes that are killed beside their commits."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

# Loaded once, before processes are forked, and not anew in each of them.
import scipy.optimize
import scipy.sparse  # noqa: F401
import sqlalchemy.dialects.postgresql.asyncpg
import sqlalchemy.ext.asyncio  # noqa: F401

from bot.core.events import Event, Outcome
from bot.flows.habit_of_week.habits import habits
from bot.flows.habit_of_week.program import Week
from bot.flows.library import flows
from bot.flows.peer_exchange.round import Round
from bot.flows.program import programs
from bot.runner.clock import Clock
from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from tests.programs.group import Group
from tests.runner.worker import NOWHERE, Crash, Lines
from tests.stage import Hands, an_inbox, rows

T = TypeVar("T")
Step: TypeAlias = Event | datetime
"""What happens next: an event comes in, or the clock ticks at a moment."""

habits()
flows()
programs()


@dataclass
class Recorded(Group):
    """A group whose life is written down while it lives."""

    steps: list[Step] = field(default_factory=list)

    async def accept(self, event: Event) -> Outcome:
        """Let an event in, and write it down."""
        self.steps.append(event)
        return await super().accept(event)

    async def move(self, **by: float) -> None:
        """Let time pass, and write down where it came to."""
        await super().move(**by)
        self.steps.append(self.hands.at)


class MortalDatabase:
    """A database whose process ends beside its nth commit; work that is rolled back does not count."""

    def __init__(self, database: Database, crash: Crash) -> None:
        self._database, self._crash, self._commits = database, crash, 0

    @property
    def dialect(self) -> str:
        """Name the kind."""
        return self._database.dialect

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Commit, unless the process ends before."""

        def risky(connection: Connection) -> T:
            found = work(connection)
            self._commits += 1
            self._crash.here("before commit", self._commits)
            return found

        found = await self._database.write(risky)
        self._crash.here("after commit", self._commits)
        return found

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Read."""
        return await self._database.read(work)

    async def close(self) -> None:
        """Let go."""
        await self._database.close()


def acknowledged(folder: Path) -> int:
    """Count the steps that need not be taken again."""
    return len(Lines(folder / "acknowledged").read())


def live_on(url: str, folder: Path, steps: Sequence[Step], crash: Crash = NOWHERE) -> None:
    """Take the steps that nobody acknowledged yet, in order."""
    gc.disable()  # a life is too short for it, and looking through what was inherited copies it
    asyncio.run(_live_on(url, folder, steps, crash))


async def _live_on(url: str, folder: Path, steps: Sequence[Step], crash: Crash) -> None:
    database, done, hands = MortalDatabase(open_database(url), crash), Lines(folder / "acknowledged"), Hands()
    inbox = an_inbox(database, hands)
    clock = Clock(database, inbox, hands)
    for number, step in list(enumerate(steps))[len(done.read()) :]:
        if isinstance(step, datetime):
            hands.at = step
            while await clock.tick():
                pass
        else:
            hands.at = step.at
            await inbox.accept(step)
        done.add(str(number))
    await database.close()


async def traces(database: Database) -> dict[str, list[Any]]:
    """Read all that a life left behind, in an order of its own; what depends on when a process did it is left out."""
    found = {
        table: await rows(database, f"SELECT {columns} FROM {table} ORDER BY {columns}")
        for table, columns in {
            "runs": "id, person_id, flow, status, opening, state",
            "answers": "run_id, key, person_id, value, said, revision",
            "timers": "run_id, wait, kind, due_at",
            "memories": "person_id, name, text",
            "outbox": "id, place, kind, body",
            "inbox": "event_id",
            "set_aside": "event_id, reason",
        }.items()
    }
    places = await rows(database, "SELECT place, id FROM outbox ORDER BY place, seq")
    kept = await rows(database, "SELECT id, kind, status, due_at, state FROM occurrences ORDER BY id")
    models: dict[str, type[Week | Round]] = {"habit_of_week": Week, "peer_exchange": Round}
    occurrences = [(*row, models[row[1]].model_validate_json(state)) for *row, state in kept]
    return {**found, "places": places, "occurrences": occurrences}
