"""Who is in a club: read off what a press says of its person, and looked after once a day.

Discord lists a server's members only to bots with a privileged intent. A press names the roles of its person, and one
member may be asked for at a time (https://docs.discord.com/developers/resources/guild#get-guild-member), so that
whoever presses is in, and whoever left, or lost the role, is out within a day.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import discord
import structlog

from bot.adapters.base import Door
from bot.adapters.discord.calls import LOST
from bot.adapters.discord.inbound import PLATFORM, Payload, event_id, identity, place_of, user_of
from bot.core.events import EventId
from bot.core.people import LIST, Identity, Place
from bot.core.platform_news import ChannelMoved, PersonMet

BY_HAND = "c"
"""Begins the name of a list whose people the advisor picks one by one: ``list:c<channel id>``."""

UNKNOWN_MEMBER = 10007
MOST_KNOWN = 50_000

log = structlog.get_logger()


class ReadsMembers(Protocol):
    """The one call it takes to look after a member."""

    async def get_member(self, guild: str, user: str) -> Mapping[str, Any]:
        """Read one member of a server; raises discord.NotFound where they left."""


class Members:
    """Meets people and follows who belongs to clubs."""

    def __init__(self) -> None:
        self._met: dict[str, tuple[str, str]] = {}
        self._stands: dict[tuple[str, Place], bool] = {}

    async def arrive(self, door: Door, payload: Payload, now: datetime) -> None:
        """Make whoever did something known, and let the clubs of that server know whether they belong."""
        await self._meet(door, payload, now)
        guild = payload.get("guild_id")
        if not guild:
            return
        user = user_of(payload)
        for place in await self._clubs(door, guild):
            belongs = _belongs(place, payload)
            if belongs is None or self._stands.get((user, place)) == belongs:
                continue
            who = (identity(user),)
            moved = ChannelMoved(
                id=EventId(f"{event_id(payload)}/{place}"),
                at=now,
                who=identity(user),
                place=place,
                here=who if belongs else (),
                left=() if belongs else who,
            )
            await door.accept(moved)
            self._keep(user, place, belongs=belongs)

    async def pick(self, door: Door, payload: Payload, place: Place, now: datetime) -> list[str]:
        """Put the people that an advisor picked onto a list kept by hand; answer their names."""
        resolved = payload["data"].get("resolved") or {}
        users: Mapping[str, Mapping[str, Any]] = resolved.get("users") or {}
        members: Mapping[str, Mapping[str, Any]] = resolved.get("members") or {}
        picked = {user: users[user] for user in payload["data"].get("values", ()) if user in users}
        named = {user: _name(who, members.get(user)) for user, who in picked.items() if not who.get("bot")}
        for user, name in named.items():
            if not await door.knows(identity(user)):
                await door.accept(_met(f"{event_id(payload)}/met/{user}", user, name, "en", now))
        moved = ChannelMoved(
            id=EventId(f"{event_id(payload)}/picked"),
            at=now,
            who=identity(user_of(payload)),
            place=place,
            here=tuple(identity(user) for user in named),
        )
        await door.accept(moved)
        return sorted(named.values())

    async def look_after(self, door: Door, reads: ReadsMembers, now: datetime) -> int:
        """Ask after everybody who is in a club; take out who left the server or lost the role; count them."""
        gone = 0
        for place in await door.channels(PLATFORM):
            _, guild, name = place.split(":", 2)
            for who in await door.members(place):
                if await self._is_still_there(reads, guild, name, who):
                    continue
                left = ChannelMoved(
                    id=EventId(f"{PLATFORM}/gone/{place}/{who.external_id}/{now:%Y%m%d%H%M}"),
                    at=now,
                    who=who,
                    place=place,
                    left=(who,),
                )
                await door.accept(left)
                self._stands.pop((who.external_id, place), None)
                gone += 1
        return gone

    async def _is_still_there(self, reads: ReadsMembers, guild: str, name: str, who: Identity) -> bool:
        try:
            member = await reads.get_member(guild, who.external_id)
        except discord.NotFound as fault:
            return fault.code != UNKNOWN_MEMBER
        except (discord.HTTPException, *LOST) as fault:
            log.info("member_not_read", guild=guild, fault=type(fault).__name__)
            return True
        role = name.removeprefix(f"{LIST}:")
        return role in (name, guild) or role.startswith(BY_HAND) or role in member.get("roles", ())

    async def _meet(self, door: Door, payload: Payload, now: datetime) -> None:
        user = user_of(payload)
        who: Mapping[str, Any] = (payload.get("member") or {}).get("user") or payload["user"]
        name, lang = _name(who, payload.get("member")), str(payload.get("locale") or "en")
        if self._met.get(user) != (name, lang):
            await door.accept(_met(f"{event_id(payload)}/met", user, name, lang, now))
            if len(self._met) >= MOST_KNOWN:
                self._met.clear()
            self._met[user] = name, lang

    async def _clubs(self, door: Door, guild: str) -> list[Place]:
        under = f"{PLATFORM}:{guild}:"
        return [place for place in await door.channels(PLATFORM) if place.startswith(under)]

    def _keep(self, user: str, place: Place, *, belongs: bool) -> None:
        if len(self._stands) >= MOST_KNOWN:
            self._stands.clear()
        self._stands[user, place] = belongs


def _belongs(place: Place, payload: Payload) -> bool | None:
    """Say whether a press shows that its person belongs to those a club asks; None where it shows nothing."""
    name = place.split(":", 2)[2]
    listed = name.removeprefix(f"{LIST}:")
    if listed == name:
        return True if payload.get("channel_id") == name else None
    if listed.startswith(BY_HAND):
        return None
    return listed == payload.get("guild_id") or listed in payload["member"].get("roles", ())


def _name(user: Mapping[str, Any], member: Mapping[str, Any] | None) -> str:
    """Find what others call somebody: in that server, else everywhere."""
    return str((member or {}).get("nick") or user.get("global_name") or user.get("username") or "")


def _met(name: str, user: str, called: str, lang: str, at: datetime) -> PersonMet:
    return PersonMet(id=EventId(name), at=at, who=identity(user), name=called, lang=lang, place=place_of(user))
