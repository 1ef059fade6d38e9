"""Every page and form of facilitators, asked by everybody: who may not see a thing finds nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from bot.core.events import EventId, OccurrenceRequested, Outcome, ProgramSet
from bot.core.people import GroupId, PersonId, Role
from bot.core.programs import ProgramId
from bot.core.schedules import Weekly, rule_to_json
from bot.runner.conductor import occurrence_id
from bot.storage.groups import add_members
from bot.web.auth import facilitator, form_token
from bot.web.pages import ROUTERS
from tests.stage import ADA, CY, NOW, OLA
from tests.web.house import BEN, CLASS, CLASS_CODE, DEE, ELSEWHERE, Stage, enrol


@dataclass(frozen=True)
class Case:
    """One route: its answer (a status) to Ada and to an observer; anybody else gets 404."""

    ada: int
    observer: int
    form: dict[str, str] = field(default_factory=dict)
    is_everybodys: bool = False


A_ROUND, A_WEEK = EventId("test/a round"), EventId("test/a week")
FORM = {"name": "Ben", "task": "", "reply_day": "", "adult": "", "zone": "UTC"}
ROUTES = {
    "GET /groups": Case(200, 200, is_everybodys=True),
    "POST /groups": Case(303, 303, {"name": "Chess", "setting": "club", "zone": "UTC"}, is_everybodys=True),
    "POST /groups/{group}/flags": Case(303, 404, {"flag": "none"}),
    "GET /groups/{group}": Case(200, 404),
    "POST /groups/{group}/ask": Case(303, 404, {"flow": "weekly-check-in"}),
    "POST /groups/{group}/preview": Case(303, 404, {"flow": "weekly-check-in"}),
    "GET /groups/{group}/preview/{what}": Case(200, 404),
    "POST /groups/{group}/preview/{what}": Case(303, 404),
    "GET /groups/{group}/programs": Case(200, 404),
    "POST /groups/{group}/programs": Case(303, 404, {"kind": "habit_of_week"}),
    "POST /groups/{group}/apart": Case(303, 404, {"first": BEN, "second": "noa"}),
    "GET /groups/{group}/schedule": Case(200, 404),
    "POST /groups/{group}/schedule": Case(303, 404, {"what": "weekly-check-in", "day": "0", "at": "09:00"}),
    "POST /groups/{group}/schedule/end": Case(303, 404, {"program": "test-program"}),
    "POST /groups/{group}/schedule/budget": Case(303, 404, {"budget": "4"}),
    "GET /groups/{group}/calendar": Case(200, 404),
    "POST /groups/{group}/calendar": Case(303, 404, {"lines": "2026-04-03 Good Friday"}),
    "POST /groups/{group}/calendar/above": Case(303, 404),
    "GET /groups/{group}/rounds/{occurrence}": Case(200, 404),
    "POST /groups/{group}/rounds/{occurrence}": Case(303, 404, {"step": "close"}),
    "GET /groups/{group}/weeks/{occurrence}": Case(200, 404),
    "POST /groups/{group}/weeks/{occurrence}": Case(303, 404, {"step": "skip"}),
    "GET /groups/{group}/people/{person}": Case(200, 404),
    "GET /groups/{group}/people/{person}/print": Case(200, 404),
    "GET /groups/{group}/export": Case(200, 404),
    "POST /groups/{group}/export": Case(200, 404, {"kind": "csv", "days": "", "flow": ""}),
    "GET /groups/{group}/roster": Case(200, 200),
    "POST /groups/{group}/roster": Case(303, 303, {"names": "Mia"}),
    "POST /groups/{group}/helpers": Case(200, 200, {"name": "Mr Sol", "role": "observer"}),
    "POST /groups/{group}/people/{person}/card": Case(303, 404),
    "GET /groups/{group}/people/{person}/remove": Case(200, 200),
    "POST /groups/{group}/people/{person}/remove": Case(303, 303),
    "GET /groups/{group}/cards": Case(200, 404),
    "GET /groups/{group}/settings": Case(200, 200),
    "POST /groups/{group}/settings": Case(303, 303, FORM),
}


def routes_of_facilitators() -> set[str]:
    """List the routes that let facilitators in only, or live below /groups, as `METHOD /path`."""
    routes = (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute))
    return {
        f"{method} {route.path}"
        for route in routes
        if route.path.startswith("/groups") or facilitator in calls_of(route.dependant)
        for method in route.methods or ()
    }


def calls_of(dependant: Dependant) -> set[Callable[..., object] | None]:
    """List whatever runs before a route, at any depth."""
    return {dependant.call}.union(*(calls_of(part) for part in dependant.dependencies))


def address_of(route: str, group: GroupId = CLASS) -> str:
    """Fill in the places of a route."""
    begun = A_ROUND if "/rounds/" in route else A_WEEK
    return route.partition(" ")[2].format(
        group=group, person=BEN, occurrence=occurrence_id(begun), what="weekly-check-in"
    )


async def ask(stage: Stage, client: httpx.AsyncClient, route: str, group: GroupId = CLASS) -> httpx.Response:
    """Ask one route, with a form that is in order."""
    address = address_of(route, group)
    if route.startswith("GET"):
        return await client.get(address)
    return await client.post(
        address, data={**ROUTES[route].form, "csrf": form_token(stage.house, client.cookies["mull"])}
    )


@pytest.fixture
async def observed(stage: Stage) -> Stage:
    """Let Ola observe Ada's class: she looks after its roster and settings, and reads no answers."""
    await enrol(stage, {OLA: "Ola"}, role=Role.OBSERVER)
    await enrol(stage, {PersonId("noa"): "Noa"})
    for name, kind in ((A_ROUND, "peer_exchange"), (A_WEEK, "habit_of_week")):
        wish = OccurrenceRequested(id=name, at=stage.hands(), who=ADA, group=CLASS, kind=kind, choices={})
        assert await stage.happen(wish) is Outcome.ACCEPTED
    assert await stage.happen(a_program(stage)) is Outcome.ACCEPTED
    return stage


def a_program(stage: Stage) -> ProgramSet:
    """Let a habit week come every Monday."""
    rule = Weekly(weekdays=(0,), at=time(9), since=stage.hands().date())
    return ProgramSet(
        id=EventId("test/a program"),
        at=stage.hands(),
        who=ADA,
        group=CLASS,
        program=ProgramId("test-program"),
        kind="habit_of_week",
        choices={},
        rule=rule_to_json(rule),
    )


def test_every_route_of_facilitators_is_in_the_list() -> None:
    assert routes_of_facilitators() == set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("who", [CY, BEN], ids=["cy", "ben"])
async def test_learners_find_nothing(observed: Stage, route: str, who: PersonId) -> None:
    answer = await ask(observed, await observed.signed_in(who), route)
    assert answer.status_code == 404
    assert CLASS_CODE not in answer.text


@pytest.mark.parametrize("route", ROUTES)
async def test_a_facilitator_of_another_class_finds_nothing(observed: Stage, route: str) -> None:
    answer = await ask(observed, await observed.signed_in(DEE), route)
    assert answer.status_code == (ROUTES[route].ada if ROUTES[route].is_everybodys else 404)
    assert CLASS_CODE not in answer.text
    assert "Okafor" not in answer.text


@pytest.mark.parametrize("route", ROUTES)
async def test_an_observer_looks_after_the_group_and_reads_nothing(observed: Stage, route: str) -> None:
    answer = await ask(observed, await observed.signed_in(OLA), route)
    assert answer.status_code == ROUTES[route].observer


async def test_a_card_that_would_open_a_group_one_only_observes_is_not_shown(stage: Stage) -> None:
    await stage.database.write(lambda connection: add_members(connection, ELSEWHERE, [ADA], Role.OBSERVER, NOW))
    await stage.database.write(lambda connection: add_members(connection, CLASS, [DEE], Role.LEARNER, NOW))
    page = await (await stage.signed_in(ADA)).get(f"/groups/{CLASS}/cards")
    assert "Ben Okafor" in page.text
    assert "Mr Dee" not in page.text


@pytest.mark.parametrize("address", ["/groups", f"/groups/{CLASS}/roster?added=1", f"/groups/{CLASS}/settings"])
async def test_an_observer_finds_no_way_to_a_card(observed: Stage, address: str) -> None:
    page = await (await observed.signed_in(OLA)).get(address)
    assert page.status_code == 200
    assert "/cards" not in page.text


@pytest.mark.parametrize("route", ROUTES)
async def test_the_facilitator_may(observed: Stage, route: str) -> None:
    answer = await ask(observed, await observed.signed_in(ADA), route)
    assert answer.status_code == ROUTES[route].ada


@pytest.mark.parametrize("route", ROUTES)
async def test_a_stranger_is_sent_to_the_front_page(stage: Stage, route: str) -> None:
    client = stage.client()
    await client.get("/")
    client.cookies["mull"] = "made up"
    answer = await ask(stage, client, route)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("route", [route for route in ROUTES if route.startswith("POST")])
async def test_a_form_from_anywhere_else_changes_nothing(stage: Stage, route: str) -> None:
    ada = await stage.signed_in(ADA)
    assert (await ada.post(address_of(route), data=ROUTES[route].form)).status_code == 403


@pytest.mark.parametrize("route", [route for route in ROUTES if "{group}" in route])
@pytest.mark.parametrize("group", ["no-such-group", "%00", "'"])
async def test_a_group_that_does_not_exist_is_not_found(stage: Stage, route: str, group: str) -> None:
    answer = await ask(stage, await stage.signed_in(ADA), route, GroupId(group))
    assert answer.status_code == 404
