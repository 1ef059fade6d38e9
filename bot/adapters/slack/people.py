"""Who people are in Slack: names, time zones, languages, as events."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

from slack_sdk.errors import SlackApiError

from bot.adapters.base import Door
from bot.adapters.slack.calls import LOST, error_of
from bot.adapters.slack.inbound import PLATFORM, SLACKBOT, Payload, identity, place_of
from bot.adapters.slack.workspaces import Workspaces
from bot.core.events import EventId
from bot.core.platform_news import PersonGone, PersonMet

SOMEBODY = "there"
"""What somebody is called whose name Slack did not tell: "Hi there"."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of somebody."""

    user: str
    name: str
    zone: str
    lang: str
    is_human: bool
    is_gone: bool
    is_trusted: bool


UNKNOWN = frozenset({"user_not_found", "user_not_visible"})
NOBODY = Profile("", SOMEBODY, "", "en", is_human=False, is_gone=False, is_trusted=False)
"""Whom Slack does not know."""


def profile_of(team: str, user: Payload) -> Profile:
    """Read Slack's description of somebody; people of another organisation in a shared channel are not ours."""
    about: Mapping[str, Any] = user.get("profile") or {}
    name = about.get("display_name") or about.get("real_name") or user.get("real_name") or user.get("name") or ""
    is_ours = user.get("team_id", team) == team and not user.get("is_stranger")
    zone = user.get("tz") or ""
    return Profile(
        user=user["id"],
        name=" ".join(str(name).split())[:80] or SOMEBODY,
        zone=zone if zone in available_timezones() else "",
        lang=str(user.get("locale") or "en"),
        is_human=is_ours and not user.get("is_bot") and user["id"] != SLACKBOT,
        is_gone=bool(user.get("deleted")),
        is_trusted=bool(user.get("is_admin") or user.get("is_owner")),
    )


def met(team: str, profile: Profile, at: datetime, mark: str = "") -> PersonMet:
    """Make the event that somebody was met; `mark` names the news of Slack's that told of it."""
    return PersonMet(
        id=EventId(f"{PLATFORM}/{team}/met/{profile.user}/{mark or uuid4().hex}"),
        at=at,
        who=identity(team, profile.user),
        name=profile.name,
        place=place_of(team, profile.user),
        zone=profile.zone,
        lang=profile.lang,
    )


class People:
    """Makes sure that whoever does something is known, with one call of Slack for each person and process."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces
        self._known: set[tuple[str, str]] = set()
        self._untold: set[tuple[str, str]] = set()

    async def meet(self, door: Door, team: str, user: str, at: datetime) -> None:
        """Let somebody be known before what they did happens; a Slack that does not answer holds up nobody."""
        one = (team, user)
        if one in self._known:
            return
        if one in self._untold or not await door.knows(identity(team, user)):
            profile = await self.profile(team, user)
            if profile is None or profile.is_human:
                await door.accept(met(team, profile or replace(NOBODY, user=user), at))
            if profile is None:
                self._untold.add(one)  # next time Slack may tell
                return
        self._untold.discard(one)
        self._known.add(one)

    def forget(self, team: str) -> None:
        """Meet everybody of a workspace anew: Mull was removed from it."""
        self._known = {known for known in self._known if known[0] != team}

    async def profile(self, team: str, user: str) -> Profile | None:
        """Ask Slack who somebody is; None where it does not say."""
        client = await self._workspaces.client(team)
        if client is None:
            return None
        try:
            answer = await client.users_info(user=user, include_locale=True)
        except SlackApiError as fault:
            return replace(NOBODY, user=user) if error_of(fault) in UNKNOWN else None
        except LOST:
            return None
        found: Mapping[str, Any] = answer["user"]
        return profile_of(team, found)

    async def installed(self, team: str, user: str) -> bool:
        """Say whether somebody added Mull to their workspace."""
        return user == await self._workspaces.installer(team)

    async def changed(self, door: Door, team: str, user: Payload, mark: str, at: datetime) -> None:
        """Follow what changed about somebody who is known: their name, their zone, their account."""
        profile = profile_of(team, user)
        who = identity(team, profile.user)
        if not profile.is_human or not await door.knows(who):
            return
        if not profile.is_gone:
            await door.accept(met(team, profile, at, mark))
        is_back = not profile.is_gone
        gone = PersonGone(id=EventId(f"{PLATFORM}/{team}/account/{mark}"), at=at, who=who, is_back=is_back)
        await door.accept(gone)
