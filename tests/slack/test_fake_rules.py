"""The fake Slack refuses what Slack refuses, and keeps to the rules of triggers, addresses and sockets."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.slack import arguments
from tests.slack.fake import FakeSlack
from tests.slack.small_bot import QUIET, actions, app_of, button, client_of, in_socket_mode, modal, section, text_input
from tests.slack.world import JSON


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    """Open a Slack."""
    async with FakeSlack() as slack:
        slack.add_user("U1", name="Ben Okoro")
        yield slack


async def test_what_slack_would_refuse_is_refused_and_the_rest_only_noted(fake: FakeSlack) -> None:
    client = client_of(fake)
    bad: JSON = {"channel": "U1", **QUIET}
    for more, error in (({"text": "a", "blocks": [section("x" * 3001)]}, "invalid_blocks"), ({"text": ""}, "no_text")):
        with pytest.raises(SlackApiError, match=error):
            await client.api_call("chat.postMessage", json=bad | more)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(trigger_id=fake.payloads.trigger("U1"), view=modal(title="x" * 25))
    assert len(fake.complaints) == 3
    await client.chat_postMessage(channel="U1", text="<@U1>", unfurl_links=True)
    assert len(fake.complaints) == 6
    assert len(fake.posts_to("U1")) == 1
    fake.allowed_mentions.add("U1")
    await client.chat_postMessage(channel="U1", text="<@U1>", **QUIET)
    assert len(fake.complaints) == 6
    if arguments.ON:
        with pytest.raises(SlackApiError, match="no argument 'language'"):
            await client.users_info(user="U1", language="en")
    with pytest.raises(SlackApiError, match="unknown_method"):
        await client.api_call("chat.shout")
    assert "chat.shout" in fake.complaints[-1]


async def test_what_a_submission_is_answered_with_is_checked(fake: FakeSlack) -> None:
    ben = fake.person("U1")
    answers: list[JSON] = [
        {"response_action": "errors", "errors": {"other": "No."}},
        {"response_action": "errors", "errors": {"what": ""}},
        {"response_action": "shout"},
        {"response_action": "update", "view": modal(title="x" * 25)},
    ]
    app = app_of(fake)

    @app.view("form")
    async def take(ack: Any) -> None:
        await ack(**answers.pop(0))

    @app.action("reflect")
    async def wordy(ack: Any) -> None:
        await ack("Thanks")

    async with in_socket_mode(fake, app):
        await client_of(fake).views_open(
            trigger_id=fake.payloads.trigger("U1"), view=modal(text_input(), actions(button()))
        )
        assert ben.modal is not None
        fake.checks.errors_of(ben.modal, {})
        assert "none was named" in fake.complaints[-1]
        for words in ("which is no input", "says nothing", "shout", "the title of the view"):
            await ben.submit({"what": "It fell"})
            assert words in fake.complaints[-1]
        await ben.press("Reflect")
        assert "nobody will read" in fake.complaints[-1]
        assert len(fake.complaints) == 6


async def test_a_press_is_answered_at_its_address_five_times_in_half_an_hour(fake: FakeSlack) -> None:
    first, second = (fake.payloads.response_url("U1", fake.world.dm("U1").id, None) for _ in range(2))
    async with aiohttp.ClientSession() as session:

        async def answer(address: str) -> int:
            async with session.post(address, json={"text": "Thanks"}) as response:
                return response.status

        assert [await answer(first) for _ in range(6)] == [200] * 5 + [404]
        fake.pass_time(minutes=31)
        assert await answer(second) == 404
    assert len(fake.person("U1").ephemerals) == 5


async def test_sockets_are_opened_and_acknowledged_by_the_rules(fake: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        address = (await client_of(fake).apps_connections_open(app_token=fake.app_token))["url"]
        async with session.ws_connect(address) as socket:
            assert (await socket.receive_json())["type"] == "hello"
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(address)
            fake.patience = 0.01
            await fake.person("U1").write("Hello")
            envelope = (await socket.receive_json())["envelope_id"]
            for ack in (
                {"envelope_id": envelope},
                {"envelope_id": "made-up"},
                {"envelope_id": envelope, "colour": "red"},
            ):
                await socket.send_json(ack)
            fake.patience = 3
            ben = fake.person("U1")
            writing = asyncio.ensure_future(ben.write("Hello again"))
            envelope = (await socket.receive_json())["envelope_id"]
            for _ in range(2):
                await socket.send_json({"envelope_id": envelope, "payload": {"text": "nobody reads this"}})
            await writing
            # An event more, so that all before it has been read.
            writing = asyncio.ensure_future(ben.write("Bye"))
            await socket.send_json({"envelope_id": (await socket.receive_json())["envelope_id"]})
            await writing
    for words in ("was used before", "never sent", "colour", "nobody will read", "acknowledged twice"):
        assert any(words in complaint for complaint in fake.complaints), (words, fake.complaints)
