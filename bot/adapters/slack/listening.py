"""What comes in from Slack: committed before Slack gets its 200, and answered where it must be answered at once.

Bolt acknowledges events before its listeners run, so that a crash there loses them. This is a global middleware that
lets everything in itself; whatever it raises becomes a 500, and Slack sends the event again.
"""

import json
import re
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from bot.adapters.asking import SPOKEN, Asked, Channel, Item, Reply
from bot.adapters.base import Door
from bot.adapters.slack.channels import MOVES, Channels
from bot.adapters.slack.inbound import (
    PLATFORM,
    Forged,
    Payload,
    Said,
    event_id,
    identity,
    parts_of,
    place_of,
    plain,
    pressed,
    spoken,
    submitted,
)
from bot.adapters.slack.modals import errors_of, form_modal
from bot.adapters.slack.outbound import reply_for
from bot.adapters.slack.people import People
from bot.adapters.slack.showing import Showing, said_before
from bot.core.effects import OfferForm
from bot.core.errors import MullError
from bot.core.events import EventId, FormSubmitted, Outcome, TextChanged, TextReceived
from bot.core.people import LIST, Place, main_place
from bot.core.platform_news import MullAddressed, PostProven, WorkspaceLeft

NOT_YOURS = "That is not yours to answer."
NOT_SAVED = "Not saved yet. Your words are still here. Press Send again in a minute."
NOT_DONE = "Not saved yet, so nothing has changed. Please try again in a minute."
REMOVED = "Mull was removed from the Slack workspace"
NOT_HERE = "I'm not in this channel yet. Write /invite @Mull here, then run /mull group again."
SETTING_UP = (["group"], ["set"], ["setup"])
"""How words begin that set a group up: only for those it matters whom Slack trusts, and whether Mull is there."""

SHORTCUTS = {"reflect_now": "start form", "save_as_reflection": "note"}
FUNCTION = "send_check_in"
USER_GROUP = re.compile(r"<!subteam\^(?P<id>\w+)(?:\|(?P<name>[^>]*))?>")

log = structlog.get_logger()


class Listening:
    """Takes each payload to the door, the desk, or to those who follow people and channels."""

    def __init__(
        self,
        door: Door,
        *,
        people: People,
        channels: Channels,
        showing: Showing,
        now: Callable[[], datetime],
        later: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._door, self._people, self._channels, self._showing = door, people, channels, showing
        self._now, self._later = now, later

    async def __call__(self, body: dict[str, Any]) -> BoltResponse:
        """Let a payload in; the answer is Slack's acknowledgement."""
        kind = body.get("type") or ("command" if "command" in body else "")
        match kind:
            case "event_callback":
                await self._event(body)
                return _ack()
            case "block_actions":
                return await self._press(body)
            case "view_submission":
                return await self._submission(body)
            case "command":
                return await self._command(body)
            case "shortcut" | "message_action":
                return await self._shortcut(body)
            case "view_closed":
                return _ack()
            case _:
                log.warning("slack_payload_ignored", kind=str(kind)[:40])
                return _ack()

    # Events: Slack sends them again until they are acknowledged.

    async def _event(self, body: Payload) -> None:
        event, team, mark = body["event"], body["team_id"], body["event_id"]
        now = self._now()
        match event["type"]:
            case "message" if event.get("channel_type") == "im":
                await self._words(team, event)
            case "app_home_opened" if event.get("tab") == "home":
                await self._people.meet(self._door, team, event["user"], now)
                self._later(self._showing.home(team, event["user"]))
            case "user_change":
                await self._people.changed(self._door, team, event["user"], mark, now)
            case "subteam_members_changed":
                await self._channels.follow_user_group(self._door, team, event, mark, now)
            case "member_left_channel" if event["user"] in _ours(body):
                await self._channels.follow(self._door, team, {**event, "type": "channel_left"}, mark, now)
            case kind if kind in MOVES:
                await self._channels.follow(self._door, team, event, mark, now)
            case "app_uninstalled":
                await self._leave(team, mark, happened_at(body, now))
            case "tokens_revoked" if event.get("tokens", {}).get("bot"):
                await self._leave(team, mark, happened_at(body, now))
            case "function_executed":
                await self._function(team, event, mark)
            case kind:
                log.info("slack_event_ignored", kind=str(kind)[:40])

    async def _words(self, team: str, event: Payload) -> None:
        said = spoken(team, event)
        if said is not None:
            _, user = parts_of(main_place(said.place))
            await self._people.meet(self._door, team, user, self._now())
            if not await self._is_to_mull(team, user, said):
                await self._door.accept(said)

    async def _is_to_mull(self, team: str, user: str, said: TextReceived | TextChanged) -> bool:
        """Answer words that mean Mull itself; where a question is open they are its answer."""
        if not isinstance(said, TextReceived) or said.text.strip().casefold().rstrip(".!") not in SPOKEN:
            return False
        reply = await self._ask(EventId(f"{said.id}/asked"), team, user, said.text, is_spoken=True)
        if reply == Reply():
            return False
        if await self._door.accept(MullAddressed(id=said.id, at=said.at, who=said.who)) is Outcome.ACCEPTED:
            self._later(self._showing.answer(team, user, said.id, reply))
        return True

    async def _leave(self, team: str, mark: str, now: datetime) -> None:
        left = WorkspaceLeft(
            id=EventId(f"{PLATFORM}/{team}/{mark}"),
            at=now,
            who=identity(team, "workspace"),
            platform=PLATFORM,
            workspace=team,
            reason=REMOVED,
        )
        await self._door.accept(left)
        self._people.forget(team)
        self._showing.forget(team)

    async def _function(self, team: str, event: Payload, mark: str) -> None:
        """Run the workflow step "Send a check-in"."""
        if event["function"]["callback_id"] != FUNCTION:
            return
        inputs, execution = event["inputs"], event["function_execution_id"]
        user, flow = str(inputs.get("person", "")), str(inputs.get("flow") or "")
        await self._people.meet(self._door, team, user, self._now())
        reply = await self._ask(EventId(f"{PLATFORM}/{team}/{mark}"), team, user, f"sent {flow}".strip())
        why = reply.items[0].text if reply.items else ""
        self._later(self._showing.finish_step(team, execution, why, event.get("bot_access_token", "")))

    # What people press, send and type: Slack sends it once, so it is answered whatever happens.

    async def _press(self, body: Payload) -> BoltResponse:
        team, user = body["team"]["id"], body["user"]["id"]
        try:
            event = pressed(body, self._now())
            if event is None:
                return _ack()
            await self._people.meet(self._door, team, user, self._now())
            if isinstance(event, Said):
                await self._prove(body, event)
                reply = await self._ask(event_id(body), team, user, event.words, body=body)
                self._follow(body, reply)
                self._later(self._showing.reply(body, reply))
            else:
                await self._door.accept(event)
        except Forged:
            self._later(self._showing.tell(body, NOT_YOURS))
        except MullError:
            self._later(self._showing.tell(body, NOT_DONE))
        return _ack()

    async def _prove(self, body: Payload, said: Said) -> None:
        """Settle the fate of a channel post: whoever presses its button sees it."""
        if not said.post:
            return
        team, channel = body["team"]["id"], body["channel"]["id"]
        proven = PostProven(
            id=EventId(f"{PLATFORM}/{team}/proven/{said.post}"),
            at=self._now(),
            who=identity(team, body["user"]["id"]),
            post=said.post,
            is_there=True,
            remote_id=f"{channel}:{body['container']['message_ts']}",
        )
        await self._door.accept(proven)

    async def _submission(self, body: Payload) -> BoltResponse:
        team, user, view = body["team"]["id"], body["user"]["id"], body["view"]
        try:
            sent = submitted(body, self._now())
            if isinstance(sent, Said):
                reply = await self._ask(event_id(body), team, user, sent.words, given=sent.given)
                self._later(self._showing.reply(body, reply))
                return _ack()
            if isinstance(sent, FormSubmitted):
                return await self._form(body, sent)
            await self._door.accept(sent)
            self._later(self._showing.redraw(team, user))
            return _ack()
        except Forged:
            return _ack_errors(view, NOT_YOURS)
        except MullError:
            return _ack_errors(view, NOT_SAVED)

    async def _form(self, body: Payload, sent: FormSubmitted) -> BoltResponse:
        """Keep what a form was filled in with: a slip stays beside its field, a next part takes the form's place."""
        answered = await self._door.accept_at_once(sent)
        form = next((effect for effect in reversed(answered.effects) if isinstance(effect, OfferForm)), None)
        if form is None or form.run != sent.run:
            self._later(self._showing.deliver(answered.effects))
            self._later(self._showing.redraw(body["team"]["id"], body["user"]["id"]))
            return _ack()
        self._later(self._showing.settle_shown(answered.effects))
        shown = {block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"}
        slips = {field: sentence for field, sentence in errors_of(form).items() if field in shown}
        if slips:
            return _ack({"response_action": "errors", "errors": slips})
        view = form_modal(form, said_before(form, answered.effects))
        return _ack({"response_action": "update", "view": view})

    async def _command(self, body: Payload) -> BoltResponse:
        team, user = body["team_id"], body["user_id"]
        try:
            await self._people.meet(self._door, team, user, self._now())
            words, users = named_in(team, body.get("text", ""))
            reply = await self._ask(event_id(body), team, user, words, channel=users or _channel_named(body))
        except MullError:
            return _ack({"response_type": "ephemeral", "text": NOT_DONE})
        self._later(self._showing.rest_of(reply, body))
        self._follow(body, reply)
        if not reply.items:
            return _ack()
        message = reply_for(reply)
        return _ack({"response_type": "ephemeral", "text": message.text, "blocks": message.blocks})

    async def _shortcut(self, body: Payload) -> BoltResponse:
        team, user = body["team"]["id"], body["user"]["id"]
        words = SHORTCUTS.get(body["callback_id"])
        if words is None:
            log.warning("slack_payload_ignored", kind="shortcut")
            return _ack()
        if body["type"] == "message_action":
            words += f" {link_to(body)}"
        try:
            await self._people.meet(self._door, team, user, self._now())
            reply = await self._ask(event_id(body), team, user, words)
            self._later(self._showing.reply(body, reply))
        except MullError:
            self._later(self._showing.tell(body, NOT_DONE))
        return _ack()

    async def _ask(
        self,
        name: EventId,
        team: str,
        user: str,
        words: str,
        *,
        channel: Channel | None = None,
        given: tuple[tuple[str, str], ...] = (),
        body: Payload | None = None,
        is_spoken: bool = False,
    ) -> Reply:
        """Say words to the desk; whether Slack trusts somebody with the workspace is asked only where it matters."""
        is_trusted = False
        if body is not None and channel is None:
            channel = _channel_of(body)
        if words.casefold().split()[:1] in SETTING_UP:
            profile = await self._people.profile(team, user)
            is_trusted = (profile is not None and profile.is_trusted) or await self._people.installed(team, user)
            if channel is not None and not await self._channels.has_mull(channel.place):
                return Reply(items=(Item(text=NOT_HERE),))
        asked = Asked(
            id=name,
            at=self._now(),
            who=identity(team, user),
            place=place_of(team, user),
            words=words,
            channel=channel,
            is_trusted=is_trusted,
            given=given,
            is_spoken=is_spoken,
        )
        return await self._door.ask(asked)

    def _follow(self, body: Payload, reply: Reply) -> None:
        """Read who is in a channel that a group follows from now on, and say whom Mull would ask."""
        if reply.follow is not None:
            self._later(self._read_and_tell(body, reply.follow))

    async def _read_and_tell(self, body: Payload, place: Place) -> None:
        name = event_id(body)
        team, user = _team_and_user(body)
        await self._channels.read_whole(self._door, place, name, self._now())
        reply = await self._ask(EventId(f"{name}/read"), team, user, "group", channel=Channel(place=place))
        await self._showing.say(body, reply)


def happened_at(body: Payload, now: datetime) -> datetime:
    """Read when Slack says that something happened: up to the end of that second."""
    return datetime.fromtimestamp(body["event_time"] + 1, UTC) if "event_time" in body else now


def _team_and_user(body: Payload) -> tuple[str, str]:
    if "user_id" in body:
        return body["team_id"], body["user_id"]
    return body["team"]["id"], body["user"]["id"]


def named_in(team: str, text: str) -> tuple[str, Channel | None]:
    """Read a user group out of a command's words: `group <!subteam^S1|@staff>` is about that list of people."""
    found = USER_GROUP.search(text)
    if found is None:
        return plain(text), None
    users = Channel(place=place_of(team, f"{LIST}:{found['id']}"), name=(found["name"] or "").lstrip("@"))
    return plain(text[: found.start()] + text[found.end() :]).strip(), users


def link_to(body: Payload) -> str:
    """Write the address of the message that a shortcut was used on."""
    domain, ts = body["team"].get("domain", "app"), body["message_ts"].replace(".", "")
    return f"https://{domain}.slack.com/archives/{body['channel']['id']}/p{ts}"


def _channel_named(body: Payload) -> Channel | None:
    """Name the channel that a command was said in; a direct conversation is none."""
    if body["channel_id"].startswith("D"):
        return None
    return Channel(place=place_of(body["team_id"], body["channel_id"]), name=body.get("channel_name", ""))


def _channel_of(body: Payload) -> Channel | None:
    """Name the channel that a button stands in; a direct conversation is none."""
    channel = body.get("channel") or {}
    if not channel.get("id") or channel["id"].startswith("D"):
        return None
    return Channel(place=place_of(body["team"]["id"], channel["id"]), name=channel.get("name", ""))


def _ours(body: Payload) -> set[str]:
    """Name Mull's own user, as Slack says it with each event."""
    return {str(one.get("user_id")) for one in body.get("authorizations") or () if one.get("is_bot")}


def _ack(payload: dict[str, Any] | None = None) -> BoltResponse:
    if payload is None:
        return BoltResponse(status=200, body="")
    return BoltResponse(status=200, body=json.dumps(payload), headers={"content-type": "application/json"})


def _ack_errors(view: Payload, sentence: str) -> BoltResponse:
    """Keep a modal open with a sentence beside its first field."""
    fields = [block["block_id"] for block in view.get("blocks", ()) if block["type"] == "input"]
    if not fields:
        return _ack()
    return _ack({"response_action": "errors", "errors": {fields[0]: sentence}})
