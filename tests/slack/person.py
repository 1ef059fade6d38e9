"""Somebody who uses Slack: what they see, write, press and send."""

from typing import Any

from tests.slack.checks import Checks
from tests.slack.delivery import COMMANDS, EVENTS, INTERACTIVE, Deliveries, Delivery
from tests.slack.payloads import escaped
from tests.slack.surfaces import Spot, chosen, is_empty, kept_under, options_of, spots, state_of, words_of
from tests.slack.web_views import Views
from tests.slack.world import JSON, Channel, Message, User, View, World, order

REQUIRED = "Please complete this required field."


class Person:
    """One person. What they do waits for the bot's acknowledgement; `NotAcked` says that none came."""

    def __init__(self, user: User, world: World, deliveries: Deliveries, views: Views, checks: Checks) -> None:
        self.user, self.world, self.payloads = user, world, views.payloads
        self.deliveries, self.views, self.checks = deliveries, views, checks
        self.errors: dict[str, str] = {}
        self._picked: dict[str, dict[str, dict[str, JSON]]] = {}

    # What they see.

    @property
    def id(self) -> str:
        """Say who they are."""
        return self.user.id

    @property
    def dm(self) -> list[Message]:
        """List what stands in the direct messages with the bot, in order."""
        return list(self._dm.messages)

    @property
    def ephemerals(self) -> list[Message]:
        """List what only they see, in order."""
        return [message for message in self.world.ephemerals if message.only_for == self.id]

    @property
    def home(self) -> View | None:
        """See the bot's home page."""
        return self.world.homes.get(self.id)

    @property
    def modal(self) -> View | None:
        """See the modal that is on top."""
        stack = self.world.modals.get(self.id)
        return stack[-1] if stack else None

    def words(self, where: str = "dm") -> str:
        """Read everything that stands in the direct messages, or in a channel, `modal` or `home`: a line a piece."""
        return "\n".join(piece for place in self._places(where) for piece in words_of(place))

    def labels(self, where: str | None = None) -> list[str]:
        """List the buttons that can be pressed, in order."""
        return [spot.label for spot in self._spots(where) if spot.element["type"] == "button"]

    # Direct messages and channels.

    async def write(self, text: str, *, channel: str | None = None, thread: str | None = None) -> str:
        """Write a message; answer its stamp. The bot is told of it in direct messages, or where it is mentioned."""
        place = self.world.channels[channel] if channel else self._dm
        message = Message(self.world.new_ts(), place.id, self.id, escaped(text), _typed(text), thread_ts=thread)
        place.messages.append(message)
        bot = self.world.workspace_of(self.id).bot_user
        mention = f"<@{bot}>" in text
        if mention:
            message.text = message.text.replace(f"&lt;@{bot}&gt;", f"<@{bot}>")
        event = self.payloads.message(place, message) | {"client_msg_id": self.world.new_id("client-")}
        if place.is_im:
            await self._tell(event)
        elif mention and bot in place.members:
            await self._tell({**event, "type": "app_mention"})
        return message.ts

    async def edit(self, ts: str, text: str) -> Delivery:
        """Change what they wrote in the direct messages."""
        message = self._own(ts)
        before = message.as_json()
        message.text, message.blocks, message.edited = escaped(text), _typed(text), self.world.new_ts()
        return await self._tell(self.payloads.changed(self._dm, before, message.as_json()))

    async def delete(self, ts: str) -> Delivery:
        """Take back what they wrote in the direct messages."""
        message = self._own(ts)
        self._dm.messages.remove(message)
        return await self._tell(self.payloads.deleted(self._dm, message.as_json()))

    async def open_home(self, tab: str = "home") -> Delivery:
        """Open the bot's page."""
        event: JSON = {"type": "app_home_opened", "user": self.id, "channel": self._dm.id, "tab": tab}
        if self.home and tab == "home":
            event["view"] = self.home.as_json()
        return await self._tell(event)

    # Buttons, menus, commands.

    async def press(self, label: str, message: Message | str | None = None, *, where: str | None = None) -> Delivery:
        """Press the newest button with this label: in an open modal, else in messages, else on the home page."""
        found = [spot for spot in self._spots(where, message) if spot.element["type"] == "button"]
        spot = _newest(found, [spot for spot in found if label in (spot.label, spot.element["action_id"])], label)
        action: JSON = {"text": spot.element["text"]}
        action |= {key: spot.element[key] for key in ("value", "style", "url") if key in spot.element}
        return await self._act(spot, action)

    async def pick(
        self,
        choice: Any,
        *,
        of: str | None = None,
        message: Message | str | None = None,
        where: str | None = None,
    ) -> Delivery:
        """Choose in the newest menu that offers this, or in the one named by its label, block or action."""
        found = [spot for spot in self._spots(where, message) if spot.element["type"] != "button"]
        fits = [spot for spot in found if of in spot.names] if of else [s for s in found if _offers(s, choice)]
        spot = _newest(found, fits, of or str(choice))
        value = chosen(spot.element, choice)
        if kept_under(spot.element):
            typed = self._typed(spot.place)
            typed.setdefault(spot.block["block_id"], {})[spot.element["action_id"]] = value
        if spot.block["type"] == "input" and not spot.block.get("dispatch_action"):
            raise LookupError(f"{spot.label!r} waits to be submitted; nothing is told when it is chosen")
        return await self._act(spot, value)

    async def command(self, name: str, text: str = "", *, channel: str | None = None) -> Message | None:
        """Send a slash command; answer what it shows at once, if anything."""
        place = self.world.channels[channel] if channel else self._dm
        shown: list[Message] = []

        def show(delivery: Delivery) -> None:
            if delivery.answer:
                shown.append(self._show(place, delivery.answer))

        payload = self.payloads.command(self.user, place, name, text)
        await self._send(COMMANDS, payload, show)
        return shown[0] if shown else None

    async def shortcut(self, callback_id: str) -> Delivery:
        """Choose a shortcut of the bot's."""
        return await self._interact("shortcut", callback_id=callback_id)

    async def message_shortcut(self, callback_id: str, message: Message | str) -> Delivery:
        """Choose a shortcut of the bot's on a message."""
        found = message if isinstance(message, Message) else self._find(message)
        channel = self.world.channels[found.channel]
        return await self._interact(
            "message_action",
            callback_id=callback_id,
            message_ts=found.ts,
            message=found.as_json(),
            channel={"id": channel.id, "name": channel.name},
            response_url=self.payloads.response_url(self.id, channel.id, None),
        )

    # Modals.

    def fill(self, values: dict[str, Any]) -> None:
        """Type and choose in the open modal; places are known by label, block or action."""
        modal = self._open_modal()
        fields = [spot for spot in spots(modal) if kept_under(spot.element)]
        for name, value in values.items():
            fits = [spot for spot in fields if name in spot.names]
            spot = _newest(fields, fits, name)
            typed = modal.typed.setdefault(spot.block["block_id"], {})
            typed[spot.element["action_id"]] = chosen(spot.element, value)

    async def submit(self, values: dict[str, Any] | None = None) -> dict[str, str]:
        """Fill in and send the open modal; answer the errors that stand in it, by block; Slack's own checks too."""
        modal = self._open_modal()
        if not modal.given.get("submit"):
            raise LookupError(f"{modal.title!r} cannot be submitted")
        self.fill(values or {})
        modal.typed = state_of(modal, modal.typed)
        self.errors = dict(_slips(modal))
        if self.errors:
            return self.errors
        payload = self.payloads.interaction(
            self.user,
            "view_submission",
            trigger_id=self.payloads.trigger(self.id),
            view=modal.as_json(),
            response_urls=[],
        )
        await self._send(INTERACTIVE, payload, lambda delivery: self._submitted(modal, delivery.answer))
        return self.errors

    async def close_modal(self, *, everything: bool = False) -> Delivery | None:
        """Close the modal on top, or all; the bot is told where it wanted to be."""
        modal = self._open_modal()
        modal.typed = state_of(modal, modal.typed)
        stack = self.world.modals[self.id]
        if everything:
            stack.clear()
        else:
            stack.pop()
        if not modal.given.get("notify_on_close"):
            return None
        payload = self.payloads.interaction(self.user, "view_closed", view=modal.as_json(), is_cleared=everything)
        return await self._send(INTERACTIVE, payload)

    def _submitted(self, modal: View, answer: JSON | None) -> None:
        stack = self.world.modals[self.id]
        action = answer.get("response_action") if answer else None
        if answer is None:
            if modal in stack:
                stack.remove(modal)
        elif action == "errors":
            self.errors = dict(answer.get("errors", {}))
            self.checks.errors_of(modal, self.errors)
        elif action == "clear":
            stack.clear()
        elif action in ("update", "push") and self.checks.view(f"response_action {action}", answer["view"]) is None:
            if action == "push":
                self.views.add(self.id, modal.team, answer["view"])
            else:
                self.views.change(modal, answer["view"])
        elif action not in ("update", "push"):
            self.checks.complain(f"A submission was answered with {answer}.")

    # How it is done.

    @property
    def _dm(self) -> Channel:
        return self.world.dm(self.id)

    def _open_modal(self) -> View:
        if self.modal is None:
            raise LookupError(f"{self.user.name} has no modal open")
        return self.modal

    def _find(self, ts: str) -> Message:
        for message in self._messages():
            if message.ts == ts:
                return message
        raise LookupError(f"{self.user.name} sees no message {ts}")

    def _own(self, ts: str) -> Message:
        message = self._find(ts)
        assert message.user == self.id, "only one's own words can be changed"
        return message

    def _messages(self) -> list[Message]:
        mine = [channel for channel in self.world.channels.values() if self.id in channel.members]
        seen = [message for channel in mine for message in channel.messages] + self.ephemerals
        return sorted(seen, key=lambda message: order(message.ts))

    def _places(self, where: str | None, message: Message | str | None = None) -> list[Message | View]:
        """List what they look at, the most pressing last."""
        if message is not None:
            return [message if isinstance(message, Message) else self._find(message)]
        home = [self.home] if self.home else []
        modal = [self.modal] if self.modal else []
        if where is None:
            return [*home, *self._messages(), *modal]
        if where in ("home", "modal"):
            return [*(home if where == "home" else modal)]
        if where == "ephemeral":
            return [*self.ephemerals]
        channel = self._dm.id if where == "dm" else where
        return [seen for seen in self._messages() if seen.channel == channel]

    def _spots(self, where: str | None, message: Message | str | None = None) -> list[Spot]:
        return [spot for place in self._places(where, message) for spot in spots(place)]

    def _typed(self, place: Message | View) -> dict[str, dict[str, JSON]]:
        return place.typed if isinstance(place, View) else self._picked.setdefault(place.ts, {})

    async def _act(self, spot: Spot, action: JSON) -> Delivery:
        place, state = spot.place, state_of(spot.place, self._typed(spot.place))
        full: JSON = {
            "action_id": spot.element["action_id"],
            "block_id": spot.block["block_id"],
            "type": spot.element["type"],
            "action_ts": self.world.new_ts(),
            **action,
        }
        if isinstance(place, View):
            place.typed = state
            payload = self.payloads.press_in_view(self.user, place, full)
        else:
            channel = self.world.channels[place.channel]
            payload = self.payloads.press_in_message(self.user, place, channel, full, state)
        return await self._send(INTERACTIVE, payload)

    async def _interact(self, kind: str, **more: Any) -> Delivery:
        trigger = self.payloads.trigger(self.id)
        more |= {"action_ts": self.world.new_ts(), "trigger_id": trigger}
        return await self._send(INTERACTIVE, self.payloads.interaction(self.user, kind, **more))

    async def _tell(self, event: JSON) -> Delivery:
        workspace = self.world.workspace_of(self.id)
        return await self._send(EVENTS, self.payloads.event(workspace, event))

    async def _send(self, kind: str, payload: JSON, then: Any = None) -> Delivery:
        assert not self.user.deleted, f"{self.user.name} has no account any more"
        if not self.world.workspace_of(self.id).installed:
            return Delivery(kind, payload)
        return await self.deliveries.deliver(kind, payload, then)

    def _show(self, place: Channel, answer: JSON) -> Message:
        self.checks.response(answer)
        everyone = answer.get("response_type") == "in_channel"
        message = self.world.bot_message(
            self.world.workspace_of(self.id),
            place.id,
            text=str(answer.get("text", "")),
            blocks=answer.get("blocks"),
            only_for=None if everyone else self.id,
        )
        (place.messages if everyone else self.world.ephemerals).append(message)
        return message


def _typed(text: str) -> list[JSON]:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": "typed", "elements": [section]}]


def _newest(among: list[Spot], fits: list[Spot], wanted: str) -> Spot:
    if not fits:
        raise LookupError(f"{wanted!r} is not there; there is {[spot.label for spot in among]}")
    place = fits[-1].place
    return next(spot for spot in fits if spot.place is place)


def _offers(spot: Spot, choice: Any) -> bool:
    wanted = choice if isinstance(choice, list) else [choice]
    offered = {name for option in options_of(spot.element) for name in (option["text"]["text"], option.get("value"))}
    return offered.issuperset(wanted)


def _slips(modal: View) -> list[tuple[str, str]]:
    slips = []
    for spot in spots(modal):
        if spot.block["type"] != "input":
            continue
        block_id, value = spot.block["block_id"], modal.typed[spot.block["block_id"]][spot.element["action_id"]]
        if is_empty(spot.element, value):
            if not spot.block.get("optional"):
                slips.append((block_id, REQUIRED))
            continue
        length, element = len(str(value.get("value", ""))), spot.element
        if length > element.get("max_length", 3000) and "value" in value:
            slips.append((block_id, f"Must be {element.get('max_length', 3000)} characters or fewer."))
        if length < element.get("min_length", 0):
            slips.append((block_id, f"Must be {element['min_length']} characters or more."))
    return slips
