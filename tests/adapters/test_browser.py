"""The browser page holds what every adapter holds, without JavaScript: a person reads pages and presses buttons."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.adapters.base import Attempt, Sent
from bot.adapters.browser.adapter import BrowserAdapter
from bot.core.effects import EffectId, SendMessage
from bot.core.people import Place
from bot.storage.database import Database
from tests.adapters.browser_driver import BrowserDriver, at_his_page
from tests.adapters.conformance import BEN, Conformance
from tests.stage import NOW


@pytest.fixture
async def driver(database: Database) -> AsyncIterator[BrowserDriver]:
    async with at_his_page(database) as driver:
        yield driver


class TestBrowser(Conformance):
    """Everything in `conformance.py`."""


async def test_a_page_is_woken_by_a_delivery_to_its_place_only() -> None:
    browser = BrowserAdapter()
    here, elsewhere = browser.watch(Place(f"browser:{BEN}")), browser.watch(Place("browser:somebody-else"))
    woken, asleep = asyncio.ensure_future(anext(here)), asyncio.ensure_future(anext(elsewhere))
    await asyncio.wait({woken, asleep}, timeout=0)
    told = SendMessage(id=EffectId("e/0"), person=BEN, place=Place(f"browser:{BEN}"), text="Hi.")
    assert await browser.deliver(told, Attempt(1, NOW)) == Sent("e/0")
    await woken
    assert not asleep.done()
    await browser.stop()
    await asleep
    await here.aclose()
    await elsewhere.aclose()
