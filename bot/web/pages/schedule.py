"""What a group is asked by itself: on which days of the week, at what time, until somebody ends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot.core.events import ProgramEnded, ProgramSet
from bot.core.people import is_list
from bot.core.programs import Program, ProgramId
from bot.core.schedules import Rule, Weekly, rule_from_json, rule_to_json
from bot.runner.conductor import occurrence_id
from bot.runner.flow_menu import load_menu
from bot.storage.connection import Connection
from bot.storage.groups import load_groups
from bot.storage.programs import programs_of
from bot.web.auth import Facilitating, InHouse, Posted, event_id, texts_of
from bot.web.group_access import GroupHere, Read
from bot.web.pages.habit_week import KIND as HABIT_WEEK
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.wording import field

router = APIRouter()

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CHECK_IN = "check_in"
NO_DAY = "On which days? Please choose at least one."
NO_TIME = "At what time? Please write it as hours and minutes, such as 09:30."
ALREADY = "That comes already, on these days at this time."
NOTHING = "What is the group to be asked? Please choose."


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One program that begins by itself: what, when, and the next time."""

    id: ProgramId
    title: str
    when: str
    next_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What the form holds: `what` is a flow, or a habit week."""

    what: str = ""
    days: frozenset[int] = frozenset()
    at: str = "09:00"
    every: str = "1"


@router.get("/groups/{group}/schedule")
async def show(request: Request, here: Read, house: InHouse) -> Response:
    """Show what comes when, and the form for more."""
    return await _page(request, here, house, Week(), "")


@router.post("/groups/{group}/schedule")
async def set_up(request: Request, here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Let something come by itself from now on, or say what is missing and keep what was chosen."""
    week = _typed(form)
    titles, planned = await house.database.read(lambda connection: _load(connection, here))
    at = _time(week.at)
    slip = NOTHING if week.what not in titles else NO_DAY if not week.days else NO_TIME if at is None else ""
    if slip or at is None:
        return await _page(request, here, house, week, slip)
    now = house.now()
    today = now.astimezone(ZoneInfo(here.zone)).date()
    rule = Weekly(weekdays=tuple(sorted(week.days)), at=at, since=today, every=2 if week.every == "2" else 1)
    if any((one.title, one.when) == (titles[week.what], _in_words(rule)) for one in planned):
        return await _page(request, here, house, week, ALREADY)
    where = await house.database.read(lambda connection: _where(connection, here))
    is_habit = week.what == HABIT_WEEK
    event = ProgramSet(
        id=event_id(form),
        at=now,
        who=who.person,
        group=here.id,
        program=ProgramId(occurrence_id(event_id(form))),
        kind=HABIT_WEEK if is_habit else CHECK_IN,
        choices={"order": "fixed", "habit": ""} if is_habit else {"flow": week.what, "where": where},
        rule=rule_to_json(rule),
    )
    await send(house, event)
    return RedirectResponse(f"/groups/{here.id}/schedule?done=set", 303)


@router.post("/groups/{group}/schedule/end")
async def end(request: Request, here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Let something come no more."""
    program = ProgramId(field(form, "program"))
    await send(house, ProgramEnded(id=event_id(form), at=house.now(), who=who.person, group=here.id, program=program))
    return RedirectResponse(f"/groups/{here.id}/schedule?done=ended", 303)


async def _page(request: Request, here: GroupHere, house: InHouse, week: Week, slip: str) -> Response:
    titles, planned = await house.database.read(lambda connection: _load(connection, here))
    return render(
        request,
        "schedule.html",
        status=422 if slip else 200,
        here=here,
        titles=titles,
        planned=planned,
        days=DAYS,
        week=week,
        slip=slip,
        done=request.query_params.get("done", ""),
    )


def _load(connection: Connection, here: GroupHere) -> tuple[Mapping[str, str], Sequence[Planned]]:
    titles = _titles(connection, here)
    return titles, [_planned(program, titles) for program in programs_of(connection, here.id)]


def _titles(connection: Connection, here: GroupHere) -> dict[str, str]:
    """Name what a group can be asked: the check-ins for its kind of group, and a habit week."""
    offered = {flow.id: flow.title for flow in load_menu(connection).values() if flow.is_offered_in(here.setting)}
    return {**offered, HABIT_WEEK: "A habit week, the next in order"}


def _planned(program: Program, titles: Mapping[str, str]) -> Planned:
    what = program.choices.get("flow", program.kind)
    return Planned(
        id=program.id,
        title=titles.get(what, what),
        when=_in_words(rule_from_json(program.rule)),
        next_at=program.next_at,
        note=program.note,
    )


def _in_words(rule: Rule) -> str:
    if not isinstance(rule, Weekly):
        return ""
    named = [DAYS[day] for day in rule.weekdays]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    often = "every second week" if rule.every > 1 else "every week"
    return f"{listed}, {rule.at:%H:%M}, {often}"


def _where(connection: Connection, here: GroupHere) -> str:
    """Ask by one post where the group follows a channel, otherwise each person."""
    place = load_groups(connection, [here.id])[0].place
    return "channel" if place and not is_list(place) else "each"


def _typed(form: FormData) -> Week:
    days = frozenset(int(day) for day in texts_of(form, "day") if day in "0123456" and len(day) == 1)
    return Week(what=field(form, "what"), days=days, at=field(form, "at"), every=field(form, "every"))


def _time(typed: str) -> time | None:
    try:
        return time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
