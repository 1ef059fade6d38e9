"""A browser for all tests, a served house and watched windows for each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.serving import Windows, open_browser, served_stage, watched_windows
from tests.web.house import Stage


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium once."""
    async with open_browser() as started:
        yield started


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Serve a house for one test."""
    async with served_stage(tmp_path) as served:
        yield served


@pytest.fixture
async def windows(browser: Browser, stage: Stage) -> AsyncIterator[Windows]:
    """Open windows that complain when a page does: a blocked script, an error, a failed request."""
    async with watched_windows(browser, stage) as opened:
        yield opened
