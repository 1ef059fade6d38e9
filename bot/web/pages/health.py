"""Whether the house stands, for whoever watches over it."""

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from bot.core.people import GroupId
from bot.storage.groups import load_groups
from bot.web.auth import InHouse

router = APIRouter()


@router.get("/healthz")
async def look(house: InHouse) -> Response:
    """Say `ok` where the database answers; an outage is a 503 like on any page."""
    await house.database.read(lambda connection: load_groups(connection, [GroupId("")]))
    return PlainTextResponse("ok\n")
