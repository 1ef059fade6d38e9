"""Discord as a platform: the gateway through discord.py, with as many shards as Discord asks for."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.adapters.base import Attempt, Delivery, Door
from bot.adapters.discord.calls import LOST, counting
from bot.adapters.discord.commands import Choices, Tree, build_tree, command_ids, sync_when_changed
from bot.adapters.discord.components import Control
from bot.adapters.discord.direct import Direct
from bot.adapters.discord.inbound import PLATFORM, channel_place, identity, list_place, place_of
from bot.adapters.discord.listening import QUICK, Listening
from bot.adapters.discord.members import Members
from bot.adapters.discord.pace import Pace
from bot.adapters.discord.payloads import write_down
from bot.adapters.discord.sending import NOT_CONNECTED, Sending
from bot.adapters.discord.setting_up import SettingUp
from bot.adapters.discord.showing import Interaction, Live, Showing
from bot.core.effects import AnyEffect
from bot.core.errors import MullError
from bot.core.events import EventId
from bot.core.people import Place
from bot.core.platform_news import ChannelClosed, MessagesRefused, WorkspaceLeft

SWEEP_EVERY = 600.0
"""Seconds between two sweeps of open dialogues."""

LOOK_AFTER_EVERY = 24 * 3600.0
"""Seconds between two readings of who is still in a club."""

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between two tries to connect."""

GRACE = 5.0
"""Seconds that what is being shown may still take when Mull stops."""

TREE = "command tree"
"""The mark, with the application's id, under which the house keeps the hash of the commands that Discord knows."""

REMOVED = "Mull was removed from the Discord server"

log = structlog.get_logger()


class TokenRefused(MullError):
    """MULL_DISCORD_TOKEN: Discord does not know this token. Copy it anew: discord.com/developers, your app, Bot."""


class DiscordAdapter:
    """Listens to Discord and delivers there."""

    platform = PLATFORM

    def __init__(
        self,
        token: str,
        *,
        now: Callable[[], datetime],
        api_url: str,
        gateway_url: str,
        pace: Pace | None = None,
        quick: float = QUICK,
        first_wait: float = FIRST_WAIT,
        client: "Callable[[DiscordAdapter, Listening, Pace], Client] | None" = None,
    ) -> None:
        self._token, self._now, self._quick, self._first_wait = token, now, quick, first_wait
        self._api_url, self._gateway_url = api_url, gateway_url
        self._pace = pace or Pace()
        self._new_client = client or Client
        self._client: Client | None = None
        self._door: Door | None = None
        self._members, self._live = Members(), Live(now)
        self._sending: Sending | None = None
        self._direct: Direct | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._lasting: set[asyncio.Task[None]] = set()
        self._connected = asyncio.Event()

    async def start(self, door: Door) -> None:
        """Connect, and hand over whatever comes in.

        Raises TokenRefused; a Discord that is away is tried again, for as long as it takes.
        """
        # The library has no setting for its addresses.
        Route.BASE = self._api_url.rstrip("/")
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._gateway_url)
        self._door = door
        self._sending = Sending(
            lambda: self._client,
            door,
            self._live,
            self._pace,
            now=self._now,
            on_refused=self._on_refused,
            on_closed=self._on_closed,
        )
        self._direct = Direct(door, self._sending, self._now, self._connected.set)
        listening = Listening(
            door,
            members=self._members,
            showing=Showing(self._live),
            setting_up=SettingUp(lambda: self._client),
            now=self._now,
            quick=self._quick,
        )
        first = await self._log_in(listening)
        self._lasting = {
            self._later(self._keep_connected(listening, first)),
            self._later(self._keep_sweeping()),
            self._later(self._keep_looking_after()),
        }

    async def stop(self) -> None:
        """Take nothing more, finish what is being shown, let go."""
        for task in self._lasting:
            task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self.quiet()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Show one effect to its person, or in its channel."""
        return await self._sending.deliver(effect, attempt) if self._sending is not None else NOT_CONNECTED

    async def quiet(self) -> None:
        """Wait until all that was begun on the side is done."""
        while waiting := self._tasks - self._lasting:
            await asyncio.wait(waiting)

    async def sweep(self) -> int:
        """Pick up what was written in open dialogues while Mull was away; answer how many messages were found."""
        return 0 if self._direct is None else await self._direct.sweep()

    async def look_after(self) -> int:
        """Take out of clubs who left the server or lost the role; answer how many."""
        if self._door is None or self._client is None:
            return 0
        return await self._members.look_after(self._door, self._client, self._now())

    # The connection.

    async def _log_in(self, listening: Listening) -> "Client | None":
        """Try the token once, so that a wrong one stops the start."""
        client = self._new_client(self, listening, self._pace)
        try:
            await client.login(self._token)
        except discord.LoginFailure:
            await client.close()
            raise TokenRefused from None
        except (discord.HTTPException, *LOST) as fault:
            log.warning("discord_away", fault=type(fault).__name__)
            await client.close()
            return None
        self._client = client
        return client

    async def _keep_connected(self, listening: Listening, client: "Client | None") -> None:
        """Stay connected: the library connects again by itself, but not after everything that may happen."""
        wait = self._first_wait
        while True:
            try:
                client = client or await self._log_in(listening)
                if client is not None:
                    await client.connect()
                    wait = self._first_wait
            except TokenRefused:
                log.error("discord_token_refused")
            except Exception as fault:  # noqa: BLE001 - whatever ended the connection, the next one is tried
                log.warning("discord_disconnected", fault=type(fault).__name__)
            if client is not None:
                self._client = None
                await client.close()
            client = None
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _keep_sweeping(self) -> None:
        pause = SWEEP_EVERY
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._connected.wait()
            self._connected.clear()
            try:
                await self.sweep()
                pause = SWEEP_EVERY
            except Exception as fault:  # noqa: BLE001 - the next sweep finds what this one did not
                log.warning("sweep_failed", fault=type(fault).__name__)
                pause = self._first_wait if pause == SWEEP_EVERY else min(pause * 2, LONGEST_WAIT)

    async def _keep_looking_after(self) -> None:
        await asyncio.sleep(SWEEP_EVERY)  # connected by then
        while True:
            try:
                await self.look_after()
            except Exception as fault:  # noqa: BLE001 - tomorrow is another day
                log.warning("members_not_read", fault=type(fault).__name__)
            await asyncio.sleep(LOOK_AFTER_EVERY)

    # What the client tells.

    async def take(self, listening: Listening, interaction: Interaction) -> None:
        """Let an interaction happen; whoever stops Mull waits until it is answered."""
        await self._later(listening.take(interaction))

    async def on_setup(self, listening: Listening, tree: Tree) -> None:
        """Let Discord know the commands, where they have changed."""
        if self._door is None:
            return
        mark = f"{TREE} {tree.client.application_id}"
        known = await self._door.marked(PLATFORM, mark)
        now = await sync_when_changed(tree, known or None)
        if now != known:
            await self._door.mark(PLATFORM, mark, now)
        listening.know_commands(await command_ids(tree))

    def on_connected(self) -> None:
        """Sweep after each connection: what came meanwhile is not sent again."""
        self._connected.set()

    def on_message(self, message: Mapping[str, Any]) -> None:
        """Take a direct message."""
        if self._direct is not None:
            self._later(self._direct.said(message))

    def on_message_edit(self, message: Mapping[str, Any]) -> None:
        """Take a change to a direct message."""
        if self._direct is not None:
            self._later(self._direct.changed(message))

    def on_message_delete(self, channel: int, message: int) -> None:
        """Take the end of a direct message."""
        if self._direct is not None:
            self._later(self._direct.deleted(channel, message))

    def on_gone(self, guild: int) -> None:
        """Stop everything in a server that Mull was removed from."""
        self._later(self._leave(str(guild)))

    def on_channel_gone(self, guild: int, channel: int) -> None:
        """Follow a channel no more that was deleted."""
        self._on_closed(channel_place(str(guild), str(channel)), "the channel was deleted")

    def on_role_gone(self, guild: int, role: int) -> None:
        """Stop what rests on a role that was deleted: nobody knows any more who belongs."""
        self._on_closed(list_place(str(guild), str(role)), "the role that lists its people was deleted")

    def _on_refused(self, user: str, reason: str) -> None:
        self._later(self._refuse(user, reason))

    async def _refuse(self, user: str, reason: str) -> None:
        if self._door is not None:
            now = self._now()
            name = EventId(f"{PLATFORM}/refused/{user}/{now:%Y%m%d%H%M%S}")
            refused = MessagesRefused(id=name, at=now, who=identity(user), place=place_of(user), reason=reason)
            await self._door.accept(refused)

    def _on_closed(self, place: Place, reason: str) -> None:
        self._later(self._close(place, reason))

    async def _close(self, place: Place, reason: str) -> None:
        if self._door is not None:
            now = self._now()
            name = EventId(f"{PLATFORM}/closed/{place}/{now:%Y%m%d%H%M}")
            await self._door.accept(ChannelClosed(id=name, at=now, who=identity("server"), place=place, reason=reason))

    async def _leave(self, guild: str) -> None:
        if self._door is not None:
            now = self._now()
            left = WorkspaceLeft(
                id=EventId(f"{PLATFORM}/{guild}/left/{now:%Y%m%d%H%M%S}"),
                at=now,
                who=identity("server"),
                platform=PLATFORM,
                workspace=guild,
                reason=REMOVED,
            )
            await self._door.accept(left)

    def _later(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.warning("discord_task_failed", fault=type(fault).__name__)


class Client(discord.AutoShardedClient):
    """Mull's connection: two plain intents, no cache of people, nothing that pings."""

    def __init__(self, adapter: DiscordAdapter, listening: Listening, pace: Pace) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=30.0,
            http_trace=counting(pace),
        )
        self._adapter, self._listening = adapter, listening
        self.tree = build_tree(self, self.take, self._complete, listening.fail)
        self.add_dynamic_items(Control)

    async def setup_hook(self) -> None:
        """Sync the commands, once logged in."""
        try:
            await self._adapter.on_setup(self._listening, self.tree)
        except (discord.HTTPException, discord.app_commands.AppCommandError, MullError, *LOST) as fault:
            log.warning("commands_not_synced", fault=type(fault).__name__)

    async def get_member(self, guild: str, user: str) -> Mapping[str, Any]:
        """Read one member of a server."""
        return await self.http.get_member(int(guild), int(user))

    async def on_ready(self) -> None:
        """Begin afresh."""
        self._adapter.on_connected()

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Go on where the connection broke."""
        self._adapter.on_connected()

    async def take(self, interaction: Interaction) -> None:
        """Hand over what was pressed, chosen, run or sent."""
        await self._adapter.take(self._listening, interaction)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Take what no command and no menu took: modals, and controls that are not ours."""
        if interaction.type in (discord.InteractionType.modal_submit, discord.InteractionType.component):
            await self.take(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Take a direct message."""
        if message.guild is None and message.author != self.user:
            self._adapter.on_message(write_down(message))

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Take a change to a direct message."""
        if payload.guild_id is None:
            self._adapter.on_message_edit(dict(payload.data))

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take the end of a direct message."""
        if payload.guild_id is None:
            self._adapter.on_message_delete(payload.channel_id, payload.message_id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Stop everything there."""
        self._adapter.on_gone(guild.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Follow it no more."""
        self._adapter.on_channel_gone(channel.guild.id, channel.id)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Follow it no more."""
        self._adapter.on_channel_gone(payload.guild_id, payload.thread_id)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Note it."""
        self._adapter.on_role_gone(role.guild.id, role.id)

    async def _complete(self, interaction: Interaction, typed: str) -> Choices:
        found = await self._listening.complete(interaction, typed)
        return [discord.app_commands.Choice(name=name[:100], value=words[:100]) for name, words in found][:25]
