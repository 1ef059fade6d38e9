"""What Slack did not deliver: after each connection, and every ten minutes, open dialogues are read back.

Slack has dropped a day's events and not sent them again (26 February 2025). What the sweep finds goes through the same
door under the same name, so that what was delivered as well is one event.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.adapters.base import Door, OpenDialogue
from bot.adapters.slack.calls import LOST, pause_of
from bot.adapters.slack.channels import Channels
from bot.adapters.slack.inbound import PLATFORM, change_of, moment, parts_of, words_of
from bot.adapters.slack.sending import Held, Sending
from bot.core.people import Place

EARLIER = timedelta(minutes=1)
"""How much before its question an answer is looked for: Slack's clock is not ours."""

EDITED_WITHIN = timedelta(days=1)
"""How much before its question a message is looked for that was changed since: an earlier answer."""

MOST_LOST = 3
"""Connections that may break before a sweep is left to the next one."""

READ_EVERY = timedelta(hours=1)

log = structlog.get_logger()


class Sweep:
    """Reads open dialogues and followed channels back."""

    def __init__(self, sending: Sending, channels: Channels) -> None:
        self._sending, self._channels = sending, channels
        self._not_before: dict[str, datetime] = {}
        self._read_again_at = datetime.min.replace(tzinfo=UTC)
        self._sweeps = 0
        self._read: dict[Place, int] = {}

    async def dialogues(self, door: Door, now: datetime) -> int:
        """Hand over what was written in open dialogues; answer how many messages were found."""
        found = lost = 0
        for dialogue in await self._in_turn(door):
            team, _ = parts_of(dialogue.place)
            if now < self._not_before.get(team, now):
                continue
            try:
                messages = await self._sending.said_since(dialogue.place, dialogue.since - EDITED_WITHIN)
            except (Held, SlackApiError) as fault:
                pause = fault.seconds if isinstance(fault, Held) else pause_of(fault)
                if pause is not None:
                    self._not_before[team] = now + timedelta(seconds=pause)
                log.info("sweep_refused", workspace=team)
                continue
            except LOST as fault:
                log.info("sweep_lost", workspace=team, fault=type(fault).__name__)
                lost += 1
                if lost == MOST_LOST:
                    return found
                continue
            self._read[dialogue.place] = self._sweeps
            for message in messages:
                found += await _hand_over(door, team, message, dialogue.since - EARLIER)
        return found

    async def _in_turn(self, door: Door) -> list[OpenDialogue]:
        """List open dialogues, those first that were not read for longest: Slack may stop a sweep half way."""
        dialogues = await door.open_dialogues(PLATFORM)
        self._sweeps += 1
        self._read = {one.place: self._read.get(one.place, 0) for one in dialogues}
        return sorted(dialogues, key=lambda one: self._read[one.place])

    async def followed(self, door: Door, now: datetime) -> None:
        """Read who is in the channels that groups follow, at most once an hour: who came and left is told as well."""
        if now < self._read_again_at:
            return
        self._read_again_at = now + READ_EVERY
        for place in await door.channels(PLATFORM):
            await self._channels.read_whole(door, place, f"{now:%Y%m%d%H}", now)


async def _hand_over(door: Door, team: str, message: Mapping[str, Any], since: datetime) -> int:
    """Hand over what a message says, where it is of that time, and that it was changed; count both."""
    words, change = words_of(team, message), change_of(team, message)
    events = [event for event in (words if moment(message["ts"]) >= since else None, change) if event is not None]
    for event in events:
        await door.accept(event)
    return len(events)
