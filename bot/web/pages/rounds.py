"""A learner's feedback rounds: their own work in each, the comments they got, those they gave."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.errors import NotYours
from bot.core.events import OccurrenceSteered
from bot.web.auth import InHouse, Posted, SignedIn, event_id
from bot.web.own_rounds import load_own_rounds
from bot.web.rendering import render
from bot.web.sending import send

router = APIRouter()


@router.get("/me/rounds")
async def show(request: Request, house: InHouse, who: SignedIn) -> Response:
    """Show the rounds one is or was in."""
    rounds = await house.database.read(lambda connection: load_own_rounds(connection, who))
    return render(request, "my_rounds.html", rounds=rounds)


@router.post("/me/rounds/{occurrence}")
async def withdraw(house: InHouse, who: SignedIn, form: Posted, occurrence: str) -> Response:
    """Take one's own work back; a second press finds it done."""
    rounds = await house.database.read(lambda connection: load_own_rounds(connection, who))
    mine = next((one for one in rounds if one.id == occurrence), None)
    if mine is None or not (mine.may_withdraw or mine.is_withdrawn):
        raise NotYours
    if mine.may_withdraw:
        now = house.now()
        event = OccurrenceSteered(id=event_id(form), at=now, who=who.person, occurrence=mine.id, step="withdraw")
        await send(house, event)
    return RedirectResponse(f"/me/rounds#round-{mine.id}", 303)
