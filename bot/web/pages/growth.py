"""How one learner went on: points of scales, the levels they saw themselves at, what they set out to do."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.core.errors import NotYours
from bot.core.people import PersonId
from bot.storage.answers import name_in_group
from bot.storage.connection import Connection
from bot.storage.overview import load_said_by
from bot.web.auth import Facilitating, InHouse
from bot.web.group_access import Read
from bot.web.growth_view import Growth, growth_of, keys_shown
from bot.web.questions import load_sheets
from bot.web.rendering import render
from bot.web.views_kept import keep_view
from bot.web.wording import tidy

router = APIRouter()


@router.get("/groups/{group}/people/{person}/growth")
async def show(request: Request, here: Read, person: str, who: Facilitating, house: InHouse) -> Response:
    """Show how one learner went on in this group."""
    whose = PersonId(tidy(person))

    def work(connection: Connection) -> tuple[str | None, Growth]:
        sheets = load_sheets(connection)
        said = load_said_by(connection, here.id, whose, keys_shown(sheets))
        return name_in_group(connection, here.id, whose), growth_of(said, sheets, here.zone)

    name, growth = await house.database.read(work)
    if name is None:
        raise NotYours
    if not growth.is_empty:
        await keep_view(house, who, here.id, [whose])
    return render(request, "growth.html", here=here, person=whose, name=name, growth=growth)
