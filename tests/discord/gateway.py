"""Discord's gateway: sessions that are begun, resumed and lost, and the events that go to them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.discord.gateway_wire import Wire
from tests.discord.world import JSON, Channel, Guild, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
QUIET = (3, 4, 8, 31)
"""Presence, voice, member and sound requests: heard, and without effect."""

GUILDS, GUILD_MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = GUILD_MEMBERS | PRESENCES | MESSAGE_CONTENT
BAD_OPCODE, BAD_PAYLOAD, NOT_IDENTIFIED, BAD_TOKEN, IDENTIFIED_TWICE = 4001, 4002, 4003, 4004, 4005
BAD_SEQUENCE, BAD_SHARD, BAD_INTENTS, DISALLOWED_INTENTS = 4007, 4010, 4013, 4014
IDENTIFY_PACE = 5.0


@dataclass
class Session:
    """One session of the bot's: what it asked for, and every event that it was sent, in order."""

    id: str
    intents: int
    shard: int
    shards: int
    wire: Wire | None = None
    events: list[JSON] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def keep(self, name: str, data: Any) -> JSON:
        """Number an event and remember it, as for a resume."""
        event = {"op": DISPATCH, "t": name, "s": len(self.events) + 1, "d": data}
        self.events.append(event)
        return event

    def has(self, guild: str | None) -> bool:
        """Tell whether events of a server, or of direct messages, go to its shard."""
        return (int(guild) >> 22) % self.shards == self.shard if guild else self.shard == 0


class Gateway:
    """Takes connections, keeps sessions, sends events; `allowed` are the privileged intents that are switched on."""

    def __init__(self, world: World, complaints: list[str], token: Callable[[], str]) -> None:
        self.world, self.complaints, self._token = world, complaints, token
        self.url = ""
        self.sessions: list[Session] = []
        self.wires: list[Wire] = []
        self.identifies = self.resumes = self.refused = self.heartbeats = 0
        self.shards = self.max_concurrency = 1
        self.starts_left = 1000
        self.heartbeat_interval = 41.25
        self.allowed = 0
        self.acknowledges = True
        self.refuses = False
        self.keeps_identify_pace = False
        self._identified: dict[int, float] = {}

    # What is so.

    @property
    def live(self) -> list[Session]:
        """List the sessions that are connected."""
        return [session for session in self.sessions if session.wire]

    async def until(self, wanted: Callable[[], object], patience: float = 10.0) -> None:
        """Wait until something about the gateway is so."""
        await self.world.bell.until(wanted, patience)

    async def connected(self, sessions: int = 1) -> list[Session]:
        """Wait until the bot has so many sessions open."""
        await self.until(lambda: len(self.live) >= sessions)
        return self.live

    async def heard(self) -> None:
        """Wait until the bot has taken all that it was told: it answers a heartbeat after what came before."""
        asked = {id(wire): wire.beats for wire in self.wires}
        await self.say({"op": HEARTBEAT, "d": None})
        await self.until(lambda: all(wire.beats > asked.get(id(wire), -1) for wire in self.wires))

    # What goes wrong.

    async def drop(self) -> None:
        """End all connections without a word; the sessions can be resumed."""
        for wire in tuple(self.wires):
            wire.abort()
        await self.until(lambda: not self.wires)

    async def close_with(self, code: int) -> None:
        """Close all connections with a code."""
        for wire in tuple(self.wires):
            await wire.close(code)

    async def ask_to_reconnect(self) -> None:
        """Send op 7 to all."""
        await self._to_all({"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool) -> None:
        """Send op 9 to all; what is not resumable is forgotten."""
        live = self.live
        if not resumable:
            self.sessions.clear()
        for session in live:
            if session.wire:
                await session.wire.send({"op": INVALID, "d": resumable})

    def forget(self) -> None:
        """Forget what was, so that nothing can be resumed."""
        self.sessions = self.live

    async def say(self, raw: Any) -> None:
        """Send anything at all to every connection, however malformed."""
        await self._to_all(raw)

    async def malformed(self, name: str = "INTERACTION_CREATE", data: Any = None) -> None:
        """Send an event of this name that lacks what it should have."""
        for session in tuple(self.live):
            if session.wire:
                await session.wire.send(session.keep(name, {} if data is None else data))

    async def _to_all(self, raw: Any) -> None:
        for wire in tuple(self.wires):
            await wire.send(raw)

    # Events.

    async def dispatch(
        self, name: str, data: JSON, guild: str | None = None, needs: int = 0, bare: JSON | None = None
    ) -> int:
        """Send an event to the sessions that want it, those that are away too; answer how many heard it at once.

        `bare` is what they get who may not read what people write.
        """
        heard = 0
        for session in tuple(self.sessions):
            if not session.has(guild) or (needs and not session.intents & needs):
                continue
            event = session.keep(name, data if bare is None or session.intents & MESSAGE_CONTENT else bare)
            if session.wire:
                await session.wire.send(event)
                heard += 1
        self.world.bell.ring()
        return heard

    # Connections.

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Talk on a new connection until it ends."""
        if self.refuses:
            self.refused += 1
            self.world.bell.ring()
            return web.Response(status=503)
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            self.complaints.append(f"The gateway was opened with {dict(request.query)}, not version 10 and JSON.")
        ws = web.WebSocketResponse(max_msg_size=4096 * 4)
        await ws.prepare(request)
        wire = Wire(ws, request.transport, request.query.get("compress", ""))
        self.wires.append(wire)
        try:
            await wire.send({"op": HELLO, "d": {"heartbeat_interval": int(self.heartbeat_interval * 1000)}})
            async for message in ws:
                if message.type == WSMsgType.TEXT:
                    await self._hear(wire, message.data)
        finally:
            self.wires.remove(wire)
            for session in self.sessions:
                if session.wire is wire:
                    session.wire = None
                    self._end(session, ws.close_code)
            self.world.bell.ring()
        return ws

    def _end(self, session: Session, code: int | None) -> None:
        """Forget a session that the bot itself ended with 1000 or 1001."""
        if code in (1000, 1001):
            self.sessions.remove(session)

    async def _hear(self, wire: Wire, text: str) -> None:
        try:
            said = json.loads(text)
            op = said["op"]
        except (ValueError, KeyError, TypeError):
            await wire.close(BAD_PAYLOAD)
            return
        mine = next((session for session in self.sessions if session.wire is wire), None)
        if op == HEARTBEAT:
            self.heartbeats += 1
            wire.beats += 1
            if self.acknowledges:
                await wire.send({"op": ACK})
        elif op in (IDENTIFY, RESUME) and mine:
            await wire.close(IDENTIFIED_TWICE)
        elif op == IDENTIFY:
            await self._identify(wire, said["d"])
        elif op == RESUME:
            await self._resume(wire, said["d"])
        elif mine is None:
            await wire.close(NOT_IDENTIFIED)
        elif op not in QUIET:
            self.complaints.append(f"The bot said op {op} at the gateway.")
            await wire.close(BAD_OPCODE)
        self.world.bell.ring()

    async def _identify(self, wire: Wire, said: JSON) -> None:
        self.identifies += 1
        self.starts_left -= 1
        shard, shards = said.get("shard") or (0, 1)
        intents = said.get("intents")
        if said.get("token") != self._token():
            return await wire.close(BAD_TOKEN)
        if not isinstance(intents, int):
            return await wire.close(BAD_INTENTS)
        if intents & PRIVILEGED & ~self.allowed:
            self.complaints.append(f"The bot asked for privileged intents: {intents & PRIVILEGED & ~self.allowed}.")
            return await wire.close(DISALLOWED_INTENTS)
        if not 0 <= shard < shards:
            return await wire.close(BAD_SHARD)
        if self._is_hasty(shard):
            return await wire.send({"op": INVALID, "d": False})
        session = Session(f"session-{self.world.new_id()}", intents, shard, shards, wire)
        self.sessions.append(session)
        await self._welcome(session, wire)
        return None

    def _is_hasty(self, shard: int) -> bool:
        key, now = shard % self.max_concurrency, self.world.now().timestamp()
        before, self._identified[key] = self._identified.get(key, float("-inf")), now
        return self.keeps_identify_pace and now - before < IDENTIFY_PACE

    async def _welcome(self, session: Session, wire: Wire) -> None:
        guilds = [guild for guild in self.world.guilds.values() if guild.installed and session.has(guild.id)]
        ready = {
            "v": 10,
            "user": self.world.bot.as_json() | {"verified": True, "mfa_enabled": True, "email": None},
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.shards],
            "application": {"id": self.world.bot.id, "flags": 0},
            "private_channels": [],
        }
        await wire.send(session.keep("READY", ready))
        for guild in guilds:
            if guild.available and session.intents & GUILDS:
                await wire.send(session.keep("GUILD_CREATE", self.guild_created(guild, {"unavailable": False})))

    async def _resume(self, wire: Wire, said: JSON) -> None:
        self.resumes += 1
        if said.get("token") != self._token():
            return await wire.close(BAD_TOKEN)
        session = next((one for one in self.sessions if one.id == said.get("session_id")), None)
        if session is None:
            return await wire.send({"op": INVALID, "d": False})
        seen = said.get("seq")
        if not isinstance(seen, int) or seen > len(session.events):
            return await wire.close(BAD_SEQUENCE)
        if session.wire:
            session.wire.abort()
        session.wire = wire
        for event in session.events[seen:]:
            await wire.send(event)
        await wire.send(session.keep("RESUMED", {}))
        return None

    def guild_created(self, guild: Guild, more: JSON | None = None) -> JSON:
        """Describe a server as the bot meets it: without the other members, as it may not list them."""
        me = guild.members[self.world.bot.id]
        visible = list(self._visible(guild))
        return {
            **guild.as_json(),
            "joined_at": me.joined_at,
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "voice_states": [],
            "members": [me.as_json()],
            "channels": [channel.as_json() for channel in visible if not channel.is_thread],
            "threads": [channel.as_json() for channel in visible if channel.is_thread and not channel.archived],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            **(more or {}),
        }

    def _visible(self, guild: Guild) -> Iterator[Channel]:
        for channel in self.world.channels_of(guild):
            if not channel.is_thread or self.world.rights(self.world.bot.id, channel):
                yield channel
