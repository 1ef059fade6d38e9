"""Files on their way: each is made beside whatever else goes on, says how far it is, and waits to be taken.

They hold what people wrote. So they lie in a folder that only Mull can read, not for long, and not beyond its end.
"""

import asyncio
import logging
import secrets
import shutil
import tempfile
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from bot.core.people import GroupId, PersonId
from bot.storage.exports import ExportRow

KEPT = timedelta(minutes=10)
"""How long a file waits, from when it was asked for or last looked at."""

Chunks: TypeAlias = AsyncIterator[Sequence[ExportRow]]
Write: TypeAlias = Callable[[Path, Chunks], Awaitable[None]]

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Making:
    """A file on its way: for whom, of which group, and how many of its rows are written."""

    id: str
    person: PersonId
    group: GroupId
    kind: str
    name: str
    path: Path
    total: int
    seen_at: datetime
    done: int = 0
    is_failed: bool = False
    task: asyncio.Task[None] | None = None

    @property
    def is_ready(self) -> bool:
        """Say whether it can be taken."""
        return self.task is not None and self.task.done() and not self.is_failed


class Files:
    """The files that are being made or wait; a restart forgets them."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._files: dict[str, Making] = {}

    def begin(
        self,
        write: Write,
        chunks: Chunks,
        *,
        person: PersonId,
        group: GroupId,
        kind: str,
        name: str,
        total: int,
        now: datetime,
    ) -> Making:
        """Begin to make a file of so many rows; older ones that nobody takes go away."""
        for old in [one for one in self._files.values() if now - one.seen_at > KEPT]:
            self.drop(old)
        made = secrets.token_urlsafe(16)
        path = self._home() / made
        making = Making(id=made, person=person, group=group, kind=kind, name=name, path=path, total=total, seen_at=now)
        self._files[making.id] = making
        making.task = asyncio.create_task(self._make(making, write, chunks))
        return making

    def find(self, name: str, person: PersonId, group: GroupId, now: datetime) -> Making | None:
        """Find a file of whoever asked for it; nobody else finds it."""
        making = self._files.get(name)
        if making is None or (making.person, making.group) != (person, group) or now - making.seen_at > KEPT:
            return None
        making.seen_at = now
        return making

    def drop(self, making: Making) -> None:
        """Let go of a file, ready or not."""
        self._files.pop(making.id, None)
        if making.task is not None:
            making.task.cancel()
        making.path.unlink(missing_ok=True)

    async def _make(self, making: Making, write: Write, chunks: Chunks) -> None:
        async def counted() -> Chunks:
            async for rows in chunks:
                yield rows
                making.done += len(rows)

        try:
            await write(making.path, counted())
        except Exception:
            making.is_failed = True
            log.exception("a file to take along could not be made")
        finally:
            if making.id not in self._files:
                making.path.unlink(missing_ok=True)

    def _home(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="mull-files-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder
