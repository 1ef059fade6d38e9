"""What happens in servers, and what the bot is told of it."""

from typing import Any

from tests.discord.gateway import GUILD_MEMBERS, GUILD_MESSAGES, GUILDS, Gateway
from tests.discord.world import Channel, Guild, Member, Role, World, stamp
from tests.discord.world_rights import Right


class Changes:
    """Changes the world as people do by other means than the bot, and tells the bot what Discord would tell."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world, self.gateway = world, gateway

    def _guild(self, guild: Guild | str) -> Guild:
        return guild if isinstance(guild, Guild) else self.world.guilds[guild]

    def _channel(self, channel: Channel | str) -> Channel:
        return channel if isinstance(channel, Channel) else self.world.channels[channel]

    # The bot in a server.

    async def invite(self, guild: Guild | str, rights: Right | None = None) -> None:
        """Let the bot into a server, with a role of its own that has these rights."""
        into = self._guild(guild)
        install(self.world, into, rights)
        await self._tell("GUILD_CREATE", self.gateway.guild_created(into), into)

    async def kick(self, guild: Guild | str) -> None:
        """Put the bot out of a server; its role and its commands there go too."""
        out_of = self._guild(guild)
        me = out_of.members.pop(self.world.bot.id)
        out_of.installed = False
        for role in me.roles:
            if out_of.roles[role].managed:
                del out_of.roles[role]
        await self._tell("GUILD_DELETE", {"id": out_of.id}, out_of)

    async def outage(self, guild: Guild | str) -> None:
        """Let a server be unavailable."""
        down = self._guild(guild)
        down.available = False
        await self._tell("GUILD_DELETE", {"id": down.id, "unavailable": True}, down)

    async def recover(self, guild: Guild | str) -> None:
        """Let a server be available again."""
        back = self._guild(guild)
        back.available = True
        await self._tell("GUILD_CREATE", self.gateway.guild_created(back), back)

    async def rename(self, guild: Guild | str, name: str) -> None:
        """Rename a server."""
        renamed = self._guild(guild)
        renamed.name = name
        await self._tell("GUILD_UPDATE", renamed.as_json(), renamed)

    async def hand_over(self, guild: Guild | str, owner: str) -> None:
        """Give a server another owner."""
        given = self._guild(guild)
        given.owner = owner
        await self._tell("GUILD_UPDATE", given.as_json(), given)

    # Channels and threads.

    async def create_channel(self, channel: Channel) -> Channel:
        """Tell of a channel or thread that was just added."""
        kind = "THREAD_CREATE" if channel.is_thread else "CHANNEL_CREATE"
        await self._tell_of(kind, channel)
        return channel

    async def change_channel(self, channel: Channel | str, **changed: Any) -> None:
        """Change a channel or thread: its name, overwrites, parent, whether it is archived or locked."""
        one = self._channel(channel)
        for name, value in changed.items():
            assert hasattr(one, name), name
            setattr(one, name, value)
        if changed.get("archived"):
            one.archived_at = stamp(self.world.now())
        await self._tell_of("THREAD_UPDATE" if one.is_thread else "CHANNEL_UPDATE", one)

    async def delete_channel(self, channel: Channel | str) -> None:
        """Delete a channel with its threads, or a thread."""
        one = self._channel(channel)
        guild = self.world.guilds[str(one.guild)]
        for thread in [each for each in self.world.channels_of(guild) if each.parent == one.id and each.is_thread]:
            await self.delete_channel(thread)
        guild.channels.remove(one.id)
        del self.world.channels[one.id]
        if one.is_thread:
            gone = {"id": one.id, "guild_id": guild.id, "parent_id": one.parent, "type": one.kind}
            await self._tell("THREAD_DELETE", gone, guild)
        else:
            await self._tell_of("CHANNEL_DELETE", one)

    async def delete_message(self, channel: Channel | str, message: str) -> None:
        """Let somebody who may delete any message of a channel."""
        one = self._channel(channel)
        found = one.find(message)
        assert found, message
        one.messages.remove(found)
        gone = {"id": message, "channel_id": one.id, "guild_id": one.guild}
        await self.gateway.dispatch("MESSAGE_DELETE", gone, one.guild, GUILD_MESSAGES)

    async def _tell_of(self, name: str, channel: Channel) -> None:
        await self._tell(name, channel.as_json(), self.world.guilds[str(channel.guild)])

    # Roles and members.

    async def create_role(self, guild: Guild | str, role: Role) -> Role:
        """Make a role."""
        one = self._guild(guild)
        one.roles[role.id] = role
        await self._tell("GUILD_ROLE_CREATE", {"guild_id": one.id, "role": role.as_json()}, one)
        return role

    async def change_role(self, guild: Guild | str, role: Role | str, **changed: Any) -> None:
        """Change a role: its name, its permissions."""
        one = self._guild(guild)
        mine = role if isinstance(role, Role) else one.roles[role]
        for name, value in changed.items():
            assert hasattr(mine, name), name
            setattr(mine, name, value)
        await self._tell("GUILD_ROLE_UPDATE", {"guild_id": one.id, "role": mine.as_json()}, one)

    async def delete_role(self, guild: Guild | str, role: str) -> None:
        """Delete a role; who had it has it no more."""
        one = self._guild(guild)
        del one.roles[role]
        for member in one.members.values():
            if role in member.roles:
                member.roles.remove(role)
        await self._tell("GUILD_ROLE_DELETE", {"guild_id": one.id, "role_id": role}, one)

    async def join(self, guild: Guild | str, user: str, *roles: str) -> None:
        """Let somebody join a server."""
        one = self._guild(guild)
        member = Member(self.world.users[user], list(roles), joined_at=stamp(self.world.now()))
        one.members[user] = member
        await self._tell_of_member("GUILD_MEMBER_ADD", one, member)

    async def leave(self, guild: Guild | str, user: str) -> None:
        """Let somebody leave a server."""
        one = self._guild(guild)
        member = one.members.pop(user)
        gone = {"guild_id": one.id, "user": member.user.as_json()}
        await self.gateway.dispatch("GUILD_MEMBER_REMOVE", gone, one.id, GUILD_MEMBERS)

    async def give_role(self, guild: Guild | str, user: str, role: str) -> None:
        """Give somebody a role."""
        one = self._guild(guild)
        one.members[user].roles.append(role)
        await self._tell_of_member("GUILD_MEMBER_UPDATE", one, one.members[user])

    async def take_role(self, guild: Guild | str, user: str, role: str) -> None:
        """Take a role from somebody."""
        one = self._guild(guild)
        one.members[user].roles.remove(role)
        await self._tell_of_member("GUILD_MEMBER_UPDATE", one, one.members[user])

    async def set_nick(self, guild: Guild | str, user: str, nick: str | None) -> None:
        """Name somebody otherwise in a server."""
        one = self._guild(guild)
        one.members[user].nick = nick
        await self._tell_of_member("GUILD_MEMBER_UPDATE", one, one.members[user])

    async def _tell_of_member(self, name: str, guild: Guild, member: Member) -> None:
        """Tell of the bot's own member always, of others where the members intent is held."""
        is_me = member.user is self.world.bot
        told = member.as_json() | {"guild_id": guild.id}
        await self.gateway.dispatch(name, told, guild.id, 0 if is_me else GUILD_MEMBERS)

    async def _tell(self, name: str, data: Any, guild: Guild) -> None:
        await self.gateway.dispatch(name, data, guild.id, GUILDS)


def install(world: World, guild: Guild, rights: Right | None = None) -> None:
    """Put the bot into a server, without telling it."""
    guild.installed = guild.available = True
    me = Member(world.bot, joined_at=stamp(world.now()))
    if rights is not None:
        role = Role(world.new_id(), world.bot.shown, rights, position=len(guild.roles), managed=True)
        guild.roles[role.id] = role
        me.roles.append(role.id)
    guild.members[world.bot.id] = me
