"""Who has read somebody's answers, and what that list holds."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.storage.audit import Reader, readers_of
from bot.storage.connection import Connection
from bot.web.auth import InHouse, SignedIn
from bot.web.conversation_view import load_group_choices
from bot.web.rendering import render

router = APIRouter()


@router.get("/me/readers")
async def show(request: Request, house: InHouse, who: SignedIn) -> Response:
    """Name who has read the visitor's answers, how often, when last, and whether they took them along."""

    def work(connection: Connection) -> tuple[list[Reader], str]:
        groups = load_group_choices(connection, who)
        return readers_of(connection, who.person), groups[0].zone if groups else "UTC"

    readers, zone = await house.database.read(work)
    return render(request, "readers.html", readers=readers, zone=zone)
