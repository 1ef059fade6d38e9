"""What a group is asked by itself: set, ended, and looked ahead at."""

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.events import GroupChanged, ProgramEnded, ProgramSet
from bot.core.people import is_list
from bot.core.programs import Program, ProgramId
from bot.core.schedules import EVERY_DAY, next_after, rule_from_json, rule_to_json
from bot.runner.conductor import occurrence_id
from bot.runner.rule_words import DAYS
from bot.runner.schedule import program_of
from bot.storage.connection import Connection
from bot.storage.groups import BUDGETS, budget_in, load_groups
from bot.storage.programs import programs_of
from bot.web.auth import Facilitating, InHouse, Posted, Visitor, event_id
from bot.web.group_access import GroupHere, Read
from bot.web.house import House
from bot.web.rendering import render
from bot.web.schedule_form import NTHS, OPEN_FOR, REMINDED, Slip, Typed, lasts_of, reminders_of, rule_of, typed_in
from bot.web.schedule_view import Shown, is_same, load_shown, titles_in
from bot.web.schedule_words import CHECK_IN, HABIT_WEEK, people_in_words
from bot.web.sending import send
from bot.web.wording import field as line_of

router = APIRouter()

ALREADY = "That comes already, on these days at this time."
NOTHING = "What is the group to be asked? Please choose."
IS_OVER = "This will never come: that time is over. Please choose a later one."
NEVER = "This will never come: on every one of these days there is no school. “Holidays and term dates” says which."
NO_BUDGET = f"Please write a number from {BUDGETS.start} to {BUDGETS.stop - 1}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """What needs another look, with what was typed: in the form that sets something, or in the one of the week."""

    typed: Typed = field(default_factory=Typed)
    slip: str = ""
    budget: str = ""
    budget_slip: str = ""


@router.get("/groups/{group}/schedule")
async def show(request: Request, here: Read, house: InHouse) -> Response:
    """Show what comes when, and the forms for more."""
    return await _page(request, here, house, Slips())


@router.post("/groups/{group}/schedule")
async def set_up(request: Request, here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Let something come by itself from now on, or say what is missing and keep what was typed."""
    typed = typed_in(form)
    wanted = ProgramSet(
        id=event_id(form),
        at=house.now(),
        who=who.person,
        group=here.id,
        program=ProgramId(occurrence_id(event_id(form))),
        kind=HABIT_WEEK if typed.what == HABIT_WEEK else CHECK_IN,
        choices={},
        rule="",
    )
    try:
        event = await house.database.read(lambda connection: _filled(connection, here, who, typed, wanted))
    except Slip as slip:
        return await _page(request, here, house, Slips(typed=typed, slip=str(slip)))
    await send(house, event)
    return RedirectResponse(f"/groups/{here.id}/schedule?done=set#done", 303)


@router.post("/groups/{group}/schedule/end")
async def end(request: Request, here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Let something come no more."""
    program = ProgramId(line_of(form, "program"))
    await send(house, ProgramEnded(id=event_id(form), at=house.now(), who=who.person, group=here.id, program=program))
    return RedirectResponse(f"/groups/{here.id}/schedule?done=ended#done", 303)


@router.post("/groups/{group}/schedule/budget")
async def change_budget(request: Request, here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Change how many prompts a week everybody gets at most."""
    typed = line_of(form, "budget")
    budget = budget_in(typed)
    if budget is None:
        return await _page(request, here, house, Slips(budget=typed, budget_slip=NO_BUDGET))
    changes = {"budget": str(budget)}
    await send(house, GroupChanged(id=event_id(form), at=house.now(), who=who.person, group=here.id, changes=changes))
    return RedirectResponse(f"/groups/{here.id}/schedule?done=budget#done", 303)


async def _page(request: Request, here: GroupHere, house: House, slips: Slips) -> Response:
    now = house.now()
    shown: Shown = await house.database.read(lambda connection: load_shown(connection, here, now))
    return render(
        request,
        "schedule.html",
        status=422 if slips.slip or slips.budget_slip else 200,
        here=here,
        shown=shown,
        days=DAYS,
        nths=NTHS,
        open_for=OPEN_FOR,
        reminded=REMINDED,
        budgets=BUDGETS,
        to_people=people_in_words(shown.people),
        slips=slips,
        typed=slips.typed,
        done=request.query_params.get("done", ""),
    )


def _filled(connection: Connection, here: GroupHere, who: Visitor, typed: Typed, wanted: ProgramSet) -> ProgramSet:
    """Make what is to be set out of what was typed. Raises Slip."""
    if typed.what not in titles_in(connection, here):
        raise Slip(NOTHING)
    is_week = typed.what == HABIT_WEEK
    rule = rule_of(typed, wanted.at.astimezone(ZoneInfo(here.zone)).date())
    event = replace(
        wanted,
        choices={"order": "fixed", "habit": ""} if is_week else {"flow": typed.what, "where": _where(connection, here)},
        rule=rule_to_json(rule),
        lasts=lasts_of(typed),
        reminders=reminders_of(typed),
        is_own_time=typed.whose == "own" and not is_week,
    )
    program = program_of(connection, event, who.person)
    if program is None:
        raise Slip(_why_never(event, here))
    if any(_is_set(program, one) for one in programs_of(connection, here.id)):
        raise Slip(ALREADY)
    return event


def _is_set(program: Program, other: Program) -> bool:
    """Say whether something goes on that is the same; what comes no more may be set again."""
    return other.next_at is not None and is_same(program, other)


def _why_never(event: ProgramSet, here: GroupHere) -> str:
    comes_at_all = next_after(rule_from_json(event.rule), event.at, here.zone, EVERY_DAY)
    return IS_OVER if comes_at_all is None else NEVER


def _where(connection: Connection, here: GroupHere) -> str:
    """Ask by one post where the group follows a channel, otherwise each person."""
    place = load_groups(connection, [here.id])[0].place
    return "channel" if place and not is_list(place) else "each"
