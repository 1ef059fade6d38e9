"""The sheet of cards that a class is given: cut once, kept in a pencil case."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.core.errors import NotYours
from bot.core.people import Action, PersonId, Role
from bot.storage.answers import groups_led
from bot.storage.connection import Connection
from bot.storage.groups import load_members
from bot.web.auth import Facilitating, InHouse, Visitor
from bot.web.cards import card_code
from bot.web.group_access import GroupHere, Read
from bot.web.house import House
from bot.web.rendering import render
from bot.web.wording import tidy

router = APIRouter()


@router.get("/groups/{group}/cards")
async def show(request: Request, here: Read, who: Facilitating, house: InHouse) -> Response:
    """Show the cards of all learners, or of the one whom the address names."""
    person = tidy(request.query_params.get("person", ""))
    cards = await house.database.read(lambda connection: _load(connection, house, here, who))
    shown = [(name, code) for one, name, code in cards if person in ("", one)]
    if person and not shown:
        raise NotYours
    renew = f"/groups/{here.id}/people/{person}/card"
    address = house.base_url.partition("://")[2].rstrip("/")
    return render(request, "cards.html", here=here, cards=shown, address=address, is_one=bool(person), renew=renew)


def _load(connection: Connection, house: House, here: GroupHere, who: Visitor) -> list[tuple[PersonId, str, str]]:
    """Make a card for each learner, save for those who lead groups that the visitor cannot read: it would open them."""
    learners = [m for m in load_members(connection, here.id) if m.role == Role.LEARNER]
    mine = set(who.actor.groups(Action.READ_ANSWERS))
    led = groups_led(connection, [PersonId(m.id) for m in learners])
    return [
        (PersonId(m.id), m.name, card_code(house.secret, PersonId(m.id), m.card))
        for m in learners
        if led.get(PersonId(m.id), set()) <= mine
    ]
