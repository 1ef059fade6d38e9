"""`mull migrate`."""

from collections.abc import Callable

from bot.settings import load_settings
from bot.storage.database import open_database
from bot.storage.schema import migrate


async def migrate_database(show: Callable[[str], None]) -> None:
    """Bring the database of this environment up to date and say what was done.

    Raises NewerDatabase where it knows steps that this Mull does not.
    """
    database = open_database(load_settings().database)
    try:
        steps = await migrate(database)
    finally:
        await database.close()
    show(f"Took the step{'s' if len(steps) > 1 else ''} {', '.join(steps)}." if steps else "Already up to date.")
