"""Who and what there is in the fake's servers: people, roles, channels, messages; no protocol."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.discord.world_bell import Bell
from tests.discord.world_people import JSON, Member, Overwrite, Role, User
from tests.discord.world_rights import ALL, Right

__all__ = [
    "JSON",
    "Channel",
    "Guild",
    "Member",
    "Message",
    "Overwrite",
    "Refused",
    "Right",
    "Role",
    "User",
    "World",
]

EPOCH_MS = 1_420_070_400_000
TEXT, DM, CATEGORY, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 4, 11, 12
THREADS = (PUBLIC_THREAD, PRIVATE_THREAD)
SUPPRESS_EMBEDS, EPHEMERAL, LOADING, SILENT, COMPONENTS_V2 = 1 << 2, 1 << 6, 1 << 7, 1 << 12, 1 << 15

CLOSED_DMS, NO_MUTUAL_GUILD = 50007, 50278
"""Why a direct message does not arrive."""


NOTHING_SET = (
    "icon splash discovery_splash afk_channel_id application_id system_channel_id rules_channel_id vanity_url_code "
    "description banner public_updates_channel_id safety_alerts_channel_id"
)
LEVELS = (
    "verification_level default_message_notifications explicit_content_filter mfa_level nsfw_level premium_tier "
    "system_channel_flags premium_subscription_count"
)
"""Fields of every server that say nothing here, and those that are nought."""


class Refused(Exception):
    """The fake answers with a status and a code; `more` is told beside them."""

    def __init__(self, status: int, code: int, message: str, **more: object) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.answer: JSON = {"message": message, "code": code, **more}


@dataclass
class Message:
    """What stands in a channel; `only_for` names the one who sees an ephemeral one."""

    id: str
    channel: str
    author: User
    content: str
    at: datetime
    components: list[JSON] = field(default_factory=list)
    embeds: list[JSON] = field(default_factory=list)
    attachments: list[JSON] = field(default_factory=list)
    flags: int = 0
    edited_at: datetime | None = None
    only_for: str | None = None
    nonce: str | None = None
    reference: JSON | None = None
    thread: "Channel | None" = None
    kind: int = 0
    interaction: JSON | None = None
    application: str | None = None

    def as_json(self, *, with_content: bool = True) -> JSON:
        """Describe it as the channel's messages do."""
        described: JSON = {
            "id": self.id,
            "channel_id": self.channel,
            "author": self.author.as_json(),
            "content": self.content if with_content else "",
            "timestamp": stamp(self.at),
            "edited_timestamp": stamp(self.edited_at) if self.edited_at else None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": self.attachments if with_content else [],
            "embeds": self.embeds if with_content else [],
            "components": self.components if with_content else [],
            "pinned": False,
            "type": self.kind,
            "flags": self.flags,
        }
        for key, value in (
            ("nonce", self.nonce),
            ("message_reference", self.reference),
            ("thread", self.thread and self.thread.as_json()),
            ("interaction_metadata", self.interaction),
            ("application_id", self.application),
            ("webhook_id", self.interaction and self.application),
        ):
            if value:
                described[key] = value
        return described


@dataclass
class Channel:
    """A text channel, a thread under `parent`, or the direct messages of the bot with `user`."""

    id: str
    name: str
    kind: int = TEXT
    guild: str | None = None
    parent: str | None = None
    user: User | None = None
    owner: str | None = None
    position: int = 0
    overwrites: list[Overwrite] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    archived: bool = False
    locked: bool = False
    archived_at: str = "2026-01-05T08:00:00+00:00"
    messages: list[Message] = field(default_factory=list)

    @property
    def is_dm(self) -> bool:
        """Tell direct messages."""
        return self.kind == DM

    @property
    def is_thread(self) -> bool:
        """Tell a thread."""
        return self.kind in THREADS

    def find(self, message: str) -> Message | None:
        """Find a message that everybody here sees."""
        return next((one for one in self.messages if one.id == message and not one.only_for), None)

    def as_json(self) -> JSON:
        """Describe it as channels/{id} does."""
        last = [message.id for message in self.messages if not message.only_for]
        described: JSON = {"id": self.id, "type": self.kind, "last_message_id": last[-1] if last else None, "flags": 0}
        if self.user:
            return described | {"recipients": [self.user.as_json()]}
        described |= {
            "guild_id": self.guild,
            "name": self.name,
            "parent_id": self.parent,
            "rate_limit_per_user": 0,
            "topic": None,
            "nsfw": False,
            "position": self.position,
            "permission_overwrites": [overwrite.as_json() for overwrite in self.overwrites],
        }
        if self.is_thread:
            for key in ("topic", "nsfw", "position", "permission_overwrites"):
                del described[key]
            described |= {
                "owner_id": self.owner,
                "message_count": len(last),
                "total_message_sent": len(last),
                "member_count": max(1, len(self.members)),
                "thread_metadata": {
                    "archived": self.archived,
                    "auto_archive_duration": 4320,
                    "archive_timestamp": self.archived_at,
                    "locked": self.locked,
                    "create_timestamp": self.archived_at,
                },
            }
        return described


@dataclass
class Guild:
    """A server; the bot is in it while `installed`."""

    id: str
    name: str
    owner: str
    locale: str = "en-GB"
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    channels: list[str] = field(default_factory=list)
    installed: bool = True
    available: bool = True

    def as_json(self) -> JSON:
        """Describe it as guilds/{id} does."""
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner,
            "preferred_locale": self.locale,
            "afk_timeout": 300,
            "roles": [role.as_json() for role in self.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "region": "deprecated",
            "premium_progress_bar_enabled": False,
            **dict.fromkeys(NOTHING_SET.split()),
            **dict.fromkeys(LEVELS.split(), 0),
        }


class World:
    """Everything there is, and the clock that stamps it."""

    def __init__(self, now: Callable[[], datetime] | None) -> None:
        self._base = now or (lambda: datetime(2026, 3, 6, 10, 40, tzinfo=UTC))
        self._passed = timedelta()
        self._last_id = 0
        self.bell = Bell()
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.bot = User("900", "mull", "Mull", is_bot=True)
        self.users[self.bot.id] = self.bot

    def now(self) -> datetime:
        """Tell the time."""
        return self._base() + self._passed

    def pass_time(self, **by: float) -> None:
        """Let time pass, here only."""
        self._passed += timedelta(**by)
        self.bell.ring()

    def new_id(self) -> str:
        """Make a snowflake: later than all before, also when the clock is set back."""
        ms = int(self.now().timestamp() * 1000) - EPOCH_MS
        self._last_id = max(self._last_id + 1, ms << 22)
        return str(self._last_id)

    def dm(self, user: str) -> Channel:
        """Find the direct messages of somebody with the bot; they begin when they are first wanted."""
        for channel in self.channels.values():
            if channel.user and channel.user.id == user:
                return channel
        made = Channel(self.new_id(), "dm", DM, user=self.users[user])
        self.channels[made.id] = made
        return made

    def guild_of(self, channel: Channel) -> Guild | None:
        """Find the server of a channel."""
        return self.guilds[channel.guild] if channel.guild else None

    def channels_of(self, guild: Guild) -> Iterator[Channel]:
        """List the channels and threads of a server."""
        return (self.channels[name] for name in guild.channels)

    def mutual_guilds(self, user: str) -> list[Guild]:
        """List the servers where somebody meets the bot."""
        return [guild for guild in self.guilds.values() if guild.installed and user in guild.members]

    def rights(self, user: str, channel: Channel) -> Right:
        """Work out what somebody may do in a channel, as Discord documents it."""
        guild = self.guild_of(channel)
        if guild is None:
            return ALL & ~Right.ADMINISTRATOR if channel.user and user in (channel.user.id, self.bot.id) else Right(0)
        rights = self.rights_in(user, guild)
        if not rights or Right.ADMINISTRATOR in rights:
            return rights
        if channel.kind == PRIVATE_THREAD and user not in channel.members and Right.MANAGE_THREADS not in rights:
            return Right(0)
        rights = self._overwritten(rights, user, guild, channel)
        if Right.VIEW_CHANNEL not in rights:
            return Right(0)
        speaks = Right.SEND_MESSAGES_IN_THREADS if channel.is_thread else Right.SEND_MESSAGES
        if speaks not in rights:
            rights &= ~(Right.MENTION_EVERYONE | Right.ATTACH_FILES | Right.EMBED_LINKS)
        return rights

    def rights_in(self, user: str, guild: Guild) -> Right:
        """Work out what somebody may do in a server, by their roles alone."""
        member = guild.members.get(user)
        if member is None:
            return Right(0)
        if guild.owner == user:
            return ALL
        rights = guild.roles[guild.id].permissions
        for role in member.roles:
            rights |= guild.roles[role].permissions
        return ALL if Right.ADMINISTRATOR in rights else rights

    def _overwritten(self, rights: Right, user: str, guild: Guild, channel: Channel) -> Right:
        ruling = self.channels[channel.parent] if channel.is_thread and channel.parent else channel
        mine = guild.members[user].roles
        everyone = [one for one in ruling.overwrites if one.id == guild.id]
        by_role = [one for one in ruling.overwrites if one.id in mine and one.id != guild.id]
        by_member = [one for one in ruling.overwrites if one.id == user and one.is_member]
        for group in (everyone, by_role, by_member):
            for one in group:
                rights &= ~one.deny
            for one in group:
                rights |= one.allow
        return rights


def stamp(at: datetime) -> str:
    """Write a time as Discord does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
