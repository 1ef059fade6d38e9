"""A learner's own page: the conversation, the one open question, and what can be begun."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from bot.core.errors import NotYours
from bot.core.events import RunRequested
from bot.core.people import GroupId, Place
from bot.core.runs import Mode, RunId, RunStatus
from bot.flows.phrases import phrases_in
from bot.storage.chat import newest_effect
from bot.storage.connection import Connection
from bot.storage.turns import load_open_runs
from bot.web.auth import InHouse, Posted, SignedIn, Visitor, event_id, text_of, texts_of, watcher
from bot.web.conversation_view import MyPage, load_group_choices, load_my_page
from bot.web.given import own_run, said_in, wait_of
from bot.web.house import House
from bot.web.rendering import render
from bot.web.sending import send

HEARTBEAT = 10.0
"""Seconds after which a stream says that it is still there."""

STREAM = 600.0
"""Seconds after which a stream ends; the browser opens another."""

RECENT, ALL = 16, 2_000
"""Things said that the page shows: at first, and where somebody asks for earlier ones."""

router = APIRouter()


@router.get("/me")
async def show(request: Request, house: InHouse, who: SignedIn) -> Response:
    """Show the conversation; `run` names the one to go on with, `group` what to begin, `earlier` asks for all of it."""
    asked = request.query_params
    page = await _load(house, who, asked.get("run", ""), ALL if "earlier" in asked else RECENT)
    return _render(request, page, group=asked.get("group", ""))


@router.post("/me/say")
async def say(request: Request, house: InHouse, who: SignedIn, form: Posted) -> Response:
    """Take an answer, a button or a control; where it did not fit, give back what was typed."""
    run, wait, text = RunId(text_of(form, "run")), wait_of(form), text_of(form, "text")
    found = await house.database.read(lambda connection: own_run(connection, house, who, run)) if run else None
    await send(house, said_in(house, who, form, found))
    page = await _load(house, who, run)
    here = page.open
    if here is not None and (here.run, here.wait) == (run, wait) and here.prompt.slip:
        kept = replace(here, prompt=replace(here.prompt, said=(*texts_of(form, "tick"), text)))
        return _render(request, replace(page, open=kept), status=422)
    if found is not None and (found[0].wait != wait or found[0].status is not RunStatus.OPEN) and text:
        return _render(request, page, kept=text, status=409)
    return RedirectResponse("/me#now", 303)


@router.post("/me/start")
async def start(house: InHouse, who: SignedIn, form: Posted) -> Response:
    """Begin a flow by one's own wish."""
    flow, group = text_of(form, "flow"), GroupId(text_of(form, "group"))
    choices = await house.database.read(lambda connection: load_group_choices(connection, who))
    if not any(choice.id == group and any(f.id == flow for f in choice.flows) for choice in choices):
        raise NotYours
    mode = Mode.FORM if text_of(form, "mode") == Mode.FORM else Mode.DIALOGUE
    await send(
        house,
        RunRequested(
            id=event_id(form), at=house.now(), who=who.person, place=who.place, flow=flow, group=group, mode=mode
        ),
    )
    run = await house.database.read(lambda connection: _open_run(connection, who, flow, group))
    return RedirectResponse(f"/me/form/{run}" if run and mode is Mode.FORM else "/me#now", 303)


@router.get("/me/live")
async def live(
    request: Request,
    house: InHouse,
    who: Annotated[Visitor | None, Depends(watcher)],
    after: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Tell a page whenever something new stands in it, from what it saw last; 204 ends its asking."""
    if who is None:
        # https://html.spec.whatwg.org/multipage/server-sent-events.html: 204 tells a browser to stop reconnecting.
        return Response(status_code=204)
    seen = request.headers.get("last-event-id", "")
    last = int(seen) if seen.isdecimal() and seen.isascii() else after
    return StreamingResponse(_news(house, who.place, last), media_type="text/event-stream")


async def _news(house: House, place: Place, last: int) -> AsyncIterator[str]:
    watch, now = house.watch(place), asyncio.get_running_loop().time
    turn = asyncio.ensure_future(anext(watch))
    ends_at = now() + STREAM
    yield "retry: 3000\n\n"
    try:
        while now() < ends_at:
            newest = await house.database.read(lambda connection: newest_effect(connection, place))
            yield f"id: {newest}\ndata: {newest}\n\n" if newest > last else ": still here\n\n"
            last = max(last, newest)
            done, _ = await asyncio.wait({turn}, timeout=HEARTBEAT)
            if done and turn.exception():
                return
            turn = asyncio.ensure_future(anext(watch)) if done else turn
    finally:
        turn.cancel()
        with suppress(asyncio.CancelledError, StopAsyncIteration):
            await turn
        if isinstance(watch, AsyncGenerator):
            await watch.aclose()


def _open_run(connection: Connection, who: Visitor, flow: str, group: GroupId) -> RunId | None:
    runs = load_open_runs(connection, [who.person])[who.person].values()
    return next((run.id for run in runs if (run.flow, run.group) == (flow, group)), None)


async def _load(house: House, who: Visitor, run: str = "", most: int = RECENT) -> MyPage:
    now = house.now()
    return await house.database.read(
        lambda connection: load_my_page(connection, house.shelf, who, now, run=run, most=most)
    )


def _render(request: Request, page: MyPage, *, group: str = "", kept: str = "", status: int = 200) -> Response:
    chosen = page.groups[0] if len(page.groups) == 1 else next((g for g in page.groups if g.id == group), None)
    labels = phrases_in("en").buttons
    return render(request, "me.html", status=status, page=page, group=chosen, kept=kept, labels=labels)
