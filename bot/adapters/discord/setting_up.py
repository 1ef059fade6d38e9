"""A club's channel as its advisor picked it: what it is called, who belongs, and whether Mull may post there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import discord

from bot.adapters.asking import Channel, Item, Reply
from bot.adapters.discord.calls import missing
from bot.adapters.discord.inbound import Payload, channel_place, list_place
from bot.adapters.discord.members import BY_HAND
from bot.adapters.discord.outbound import Message, reply_messages
from bot.core.people import Place

CLUB = "club"
PEOPLE = "people"
"""Names the list of people kept by hand, in words of a button and before the channel in a menu's id."""

EVERYBODY = "-"
NOT_THERE = "I can't see that channel. Give me “View Channels” there, or pick another, then run /mull-setup again."
IN_A_SERVER = "Run this in the server of your club: /mull-setup"
LACKS = (
    "I can't post in #{channel} yet. There I still need: {permissions}. You find it under the channel's settings, "
    "Permissions, Mull. Then run /mull-setup again; nothing has been posted."
)
PICKED = "Now on the list: {names}. They are in the club, and find my next post in the channel."
NOBODY = "Nobody was added. Bots can't be in a club."


class SettingUp:
    """Reads what an advisor picked, against what Discord says is there now."""

    def __init__(self, client: Callable[[], discord.Client | None]) -> None:
        self._client = client

    def may_manage(self, payload: Payload) -> bool:
        """Say whether Discord lets this person manage the server."""
        permissions = discord.Permissions(int((payload.get("member") or {}).get("permissions") or 0))
        return permissions.manage_guild or permissions.administrator

    def here(self, payload: Payload) -> Channel | None:
        """Name the channel that something was pressed in."""
        guild, channel = payload.get("guild_id"), payload.get("channel_id")
        return Channel(place=channel_place(guild, channel)) if guild and channel else None

    def wanted(self, payload: Payload) -> tuple[Channel, str] | str:
        """Read the command's picks: the channel and the zone; or a sentence on what is missing."""
        given: Mapping[str, Any] = {one["name"]: one["value"] for one in payload["data"].get("options", ())}
        listed = PEOPLE if given.get("people") else str(given.get("role") or EVERYBODY)
        found = self._channel(payload, str(given.get("channel") or payload["channel_id"]), listed)
        return found if isinstance(found, str) else (found, str(given.get("zone") or ""))

    def chosen(self, payload: Payload, words: str) -> tuple[Channel, str] | str:
        """Read the picks back from a button: ``club yes <zone> <channel> <list>``; and the words without them."""
        *rest, channel, listed = words.split()
        found = self._channel(payload, channel, listed)
        return found if isinstance(found, str) else (found, " ".join(rest))

    def by_hand(self, payload: Payload, channel: str) -> Place:
        """Name the list of people that is kept by hand for a channel."""
        return list_place(str(payload.get("guild_id")), f"{BY_HAND}{channel}")

    def picks(self, channel: Channel | None) -> str:
        """Name the menu that people are picked from, for a club whose list is kept by hand."""
        is_by_hand = channel is not None and channel.spelled.endswith(f" {PEOPLE}")
        return f"{PEOPLE}:{channel.spelled.split()[0]}" if channel is not None and is_by_hand else ""

    def picked(self, names: Sequence[str]) -> list[Message]:
        """Say who is on the list now."""
        text = PICKED.format(names=", ".join(names)) if names else NOBODY
        return reply_messages(Reply(items=(Item(text=text),)))

    def _channel(self, payload: Payload, channel_id: str, listed: str) -> Channel | str:
        client, guild_id = self._client(), payload.get("guild_id")
        guild = client.get_guild(int(guild_id)) if client is not None and guild_id else None
        if guild is None or not guild_id or not channel_id.isdecimal():
            return IN_A_SERVER
        channel = guild.get_channel_or_thread(int(channel_id))
        if not isinstance(channel, discord.TextChannel | discord.Thread):
            return NOT_THERE
        lacking = missing(channel, guild.me)
        if lacking:
            return LACKS.format(channel=channel.name, permissions=", ".join(f"“{name}”" for name in lacking))
        return Channel(
            place=channel_place(guild_id, channel_id),
            name=channel.name,
            listed=_list(guild_id, channel_id, listed),
            spelled=f"{channel_id} {listed}",
        )


def _list(guild: str, channel: str, listed: str) -> Place | None:
    if listed == EVERYBODY:
        return None
    return list_place(guild, f"{BY_HAND}{channel}" if listed == PEOPLE else listed)
