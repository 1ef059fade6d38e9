"""Who may do what: every route of the pages, every role, own objects and those of others.

A route that is missing from `MATRIX` fails the first test.
"""

from dataclasses import asdict, dataclass, replace
from datetime import time

import httpx
import pytest
from fastapi.routing import APIRoute

from bot.core.events import AdultAsked, EventId, MemberRemoved, OccurrenceRequested, Outcome, ProgramSet
from bot.core.people import GroupId, Identity, PersonId, Role
from bot.core.platform_news import PersonGone
from bot.core.programs import ProgramId
from bot.core.review import AnswerCommented
from bot.core.schedules import Weekly, rule_to_json
from bot.runner.conductor import occurrence_id
from bot.runner.review import thread_named
from bot.storage.connection import Connection
from bot.storage.groups import add_group, add_members
from bot.storage.people import add_people
from bot.storage.tables import groups, identities, metadata
from bot.web.auth import form_token
from bot.web.pages import ROUTERS
from tests.stage import ADA, CY, NOW, OLA, a_group
from tests.web.answering import answer
from tests.web.house import BEN, CLASS, CLASS_CODE, DEE, ELSEWHERE, Stage, enrol
from tests.web.matrix import FORMER, GONE, INSIDERS, MATE, MATRIX, PIA, PIM, ROLES

SCHOOL = GroupId("school")
UNSETTLED = {"sessions", "audit", "inbox", "sign_in_requests"}
"""Tables that say who came, not what there is."""


@dataclass(frozen=True)
class Objects:
    """What routes name: each of them is of one group."""

    group: str
    person: str
    mate: str
    run: str
    thread: str
    round: str
    week: str
    flag: str
    program: str
    key: str = "part"
    what: str = "weekly-check-in"
    token: str = "nothing"
    name: str = "nothing"
    file: str = "nothing"


NOTHING = Objects(*["nothing"] * 9)
MIXED = {"run", "thread", "round", "week", "person", "mate", "program"}


@dataclass(frozen=True)
class School:
    """A house with two groups that have the same, and somebody of every role."""

    stage: Stage
    ours: Objects
    theirs: Objects

    async def ask(self, role: str, route: str, objects: Objects) -> httpx.Response:
        """Ask one route in a fresh browser, with a form that is in order."""
        person = ROLES[role]
        client = self.stage.client() if person is None else await self.stage.signed_in(person)
        if person is None:
            client.cookies.set("mull", "made-up", domain="mull.test")
        if route.startswith("GET"):
            return await client.get(address_of(route, objects))
        binder = client.cookies.get("mull", domain="mull.test") or ""
        given = {name: value.format(**asdict(objects)) for name, value in MATRIX[route].form.items()}
        return await client.post(
            address_of(route, objects), data={**given, "csrf": form_token(self.stage.house, binder)}
        )

    async def wrong(self, role: str, routes: list[str], objects: Objects) -> dict[str, tuple[int, int]]:
        """List the routes that answer a role otherwise than they should: what they say, what they should."""
        found = {}
        for route in routes:
            said = await self.ask(role, route, objects)
            wanted = MATRIX[route].answers[role]
            if said.status_code != wanted or (wanted == 404 and has_a_trace(said, role)):
                found[route] = (said.status_code, wanted)
        return found

    async def dump(self) -> dict[str, list[str]]:
        """Write out all that there is."""

        def work(connection: Connection) -> dict[str, list[str]]:
            tables = [table for table in metadata.sorted_tables if table.name not in UNSETTLED]
            return {table.name: sorted(map(repr, connection.execute(table.select()))) for table in tables}

        return await self.stage.database.read(work)


def has_a_trace(said: httpx.Response, role: str) -> bool:
    """Say whether a page that is not there tells anything of what is; a learner's own name stands on every page."""
    own = ("Okafor",) if role != "the learner" else ()
    return any(word in said.text for word in (CLASS_CODE, "The scale of the map", *own))


def address_of(route: str, objects: Objects) -> str:
    """Fill in the places of a route."""
    occurrence = objects.week if "/weeks/" in route else objects.round
    return route.partition(" ")[2].format(**asdict(objects), occurrence=occurrence)


def all_routes() -> set[str]:
    """List every route of the pages, as `METHOD /path`."""
    routes = (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute))
    return {f"{method} {route.path}" for route in routes for method in route.methods or ()}


def routes_for(role: str, *, is_refused: bool) -> list[str]:
    """List the routes that refuse a role or not; what is only read comes first, what takes people away last."""
    asked = [route for route, case in MATRIX.items() if role in case.answers]
    refused = {route for route in asked if MATRIX[route].answers[role] == 404 or _is_led_away(route, role)}
    chosen = [route for route in asked if (route in refused) == is_refused]
    return sorted(chosen, key=lambda route: (route.startswith("POST"), "remove" in route))


def _is_led_away(route: str, role: str) -> bool:
    return role == "nobody" and MATRIX[route].is_for_people


def names(route: str) -> set[str]:
    """List what a route and its form name."""
    text = route + " ".join(MATRIX[route].form.values())
    found = {name for name in Objects.__dataclass_fields__ if f"{{{name}}}" in text}
    return found | ({"week" if "/weeks/" in route else "round"} if "{occurrence}" in text else set())


async def _live(stage: Stage, group: GroupId, leader: PersonId, learner: PersonId, mate: PersonId) -> Objects:
    """Let a group have one of everything."""
    run, flag = await answer(stage, learner, group), stage.name()
    said = AnswerCommented(id=stage.name(), at=stage.hands(), who=leader, run=run, key="part", text="Which scale?")
    begun = [
        OccurrenceRequested(id=stage.name(), at=stage.hands(), who=leader, group=group, kind=kind, choices={})
        for kind in ("peer_exchange", "habit_of_week")
    ]
    planned = ProgramSet(
        id=stage.name(),
        at=stage.hands(),
        who=leader,
        group=group,
        program=ProgramId(f"program-{group}"),
        kind="habit_of_week",
        choices={},
        rule=rule_to_json(Weekly(weekdays=(0,), at=time(9), since=stage.hands().date())),
    )
    asked = AdultAsked(id=flag, at=stage.hands(), who=learner, group=group)
    for event in (said, *begun, planned, asked):
        assert await stage.happen(event) is Outcome.ACCEPTED, event
    return Objects(
        group=group,
        person=learner,
        mate=mate,
        run=run,
        thread=thread_named(said),
        round=occurrence_id(begun[0].id),
        week=occurrence_id(begun[1].id),
        flag=flag,
        program=planned.program,
    )


def _put_below_a_school(connection: Connection) -> None:
    """Let the class be part of a grade, which is part of a school that Pia leads."""
    add_people(connection, [(PIA, "Pia")], NOW)
    add_group(connection, a_group(SCHOOL, PIA))
    add_group(connection, a_group(GroupId("grade"), PIA, SCHOOL))
    add_members(connection, SCHOOL, [PIA], Role.FACILITATOR, NOW)
    connection.execute(groups.update().where(groups.c.id == CLASS).values(parent_id="grade"))


@pytest.fixture
async def school(stage: Stage) -> School:
    """Fill both groups; let one facilitator of the first be removed, and the account of another be closed."""
    await enrol(stage, {MATE: "Noa"})
    await enrol(stage, {PIM: "Pim"}, ELSEWHERE)
    await enrol(stage, {OLA: "Ola"}, role=Role.OBSERVER)
    await enrol(stage, {FORMER: "Fay", GONE: "Gus"}, role=Role.FACILITATOR)
    await stage.database.write(_put_below_a_school)
    gus = Identity("slack", "T1", "U-gus")
    await stage.database.write(
        lambda connection: connection.execute(identities.insert().values(**gus._asdict(), person_id=GONE))
    )
    ends = (
        MemberRemoved(id=EventId("test/removed"), at=stage.hands(), who=ADA, group=CLASS, person=FORMER),
        PersonGone(id=EventId("test/gone"), at=stage.hands(), who=gus),
    )
    for event in ends:
        assert await stage.happen(event) is Outcome.ACCEPTED
    ours = await _live(stage, CLASS, ADA, BEN, MATE)
    return School(stage, ours, await _live(stage, ELSEWHERE, DEE, CY, PIM))


def test_every_route_is_in_the_matrix() -> None:
    assert all_routes() == set(MATRIX)


@pytest.mark.parametrize("role", ROLES)
async def test_whoever_may_not_finds_nothing_and_changes_nothing(school: School, role: str) -> None:
    before = await school.dump()
    assert await school.wrong(role, routes_for(role, is_refused=True), school.ours) == {}
    assert await school.dump() == before


@pytest.mark.parametrize("role", ROLES)
async def test_whoever_may_does(school: School, role: str) -> None:
    assert await school.wrong(role, routes_for(role, is_refused=False), school.ours) == {}


@pytest.mark.parametrize("whose", ["theirs", "nothing", "mixed"])
@pytest.mark.parametrize("role", ["the learner", *INSIDERS])
async def test_ids_of_others_and_made_up_ones_are_not_found(school: School, role: str, whose: str) -> None:
    own = {"group": school.ours.group}
    objects = {"theirs": school.theirs, "nothing": NOTHING, "mixed": replace(school.theirs, **own)}[whose]
    foreign = MIXED if whose == "mixed" else {"group", *MIXED}
    named = [route for route, case in MATRIX.items() if names(route) & foreign and not case.is_forgiving]
    before = await school.dump()
    found = {route: (await school.ask(role, route, objects)).status_code for route in named}
    assert {route: status for route, status in found.items() if status != 404} == {}
    assert await school.dump() == before


async def test_a_form_from_anywhere_else_changes_nothing(school: School) -> None:
    before, found = await school.dump(), {}
    for route in (route for route in MATRIX if route.startswith("POST")):
        given = {name: value.format(**asdict(school.ours)) for name, value in MATRIX[route].form.items()}
        client = await school.stage.signed_in(ADA)
        found[route] = (await client.post(address_of(route, school.ours), data=given)).status_code
    assert {route: status for route, status in found.items() if status not in (403, 404)} == {}
    assert await school.dump() == before


# Cards, which would open what their holder wrote.


async def test_a_card_that_would_open_a_group_one_only_observes_is_not_shown(stage: Stage) -> None:
    await stage.database.write(lambda connection: add_members(connection, ELSEWHERE, [ADA], Role.OBSERVER, NOW))
    await stage.database.write(lambda connection: add_members(connection, CLASS, [DEE], Role.LEARNER, NOW))
    page = await (await stage.signed_in(ADA)).get(f"/groups/{CLASS}/cards")
    assert "Ben Okafor" in page.text
    assert "Mr Dee" not in page.text


@pytest.mark.parametrize("address", ["/groups", f"/groups/{CLASS}/roster?added=1", f"/groups/{CLASS}/settings"])
async def test_an_observer_finds_no_way_to_a_card(school: School, address: str) -> None:
    page = await (await school.stage.signed_in(OLA)).get(address)
    assert page.status_code == 200
    assert "/cards" not in page.text
