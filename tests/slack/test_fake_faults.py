"""The fake Slack goes wrong as Slack does: sockets that end or fall silent, answers that are lost, late or refused."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from tests.slack.fake import FakeSlack
from tests.slack.person import Person
from tests.slack.small_bot import QUIET, client_of, greeter, in_socket_mode


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    """Open a Slack, which has nothing to complain about in the end."""
    async with FakeSlack() as slack:
        yield slack
        assert slack.complaints == []


@pytest.fixture
def ben(fake: FakeSlack) -> Person:
    """Be Ben."""
    return fake.add_user("U1", name="Ben Okoro")


@pytest.fixture
def app(fake: FakeSlack) -> AsyncApp:
    """Make a bot that greets."""
    return greeter(fake)


# Sockets.


async def test_each_event_goes_to_one_socket_and_a_silent_one_swallows_its_share(
    fake: FakeSlack, ben: Person, app: AsyncApp
) -> None:
    async with in_socket_mode(fake, app), in_socket_mode(fake, app):
        await fake.connected(2)
        for word in ("one", "two"):
            await ben.write(word)
        await fake.until(lambda: len(fake.posts_to("U1")) == 2)
        await fake.settled()
        sent = [[each for each in socket.sent if each["type"] == "events_api"] for socket in fake.sockets.open]
        assert all(sent)
        fake.sockets.open[0].silence()
        for word in ("three", "four"):
            await ben.write(word)
        assert len(fake.unacked) == 1
        await fake.redeliver(fake.unacked[0], "timeout")


async def test_sockets_are_refreshed_dropped_and_watched(fake: FakeSlack, ben: Person, app: AsyncApp) -> None:
    async with in_socket_mode(fake, app, ping=0.1):
        await fake.refresh_sockets()
        await ben.write("Hello")
        assert fake.unacked == []
        for silently in (False, True):
            [socket, *_] = await fake.connected()
            opened = fake.sockets.opened
            if silently:
                socket.silence()
            else:
                await socket.drop()
            await fake.sockets.until(lambda before=opened: fake.sockets.opened > before, 5)  # type: ignore[misc]
        await fake.settled()


# Faults.


async def test_a_lost_answer_leaves_the_post_behind(fake: FakeSlack, ben: Person) -> None:
    fake.faults.lose_answer("chat.postMessage")
    key = {"event_type": "mull", "event_payload": {"key": "abc"}}
    client = client_of(fake)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="U1", text="Hi", metadata=key, **QUIET)
    found = await client.conversations_history(channel="DU1", include_all_metadata=True)
    assert [message["metadata"] for message in found["messages"]] == [key]
    assert "metadata" not in (await client.conversations_history(channel="DU1"))["messages"][0]
    fake.faults.refuse_connection("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="U1", text="Hi", **QUIET)
    assert len(ben.dm) == 1


async def test_calls_are_limited_refused_and_held_to_order(fake: FakeSlack, ben: Person) -> None:
    client = client_of(fake)
    fake.faults.rate_limit("*", retry_after=7)
    fake.faults.fail("chat.postMessage", status=503)
    fake.faults.error("chat.postMessage", "channel_not_found")
    for wanted in (429, 503, 200):
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel="U1", text="Hi", **QUIET)
        assert refused.value.response.status_code == wanted
        assert ("7" if wanted == 429 else None) == refused.value.response.headers.get("Retry-After")
    assert [call.status for call in fake.calls] == [429, 503, 200]
    hold = fake.faults.hold("chat.postMessage")
    posting = asyncio.ensure_future(client.chat_postMessage(channel="U1", text="Hi", **QUIET))
    await hold.reached.wait()
    assert len(ben.dm) == 1
    assert not posting.done()
    hold.release()
    assert (await posting)["ok"]


async def test_a_method_that_reads_takes_no_json(fake: FakeSlack, ben: Person) -> None:
    await ben.write("hi")
    client = client_of(fake)
    with pytest.raises(SlackApiError):
        await client.api_call("conversations.history", json={"channel": ben.dm[0].channel})
    assert "conversations.history takes no JSON" in fake.complaints[0]
    fake.complaints.clear()
    assert (await client.conversations_history(channel=ben.dm[0].channel))["messages"]
