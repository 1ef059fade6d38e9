"""The fake's REST API goes wrong as Discord's does: limits, storms, cut connections, tokens that end."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.discord.fake import FakeDiscord
from tests.discord.fake_bot import SmallBot, point_at, running
from tests.discord.person import Person


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """Open a Discord with a club in it, which has nothing to complain about in the end."""
    async with FakeDiscord() as discord:
        discord.add_user("11", name="Ada")
        club = discord.add_guild("7001", name="Bridge Club", owner="11")
        discord.add_channel(club, "7101", name="robots")
        discord.add_user("14", name="Ben Okoro", guilds=[club])
        yield discord
        assert discord.complaints == []


@pytest.fixture
async def robots(fake: FakeDiscord) -> AsyncIterator[discord.TextChannel]:
    """Log a bot in, and find the channel of the robots."""
    point_at(fake)
    async with SmallBot() as bot:
        await bot.login(fake.token)
        channel = await bot.fetch_channel(7101)
        assert isinstance(channel, discord.TextChannel)
        fake.calls.clear()
        yield channel


async def post(channel: discord.TextChannel, nonce: str = "abc") -> discord.Message:
    """Write as Mull should."""
    return await channel.send("Hello", suppress_embeds=True, nonce=nonce)


def statuses(fake: FakeDiscord) -> list[int]:
    """List how requests were answered."""
    return [call.status for call in fake.calls]


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_what_is_limited_is_sent_again(fake: FakeDiscord, robots: discord.TextChannel, scope: str) -> None:
    fake.faults.rate_limit("create_message", retry_after=0.05, scope=scope, times=2)
    await post(robots)
    assert statuses(fake) == [429, 429, 200]
    assert fake.calls[0].answer == {
        "message": "You are being rate limited.",
        "retry_after": 0.05,
        "global": scope == "global",
    }
    assert len(fake.posts_in("7101")) == 1


async def test_what_is_limited_says_so_in_headers(fake: FakeDiscord) -> None:
    fake.faults.rate_limit("*", retry_after=1.5, scope="global")
    fake.faults.rate_limit("*", retry_after=1.5)
    async with aiohttp.ClientSession() as session:
        for is_global in (True, False):
            async with session.get(fake.api_url + "/gateway") as response:
                assert response.status == 429
                assert (response.headers["Retry-After"], response.headers["Via"]) == ("1.5", "1.1 google")
                assert response.headers["Content-Type"] == "application/json"
                assert ("X-RateLimit-Global" in response.headers) == is_global
                assert ("X-RateLimit-Bucket" in response.headers) != is_global
        async with session.get(fake.api_url + "/gateway") as response:
            assert (response.status, response.headers["X-RateLimit-Remaining"]) == (200, "49")
            assert response.headers["X-RateLimit-Bucket"] == "bucket-get_gateway"


async def test_a_bucket_can_be_used_up(fake: FakeDiscord) -> None:
    fake.faults.exhaust("get_gateway", reset_after=0.2)
    async with aiohttp.ClientSession() as session:
        for remaining, reset in (("0", "0.2"), ("49", "1.0")):
            async with session.get(fake.api_url + "/gateway") as response:
                assert response.headers["X-RateLimit-Remaining"] == remaining
                assert response.headers["X-RateLimit-Reset-After"] == reset


async def test_a_limit_can_be_kept_for_each_channel(fake: FakeDiscord) -> None:
    fake.faults.keep_limit("typing", most=2, seconds=5)
    general = next(iter(fake.world.guilds["7001"].channels))
    headers = {"Authorization": f"Bot {fake.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def type_in(channel: str) -> tuple[int, str, str]:
            async with session.post(f"{fake.api_url}/channels/{channel}/typing") as response:
                told = response.headers
                return response.status, told["X-RateLimit-Remaining"], told["X-RateLimit-Reset-After"]

        assert [await type_in("7101") for _ in range(2)] == [(204, "1", "5.0"), (204, "0", "5.0")]
        fake.pass_time(seconds=4)
        assert await type_in("7101") == (429, "0", "1.0")
        assert await type_in(general) == (204, "1", "5.0")
        fake.pass_time(seconds=1)
        assert await type_in("7101") == (204, "1", "5.0")
    assert fake.invalid_requests == 1
    assert fake.channels.typing == ["7101", "7101", general, "7101"]


async def test_a_storm_is_told_or_waited_out(fake: FakeDiscord, robots: discord.TextChannel) -> None:
    fake.faults.fail("create_message", 503)
    with pytest.raises(discord.DiscordServerError):
        await post(robots)
    fake.faults.fail("create_message", 502)
    await post(robots)
    assert statuses(fake) == [503, 502, 200]
    assert len(fake.posts_in("7101")) == 1


async def test_an_error_of_choice_is_answered(fake: FakeDiscord, robots: discord.TextChannel) -> None:
    fake.faults.error("create_message", 403, 50013)
    with pytest.raises(discord.Forbidden) as refused:
        await post(robots)
    assert refused.value.code == 50013
    assert fake.posts_in("7101") == []


async def test_a_lost_answer_leaves_the_message_behind(fake: FakeDiscord, robots: discord.TextChannel) -> None:
    fake.faults.lose_answer("create_message")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(robots)
    assert len(fake.posts_in("7101")) == 1
    again = await post(robots)
    assert [str(again.id)] == [message.id for message in fake.posts_in("7101")]
    fake.faults.refuse_connection("create_message")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(robots, "another")
    assert len(fake.posts_in("7101")) == 1
    assert statuses(fake) == [0, 200, 0]


async def test_requests_are_held(fake: FakeDiscord, robots: discord.TextChannel) -> None:
    for before in (True, False):
        hold = fake.faults.hold("create_message", before=before)
        posting = asyncio.ensure_future(post(robots, f"{before}"))
        await hold.reached.wait()
        assert len(fake.posts_in("7101")) == (0 if before else 2)
        assert not posting.done()
        hold.release()
        await posting


async def test_a_token_that_ended_is_refused(fake: FakeDiscord, robots: discord.TextChannel) -> None:
    await fake.revoke_token()
    with pytest.raises(discord.HTTPException) as refused:
        await post(robots)
    assert refused.value.status == 401


async def test_answers_meet_faults_too(fake: FakeDiscord) -> None:
    ben: Person = fake.person("14")
    async with running(fake):
        fake.faults.rate_limit("answer", retry_after=0.05)
        assert (await ben.run("mull", "home")).answer
        fake.faults.lose_answer("answer")
        followed = await ben.press("Follow")
        assert followed.answer
        assert fake.calls_of("answer")[-1].status == 0
        fake.faults.refuse_connection("answer")
        fake.patience = 0.1
        assert (await ben.press("Think")).failed
    assert len(fake.failed_interactions) == 1
    fake.faults.hold("*")
    fake.faults.clear()


async def test_a_route_that_is_unknown_is_complained_about(fake: FakeDiscord) -> None:
    async with aiohttp.ClientSession() as session, session.get(fake.api_url + "/stickers/1") as response:
        assert response.status == 404
    assert "/stickers/1 is no route" in fake.complaints.pop()
