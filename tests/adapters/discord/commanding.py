"""Mull's commands on a client of discord.py, with nobody at the other end."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import discord
from discord import app_commands
from discord.http import HTTPClient

from bot.adapters.discord.commands import Choices, Take, build_tree, tree_payload

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
Payload = dict[str, Any]


class Registry(HTTPClient):
    """Stands where Discord's interface is: keeps what was registered."""

    def __init__(self) -> None:
        super().__init__(asyncio.get_running_loop())
        self.registered: list[list[Payload]] = []
        self.suggested: list[list[Payload]] = []

    async def bulk_upsert_global_commands(self, application_id: Any, payload: Any) -> Any:
        """Take all commands in place of those before."""
        self.registered.append(payload)
        return await self.get_global_commands(application_id)

    async def get_global_commands(self, application_id: Any, *, with_localizations: bool = True) -> Any:
        """List what is registered, with ids."""
        told = {"description": "", "application_id": str(application_id), "version": "1"}
        return [{**told, **command, "id": str(100 + n)} for n, command in enumerate(self.registered[-1])]


class Answering(discord.InteractionResponse[discord.Client]):
    """Keeps the suggestions that an interaction is answered with."""

    def __init__(self, parent: discord.Interaction, registry: Registry) -> None:
        super().__init__(parent)
        self._registry = registry

    async def autocomplete(self, choices: Sequence[app_commands.Choice[Any]]) -> None:
        """Take suggestions."""
        self._registry.suggested.append([choice.to_dict() for choice in choices])


@dataclass
class Taken:
    """What the commands hand over."""

    interactions: list[discord.Interaction] = field(default_factory=list)
    errors: list[app_commands.AppCommandError] = field(default_factory=list)

    async def take(self, interaction: discord.Interaction) -> None:
        """Take a command."""
        self.interactions.append(interaction)

    async def complete(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest something that holds what was typed."""
        return [app_commands.Choice(name=f"From the house: {typed}", value=typed)]

    async def failed(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        """Take what went wrong."""
        self.errors.append(error)


@dataclass
class Scene:
    """A client with the commands, and Discord's interface beside it."""

    taken: Taken
    registry: Registry
    tree: app_commands.CommandTree[discord.Client]


def make_scene(take: Take | None = None) -> Scene:
    """Set the scene; `take` stands in for what takes commands."""
    client = discord.Client(intents=discord.Intents(guilds=True))
    me = {"id": "1", "username": "mull", "discriminator": "0", "avatar": None, "global_name": None}
    client._connection.user = discord.ClientUser(state=client._connection, data=cast(Any, me))
    registry, taken = Registry(), Taken()
    client._connection.application_id = 7
    client.http = client._connection.http = registry
    return Scene(taken, registry, build_tree(client, take or taken.take, taken.complete, taken.failed))


async def payloads(scene: Scene) -> dict[str, Payload]:
    """Lay out what Discord is told, by name."""
    return {command["name"]: command for command in await tree_payload(scene.tree)}


def texts(payload: Payload) -> Iterator[Payload]:
    """Walk through a command, its sub-commands and their options."""
    yield payload
    for option in payload.get("options", ()):
        yield from texts(option)


def localised(text: Payload) -> Sequence[str]:
    """List a description in its other languages."""
    return list((text.get("description_localizations") or {}).values())


def interaction(scene: Scene, data: Payload, kind: int = 2, **given: Any) -> discord.Interaction:
    """Make what comes from Discord when somebody uses a command."""
    user = {"id": "5", "username": "ben", "discriminator": "0", "avatar": None, "global_name": "Ben"}
    payload = {
        "id": str(discord.utils.time_snowflake(NOON)),
        "application_id": "7",
        "type": kind,
        "token": "t",
        "version": 1,
        "channel_id": "20",
        "user": user,
        "locale": "en-GB",
        "data": {"id": "100", "type": 1} | data,
        "attachment_size_limit": 1,
        "entitlements": [],
        "authorizing_integration_owners": {},
    }
    made = discord.Interaction(data=cast(Any, payload | given), state=scene.tree.client._connection)
    setattr(made, "_cs_response", Answering(made, scene.registry))  # noqa: B010 - the library keeps it there, untyped
    return made


def sub(name: str, *options: Payload) -> Payload:
    """Make the data of a sub-command."""
    return {"name": "mull", "options": [{"type": 1, "name": name, "options": list(options)}]}
