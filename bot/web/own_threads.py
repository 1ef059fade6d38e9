"""What was written to somebody about their own answers, as their pages show it."""

from bot.core.errors import NotYours
from bot.core.people import PersonId
from bot.core.runs import ThreadId
from bot.storage.connection import Connection
from bot.storage.threads import ThreadRead, load_thread, load_waiting


def newest_waiting(connection: Connection, person: PersonId) -> ThreadRead | None:
    """Find the newest thread in which somebody else had the last word, and which nobody is done with."""
    return next(iter(load_waiting(connection, person)), None)


def own_thread(connection: Connection, person: PersonId, thread: ThreadId) -> ThreadRead:
    """Find a thread about somebody's own answer.

    Raises NotYours where it is about another's, or where there is none.
    """
    found = load_thread(connection, thread)
    if found is None or found.person != person:
        raise NotYours
    return found
