"""What a group is called, works on now, and when its facilitator writes back."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.events import GroupChanged
from bot.web.auth import Facilitating, InHouse, Posted, event_id
from bot.web.group_access import Administered, GroupHere
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.wording import NAME, field, is_zone, too_long, zones

router = APIRouter()

TASK, REPLY_DAY, ADULT = 60, 40, 80
"""Characters each may have: they stand inside questions, which stay short."""


@router.get("/groups/{group}/settings")
async def show(request: Request, here: Administered) -> Response:
    """Show what may be changed."""
    typed = {"name": here.name, "task": here.task, "reply_day": here.reply_day, "adult": here.adult, "zone": here.zone}
    return _page(request, here, typed, {}, is_saved="saved" in request.query_params)


@router.post("/groups/{group}/settings")
async def change(request: Request, here: Administered, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Change the group, or say what does not fit."""
    typed = {name: field(form, name) for name in ("name", "task", "reply_day", "adult", "zone")}
    slips = _slips(typed)
    if slips:
        return _page(request, here, typed, slips)
    await send(house, GroupChanged(id=event_id(form), at=house.now(), who=who.person, group=here.id, changes=typed))
    return RedirectResponse(f"/groups/{here.id}/settings?saved", 303)


def _page(
    request: Request, here: GroupHere, typed: Mapping[str, str], slips: Mapping[str, str], *, is_saved: bool = False
) -> Response:
    return render(
        request,
        "group_settings.html",
        status=422 if slips else 200,
        here=here,
        typed=typed,
        slips=slips,
        is_saved=is_saved,
        zones=zones(),
    )


def _slips(typed: Mapping[str, str]) -> dict[str, str]:
    found = {
        "name": too_long("A name", typed["name"], NAME) if typed["name"] else "What is the group called?",
        "task": too_long("This", typed["task"], TASK),
        "reply_day": too_long("A day", typed["reply_day"], REPLY_DAY),
        "adult": too_long("This", typed["adult"], ADULT),
        "zone": "" if is_zone(typed["zone"]) else "I don't know this time zone. Start typing a city, like London.",
    }
    return {name: slip for name, slip in found.items() if slip}
