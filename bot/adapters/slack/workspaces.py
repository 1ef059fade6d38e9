"""The workspaces Mull is in, and a client for each."""

import time
from typing import Protocol

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

SECONDS = 20
"""How long one call may take: less than the outbox waits."""

REFUSED_FOR = 60.0
"""Seconds in which a token that Slack refused is not used: by then all that waits in its workspace was given up."""


class Tokens(Protocol):
    """Where a workspace's token comes from."""

    async def token(self, team: str) -> str | None:
        """Find the token; None where Mull is not installed."""

    async def installer(self, team: str) -> str | None:
        """Name who installed Mull, where that is known."""


class Workspaces:
    """Clients by workspace, over one pool of connections; none of them repeats a call by itself."""

    def __init__(self, tokens: Tokens, api_url: str) -> None:
        self._tokens, self._api_url = tokens, api_url
        self._session: aiohttp.ClientSession | None = None
        self._clients: dict[str, AsyncWebClient] = {}
        self._refused: dict[str, tuple[str | None, float]] = {}

    async def client(self, team: str) -> AsyncWebClient | None:
        """Make the client of a workspace; None where Mull is not installed."""
        if team not in self._clients:
            token = await self._tokens.token(team)
            if token is None or self._is_refused(team, token):
                return None
            self._clients[team] = self.client_with(token)
        return self._clients[team]

    async def installer(self, team: str) -> str | None:
        """Name who installed Mull in a workspace, where that is known."""
        return await self._tokens.installer(team)

    def client_with(self, token: str | None) -> AsyncWebClient:
        """Make a client for a token."""
        # retry_handlers=[]: the SDK's own handler posts a second time after a lost connection.
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        return AsyncWebClient(
            token=token, base_url=self._api_url, session=self._session, timeout=SECONDS, retry_handlers=[]
        )

    def forget(self, team: str) -> None:
        """Use a workspace's token no more; it is looked up again when somebody writes from there."""
        self._clients.pop(team, None)

    def refuse(self, team: str, client: AsyncWebClient) -> bool:
        """Use a client no more, as Slack refused its token; answer False where that was known."""
        if self._clients.get(team) is not client:
            return False
        del self._clients[team]
        self._refused[team] = (client.token, time.monotonic() + REFUSED_FOR)
        return True

    def _is_refused(self, team: str, token: str) -> bool:
        refused, until = self._refused.get(team, (None, 0.0))
        return token == refused and time.monotonic() < until

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
