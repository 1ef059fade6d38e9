"""A class in one form: its name, who is in it, and when it is asked; from then on everything goes by itself."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.events import EventId, GroupCreated, PeopleEnrolled, ProgramSet
from bot.core.people import GroupId, PersonId, Role
from bot.core.programs import ProgramId
from bot.core.schedules import Weekly, rule_to_json
from bot.runner.conductor import occurrence_id
from bot.web.auth import Facilitating, InHouse, Posted, Visitor, event_id, text_of
from bot.web.group_access import GroupHere, groups_of
from bot.web.house import House
from bot.web.pages.groups import SETTINGS, free_code, slips_in, usual_zone
from bot.web.pages.roster import names_in, slip_in
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.wording import field, zones

router = APIRouter()

WEEKLY = {"class": "weekly-check-in", "club": "weekly-check-in", "staff": "staff-check-in"}
"""What each kind of group is asked every week, until its facilitator chooses something else."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
USUAL = {"name": "", "setting": "class", "zone": "", "names": "", "day": "4", "at": "09:00"}


@router.get("/begin")
async def show(request: Request, who: Facilitating, house: InHouse) -> Response:
    """Show the form."""
    return await _page(request, who, house, USUAL, {})


@router.post("/begin")
async def begin(request: Request, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Open the group, write its people down and set what it is asked, or say what the form still needs."""
    typed = {name: field(form, name) for name in USUAL} | {"names": text_of(form, "names"), "parent": ""}
    slips = _slips(typed, who)
    if slips:
        return await _page(request, who, house, typed, slips)
    base, code = event_id(form), await house.database.read(free_code)
    group = GroupId(hashlib.blake2s(base.encode(), digest_size=8).hexdigest())
    now = house.now()
    await send(
        house,
        GroupCreated(
            id=base,
            at=now,
            who=who.person,
            group=group,
            name=typed["name"],
            code=code,
            setting=typed["setting"],
            zone=typed["zone"],
            parent=_school(await groups_of(house, who)),
        ),
    )
    people = tuple((_person(group, number), name) for number, name in enumerate(names_in(typed["names"])))
    enrolled = EventId(f"{base}/people")
    await send(
        house, PeopleEnrolled(id=enrolled, at=now, who=who.person, group=group, role=Role.LEARNER, people=people)
    )
    today = now.astimezone(ZoneInfo(typed["zone"])).date()
    rule = Weekly(weekdays=(int(typed["day"]),), at=time.fromisoformat(typed["at"]), since=today)
    planned = EventId(f"{base}/program")
    await send(
        house,
        ProgramSet(
            id=planned,
            at=now,
            who=who.person,
            group=group,
            program=ProgramId(occurrence_id(planned)),
            kind="check_in",
            choices={"flow": WEEKLY[typed["setting"]], "where": "each"},
            rule=rule_to_json(rule),
            lasts=timedelta(days=4),
        ),
    )
    return RedirectResponse(f"/groups/{group}/schedule?done=set#done", 303)


def _school(groups: Sequence[GroupHere]) -> GroupId | None:
    """Find the group that a class stands under: the one of all staff, where there is one."""
    staff = [group.id for group in groups if group.setting == "staff" and group.may_read]
    return staff[0] if len(staff) == 1 else None


def _slips(typed: Mapping[str, str], who: Visitor) -> dict[str, str]:
    """Say what the form still needs, by field."""
    found = slips_in(typed, who)
    names = slip_in(typed["names"]) or ("" if names_in(typed["names"]) else "Write at least one name.")
    asked = "" if typed["day"] in tuple("0123456") and _is_clock(typed["at"]) else "On which day, and at what time?"
    return found | {name: slip for name, slip in (("names", names), ("at", asked)) if slip}


def _is_clock(text: str) -> bool:
    try:
        return time.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def _person(group: GroupId, number: int) -> PersonId:
    """Name a learner after the form that wrote them down: the same form sent twice names the same people."""
    return PersonId(hashlib.blake2s(f"{group}/{number}".encode(), digest_size=8).hexdigest())


async def _page(
    request: Request, who: Visitor, house: House, typed: Mapping[str, str], slips: Mapping[str, str]
) -> Response:
    zone = typed["zone"] or usual_zone(await groups_of(house, who))
    return render(
        request,
        "begin.html",
        status=422 if slips else 200,
        typed={**typed, "zone": zone},
        slips=slips,
        settings=SETTINGS,
        days=list(enumerate(DAYS)),
        zones=zones(),
    )
