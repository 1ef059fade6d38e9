"""The events by which Discord tells the bot what somebody did."""

from typing import Any

from tests.discord.gateway import Gateway
from tests.discord.world import JSON, Channel, Guild, Message, Refused, World
from tests.discord.world_interactions import Interaction, Interactions, Kind, Modal
from tests.discord.world_rights import ALL, Right

IN_GUILD, IN_BOT_DM = 0, 1
ATTACHMENTS = 10 * 1024 * 1024


class Payloads:
    """Makes interactions and sends them."""

    def __init__(self, world: World, gateway: Gateway, interactions: Interactions) -> None:
        self.world, self.gateway, self.interactions = world, gateway, interactions
        self.patience = 10.0

    def interaction(
        self,
        user: str,
        channel: Channel,
        kind: Kind,
        data: JSON,
        *,
        message: Message | None = None,
        modal: Modal | None = None,
    ) -> Interaction:
        """Make an interaction; nothing is sent yet."""
        made = Interaction(
            id=self.world.new_id(),
            token=f"token-{self.world.new_id()}",
            kind=kind,
            user=user,
            channel=channel,
            guild=self.world.guild_of(channel),
            data=data,
            at=self.world.now(),
            message=message,
            modal=modal,
        )
        made.payload = self._payload(made)
        self.interactions.all.append(made)
        return made

    def _payload(self, made: Interaction) -> JSON:
        user, channel, guild = self.world.users[made.user], made.channel, made.guild
        bot = self.world.bot.id
        rights = self.world.rights(bot, channel) if guild else ALL & ~Right.ADMINISTRATOR
        payload: JSON = {
            "id": made.id,
            "application_id": bot,
            "type": int(made.kind),
            "token": made.token,
            "version": 1,
            "data": made.data,
            "channel_id": channel.id,
            "channel": self.channel(channel, made.user),
            "locale": user.locale,
            "app_permissions": str(int(rights)),
            "entitlements": [],
            "attachment_size_limit": ATTACHMENTS,
            "authorizing_integration_owners": {"0": guild.id if guild else "0"},
            "context": IN_GUILD if guild else IN_BOT_DM,
        }
        if made.message:
            payload["message"] = made.message.as_json()
        if guild is None:
            return payload | {"user": user.as_json()}
        return payload | {
            "guild_id": guild.id,
            "guild_locale": guild.locale,
            "guild": {"id": guild.id, "locale": guild.locale, "features": []},
            "member": self.member(guild, channel, made.user),
        }

    def member(self, guild: Guild, channel: Channel, user: str) -> JSON:
        """Describe the member who acts, with what they may do there."""
        rights = str(int(self.world.rights(user, channel)))
        return guild.members[user].as_json() | {"permissions": rights, "unusual_dm_activity_until": None}

    def channel(self, channel: Channel, user: str) -> JSON:
        """Describe a channel as somebody sees it."""
        return channel.as_json() | {"permissions": str(int(self.world.rights(user, channel)))}

    def resolved(self, kind: str, names: list[str], user: str, guild: Guild | None) -> JSON:
        """Describe users, roles and channels that are named in an interaction."""
        found: JSON = {}
        for name in names:
            if kind in ("users", "mentionables") and name in self.world.users:
                found.setdefault("users", {})[name] = self.world.users[name].as_json()
                if guild and name in guild.members:
                    member = guild.members[name].as_json(with_user=False)
                    rights = str(int(self.world.rights_in(name, guild)))
                    found.setdefault("members", {})[name] = member | {"permissions": rights}
            elif kind in ("roles", "mentionables") and guild and name in guild.roles:
                found.setdefault("roles", {})[name] = guild.roles[name].as_json()
            elif kind == "channels":
                found.setdefault("channels", {})[name] = self.channel(self.world.channels[name], user)
            else:
                raise Refused(400, 50035, f"{name} is none of {kind}")
        return found

    async def send(self, made: Interaction, *, wait: bool = True) -> Interaction:
        """Tell the bot, and wait until it has answered and does not think any more; nobody waits for ever."""
        await self.tell("INTERACTION_CREATE", made.payload, made.guild)
        if wait and await self._unheard():
            made.failed = True
        elif wait:
            await self.answered(made)
        return made

    async def _unheard(self) -> bool:
        return not self.gateway.sessions

    async def answered(self, made: Interaction) -> None:
        """Wait until the bot has answered; where it does not, somebody reads that it failed."""
        try:
            await self.world.bell.until(lambda: made not in self.interactions.waiting, self.patience)
        except TimeoutError:
            made.failed = made.answer is None

    async def tell(self, name: str, data: Any, guild: Guild | None) -> int:
        """Send an event."""
        return await self.gateway.dispatch(name, data, guild.id if guild else None)
