"""Answers to take along: as a file of a group, or as pages to print of one learner."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response, StreamingResponse

from bot.core.errors import NotYours
from bot.core.people import PersonId
from bot.runner.flow_menu import in_flow_order, load_menu
from bot.storage.answers import Sought, name_in_group, read_runs
from bot.storage.audit import Deed, note_deed
from bot.storage.connection import Connection
from bot.storage.exports import After, ExportRow, Taken, count_taken, export_chunk, people_taken
from bot.storage.threads import load_threads
from bot.web.auth import Facilitating, InHouse, Posted
from bot.web.exporting import Sheet, as_csv, as_json, write_xlsx
from bot.web.group_access import GroupHere, Read
from bot.web.house import House
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
PRINTED = 400
"""Runs of one learner on paper: ten a week for a school year."""


@router.get("/groups/{group}/export")
async def show(request: Request, here: Read, house: InHouse) -> Response:
    """Show what can be taken along."""
    return await _page(request, here, house)


@router.post("/groups/{group}/export")
async def take(request: Request, here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Send a group's answers as a file, and note it for those whose answers they are."""
    kind, days, flow = field(form, "kind"), field(form, "days"), field(form, "flow")
    if kind not in KINDS or days not in SPANS:
        raise NotYours
    if not request.app.state.throttle.lets_export(who.person):
        return await _page(request, here, house, "That is a lot of files for one hour. Please try again later.")
    now = house.now()
    since = now - timedelta(days=int(days)) if days else None
    taken = Taken(group=here.id, flow=flow or None, since=since)

    def work(connection: Connection) -> dict[str, str]:
        about = people_taken(connection, taken)
        note_deed(connection, who.person, Deed.EXPORTED, group=here.id, about=about, at=now, what=kind)
        return {flow: choice.title for flow, choice in load_menu(connection).items()}

    sheet = Sheet(await house.database.write(work), ZoneInfo(here.zone))
    return await _file(kind, _chunks(house, taken), sheet, f"answers-{now.astimezone(sheet.zone):%Y-%m-%d}.{kind}")


@router.get("/groups/{group}/people/{person}/print")
async def print_one(request: Request, here: Read, person: str, who: Facilitating, house: InHouse) -> Response:
    """Show all that one learner answered in this group, and what was written about it, for paper."""
    whose, now = PersonId(tidy(person)), house.now()
    sought = Sought(groups=[here.id], person=whose)

    def work(connection: Connection) -> dict[str, Any] | None:
        name = name_in_group(connection, here.id, whose)
        if name is None:
            return None
        note_deed(connection, who.person, Deed.EXPORTED, group=here.id, about=[whose], at=now, what="paper")
        page = read_runs(connection, sought, PRINTED)
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


async def _chunks(house: House, taken: Taken) -> AsyncIterator[Sequence[ExportRow]]:
    """Read on from where the last chunk ended, so that no more than one is held at a time."""
    after: After | None = None
    while True:
        rows = await house.database.read(partial(export_chunk, taken=taken, after=after, most=CHUNK))
        if rows:
            yield rows
        if len(rows) < CHUNK:
            return
        after = rows[-1].after


async def _file(kind: str, chunks: AsyncIterator[Sequence[ExportRow]], sheet: Sheet, name: str) -> Response:
    media = KINDS[kind][1]
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if kind != "xlsx":
        lines = as_csv(chunks, sheet) if kind == "csv" else as_json(chunks, sheet)
        return StreamingResponse(lines, media_type=media, headers=headers)
    folder = tempfile.TemporaryDirectory(prefix="mull-export-")
    path = Path(folder.name) / name
    try:
        await write_xlsx(path, chunks, sheet)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(path, media_type=media, headers=headers, background=BackgroundTask(folder.cleanup))
