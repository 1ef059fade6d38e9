"""What a group runs: what goes on now, what can begin, what was before, and who is not to be paired."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot.core.errors import NotYours
from bot.core.events import MembersKeptApart, OccurrenceRequested, Outcome
from bot.core.occurrences import Occurrence, OccurrenceStatus
from bot.core.people import PersonId, Role
from bot.flows.check_in.program import CheckIn
from bot.flows.habit_of_week.habits import habits
from bot.flows.habit_of_week.order import to_vote_on, upcoming
from bot.flows.habit_of_week.program import read_week
from bot.flows.peer_exchange.round import read_round
from bot.runner.conductor import occurrence_id, rehearse
from bot.runner.flow_menu import load_menu
from bot.storage.connection import Connection
from bot.storage.groups import load_kept_apart, load_members
from bot.storage.occurrences import occurrences_of, open_in_groups
from bot.web.auth import Facilitating, InHouse, Posted, Visitor, event_id
from bot.web.group_access import GroupHere, Read
from bot.web.house import House
from bot.web.pages.habit_week import KIND as HABIT_WEEK
from bot.web.pages.habit_week import name_of
from bot.web.pages.round import KIND as FEEDBACK_ROUND
from bot.web.rendering import render
from bot.web.round_view import stage_of, waiting_for_an_adult
from bot.web.sending import send
from bot.web.wording import field

router = APIRouter()

EARLIER = 20
"""Occurrences that are over and still listed."""

PLACES = {HABIT_WEEK: "weeks", FEEDBACK_ROUND: "rounds"}
WEEK = {"pick": "fixed", "habit": "", "last": ""}
ROUND = {
    "protocol": "describe_judge_suggest",
    "naming": "named",
    "hold": "flagged",
    "habit": "",
    "reviews": "2",
    "practice": "yes",
    "share_days": "3",
    "review_days": "4",
    "close_days": "3",
}
"""What a form holds before anybody has chosen anything."""

WHICH_HABIT = "Which of the sixteen? Please choose one."
NOT_NOW = "That could not begin just now. Please look at the choices once more."
TWO_PEOPLE = "Please choose two different people."


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One occurrence in a list; `stands` names where it stands, `until` ends that, `needs` counts comments to read."""

    title: str
    about: str
    address: str
    stands: str
    until: datetime | None
    started_at: datetime
    needs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """Everything on the page that comes from the database."""

    running: Sequence[Line]
    earlier: Sequence[Line]
    kinds: frozenset[str]
    last: str
    coming: str
    to_vote: Sequence[str]
    learners: Mapping[PersonId, str]
    apart: Sequence[tuple[PersonId, PersonId]]


@router.get("/groups/{group}/programs")
async def show(request: Request, here: Read, house: InHouse) -> Response:
    """Show what runs, what can begin, and what was before."""
    return await _page(request, here, house)


@router.post("/groups/{group}/programs")
async def begin(request: Request, here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Begin a program, or say what stands in the way and keep what was chosen."""
    kind = field(form, "kind")
    if kind not in PLACES:
        raise NotYours
    typed = _typed(form, WEEK if kind == HABIT_WEEK else ROUND)
    slip = WHICH_HABIT if typed.get("pick") == "one" and not typed["habit"] else ""
    event = OccurrenceRequested(
        id=event_id(form),
        at=house.now(),
        who=who.person,
        group=here.id,
        kind=kind,
        choices=_of_week(typed) if kind == HABIT_WEEK else typed,
    )
    slip = slip or await _rehearse(house, event, who)
    if not slip and await send(house, event) is Outcome.REFUSED:
        slip = NOT_NOW
    if slip:
        return await _page(request, here, house, kind=kind, typed=typed, slip=slip)
    return RedirectResponse(f"/groups/{here.id}/{PLACES[kind]}/{occurrence_id(event.id)}?done=begun", 303)


@router.post("/groups/{group}/apart")
async def keep_apart(request: Request, here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Note that two people are not to be paired, or may be again."""
    first, second = PersonId(field(form, "first")), PersonId(field(form, "second"))
    if not first or not second or first == second:
        typed = {"first": first, "second": second}
        return await _page(request, here, house, kind="apart", typed=typed, slip=TWO_PEOPLE)
    event = MembersKeptApart(
        id=event_id(form),
        at=house.now(),
        who=who.person,
        group=here.id,
        first=first,
        second=second,
        is_apart=field(form, "is_apart") != "no",
    )
    await send(house, event)
    return RedirectResponse(f"/groups/{here.id}/programs#apart", 303)


async def _rehearse(house: House, event: OccurrenceRequested, who: Visitor) -> str:
    """Try out whether a program begins like this, writing nothing; answer with its sentence where it does not."""
    sentence = await house.database.read(lambda connection: rehearse(connection, event, who.person))
    if sentence is None:
        raise NotYours
    return sentence


def _typed(form: FormData, usual: Mapping[str, str]) -> dict[str, str]:
    """Read what was chosen; what the form does not hold is as usual."""
    return {name: field(form, name) if name in form else value for name, value in usual.items()}


def _of_week(typed: Mapping[str, str]) -> dict[str, str]:
    """Turn one choice among several ways into an order, or a habit."""
    wanted = {"one": typed["habit"], "again": typed["last"]}.get(typed["pick"], "")
    return {"order": "fixed" if typed["pick"] in ("one", "again") else typed["pick"], "habit": wanted}


async def _page(
    request: Request,
    here: GroupHere,
    house: House,
    *,
    kind: str = "",
    typed: Mapping[str, str] | None = None,
    slip: str = "",
) -> Response:
    now = house.now()
    given = typed or {}
    return render(
        request,
        "programs.html",
        status=422 if slip else 200,
        here=here,
        programs=await house.database.read(lambda connection: _load(connection, here, now)),
        habits={habit: name_of(habit) for habit in habits()},
        week={**WEEK, **(given if kind == HABIT_WEEK else {})},
        round={**ROUND, **(given if kind == FEEDBACK_ROUND else {})},
        usual=ROUND,
        pair={"first": "", "second": "", **(given if kind == "apart" else {})},
        slips={kind: slip},
    )


def _load(connection: Connection, here: GroupHere, now: datetime) -> Programs:
    titles = {flow.id: flow.title for flow in load_menu(connection).values()}
    running = open_in_groups(connection, [here.id])
    over = [one for one in occurrences_of(connection, here.id) if one.status is not OccurrenceStatus.OPEN]
    past = [week.habit for week in map(read_week, occurrences_of(connection, here.id, HABIT_WEEK)) if week.habit]
    members = load_members(connection, here.id)
    learners = {PersonId(m.id): str(m.name) for m in members if m.role == Role.LEARNER}
    return Programs(
        running=_lines(running, here, titles, now),
        earlier=_lines(over, here, titles, now)[:EARLIER],
        kinds=frozenset(one.kind for one in running),
        last=past[-1] if past else "",
        coming=name_of(upcoming(habits(), past)[0]),
        to_vote=[name_of(habit) for habit in to_vote_on(upcoming(habits(), past, here.id), habits())],
        learners=learners,
        apart=[pair for pair in load_kept_apart(connection, here.id) if learners.keys() >= set(pair)],
    )


def _lines(found: Sequence[Occurrence], here: GroupHere, titles: Mapping[str, str], now: datetime) -> list[Line]:
    """Write occurrences as lines, the newest first; kinds without a page are left out."""
    newest = sorted(found, key=lambda one: one.started_at, reverse=True)
    return [LINES[one.kind](one, here, titles, now) for one in newest if one.kind in LINES]


def _week_line(one: Occurrence, here: GroupHere, titles: Mapping[str, str], now: datetime) -> Line:
    week = read_week(one)
    return Line(
        title="Habit week",
        about=name_of(week.habit),
        address=f"/groups/{here.id}/weeks/{one.id}",
        stands="skipped" if one.status is OccurrenceStatus.STOPPED else week.part,
        until=one.due_at,
        started_at=one.started_at,
    )


def _round_line(one: Occurrence, here: GroupHere, titles: Mapping[str, str], now: datetime) -> Line:
    held = read_round(one)
    stage, until = stage_of(held, now)
    return Line(
        title="Feedback round",
        about=name_of(held.habit),
        address=f"/groups/{here.id}/rounds/{one.id}",
        stands=stage,
        until=until,
        started_at=one.started_at,
        needs=waiting_for_an_adult(held),
    )


def _check_in_line(one: Occurrence, here: GroupHere, titles: Mapping[str, str], now: datetime) -> Line:
    flow = CheckIn.model_validate_json(one.state).flow
    year, number, _ = one.started_at.astimezone(ZoneInfo(here.zone)).isocalendar()
    return Line(
        title=titles.get(flow, flow),
        about="",
        address=f"/groups/{here.id}?flow={flow}" + ("" if one.due_at else f"&week={year:04}-W{number:02}"),
        stands="asked",
        until=None,
        started_at=one.started_at,
    )


LINES = {HABIT_WEEK: _week_line, FEEDBACK_ROUND: _round_line, "check_in": _check_in_line}
