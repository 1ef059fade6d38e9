"""One learner's answers in the groups that the visitor reads, newest first, with what they said before each edit."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.core.errors import NotYours
from bot.core.people import Action, PersonId
from bot.runner.flow_menu import FlowChoice, load_menu
from bot.storage.answers import RunsPage, Sought, flows_answered, name_in_group
from bot.storage.connection import Connection
from bot.web.auth import Facilitating, InHouse, Visitor
from bot.web.group_access import GroupHere, Read, groups_of
from bot.web.house import House
from bot.web.pages.group import address_of, link_to_older, read_mark, read_ordered
from bot.web.rendering import render
from bot.web.thread_view import Threads, threads_of
from bot.web.views_kept import keep_views
from bot.web.wording import tidy

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Timeline:
    """Whose answers these are, the flows there are answers to, a page of them, and what was written about it."""

    name: str
    answered: list[str]
    flows: dict[str, FlowChoice]
    page: RunsPage
    threads: Threads


@router.get("/groups/{group}/people/{person}")
async def show(request: Request, here: Read, person: str, who: Facilitating, house: InHouse) -> Response:
    """Show one learner's answers, of one flow where the address names it."""
    asked = {name: tidy(value) for name, value in request.query_params.items()}
    sought = Sought(
        groups=who.actor.groups(Action.READ_ANSWERS),
        person=PersonId(tidy(person)),
        flow=asked.get("flow") or None,
        before=read_mark(asked.get("before", "")),
    )
    timeline = await house.database.read(lambda connection: _load(connection, house, here, sought))
    if timeline is None:
        raise NotYours
    await keep_views(house, who, timeline.page.runs)
    return render(
        request,
        "timeline.html",
        here=here,
        person=sought.person,
        timeline=timeline,
        groups={group.id: group for group in await _readable(house, who)},
        flow=sought.flow or "",
        again=address_of(request, {"flow": sought.flow or ""}, sought.before),
        older=link_to_older(timeline.page, {"flow": sought.flow or ""}),
        is_first=sought.before is None,
    )


async def _readable(house: House, who: Visitor) -> list[GroupHere]:
    return [group for group in await groups_of(house, who) if group.may_read]


def _load(connection: Connection, house: House, here: GroupHere, sought: Sought) -> Timeline | None:
    person = sought.person
    name = name_in_group(connection, here.id, person) if person else None
    if person is None or name is None:
        return None
    page = read_ordered(connection, house, sought, with_earlier=True)
    return Timeline(
        name=name,
        answered=flows_answered(connection, person, sought.groups),
        flows=load_menu(connection),
        page=page,
        threads=threads_of(connection, page.runs),
    )
