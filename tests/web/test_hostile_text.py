"""Whatever people write is shown as text: on every page, to everybody, and wherever it was typed.

A page that is missing from `SHOWS` fails the first test. To add one, name some fields of the hostile school whose words
stand on it; none where it shows no words of people.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote, urlencode

import httpx
import pytest

from bot.core.events import Event, Outcome
from bot.core.people import PersonId
from bot.runner.inbox import NotSaved
from bot.web import pages
from bot.web.app import create_app
from bot.web.exporting import write_csv
from bot.web.guard import POLICY
from bot.web.making_files import Files
from tests.hostile import HOSTILE, NOT_KEPT, squeezed
from tests.programs.group import CLASS, CLEO
from tests.stage import ADA, OLA
from tests.web.hostile import BREAKER, PARTS, PIA, HostileSchool, PageRead, fields_on, hostile_school
from tests.web.house import BEN, Fields, FormSeen, Stage, forms_on, open_stage, send_fields, submit
from tests.web.test_export import SHEET, a_row, chunks_of
from tests.web.test_rights import address_of, all_routes

READERS: Mapping[str, PersonId | None] = {
    "nobody": None,
    "a learner": BEN,
    "another learner": CLEO,
    "the facilitator": ADA,
    "an observer": OLA,
    "the principal": PIA,
}
THREAD = "ask comment leader reply"
OWN = f"{THREAD} answer own peersharework title task"

SHOWS = {
    "GET /": "",
    "GET /healthz": "",
    "GET /sign-in": "",
    "GET /sign-in/{token}": "",
    "GET /me": "ask day group habitplanact leader learner task title",
    "GET /me/live": "",
    "GET /me/form/{run}": "ask label learner option title",
    "GET /me/answers": f"{OWN} learner",
    "GET /me/answers/{run}/{key}": "answer ask before leader learner",
    "GET /me/threads/{thread}": THREAD,
    "GET /me/rounds": "group learner mate other peerreviewsuggest peersharework",
    "GET /me/readers": "leader learner",
    "GET /me/sessions": "learner",
    "GET /me/times": "learner",
    "GET /help": "crisis group leader learner",
    "GET /adult": "adult crisis group leader",
    "GET /groups": "above group leader learner task principal",
    "GET /begin": "leader",
    "GET /review": f"{OWN} group learner mate other",
    "GET /groups/{group}": f"{OWN} group learner mate mates",
    "GET /groups/{group}/overview": "group leader learner mate other",
    "GET /groups/{group}/pull/{name}": "group learner mate other",
    "GET /groups/{group}/export": "group title",
    "GET /groups/{group}/export/{file}": "group",
    "GET /groups/{group}/export/{file}/download": "",
    "GET /groups/{group}/people/{person}/print": f"{OWN} group learner",
    "GET /groups/{group}/preview/{what}": "ask group leader option title",
    "GET /groups/{group}/programs": "group learner mate other",
    "GET /groups/{group}/schedule": "group title",
    "GET /groups/{group}/calendar": "above group holiday",
    "GET /groups/{group}/rounds/{occurrence}": "group learner mate other peersharework peershareask peerreviewsuggest",
    "GET /groups/{group}/weeks/{occurrence}": "group learner mate other habitplanact habitplanactcue",
    "GET /groups/{group}/people/{person}": f"{OWN} before group learner",
    "GET /groups/{group}/people/{person}/growth": "group habitplanact learner peerlookbackchange",
    "GET /groups/{group}/roster": "above group learner mate observer other principal",
    "GET /groups/{group}/people/{person}/remove": "group learner",
    "GET /groups/{group}/cards": "group learner mate other",
    "GET /groups/{group}/settings": "adult crisis day group task",
    "GET /groups/{group}/history": "group leader learner",
}
"""Fields of the hostile school that are seen on each page by somebody."""

Button: TypeAlias = tuple[str, str]
LIVE = "GET /me/live"
"""A stream of numbers, which does not end."""

NOWHERE: set[str] = set()
"""Fields that no page shows in whole."""

SAVED_LATER = 503
HERE = f"Typed here {BREAKER}"
LONG = f"{HERE} " * 40
"""More than any field takes: it is given back with a sentence that says so."""

NAMED = re.compile(r'\bname="([\w:]+)"')
ASKED = re.compile(r'\.get\("(\w+)"')
FREE = {
    name[1]
    for tag in re.findall(r"<(?:textarea|input)\b[^>]*>", PARTS)
    if (name := NAMED.search(tag)) and not re.search('type="(?:hidden|radio|checkbox|time)"', tag)
} | {"task", "reply_day", "adult"}
"""Fields that hold words; those of questions begin with `q:` and `own:`."""


@pytest.fixture(scope="module")
async def school(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HostileSchool]:
    """Open the school once: nothing here but sending its forms changes it, and that comes last."""
    async with open_stage(tmp_path_factory.mktemp("hostile")) as stage:
        yield await hostile_school(stage)


async def as_(school: HostileSchool, reader: str, stage: Stage | None = None) -> httpx.AsyncClient:
    """Open a browser of one of the readers."""
    person, stage = READERS[reader], stage or school.stage
    return stage.client() if person is None else await stage.signed_in(person)


def check(page: httpx.Response, school: HostileSchool) -> PageRead:
    """Check one answer of Mull's."""
    assert page.status_code < 500 or page.status_code == SAVED_LATER, page.request.url
    assert page.headers["content-security-policy"] == POLICY
    assert page.headers["x-content-type-options"] == "nosniff"
    is_page = page.headers.get("content-type", "").startswith("text/html")
    read = PageRead(page.text if is_page else "")
    assert fields_on(school, read)[1] == [], page.request.url
    return read


@pytest.fixture(scope="module")
async def addresses(school: HostileSchool) -> list[tuple[str, str]]:
    """List the addresses of every page, while everything still stands."""
    return await addresses_of(school)


async def addresses_of(school: HostileSchool) -> list[tuple[str, str]]:
    """List every page and an address of it, with the objects of the school."""
    ada = await as_(school, "the facilitator")
    pulled = re.search(r"/pull/(\w+)", (await ada.get(f"/groups/{CLASS}/overview")).text)
    assert pulled
    objects, in_files = school.objects, replace(school.objects, file=_file(school))
    others = {
        "GET /me/form/{run}": replace(objects, run=school.open_run),
        "GET /groups/{group}/pull/{name}": replace(objects, name=pulled[1]),
        "GET /groups/{group}/export/{file}": in_files,
        "GET /groups/{group}/export/{file}/download": in_files,
    }
    found = [(route, address_of(route, others.get(route, objects))) for route in SHOWS if route != LIVE]
    return [*found, ("GET /review", "/review?show=all&flow=hostile"), ("GET /me", "/me?earlier=1")]


def _file(school: HostileSchool) -> str:
    files, at = school.stage.app.state.files, school.stage.hands()
    assert isinstance(files, Files)
    write = partial(write_csv, sheet=SHEET)
    rows = chunks_of(a_row())
    return files.begin(write, rows, person=ADA, group=CLASS, kind="csv", name="answers.csv", total=1, now=at).id


def test_every_page_has_a_line_that_says_what_it_shows() -> None:
    assert {route for route in all_routes() if route.startswith("GET")} == set(SHOWS)


async def test_every_page_shows_the_words_of_people_as_text(
    school: HostileSchool, addresses: list[tuple[str, str]]
) -> None:
    shown: dict[str, set[str]] = {route: set() for route in SHOWS}
    for reader in READERS:
        client = await as_(school, reader)
        for route, address in addresses:
            shown[route] |= fields_on(school, check(await client.get(address), school))[0]
    missing = {route: set(fields.split()) - shown[route] for route, fields in SHOWS.items()}
    assert {route: fields for route, fields in missing.items() if fields} == {}
    assert set(school.said) - set().union(*shown.values()) == NOWHERE


async def test_each_of_all_the_payloads_is_shown_as_it_was_written(school: HostileSchool) -> None:
    ada, ben = await as_(school, "the facilitator"), await as_(school, "a learner")
    for client, address in (
        (ada, f"/groups/{CLASS}/people/{BEN}/print"),
        (ada, f"/groups/{CLASS}/people/{BEN}?flow=weekly-check-in"),
        (ada, f"/groups/{CLASS}?flow=weekly-check-in"),
        (ada, "/review?show=all&flow=weekly-check-in"),
        (ben, "/me?earlier=1"),
    ):
        shown = squeezed(check(await client.get(address), school).texts[0])
        missing = [name for name, payload in HOSTILE.items() if squeezed(payload) not in shown]
        assert (address, missing) == (address, [])


# What is typed.

SOURCES = Path(pages.__file__).parents[1].rglob("*.py")
QUERY = sorted({*NAMED.findall(PARTS), *(name for path in SOURCES for name in ASKED.findall(path.read_text()))})
"""Every name that a page looks for in its address, and those of all fields."""


async def test_no_page_makes_anything_of_its_address(school: HostileSchool, addresses: list[tuple[str, str]]) -> None:
    typed = urlencode(dict.fromkeys(QUERY, f"{HERE} {NOT_KEPT}"))
    without_ids = urlencode(dict.fromkeys(set(QUERY) - {"person", "flow", "run", "group", "before"}, BREAKER))
    for reader in ("nobody", "a learner", "the facilitator"):
        client = await as_(school, reader)
        for _, address in addresses:
            for query in (typed, without_ids):
                check(await client.get(f"{address}?{query}"), school)


async def test_what_a_path_names_is_not_said_back(school: HostileSchool) -> None:
    named = replace(school.objects, **dict.fromkeys(asdict(school.objects), quote(HERE, safe="")))
    for reader in READERS:
        client = await as_(school, reader)
        for route in SHOWS:
            if "{" in route:
                read = check(await client.get(address_of(route, named)), school)
                assert squeezed(HERE) not in squeezed(read.all_text)


async def test_a_browser_may_call_itself_anything(school: HostileSchool) -> None:
    client = school.stage.client()
    client.headers["user-agent"] = f"Firefox {BREAKER}"
    client.headers["accept-language"] = client.headers["referer"] = BREAKER
    page = await client.get("/sign-in")
    waiting = check(await submit(client, page, "/sign-in"), school)
    assert "x-owned" not in waiting.all_text
    code = (await school.stage.client().get(f"/?class={quote(BREAKER)}")).text
    assert squeezed(BREAKER) in squeezed(PageRead(code).all_text)


@pytest.mark.parametrize("is_kept", [False, True], ids=["that nothing comes of", "that is taken"])
async def test_every_form_gives_back_what_was_typed_as_text(
    school: HostileSchool, addresses: list[tuple[str, str]], is_kept: bool
) -> None:
    house = school.stage.house if is_kept else replace(school.stage.house, accept=_refuse)
    stage, given_back = replace(school.stage, house=house, app=create_app(house)), set()
    for reader in ("nobody", "a learner", "another learner", "the facilitator"):
        client = await as_(school, reader, stage)
        found = [one for _, address in addresses for one in _forms(address, await client.get(address))]
        for action, form, button in sorted(dict(found).values(), key=lambda one: ("remove" in one[0], one[0])):
            for fields in _filled(form, *button):
                read = check(await send_fields(client, action, fields, {}), school)
                given_back |= {action} if squeezed(HERE) in squeezed(read.all_text) else set()
    assert len(given_back) > (5 if is_kept else 15), given_back


def _forms(address: str, page: httpx.Response) -> Iterator[tuple[tuple[str, ...], tuple[str, FormSeen, Button]]]:
    """List the forms of a page that change something, once with each kind of button."""
    for form in forms_on(page):
        action = form.action or address
        for button in form.buttons or [("", "")]:
            if "csrf" in form.fields and action != "/sign-out":
                yield (action, *form.fields, button[0]), (action, form, button)


def _filled(form: FormSeen, name: str, value: str) -> Iterator[Fields]:
    """Fill in a form: first all that is for words, then everything."""
    words = {field for field in form.fields if field in FREE or field.startswith(("q:", "own:"))}
    pressed = {name: [value]} if name else {}
    for typed in (words, form.fields.keys() - {"csrf", "nonce"}):
        yield {**form.fields, **{field: [LONG] for field in typed}, **pressed}


async def _refuse(event: Event) -> Outcome:
    raise NotSaved
