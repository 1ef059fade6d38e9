"""The facilitator's first page: who wants to talk, my groups, a new group."""

import secrets
from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.events import FlagResolved, GroupCreated
from bot.core.people import Action, GroupId, authorize
from bot.core.review import FlagsTaken
from bot.storage.connection import Connection
from bot.storage.flags import open_flags
from bot.storage.groups import find_group_by_code
from bot.web.auth import Facilitating, InHouse, Posted, Visitor, event_id
from bot.web.cards import class_code
from bot.web.group_access import GroupHere, Read, groups_of
from bot.web.house import House
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.wording import NAME, field, is_zone, too_long, zones

router = APIRouter()

SETTINGS = {"class": "A class", "club": "A club", "staff": "Staff"}


@router.get("/groups")
async def show(request: Request, who: Facilitating, house: InHouse) -> Response:
    """Show whoever wants to talk, the visitor's groups, and the form for a new one."""
    return await _page(request, who, house)


@router.post("/groups")
async def create(request: Request, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Open a group, or say what the form still needs."""
    typed = {name: field(form, name) for name in ("name", "setting", "zone", "parent")}
    slips = slips_in(typed, who)
    if slips:
        return await _page(request, who, house, typed=typed, slips=slips)
    event = GroupCreated(
        id=event_id(form),
        at=house.now(),
        who=who.person,
        group=GroupId(secrets.token_hex(8)),
        name=typed["name"],
        code=await house.database.read(free_code),
        setting=typed["setting"],
        zone=typed["zone"],
        parent=GroupId(typed["parent"]) if typed["parent"] else None,
    )
    await send(house, event)
    known = await house.database.read(lambda connection: find_group_by_code(connection, event.code))
    # A form sent twice made its group the first time, under another code.
    return RedirectResponse(f"/groups/{event.group}/roster" if known else "/groups", 303)


@router.post("/groups/{group}/flags/taken")
async def go(here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Go to those of a group who want to talk: they are told so, and nobody is called any more."""
    await send(house, FlagsTaken(id=event_id(form), at=house.now(), who=who.person, group=here.id))
    return RedirectResponse("/groups", 303)


@router.post("/groups/{group}/flags")
async def resolve(here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Note that somebody talked to the person; a flag that a colleague has resolved meanwhile is as good."""
    flag = field(form, "flag")
    await house.accept(FlagResolved(id=event_id(form), at=house.now(), who=who.person, group=here.id, flag=flag))
    return RedirectResponse("/groups", 303)


async def _page(
    request: Request,
    who: Visitor,
    house: House,
    typed: Mapping[str, str] | None = None,
    slips: Mapping[str, str] | None = None,
) -> Response:
    groups = await groups_of(house, who)
    readable = who.actor.groups(Action.READ_ANSWERS)
    return render(
        request,
        "groups.html",
        status=422 if slips else 200,
        groups=groups,
        by_id={group.id: group for group in groups},
        flags=await house.database.read(lambda connection: open_flags(connection, readable)),
        settings=SETTINGS,
        zones=zones(),
        typed=typed or {"name": "", "setting": "class", "zone": usual_zone(groups), "parent": ""},
        slips=slips or {},
    )


def slips_in(typed: Mapping[str, str], who: Visitor) -> dict[str, str]:
    """Say what a form for a group still needs, by field."""
    parent = typed["parent"]
    found = {
        "name": too_long("A name", typed["name"], NAME) if typed["name"] else "What is the group called?",
        "setting": "" if typed["setting"] in SETTINGS else "Which of these fits?",
        "zone": "" if is_zone(typed["zone"]) else "I don't know this time zone. Start typing a city, like London.",
        "parent": "" if not parent or authorize(who.actor, Action.ADMINISTER, [GroupId(parent)]) else "Which one?",
    }
    return {name: slip for name, slip in found.items() if slip}


def usual_zone(groups: list[GroupHere]) -> str:
    """Guess the zone of a new group from those there are."""
    return groups[0].zone if groups else "UTC"


def free_code(connection: Connection) -> str:
    """Make a class code that no other group has."""
    code = class_code()
    while find_group_by_code(connection, code):
        code = class_code()
    return code
