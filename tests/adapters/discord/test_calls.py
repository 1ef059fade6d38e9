"""How calls of Discord end, what is made of it, and what Mull must be allowed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import aiohttp
import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.base import Dead, Delivery, TryAgain
from bot.adapters.discord.calls import (
    CLOSED_CHANNEL,
    CLOSED_DM,
    GONE_TOKEN,
    INVITE_PERMISSIONS,
    LOST,
    NEVER,
    UNCHANGEABLE,
    Fault,
    Postable,
    counting,
    delivery_of,
    invite_link,
    missing,
    refusal,
)
from bot.adapters.discord.pace import Pace

ME, SERVER, CLUB, THREAD = 1, 10, 20, 30
VIEW, SEND, SEND_IN_THREADS, HISTORY = 1 << 10, 1 << 11, 1 << 38, 1 << 16
ALL_FOUR = VIEW | SEND | SEND_IN_THREADS | HISTORY


@dataclass(frozen=True)
class Answer:
    """What discord.py reads of an answer."""

    status: int
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def fault(status: int, code: int = 0, **headers: str) -> discord.HTTPException:
    """Raise what discord.py raises for an answer."""
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind = discord.DiscordServerError if status >= 500 else kinds.get(status, discord.HTTPException)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return kind(cast(Any, Answer(status, headers=given)), {"code": code, "message": "words of Discord's"})


@pytest.mark.parametrize(
    ("status", "code", "delivery"),
    [
        (403, 50007, Dead("direct messages are closed")),
        (403, 50278, Dead("they are in no Discord server with Mull any more")),
        (403, 50001, Dead("Mull cannot see the channel")),
        (403, 50013, Dead("Mull may not write in the channel")),
        (404, 10003, Dead("the channel is not there any more")),
        (404, 10004, Dead("Mull is not in the Discord server any more")),
        (404, 10008, Dead("the message was deleted")),
        (404, 10013, Dead("their Discord account is not there any more")),
        (404, 10015, Dead("it was too late to answer there")),
        (401, 50027, Dead("it was too late to answer there")),
        (404, 10062, Dead("it was too late to answer there")),
        (400, 40060, Dead("it was answered there already")),
        (403, 50005, Dead("the message is somebody else's")),
        (400, 50083, Dead("the thread was archived")),
        (403, 160005, Dead("the thread was locked")),
        (400, 50035, Dead("Discord does not take it as Mull wrote it; please tell whoever runs Mull")),
        (403, 40003, TryAgain("Discord asked to wait", timedelta(seconds=30))),
        (400, 20016, TryAgain("Discord asked to wait", timedelta(seconds=30))),
        (429, 0, TryAgain("Discord asked to wait", timedelta(seconds=30))),
        (
            401,
            0,
            TryAgain("Discord refuses Mull's token; whoever runs Mull can set it anew", timedelta(minutes=5)),
        ),
        (500, 0, TryAgain("Discord answered: 500")),
        (503, 0, TryAgain("Discord answered: 503")),
        (403, 99999, TryAgain("Discord answered: 99999")),
    ],
)
def test_each_code_has_its_sentence(status: int, code: int, delivery: Delivery) -> None:
    assert delivery_of(fault(status, code)) == delivery


def test_every_sentence_stands_after_a_colon_and_ends_without_a_full_stop() -> None:
    for said in NEVER.values():
        assert said[0].islower() or said.startswith(("Mull", "Discord"))
        assert not said.endswith(".")


def test_no_words_of_discord_reach_a_teacher() -> None:
    for code in (*NEVER, 0, 99999):
        assert "words" not in str(delivery_of(fault(400, code)))


@pytest.mark.parametrize(("given", "seconds"), [("2.5", 2.5), ("60", 60), ("soon", 30), ("inf", 30), ("nan", 30)])
def test_it_waits_as_long_as_discord_says(given: str, seconds: float) -> None:
    for code in (20016, 0):
        assert delivery_of(fault(429, code, Retry_After=given)) == TryAgain(
            "Discord asked to wait", timedelta(seconds=seconds)
        )


def test_a_wait_that_discord_py_would_not_sit_through_is_heeded() -> None:
    assert delivery_of(discord.RateLimited(90.5)) == TryAgain("Discord asked to wait", timedelta(seconds=90.5))


@pytest.mark.parametrize(
    "lost",
    [
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientConnectionError(),
        TimeoutError(),
        ConnectionResetError(),
        OSError(),
    ],
)
def test_where_the_connection_broke_it_is_tried_again(lost: Fault) -> None:
    assert isinstance(lost, LOST)
    assert delivery_of(lost) == TryAgain("the connection to Discord broke")


def test_what_is_closed_stays_closed() -> None:
    assert all(isinstance(delivery_of(fault(403, code)), Dead) for code in CLOSED_DM | CLOSED_CHANNEL | GONE_TOKEN)
    assert not CLOSED_DM & CLOSED_CHANNEL
    assert not GONE_TOKEN & UNCHANGEABLE
    assert 10008 in UNCHANGEABLE


# Permissions.


def server(everyone: int = ALL_FOUR, **overwrites: int) -> discord.Guild:
    """Make a server with a club's channel and a thread in it; `allow` and `deny` are said of the channel."""
    client = discord.Client(intents=discord.Intents(guilds=True))
    state = client._connection
    state.user = discord.ClientUser(state=state, data=cast(Any, person()))
    data = {
        "id": SERVER,
        "name": "Bridge School",
        "owner_id": 99,
        "roles": [{"id": SERVER, "name": "@everyone", "permissions": str(everyone), "position": 0, "colors": {}}],
        "channels": [channel(overwrites)],
        "threads": [thread()],
        "members": [{"user": person(), "roles": [], "joined_at": None, "flags": 0}],
    }
    guild = discord.Guild(data=cast(Any, data), state=state)
    state._add_guild(guild)
    return guild


def person() -> dict[str, Any]:
    return {"id": ME, "username": "mull", "discriminator": "0", "avatar": None, "global_name": None, "bot": True}


def channel(overwrites: Mapping[str, int]) -> dict[str, Any]:
    bits = {"allow": 0, "deny": 0, **overwrites}
    told = [{"id": SERVER, "type": 0, "allow": str(bits["allow"]), "deny": str(bits["deny"])}]
    return {"id": CLUB, "type": 0, "name": "club", "position": 0, "permission_overwrites": told}


def thread() -> dict[str, Any]:
    times = {"archive_timestamp": "2026-01-05T12:00:00+00:00", "archived": False, "auto_archive_duration": 60}
    return {
        "id": THREAD,
        "type": 11,
        "name": "week 3",
        "parent_id": CLUB,
        "owner_id": 99,
        "message_count": 0,
        "member_count": 1,
        "thread_metadata": times,
    }


def club(guild: discord.Guild) -> Postable:
    found = guild.get_channel(CLUB)
    assert isinstance(found, discord.TextChannel)
    return found


def week(guild: discord.Guild) -> Postable:
    found = guild.get_thread(THREAD)
    assert found
    return found


def test_with_the_four_permissions_of_the_invite_link_nothing_is_missing() -> None:
    guild = server()
    assert INVITE_PERMISSIONS.value == ALL_FOUR
    assert missing(club(guild), guild.me) == missing(week(guild), guild.me) == []


@pytest.mark.parametrize(
    ("denied", "in_channel", "in_thread"),
    [
        (SEND, ["Send Messages"], []),
        (SEND_IN_THREADS, [], ["Send Messages in Threads"]),
        (HISTORY, ["Read Message History"], ["Read Message History"]),
        (SEND | HISTORY, ["Send Messages", "Read Message History"], ["Read Message History"]),
        (
            VIEW,
            ["View Channels", "Send Messages", "Read Message History"],
            ["View Channels", "Send Messages in Threads", "Read Message History"],
        ),
    ],
)
def test_what_a_channel_denies_is_named_as_discord_names_it(
    denied: int, in_channel: list[str], in_thread: list[str]
) -> None:
    guild = server(deny=denied)
    assert missing(club(guild), guild.me) == in_channel
    assert missing(week(guild), guild.me) == in_thread


def test_what_one_channel_allows_is_enough() -> None:
    guild = server(everyone=0, allow=ALL_FOUR)
    assert missing(club(guild), guild.me) == missing(week(guild), guild.me) == []


def test_a_thread_of_a_channel_that_mull_does_not_see_lacks_everything() -> None:
    guild = server()
    found = week(guild)
    guild._remove_channel(cast(Any, guild.get_channel(CLUB)))
    assert missing(found, guild.me) == ["View Channels", "Send Messages in Threads", "Read Message History"]


@pytest.mark.parametrize(
    ("permissions", "said"),
    [
        (["Send Messages"], "Mull may not “Send Messages” in #club"),
        (["View Channels", "Send Messages"], "Mull may not “View Channels” and “Send Messages” in #club"),
        (["A", "B", "C"], "Mull may not “A”, “B” and “C” in #club"),
    ],
)
def test_a_refusal_names_permissions_and_channel(permissions: list[str], said: str) -> None:
    assert refusal("club", permissions) == said


@pytest.mark.parametrize("code", [50001, 50013])
def test_a_refused_post_names_what_mull_lacks_there(code: int) -> None:
    lacking = server(deny=SEND)
    assert delivery_of(fault(403, code), club(lacking)) == Dead("Mull may not “Send Messages” in #club")
    assert delivery_of(fault(403, code), week(server(deny=SEND_IN_THREADS))) == Dead(
        "Mull may not “Send Messages in Threads” in #week 3"
    )
    assert delivery_of(fault(403, code), club(server())) == Dead(NEVER[code])


def test_the_invite_link_asks_for_four_permissions_and_two_scopes() -> None:
    parts = urlsplit(invite_link(123))
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "discord.com", "/oauth2/authorize")
    assert asked == {"client_id": ["123"], "scope": ["bot applications.commands"], "permissions": [str(ALL_FOUR)]}


# Counting.


async def test_every_answer_is_counted_as_it_ends() -> None:
    async def serve(asked: web.Request) -> web.Response:
        scope = asked.query.get("scope", "")
        return web.Response(status=int(asked.query["status"]), headers={"X-RateLimit-Scope": scope} if scope else {})

    app = web.Application()
    app.router.add_get("/", serve)
    pace = Pace(lambda: 1000.0, careful=4)
    async with (
        TestServer(app) as discord_like,
        aiohttp.ClientSession(trace_configs=[counting(pace)]) as session,
    ):
        for query in ("status=200", "status=401", "status=403", "status=429&scope=shared", "status=429&scope=user"):
            async with session.get(discord_like.make_url(f"/?{query}")):
                assert pace.closed_for(is_reply=False) == 0
        async with session.get(discord_like.make_url("/?status=429&scope=global")):
            assert pace.closed_for(is_reply=False) == 600
