"""What a group answered, newest first, and asking it now."""

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.errors import NotYours
from bot.core.events import OccurrenceRequested, Outcome
from bot.core.people import PersonId, Role
from bot.core.runs import RunId
from bot.runner.flow_menu import FlowChoice, in_flow_order, load_menu
from bot.storage.answers import Mark, RunsPage, Sought, read_runs
from bot.storage.columns import micros
from bot.storage.connection import Connection
from bot.storage.groups import load_members
from bot.web.auth import Facilitating, InHouse, Posted, event_id
from bot.web.group_access import Read
from bot.web.house import House
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.thread_view import Threads, threads_of
from bot.web.views_kept import keep_views
from bot.web.weeks import recent_weeks, week_named
from bot.web.wording import field, tidy

router = APIRouter()

MOST = 25
"""Runs on a page: about one class's week."""

LISTED = 200
"""Learners a menu can hold; in a larger group the roster leads to a person."""

MARK = re.compile(r"(\d{1,17})\.([0-9A-Za-z]{1,64})")


@router.get("/groups/{group}")
async def show(request: Request, here: Read, who: Facilitating, house: InHouse) -> Response:
    """Show a group's answers, filtered as the address says."""
    query = {name: tidy(value) for name, value in request.query_params.items()}
    week = week_named(query.get("week", ""), here.zone)
    sought = Sought(
        groups=[here.id],
        person=PersonId(query["person"]) if query.get("person") else None,
        flow=query.get("flow") or None,
        since=week.since if week else None,
        until=week.until if week else None,
        before=read_mark(query.get("before", "")),
    )

    def work(connection: Connection) -> tuple[RunsPage, Threads, list[tuple[str, str]], dict[str, FlowChoice]]:
        learners = [(m.id, m.name) for m in load_members(connection, here.id) if m.role == Role.LEARNER]
        found = read_ordered(connection, house, sought)
        return found, threads_of(connection, found.runs), learners, load_menu(connection)

    page, threads, learners, flows = await house.database.read(work)
    await keep_views(house, who, page.runs)
    chosen = {"flow": sought.flow or "", "week": week.name if week else "", "person": sought.person or ""}
    weeks = recent_weeks(house.now(), here.zone)
    weeks = [week, *weeks] if week and week not in weeks else weeks
    return render(
        request,
        "group.html",
        here=here,
        page=page,
        has_learners=bool(learners),
        listed=[one for one in learners if len(learners) <= LISTED or one[0] == sought.person],
        flows=flows,
        askable=[flow for flow in flows.values() if flow.is_offered_in(here.setting)],
        asked=[(f.id, f.title) for f in flows.values() if f.is_read_in(here.setting) or f.id == sought.flow],
        weeks=[(one.name, one.title) for one in weeks],
        chosen=chosen,
        threads=threads,
        again=address_of(request, chosen, sought.before),
        older=link_to_older(page, chosen),
        is_first=sought.before is None,
        sent=_count(query.get("sent", "")),
    )


@router.post("/groups/{group}/ask")
async def ask(here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Send a flow to every learner of the group, now."""
    flow = field(form, "flow")

    def work(connection: Connection) -> tuple[FlowChoice | None, int]:
        members = load_members(connection, here.id)
        return load_menu(connection).get(flow), sum(m.role == Role.LEARNER for m in members)

    choice, learners = await house.database.read(work)
    if choice is None or not choice.is_offered_in(here.setting):
        raise NotYours
    event = OccurrenceRequested(
        id=event_id(form), at=house.now(), who=who.person, group=here.id, kind="check_in", choices={"flow": flow}
    )
    is_sent = await send(house, event) is not Outcome.REFUSED
    return RedirectResponse(f"/groups/{here.id}?sent={learners if is_sent else 0}", 303)


def read_ordered(connection: Connection, house: House, sought: Sought, *, with_earlier: bool = False) -> RunsPage:
    """Read a page of runs, each in the order of its flow's questions."""
    page = read_runs(connection, sought, MOST, with_earlier=with_earlier)
    return RunsPage(runs=[in_flow_order(connection, house.shelf, run) for run in page.runs], older=page.older)


def link_to_older(page: RunsPage, chosen: dict[str, str]) -> str:
    """Write the query of the next page, with the filters that are set."""
    return _query(chosen, page.older) if page.older else ""


def address_of(request: Request, chosen: dict[str, str], before: Mark | None) -> str:
    """Write the address of the page that is shown, for forms on it to lead back to."""
    return request.url.path + _query(chosen, before)


def read_mark(written: str) -> Mark | None:
    """Read where the last page ended; anything else is the first page."""
    parts = MARK.fullmatch(written)
    return Mark(datetime.fromtimestamp(int(parts[1]) / 1_000_000, UTC), RunId(parts[2])) if parts else None


def write_mark(mark: Mark) -> str:
    """Write where a page ends, as `read_mark` reads it."""
    return f"{micros(mark.at)}.{mark.run}"


def _query(chosen: dict[str, str], before: Mark | None) -> str:
    given = {**chosen, "before": write_mark(before) if before else ""}
    kept = {name: value for name, value in given.items() if value}
    return "?" + urlencode(kept) if kept else ""


def _count(written: str) -> int | None:
    return int(written) if written.isdecimal() and len(written) < 6 else None  # noqa: PLR2004 - no group is larger
