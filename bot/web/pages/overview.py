"""How a group is doing and what could come next; small groups that its answers suggest, and a word to each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.errors import NotYours
from bot.core.events import EventId
from bot.core.people import PersonId
from bot.core.review import AnswerCommented
from bot.core.runs import RunId
from bot.runner.review import LONGEST
from bot.storage.calendars import year_of
from bot.storage.connection import Connection
from bot.storage.groups import load_kept_apart
from bot.storage.occurrences import occurrences_of
from bot.storage.overview import LearnerHere, Span, count_points, flows_heard, learners_here, load_picked
from bot.storage.threads import find_answer
from bot.web.auth import Facilitating, InHouse, Posted, event_id, texts_of
from bot.web.group_access import GroupHere, Read
from bot.web.house import House
from bot.web.overview_view import (
    FEEDS,
    Balance,
    HabitMet,
    Scale,
    ThisWeek,
    balance,
    habits_met,
    scales,
    this_week,
    weeks_until,
)
from bot.web.pulling import LARGEST, SmallGroup, keys_asked, suggest
from bot.web.questions import Sheet, load_sheets
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.views_kept import keep_view
from bot.web.wording import paragraphs, tidy, too_long

router = APIRouter()

NOBODY = "Please tick at least one name."
NO_WORDS = "Please write a few words first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the page."""

    since: str
    week: ThisWeek
    scales: Sequence[Scale]
    habits: Sequence[HabitMet]
    balance: Balance
    suggested: Sequence[SmallGroup]


@router.get("/groups/{group}/overview")
async def show(request: Request, here: Read, who: Facilitating, house: InHouse) -> Response:
    """Show how the group is doing."""
    now = house.now()
    found = await house.database.read(lambda connection: _load(connection, here, now))
    await keep_view(house, who, here.id, _shown(found.suggested))
    told = {str(many): many for many in range(1, LARGEST + 1)}
    sent = told.get(request.query_params.get("sent", ""), 0)
    return render(request, "overview.html", here=here, found=found, feeds=FEEDS, sent=sent)


@router.get("/groups/{group}/pull/{name}")
async def pull(request: Request, here: Read, name: str, who: Facilitating, house: InHouse) -> Response:
    """Show one small group with what each of them said; answers that have changed since lead back to the overview."""
    now = house.now()
    small = await _find(house, here, name, now)
    if small is None:
        return RedirectResponse(f"/groups/{here.id}/overview#pull", 303)
    await keep_view(house, who, here.id, _shown([small]))
    return render(request, "pull.html", here=here, small=small, text="", slip="", ticked=None)


@router.post("/groups/{group}/pull/{name}")
async def write(request: Request, here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Send the words to each who is ticked, as a comment on that very answer."""
    text, ticked = paragraphs(form, "text"), tuple(dict.fromkeys(map(tidy, texts_of(form, "to"))))[:LARGEST]
    slip = _slip(text, ticked)
    if slip:
        small = await _find(house, here, request.path_params["name"], house.now())
        page = {"here": here, "small": small, "text": text, "slip": slip, "ticked": ticked}
        return render(request, "pull.html", status=422, **page)
    targets = [(RunId(run), key) for run, _, key in (one.partition(":") for one in ticked)]
    await _look_up(house, here, targets)
    name, now = event_id(form), house.now()
    for run, key in targets:
        await send(
            house,
            AnswerCommented(id=EventId(f"{name}/{run}/{key}"), at=now, who=who.person, run=run, key=key, text=text),
        )
    return RedirectResponse(f"/groups/{here.id}/overview?sent={len(targets)}", 303)


def _slip(text: str, ticked: Sequence[str]) -> str:
    """Say what is missing, or nothing."""
    if not ticked:
        return NOBODY
    return too_long("Your words", text, LONGEST) if text else NO_WORDS


async def _look_up(house: House, here: GroupHere, targets: Sequence[tuple[RunId, str]]) -> None:
    """Make sure that these are answers of this group; raises NotYours otherwise."""

    def are_here(connection: Connection) -> bool:
        found = [find_answer(connection, run, key) for run, key in targets]
        return all(one is not None and one.group == here.id for one in found)

    if not await house.database.read(are_here):
        raise NotYours


async def _find(house: House, here: GroupHere, name: str, now: datetime) -> SmallGroup | None:
    def work(connection: Connection) -> list[SmallGroup]:
        weeks = weeks_until(now, here.zone, year_of(connection, here.id))
        learners = learners_here(connection, here.id, weeks.spans[-1].since, now)
        return _suggested(connection, here, weeks.spans, learners, load_sheets(connection))

    return next((one for one in await house.database.read(work) if one.id == name), None)


def _shown(suggested: Sequence[SmallGroup]) -> set[PersonId]:
    """List whose answers are shown by name."""
    return {PersonId(answer.person) for small in suggested for answer in small.answers}


def _load(connection: Connection, here: GroupHere, now: datetime) -> Overview:
    sheets, occurrences = load_sheets(connection), occurrences_of(connection, here.id)
    weeks = weeks_until(now, here.zone, year_of(connection, here.id))
    spans = weeks.spans
    heard = flows_heard(connection, here.id, spans)
    learners = learners_here(connection, here.id, spans[-1].since, now)
    return Overview(
        since=weeks.since,
        week=this_week(learners, occurrences, spans[-1].since),
        scales=scales(sheets, count_points(connection, here.id, spans), weeks, here.setting),
        habits=habits_met(sheets, heard, occurrences, weeks),
        balance=balance(sheets, heard, occurrences, weeks),
        suggested=_suggested(connection, here, spans, learners, sheets),
    )


def _suggested(
    connection: Connection,
    here: GroupHere,
    spans: Sequence[Span],
    learners: Sequence[LearnerHere],
    sheets: dict[str, Sheet],
) -> list[SmallGroup]:
    """Suggest small groups from this week's and last week's answers."""
    picked = load_picked(connection, here.id, spans[-2:][0].since, keys_asked(sheets))
    names = {one.id: one.name for one in learners}
    return suggest(picked, names, sheets, load_kept_apart(connection, here.id))
