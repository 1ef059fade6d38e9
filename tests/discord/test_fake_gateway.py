"""The fake's gateway: sessions begin, resume and are lost as Discord's do, and events come by intents and rights."""

import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest

from tests.discord.fake import FakeDiscord
from tests.discord.fake_bot import SmallBot, point_at, running
from tests.discord.gateway import GUILD_MEMBERS, MESSAGE_CONTENT
from tests.discord.person import Person
from tests.discord.world import Overwrite, Right, Role


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """Open a Discord with a club in it, which has nothing to complain about in the end."""
    async with FakeDiscord() as discord:
        ada = discord.add_user("11", name="Ada")
        club = discord.add_guild("7001", name="Bridge Club", owner=ada)
        discord.add_user("14", name="Ben Okoro", guilds=[club])
        yield discord
        assert discord.complaints == []


@pytest.fixture
def ben(fake: FakeDiscord) -> Person:
    """Be Ben."""
    return fake.person("14")


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[SmallBot]:
    """Run a bot."""
    async with running(fake) as bot:
        yield bot
    assert fake.failed_interactions == []


async def hello(fake: FakeDiscord, ben: Person) -> None:
    """Find out whether the bot hears and answers."""
    await ben.run("mull", "home")
    assert ben.newest.content == "Here you are."


# Coming and going.


async def test_a_dropped_session_resumes_and_is_told_what_it_missed(
    fake: FakeDiscord, ben: Person, bot: SmallBot
) -> None:
    await fake.gateway.drop()
    await ben.write("while you were away")
    asked = await ben.run("mull", "home", wait=False)
    assert (bot.heard, fake.gateway.live) == ([], [])
    await fake.until(lambda: asked.answer)
    await fake.until(lambda: len(ben.dm) == 2)
    assert bot.heard == ["while you were away"]
    assert (fake.gateway.identifies, fake.gateway.resumes) == (1, 1)


async def test_op_7_makes_the_bot_resume(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    await fake.gateway.ask_to_reconnect()
    await fake.gateway.until(lambda: fake.gateway.resumes == 1)
    await hello(fake, ben)
    assert fake.gateway.identifies == 1


@pytest.mark.parametrize("resumable", [True, False])
async def test_op_9_makes_the_bot_resume_or_begin_anew(
    fake: FakeDiscord, ben: Person, bot: SmallBot, resumable: bool
) -> None:
    await fake.gateway.invalidate(resumable=resumable)
    await fake.gateway.until(lambda: fake.gateway.identifies + fake.gateway.resumes == 2 and fake.gateway.live)
    await hello(fake, ben)
    assert (fake.gateway.identifies, fake.gateway.resumes) == ((1, 1) if resumable else (2, 0))


async def test_a_session_that_is_forgotten_begins_anew(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    await fake.gateway.drop()
    fake.gateway.forget()
    await fake.gateway.until(lambda: fake.gateway.identifies == 2 and fake.gateway.live)
    await hello(fake, ben)
    assert fake.gateway.resumes == 1


async def test_an_outage_of_everything_ends(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    await fake.go_down()
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(fake.api_url + "/gateway")
    await fake.come_up()
    await fake.gateway.until(lambda: fake.gateway.live)
    await hello(fake, ben)


async def test_connections_are_refused_for_a_while(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    fake.gateway.refuses = True
    await fake.gateway.drop()
    await fake.gateway.until(lambda: fake.gateway.refused)
    fake.gateway.refuses = False
    await fake.gateway.until(lambda: fake.gateway.live)
    await hello(fake, ben)


async def test_heartbeats_that_nobody_acknowledges_end_a_session(fake: FakeDiscord) -> None:
    fake.gateway.heartbeat_interval = 0.05
    async with running(fake, SmallBot(heartbeat_timeout=0.3)) as bot:
        await fake.gateway.until(lambda: fake.gateway.heartbeats >= 3)
        assert bot.latency < 1
        assert fake.gateway.resumes == 0
        fake.gateway.acknowledges = False
        await fake.gateway.until(lambda: fake.gateway.resumes)
        fake.gateway.acknowledges = True


async def test_two_bots_hear_the_same_and_one_answers(fake: FakeDiscord, ben: Person) -> None:
    async with running(fake), running(fake, SmallBot()):
        await fake.connected(2)
        await ben.run("mull", "home")
        await fake.until(lambda: len(fake.calls_of("answer")) == 2)
        assert sorted(call.status for call in fake.calls_of("answer")) == [200, 400]
        assert len(ben.messages()) == 1


async def test_shards_share_the_servers(fake: FakeDiscord, ben: Person) -> None:
    fake.gateway.shards = fake.gateway.max_concurrency = 2
    fake.gateway.keeps_identify_pace = True
    far = fake.add_guild(str((1 << 22) + 1), name="Far Club", owner="11")
    async with running(fake) as bot:
        await fake.connected(2)
        assert [session.shard for session in fake.gateway.live] == [0, 1]
        assert {guild.name: guild.shard_id for guild in bot.guilds} == {"Bridge Club": 0, "Far Club": 1}
        await fake.changes.rename(far, "Very Far Club")
        await hello(fake, ben)
        told = [[event["t"] for event in session.events] for session in fake.gateway.live]
        assert ("GUILD_UPDATE" in told[0], "GUILD_UPDATE" in told[1]) == (False, True)


async def test_identifying_too_fast_is_refused(fake: FakeDiscord, ben: Person) -> None:
    fake.gateway.keeps_identify_pace = True
    async with running(fake), raw(fake) as line:
        await line.identify(fake.token)
        assert (await line.hear())["op"] == 9
        fake.pass_time(seconds=6)
        await line.identify(fake.token)
        assert (await line.hear())["t"] == "READY"


# Who may come in.


async def test_a_wrong_token_is_refused(fake: FakeDiscord) -> None:
    point_at(fake)
    async with SmallBot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.start("another token")
    async with raw(fake) as line:
        await line.identify("another token")
        assert await line.closed() == 4004


async def test_a_revoked_token_ends_the_bot(fake: FakeDiscord) -> None:
    async with running(fake) as bot:
        await fake.revoke_token()
        with pytest.raises(discord.ConnectionClosed) as closed:
            await bot.wait_for_end()
    assert closed.value.code == 4004
    async with running(fake):
        await fake.connected()


async def test_privileged_intents_are_refused_where_they_are_not_switched_on(fake: FakeDiscord, ben: Person) -> None:
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(fake, SmallBot(intents=discord.Intents(guilds=True, members=True))):
            pass
    assert "privileged intents" in fake.complaints.pop()
    fake.gateway.allowed = GUILD_MEMBERS | MESSAGE_CONTENT
    heard: list[str] = []

    class Listener(SmallBot):
        async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
            heard.append(f"{before.nick} {after.nick}")
            fake.world.bell.ring()

    chosen = discord.Intents(guilds=True, members=True, dm_messages=True)
    async with running(fake, Listener(intents=chosen, chunk_guilds_at_startup=False)) as bot:
        assert (await bot.application_info()).flags.gateway_guild_members_limited
        club = bot.get_guild(7001)
        assert club
        await fake.changes.join("7001", fake.add_user("15", name="Dee").id)
        await fake.changes.set_nick("7001", "15", "D")
        await fake.until(lambda: heard)
        assert heard == ["None D"]


# What is told.


async def test_servers_come_and_go(fake: FakeDiscord, bot: SmallBot) -> None:
    [club] = bot.guilds
    assert (club.name, club.owner_id, [channel.name for channel in club.channels]) == ("Bridge Club", 11, ["general"])
    told = fake.gateway.live[0].events[1]["d"]
    assert ([member["user"]["id"] for member in told["members"]], told["member_count"]) == (["900"], 3)
    gone = fake.add_guild("7002", name="Far Club", owner="11", installed=False)
    await fake.changes.invite(gone, Right.MANAGE_CHANNELS)
    await fake.changes.outage("7001")
    await fake.heard()
    assert {guild.name: guild.unavailable for guild in bot.guilds} == {"Bridge Club": True, "Far Club": False}
    await fake.changes.recover("7001")
    await fake.heard()
    assert {guild.name: guild.unavailable for guild in bot.guilds} == {"Bridge Club": False, "Far Club": False}
    far = bot.get_guild(7002)
    assert far
    assert far.me.guild_permissions.manage_channels
    await fake.changes.kick("7002")
    await fake.heard()
    assert bot.get_guild(7002) is None


async def test_channels_threads_and_roles_are_told(fake: FakeDiscord, bot: SmallBot) -> None:
    [club] = bot.guilds
    made = await fake.changes.create_channel(fake.add_channel("7001", "7101", name="robots"))
    thread = await fake.changes.create_channel(fake.add_thread(made, "7102", name="open talk"))
    await fake.changes.create_role("7001", Role("7201", "Robot club", Right.MANAGE_GUILD))
    await fake.changes.give_role("7001", fake.world.bot.id, "7201")
    await fake.changes.change_channel(made, name="arms", overwrites=[Overwrite("7001", deny=Right.SEND_MESSAGES)])
    await fake.changes.change_channel(thread, archived=True)
    await fake.changes.change_role("7001", "7201", name="Arm club")
    await fake.heard()
    assert [role.name for role in club.roles] == ["@everyone", "Arm club"]
    await fake.changes.rename("7001", "Arm Club")
    await fake.changes.hand_over("7001", "14")
    await fake.heard()
    assert club.owner_id == 14
    channel = club.get_channel(7101)
    assert channel
    assert (channel.name, club.name, [role.name for role in club.me.roles]) == (
        "arms",
        "Arm Club",
        ["@everyone", "Arm club"],
    )
    assert not channel.permissions_for(club.default_role).send_messages
    await fake.changes.take_role("7001", fake.world.bot.id, "7201")
    await fake.changes.delete_role("7001", "7201")
    await fake.changes.delete_channel(made)
    await fake.heard()
    assert (club.get_channel(7101), len(club.roles), list(club.threads)) == (None, 1, [])


async def test_events_come_by_intents(fake: FakeDiscord, ben: Person) -> None:
    async with raw(fake) as line:
        await line.identify(fake.token, intents=1 << 9)
        assert (await line.hear())["t"] == "READY"
        said = await ben.write("to all", ben.here)
        await ben.write("to you")
        await fake.changes.rename("7001", "Renamed")
        await fake.changes.delete_message(ben.here, said.id)
        [session] = fake.gateway.live
        assert [event["t"] for event in session.events] == ["READY", "MESSAGE_CREATE", "MESSAGE_DELETE"]
        assert session.events[1]["d"]["content"] == ""


async def test_a_malformed_event_breaks_the_connection(fake: FakeDiscord) -> None:
    async with running(fake) as bot:
        await fake.gateway.malformed("INTERACTION_CREATE", {"id": "1"})
        with pytest.raises(KeyError):
            await bot.wait_for_end()


# The wire itself.


class Line:
    """A connection to the gateway without a library."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws, self.unzip = ws, zlib.decompressobj()

    async def hear(self) -> Any:
        """Hear the next thing."""
        message = await self.ws.receive(timeout=5)
        if message.type is aiohttp.WSMsgType.BINARY:
            assert message.data.endswith(b"\x00\x00\xff\xff")
            return json.loads(self.unzip.decompress(message.data))
        return json.loads(message.data)

    async def closed(self) -> int | None:
        """Hear with which code the connection is closed."""
        await self.ws.receive(timeout=5)
        return self.ws.close_code

    async def identify(self, token: str, **more: Any) -> None:
        """Begin a session."""
        await self.ws.send_json({"op": 2, "d": {"token": token, "intents": 1, "properties": {}, **more}})


class raw:  # noqa: N801
    """Open the gateway without a library, and hear its hello."""

    def __init__(self, fake: FakeDiscord, **query: str) -> None:
        self.url, self.query = fake.gateway_url, {"v": "10", "encoding": "json", **query}

    async def __aenter__(self) -> Line:
        self.session = aiohttp.ClientSession()
        line = Line(await self.session.ws_connect(self.url, params=self.query))
        assert (await line.hear())["op"] == 10
        return line

    async def __aexit__(self, *error: object) -> None:
        await self.session.close()


@pytest.mark.parametrize("compress", ["", "zlib-stream"])
async def test_one_stream_runs_through_a_connection(fake: FakeDiscord, compress: str) -> None:
    async with raw(fake, **({"compress": compress} if compress else {})) as line:
        assert (line.unzip.unused_data, fake.gateway.wires[0].compression) == (b"", compress)
        await line.identify(fake.token)
        assert (await line.hear())["t"] == "READY"
        assert (await line.hear())["d"]["name"] == "Bridge Club"
        await line.ws.send_json({"op": 1, "d": 2})
        assert (await line.hear())["op"] == 11


async def test_the_library_as_mull_has_it_asks_for_zlib(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    assert fake.gateway.wires[0].compression == "zlib-stream"
    await hello(fake, ben)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("nonsense", 4002),
        ('{"op": 3, "d": {}}', 4003),
        ('{"op": 2, "d": {"token": "bot-token-1"}}', 4013),
        ('{"op": 2, "d": {"token": "bot-token-1", "intents": 1, "shard": [2, 2]}}', 4010),
        ('{"op": 6, "d": {"token": "no", "session_id": "x", "seq": 1}}', 4004),
    ],
)
async def test_what_is_said_wrongly_is_closed_with_a_code(fake: FakeDiscord, said: str, code: int) -> None:
    async with raw(fake) as line:
        await line.ws.send_str(said)
        assert await line.closed() == code
