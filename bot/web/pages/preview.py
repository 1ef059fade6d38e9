"""What comes, before anybody is asked: the first question on each platform, all of them, the post; and one to try."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.adapters.base import WRITES_WHEN_ASKED
from bot.adapters.drawn import Draw, Drawn
from bot.core.errors import NotYours
from bot.core.events import RunRequested
from bot.core.people import Place, platform_of
from bot.storage.connection import Connection
from bot.storage.groups import load_groups
from bot.storage.reach import load_reach
from bot.web import own_look
from bot.web.auth import Facilitating, InHouse, Posted, Visitor, event_id
from bot.web.coming import Coming, load_coming, offered_in
from bot.web.group_access import GroupHere, Read
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.wording import field, tidy

router = APIRouter()

BROWSER = "browser"
NAMES = {BROWSER: "In the browser", "slack": "In Slack", "discord": "On Discord"}
LOOK_IN = {
    BROWSER: "It waits on your own page",
    "slack": "Look in Slack, where Mull writes to you.",
    "discord": "Look on Discord, where Mull writes to you.",
}
"""Where to find what was sent; the first is the words of a link."""

CHOICES = ("order", "habit")
"""What an address may say about a habit week, as its program knows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What comes as one platform shows it; `is_too_much` says that it would not take it."""

    platform: str
    name: str
    is_connected: bool
    post: tuple[Drawn, ...] = ()
    first: tuple[Drawn, ...] = ()
    form: tuple[Drawn, ...] = ()
    is_too_much: bool = False


@router.post("/groups/{group}/preview")
async def choose(here: Read, form: Posted) -> Response:
    """Lead to the preview of what was chosen."""
    flow = field(form, "flow")
    if not flow:
        raise NotYours
    return RedirectResponse(f"/groups/{here.id}/preview/{quote(flow, safe='')}", 303)


@router.get("/groups/{group}/preview/{what}")
async def show(request: Request, here: Read, what: str, who: Facilitating, house: InHouse) -> Response:
    """Show what comes; `everywhere` asks for platforms that are not used here."""
    query = {name: tidy(value) for name, value in request.query_params.items()}
    choices = {name: query[name] for name in CHOICES if name in query}
    now = house.now()

    def work(connection: Connection) -> tuple[Coming, set[str]]:
        coming = load_coming(connection, house.shelf, here, who, what=what, choices=choices, now=now)
        return coming, _followed(connection, here)

    coming, followed = await house.database.read(work)
    used = {BROWSER, *house.connected, *followed}
    drawing = {BROWSER: own_look.draw, **house.draws}
    shown = [name for name in drawing if name in used or "everywhere" in query]
    panels = [
        await asyncio.to_thread(_panel, name, drawing[name], coming, now.astimezone(ZoneInfo(here.zone)), used)
        for name in shown
    ]
    return render(
        request,
        "preview.html",
        here=here,
        coming=coming,
        panels=panels,
        others=[NAMES[name] for name in drawing if name not in shown],
        query={**choices, "everywhere": "1"},
        sent_to=query.get("sent", "") if query.get("sent", "") in LOOK_IN else "",
        look_in=LOOK_IN,
    )


@router.post("/groups/{group}/preview/{what}")
async def send_one(here: Read, what: str, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Begin it for whoever looks, where they are to be met; pressed twice it begins once."""

    def work(connection: Connection) -> tuple[bool, Place]:
        return what in offered_in(connection, here), _place(connection, who)

    is_offered, place = await house.database.read(work)
    if not is_offered:
        raise NotYours
    await send(
        house, RunRequested(id=event_id(form), at=house.now(), who=who.person, place=place, flow=what, group=here.id)
    )
    return RedirectResponse(f"/groups/{here.id}/preview/{what}?sent={platform_of(place)}", 303)


def _followed(connection: Connection, here: GroupHere) -> set[str]:
    """Name the platforms that a group takes its people from, or is asked on."""
    [row] = load_groups(connection, [here.id])
    return {platform_of(Place(place)) for place in (row.place, row.listed_at) if place}


def _place(connection: Connection, who: Visitor) -> Place:
    """Find where to send one: on a platform that writes only when asked, the group would be called for it instead."""
    reach = load_reach(connection, who.person)
    if reach.place is None or (platform_of(reach.place) in WRITES_WHEN_ASKED and not reach.wants_messages):
        return who.place
    return reach.place


def _panel(platform: str, draw: Draw, coming: Coming, now: datetime, used: set[str]) -> Panel:
    """Draw one platform's; the first time its library may have to be loaded, which takes a moment."""
    panel = Panel(platform=platform, name=NAMES[platform], is_connected=platform in used)
    posts = [post for post in coming.post if platform_of(post.place) == platform]
    try:
        return replace(panel, post=draw(posts, now), first=draw(coming.first, now), form=draw(coming.form, now))
    except ValueError:
        return replace(panel, is_too_much=True)
