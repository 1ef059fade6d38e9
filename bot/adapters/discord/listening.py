"""What comes in from Discord: committed first, then answered; deferred where the house takes long.

Discord sends a press once and takes an answer for three seconds. So whatever happens, something kind and true is said:
that it is kept, that it is not yet, or that it was not theirs.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import discord
import structlog

from bot.adapters.asking import Asked, AskForm, Button, Channel, EditForm, Item, Reply
from bot.adapters.base import Door
from bot.adapters.discord.commands import SETUP, with_mentions
from bot.adapters.discord.drafts import Drafts, Turned
from bot.adapters.discord.inbound import (
    PLATFORM,
    Forged,
    Payload,
    Said,
    Write,
    event_id,
    identity,
    named_words,
    place_of,
    pressed,
    submitted,
    user_of,
)
from bot.adapters.discord.members import Members
from bot.adapters.discord.modals import ask_modal, edit_modal, fits, form_modal, write_modal
from bot.adapters.discord.outbound import Message, reply_messages
from bot.adapters.discord.payloads import holds_question, opens_field, payload_of, shown_in, words_in
from bot.adapters.discord.questions import said_in_words
from bot.adapters.discord.setting_up import CLUB, PEOPLE, SettingUp
from bot.adapters.discord.showing import Interaction, Show, Showing, asks
from bot.adapters.discord.words import CHANGE
from bot.core.effects import AnyEffect, AskQuestion, OfferForm, SendMessage
from bot.core.errors import MullError
from bot.core.events import ChoicePressed, EventId, FormSubmitted, Outcome

QUICK = 1.8
"""Seconds the house may take before Discord is told that the answer takes a moment: it waits for three."""

NOT_YOURS = "That is not yours to answer."
NOT_SAVED = "Not saved yet. Please try again in a minute."
NOT_SAVED_WORDS = "Not saved yet. Your words, so that you can copy them:"
AGAIN, TRY_AGAIN = "again", "Try again"
FORGOTTEN = "I can't find your words any more. Please copy them from above and write them once more."
SAVED_BEFORE = "That is kept already. Nothing else to do."
TOOK_LONG = "That took a moment. It is ready now."
OPEN_IT = "Open it"
BROKEN = "That did not work, and it is written down so that somebody can look. Please try again a little later."
TAKEN = "taken"

log = structlog.get_logger()


class Listening:
    """Takes each interaction to the door or the desk, and has it answered."""

    def __init__(
        self,
        door: Door,
        *,
        members: Members,
        showing: Showing,
        setting_up: SettingUp,
        now: Callable[[], datetime],
        quick: float = QUICK,
    ) -> None:
        self._door, self._members, self._showing, self._setting_up = door, members, showing, setting_up
        self._now, self._quick = now, quick
        self._commands: Mapping[str, int] = {}
        self._drafts = Drafts()

    def know_commands(self, ids: Mapping[str, int]) -> None:
        """Learn what Discord calls the commands, so that a tap on their names begins them."""
        self._commands = dict(ids)

    async def take(self, interaction: Interaction) -> None:
        """Let an interaction happen and answer it, in time; whoever hands it over second is not needed."""
        if interaction.extras.setdefault(TAKEN, False):
            return
        interaction.extras[TAKEN] = True
        work = asyncio.ensure_future(self._answer(interaction))
        done, _ = await asyncio.wait({work}, timeout=self._quick)
        if not done:
            await self._showing.defer(interaction)
        show = await work
        await self._door.settle(await self._showing.show(interaction, show))

    async def fail(self, interaction: Interaction, fault: Exception) -> None:
        """Say that something went wrong on our side; a command that is no more is answered as words not known."""
        if isinstance(fault, discord.app_commands.CommandNotFound):
            await self.take(interaction)
            return
        log.error("interaction_failed", fault=type(fault).__name__)
        await self._showing.show(interaction, _say(BROKEN))

    async def complete(self, interaction: Interaction, typed: str) -> list[tuple[str, str]]:
        """List the flows that somebody may begin and whose names hold what they typed: names and words."""
        offers = await self._door.offers(identity(str(interaction.user.id)))
        wanted = typed.casefold()
        return [(offer.title, offer.words) for offer in offers if wanted in offer.title.casefold()]

    async def _answer(self, interaction: Interaction) -> Show:
        payload = payload_of(interaction)
        try:
            await self._arrive(interaction, payload)
            return await self._do(interaction, payload)
        except Forged:
            return _say(NOT_YOURS)
        except MullError:
            return self._not_saved(payload)
        except Exception as fault:  # noqa: BLE001 - a press is answered whatever happens
            log.error("interaction_failed", fault=type(fault).__name__)
            return _say(BROKEN)

    async def _arrive(self, interaction: Interaction, payload: Payload) -> None:
        """Note who is there; where that cannot be kept just now, what they do finds out by itself."""
        if opens_field(interaction, payload):
            return
        try:
            await self._members.arrive(self._door, payload, self._now())
        except Forged:
            raise
        except Exception as fault:  # noqa: BLE001 - what somebody does counts more than that they came
            log.warning("arrival_not_kept", fault=type(fault).__name__)

    async def _do(self, interaction: Interaction, payload: Payload) -> Show:
        match interaction.type:
            case discord.InteractionType.application_command:
                return await self._command(payload)
            case discord.InteractionType.component:
                return await self._press(payload)
            case discord.InteractionType.modal_submit:
                return await self._submission(payload)
            case kind:
                log.warning("discord_interaction_ignored", kind=kind.name)
                raise Forged

    async def _command(self, payload: Payload) -> Show:
        if payload["data"].get("name") != SETUP:
            return await self._ask(payload, named_words(payload))
        found = self._setting_up.wanted(payload)
        if isinstance(found, str):
            return _say(found)
        channel, zone = found
        return await self._ask(payload, f"{CLUB} {zone}", channel=channel)

    async def _press(self, payload: Payload) -> Show:
        custom_id = str(payload["data"]["custom_id"])
        if custom_id.startswith(f"{PEOPLE}:"):
            return await self._pick(payload, custom_id.removeprefix(f"{PEOPLE}:"))
        event = pressed(payload, self._now())
        match event:
            case None:
                return Show()
            case Write():
                said = self._drafts.words(event.run)
                modal = write_modal(event.run, event.wait, shown_in(payload), said=said, is_many=event.is_many)
                return Show(modal=modal)
            case Said(words) if words.split()[:2] == [CLUB, "yes"]:
                return await self._set_up(payload, words)
            case Said(words) if words.split()[:1] == [AGAIN]:
                return await self._try_again(payload, words.split()[-1])
            case Said(words):
                return await self._ask(payload, words, beside=holds_question(payload))
            case _:
                return await self._turn(payload, event)

    async def _submission(self, payload: Payload) -> Show:
        sent = submitted(payload, self._now())
        if isinstance(sent, Said):
            return await self._ask(payload, sent.words, given=sent.given, beside=holds_question(payload))
        return await self._turn(payload, sent)

    async def _turn(self, payload: Payload, event: Turned) -> Show:
        """Let an answer happen, and show what follows."""
        try:
            answered = await self._door.accept_at_once(event)
        except MullError:
            self._drafts.hold(event)
            raise
        self._drafts.wrote(event.run, _slipped(event, answered.effects))
        if answered.outcome is Outcome.UNKNOWN:
            return _say(NOT_YOURS)
        return await self._fitted(
            payload, self._show(answered.effects, beside=not asks(answered.effects), is_next=_is_form(event))
        )

    async def _fitted(self, payload: Payload, show: Show) -> Show:
        """Go on one question at a time where a form has more, or longer, questions than Discord's fields take."""
        form = _form_in(show.effects)
        if form is None or fits(form):
            return show
        asked = self._asked(payload, f"open {form.run} dialogue", mark="/dialogue")
        others = tuple(effect for effect in show.effects if effect is not form)
        try:
            reply = await self._door.ask(asked)
        except MullError:
            return replace(show, modal=None, instead=())  # it is kept; its card leads on
        return replace(show, effects=(*others, *reply.effects), modal=None, instead=(), passed=(form,))

    async def _try_again(self, payload: Payload, name: str) -> Show:
        event = self._drafts.held(f"{PLATFORM}/{name}", identity(user_of(payload)))
        if event is None:
            return _say(FORGOTTEN)
        answered = await self._door.accept_at_once(event)
        self._drafts.kept(event)
        if not answered.effects:
            return _say(SAVED_BEFORE)
        return self._show(answered.effects, is_next=_is_form(event))

    async def _set_up(self, payload: Payload, words: str) -> Show:
        """Set a club up as it was shown; what was true then is looked at again."""
        found = self._setting_up.chosen(payload, words)
        if isinstance(found, str):
            return _say(found)
        channel, rest = found
        return await self._ask(payload, rest, channel=channel)

    async def _pick(self, payload: Payload, channel: str) -> Show:
        """Put people onto a list kept by hand."""
        if not self._setting_up.may_manage(payload):
            return _say(NOT_YOURS)
        names = await self._members.pick(self._door, payload, self._setting_up.by_hand(payload, channel), self._now())
        return Show(messages=self._setting_up.picked(names), beside=True)

    async def _ask(
        self,
        payload: Payload,
        words: str,
        *,
        channel: Channel | None = None,
        given: tuple[tuple[str, str], ...] = (),
        beside: bool = False,
    ) -> Show:
        reply = await self._door.ask(self._asked(payload, words, channel=channel, given=given))
        picks = await self._picks(reply, channel)
        return await self._fitted(payload, self._reply(reply, user_of(payload), words, picks, beside=beside))

    def _asked(
        self,
        payload: Payload,
        words: str,
        *,
        channel: Channel | None = None,
        given: tuple[tuple[str, str], ...] = (),
        mark: str = "",
    ) -> Asked:
        user = user_of(payload)
        return Asked(
            id=EventId(f"{event_id(payload)}{mark}"),
            at=self._now(),
            who=identity(user),
            place=place_of(user),
            words=words,
            channel=channel or self._setting_up.here(payload),
            is_trusted=self._setting_up.may_manage(payload),
            given=given,
        )

    async def _picks(self, reply: Reply, channel: Channel | None) -> str:
        """Name the menu of people for a club whose list is kept by hand, once it is set up."""
        if channel is None or channel.listed is None:
            return ""
        is_there = reply.follow is not None or channel.listed in await self._door.channels(PLATFORM)
        return self._setting_up.picks(channel) if is_there else ""

    def _reply(self, reply: Reply, user: str, words: str, picks: str, *, beside: bool) -> Show:
        messages = reply_messages(reply, picks_people=picks, linked=self._linked)
        if reply.form is None:
            return replace(self._show(reply.effects, messages), beside=beside and not asks(reply.effects))
        form = self._drafts.asked_again(user, reply.form) if isinstance(reply.form, AskForm) else reply.form
        modal = self._modal(form, reply.effects)
        return Show(effects=reply.effects, messages=messages, modal=modal, instead=reply_messages(_late(form, words)))

    def _linked(self, line: str) -> str:
        return with_mentions(line, self._commands)

    def _show(
        self,
        effects: "tuple[AnyEffect, ...]",
        messages: list[Message] | None = None,
        *,
        beside: bool = False,
        is_next: bool = False,
    ) -> Show:
        """Show what the house answered: a form as a modal, where Discord lets one be opened."""
        form = _form_in(effects)
        modal = None if form is None else self._modal(form, effects)
        return Show(effects=effects, messages=messages or (), modal=modal, beside=beside, is_next=is_next)

    def _modal(self, form: OfferForm | EditForm | AskForm, effects: "tuple[AnyEffect, ...]") -> discord.ui.Modal:
        match form:
            case OfferForm():
                return form_modal(self._drafts.filled(form), _said_before(form, effects))
            case EditForm():
                return edit_modal(form)
            case AskForm():
                return ask_modal(form)

    def _not_saved(self, payload: Payload) -> Show:
        """Give the words back where they cannot be kept just now."""
        name = str(event_id(payload))
        words = "\n".join(words_in(payload))
        if not words:
            return _say(NOT_SAVED)
        buttons = (Button(label=TRY_AGAIN, does=f"{AGAIN} {payload['id']}"),) if self._drafts.holds(name) else ()
        reply = Reply(items=(Item(text=NOT_SAVED_WORDS, quote=words, buttons=buttons),))
        return Show(messages=reply_messages(reply), beside=True)


def _form_in(effects: "Sequence[AnyEffect]") -> OfferForm | None:
    return next((effect for effect in reversed(effects) if isinstance(effect, OfferForm)), None)


def _late(form: OfferForm | EditForm | AskForm, words: str) -> Reply:
    """Say what stands for a modal that cannot be opened any more: what did not fit, and the way to it."""
    slipped = [one for one in form.prompts if one.slip] if isinstance(form, AskForm) else []
    if not slipped:
        return Reply(items=(Item(text=TOOK_LONG, buttons=(Button(label=OPEN_IT, does=words, is_primary=True),)),))
    change = Button(label=CHANGE, does=words, is_primary=True)
    items = (Item(text=one.slip, quote=said_in_words(one)) for one in slipped)
    return Reply(items=(*items, Item(buttons=(change,))))


def _slipped(event: Turned, effects: "Sequence[AnyEffect]") -> str:
    """Find the words that did not answer a question, which is asked again because of them."""
    is_asked_again = any(isinstance(effect, AskQuestion) and effect.prompt.slip for effect in effects)
    return ", ".join(event.chosen) if isinstance(event, ChoicePressed) and is_asked_again else ""


def _is_form(event: Turned) -> bool:
    return isinstance(event, FormSubmitted)


def _said_before(form: OfferForm, effects: "tuple[AnyEffect, ...]") -> list[str]:
    """List what is said before a form and does not stand between its questions."""
    between = {text for prompt in form.prompts for text in prompt.before}
    return [effect.text for effect in effects if isinstance(effect, SendMessage) and effect.text not in between]


def _say(text: str) -> Show:
    return Show(messages=reply_messages(Reply(items=(Item(text=text),))), beside=True)
