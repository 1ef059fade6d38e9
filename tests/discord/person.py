"""Somebody who uses Discord: what they see, write, press, choose and send."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.discord.checks_components import BUTTON, SELECTS
from tests.discord.person_commands import ON_MESSAGE, ON_USER, SLASH, Typing, offered, picked
from tests.discord.person_controls import (
    Control,
    NotSent,
    controls,
    put,
    slips_of,
    submitted,
    words_of,
    words_of_modal,
)
from tests.discord.person_payloads import Payloads
from tests.discord.rest_commands import Commands
from tests.discord.rest_messages import Writer
from tests.discord.world import JSON, Channel, Message, User, World
from tests.discord.world_interactions import Interaction, Kind, Modal
from tests.discord.world_rights import Right

SELECT_NAMES = {5: "users", 6: "roles", 7: "mentionables", 8: "channels"}
Where = Channel | str | None
On = Message | str | None


class Person:
    """One person. What they do waits for the bot's answer, unless it is said that it does not (`wait=False`)."""

    def __init__(self, user: User, world: World, writer: Writer, commands: Commands, payloads: Payloads) -> None:
        self.user, self.world, self.writer = user, world, writer
        self.commands, self.payloads = commands, payloads
        self.interactions = payloads.interactions
        self.last: Interaction | None = None
        self._here: Channel | None = None
        self._gone: set[str] = set()
        self._again: Callable[[], Any] | None = None

    # Where they are.

    @property
    def id(self) -> str:
        """Say who they are."""
        return self.user.id

    @property
    def dm_channel(self) -> Channel:
        """Find their direct messages with the bot."""
        return self.world.dm(self.id)

    @property
    def here(self) -> Channel:
        """Say where they are: where they went, else the first channel they see, else their direct messages."""
        if self._here:
            return self._here
        return next((channel for channel in self._channels() if not channel.is_dm), self.dm_channel)

    def go(self, where: Channel | str) -> Channel:
        """Go to a channel, by itself or its id, or to `dm`."""
        self._here = self._channel(where)
        return self._here

    def restart(self) -> None:
        """Start the client again: what only they saw is gone, and so is an open modal."""
        self._gone |= {message.id for message in self.private}
        self.interactions.modals.pop(self.id, None)

    def _channel(self, where: Where) -> Channel:
        if where is None:
            return self.here
        if isinstance(where, Channel):
            return where
        return self.dm_channel if where == "dm" else self.world.channels[where]

    def _channels(self) -> Iterator[Channel]:
        for channel in tuple(self.world.channels.values()):
            if Right.VIEW_CHANNEL in self.world.rights(self.id, channel):
                yield channel

    # What they see.

    def messages(self, where: Where = None) -> list[Message]:
        """List what they see in a channel, or everywhere, in order."""
        places = list(self._channels()) if where is None else [self._channel(where)]
        seen = [message for place in places for message in place.messages if self._sees(message)]
        return sorted(seen, key=lambda message: int(message.id))

    def _sees(self, message: Message) -> bool:
        return message.only_for in (None, self.id) and message.id not in self._gone

    @property
    def dm(self) -> list[Message]:
        """List what stands in the direct messages with the bot, in order."""
        return self.messages("dm")

    @property
    def private(self) -> list[Message]:
        """List what only they see, in order."""
        return [message for message in self.messages() if message.only_for]

    @property
    def newest(self) -> Message:
        """See the newest message anywhere."""
        return self.messages()[-1]

    @property
    def modal(self) -> Modal | None:
        """See the modal that is open."""
        return self.interactions.modals.get(self.id)

    def sees(self, where: Where = None) -> str:
        """Read everything that stands before them: a channel, or all channels and an open modal."""
        pieces = [words_of(message) for message in self.messages(where)]
        if where is None and self.modal:
            pieces.append(words_of_modal(self.modal))
        return "\n".join(pieces)

    def labels(self, on: On = None, where: Where = None) -> list[str]:
        """List the buttons that can be pressed, in order."""
        return [one.label for one in self._controls(on, where) if one.is_button and not one.part.get("disabled")]

    def link(self, label: str, on: On = None) -> str:
        """Read the address under the newest link of this label."""
        found = [one for one in self._controls(on) if one.is_link]
        return str(_newest(found, [one for one in found if one.label == label], label).part["url"])

    def _controls(self, on: On = None, where: Where = None) -> list[Control]:
        chosen = [self._message(on)] if on is not None else self.messages(where)
        return [control for message in chosen for control in controls(message)]

    def _message(self, on: Message | str) -> Message:
        name = on if isinstance(on, str) else on.id
        for message in self.messages():
            if message.id == name:
                return message
        raise LookupError(f"{self.user.shown} sees no message {name}")

    # Buttons and menus.

    async def press(self, label: str, on: On = None, where: Where = None, *, wait: bool = True) -> Interaction:
        """Press the newest button with this label or custom id."""
        found = [one for one in self._controls(on, where) if one.is_button]
        control = _newest(found, [one for one in found if label in one.names], label)
        return await self._use(control.message, {"component_type": BUTTON, **_named(control)}, wait)

    async def choose(
        self, *wanted: str, of: str | None = None, on: On = None, where: Where = None, wait: bool = True
    ) -> Interaction:
        """Choose these options, all at once, in the newest menu that offers them or that is named by its words."""
        found = [one for one in self._controls(on, where) if one.is_select]
        fits = [one for one in found if of in one.names] if of else [one for one in found if one.offers(wanted)]
        control = _newest(found, fits, of or str(wanted))
        values, part = control.values(wanted), control.part
        least, most = part.get("min_values", 1), part.get("max_values", 1)
        if not (1 if least is None else least) <= len(values) <= (1 if most is None else most):
            raise LookupError(f"{control.label!r} takes {least} to {most} options, not {len(values)}")
        return await self._use(control.message, self._chosen(part, values, control.message), wait)

    def _chosen(self, part: JSON, values: list[str], message: Message) -> JSON:
        data: JSON = {"component_type": part["type"], "custom_id": part["custom_id"], "values": values}
        if part["type"] in SELECT_NAMES:
            guild = self.world.guild_of(self.world.channels[message.channel])
            data["resolved"] = self.payloads.resolved(SELECT_NAMES[part["type"]], values, self.id, guild)
        return data | {"id": part["id"]}

    async def forge(
        self,
        custom_id: str,
        on: On = None,
        *,
        values: list[str] | None = None,
        kind: int | None = None,
        wait: bool = True,
    ) -> Interaction:
        """Send a press, or a choice where values are given, that no control asks for; `on` may be anybody's message."""
        message = on if isinstance(on, Message) else self._message(on) if on else self.newest
        data: JSON = {"component_type": kind or (SELECTS[0] if values is not None else BUTTON), "custom_id": custom_id}
        return await self._use(message, data | ({} if values is None else {"values": values}), wait)

    async def _use(self, message: Message, data: JSON, wait: bool) -> Interaction:
        channel = self.world.channels[message.channel]
        return await self._act(channel, Kind.COMPONENT, data, wait, message=message)

    # Commands.

    def visible_commands(self, where: Where = None) -> list[str]:
        """List the commands that the picker shows, of all kinds."""
        return [command["name"] for command in self._offered(self._channel(where))]

    def _offered(self, channel: Channel) -> list[JSON]:
        return offered(self.world, self.commands.in_sight_of(self.world.guild_of(channel)), self.id, channel)

    async def run(self, name: str, *subs: str, where: Where = None, wait: bool = True, **options: Any) -> Interaction:
        """Run a slash command that the bot has registered: `run("mull", "pause", until="Friday")`."""
        channel = self._channel(where)
        typing = self._typing(channel, name, subs)
        data = typing.data(options)
        for kind, named in typing.named:
            resolved = self.payloads.resolved(kind, [named], self.id, self.world.guild_of(channel))
            for key, found in resolved.items():
                data.setdefault("resolved", {}).setdefault(key, {}).update(found)
        return await self._act(channel, Kind.COMMAND, data, wait)

    async def complete(
        self, name: str, *subs: str, focused: str, text: str = "", where: Where = None, **options: Any
    ) -> list[str]:
        """Type into an option that completes itself; read what is offered."""
        channel = self._channel(where)
        data = self._typing(channel, name, subs).data({**options, focused: text}, focused)
        done = await self._act(channel, Kind.COMPLETION, data, wait=True)
        return [choice["name"] for choice in done.choices]

    def _typing(self, channel: Channel, name: str, subs: tuple[str, ...]) -> Typing:
        command = picked(self._offered(channel), SLASH, name, self.user.locale)
        return Typing(command, subs, self.user.locale)

    async def use_on(
        self, name: str, target: "Message | Person", *, where: Where = None, wait: bool = True
    ) -> Interaction:
        """Use a command of a context menu on a message or somebody."""
        if isinstance(target, Message):
            channel, kind = self.world.channels[target.channel], ON_MESSAGE
            resolved: JSON = {"messages": {target.id: target.as_json()}}
        else:
            channel, kind = self._channel(where), ON_USER
            resolved = self.payloads.resolved("users", [target.id], self.id, self.world.guild_of(channel))
        command = picked(self._offered(channel), kind, name, self.user.locale)
        data: JSON = {key: command[key] for key in ("id", "name", "type", "guild_id") if key in command}
        return await self._act(channel, Kind.COMMAND, {**data, "target_id": target.id, "resolved": resolved}, wait)

    # Modals.

    def fill(self, values: dict[str, Any]) -> None:
        """Type and choose in the open modal; fields are known by label or custom id, options by words or values."""
        modal = self._open_modal()
        for name, wanted in values.items():
            put(modal, name, wanted)

    async def send_modal(self, values: dict[str, Any] | None = None, *, wait: bool = True) -> Interaction:
        """Send the open modal; it stays open where it fails. What the client would not send raises `NotSent`."""
        modal = self._open_modal()
        self.fill(values or {})
        if slips := slips_of(modal):
            raise NotSent(slips)
        opener = modal.opened_by
        data = {"custom_id": modal.custom_id, "components": submitted(modal)}
        return await self._act(opener.channel, Kind.MODAL, data, wait, message=opener.message, modal=modal)

    def close_modal(self) -> None:
        """Close the open modal; the bot is not told."""
        self._open_modal()
        del self.interactions.modals[self.id]

    def _open_modal(self) -> Modal:
        if self.modal is None:
            raise LookupError(f"{self.user.shown} has no modal open")
        return self.modal

    # Words of their own.

    async def write(self, text: str, where: Where = "dm") -> Message:
        """Write a message; the bot is told of it where it wants to be told."""
        channel = self._channel(where)
        message = self.writer.make(channel, self.user, {"content": text})
        await self.writer.post(channel, message)
        self._again = lambda: self.writer.tell("MESSAGE_CREATE", channel, message)
        return message

    async def edit(self, message: Message, text: str) -> None:
        """Change what they wrote."""
        channel = self._own(message)
        await self.writer.change(channel, message, {"content": text})
        told = replace(message)
        self._again = lambda: self.writer.tell("MESSAGE_UPDATE", channel, told)

    async def delete(self, message: Message) -> None:
        """Take back what they wrote."""
        await self.writer.delete(self._own(message), message)

    def _own(self, message: Message) -> Channel:
        assert message.author is self.user, "only one's own words can be changed"
        return self.world.channels[message.channel]

    # What came of it.

    def answer_of(self, done: Interaction | None = None) -> Message | Modal | None:
        """See what the bot answered to what they did, or did last: a message, a modal, or nothing to see."""
        done = done or self.last
        if done is None:
            return None
        return done.original if done.modal is None or done.kind is Kind.MODAL else done.modal

    async def redeliver(self) -> None:
        """Let Discord tell the bot once more of what they did last, with the same id."""
        assert self._again, f"{self.user.shown} has done nothing yet"
        await self._again()

    async def _act(
        self,
        channel: Channel,
        kind: Kind,
        data: JSON,
        wait: bool,
        *,
        message: Message | None = None,
        modal: Modal | None = None,
    ) -> Interaction:
        made = self.payloads.interaction(self.id, channel, kind, data, message=message, modal=modal)
        self.last = made
        self._again = lambda: self.payloads.tell("INTERACTION_CREATE", made.payload, made.guild)
        return await self.payloads.send(made, wait=wait)


def _named(control: Control) -> JSON:
    if control.part.get("disabled"):
        raise LookupError(f"{control.label!r} is greyed out")
    return {"custom_id": control.part["custom_id"], "id": control.part["id"]}


def _newest(among: list[Control], fits: list[Control], wanted: str) -> Control:
    if not fits:
        raise LookupError(f"{wanted!r} is not there; there is {[one.label for one in among]}")
    message = fits[-1].message
    return next(one for one in fits if one.message is message)
