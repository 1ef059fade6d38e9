"""What discord.py has taken apart, written down again as Discord sent it, as far as anything here reads it."""

from typing import Any

import discord

from bot.adapters.discord.inbound import Payload
from bot.adapters.discord.showing import Interaction, is_in_guild


def payload_of(interaction: Interaction) -> Payload:
    """Write an interaction as Discord sent it, as far as anything here reads it."""
    user, message = interaction.user, interaction.message
    named = {"id": str(user.id), "username": user.name, "global_name": user.global_name, "bot": user.bot}
    payload: dict[str, Any] = {
        "id": str(interaction.id),
        "type": interaction.type.value,
        "guild_id": str(interaction.guild_id) if is_in_guild(interaction) else None,
        "channel_id": str(interaction.channel_id),
        "locale": interaction.locale.value,
        "user": named,
        "data": interaction.data or {},
        "message": None if message is None else _pressed(message),
    }
    if isinstance(user, discord.Member):
        payload["member"] = {
            "user": named,
            "nick": user.nick,
            "roles": [str(role) for role in user._roles],
            "permissions": str(interaction.permissions.value),
        }
    return payload


def _pressed(message: discord.Message) -> dict[str, Any]:
    ids = [
        child.custom_id
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for child in row.children
        if child.custom_id
    ]
    return {"id": str(message.id), "content": message.content, "custom_ids": ids, "flags": message.flags.value}


def holds_question(payload: Payload) -> bool:
    """Say whether a question stands in what was pressed: then an aside does not take its place."""
    ids = (payload.get("message") or {}).get("custom_ids", ())
    return any(name.startswith(("answer:", "pick:", "write:", "control:")) for name in ids)


def opens_field(interaction: Interaction, payload: Payload) -> bool:
    """Say whether a press only opens a field to write in, which needs nothing of the house."""
    is_press = interaction.type is discord.InteractionType.component
    return is_press and str(payload["data"].get("custom_id", "")).startswith("write:")


def shown_in(payload: Payload) -> str:
    """Find the words of the message that was pressed: the question is among them."""
    return str((payload.get("message") or {}).get("content") or "")


def words_in(payload: Payload) -> list[str]:
    """Find what somebody wrote into a modal."""
    found: list[str] = []
    for row in payload["data"].get("components", ()):
        field = row.get("component") or {}
        if isinstance(field.get("value"), str) and field["value"].strip():
            found.append(field["value"])
    return found


def write_down(message: discord.Message) -> dict[str, Any]:
    """Write a message as Discord sent it, as far as anything here reads it."""
    edited = message.edited_at
    return {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "type": message.type.value,
        "content": message.content,
        "edited_timestamp": None if edited is None else edited.isoformat(),
        "author": {
            "id": str(message.author.id),
            "username": message.author.name,
            "global_name": message.author.global_name,
            "bot": message.author.bot,
        },
    }
