"""The Web API methods that write, change and read messages."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.slack.delivery import Deliveries
from tests.slack.payloads import Payloads
from tests.slack.world import JSON, Channel, Message, Refused, Workspace, World, order

DEFAULT_PAGE = 100


@dataclass
class Asked:
    """A call of a method, its arguments as the bot meant them."""

    method: str
    body: JSON
    token: str
    workspace: Workspace

    def text(self, name: str, default: str = "") -> str:
        """Read an argument in words."""
        return str(self.body.get(name) or default)

    def flag(self, name: str) -> bool:
        """Read a yes or no."""
        return str(self.body.get(name)).lower() in ("true", "1")

    def need(self, *scopes: str) -> None:
        """Refuse without one of these scopes."""
        if not self.workspace.scopes & set(scopes):
            raise Refused("missing_scope", needed=scopes[0], provided=",".join(sorted(self.workspace.scopes)))


Method = Callable[[Asked], JSON] | Callable[[Asked], Awaitable[JSON]]


def page(asked: Asked, everything: list[Any], default: int = DEFAULT_PAGE) -> tuple[list[Any], JSON]:
    """Cut one page out; answer it and what leads to the next."""
    cursor = asked.text("cursor", "next:0")
    first = cursor.removeprefix("next:")
    if not first.isdigit() or not cursor.startswith("next:"):
        raise Refused("invalid_cursor")
    limit = int(asked.text("limit", str(default)))
    if not 1 <= limit <= 1000:
        raise Refused("invalid_limit")
    start = int(first)
    more = start + limit < len(everything)
    return everything[start : start + limit], {"next_cursor": f"next:{start + limit}" if more else ""}


def reachable(world: World, asked: Asked, name: str) -> Channel:
    """Find a channel of the caller's workspace."""
    channel = world.channels.get(name)
    if channel is None or channel.team != asked.workspace.id:
        raise Refused("channel_not_found")
    if channel.is_private and asked.workspace.bot_user not in channel.members:
        raise Refused("channel_not_found")
    return channel


class Chat:
    """chat.*, conversations.history and conversations.replies."""

    def __init__(self, world: World, payloads: Payloads, deliveries: Deliveries) -> None:
        self.world, self.payloads, self.deliveries = world, payloads, deliveries
        self.methods: dict[str, Method] = {
            "chat.postMessage": self.post,
            "chat.postEphemeral": self.post_ephemeral,
            "chat.update": self.update,
            "chat.delete": self.delete,
            "conversations.history": self.history,
            "conversations.replies": self.replies,
        }

    def post(self, asked: Asked) -> JSON:
        """Post a message, in the direct messages where a person is named."""
        asked.need("chat:write")
        channel = self._where(asked)
        message = self.world.bot_message(
            asked.workspace,
            channel.id,
            text=asked.text("text"),
            blocks=asked.body.get("blocks"),
            metadata=asked.body.get("metadata"),
            thread_ts=asked.body.get("thread_ts"),
        )
        channel.messages.append(message)
        if channel.is_im:
            self._echo(asked, self.payloads.message(channel, message))
        return {
            "ok": True,
            "channel": channel.id,
            "ts": message.ts,
            "message": message.as_json(with_metadata=True),
        }

    def post_ephemeral(self, asked: Asked) -> JSON:
        """Show something to one person in a channel."""
        asked.need("chat:write")
        channel, person = self._where(asked), asked.text("user")
        if person not in channel.members:
            raise Refused("user_not_in_channel")
        message = self.world.bot_message(
            asked.workspace, channel.id, text=asked.text("text"), blocks=asked.body.get("blocks"), only_for=person
        )
        self.world.ephemerals.append(message)
        return {"ok": True, "message_ts": message.ts}

    def update(self, asked: Asked) -> JSON:
        """Change a message; text alone takes the blocks away, and the metadata stays unless it is given."""
        asked.need("chat:write")
        channel, message = self._own(asked, "cant_update_message")
        before = message.as_json(with_metadata=True)
        if "text" in asked.body or "blocks" in asked.body:
            message.blocks = self.world.with_ids(asked.body.get("blocks") or [])
        if "text" in asked.body:
            message.text = asked.text("text")
        if "metadata" in asked.body:
            message.metadata = asked.body["metadata"] or None
        after = message.as_json(with_metadata=True)
        if channel.is_im:
            self._echo(asked, self.payloads.changed(channel, before, after))
        return {"ok": True, "channel": channel.id, "ts": message.ts, "text": message.text, "message": after}

    def delete(self, asked: Asked) -> JSON:
        """Take a message away."""
        asked.need("chat:write")
        channel, message = self._own(asked, "cant_delete_message")
        channel.messages.remove(message)
        if channel.is_im:
            self._echo(asked, self.payloads.deleted(channel, message.as_json(with_metadata=True)))
        return {"ok": True, "channel": channel.id, "ts": message.ts}

    def history(self, asked: Asked) -> JSON:
        """List messages, newest first, without the answers in threads."""
        channel = reachable(self.world, asked, asked.text("channel"))
        asked.need(f"{channel.kind}:history")
        if asked.workspace.bot_user not in channel.members:
            raise Refused("not_in_channel")
        top = [m for m in channel.messages if m.thread_ts in (None, m.ts)]
        return self._listed(asked, top[::-1])

    def replies(self, asked: Asked) -> JSON:
        """List a thread, its first message first."""
        channel = reachable(self.world, asked, asked.text("channel"))
        asked.need(f"{channel.kind}:history")
        if asked.workspace.bot_user not in channel.members:
            raise Refused("not_in_channel")
        first = channel.find(asked.text("ts"))
        if first is None:
            raise Refused("thread_not_found")
        return self._listed(asked, [first, *(m for m in channel.messages if m.thread_ts == first.ts != m.ts)])

    def _listed(self, asked: Asked, messages: list[Message]) -> JSON:
        oldest, latest = order(asked.text("oldest", "0")), order(asked.text("latest", "99999999999"))
        inclusive = asked.flag("inclusive")
        found = [
            message
            for message in messages
            if oldest < order(message.ts) < latest or (inclusive and order(message.ts) in (oldest, latest))
        ]
        shown, further = page(asked, found)
        with_metadata = asked.flag("include_all_metadata")
        return {
            "ok": True,
            "messages": [message.as_json(with_metadata=with_metadata) for message in shown],
            "has_more": bool(further["next_cursor"]),
            "response_metadata": further,
        }

    def _where(self, asked: Asked) -> Channel:
        name = asked.text("channel")
        user = self.world.users.get(name)
        if user is not None and user.team == asked.workspace.id and not user.is_bot and not user.deleted:
            return self.world.dm(name)
        channel = reachable(self.world, asked, name)
        if channel.archived:
            raise Refused("is_archived")
        if channel.user is not None and self.world.users[channel.user].deleted:
            raise Refused("user_disabled")
        if asked.workspace.bot_user not in channel.members and not asked.workspace.scopes & {"chat:write.public"}:
            raise Refused("not_in_channel")
        return channel

    def _own(self, asked: Asked, refusal: str) -> tuple[Channel, Message]:
        channel = reachable(self.world, asked, asked.text("channel"))
        message = channel.find(asked.text("ts"))
        if message is None:
            raise Refused("message_not_found")
        if not message.by_bot:
            raise Refused(refusal)
        return channel, message

    def _echo(self, asked: Asked, event: JSON) -> None:
        self.deliveries.echo(self.payloads.event(asked.workspace, event))
