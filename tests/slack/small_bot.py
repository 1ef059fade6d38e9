"""A small bot made of the real library, to try the fake with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.fake import FakeSlack
from tests.slack.world import JSON

QUIET: JSON = {"unfurl_links": False, "unfurl_media": False}


def plain(text: str) -> JSON:
    """Write words."""
    return {"type": "plain_text", "text": text}


def button(text: str = "Reflect", action_id: str = "reflect", **more: Any) -> JSON:
    """Write a button."""
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: JSON, **more: Any) -> JSON:
    """Put elements in a row."""
    return {"type": "actions", "elements": list(elements), **more}


def section(text: str = "How was it?", **more: Any) -> JSON:
    """Write a paragraph."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def text_input(block_id: str = "what", label: str = "What happened?", **more: Any) -> JSON:
    """Ask for words."""
    element = {"type": "plain_text_input", "action_id": "words", **more}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element}


def modal(*blocks: JSON, title: str = "Check-in", **more: Any) -> JSON:
    """Make a modal."""
    view = {"type": "modal", "callback_id": "form", "title": plain(title), "submit": plain("Send")}
    return {**view, "close": plain("Not now"), "blocks": list(blocks) or [text_input()], **more}


def options(*labels: str) -> list[JSON]:
    """Offer options, valued by their place."""
    return [{"text": plain(label), "value": str(number)} for number, label in enumerate(labels)]


def client_of(fake: FakeSlack, token: str | None = None) -> AsyncWebClient:
    """Make a client that never tries twice by itself."""
    return AsyncWebClient(token=token or fake.token, base_url=fake.api_url, retry_handlers=[])


def app_of(fake: FakeSlack, client: AsyncWebClient | None = None) -> AsyncApp:
    """Make an app that does nothing yet."""
    return AsyncApp(client=client or client_of(fake), signing_secret=fake.signing_secret)


def greeter(fake: FakeSlack) -> AsyncApp:
    """Make a bot that greets, and opens a form on a press."""
    app = app_of(fake)

    @app.event("message")
    async def greet(event: JSON, say: Any) -> None:
        if "subtype" not in event:
            await say(text=f"Heard {event['text']}", blocks=[section("*Heard* you"), actions(button())], **QUIET)

    @app.action("reflect")
    async def form(ack: Any, body: JSON, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    return app


@asynccontextmanager
async def in_socket_mode(fake: FakeSlack, app: AsyncApp, ping: float = 10) -> AsyncIterator[AsyncSocketModeHandler]:
    """Run an app over a socket."""
    handler = AsyncSocketModeHandler(app, fake.app_token, ping_interval=ping)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        await fake.connected()
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def in_http_mode(fake: FakeSlack, app: AsyncApp) -> AsyncIterator[str]:
    """Run an app behind an address; give the address."""
    runner = web.AppRunner(app.server(port=0, path="/slack/events").web_app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    fake.use_http(f"{root}/slack/events")
    try:
        yield root
    finally:
        fake.use_http(None)
        await runner.cleanup()
