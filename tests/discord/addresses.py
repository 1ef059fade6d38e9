"""Where the client library believes Discord to be: it knows that once for the whole process, so tests put it back."""

from typing import TypeAlias

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

Addresses: TypeAlias = tuple[str, yarl.URL]


def addresses() -> Addresses:
    """Read them: of the REST API, of the gateway."""
    return Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY


def point_to(there: Addresses) -> None:
    """Set them."""
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = there
