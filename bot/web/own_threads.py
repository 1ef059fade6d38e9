"""What was written to somebody about their own answers, as their pages show it."""

from collections.abc import Collection, Mapping

from bot.core.errors import NotYours
from bot.core.people import PersonId
from bot.core.runs import RunId, ThreadId
from bot.storage.connection import Connection
from bot.storage.threads import ThreadRead, load_own_threads, load_thread, load_threads

LOOKED_AT = 50
"""Threads among which the newest that waits for its person is looked for."""

ByAnswer = Mapping[tuple[RunId, str], list[ThreadRead]]


def threads_by_answer(connection: Connection, runs: Collection[RunId]) -> ByAnswer:
    """Read the threads of runs by the answer that they are about: run and key."""
    found: dict[tuple[RunId, str], list[ThreadRead]] = {}
    for one in load_threads(connection, runs) if runs else ():
        found.setdefault((one.run, one.key), []).append(one)
    return found


def newest_waiting(connection: Connection, person: PersonId) -> ThreadRead | None:
    """Find the newest thread in which somebody else had the last word, and which nobody is done with."""
    own = load_own_threads(connection, person, LOOKED_AT)
    return next((one for one in own if one.resolved_at is None and one.last_by != person), None)


def own_thread(connection: Connection, person: PersonId, thread: ThreadId) -> ThreadRead:
    """Find a thread about somebody's own answer.

    Raises NotYours where it is about another's, or where there is none.
    """
    found = load_thread(connection, thread)
    if found is None or found.person != person:
        raise NotYours
    return found
