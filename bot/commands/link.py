"""`mull link`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.app import opened_database
from bot.core.errors import MullError
from bot.core.people import Action
from bot.settings import load_settings
from bot.storage.connection import Connection
from bot.storage.people import find_by_name, load_actor
from bot.storage.sessions import make_link

LINK_LIVES = timedelta(hours=24)


class NobodyOfThatName(MullError):
    """Nobody of that name facilitates or administers a group here."""


async def print_link(name: str, show: Callable[[str], None]) -> None:
    """Print a one-time sign-in link for each facilitator or observer of that name.

    Raises NobodyOfThatName.
    """
    settings = load_settings()
    async with opened_database(settings) as database:
        tokens = await database.write(lambda connection: _tokens(connection, name))
    if not tokens:
        raise NobodyOfThatName
    show("Works once, within a day:")
    for token in tokens:
        show(f"  {settings.address}/sign-in/{token}")


def _tokens(connection: Connection, name: str) -> list[str]:
    now = datetime.now(UTC)
    return [
        make_link(connection, person, now + LINK_LIVES)
        for person in find_by_name(connection, name)
        if load_actor(connection, person).groups(Action.ADMINISTER)
    ]
