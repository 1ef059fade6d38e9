"""`mull check` with Discord: what is wrong is said with what to do, and the token is never shown."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.discord.calls import INVITE_PERMISSIONS, invite_link
from bot.commands.check import check_everything
from bot.commands.check_discord import discord_findings
from bot.commands.finding import Finding
from bot.settings import PREFIX, Settings, load_settings
from tests.discord.fake import FakeDiscord
from tests.discord.world_rights import Right

FOUR = Right(INVITE_PERMISSIONS.value)
GUILD_MEMBERS, PRESENCES, MESSAGE_CONTENT = 1 << 1, 1 << 8, 1 << 15
TOKEN = "OTAw.canary.token"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder with no settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    """Serve a Discord where Mull is in one server, and may do there what it needs to."""
    async with FakeDiscord() as fake:
        fake.token = TOKEN
        fake.gateway.allowed = 0
        fake.add_guild("7001", name="Bridge Club", owner=fake.add_user("11", name="Ada"), bot_rights=FOUR)
        yield fake
        assert fake.complaints == []


def given(discord: FakeDiscord, **settings: str) -> Settings:
    """Set Discord."""
    return load_settings(**({"discord_token": discord.token, "discord_api_url": discord.api_url} | settings))


async def look(settings: Settings) -> list[Finding]:
    """Look at Discord; no finding shows the token."""
    found = await discord_findings(settings)
    assert "canary" not in str(found)
    return found


async def found_of(discord: FakeDiscord) -> dict[str, Finding]:
    """Look at Discord, by what was looked at."""
    return {finding.what: finding for finding in await look(given(discord))}


async def test_all_is_well(discord: FakeDiscord) -> None:
    assert await look(given(discord)) == [
        Finding("Discord", "Mull is @mull in one server"),
        Finding("Discord intents", "no privileged one is on, and Mull needs none"),
        Finding("Discord gateway", "answers; 1 shard, 1000 of 1000 starts left today"),
        Finding("Discord invite", invite_link(900)),
    ]


async def test_servers_are_counted(discord: FakeDiscord) -> None:
    discord.add_guild("7002", name="Elm Club", owner="11", bot_rights=FOUR)
    discord.add_guild("7003", name="Not ours", owner="11", installed=False)
    assert (await look(given(discord)))[0].state == "Mull is @mull in 2 servers"
    for guild in discord.world.guilds.values():
        guild.installed = False
    assert (await look(given(discord)))[0] == Finding("Discord", "Mull is @mull in no server yet")


async def test_every_privileged_intent_that_is_on_is_named_and_is_no_fault(discord: FakeDiscord) -> None:
    discord.gateway.allowed |= MESSAGE_CONTENT
    one = (await found_of(discord))["Discord intents"]
    assert one.state.startswith("more than Mull needs: Message Content; ")
    discord.gateway.allowed |= GUILD_MEMBERS | PRESENCES
    all_three = (await found_of(discord))["Discord intents"]
    assert all_three.state.startswith("more than Mull needs: Presence, Server Members, Message Content; ")
    assert not all_three.to_do


async def test_a_gateway_that_takes_no_more_starts_today_is_said_with_how_long(discord: FakeDiscord) -> None:
    discord.gateway.shards, discord.gateway.starts_left = 2, 1
    gateway = (await found_of(discord))["Discord gateway"]
    assert gateway == Finding(
        "Discord gateway", "answers; 2 shards, 1 of 1000 starts left today", "Wait 1440 minutes, then start Mull."
    )


async def test_what_mulls_roles_do_not_allow_in_a_server_is_named(discord: FakeDiscord) -> None:
    everyone = discord.world.guilds["7001"].roles["7001"]
    everyone.permissions = Right(0)
    for role in discord.world.guilds["7001"].roles.values():
        role.permissions &= ~(Right.SEND_MESSAGES | Right.READ_MESSAGE_HISTORY)
    lacks = (await found_of(discord))["Discord Bridge Club"]
    assert lacks.state == "Mull posts only in channels that allow it “Send Messages”, “Read Message History”"
    assert not lacks.to_do, "it is enough where one channel allows it"


async def test_an_administrator_is_told_that_it_is_too_much(discord: FakeDiscord) -> None:
    discord.add_guild("7002", name="Elm Club", owner="11", bot_rights=Right.ADMINISTRATOR)
    assert (await found_of(discord))["Discord Elm Club"].state == (
        "Mull is an administrator there, which is more than it needs"
    )


async def test_a_token_that_is_refused_is_to_be_set_anew(discord: FakeDiscord) -> None:
    (found,) = await look(given(discord, discord_token="OTAw.other.canary"))
    assert found.state == "refuses the token (401)"
    assert "MULL_DISCORD_TOKEN" in found.to_do


@pytest.mark.parametrize("route", ["get_me", "get_my_guilds", "get_application", "get_gateway_bot"])
async def test_discord_that_is_in_trouble_is_not_taken_for_a_wrong_token(discord: FakeDiscord, route: str) -> None:
    for status in (503, 403):
        discord.faults.fail(route, status=status)
        (found,) = await look(given(discord))
        assert found.state == f"cannot answer now ({status})"
        assert "MULL_DISCORD_API_URL" in found.to_do
    discord.faults.rate_limit(route)
    assert (await look(given(discord)))[0].state == "cannot answer now (429)"


async def test_a_page_that_is_no_answer_of_discords_is_not_read(discord: FakeDiscord) -> None:
    discord.faults.fail("get_me", status=200)
    assert (await look(given(discord)))[0].state == "cannot answer now (200)"


async def test_discord_that_is_away_is_said_to_be_away(discord: FakeDiscord) -> None:
    discord.faults.refuse_connection("get_me", times=2)  # aiohttp tries a lost reading once more
    here = await look(given(discord))
    nobody = await look(given(discord, discord_api_url="http://127.0.0.1:1/api/v10"))
    assert [finding.state for finding in [*here, *nobody]] == ["does not answer"] * 2


# What the fake has none of: an application whose buttons go elsewhere, and hundreds of servers.


async def answer(asked: web.Request) -> web.Response:
    """Answer as Discord does."""
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    known = {
        "/users/@me": {"id": "900", "username": "mull"},
        "/applications/@me": {"id": "900", "flags": 0, "interactions_endpoint_url": "https://elsewhere.example"},
        "/gateway/bot": {"url": "wss://127.0.0.1", "shards": 1, "session_start_limit": limit},
    }
    if asked.path in known:
        return web.json_response(known[asked.path])
    first, most = int(asked.query.get("after", 0)) + 1, int(asked.query["limit"])
    ids = range(first, min(first + most, 452))
    return web.json_response([{"id": str(n), "name": f"Club {n}", "permissions": str(int(FOUR))} for n in ids])


@pytest.fixture
async def elsewhere() -> AsyncIterator[Settings]:
    """Set a Discord with 451 servers, where an application gets its interactions at an address."""
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as server:
        yield load_settings(discord_token=TOKEN, discord_api_url=str(server.make_url("")))


async def test_buttons_that_go_to_another_address_are_to_be_brought_back(elsewhere: Settings) -> None:
    found = {finding.what: finding for finding in await look(elsewhere)}
    assert found["Discord buttons"].state == "go to another address"
    assert "Interactions Endpoint URL" in found["Discord buttons"].to_do


async def test_many_servers_are_read_page_by_page(elsewhere: Settings) -> None:
    assert (await look(elsewhere))[0].state == "Mull is @mull in 451 servers"


# The command.


async def test_the_command_says_it_and_ends_with_2_where_something_is_to_be_done(
    discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULL_DISCORD_TOKEN", discord.token)
    monkeypatch.setenv("MULL_DISCORD_API_URL", discord.api_url)
    said: list[str] = []
    assert await check_everything(said.append) == 0
    assert "good   Discord: Mull is @mull in one server" in said
    monkeypatch.setenv("MULL_DISCORD_TOKEN", "a.b.c")
    assert await check_everything(said.append) == 2
    assert "to do  Discord: refuses the token (401)" in said


async def test_without_discord_nothing_is_asked(discord: FakeDiscord) -> None:
    said: list[str] = []
    await check_everything(said.append)
    assert not [line for line in said if "Discord" in line]
    assert discord.calls == []
