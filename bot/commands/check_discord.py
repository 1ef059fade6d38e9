"""`mull check`, where Discord is set: is the token good, does the gateway answer, may Mull post in its servers."""

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from math import ceil
from typing import Any

import aiohttp
import discord

from bot.adapters.discord.calls import INVITE_PERMISSIONS, NAMES, invite_link
from bot.commands.finding import Finding
from bot.settings import Settings

SECONDS = 10
MOST_SERVERS = 200
"""Servers that Discord lists at a time."""

REFUSED = 401
AWAY = (
    "Look at MULL_DISCORD_API_URL, and whether this computer reaches it; discordstatus.com says whether Discord works."
)
COPY = "Set MULL_DISCORD_TOKEN anew: at discord.com/developers, in your application under Bot, Reset Token."
NO_ENDPOINT = (
    "At discord.com/developers, in your application under General Information, take out the Interactions Endpoint URL: "
    "with it, no button and no command reaches Mull."
)
PRIVILEGED: Mapping[str, tuple[str, str]] = {
    "Presence": ("gateway_presence", "gateway_presence_limited"),
    "Server Members": ("gateway_guild_members", "gateway_guild_members_limited"),
    "Message Content": ("gateway_message_content", "gateway_message_content_limited"),
}
"""Privileged intents by their names in the portal, and the flags of an application that has them; Mull uses none."""


class Trouble(Exception):
    """Discord answered something else than what it was asked for; or nothing, then the status is 0."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def discord_findings(settings: Settings) -> list[Finding]:
    """Ask Discord about what is set; no finding shows the token."""
    headers = {
        "Authorization": f"Bot {settings.discord_token.get_secret_value()}",
        # https://docs.discord.com/developers/reference#user-agent: an address and a version
        "User-Agent": f"DiscordBot ({settings.address}, {version('mull-bot')})",
    }
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        return await _look(Asking(session, settings.discord_api_url))


class Asking:
    """Asks Discord, once each."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str) -> None:
        self._session, self._api_url = session, api_url

    async def get(self, path: str) -> Any:
        """Read something.

        Raises Trouble.
        """
        try:
            async with self._session.get(f"{self._api_url}{path}", allow_redirects=False) as answer:
                if not answer.ok:
                    raise Trouble(answer.status)
                return await answer.json()
        except aiohttp.ContentTypeError as fault:
            raise Trouble(fault.status) from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            raise Trouble(0) from None

    async def servers(self) -> list[Mapping[str, Any]]:
        """List the servers that Mull is in.

        Raises Trouble.
        """
        found: list[Mapping[str, Any]] = []
        while True:
            after = f"&after={found[-1]['id']}" if found else ""
            page = await self.get(f"/users/@me/guilds?limit={MOST_SERVERS}{after}")
            found += page
            if len(page) < MOST_SERVERS:
                return found


async def _look(asking: Asking) -> list[Finding]:
    try:
        me, servers = await asking.get("/users/@me"), await asking.servers()
        app, gateway = await asking.get("/applications/@me"), await asking.get("/gateway/bot")
    except Trouble as trouble:
        return [_away(trouble)]
    where = {0: "no server yet", 1: "one server"}.get(len(servers), f"{len(servers)} servers")
    return [
        Finding("Discord", f"Mull is @{me['username']} in {where}"),
        *_application(app),
        _gateway(gateway),
        *(finding for server in servers for finding in _server(server)),
        Finding("Discord invite", invite_link(int(app["id"]))),
    ]


def _away(trouble: Trouble) -> Finding:
    if trouble.status == REFUSED:
        return Finding("Discord", f"refuses the token ({REFUSED})", COPY)
    if not trouble.status:
        return Finding("Discord", "does not answer", AWAY)
    return Finding("Discord", f"cannot answer now ({trouble.status})", AWAY)


def _application(app: Mapping[str, Any]) -> Iterator[Finding]:
    if app.get("interactions_endpoint_url"):
        yield Finding("Discord buttons", "go to another address", NO_ENDPOINT)
    flags = discord.ApplicationFlags._from_value(int(app.get("flags") or 0))
    spare = [name for name, either in PRIVILEGED.items() if any(getattr(flags, flag) for flag in either)]
    if spare:
        switch = "you can switch them off under Bot, Privileged Gateway Intents"
        yield Finding("Discord intents", f"more than Mull needs: {', '.join(spare)}; {switch}")
    else:
        yield Finding("Discord intents", "no privileged one is on, and Mull needs none")


def _gateway(gateway: Mapping[str, Any]) -> Finding:
    limit, shards = gateway["session_start_limit"], int(gateway["shards"])
    state = f"answers; {shards} shard{'s' * (shards != 1)}, {limit['remaining']} of {limit['total']} starts left today"
    if limit["remaining"] >= shards:
        return Finding("Discord gateway", state)
    return Finding("Discord gateway", state, f"Wait {ceil(limit['reset_after'] / 60_000)} minutes, then start Mull.")


def _server(server: Mapping[str, Any]) -> Iterator[Finding]:
    """Compare what Mull's roles allow there; a channel may allow, or deny, more."""
    has = discord.Permissions(int(server["permissions"]))
    if has.administrator:
        yield Finding(f"Discord {server['name']}", "Mull is an administrator there, which is more than it needs")
    elif not has.is_superset(INVITE_PERMISSIONS):
        lacks = ", ".join(f"“{name}”" for permission, name in NAMES.items() if not getattr(has, permission))
        yield Finding(f"Discord {server['name']}", f"Mull posts only in channels that allow it {lacks}")
