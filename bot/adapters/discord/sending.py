"""Effects on their way to Discord: to a channel, to whoever is there or wished for messages; or not yet.

Nobody is written to unasked. What cannot reach its person waits until they come by, and the house calls their group in
its channel meanwhile. A message's nonce is made from its effect, so that Discord itself drops a second one for some
minutes (https://docs.discord.com/developers/resources/message#create-message, `enforce_nonce`); later, the conversation
is read back.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import discord
import structlog

from bot.adapters.base import Attempt, Dead, Delivery, Door, Sent, TryAgain, Unsure, Waits
from bot.adapters.discord.calls import (
    CLOSED_CHANNEL,
    CLOSED_DM,
    GONE_TOKEN,
    LOST,
    UNCHANGEABLE,
    delivery_of,
    may_read_back,
)
from bot.adapters.discord.inbound import identity
from bot.adapters.discord.outbound import Message, Sendable, messages_for, settled
from bot.adapters.discord.pace import Pace
from bot.adapters.discord.showing import Directly, Live, follow_up, view_of
from bot.core.effects import AnyEffect, CallGroup, EffectId, InviteGroup, SendMessage, SettleQuestion
from bot.core.people import EVERYWHERE, Place

PATIENT = 5.0
"""Seconds a delivery waits for its turn here; beyond them it goes back to the outbox."""

NONCE_HOLDS = timedelta(minutes=2)
"""How long after a first try Discord surely knows its nonce: "the past few minutes"."""

LOOKED_BACK, MESSAGES_BACK, POSTS_BACK = timedelta(minutes=2), 100, 1_000
NOT_CONNECTED = TryAgain("Mull has no connection to Discord just now")
WAITS = Waits("they have not asked for direct messages, so it waits behind the button in the channel")

log = structlog.get_logger()


class Sending:
    """Delivers effects.

    `on_refused` is told whose direct messages are closed, `on_closed` of a channel that takes no post; both with a
    reason for a teacher to read.
    """

    def __init__(
        self,
        client: Callable[[], discord.Client | None],
        door: Door,
        live: Live,
        pace: Pace,
        *,
        now: Callable[[], datetime],
        on_refused: Callable[[str, str], None],
        on_closed: Callable[[Place, str], None],
    ) -> None:
        self._client, self._door, self._live, self._pace, self._now = client, door, live, pace, now
        self._on_refused, self._on_closed = on_refused, on_closed
        self._conversations: dict[str, int] = {}

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Show one effect; the same effect is seen once, however often it comes."""
        client = self._client()
        if client is None:
            return NOT_CONNECTED
        held = await self._turn(is_reply=attempt.is_reply)
        if held:
            return TryAgain("Discord takes so many messages a second", timedelta(seconds=held))
        _, guild, name = effect.place.split(":", 2)
        try:
            if isinstance(effect, SettleQuestion):
                return await self._change(client, attempt, settled(effect))
            if isinstance(effect, InviteGroup) and effect.is_closed:
                return await self._change(client, attempt, messages_for(effect)[0])
            if guild == EVERYWHERE:
                return await self._reach(client, effect, attempt, name)
            return await self._post(client, effect, attempt, int(name))
        except (discord.HTTPException, discord.RateLimited, *LOST) as fault:
            log.info("discord_call_failed", effect_id=effect.id, fault=type(fault).__name__)
            return delivery_of(fault)

    # To one person.

    async def _reach(self, client: discord.Client, effect: Sendable, attempt: Attempt, user: str) -> Delivery:
        """Show somebody something where they are, else where they wished to be written to."""
        is_direct = isinstance(effect, SendMessage) and effect.is_direct
        found = None if is_direct else self._live.of(user, is_reply=attempt.is_reply)
        if found is not None and not isinstance(found, Directly):
            try:
                messages = messages_for(effect, in_dm=found.guild_id is None)
                sent = [await follow_up(found, message) for message in messages]
                return Sent(sent[-1] if sent else "")
            except discord.HTTPException as fault:
                self._live.drop(user)
                if fault.code not in GONE_TOKEN:
                    return delivery_of(fault)
                found = None
        if found is None and not await self._door.may_message(identity(user)):
            return WAITS
        try:
            return await self._message(client, effect, attempt, user)
        except discord.HTTPException as fault:
            if fault.code not in CLOSED_DM:
                raise
            refused = delivery_of(fault)
            reason = refused.reason if isinstance(refused, Dead) else "direct messages are closed"
            self._on_refused(user, reason)
            return Dead(reason) if is_direct else Waits(reason)

    async def _message(self, client: discord.Client, effect: Sendable, attempt: Attempt, user: str) -> Delivery:
        channel = await self._conversation(client, user)
        return await self._write(channel, effect, attempt, messages_for(effect, in_dm=True))

    async def said_to(self, user: str, since: datetime) -> list[discord.Message]:
        """Read what stands in somebody's direct conversation since a time, the oldest first."""
        client = self._client()
        if client is None:
            return []
        channel = await self._conversation(client, user)
        return [message async for message in channel.history(limit=MESSAGES_BACK, after=since, oldest_first=True)]

    async def say(self, user: str, message: Message) -> None:
        """Write something that is no effect of a run to somebody who has just written; it may get lost."""
        client = self._client()
        if client is not None:
            channel = await self._conversation(client, user)
            await channel.send(message.content, view=view_of(message) or discord.utils.MISSING, suppress_embeds=True)

    async def _conversation(self, client: discord.Client, user: str) -> discord.PartialMessageable:
        if user not in self._conversations:
            self._conversations[user] = (await client.create_dm(discord.Object(int(user)))).id
        return client.get_partial_messageable(self._conversations[user])

    def talks_with(self, user: str) -> bool:
        """Say whether Mull and somebody have written to each other directly, as far as this process knows."""
        return user in self._conversations

    def holder(self, channel: int) -> str | None:
        """Find whose direct conversation a channel is."""
        return next((user for user, one in self._conversations.items() if one == channel), None)

    def know(self, user: str, channel: int) -> None:
        """Remember whose direct conversation a channel is, and that they have just written there."""
        self._conversations[user] = channel
        self._live.wrote(user)

    # To a channel.

    async def _post(self, client: discord.Client, effect: Sendable, attempt: Attempt, channel_id: int) -> Delivery:
        channel = client.get_partial_messageable(channel_id)
        try:
            sent = await self._write(channel, effect, attempt, messages_for(effect))
            if isinstance(effect, CallGroup):
                await self._take_away(client, attempt.shown)
            return sent
        except discord.HTTPException as fault:
            if fault.code not in CLOSED_CHANNEL:
                raise
            known = client.get_channel(channel_id)
            found = delivery_of(fault, known if isinstance(known, discord.TextChannel | discord.Thread) else None)
            if isinstance(found, Dead):
                self._on_closed(effect.place, found.reason)
            return found

    async def _take_away(self, client: discord.Client, shown: Sequence[str]) -> None:
        """Delete the calls before this one: there is one at a time, so that a channel does not fill with them."""
        for channel, _, name in (remote_id.partition(":") for remote_id in shown):
            try:
                if name:
                    await client.get_partial_messageable(int(channel)).get_partial_message(int(name)).delete()
            except (discord.HTTPException, *LOST) as fault:
                log.info("call_not_taken_away", fault=type(fault).__name__)

    # Both.

    async def _write(
        self, channel: discord.PartialMessageable, effect: Sendable, attempt: Attempt, messages: Sequence[Message]
    ) -> Delivery:
        """Send an effect's messages, each once."""
        stands: dict[str, int] = {}
        is_new = attempt.number == 1 and not attempt.was_lost
        if not is_new and self._now() - attempt.since >= NONCE_HOLDS:
            try:
                stands = await self._standing(channel, attempt.since)
            except (discord.Forbidden, PermissionError):
                return Unsure("Mull cannot read that channel back, so nobody can tell whether it was posted")
        remote_id = ""
        for number, message in enumerate(messages):
            if _print(message) in stands:
                remote_id = f"{channel.id}:{stands[_print(message)]}"
                continue
            sent = await channel.send(
                message.content,
                view=view_of(message) or discord.utils.MISSING,
                nonce=_nonce(effect.id, number),
                suppress_embeds=True,
                silent=message.is_silent,
                allowed_mentions=discord.AllowedMentions.none(),
            )
            remote_id = f"{channel.id}:{sent.id}"
        return Sent(remote_id)

    async def _standing(self, channel: discord.PartialMessageable, since: datetime) -> dict[str, int]:
        """Read back what Mull has said in a conversation since an effect was made, with the ids.

        Raises PermissionError where Discord would show nothing: it does not say so itself.
        """
        client = self._client()
        known = None if client is None else client.get_channel(channel.id)
        if isinstance(known, discord.TextChannel | discord.Thread) and not may_read_back(known):
            raise PermissionError
        found = channel.history(limit=POSTS_BACK, after=since - LOOKED_BACK, oldest_first=False)
        own = client.user.id if client is not None and client.user is not None else 0
        return {_print_of(message): message.id async for message in found if message.author.id == own}

    async def _change(self, client: discord.Client, attempt: Attempt, message: Message) -> Delivery:
        """Change the messages that an effect is about; one that is gone, or was for one person's eyes, needs none."""
        for remote_id in attempt.shown:
            channel, _, name = remote_id.partition(":")
            if not name:
                continue
            shown = client.get_partial_messageable(int(channel)).get_partial_message(int(name))
            try:
                await shown.edit(content=message.content, view=view_of(message))
            except discord.HTTPException as fault:
                if fault.code not in UNCHANGEABLE:
                    raise
        return Sent(attempt.shown[0] if attempt.shown else "")

    async def _turn(self, *, is_reply: bool) -> float:
        """Wait for one's turn; answer the seconds left where it takes too long."""
        waited = 0.0
        while seconds := self._pace.wait(is_reply=is_reply):
            waited += seconds
            if waited > PATIENT:
                return seconds
            await asyncio.sleep(seconds)
        return 0.0


def _nonce(effect: EffectId, number: int) -> str:
    """Make the name under which Discord drops a second message: up to 25 characters."""
    return hashlib.blake2s(f"{effect}|{number}".encode(), digest_size=12).hexdigest()


def _print(message: Message) -> str:
    """Tell a message from others by its words and its controls."""
    ids = [] if message.view is None else [getattr(item, "custom_id", None) or "" for item in message.view.children]
    return "|".join((message.content, *ids))


def _print_of(message: discord.Message) -> str:
    ids = [
        getattr(child, "custom_id", None) or ""
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for child in row.children
    ]
    return "|".join((message.content, *ids))
