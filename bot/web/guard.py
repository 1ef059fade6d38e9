"""What every page carries so that a browser protects its reader, and what an outage of the database looks like."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.storage.database import is_outage
from bot.web.kept import Kept
from bot.web.rendering import render

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Adds the headers; turns an outage of the database into a page that says so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def guarded(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                _protect(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception as fault:
            if has_begun or not is_outage(fault):
                raise
            page = render(Request(scope), "not_saved.html", status=503, kept=Kept(scope["path"]))
            await page(scope, receive, guarded)


def _protect(headers: MutableHeaders, path: str) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    # Pages of shared computers are not kept; the style sheet and the script are looked at again each time.
    headers.setdefault("cache-control", "no-cache" if path.startswith("/static/") else "no-store")
