"""Every page that somebody can come to by links, each looked at once."""

import re
from collections.abc import AsyncIterator, Iterable
from html import unescape
from urllib.parse import urlsplit

import httpx
from fastapi.routing import APIRoute
from starlette.routing import Match

from tests.web.house import Stage


class Crawl:
    """Somebody who follows every link; `visited` holds the routes they came to, each with its first address."""

    def __init__(self, stage: Stage) -> None:
        self.visited: dict[str, str] = {}
        self.every = routes_of(stage)
        self._routes: dict[str, APIRoute | None] = {}

    async def pages(self, client: httpx.AsyncClient, begin: Iterable[str]) -> AsyncIterator[httpx.Response]:
        """Open pages, and what they lead to."""
        todo = list(begin)
        found = set(todo)
        while todo:
            page = await client.get(todo.pop())
            assert page.status_code in (200, 303), f"{page.url} answers {page.status_code}"
            if route := self._route(page.url.path):
                self.visited.setdefault(route.path, page.url.path)
            yield page
            links = [page.headers.get("location", ""), *re.findall(r'(?:href|src|action)="([^"]*)"', page.text)]
            for link in map(unescape, links):
                address = link.partition("#")[0]
                is_page = address.startswith("/") and not address.startswith(("/static/", "/sign-out"))
                if is_page and address not in found and self._route(urlsplit(address).path):
                    found.add(address)
                    todo.append(address)

    def _route(self, path: str) -> APIRoute | None:
        if path not in self._routes:
            scope = {"type": "http", "method": "GET", "path": path, "headers": []}
            found = (route for route in self.every if route.matches(scope)[0] is Match.FULL)
            self._routes[path] = next(found, None)
        return self._routes[path]


def routes_of(stage: Stage) -> list[APIRoute]:
    """List the routes of all pages."""
    found = []
    todo = list(stage.app.router.routes)
    while todo:
        route = todo.pop(0)
        if isinstance(route, APIRoute):
            found.append(route)
        todo += getattr(getattr(route, "original_router", None), "routes", [])
    return found
