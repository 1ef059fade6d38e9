"""Channels that groups follow: who is there, who came, who left, and that one was closed."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.adapters.base import Door
from bot.adapters.slack.calls import CLOSED, LOST, NEVER, error_of
from bot.adapters.slack.inbound import PLATFORM, Payload, identity, parts_of, place_of
from bot.adapters.slack.people import People, met
from bot.adapters.slack.workspaces import Workspaces
from bot.core.events import EventId
from bot.core.people import LIST, Identity, Place
from bot.core.platform_news import ChannelClosed, ChannelMoved

CLOSING = {
    "channel_archive": "the channel was archived",
    "channel_deleted": "the channel was deleted",
    "group_archive": "the channel was archived",
    "group_deleted": "the channel was deleted",
    "channel_left": "Mull was taken out of the channel",
    "group_left": "Mull was taken out of the channel",
}
"""Events after which nothing can be posted in a channel, with what its facilitators read."""

MOVES = frozenset({"member_joined_channel", "member_left_channel", *CLOSING})


class Channels:
    """Reads who is in channels and follows it."""

    def __init__(self, workspaces: Workspaces, people: People) -> None:
        self._workspaces, self._people = workspaces, people

    async def read_whole(self, door: Door, place: Place, mark: str, at: datetime) -> None:
        """Let groups know everybody who is in a channel now; `mark` names this reading."""
        team, channel = parts_of(place)
        try:
            found = [await self._meet(door, team, user, at) async for user in self._members(team, channel)]
        except SlackApiError as fault:
            if error_of(fault) in CLOSED:
                await self.close(door, place, NEVER[error_of(fault)], mark, at)
            return
        except LOST:
            return  # the next sweep reads it again
        moved = ChannelMoved(
            id=EventId(f"{PLATFORM}/{team}/members/{channel}/{mark}"),
            at=at,
            who=identity(team, channel),
            place=place,
            here=tuple(who for who in found if who is not None),
            is_whole=True,
        )
        await door.accept(moved)

    async def has_mull(self, place: Place) -> bool:
        """Say whether Mull was let into a channel; where Slack does not tell, it is taken for granted."""
        team, channel = parts_of(place)
        client = await self._workspaces.client(team)
        if client is None or channel.startswith(f"{LIST}:"):
            return True
        try:
            answer: Any = await client.conversations_info(channel=channel)
        except SlackApiError as fault:
            return error_of(fault) not in CLOSED
        except LOST:
            return True
        return bool(answer["channel"].get("is_member", True))

    async def follow(self, door: Door, team: str, event: Payload, mark: str, at: datetime) -> None:
        """Follow that somebody came into a channel or left it, or that it was closed."""
        kind, channel = event["type"], event["channel"]
        place = place_of(team, channel)
        if kind in CLOSING:
            await self.close(door, place, CLOSING[kind], mark, at)
            return
        who = identity(team, event["user"])
        if kind == "member_joined_channel" and await self._meet(door, team, event["user"], at) is None:
            return
        here, left = ((who,), ()) if kind == "member_joined_channel" else ((), (who,))
        name = EventId(f"{PLATFORM}/{team}/{mark}")
        await door.accept(ChannelMoved(id=name, at=at, who=who, place=place, here=here, left=left))

    async def follow_user_group(self, door: Door, team: str, event: Payload, mark: str, at: datetime) -> None:
        """Follow who came into a user group or left it."""
        place = place_of(team, f"{LIST}:{event['subteam_id']}")
        if place not in await door.channels(PLATFORM):
            return
        here = [await self._meet(door, team, user, at) for user in event.get("added_users", ())]
        moved = ChannelMoved(
            id=EventId(f"{PLATFORM}/{team}/{mark}"),
            at=at,
            who=identity(team, event["subteam_id"]),
            place=place,
            here=tuple(who for who in here if who is not None),
            left=tuple(identity(team, user) for user in event.get("removed_users", ())),
        )
        await door.accept(moved)

    async def close(self, door: Door, place: Place, reason: str, mark: str, at: datetime) -> None:
        """Let groups know that nothing can be posted in a channel any more."""
        team, channel = parts_of(place)
        name = EventId(f"{PLATFORM}/{team}/closed/{channel}/{mark}")
        await door.accept(ChannelClosed(id=name, at=at, who=identity(team, channel), place=place, reason=reason))

    async def _meet(self, door: Door, team: str, user: str, at: datetime) -> Identity | None:
        """Make somebody known, where they are a person of this workspace; who was met before needs no call."""
        if await door.knows(identity(team, user)):
            return identity(team, user)
        profile = await self._people.profile(team, user)
        if profile is None or not profile.is_human or profile.is_gone:
            return None
        await door.accept(met(team, profile, at))
        return identity(team, user)

    async def _members(self, team: str, channel: str) -> AsyncIterator[str]:
        client = await self._workspaces.client(team)
        if client is not None and channel.startswith(f"{LIST}:"):
            listed: Any = await client.usergroups_users_list(usergroup=channel.removeprefix(f"{LIST}:"))
            for user in listed["users"]:
                yield user
            return
        cursor = ""
        while client is not None:
            answer: Any = await client.conversations_members(channel=channel, limit=200, cursor=cursor or None)
            for user in answer["members"]:
                yield user
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return
