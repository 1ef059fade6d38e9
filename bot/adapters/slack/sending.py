"""Effects on their way to Slack: at its pace, looked for before they are sent again, with a reason where they end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import Attempt, Dead, Delivery, Sent, TryAgain, Unsure
from bot.adapters.slack.calls import CLOSED, LOST, NEVER, REVOKED, delivery_of, error_of, is_unclear, pause_of
from bot.adapters.slack.inbound import is_person, moment, parts_of, place_of, thread_of
from bot.adapters.slack.outbound import Message, message_for, settled
from bot.adapters.slack.pace import Pace
from bot.adapters.slack.workspaces import Workspaces
from bot.core.effects import AnyEffect, CallGroup, EffectId, InviteGroup, SettleQuestion
from bot.core.people import Place, main_place

POST, UPDATE, HISTORY, OPEN_DM = "chat.postMessage", "chat.update", "conversations.history", "conversations.open"
REPLIES = "conversations.replies"
EFFECT = "mull_effect"
"""The kind of metadata that carries an effect's id: a message without a name of ours is found by it."""

PATIENT = 5.0
"""Seconds a delivery waits for its turn here; beyond them it goes back to the outbox."""

LOOKED_BACK = timedelta(minutes=2)
"""How much earlier than the effect its message is looked for: clocks differ."""

PAGES_BACK = 10
MOST_ABSENT = 10_000
GONE = Dead("Mull was removed from this Slack workspace")
NEEDLESS = Dead("in Slack everybody is written to directly")
UNCHANGEABLE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_archived"}
)

log = structlog.get_logger()


class Held(Exception):
    """Slack asked to be left alone for so many seconds, and they are not over."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Sending:
    """Delivers effects.

    `on_revoked` is told of a workspace that refuses its token, `on_closed` of a channel that takes no post, and why.
    """

    def __init__(
        self,
        workspaces: Workspaces,
        pace: Pace,
        on_revoked: Callable[[str], None],
        on_closed: Callable[[Place, str], None] = lambda place, reason: None,
    ) -> None:
        self._workspaces, self._pace = workspaces, pace
        self._on_revoked, self._on_closed = on_revoked, on_closed
        self._conversations: dict[tuple[str, str], str] = {}
        self._absent: dict[EffectId, int] = {}

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Show one effect; the same effect is seen once, however often it comes."""
        team, name = parts_of(main_place(effect.place))
        client = await self._workspaces.client(team)
        if client is None:
            return GONE
        is_post = isinstance(effect, InviteGroup) and not effect.is_closed and not is_person(name)
        try:
            return await self._deliver(client, effect, attempt, team, name)
        except Held as held:
            return TryAgain("Slack asked to wait", timedelta(seconds=held.seconds))
        except SlackApiError as fault:
            if is_post and is_unclear(fault):
                return Unsure("Slack did not say whether it was posted")
            if is_post and error_of(fault) in CLOSED:
                self._on_closed(effect.place, NEVER[error_of(fault)])
            if is_person(name) and error_of(fault) == "channel_not_found":
                return Dead(NEVER["user_not_found"])  # the channel is the person here
            return delivery_of(fault)
        except LOST as fault:
            log.info("slack_call_lost", effect_id=effect.id, fault=type(fault).__name__)
            reason = "the connection to Slack broke"
            return Unsure(reason) if is_post else TryAgain(reason)

    async def _deliver(
        self, client: AsyncWebClient, effect: AnyEffect, attempt: Attempt, team: str, name: str
    ) -> Delivery:
        if isinstance(effect, CallGroup):
            return NEEDLESS
        if isinstance(effect, SettleQuestion):
            return await self._change(client, attempt, team, settled(effect))
        if isinstance(effect, InviteGroup) and effect.is_closed:
            return await self._change(client, attempt, team, message_for(effect))
        if is_person(name) and self._may_stand(effect, attempt):
            stands = await self._find(client, team, name, effect, attempt.since)
            if stands:
                return Sent(stands)
        elif attempt.was_lost and not is_person(name):
            return Unsure("Mull stopped while it was posting")
        held = await self._turn(team, name, POST, is_reply=attempt.is_reply)
        if held:
            self._note_absent(effect, attempt)
            return TryAgain("Slack takes about a message a second", timedelta(seconds=held))
        message = message_for(effect)
        try:
            return await self._post(client, message, effect.id, effect.place)
        except SlackApiError as fault:
            if not is_unclear(fault):
                self._note_absent(effect, attempt)
            raise

    async def _post(self, client: AsyncWebClient, message: Message, effect: EffectId, place: Place) -> Sent:
        team, name = parts_of(main_place(place))
        thread = thread_of(place)
        self._absent.pop(effect, None)
        answer = await self._call(
            client,
            team,
            POST,
            channel=self._conversations.get((team, name), name),
            text=message.text,
            blocks=message.blocks,
            metadata={"event_type": EFFECT, "event_payload": {"id": effect}},
            unfurl_links=False,
            unfurl_media=False,
            **({"thread_ts": thread} if thread else {}),
        )
        if is_person(name):
            self._conversations[team, name] = answer["channel"]
        return Sent(f"{answer['channel']}:{answer['ts']}")

    async def say(self, team: str, user: str, message: Message, name: str) -> None:
        """Write something in somebody's conversation that is no effect of a run, once; it may get lost."""
        client = await self._workspaces.client(team)
        try:
            if client is not None and not await self._turn(team, user, POST, is_reply=True):
                await self._post(client, message, EffectId(name), place_of(team, user))
        except (Held, SlackApiError, *LOST) as fault:
            log.info("answer_not_said", workspace=team, fault=type(fault).__name__)

    def _may_stand(self, effect: AnyEffect, attempt: Attempt) -> bool:
        """Say whether an earlier try may have come through; where Slack refused it, there is nothing to look for."""
        return attempt.number > 1 and self._absent.get(effect.id) != attempt.number - 1

    def _note_absent(self, effect: AnyEffect, attempt: Attempt) -> None:
        """Remember up to which try an effect stands nowhere for certain."""
        if len(self._absent) >= MOST_ABSENT:
            self._absent.clear()  # whatever is not known is looked for
        self._absent[effect.id] = attempt.number

    async def _change(self, client: AsyncWebClient, attempt: Attempt, team: str, message: Message) -> Delivery:
        """Change the messages that an effect is about; one that is gone needs no change."""
        for remote_id in attempt.shown:
            channel, _, ts = remote_id.partition(":")
            if not ts:
                continue
            try:
                await self._call(client, team, UPDATE, channel=channel, ts=ts, text=message.text, blocks=message.blocks)
            except SlackApiError as fault:
                if error_of(fault) not in UNCHANGEABLE:
                    raise
        return Sent(attempt.shown[0] if attempt.shown else "")

    async def _find(
        self, client: AsyncWebClient, team: str, user: str, effect: AnyEffect, since: datetime
    ) -> str | None:
        """Look for an effect's message in the direct conversation, since about when the effect was made."""
        channel = await self.conversation(client, team, user)
        thread = thread_of(effect.place)
        async for message in self._messages(client, team, channel, since - LOOKED_BACK, thread, with_metadata=True):
            metadata = message.get("metadata") or {}
            if metadata.get("event_payload", {}).get("id") == effect.id:
                return f"{channel}:{message['ts']}"
        return None

    async def _messages(
        self,
        client: AsyncWebClient,
        team: str,
        channel: str,
        since: datetime,
        thread: str,
        *,
        with_metadata: bool = False,
    ) -> AsyncIterator[Mapping[str, Any]]:
        """Read a conversation, or a thread of it, back to a time."""
        given: dict[str, Any] = {"channel": channel, "oldest": f"{since.timestamp():.6f}", "limit": 200}
        given |= {"ts": thread} if thread else {}
        given |= {"include_all_metadata": True} if with_metadata else {}
        for _ in range(PAGES_BACK):
            answer = await self._call(client, team, REPLIES if thread else HISTORY, **given)
            for message in answer["messages"]:
                yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return
            given["cursor"] = cursor

    async def conversation(self, client: AsyncWebClient, team: str, user: str) -> str:
        """Find the direct conversation with somebody."""
        if (team, user) not in self._conversations:
            answer = await self._call(client, team, OPEN_DM, users=user)
            self._conversations[team, user] = answer["channel"]["id"]
        return self._conversations[team, user]

    async def said_since(self, place: Place, since: datetime) -> list[Mapping[str, Any]]:
        """Read what stands in somebody's conversation since a time, and in its thread, the oldest first."""
        team, user = parts_of(main_place(place))
        client = await self._workspaces.client(team)
        if client is None:
            return []
        channel = await self.conversation(client, team, user)
        found = [
            message
            for thread in {"", thread_of(place)}
            async for message in self._messages(client, team, channel, since, thread)
        ]
        return sorted({message["ts"]: message for message in found}.values(), key=lambda one: moment(one["ts"]))

    async def _turn(self, team: str, name: str, method: str, *, is_reply: bool) -> float:
        """Wait for one's turn; answer the seconds left where it takes too long, or Slack asked to wait."""
        waited = 0.0
        while seconds := self._pace.wait(team, name, method, is_reply=is_reply):
            waited += seconds
            if waited > PATIENT or self._pace.closed_for(team, method):
                return seconds
            await asyncio.sleep(seconds)
        return 0.0

    async def _call(self, client: AsyncWebClient, team: str, method: str, **given: Any) -> Mapping[str, Any]:
        """Call Slack, unless it asked not to be called.

        Raises Held, SlackApiError, and what is in LOST.
        """
        held = self._pace.closed_for(team, method)
        if held:
            raise Held(held)
        try:
            # The SDK knows which methods take JSON: those that read take none.
            answer = await getattr(client, method.replace(".", "_"))(**given)
        except SlackApiError as fault:
            pause = pause_of(fault)
            if pause is not None:
                self._pace.close(team, method, pause)
            if error_of(fault) in REVOKED and self._workspaces.refuse(team, client):
                self._on_revoked(team)
            raise
        data: Mapping[str, Any] = answer.data
        return data
