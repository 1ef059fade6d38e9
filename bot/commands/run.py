"""`mull run`."""

import secrets
from datetime import UTC, datetime, timedelta

import structlog
import typer

from bot.app import Role, serve
from bot.core.errors import MullError
from bot.core.people import GroupId, PersonId
from bot.logs import set_up_logs
from bot.settings import load_settings
from bot.storage.bootstrap import add_owner, is_empty
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.sessions import make_link

OWNER_LINK_LIVES = timedelta(hours=24)

log = structlog.get_logger()


class NoSuchRole(MullError):
    """There is no such role; there are all, web, slack and discord."""


async def serve_here(role: str = Role.ALL) -> None:
    """Serve with the settings of this environment.

    Raises NoSuchRole, and what `serve` raises.
    """
    if role not in set(Role):
        raise NoSuchRole
    settings = load_settings()
    set_up_logs(settings.log_level)
    await serve(settings, _announce, Role(role))


async def _announce(database: Database, address: str) -> None:
    token = await database.write(_owner_token)
    typer.echo(f"Mull is ready at {address}" if address else "Mull is ready, and listens")
    if token is not None and address:
        typer.echo("Nobody is here yet. This link makes you its owner; it works once, within a day:")
        typer.echo(f"  {address}/sign-in/{token}")


def _owner_token(connection: Connection) -> str | None:
    if not is_empty(connection):
        return None
    now = datetime.now(UTC)
    owner = PersonId(secrets.token_hex(8))
    add_owner(connection, owner, GroupId(secrets.token_hex(8)), now)
    return make_link(connection, owner, now + OWNER_LINK_LIVES)
