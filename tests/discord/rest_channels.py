"""Channels, threads, direct messages, and what the bot writes there."""

from datetime import timedelta

from tests.discord.gateway import GUILDS, Gateway
from tests.discord.rest import Asked, Route
from tests.discord.rest_messages import BARE, Writer
from tests.discord.world import (
    DM,
    JSON,
    NO_MUTUAL_GUILD,
    PUBLIC_THREAD,
    THREADS,
    Channel,
    Message,
    Refused,
    World,
    stamp,
)
from tests.discord.world_rights import Right

NONCE_LIVES = timedelta(minutes=5)
UNREACHABLE = {
    50007: "Cannot send messages to this user",
    NO_MUTUAL_GUILD: "Cannot send messages to this user due to having no mutual guilds",
}


class Channels:
    """Answers what is asked of channels; everything by what the bot may do there."""

    def __init__(self, world: World, gateway: Gateway, writer: Writer) -> None:
        self.world, self.gateway, self.writer = world, gateway, writer
        self.reads_content = False
        self.typing: list[str] = []

    @property
    def routes(self) -> list[Route]:
        """List the routes."""
        channel, messages = "/channels/{channel}", "/channels/{channel}/messages"
        one = messages + "/{message}"
        return [
            Route("create_dm", "POST", "/users/@me/channels", self.create_dm),
            Route("get_channel", "GET", channel, self.get_channel),
            Route("change_channel", "PATCH", channel, self.change_channel),
            Route("create_message", "POST", messages, self.create_message),
            Route("get_messages", "GET", messages, self.get_messages),
            Route("get_message", "GET", one, self.get_message),
            Route("edit_message", "PATCH", one, self.edit_message),
            Route("delete_message", "DELETE", one, self.delete_message),
            Route("typing", "POST", channel + "/typing", self.type),
            Route("start_thread", "POST", one + "/threads", self.start_thread, status=201),
            Route("create_thread", "POST", channel + "/threads", self.create_thread, status=201),
            Route("join_thread", "PUT", channel + "/thread-members/@me", self.join_thread),
        ]

    # Finding.

    def channel(self, asked: Asked) -> Channel:
        """Find the channel that is asked about, if the bot may see it."""
        channel = self.world.channels.get(asked["channel"])
        if channel is None:
            raise Refused(404, 10003, "Unknown Channel")
        guild = self.world.guild_of(channel)
        if guild and (not guild.installed or Right.VIEW_CHANNEL not in self._mine(channel)):
            raise Refused(403, 50001, "Missing Access")
        return channel

    def _mine(self, channel: Channel) -> Right:
        return self.world.rights(self.world.bot.id, channel)

    def _need(self, channel: Channel, right: Right) -> None:
        if right not in self._mine(channel):
            raise Refused(403, 50013, "Missing Permissions")

    def _message(self, asked: Asked, channel: Channel) -> Message:
        message = channel.find(asked["message"])
        if message is None:
            raise Refused(404, 10008, "Unknown Message")
        return message

    # Channels.

    async def create_dm(self, asked: Asked) -> JSON:
        """Open the direct messages of somebody; that works also where nothing can be sent there."""
        user = str(asked.body.get("recipient_id"))
        if user not in self.world.users or user == self.world.bot.id:
            raise Refused(400, 50033, "Invalid Recipient(s)")
        return self.world.dm(user).as_json()

    async def get_channel(self, asked: Asked) -> JSON:
        """Describe a channel."""
        return self.channel(asked).as_json()

    async def change_channel(self, asked: Asked) -> JSON:
        """Change a thread: its name, whether it is archived or locked."""
        channel = self.channel(asked)
        self._need(channel, Right.MANAGE_THREADS if channel.kind in THREADS else Right.MANAGE_CHANNELS)
        for name in ("name", "archived", "locked"):
            if name in asked.body:
                setattr(channel, name, asked.body[name])
        if asked.body.get("archived"):
            channel.archived_at = stamp(self.world.now())
        kind = "THREAD_UPDATE" if channel.kind in THREADS else "CHANNEL_UPDATE"
        await self.gateway.dispatch(kind, channel.as_json(), channel.guild, GUILDS)
        return channel.as_json()

    async def start_thread(self, asked: Asked) -> JSON:
        """Start the thread of a message; it has the message's id."""
        channel = self.channel(asked)
        message = self._message(asked, channel)
        self._need(channel, Right.CREATE_PUBLIC_THREADS)
        if message.thread:
            raise Refused(400, 160004, "A thread has already been created for this message")
        thread = await self._thread(channel, message.id, asked.body["name"], PUBLIC_THREAD)
        message.thread = thread
        message.flags |= 1 << 5
        return thread.as_json()

    async def create_thread(self, asked: Asked) -> JSON:
        """Start a thread of no message; a private one where no type is said."""
        channel = self.channel(asked)
        kind = asked.body.get("type", 12)
        public = kind == PUBLIC_THREAD
        self._need(channel, Right.CREATE_PUBLIC_THREADS if public else Right.CREATE_PRIVATE_THREADS)
        return (await self._thread(channel, self.world.new_id(), asked.body["name"], kind)).as_json()

    async def _thread(self, channel: Channel, name: str, called: str, kind: int) -> Channel:
        if channel.kind in (DM, *THREADS):
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        me, guild = self.world.bot.id, self.world.guild_of(channel)
        thread = Channel(name, called, kind, channel.guild, channel.id, owner=me, members={me})
        thread.archived_at = stamp(self.world.now())
        self.world.channels[thread.id] = thread
        if guild:
            guild.channels.append(thread.id)
        await self.gateway.dispatch("THREAD_CREATE", thread.as_json() | {"newly_created": True}, thread.guild, GUILDS)
        return thread

    async def join_thread(self, asked: Asked) -> None:
        """Join a thread."""
        self.channel(asked).members.add(self.world.bot.id)

    async def type(self, asked: Asked) -> None:
        """Show that the bot writes."""
        channel = self.channel(asked)
        self._may_send(channel)
        self.typing.append(channel.id)

    # Messages.

    def _may_send(self, channel: Channel) -> None:
        if channel.user:
            code = channel.user.dms
            if not code and not self.world.mutual_guilds(channel.user.id):
                code = NO_MUTUAL_GUILD
            if code:
                raise Refused(403, code, UNREACHABLE.get(code, "Cannot send messages to this user"))
            return
        self._need(channel, Right.SEND_MESSAGES_IN_THREADS if channel.is_thread else Right.SEND_MESSAGES)
        if channel.locked and Right.MANAGE_THREADS not in self._mine(channel):
            raise Refused(400, 160005, "Thread is locked")

    async def create_message(self, asked: Asked) -> JSON:
        """Write a message; one with a nonce that was seen lately is answered with what stands already."""
        channel, body = self.channel(asked), asked.body
        self._may_send(channel)
        if body.get("embeds"):
            self._need(channel, Right.EMBED_LINKS)
        if asked.files:
            self._need(channel, Right.ATTACH_FILES)
        if body.get("message_reference"):
            self._need(channel, Right.READ_MESSAGE_HISTORY)
        if body.get("enforce_nonce") and (before := self._with_nonce(channel, str(body.get("nonce")))):
            return self._read(channel, before)
        message = self.writer.make(channel, self.world.bot, body)
        await self.writer.post(channel, message)
        return self._read(channel, message)

    def _with_nonce(self, channel: Channel, nonce: str) -> Message | None:
        since = self.world.now() - NONCE_LIVES
        mine = [one for one in channel.messages if one.author is self.world.bot and one.at > since]
        return next((one for one in mine if one.nonce == nonce), None)

    async def get_messages(self, asked: Asked) -> list[JSON]:
        """List messages, the newest first: after one, before one, or the newest."""
        channel, query = self.channel(asked), asked.query
        if Right.READ_MESSAGE_HISTORY not in self._mine(channel):
            return []
        limit = int(query.get("limit", 50))
        if not 1 <= limit <= 100:
            wrong = {"code": "NUMBER_TYPE_MAX", "message": "int value should be between 1 and 100."}
            raise Refused(400, 50035, "Invalid Form Body", errors={"limit": {"_errors": [wrong]}})
        seen = [message for message in channel.messages if not message.only_for]
        if "after" in query:
            chosen = [one for one in seen if int(one.id) > int(query["after"])][:limit]
        else:
            before = int(query.get("before", 1 << 63))
            chosen = [one for one in seen if int(one.id) < before][-limit:]
        return [self._read(channel, message) for message in reversed(chosen)]

    async def get_message(self, asked: Asked) -> JSON:
        """Read one message."""
        channel = self.channel(asked)
        self._need(channel, Right.READ_MESSAGE_HISTORY)
        return self._read(channel, self._message(asked, channel))

    def _read(self, channel: Channel, message: Message) -> JSON:
        is_open = channel.is_dm or message.author is self.world.bot or self.reads_content
        return message.as_json() | ({} if is_open else BARE)

    async def edit_message(self, asked: Asked) -> JSON:
        """Change one of the bot's own messages."""
        channel = self.channel(asked)
        message = self._message(asked, channel)
        if message.author is not self.world.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        if channel.archived:
            raise Refused(400, 50083, "Thread is archived")
        await self.writer.change(channel, message, asked.body)
        return message.as_json()

    async def delete_message(self, asked: Asked) -> None:
        """Delete a message: the bot's own, or in a server anybody's, where it may."""
        channel = self.channel(asked)
        message = self._message(asked, channel)
        if message.author is not self.world.bot:
            if channel.is_dm:
                raise Refused(403, 50003, "Cannot execute action on a DM channel")
            self._need(channel, Right.MANAGE_MESSAGES)
        await self.writer.delete(channel, message)
