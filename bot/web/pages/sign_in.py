"""One-time links that sign somebody in, and the way out."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.events import PersonRenamed
from bot.storage.connection import Connection
from bot.storage.people import load_actor
from bot.storage.sessions import find_link, use_link
from bot.web.auth import HOURS, OWN_DEVICE, InHouse, Posted, Visitor, event_id, sign_in, sign_out, stay, text_of
from bot.web.house import House
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.wording import NAME, field, too_long

router = APIRouter()


@router.get("/sign-in/{token}")
async def show_link(request: Request, house: InHouse, token: str) -> Response:
    """Ask before a link is used up: programs that look at links in mail must not use them."""
    return _ask(request, await _invited(house, token))


@router.post("/sign-in/{token}")
async def use(request: Request, house: InHouse, form: Posted, token: str) -> Response:
    """Sign in, once; whoever has no name yet says it, and only who facilitates may stay for a month."""
    who, name, now = await _invited(house, token), field(form, "name"), house.now()
    slip = too_long("A name", name, NAME) or ("Please write what learners call you." if not name else "")
    if who is not None and not who.name:
        if slip:
            return _ask(request, who, slip)
        await send(house, PersonRenamed(id=event_id(form), at=now, who=who.person, name=name))
    if who is None or await house.database.write(lambda connection: use_link(connection, token, now)) is None:
        return _ask(request, None)
    lasting = OWN_DEVICE if text_of(form, "own_device") and who.is_facilitator else HOURS
    await sign_in(request, who.person, lasting)
    response = RedirectResponse(who.home, 303)
    stay(request, response, lasting)
    return response


@router.post("/sign-out")
async def leave(request: Request, form: Posted) -> Response:
    """End the session."""
    response = RedirectResponse("/", 303)
    await sign_out(request, response)
    return response


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
