"""What answers an interaction: in place of the message that was pressed, beside it for one person, or as a modal.

An interaction lives 3 s until it is answered or deferred, and its follow-ups 15 minutes
(https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object). What cannot be
shown in that time goes to the outbox, and from there wherever the person can be reached.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

import discord
import structlog
from discord.utils import MISSING

from bot.adapters.base import Delivery, Sent, TryAgain
from bot.adapters.discord.calls import ANSWERED, GONE_TOKEN, LOST
from bot.adapters.discord.outbound import Message, settled, turn_messages
from bot.core.effects import AnyEffect, AskQuestion, EffectId, OfferForm, SettleQuestion

Interaction: TypeAlias = discord.Interaction[Any]
Answered: TypeAlias = "discord.InteractionCallbackResponse[Any] | None"

TOKEN_LIVES = timedelta(minutes=14)
"""How long a follow-up is tried: a minute less than Discord takes one."""

STILL_THERE = timedelta(minutes=1)
"""How long after their last press somebody is taken to look at what only they can see."""

MOST_LIVE = 20_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """What is to be shown: `effects` of the house, then `messages`; or a modal, and what stands `instead` of one that
    comes too late. What is `beside` does not take the pressed message's place; a form that `is_next` follows another.
    What is `passed` over was shown in another way.
    """

    effects: Sequence[AnyEffect] = ()
    messages: Sequence[Message] = ()
    modal: discord.ui.Modal | None = None
    instead: Sequence[Message] = ()
    beside: bool = False
    is_next: bool = False
    passed: Sequence[AnyEffect] = ()


class Directly:
    """Somebody's own conversation with Mull."""


class Live:
    """Where people are: the newest interaction of each whose follow-ups still go through, or their own conversation."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._held: dict[str, tuple[Interaction | Directly, datetime]] = {}

    def hold(self, interaction: Interaction) -> None:
        """Keep an interaction that was answered."""
        self._keep(str(interaction.user.id), interaction)

    def wrote(self, user: str) -> None:
        """Remember that somebody has just written to Mull directly: that is where they wait for what answers it."""
        self._keep(user, Directly())

    def of(self, user: str, *, is_reply: bool) -> "Interaction | Directly | None":
        """Find where somebody is; for what they do not wait for, only while they are surely there."""
        found, since = self._held.get(user, (None, self._now()))
        lives = TOKEN_LIVES if is_reply else STILL_THERE
        return found if self._now() - since < lives else None

    def drop(self, user: str) -> None:
        """Use somebody's interaction no more."""
        self._held.pop(user, None)

    def _keep(self, user: str, found: "Interaction | Directly") -> None:
        if len(self._held) >= MOST_LIVE:
            self._held.clear()
        self._held[user] = found, self._now()


class Showing:
    """Answers interactions."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def defer(self, interaction: Interaction) -> None:
        """Tell Discord that the answer takes a moment."""
        try:
            if _is_pressed(interaction):
                await interaction.response.defer()
            else:
                await interaction.response.defer(ephemeral=is_in_guild(interaction), thinking=True)
        except (discord.HTTPException, discord.InteractionResponded, *LOST) as fault:
            log.info("interaction_not_deferred", fault=type(fault).__name__)

    async def show(self, interaction: Interaction, show: Show) -> list[tuple[EffectId, Delivery]]:
        """Answer; say what became of the effects that were to be shown."""
        try:
            remote_id = await self._show(interaction, show)
        except (discord.HTTPException, discord.InteractionResponded, *LOST) as fault:
            code = fault.code if isinstance(fault, discord.HTTPException) else 0
            log.info("interaction_not_answered", fault=type(fault).__name__, code=code)
            if code in GONE_TOKEN:
                self._live.drop(str(interaction.user.id))
            missed = TryAgain("the answer to a press came too late", timedelta())
            return [(effect.id, missed) for effect in (*show.effects, *show.passed)]
        self._live.hold(interaction)
        return [(effect.id, Sent(remote_id)) for effect in (*show.effects, *show.passed)]

    async def _show(self, interaction: Interaction, show: Show) -> str:
        is_deferred = interaction.response.is_done()
        if show.modal is not None and not is_deferred and interaction.type is not discord.InteractionType.modal_submit:
            show.modal.stop()  # as in view_of
            await _once(partial(interaction.response.send_modal, show.modal))
            return ""
        messages = [*show.messages, *(show.instead if show.modal is not None else ())]
        if is_in_guild(interaction):
            return await self._privately(interaction, show, messages)
        return await self._directly(interaction, show, messages)

    async def _privately(self, interaction: Interaction, show: Show, messages: Sequence[Message]) -> str:
        """Answer in a server, for one person's eyes: in place of what they pressed, or beside it."""
        rest = [*turn_messages(show.effects, is_next=show.is_next), *messages]
        if not rest:
            return await _acknowledge(interaction)
        in_place = _is_pressed(interaction) and not show.beside
        is_deferred = interaction.response.is_done()
        if in_place and not is_deferred:
            first = rest.pop(0)
            await _once(partial(interaction.response.edit_message, content=first.content, view=view_of(first)))
        elif in_place or (is_deferred and not _is_pressed(interaction)):
            first = rest.pop(0)
            await interaction.edit_original_response(content=first.content, view=view_of(first))
        elif not is_deferred:
            first = rest.pop(0)
            view = view_of(first) or MISSING
            send = partial(interaction.response.send_message, ephemeral=True, suppress_embeds=True, view=view)
            await _once(partial(send, first.content))
        for message in rest:
            await follow_up(interaction, message)
        return ""

    async def _directly(self, interaction: Interaction, show: Show, messages: Sequence[Message]) -> str:
        """Answer in a direct conversation: the pressed question keeps what was said, what is next comes below."""
        settling = next((effect for effect in show.effects if isinstance(effect, SettleQuestion)), None)
        others = [effect for effect in show.effects if not isinstance(effect, SettleQuestion)]
        rest = [*turn_messages(others, is_next=show.is_next, in_dm=True), *messages]
        is_deferred = interaction.response.is_done()
        if settling is not None and _is_component(interaction):
            kept = settled(settling)
            if is_deferred:
                await interaction.edit_original_response(content=kept.content, view=view_of(kept))
            else:
                await _once(partial(interaction.response.edit_message, content=kept.content, view=view_of(kept)))
        elif not is_deferred and rest:
            first = rest.pop(0)
            view = view_of(first) or MISSING
            answer = await _once(
                partial(interaction.response.send_message, first.content, suppress_embeds=True, view=view)
            )
            if not rest:
                return "" if answer is None else f"{interaction.channel_id}:{answer.message_id}"
        else:
            await _acknowledge(interaction)
        remote_id = ""
        for message in rest:
            remote_id = await follow_up(interaction, message)
        return remote_id


async def _once(answer: Callable[[], Awaitable[Answered]]) -> Answered:
    """Answer, and once more where nobody knows whether Discord took it: what was taken is refused the second time."""
    try:
        return await answer()
    except LOST:
        try:
            return await answer()
        except discord.HTTPException as fault:
            if fault.code != ANSWERED:
                raise
            return None


async def _acknowledge(interaction: Interaction) -> str:
    """Let Discord know that a press was taken, where there is nothing to show for it."""
    if not interaction.response.is_done():
        await interaction.response.defer()
    return ""


async def follow_up(interaction: Interaction, message: Message) -> str:
    """Say something more after an answer; answer the platform's name of the message."""
    sent = await interaction.followup.send(
        message.content,
        ephemeral=is_in_guild(interaction),
        suppress_embeds=True,
        silent=message.is_silent,
        wait=True,
        view=view_of(message) or MISSING,
    )
    return "" if is_in_guild(interaction) else f"{interaction.channel_id}:{sent.id}"


def is_in_guild(interaction: Interaction) -> bool:
    """Say whether something was pressed in a server, where answers are for one person's eyes only."""
    return interaction.guild_id is not None


def asks(effects: Sequence[AnyEffect]) -> bool:
    """Say whether effects move a dialogue on, so that they take the place of what was pressed."""
    return any(isinstance(effect, AskQuestion | OfferForm | SettleQuestion) for effect in effects)


def view_of(message: Message) -> discord.ui.View | None:
    """Hand over the controls of a message; stopped, so that the library does not keep them in memory for ever."""
    if message.view is not None:
        message.view.stop()
    return message.view


def _is_component(interaction: Interaction) -> bool:
    return interaction.message is not None


def _is_pressed(interaction: Interaction) -> bool:
    """Say whether what was pressed is a message that only this person sees, or stands in their own conversation."""
    message = interaction.message
    return message is not None and (message.flags.ephemeral or interaction.guild_id is None)
