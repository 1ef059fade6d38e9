"""A real house on a real database, with Ada who facilitates, Ben who learns, and Cy who belongs elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI

from bot.core.events import Event, EventId, Outcome
from bot.core.people import GroupId, PersonId, Place, Role
from bot.flows.library import flows
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members, change_group
from bot.storage.people import add_people
from bot.storage.schema import migrate
from bot.storage.sessions import start_session
from bot.web.app import create_app
from bot.web.cards import card_code
from bot.web.house import House
from tests.stage import ADA, CY, NOW, Hands, a_group

SECRET = b"a secret for tests only, 32 bytes"
BEN, DEE = PersonId("ben"), PersonId("dee")
CLASS, ELSEWHERE = GroupId("class-6b"), GroupId("class-7a")
CLASS_CODE, ELSEWHERE_CODE = "maple-4127", "pine-2203"
ADULT = "Ms Kim, the school nurse, room 12"


class Bell:
    """Wakes open pages whenever something was committed."""

    def __init__(self) -> None:
        self._woken: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Wake all."""
        for woken in self._woken:
            woken.set()

    async def watch(self, place: Place) -> AsyncIterator[None]:
        """Yield after every ring."""
        woken = asyncio.Event()
        self._woken.add(woken)
        try:
            while True:
                await woken.wait()
                woken.clear()
                yield
        finally:
            self._woken.discard(woken)


@dataclass
class Stage:
    """A running house and the strings to pull."""

    house: House
    app: FastAPI
    inbox: Inbox
    database: Database
    hands: Hands
    count: int = 0
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def happen(self, event: Event) -> Outcome:
        """Let an event happen."""
        return await self.inbox.accept(event)

    def name(self) -> EventId:
        """Make up the id of an event."""
        self.count += 1
        return EventId(f"test/stage/{self.count}")

    def client(self) -> httpx.AsyncClient:
        """Open a browser that nobody is signed in with."""
        client = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=self.house.base_url)
        self.clients.append(client)
        return client

    async def signed_in(self, person: PersonId) -> httpx.AsyncClient:
        """Open a browser with somebody signed in."""
        client = self.client()
        host = urlsplit(self.house.base_url).hostname or ""
        client.cookies.set("mull", await self.session(person), domain=host)
        return client

    async def session(self, person: PersonId) -> str:
        """Start a session; answer the value of its cookie."""
        now = self.hands.at

        def work(connection: Connection) -> str:
            return start_session(connection, person, now, now + timedelta(hours=12))

        return await self.database.write(work)

    def card(self, person: PersonId, number: int = 1) -> str:
        """Read what stands on somebody's card."""
        return card_code(self.house.secret, person, number)


@asynccontextmanager
async def open_stage(folder: Path, base_url: str = "http://mull.test") -> AsyncIterator[Stage]:
    """Build a house with its people; tear it down afterwards."""
    database = open_database(f"sqlite:///{folder / 'mull.db'}")
    await migrate(database)
    hands, bell, shelf = Hands(step=timedelta(milliseconds=1)), Bell(), FlowShelf()
    inbox = Inbox(database, shelf, bell.ring, hands)
    house = House(
        database=database,
        accept=inbox.accept,
        shelf=shelf,
        watch=bell.watch,
        now=hands,
        secret=SECRET,
        base_url=base_url,
    )
    stage = Stage(house, create_app(house), inbox, database, hands)
    await _fill(stage)
    try:
        yield stage
    finally:
        for client in stage.clients:
            await client.aclose()
        await inbox.close()
        await database.close()


async def _fill(stage: Stage) -> None:
    def work(connection: Connection) -> None:
        for document in flows().values():
            publish_flow(connection, document.flow, document.version, document.to_json(), NOW)
        people = [(ADA, "Ms Ada"), (DEE, "Mr Dee"), (BEN, "Ben Okafor"), (CY, "Cy")]
        add_people(connection, people, NOW)
        for leader, learner, group, name, code in (
            (ADA, BEN, CLASS, "6b", CLASS_CODE),
            (DEE, CY, ELSEWHERE, "7a", ELSEWHERE_CODE),
        ):
            add_group(connection, a_group(group, leader, name=name, code=code))
            add_members(connection, group, [leader], Role.FACILITATOR, NOW)
            add_members(connection, group, [learner], Role.LEARNER, NOW)
        change_group(connection, CLASS, {"task": "our playground map", "reply_day": "Monday", "adult": ADULT})

    await stage.database.write(work)


async def enrol(
    stage: Stage, people: Mapping[PersonId, str], group: GroupId = CLASS, role: Role = Role.LEARNER
) -> None:
    """Write down people who are new, and put them into a group."""

    def work(connection: Connection) -> None:
        add_people(connection, list(people.items()), NOW)
        add_members(connection, group, list(people), role, NOW)

    await stage.database.write(work)


# Reading pages without a browser.

Fields = dict[str, list[str]]


@dataclass
class FormSeen:
    """A form as it stands on a page: where it goes, what it holds, which buttons it has (name, value)."""

    action: str
    fields: Fields = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[FormSeen] = []
        self._open: FormSeen | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = FormSeen(given.get("action", ""))
            self.forms.append(self._open)
        elif self._open is not None:
            self._control(self._open, tag, given)

    def _control(self, form: FormSeen, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "button":
            form.buttons.append((name, given.get("value", "")))
        elif tag == "textarea":
            form.fields.setdefault(name, []).append("")
            self._area = name
        elif tag == "input" and (kind not in ("radio", "checkbox") or "checked" in given):
            form.fields.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._area is not None:
            self._open.fields[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._open is not None and self._area is not None:
            written = self._open.fields[self._area]
            written[-1] = written[-1].removeprefix("\n")  # as browsers do
            self._area = None
        elif tag == "form":
            self._open = None


def forms_on(page: httpx.Response) -> list[FormSeen]:
    """Read the forms of a page."""
    reader = _Forms()
    reader.feed(page.text)
    return reader.forms


def form_on(page: httpx.Response, action: str) -> FormSeen:
    """Find the form of a page that goes somewhere."""
    found = [form for form in forms_on(page) if form.action == action]
    assert found, f"no form to {action} on {page.request.url}; there are {[form.action for form in forms_on(page)]}"
    return found[0]


async def submit(
    client: httpx.AsyncClient, page: httpx.Response, action: str, **changes: str | Sequence[str]
) -> httpx.Response:
    """Send a form of a page as a browser without JavaScript would; follow where it leads."""
    form = form_on(page, action)
    return await send_fields(client, action or str(page.request.url), form.fields, changes)


async def send_fields(
    client: httpx.AsyncClient, url: str, fields: Fields, changes: Mapping[str, str | Sequence[str]]
) -> httpx.Response:
    """Post fields, some of them changed."""
    given = {**fields, **{name: [v] if isinstance(v, str) else list(v) for name, v in changes.items()}}
    return await client.post(url, data=given, follow_redirects=True)
