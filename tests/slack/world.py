"""Who and what there is in the fake's workspaces: people, channels, messages, views; no protocol."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

JSON = dict[str, Any]

SCOPES = (
    "app_mentions:read,channels:read,chat:write,commands,groups:read,im:history,im:read,im:write,team:read,"
    "usergroups:read,users:read"
)
"""What the bot may do unless a test says otherwise: the history of direct messages, not of channels."""


class Refused(Exception):
    """The fake answers `ok: false`."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.answer: JSON = {"ok": False, "error": error, **more}


@dataclass
class Workspace:
    """A school's Slack, and our app in it."""

    id: str
    name: str
    bot_user: str
    bot_id: str
    token: str
    scopes: set[str] = field(default_factory=lambda: set(SCOPES.split(",")))
    installed: bool = True
    old_tokens: set[str] = field(default_factory=set)

    @property
    def first_token(self) -> str:
        """Name the token of the first time that our app came in."""
        return f"xoxb-{self.id[1:]}-mull"

    @property
    def domain(self) -> str:
        """Name it as an address does."""
        return self.name.lower().replace(" ", "-")

    def as_json(self) -> JSON:
        """Describe it as payloads do."""
        return {"id": self.id, "domain": self.domain}


@dataclass
class User:
    """Somebody in a workspace."""

    id: str
    name: str
    team: str
    tz: str
    locale: str
    is_admin: bool = False
    is_restricted: bool = False
    deleted: bool = False
    is_bot: bool = False
    is_stranger: bool = False
    updated: int = 0

    def as_json(self, at: datetime, *, with_locale: bool = False) -> JSON:
        """Describe them as users.info does."""
        described: JSON = {
            "id": self.id,
            "team_id": self.team,
            "name": self.handle,
            "deleted": self.deleted,
            "real_name": self.name,
            "profile": {"real_name": self.name, "display_name": "", "team": self.team},
            "is_bot": self.is_bot,
            "updated": self.updated,
            "is_app_user": False,
        }
        if not self.deleted:
            described |= {
                "tz": self.tz,
                "tz_label": self.tz,
                "tz_offset": _offset(self.tz, at),
                "is_admin": self.is_admin,
                "is_owner": False,
                "is_restricted": self.is_restricted,
                "is_ultra_restricted": False,
            }
        if self.is_stranger:
            described |= {"team_id": "T9", "is_stranger": True}
        return described | ({"locale": self.locale} if with_locale else {})

    @property
    def handle(self) -> str:
        """Name them as Slack's older fields do."""
        return self.name.lower().replace(" ", ".")


@dataclass
class Message:
    """What stands in a conversation; `only_for` names the one who sees an ephemeral one."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[JSON] = field(default_factory=list)
    metadata: JSON | None = None
    by_bot: bool = False
    thread_ts: str | None = None
    edited: str | None = None
    only_for: str | None = None
    bot: JSON = field(default_factory=dict)

    def as_json(self, *, with_metadata: bool = False) -> JSON:
        """Describe it as conversations.history does."""
        described: JSON = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, **self.bot}
        if self.blocks:
            described["blocks"] = self.blocks
        if self.thread_ts:
            described["thread_ts"] = self.thread_ts
        if self.edited:
            described["edited"] = {"user": self.user, "ts": self.edited}
        if with_metadata and self.metadata:
            described["metadata"] = self.metadata
        return described


@dataclass
class Channel:
    """A channel, or a direct message of the bot with `user`."""

    id: str
    name: str
    team: str
    members: list[str]
    is_private: bool = False
    user: str | None = None
    archived: bool = False
    messages: list[Message] = field(default_factory=list)

    @property
    def is_im(self) -> bool:
        """Tell a direct message."""
        return self.user is not None

    @property
    def kind(self) -> str:
        """Name it as scopes and `types` do."""
        return "im" if self.is_im else "groups" if self.is_private else "channels"

    def as_json(self, bot_user: str) -> JSON:
        """Describe it as conversations.info does."""
        if self.is_im:
            return {"id": self.id, "is_im": True, "user": self.user, "is_archived": self.archived, "created": 0}
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_archived": self.archived,
            "is_general": False,
            "is_member": bot_user in self.members,
            "context_team_id": self.team,
            "created": 0,
            "num_members": len(self.members),
        }

    def find(self, ts: str) -> Message | None:
        """Find a message."""
        return next((message for message in self.messages if message.ts == ts), None)


@dataclass
class View:
    """A modal or a home page, with what somebody has typed into it by block and action."""

    id: str
    team: Workspace
    user: str
    given: JSON
    hash: str
    root: str
    previous: str | None = None
    typed: dict[str, dict[str, JSON]] = field(default_factory=dict)

    @property
    def blocks(self) -> list[JSON]:
        """List its blocks."""
        return list(self.given["blocks"])

    @property
    def title(self) -> str:
        """Read its title."""
        return str(self.given.get("title", {}).get("text", ""))

    def as_json(self) -> JSON:
        """Describe it as payloads and answers do."""
        return {
            "id": self.id,
            "team_id": self.team.id,
            "type": self.given["type"],
            "blocks": self.blocks,
            "private_metadata": self.given.get("private_metadata", ""),
            "callback_id": self.given.get("callback_id", ""),
            "state": {"values": self.typed},
            "hash": self.hash,
            "title": self.given.get("title"),
            "clear_on_close": self.given.get("clear_on_close", False),
            "notify_on_close": self.given.get("notify_on_close", False),
            "close": self.given.get("close"),
            "submit": self.given.get("submit"),
            "previous_view_id": self.previous,
            "root_view_id": self.root,
            "app_id": "A1",
            "external_id": self.given.get("external_id", ""),
            "app_installed_team_id": self.team.id,
            "bot_id": self.team.bot_id,
        }


class World:
    """Everything there is, and the clock that stamps it."""

    def __init__(self, now: Callable[[], datetime] | None) -> None:
        self._base = now or (lambda: datetime(2026, 3, 6, 10, 40, tzinfo=UTC))
        self._passed = timedelta()
        self._last_second = self._made = 0
        self.workspaces: dict[str, Workspace] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, list[str]] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.ephemerals: list[Message] = []
        self.steps: dict[str, JSON] = {}
        self.step_tokens: dict[str, str] = {}

    def now(self) -> datetime:
        """Tell the time."""
        return self._base() + self._passed

    def pass_time(self, **by: float) -> None:
        """Let time pass, here only."""
        self._passed += timedelta(**by)

    def new_id(self, prefix: str) -> str:
        """Make an id that never was."""
        self._made += 1
        return f"{prefix}{self._made:06d}"

    def new_ts(self) -> str:
        """Stamp a message: later than all stamps before, also when the clock is set back."""
        self._last_second = max(self._last_second, int(self.now().timestamp()))
        self._made += 1
        return f"{self._last_second}.{self._made:06d}"

    def workspace_of(self, user: str) -> Workspace:
        """Find where somebody is."""
        return self.workspaces[self.users[user].team]

    def dm(self, user: str) -> Channel:
        """Find the direct messages of somebody with the bot; they begin when they are first wanted."""
        channel = f"D{user}"
        if channel not in self.channels:
            workspace = self.workspace_of(user)
            members = [user, workspace.bot_user]
            self.channels[channel] = Channel(channel, "directmessage", workspace.id, members, user=user)
        return self.channels[channel]

    def bot_message(self, workspace: Workspace, channel: str, **given: Any) -> Message:
        """Make a message of the bot's, with the ids that Slack adds."""
        bot: JSON = {"bot_id": workspace.bot_id, "app_id": "A1", "team": workspace.id}
        blocks = self.with_ids(given.pop("blocks", None) or [])
        return Message(self.new_ts(), channel, workspace.bot_user, blocks=blocks, by_bot=True, bot=bot, **given)

    def with_ids(self, blocks: list[JSON]) -> list[JSON]:
        """Name blocks and elements that came without a name, as Slack does."""
        named = []
        for given in blocks:
            block = {**given, "block_id": given.get("block_id") or self.new_id("b")}
            for key in ("element", "accessory"):
                if isinstance(block.get(key), dict):
                    block[key] = self._with_action_id(block[key])
            if block.get("type") in ("actions", "context_actions"):
                block["elements"] = [self._with_action_id(element) for element in block.get("elements", [])]
            named.append(block)
        return named

    def _with_action_id(self, element: JSON) -> JSON:
        if element.get("type") == "image":
            return element
        return {**element, "action_id": element.get("action_id") or self.new_id("a")}

    def modal(self, view_id: str | None = None, external_id: str | None = None) -> View | None:
        """Find an open modal."""
        for view in (view for stack in self.modals.values() for view in stack):
            if view.id == view_id or (external_id and view.given.get("external_id") == external_id):
                return view
        return None


def order(ts: str) -> Decimal:
    """Make a stamp comparable."""
    return Decimal(ts)


def _offset(zone: str, at: datetime) -> int:
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
