"""Who reads what, how to stop, and the way to an adult."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.errors import NotYours
from bot.core.events import AdultAsked
from bot.core.people import Action, GroupId, Role
from bot.storage.connection import Connection
from bot.storage.groups import crisis_lines_of, load_groups, load_members
from bot.web.auth import InHouse, Posted, SignedIn, Visitor, event_id, text_of
from bot.web.rendering import render
from bot.web.sending import send

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A group as one of its members needs to know it: who reads, whom to turn to, which lines to call."""

    id: GroupId
    name: str
    facilitators: tuple[str, ...]
    adult: str
    crisis_lines: str


@router.get("/help")
async def show(request: Request, house: InHouse, who: SignedIn) -> Response:
    """Explain, in plain words."""
    circles = await house.database.read(lambda connection: _circles(connection, who))
    return render(request, "help.html", circles=circles, crisis_lines=_all_lines(circles))


@router.get("/adult")
async def ask(request: Request, house: InHouse, who: SignedIn, asked: str = "") -> Response:
    """Name the adults there are, and offer to tell one."""
    circles = await house.database.read(lambda connection: _circles(connection, who))
    told = next((circle for circle in circles if circle.id == asked), None)
    return render(request, "adult.html", circles=circles, told=told, crisis_lines=_all_lines(circles))


@router.post("/adult")
async def tell(house: InHouse, who: SignedIn, form: Posted) -> Response:
    """Tell the facilitators of a group that somebody wants to talk."""
    group = GroupId(text_of(form, "group"))
    if group not in who.actor.groups(Action.ANSWER):
        raise NotYours
    await send(house, AdultAsked(id=event_id(form), at=house.now(), who=who.person, group=group))
    return RedirectResponse(f"/adult?asked={group}", 303)


def _all_lines(circles: Sequence[Circle]) -> list[str]:
    return list(dict.fromkeys(circle.crisis_lines for circle in circles if circle.crisis_lines))


def _circles(connection: Connection, who: Visitor) -> list[Circle]:
    ids = who.actor.groups(Action.ANSWER)
    lines = crisis_lines_of(connection, ids)
    return [
        Circle(
            id=GroupId(row.id),
            name=row.name,
            facilitators=tuple(
                member.name
                for member in load_members(connection, GroupId(row.id))
                if member.role == Role.FACILITATOR and member.id != who.person and member.name
            ),
            adult=row.adult,
            crisis_lines=lines[GroupId(row.id)],
        )
        for row in load_groups(connection, ids)
    ]
