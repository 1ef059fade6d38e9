"""Mull's controls, found again by their ids: they work after a restart, and weeks later."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, Self, cast

import discord

OURS = re.compile(r"(?:do|answer|pick|control|controls|write|people)(?::.*)?", re.DOTALL)


class Listens(Protocol):
    """A client that hands what is pressed on."""

    take: Callable[[discord.Interaction[Any]], Awaitable[None]]


class Control(discord.ui.DynamicItem[discord.ui.Item[Any]], template=OURS):
    """A button that was pressed, or a menu that something was chosen from."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Take it as Discord sent it."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand it over."""
        await cast("Listens", interaction.client).take(interaction)
