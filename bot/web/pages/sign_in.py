"""Signing in without a card: by saying yes in a chat, by a one-time link; and the way out."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.events import PersonRenamed
from bot.core.people import Action, PersonId
from bot.storage.connection import Connection
from bot.storage.people import load_actor
from bot.storage.sessions import find_link, use_link
from bot.storage.sign_in_requests import (
    SignInRequest,
    drop_request,
    find_own_request,
    request_sign_in,
    use_approval,
)
from bot.web.auth import (
    InHouse,
    Posted,
    Visitor,
    browser_of,
    drop_cookie,
    event_id,
    find_visitor,
    session_cookie,
    set_cookie,
    sign_in,
    sign_out,
    stay,
)
from bot.web.cards import sign_in_code
from bot.web.house import House
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.throttle import Throttle
from bot.web.wording import NAME, field, too_long

router = APIRouter()

WAITS = timedelta(minutes=10)
CHATS = {"slack": "Slack", "discord": "Discord"}


@router.get("/sign-in")
async def wait(request: Request, house: InHouse) -> Response:
    """Show the code of this browser, and let it in once somebody has said yes to it."""
    who = await find_visitor(request)
    if who is not None:
        return RedirectResponse(who.home, 303)
    token, now = request.cookies.get(waiting_cookie(house), ""), house.now()
    waiting = await house.database.read(lambda connection: find_own_request(connection, token, now))
    person = await house.database.write(lambda connection: _let_in(connection, token, house)) if waiting else None
    if person is None:
        return _outside(request, house, waiting)
    await sign_in(request, person)
    who = await find_visitor(request)
    response = RedirectResponse(who.home if who else "/", 303)
    stay(request, response)
    drop_cookie(house, response, waiting_cookie(house))
    return response


@router.post("/sign-in")
async def ask(request: Request, house: InHouse, form: Posted) -> Response:
    """Let this browser wait under a new code; what it waited with before is over."""
    throttle: Throttle = request.app.state.throttle
    address = f"waiting|{request.client.host if request.client else ''}"
    if minutes := throttle.minutes_to_wait(address):
        return _outside(request, house, None, minutes)
    throttle.count_failure(address)
    now, before = house.now(), request.cookies.get(waiting_cookie(house), "")

    def work(connection: Connection) -> str:
        drop_request(connection, before)
        return request_sign_in(connection, sign_in_code, browser_of(request), now, now + WAITS)

    token = await house.database.write(work)
    response = RedirectResponse("/sign-in", 303)
    set_cookie(house, response, waiting_cookie(house), token, int(WAITS.total_seconds()))
    return response


@router.get("/sign-in/{token}")
async def show_link(request: Request, house: InHouse, token: str) -> Response:
    """Ask before a link is used up: programs that look at links in mail must not use them."""
    return _ask(request, await _invited(house, token))


@router.post("/sign-in/{token}")
async def use(request: Request, house: InHouse, form: Posted, token: str) -> Response:
    """Sign in, once; whoever has no name yet says it."""
    who, name, now = await _invited(house, token), field(form, "name"), house.now()
    slip = too_long("A name", name, NAME) or ("Please write what learners call you." if not name else "")
    if who is not None and not who.name:
        if slip:
            return _ask(request, who, slip)
        await send(house, PersonRenamed(id=event_id(form), at=now, who=who.person, name=name))
    if who is None or await house.database.write(lambda connection: use_link(connection, token, now)) is None:
        return _ask(request, None)
    await sign_in(request, who.person)
    response = RedirectResponse(who.home, 303)
    stay(request, response)
    return response


@router.post("/sign-out")
async def leave(request: Request, form: Posted) -> Response:
    """End the session."""
    response = RedirectResponse("/", 303)
    await sign_out(request, response)
    return response


def waiting_cookie(house: House) -> str:
    """Name the cookie of a browser that waits to be let in: nobody is let in by a code without it."""
    return session_cookie(house) + "-waiting"


def _let_in(connection: Connection, token: str, house: House) -> PersonId | None:
    """Use an approval up; one of somebody who leads nothing any more lets nobody in."""
    person = use_approval(connection, token, house.now())
    return person if person and load_actor(connection, person).groups(Action.ADMINISTER) else None


def _outside(request: Request, house: House, waiting: SignInRequest | None, minutes: int = 0) -> Response:
    chats = [name for platform, name in CHATS.items() if platform in house.connected]
    status = 429 if minutes else 200
    return render(request, "waiting.html", status=status, waiting=waiting, chats=chats, minutes=minutes)


async def _invited(house: House, token: str) -> Visitor | None:
    """Find whom a link is for, without using it up."""
    now = house.now()

    def work(connection: Connection) -> Visitor | None:
        found = find_link(connection, token, now)
        return Visitor(*found, load_actor(connection, found[0])) if found else None

    return await house.database.read(work)


def _ask(request: Request, invited: Visitor | None, slip: str = "") -> Response:
    status = 410 if invited is None else 422 if slip else 200
    return render(request, "sign_in.html", invited=invited, slip=slip, status=status)
