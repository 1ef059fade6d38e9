"""A house behind a real socket, and a browser in front of it."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect

from bot.core.people import PersonId
from tests.web.house import Stage, open_stage

PATIENCE = 20_000
"""Milliseconds that a browser may take for one step on a machine that does much else at the same time."""

expect.set_options(timeout=PATIENCE)
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@asynccontextmanager
async def served_stage(folder: Path) -> AsyncIterator[Stage]:
    """Serve a house on a free port of this machine."""
    listening, address = a_free_port()
    async with open_stage(folder, address) as stage, served(stage.app, listening):
        yield stage


def a_free_port() -> tuple[socket.socket, str]:
    """Listen on a free port of this machine; answer its address as well."""
    listening = socket.create_server(("127.0.0.1", 0))
    return listening, f"http://127.0.0.1:{listening.getsockname()[1]}"


@asynccontextmanager
async def served(pages: FastAPI, listening: socket.socket) -> AsyncIterator[None]:
    """Serve pages where something listens already; close that in the end."""
    config = uvicorn.Config(pages, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve([listening]))
    try:
        yield
    finally:
        server.should_exit = True
        server.force_exit = True
        await serving
        listening.close()


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start the system's Chromium; where there is none, a test is skipped, except in CI."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None and not os.environ.get("CI"):
        pytest.skip("there is no Chromium on this machine; install it, or set CHROMIUM to where it is")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path or "chromium", args=SWITCHES)
        try:
            yield browser
        finally:
            await browser.close()


class Windows:
    """Windows of one test, and what their pages complained about."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self._browser, self._stage = browser, stage
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    async def open(self, person: PersonId | None = None, *, width: int = 390, scripts: bool = True) -> Page:
        """Open a window, with somebody signed in."""
        context = await self._browser.new_context(
            base_url=self._stage.house.base_url,
            viewport={"width": width, "height": 844},
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if person is not None:
            token = await self._stage.session(person)
            await context.add_cookies([{"name": "mull", "value": token, "url": self._stage.house.base_url}])
        return await self.tab(context)

    async def tab(self, context: BrowserContext) -> Page:
        """Open one more tab of a window."""
        page = await context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    async def close(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            await context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        # That a page answered 422 to a slip is no fault; the browser reports it as one.
        if message.type in ("error", "warning") and "the server responded with a status of 4" not in message.text:
            self.complaints.append(message.text)


@asynccontextmanager
async def watched_windows(browser: Browser, stage: Stage) -> AsyncIterator[Windows]:
    """Open windows that complain when a page does: a blocked script, an error, a failed request."""
    opened = Windows(browser, stage)
    try:
        yield opened
    finally:
        await opened.close()
    assert opened.complaints == []
