"""The Web API methods about channels, people, tokens and installing."""

from tests.slack.oauth import Installer
from tests.slack.sockets import Sockets
from tests.slack.web_chat import Asked, Method, page, reachable
from tests.slack.world import JSON, Refused, World


class People:
    """conversations.*, users.*, usergroups.*, auth.test, apps.connections.open and oauth.v2.access."""

    def __init__(self, world: World, sockets: Sockets, installer: Installer) -> None:
        self.world, self.sockets, self.installer = world, sockets, installer
        self.socket_root = ""
        self.methods: dict[str, Method] = {
            "auth.test": self.auth_test,
            "apps.connections.open": self.connections_open,
            "conversations.open": self.conversations_open,
            "conversations.members": self.members,
            "conversations.info": self.channel_info,
            "conversations.list": self.channel_list,
            "users.info": self.user_info,
            "users.list": self.user_list,
            "usergroups.users.list": self.usergroup,
            "oauth.v2.access": self.access,
        }

    def auth_test(self, asked: Asked) -> JSON:
        """Tell the bot who it is."""
        workspace = asked.workspace
        return {
            "ok": True,
            "url": f"https://{workspace.domain}.slack.com/",
            "team": workspace.name,
            "user": "mull",
            "team_id": workspace.id,
            "user_id": workspace.bot_user,
            "bot_id": workspace.bot_id,
            "is_enterprise_install": False,
        }

    def connections_open(self, asked: Asked) -> JSON:
        """Give the address of one socket."""
        return {"ok": True, "url": f"{self.socket_root}/link?ticket={self.sockets.issue()}"}

    def conversations_open(self, asked: Asked) -> JSON:
        """Open direct messages with one person."""
        asked.need("im:write")
        people = asked.text("users").split(",")
        user = self.world.users.get(people[0])
        if len(people) > 1:
            raise Refused("missing_scope", needed="mpim:write", provided=",".join(sorted(asked.workspace.scopes)))
        if user is None or user.team != asked.workspace.id:
            raise Refused("user_not_found")
        if user.deleted:
            raise Refused("user_disabled")
        if user.is_bot:
            raise Refused("cannot_dm_bot")
        known = f"D{user.id}" in self.world.channels
        channel = self.world.dm(user.id)
        described: JSON = channel.as_json("") if asked.flag("return_im") else {"id": channel.id}
        return {"ok": True, "channel": described} | ({"no_op": True, "already_open": True} if known else {})

    def members(self, asked: Asked) -> JSON:
        """List who is in a channel."""
        channel = reachable(self.world, asked, asked.text("channel"))
        asked.need(f"{channel.kind}:read")
        shown, further = page(asked, channel.members)
        return {"ok": True, "members": shown, "response_metadata": further}

    def channel_info(self, asked: Asked) -> JSON:
        """Describe a channel."""
        channel = reachable(self.world, asked, asked.text("channel"))
        asked.need(f"{channel.kind}:read")
        described = channel.as_json(asked.workspace.bot_user)
        if not asked.flag("include_num_members"):
            described.pop("num_members", None)
        return {"ok": True, "channel": described}

    def channel_list(self, asked: Asked) -> JSON:
        """List channels, private ones only where the bot is in them."""
        kinds = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
        wanted = [kinds.get(name.strip(), "") for name in asked.text("types", "public_channel").split(",")]
        if "" in wanted:
            raise Refused("invalid_types")
        for kind in wanted:
            asked.need(f"{kind}:read")
        bot = asked.workspace.bot_user
        found = [
            channel
            for channel in self.world.channels.values()
            if channel.team == asked.workspace.id
            and channel.kind in wanted
            and (not channel.is_private or bot in channel.members)
            and not (channel.archived and asked.flag("exclude_archived"))
        ]
        shown, further = page(asked, found)
        return {"ok": True, "channels": [channel.as_json(bot) for channel in shown], "response_metadata": further}

    def user_info(self, asked: Asked) -> JSON:
        """Describe somebody."""
        asked.need("users:read")
        user = self.world.users.get(asked.text("user"))
        if user is None or user.team != asked.workspace.id:
            raise Refused("user_not_found")
        described = user.as_json(self.world.now(), with_locale=asked.flag("include_locale"))
        return {"ok": True, "user": described}

    def user_list(self, asked: Asked) -> JSON:
        """Describe everybody."""
        asked.need("users:read")
        found = [user for user in self.world.users.values() if user.team == asked.workspace.id]
        shown, further = page(asked, found)
        locale, now = asked.flag("include_locale"), self.world.now()
        described = [user.as_json(now, with_locale=locale) for user in shown]
        return {"ok": True, "members": described, "response_metadata": further}

    def usergroup(self, asked: Asked) -> JSON:
        """List who is in a user group."""
        asked.need("usergroups:read")
        name = asked.text("usergroup")
        if name not in self.world.usergroups:
            raise Refused("no_such_subteam")
        return {"ok": True, "users": self.world.usergroups[name]}

    def access(self, asked: Asked) -> JSON:
        """Give a token for a code."""
        return self.installer.access(asked.body)
