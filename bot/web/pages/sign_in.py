"""One-time links that sign somebody in, and the way out."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.storage.sessions import find_link, use_link
from bot.web.auth import HOURS, OWN_DEVICE, InHouse, Posted, sign_in, sign_out, text_of
from bot.web.rendering import render

router = APIRouter()


@router.get("/sign-in/{token}")
async def show_link(request: Request, house: InHouse, token: str) -> Response:
    """Ask before a link is used up: programs that look at links in mail must not use them."""
    now = house.now()
    name = await house.database.read(lambda connection: find_link(connection, token, now))
    return render(request, "sign_in.html", name=name, status=200 if name else 410)


@router.post("/sign-in/{token}")
async def use(request: Request, house: InHouse, form: Posted, token: str) -> Response:
    """Sign in, once."""
    now = house.now()
    person = await house.database.write(lambda connection: use_link(connection, token, now))
    if person is None:
        return render(request, "sign_in.html", name=None, status=410)
    response = RedirectResponse("/", 303)
    await sign_in(request, response, person, OWN_DEVICE if text_of(form, "own_device") else HOURS)
    return response


@router.post("/sign-out")
async def leave(request: Request, form: Posted) -> Response:
    """End the session."""
    response = RedirectResponse("/", 303)
    await sign_out(request, response)
    return response
