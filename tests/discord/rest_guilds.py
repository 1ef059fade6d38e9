"""The bot itself, its application, and the servers it is in."""

from tests.discord.gateway import GUILDS, Gateway
from tests.discord.rest import Asked, Route
from tests.discord.world import JSON, Guild, Refused, World


class Guilds:
    """Answers what is asked of the bot and of servers."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world, self.gateway = world, gateway
        self.app_owner = "1"

    @property
    def routes(self) -> list[Route]:
        """List the routes."""
        guild = "/guilds/{guild}"
        return [
            Route("get_me", "GET", "/users/@me", self.get_me),
            Route("get_user", "GET", "/users/{user}", self.get_user),
            Route("get_application", "GET", "/applications/@me", self.get_application),
            Route("get_oauth_application", "GET", "/oauth2/applications/@me", self.get_application),
            Route("get_gateway", "GET", "/gateway", self.get_gateway, is_open=True),
            Route("get_gateway_bot", "GET", "/gateway/bot", self.get_gateway_bot),
            Route("get_my_guilds", "GET", "/users/@me/guilds", self.get_my_guilds),
            Route("leave_guild", "DELETE", "/users/@me/guilds/{guild}", self.leave_guild),
            Route("get_guild", "GET", guild, self.get_guild),
            Route("get_roles", "GET", guild + "/roles", self.get_roles),
            Route("get_channels", "GET", guild + "/channels", self.get_channels),
            Route("get_threads", "GET", guild + "/threads/active", self.get_threads),
            Route("get_members", "GET", guild + "/members", self.get_members),
            Route("get_member", "GET", guild + "/members/{user}", self.get_member),
        ]

    async def get_me(self, asked: Asked) -> JSON:
        """Describe the bot."""
        return self.world.bot.as_json() | {"verified": True, "mfa_enabled": True, "locale": "en-US", "flags": 0}

    async def get_user(self, asked: Asked) -> JSON:
        """Describe anybody."""
        if asked["user"] not in self.world.users:
            raise Refused(404, 10013, "Unknown User")
        return self.world.users[asked["user"]].as_json()

    async def get_application(self, asked: Asked) -> JSON:
        """Describe the application."""
        bot = self.world.bot
        owner = {"id": self.app_owner, "username": "owner", "discriminator": "0", "avatar": None, "global_name": None}
        return {
            "id": bot.id,
            "name": bot.shown,
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "owner": owner,
            "team": None,
            "bot": bot.as_json(),
            "flags": self._flags(),
            "approximate_guild_count": sum(guild.installed for guild in self.world.guilds.values()),
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "integration_types_config": {"0": {}},
        }

    def _flags(self) -> int:
        """Tell which privileged intents are switched on, as the application's flags do for small bots."""
        flags = {1 << 1: 1 << 15, 1 << 8: 1 << 13, 1 << 15: 1 << 19}
        return sum(flag for intent, flag in flags.items() if self.gateway.allowed & intent)

    async def get_gateway(self, asked: Asked) -> JSON:
        """Say where the gateway is."""
        return {"url": self.gateway.url}

    async def get_gateway_bot(self, asked: Asked) -> JSON:
        """Say where the gateway is, and how to come in."""
        limit = {
            "total": 1000,
            "remaining": self.gateway.starts_left,
            "reset_after": 86_400_000,
            "max_concurrency": self.gateway.max_concurrency,
        }
        return {"url": self.gateway.url, "shards": self.gateway.shards, "session_start_limit": limit}

    async def get_my_guilds(self, asked: Asked) -> list[JSON]:
        """List the servers the bot is in."""
        mine = [guild for guild in self.world.guilds.values() if guild.installed]
        named: list[JSON] = [
            {"id": guild.id, "name": guild.name, "icon": None, "owner": False, "features": []} for guild in mine
        ]
        rights = [str(int(self.world.rights_in(self.world.bot.id, guild))) for guild in mine]
        return [{**one, "permissions": allowed} for one, allowed in zip(named, rights, strict=True)]

    async def leave_guild(self, asked: Asked) -> None:
        """Let the bot leave."""
        guild = self._guild(asked)
        guild.installed = False
        guild.members.pop(self.world.bot.id, None)
        await self.gateway.dispatch("GUILD_DELETE", {"id": guild.id}, guild.id, GUILDS)

    def _guild(self, asked: Asked) -> Guild:
        guild = self.world.guilds.get(asked["guild"])
        if guild is None or not guild.installed:
            raise Refused(404, 10004, "Unknown Guild")
        return guild

    async def get_guild(self, asked: Asked) -> JSON:
        """Describe a server."""
        guild = self._guild(asked)
        counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 0}
        return guild.as_json() | (counts if asked.query.get("with_counts") in ("1", "true") else {})

    async def get_roles(self, asked: Asked) -> list[JSON]:
        """List the roles of a server."""
        return [role.as_json() for role in self._guild(asked).roles.values()]

    async def get_channels(self, asked: Asked) -> list[JSON]:
        """List the channels of a server, without its threads."""
        return [one.as_json() for one in self.world.channels_of(self._guild(asked)) if not one.is_thread]

    async def get_threads(self, asked: Asked) -> JSON:
        """List the threads of a server that are not archived."""
        threads = [one for one in self.world.channels_of(self._guild(asked)) if one.is_thread and not one.archived]
        return {"threads": [one.as_json() for one in threads], "members": []}

    async def get_member(self, asked: Asked) -> JSON:
        """Describe a member."""
        member = self._guild(asked).members.get(asked["user"])
        if member is None:
            known = asked["user"] in self.world.users
            raise Refused(404, 10007, "Unknown Member") if known else Refused(404, 10013, "Unknown User")
        return member.as_json()

    async def get_members(self, asked: Asked) -> list[JSON]:
        """List members, which needs the privileged intent."""
        guild = self._guild(asked)
        if not self.gateway.allowed & (1 << 1):
            raise Refused(403, 50001, "Missing Access")
        found = sorted(guild.members.values(), key=lambda member: int(member.user.id))
        after, limit = int(asked.query.get("after", 0)), int(asked.query.get("limit", 1))
        return [member.as_json() for member in found if int(member.user.id) > after][:limit]
