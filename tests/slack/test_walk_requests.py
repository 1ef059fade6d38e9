"""Requests that Slack signs: only those are let in, and each of them once."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.slack.delivery import Delivery, Signed
from tests.slack.house import HTTP, Walk
from tests.stage import rows

pytestmark = pytest.mark.parametrize("walk", [HTTP], indirect=True)

REFUSED = 401


async def stored(walk: Walk) -> list[int]:
    """Count what is kept of people's doings."""
    tables = ("inbox", "runs", "answers", "outbox", "people")
    return [int((await rows(walk.database, f"SELECT count(*) FROM {table}"))[0][0]) for table in tables]


async def taken(walk: Walk) -> list[Delivery]:
    """Let Ben write, run a command and press; answer what Slack told Mull of it."""
    await walk.command(walk.ben, "start week")
    await walk.press(walk.ben, "coasting")
    await walk.write(walk.ben, "help")
    return list(walk.slack.delivered)


async def posted(walk: Walk, signed: Signed) -> tuple[int, str]:
    """Post a request; answer what came of it once all has settled."""
    answer = await walk.slack.post(signed)
    await walk.house.settle()
    return answer


async def test_a_forged_changed_or_old_request_is_refused_and_leaves_nothing(walk: Walk) -> None:
    deliveries = await taken(walk)
    before, shown = await stored(walk), len(walk.ben.dm)
    for delivery in deliveries:
        for signed in (
            walk.slack.signed(delivery, secret="another"),
            walk.slack.signed(delivery).with_a_changed_byte(),
            walk.slack.signed(delivery, age=6 * 60),
            Signed(walk.slack.signed(delivery).body, {"Content-Type": "application/json"}),
        ):
            status, text = await posted(walk, signed)
            assert status == REFUSED
            assert "Ben" not in text
    assert (await stored(walk), len(walk.ben.dm)) == (before, shown)


async def test_the_same_signed_request_twice_has_one_effect(walk: Walk) -> None:
    deliveries = await taken(walk)
    before, shown = await stored(walk), len(walk.ben.dm)
    for delivery in deliveries:
        status, _ = await posted(walk, walk.slack.signed(delivery))
        assert status == 200
    assert len(walk.ben.dm) == shown
    assert await stored(walk) == before


async def test_an_event_that_slack_sends_again_is_taken_where_it_was_lost(walk: Walk) -> None:
    await walk.command(walk.ben, "start week")
    url = walk.slack.deliveries.url
    walk.slack.use_http("http://127.0.0.1:9/nobody")
    await walk.ben.write("at my edge")
    lost = walk.slack.delivered[-1]
    assert not lost.acked
    walk.slack.use_http(url)
    for _ in range(2):
        await walk.slack.redeliver(lost)
    await walk.house.settle()
    assert await rows(walk.database, "SELECT said FROM answers") == [("at my edge",)]


async def test_slack_may_ask_whether_the_address_is_ours(walk: Walk) -> None:
    challenge = Delivery("events_api", {"type": "url_verification", "token": "t", "challenge": "3eZbrw1a"})
    status, text = await posted(walk, walk.slack.signed(challenge))
    assert (status, json.loads(text)) == (200, {"challenge": "3eZbrw1a"})
    status, _ = await posted(walk, walk.slack.signed(challenge, secret="another"))
    assert status == REFUSED
    check = Signed("ssl_check=1&token=t&payload=%7B", {"Content-Type": "application/x-www-form-urlencoded"})
    assert await posted(walk, check) == (200, "")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/slack/events"), ("POST", "/slack/install"), ("GET", "/slack/"), ("PUT", "/slack/x")]
)
async def test_any_other_request_is_not_found_or_refused(walk: Walk, method: str, path: str) -> None:
    async with aiohttp.ClientSession() as session, session.request(method, walk.house.url + path) as answer:
        assert answer.status in (401, 404)
    assert await stored(walk) == [0, 0, 0, 0, 3]


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "null", "payload=%7B", "payload=[]", "ssl_check=10"])
@pytest.mark.parametrize("content", ["application/json", "application/x-www-form-urlencoded", ""])
async def test_what_anybody_else_posts_is_refused_unread(walk: Walk, body: str, content: str) -> None:
    status, text = await posted(walk, Signed(body, {"Content-Type": content}))
    assert (status, text) == (REFUSED, "")
    assert await stored(walk) == [0, 0, 0, 0, 3]


async def test_a_request_longer_than_any_of_slacks_is_refused_unread(walk: Walk) -> None:
    long = Delivery("events_api", {"type": "url_verification", "challenge": "a" * 1_000_000})
    assert (await posted(walk, walk.slack.signed(long)))[0] == REFUSED


async def test_a_request_of_no_stated_length_is_refused_unread(walk: Walk) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"{}"

    address = f"{walk.house.url}/slack/events"
    async with aiohttp.ClientSession() as session, session.post(address, data=endless()) as answer:
        assert answer.status == REFUSED
