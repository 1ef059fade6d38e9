"""How calls of Slack end, and what is made of it."""

from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import Dead, Delivery, TryAgain
from bot.adapters.slack.calls import NEVER, delivery_of, is_unclear, status_of

Answer = Callable[[], web.Response]


@pytest.fixture
async def client(request: pytest.FixtureRequest) -> AsyncIterator[AsyncWebClient]:
    """Call somebody who always answers the same."""
    answer: Answer = request.param

    async def serve(asked: web.Request) -> web.Response:
        return answer()

    app = web.Application()
    app.router.add_post("/api/{method}", serve)
    async with TestServer(app) as server:
        yield AsyncWebClient(token="t", base_url=str(server.make_url("/api/")), retry_handlers=[])


def page(status: int, body: str, kind: str = "application/json") -> Answer:
    """Answer a status and a body."""
    return lambda: web.Response(status=status, text=body, content_type=kind)


@pytest.mark.parametrize(
    ("client", "status", "unclear", "delivery"),
    [
        (page(502, "<html>Bad gateway</html>"), 502, True, TryAgain("Slack answered: 502")),
        (page(200, "not JSON"), 200, True, TryAgain("Slack answered: 200")),
        (page(503, "<html></html>", "text/html"), 503, False, TryAgain("Slack answered: 503")),
        (page(504, "<html></html>", "text/html"), 504, True, TryAgain("Slack answered: 504")),
        (page(200, '{"ok": false, "error": "fatal_error"}'), 200, True, TryAgain("Slack answered: fatal_error")),
        (page(200, '{"ok": false, "error": "is_archived"}'), 200, False, Dead(NEVER["is_archived"])),
        (page(200, '{"ok": false, "error": "new_error"}'), 200, False, TryAgain("Slack answered: new_error")),
    ],
    indirect=["client"],
)
async def test_an_answer_is_read_whatever_stands_in_it(
    client: AsyncWebClient, status: int, unclear: bool, delivery: Delivery
) -> None:
    with pytest.raises(SlackApiError) as raised:
        await client.api_call("chat.postMessage", json={})
    assert (status_of(raised.value), is_unclear(raised.value)) == (status, unclear)
    assert delivery_of(raised.value) == delivery
