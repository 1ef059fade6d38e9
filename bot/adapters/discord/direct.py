"""Direct conversations: what people write there, change and take back; also what Discord did not deliver."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import discord
import structlog

from bot.adapters.asking import SPOKEN, STOPS_MESSAGES, Asked, Item, Reply
from bot.adapters.base import Door
from bot.adapters.discord.calls import LOST
from bot.adapters.discord.inbound import PLATFORM, changed_in_dm, deleted_in_dm, identity, place_of, said_in_dm
from bot.adapters.discord.outbound import reply_messages
from bot.adapters.discord.payloads import write_down
from bot.adapters.discord.sending import Sending
from bot.core.errors import MullError
from bot.core.events import EventId, Outcome, TextChanged, TextReceived
from bot.core.platform_news import MullAddressed, PersonMet

EARLIER = timedelta(minutes=1)
"""How much before its question an answer is looked for: Discord's clock is not ours."""

EDITED_WITHIN = timedelta(days=1)
"""How much before its question a message is looked for that was changed since: an earlier answer."""

NOT_SAVED = "Not saved yet. Your words are still above, and I try again by myself in a moment."

log = structlog.get_logger()


class Direct:
    """Takes direct messages to the door; `on_missed` asks for a sweep where one could not be kept."""

    def __init__(
        self, door: Door, sending: Sending, now: Callable[[], datetime], on_missed: Callable[[], None]
    ) -> None:
        self._door, self._sending, self._now, self._on_missed = door, sending, now, on_missed
        self._met: set[str] = set()

    async def said(self, message: Mapping[str, Any]) -> None:
        """Take words in."""
        event = said_in_dm(message)
        if event is None:
            return
        user = str(message["author"]["id"])
        self._sending.know(user, int(message["channel_id"]))
        try:
            await self._meet(message)
            if not await self._is_to_mull(user, event):
                await self._door.accept(event)
        except MullError:
            self._on_missed()
            await self._tell(user, Reply(items=(Item(text=NOT_SAVED),)))

    async def changed(self, message: Mapping[str, Any]) -> None:
        """Take a change of words in."""
        event = changed_in_dm(message)
        if event is not None:
            await self._accept(event)

    async def deleted(self, channel: int, message: int) -> None:
        """Take words back: a deletion does not say whose they were, the conversation does."""
        user = self._sending.holder(channel)
        gone = {"id": str(message), "channel_id": str(channel)}
        event = None if user is None else deleted_in_dm(gone, user, self._now())
        if event is not None:
            await self._accept(event)

    async def sweep(self) -> int:
        """Hand over what was written in open dialogues while nobody listened; count it."""
        found = 0
        for dialogue in await self._door.open_dialogues(PLATFORM):
            user = dialogue.who.external_id
            if not self._sending.talks_with(user) and not await self._door.may_message(dialogue.who):
                continue
            try:
                messages = await self._sending.said_to(user, dialogue.since - EDITED_WITHIN)
            except (discord.HTTPException, *LOST) as fault:
                log.info("sweep_refused", fault=type(fault).__name__)
                continue
            for message in messages:
                found += await self._hand_over(message, dialogue.since - EARLIER)
        return found

    async def _hand_over(self, message: discord.Message, since: datetime) -> int:
        written = write_down(message)
        words = said_in_dm(written) if message.created_at >= since else None
        change = changed_in_dm(written) if message.edited_at is not None else None
        for event in (words, change):
            if event is not None:
                await self._door.accept(event)
        return (words is not None) + (change is not None)

    async def _accept(self, event: TextChanged) -> None:
        try:
            await self._door.accept(event)
        except MullError:
            self._on_missed()

    async def _is_to_mull(self, user: str, said: TextReceived) -> bool:
        """Answer words that mean Mull itself; where a question is open they are its answer."""
        words = said.text.strip().casefold().rstrip(".!")
        if words not in SPOKEN and words != STOPS_MESSAGES:
            return False
        asked = Asked(
            id=EventId(f"{said.id}/asked"),
            at=said.at,
            who=identity(user),
            place=place_of(user),
            words=said.text,
            is_spoken=words != STOPS_MESSAGES,
        )
        reply = await self._door.ask(asked)
        if reply == Reply():
            return False
        if await self._door.accept(MullAddressed(id=said.id, at=said.at, who=said.who)) is Outcome.ACCEPTED:
            await self._tell(user, reply)
        return True

    async def _tell(self, user: str, reply: Reply) -> None:
        try:
            for message in reply_messages(reply):
                await self._sending.say(user, message)
        except (discord.HTTPException, *LOST) as fault:
            log.info("answer_not_said", fault=type(fault).__name__)

    async def _meet(self, message: Mapping[str, Any]) -> None:
        user = str(message["author"]["id"])
        if user in self._met or await self._door.knows(identity(user)):
            self._met.add(user)
            return
        name = str(message["author"].get("global_name") or message["author"].get("username") or "")
        met = PersonMet(
            id=EventId(f"{PLATFORM}/{user}/{message['id']}/met"),
            at=self._now(),
            who=identity(user),
            name=name,
            place=place_of(user),
        )
        await self._door.accept(met)
