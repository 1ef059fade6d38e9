"""Where somebody is signed in, and how to be so no more."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.storage.connection import Connection
from bot.storage.groups import load_groups
from bot.storage.sessions import SessionSeen, end_own_sessions, list_sessions
from bot.web.auth import InHouse, Posted, SignedIn, Visitor, own_session, sign_out, text_of
from bot.web.house import House
from bot.web.rendering import render

router = APIRouter()

OTHERS = "others"


@router.get("/me/sessions")
async def show(request: Request, who: SignedIn, house: InHouse) -> Response:
    """List where the visitor is signed in, this browser first."""
    seen, zone, own = await _sessions(house, who), await _zone(house, who), own_session(request)
    here_first = sorted(seen, key=lambda one: one.name != own)
    return render(request, "sessions.html", sessions=here_first, own=own, zone=zone)


@router.post("/me/sessions")
async def end(request: Request, who: SignedIn, house: InHouse, form: Posted) -> Response:
    """Sign out in one place, or everywhere but here; what is not the visitor's own is left alone."""
    wanted, own = text_of(form, "end"), own_session(request)
    if wanted == own:
        response = RedirectResponse("/", 303)
        await sign_out(request, response)
        return response
    seen = await _sessions(house, who)
    names = {one.name for one in seen} - {own} if wanted == OTHERS else {wanted}
    await house.database.write(lambda connection: end_own_sessions(connection, who.person, names))
    return RedirectResponse("/me/sessions", 303)


async def _sessions(house: House, who: Visitor) -> list[SessionSeen]:
    now = house.now()
    return await house.database.read(lambda connection: list_sessions(connection, who.person, now, now - who.idle))


async def _zone(house: House, who: Visitor) -> str:
    """Name the zone to tell times in: that of the visitor's first group."""
    groups = {membership.group for membership in who.actor.memberships}

    def work(connection: Connection) -> list[Any]:
        return list(load_groups(connection, groups))

    found = await house.database.read(work)
    return str(found[0].zone) if found else "UTC"
