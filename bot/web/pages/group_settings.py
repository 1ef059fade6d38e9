"""What a group is called, works on now, and when its facilitator writes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from bot.core.events import GroupChanged
from bot.storage.connection import Connection
from bot.storage.groups import crisis_lines_of, groups_above, load_groups
from bot.web.auth import Facilitating, InHouse, Posted, event_id
from bot.web.group_access import Administered, GroupHere
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.wording import NAME, field, is_zone, paragraphs, too_long, zones

router = APIRouter()

TASK, REPLY_DAY, ADULT = 60, 40, 80
"""Characters each may have: they stand inside questions, which stay short."""

CRISIS_LINES = 600
"""Characters of the numbers to call: more would not be read by somebody who is in need of one."""

ONE_LINE = ("name", "task", "reply_day", "adult", "zone")


@dataclass(frozen=True, slots=True)
class CrisisLines:
    """The crisis lines of a group itself, and those that hold where it has none."""

    own: str
    above: str


async def crisis_lines(here: Administered, house: InHouse) -> CrisisLines:
    """Read the crisis lines of the group of a page."""

    def work(connection: Connection) -> CrisisLines:
        [row] = load_groups(connection, [here.id])
        above = groups_above(connection, here.id)[:1]
        return CrisisLines(row.crisis_lines, "".join(crisis_lines_of(connection, above).values()))

    return await house.database.read(work)


Lines: TypeAlias = Annotated[CrisisLines, Depends(crisis_lines)]


@router.get("/groups/{group}/settings")
async def show(request: Request, here: Administered, lines: Lines) -> Response:
    """Show what may be changed."""
    typed = {name: getattr(here, name) for name in ONE_LINE} | {"crisis_lines": lines.own}
    return _page(request, here, lines, typed, {}, is_saved="saved" in request.query_params)


@router.post("/groups/{group}/settings")
async def change(request: Request, here: Administered, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Change the group, or say what does not fit."""
    typed = {name: field(form, name) for name in ONE_LINE} | {"crisis_lines": paragraphs(form, "crisis_lines")}
    slips = _slips(typed)
    if slips:
        return _page(request, here, await crisis_lines(here, house), typed, slips)
    await send(house, GroupChanged(id=event_id(form), at=house.now(), who=who.person, group=here.id, changes=typed))
    return RedirectResponse(f"/groups/{here.id}/settings?saved", 303)


def _page(
    request: Request,
    here: GroupHere,
    lines: CrisisLines,
    typed: Mapping[str, str],
    slips: Mapping[str, str],
    *,
    is_saved: bool = False,
) -> Response:
    return render(
        request,
        "group_settings.html",
        status=422 if slips else 200,
        here=here,
        above=lines.above,
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
        "crisis_lines": too_long("This", typed["crisis_lines"], CRISIS_LINES),
        "zone": "" if is_zone(typed["zone"]) else "I don't know this time zone. Start typing a city, like London.",
    }
    return {name: slip for name, slip in found.items() if slip}
