"""People and roles, and how payloads describe them."""

from dataclasses import dataclass, field
from typing import Any

from tests.discord.world_rights import NOTHING, Right

JSON = dict[str, Any]


@dataclass
class User:
    """Somebody on Discord; `dms` is 0 where direct messages arrive, else the code with which they do not."""

    id: str
    name: str
    global_name: str | None = None
    locale: str = "en-GB"
    is_bot: bool = False
    dms: int = 0

    @property
    def shown(self) -> str:
        """Name them as others see them."""
        return self.global_name or self.name

    def as_json(self) -> JSON:
        """Describe them as payloads do."""
        return {
            "id": self.id,
            "username": self.name,
            "global_name": self.global_name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.is_bot,
            "public_flags": 0,
        }


@dataclass
class Role:
    """A role of a server."""

    id: str
    name: str
    permissions: Right = NOTHING
    position: int = 1
    managed: bool = False

    def as_json(self) -> JSON:
        """Describe it."""
        return {
            "id": self.id,
            "name": self.name,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "position": self.position,
            "permissions": str(int(self.permissions)),
            "managed": self.managed,
            "mentionable": False,
            "flags": 0,
        }


@dataclass
class Overwrite:
    """What a channel allows and denies a role or a member, by id."""

    id: str
    allow: Right = NOTHING
    deny: Right = NOTHING
    is_member: bool = False

    def as_json(self) -> JSON:
        """Describe it."""
        return {
            "id": self.id,
            "type": int(self.is_member),
            "allow": str(int(self.allow)),
            "deny": str(int(self.deny)),
        }


@dataclass
class Member:
    """Somebody in a server."""

    user: User
    roles: list[str] = field(default_factory=list)
    nick: str | None = None
    joined_at: str = "2026-01-05T08:00:00+00:00"

    @property
    def shown(self) -> str:
        """Name them as the server sees them."""
        return self.nick or self.user.shown

    def as_json(self, *, with_user: bool = True) -> JSON:
        """Describe them; a message's author is described beside the member."""
        described: JSON = {
            "nick": self.nick,
            "avatar": None,
            "banner": None,
            "roles": list(self.roles),
            "joined_at": self.joined_at,
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "communication_disabled_until": None,
        }
        return described | ({"user": self.user.as_json()} if with_user else {})
