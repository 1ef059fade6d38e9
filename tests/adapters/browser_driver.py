"""Ben at his browser page, without JavaScript: he reads pages and presses buttons."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

import httpx

from bot.adapters.browser.adapter import BrowserAdapter
from bot.flows.document import Document
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.database import Database
from bot.storage.sessions import start_session
from bot.web.app import create_app
from bot.web.house import House
from tests.adapters.conformance import BEN, FLOW, set_the_stage
from tests.stage import Hands

ADDRESS = "http://mull.test"
SILENT = {"script", "style", "title"}


@dataclass
class Form:
    """A form as a browser would send it: where to, hidden and typed fields, and each button and tick by its words."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    ticks: dict[str, str] = field(default_factory=dict)


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
        self._tick, self._tick_words = "", ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._tags.append(tag)
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag in ("input", "textarea") and self.forms and given.get("type") not in ("radio", "checkbox"):
            self.forms[-1].fields[given.get("name", "")] = given.get("value", "")
        elif tag == "input" and self.forms and given.get("name") == "tick":
            self._tick, self._tick_words = given.get("value", ""), ""
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

        elif tag == "label" and self._tick and self.forms:
            self.forms[-1].ticks[self._tick_words.strip()], self._tick = self._tick, ""

    def handle_data(self, data: str) -> None:
        if SILENT.isdisjoint(self._tags[-1:]) and self._tags[-1:] != ["textarea"]:
            self.words.append(data)
        if self._button:
            self._button_words.append(data)
        if self._tick:
            self._tick_words += data
        if self._tags[-1:] == ["a"]:
            self.links[data] = self._link


class BrowserDriver:
    """Ben at his page."""

    def __init__(self, database: Database, flow: str) -> None:
        self.database, self.hands, self._flow = database, Hands(), flow
        self._last: tuple[str, dict[str, str | list[str]]] = ("", {})
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
        await self._post(form, {"flow": self._flow, "mode": "dialogue"})

    async def say(self, text: str) -> None:
        typed = text.replace("\n", "\r\n")  # as browsers send it
        await self._post(self._say_form(await self._page()), {"text": typed})

    async def choose(self, *labels: str) -> None:
        page = await self._page()
        form, (label, *more) = self._say_form(page), labels
        if label in form.ticks:
            await self._post(form, {"tick": [form.ticks[one] for one in labels]})
        elif more:
            raise LookupError(f"{labels} are nothing to tick")
        elif label in form.buttons:
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

    async def _post(self, form: Form, changes: Mapping[str, str | list[str]]) -> None:
        self._last = (form.action, {**form.fields, **changes})
        await self.client.post(form.action, data=self._last[1], follow_redirects=True)
        await self._deliver()

    async def _deliver(self) -> None:
        while await self.outbox.deliver_due():
            pass


@asynccontextmanager
async def at_his_page(database: Database, document: Document = FLOW) -> AsyncIterator[BrowserDriver]:
    """Put Ben before a flow, signed in."""
    await set_the_stage(database, document)
    driver = BrowserDriver(database, document.flow)
    await driver.sign_in()
    try:
        yield driver
    finally:
        await driver.close()
