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
from playwright.async_api import Browser, async_playwright

from tests.web.house import Stage, open_stage

CHROMIUM = "/usr/bin/chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@asynccontextmanager
async def served_stage(folder: Path) -> AsyncIterator[Stage]:
    """Serve a house on a free port of this machine."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with open_stage(folder, address) as stage:
        config = uvicorn.Config(stage.app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server._serve([listening]))
        try:
            yield stage
        finally:
            server.should_exit = True
            server.force_exit = True
            await serving
            listening.close()


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start the system's Chromium; where there is none, a test is skipped, except in CI."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or CHROMIUM
    if not Path(path).exists() and not os.environ.get("CI"):
        pytest.skip(f"no Chromium at {path}; set CHROMIUM to where it is")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=SWITCHES)
        try:
            yield browser
        finally:
            await browser.close()
