"""The front page: a class code, a card, and in."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.people import PersonId, Role
from bot.storage.connection import Connection
from bot.storage.groups import find_group_by_code, load_members
from bot.web.auth import InHouse, Posted, find_visitor, sign_in, stay, text_of
from bot.web.cards import is_card, read_class_code
from bot.web.house import House
from bot.web.kept import unseal
from bot.web.rendering import render
from bot.web.throttle import Throttle

router = APIRouter()


@router.get("/")
async def front(request: Request) -> Response:
    """Ask for the codes, or go where somebody who is signed in begins."""
    who = await find_visitor(request)
    if who is not None:
        return RedirectResponse(who.home, 303)
    return _ask(request, code=request.query_params.get("class", ""))


@router.post("/")
async def join(request: Request, house: InHouse, form: Posted) -> Response:
    """Sign a learner in by card, unless too many cards were guessed."""
    typed, card = text_of(form, "class")[:100], text_of(form, "card")[:100]
    sealed = text_of(form, "kept")
    throttle: Throttle = request.app.state.throttle
    keys = (f"address|{request.client.host if request.client else ''}", f"class|{read_class_code(typed)}")
    async with throttle.turn:
        if minutes := throttle.minutes_to_wait(*keys):
            return _ask(request, code=typed, kept=sealed, minutes=minutes, status=429)
        person = await house.database.read(lambda connection: _find(connection, house, read_class_code(typed), card))
        if person is None:
            throttle.count_failure(*keys)
            return _ask(request, code=typed, kept=sealed, is_wrong=True, status=422)
    await sign_in(request, person)
    kept = unseal(house.secret, person, sealed, house.now())
    await find_visitor(request)
    response = render(request, "kept.html", kept=kept) if kept else RedirectResponse("/me#now", 303)
    stay(request, response)
    return response


def _find(connection: Connection, house: House, code: str, card: str) -> PersonId | None:
    group = find_group_by_code(connection, code)
    members = load_members(connection, group.id) if group else []
    learners = [PersonId(member.id) for member in members if _has_card(member, house, card)]
    return learners[0] if learners else None


def _has_card(member: Any, house: House, card: str) -> bool:
    return is_card(house.secret, PersonId(member.id), member.card, card) and member.role == Role.LEARNER


def _ask(
    request: Request, *, code: str, kept: str = "", minutes: int = 0, is_wrong: bool = False, status: int = 200
) -> Response:
    return render(request, "join.html", status=status, code=code, kept=kept, minutes=minutes, is_wrong=is_wrong)
