"""What was written about answers, wherever answers are shown."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import quote, urlsplit

from bot.core.runs import RunId
from bot.storage.answers import RunRead
from bot.storage.connection import Connection
from bot.storage.threads import ThreadRead, threads_by_answer

Threads: TypeAlias = Mapping[tuple[RunId, str], Sequence[ThreadRead]]

SHOWN_ON = re.compile(r"/review|/groups/[\w-]+(/people/[\w-]+)?", re.ASCII)
"""Pages that show threads, and that a form about one may lead back to."""


def threads_of(connection: Connection, runs: Collection[RunRead]) -> Threads:
    """Read what was written about runs, by answer."""
    return threads_by_answer(connection, [run.id for run in runs])


def way_back(written: str) -> str:
    """Read where a form leads back to: a page of ours that shows threads, never anywhere else."""
    try:
        parts = urlsplit(written)
    except ValueError:
        return "/review"
    if parts.scheme or parts.netloc or not SHOWN_ON.fullmatch(parts.path):
        return "/review"
    query, place = (quote(part, safe="=&%+.~-_") for part in (parts.query, parts.fragment))
    return parts.path + (f"?{query}" if query else "") + (f"#{place}" if place else "")
