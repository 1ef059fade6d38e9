"""Messages as the bot writes, changes and deletes them, and what the gateway tells of them."""

from collections.abc import Iterator

from tests.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, Gateway
from tests.discord.world import EPHEMERAL, JSON, LOADING, Channel, Message, User, World

BARE = {"content": "", "embeds": [], "components": [], "attachments": []}


class Writer:
    """Writes into channels, and tells the bot where it wants to be told."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world, self.gateway = world, gateway

    def make(self, channel: Channel, author: User, body: JSON, flags: int | None = None) -> Message:
        """Make a message from the body of a request; nobody sees it yet."""
        message = Message(
            id=self.world.new_id(),
            channel=channel.id,
            author=author,
            content=body.get("content") or "",
            at=self.world.now(),
            flags=int(body.get("flags") or 0) if flags is None else flags,
            nonce=str(body["nonce"]) if body.get("nonce") is not None else None,
            reference=body.get("message_reference"),
        )
        self.fill(message, body)
        return message

    def fill(self, message: Message, body: JSON) -> None:
        """Put what a body says into a message, and leave what it does not say."""
        if "content" in body:
            message.content = body["content"] or ""
        if "embeds" in body:
            message.embeds = list(body["embeds"] or [])
        if "components" in body:
            message.components = numbered(body["components"] or [])
        if "attachments" in body:
            kept = {one["id"]: one for one in message.attachments}
            given = body["attachments"] or []
            message.attachments = [kept.get(str(one.get("id"))) or self._attached(one) for one in given]

    async def post(self, channel: Channel, message: Message) -> None:
        """Put a message where everybody sees it, or its one reader."""
        channel.messages.append(message)
        channel.archived = False
        if not message.only_for:
            await self.tell("MESSAGE_CREATE", channel, message)

    async def change(self, channel: Channel, message: Message, body: JSON) -> None:
        """Change a message."""
        self.fill(message, body)
        if body.get("flags") is not None:
            message.flags = message.flags & (EPHEMERAL | LOADING) | int(body["flags"]) & ~EPHEMERAL
        message.edited_at = self.world.now()
        if not message.only_for:
            await self.tell("MESSAGE_UPDATE", channel, message)

    async def delete(self, channel: Channel, message: Message) -> None:
        """Take a message away."""
        channel.messages.remove(message)
        if not message.only_for:
            gone: JSON = {"id": message.id, "channel_id": channel.id}
            gone |= {"guild_id": channel.guild} if channel.guild else {}
            await self.gateway.dispatch("MESSAGE_DELETE", gone, channel.guild, _needs(channel))

    async def tell(self, name: str, channel: Channel, message: Message) -> int:
        """Tell the bot of a message; what others wrote among others comes without its words."""
        event = self.event(channel, message)
        is_private = channel.guild and message.author is not self.world.bot
        return await self.gateway.dispatch(
            name, event, channel.guild, _needs(channel), bare={**event, **BARE} if is_private else None
        )

    def event(self, channel: Channel, message: Message) -> JSON:
        """Describe a message as the gateway does."""
        event = message.as_json() | {"channel_type": channel.kind}
        if guild := self.world.guild_of(channel):
            event["guild_id"] = guild.id
            if member := guild.members.get(message.author.id):
                event["member"] = member.as_json(with_user=False)
        return event

    def _attached(self, given: JSON) -> JSON:
        name = given.get("filename", "file")
        url = f"https://cdn.example/{name}"
        return {"size": 0, "url": url, "proxy_url": url, **given, "id": self.world.new_id()}


def _needs(channel: Channel) -> int:
    return GUILD_MESSAGES if channel.guild else DIRECT_MESSAGES


def numbered(components: list[JSON]) -> list[JSON]:
    """Give every component an id, as Discord does where none was given."""
    numbers = iter(range(1, 10_000))
    return [_numbered(component, numbers) for component in components]


def _numbered(component: JSON, numbers: Iterator[int]) -> JSON:
    named = {**component, "id": component.get("id") or next(numbers)}
    if "components" in component:
        named["components"] = [_numbered(one, numbers) for one in component["components"]]
    if isinstance(component.get("component"), dict):
        named["component"] = _numbered(component["component"], numbers)
    return named
