"""The browser page holds what every adapter holds, without JavaScript: a person reads pages and presses buttons."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

import httpx
import pytest

from bot.adapters.base import Attempt, Sent
from bot.adapters.browser.adapter import BrowserAdapter
from bot.core.effects import EffectId, SendMessage
from bot.core.people import Place
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.database import Database
from bot.storage.sessions import start_session
from bot.web.app import create_app
from bot.web.house import House
from tests.adapters.conformance import BEN, FLOW, Conformance, set_the_stage
from tests.stage import NOW, Hands

ADDRESS = "http://mull.test"
SILENT = {"script", "style", "title"}


@dataclass
class Form:
    """A form as a browser would send it: where to, hidden and typed fields, and each button by its words."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


class Page(HTMLParser):
    """The words and forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self._tags: list[str] = []
        self._link = ""
        self._button: tuple[str, str] | None = None
        self._button_words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._tags.append(tag)
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag in ("input", "textarea") and self.forms and given.get("type") not in ("radio", "checkbox"):
            self.forms[-1].fields[given.get("name", "")] = given.get("value", "")
        elif tag == "a":
            self._link = given.get("href", "")
        elif tag == "button":
            self._button, self._button_words = (given.get("name", ""), given.get("value", "")), []

    def handle_endtag(self, tag: str) -> None:
        while self._tags and self._tags.pop() != tag:
            pass
        if tag == "button" and self._button and self.forms:
            self.forms[-1].buttons[" ".join("".join(self._button_words).split())] = self._button
            self._button = None

    def handle_data(self, data: str) -> None:
        if SILENT.isdisjoint(self._tags[-1:]) and self._tags[-1:] != ["textarea"]:
            self.words.append(data)
        if self._button:
            self._button_words.append(data)
        if self._tags[-1:] == ["a"]:
            self.links[data] = self._link


class BrowserDriver:
    """Ben at his page."""

    def __init__(self, database: Database) -> None:
        self.database, self.hands = database, Hands()
        self._last: tuple[str, dict[str, str]] = ("", {})
        self._beside: Page | None = None
        self._start()

    def _start(self) -> None:
        browser = BrowserAdapter()
        self.inbox = Inbox(self.database, FlowShelf(), now=self.hands)
        self.outbox = Outbox(self.database, {"browser": browser}, self.hands, owner="test")
        house = House(
            database=self.database,
            accept=self.inbox.accept,
            shelf=FlowShelf(),
            watch=browser.watch,
            now=self.hands,
            secret=b"a secret for tests only, 32 bytes",
            base_url=ADDRESS,
        )
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(create_app(house)), base_url=ADDRESS)

    async def sign_in(self) -> None:
        now = self.hands()
        token = await self.database.write(lambda c: start_session(c, BEN, now, now + timedelta(hours=12)))
        self.client.cookies.set("mull", token, domain="mull.test")

    async def begin(self) -> None:
        form = next(form for form in (await self._page()).forms if form.action == "/me/start")
        await self._post(form, {"flow": FLOW.flow, "mode": "dialogue"})

    async def say(self, text: str) -> None:
        await self._post(self._say_form(await self._page()), {"text": text})

    async def choose(self, label: str) -> None:
        page = await self._page()
        form = self._say_form(page)
        if label in form.buttons:
            name, value = form.buttons[label]
            await self._post(form, {name: value})
        else:
            self._beside = Page((await self.client.get(page.links[label])).text)

    async def repeat(self) -> None:
        action, fields = self._last
        await self.client.post(action, data=fields, follow_redirects=True)

    async def restart(self) -> None:
        await self.client.aclose()
        self._start()
        await self.sign_in()

    async def seen(self) -> str:
        await self._deliver()
        words = [*(await self._page()).words, *(self._beside.words if self._beside else [])]
        return " ".join("".join(words).split())

    async def close(self) -> None:
        await self.client.aclose()

    def _say_form(self, page: Page) -> Form:
        return next(form for form in page.forms if form.action == "/me/say")

    async def _page(self) -> Page:
        answer = await self.client.get("/me?earlier=1")
        assert answer.status_code == httpx.codes.OK
        return Page(answer.text)

    async def _post(self, form: Form, changes: dict[str, str]) -> None:
        self._last = (form.action, form.fields | changes)
        await self.client.post(form.action, data=form.fields | changes, follow_redirects=True)
        await self._deliver()

    async def _deliver(self) -> None:
        while await self.outbox.deliver_due():
            pass


@pytest.fixture
async def driver(database: Database) -> AsyncIterator[BrowserDriver]:
    await set_the_stage(database)
    driver = BrowserDriver(database)
    await driver.sign_in()
    yield driver
    await driver.close()


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
