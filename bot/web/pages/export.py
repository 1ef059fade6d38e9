"""Answers to take along: as a file of a group, or as pages to print of one learner."""

from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, RedirectResponse, Response

from bot.core.errors import NotYours
from bot.core.people import PersonId
from bot.runner.flow_menu import in_flow_order, load_menu
from bot.storage.answers import Sought, name_in_group, read_runs
from bot.storage.audit import Deed, note_deed
from bot.storage.connection import Connection
from bot.storage.exports import After, Taken, count_taken, export_chunk, people_taken
from bot.storage.threads import load_threads
from bot.web.auth import Facilitating, InHouse, Posted, Visitor
from bot.web.exporting import Sheet, write_csv, write_json, write_xlsx
from bot.web.group_access import GroupHere, Read
from bot.web.house import House
from bot.web.making_files import Chunks, Files, Making
from bot.web.rendering import render
from bot.web.wording import field, tidy

router = APIRouter()

CHUNK = 2_000
SPANS = {"": "Everything", "30": "The last 30 days", "7": "The last 7 days"}
KINDS = {
    "xlsx": ("A table for Excel or LibreOffice", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("A table as plain text (CSV)", "text/csv; charset=utf-8"),
    "json": ("Data for other programs (JSON)", "application/json"),
}
WRITE = {"xlsx": write_xlsx, "csv": write_csv, "json": write_json}
AT_ONCE = 5_000
"""Answers that are sent without a page that says how far they are: they are written in about a second."""

PRINTED = 400
"""Runs of one learner on paper: ten a week for a school year."""


@router.get("/groups/{group}/export")
async def show(request: Request, here: Read, house: InHouse) -> Response:
    """Show what can be taken along."""
    return await _page(request, here, house)


@router.post("/groups/{group}/export")
async def take(request: Request, here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Make a file of a group's answers, and note it for those whose answers they are.

    A small one is sent at once; a large one has a page that says how far it is.
    """
    kind, days, flow = field(form, "kind"), field(form, "days"), field(form, "flow")
    if kind not in KINDS or days not in SPANS:
        raise NotYours
    if not request.app.state.throttle.lets_export(who.person):
        return await _page(request, here, house, "That is a lot of files for one hour. Please try again later.")
    now = house.now()
    since = now - timedelta(days=int(days)) if days else None
    taken = Taken(group=here.id, flow=flow or None, since=since)

    def work(connection: Connection) -> tuple[int, dict[str, str]]:
        about = people_taken(connection, taken)
        note_deed(connection, who.person, Deed.EXPORTED, group=here.id, about=about, at=now, what=kind)
        titles = {flow: choice.title for flow, choice in load_menu(connection).items()}
        return count_taken(connection, taken), titles

    total, titles = await house.database.write(work)
    sheet = Sheet(titles, ZoneInfo(here.zone))
    making = files_of(request).begin(
        partial(WRITE[kind], sheet=sheet),
        _chunks(house, taken),
        person=who.person,
        group=here.id,
        kind=kind,
        name=f"answers-{now.astimezone(sheet.zone):%Y-%m-%d}.{kind}",
        total=total,
        now=now,
    )
    if total <= AT_ONCE and making.task is not None:
        await making.task
    if not making.is_ready:
        return RedirectResponse(f"/groups/{here.id}/export/{making.id}", 303)
    return _sent(making, BackgroundTask(files_of(request).drop, making))


@router.get("/groups/{group}/export/{file}")
async def look(request: Request, here: Read, file: str, who: Facilitating, house: InHouse) -> Response:
    """Say how far a file is."""
    making = _own(request, here, file, who, house)
    return render(request, "export_file.html", here=here, making=making)


@router.get("/groups/{group}/export/{file}/download")
async def download(request: Request, here: Read, file: str, who: Facilitating, house: InHouse) -> Response:
    """Send a file that is ready; it can be taken again for a while."""
    making = _own(request, here, file, who, house)
    if not making.is_ready:
        return RedirectResponse(f"/groups/{here.id}/export/{making.id}", 303)
    return _sent(making)


@router.get("/groups/{group}/people/{person}/print")
async def print_one(request: Request, here: Read, person: str, who: Facilitating, house: InHouse) -> Response:
    """Show all that one learner answered in this group, and what was written about it, for paper."""
    whose, now = PersonId(tidy(person)), house.now()
    sought = Sought(groups=[here.id], person=whose)

    def work(connection: Connection) -> dict[str, Any] | None:
        name = name_in_group(connection, here.id, whose)
        if name is None:
            return None
        page = read_runs(connection, sought, PRINTED)
        if page.runs:
            note_deed(connection, who.person, Deed.EXPORTED, group=here.id, about=[whose], at=now, what="paper")
        runs = [in_flow_order(connection, house.shelf, run) for run in reversed(page.runs)]
        threads = load_threads(connection, [run.id for run in runs])
        return {"name": name, "runs": runs, "threads": threads, "flows": load_menu(connection), "is_cut": page.older}

    found = await house.database.write(work)
    if found is None:
        raise NotYours
    return render(request, "print.html", here=here, person=whose, printed_at=now, **found)


async def _page(request: Request, here: GroupHere, house: House, sorry: str = "") -> Response:
    def work(connection: Connection) -> tuple[int, list[tuple[str, str]]]:
        flows = [(f.id, f.title) for f in load_menu(connection).values() if f.is_read_in(here.setting)]
        return count_taken(connection, Taken(group=here.id)), flows

    count, flows = await house.database.read(work)
    kinds = [(kind, title) for kind, (title, _) in KINDS.items()]
    return render(
        request,
        "export.html",
        status=429 if sorry else 200,
        here=here,
        count=count,
        flows=flows,
        kinds=kinds,
        spans=SPANS.items(),
        sorry=sorry,
    )


async def _chunks(house: House, taken: Taken) -> Chunks:
    """Read on from where the last chunk ended, so that no more than one is held at a time."""
    after: After | None = None
    while True:
        rows = await house.database.read(partial(export_chunk, taken=taken, after=after, most=CHUNK))
        if rows:
            yield rows
        if len(rows) < CHUNK:
            return
        after = rows[-1].after


def files_of(request: Request) -> Files:
    """Find the files that are being made."""
    files: Files = request.app.state.files
    return files


def _own(request: Request, here: GroupHere, file: str, who: Visitor, house: House) -> Making:
    making = files_of(request).find(file, who.person, here.id, house.now())
    if making is None:
        raise NotYours
    return making


def _sent(making: Making, background: BackgroundTask | None = None) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{making.name}"'}
    return FileResponse(making.path, media_type=KINDS[making.kind][1], headers=headers, background=background)
