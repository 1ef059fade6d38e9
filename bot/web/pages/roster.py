"""Who is in a group: names pasted in, new cards, people taken off, and those who help to lead it."""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.errors import NotYours
from bot.core.events import CardRenewed, MemberRemoved, Outcome, PeopleEnrolled
from bot.core.people import PersonId, Role
from bot.storage.groups import administrators_above, load_members
from bot.storage.sessions import make_link
from bot.web.auth import Facilitating, InHouse, Posted, event_id, text_of
from bot.web.group_access import Administered, GroupHere, Read
from bot.web.house import House
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.wording import NAME, field, tidy, too_long

router = APIRouter()

MOST = 200
"""Names in one paste: more than any class, fewer than a wrong file."""

LINK_LASTS = timedelta(days=7)


@router.get("/groups/{group}/roster")
async def show(request: Request, here: Administered, house: InHouse) -> Response:
    """Show who is in the group, and the forms that add people."""
    return await _page(request, here, house, added=request.query_params.get("added", ""))


@router.post("/groups/{group}/roster")
async def add(request: Request, here: Administered, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Write learners onto the roster, or ask about names that stand there already."""
    pasted, is_sure = text_of(form, "names"), text_of(form, "again") == "yes"
    names = names_in(pasted)
    slip = slip_in(pasted)
    doubles = [] if is_sure else _doubles(names, await _members(house, here))
    if slip or doubles or not names:
        slip = slip or ("" if doubles else "Write at least one name.")
        return await _page(request, here, house, pasted=pasted, slip=slip, doubles=doubles)
    people = tuple((PersonId(secrets.token_hex(8)), name) for name in names)
    await send(
        house,
        PeopleEnrolled(
            id=event_id(form), at=house.now(), who=who.person, group=here.id, role=Role.LEARNER, people=people
        ),
    )
    return RedirectResponse(f"/groups/{here.id}/roster?added={len(people)}", 303)


@router.post("/groups/{group}/helpers")
async def add_helper(request: Request, here: Administered, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Let another adult lead or look after the group; show their sign-in link this once."""
    name, role = field(form, "name"), text_of(form, "role")
    slip = too_long("A name", name, NAME) if name else "Write the person's name."
    if slip:
        return await _page(request, here, house, helper=name, helper_slip=slip)
    if role not in _roles(here):
        raise NotYours
    person, now = PersonId(secrets.token_hex(8)), house.now()
    event = PeopleEnrolled(
        id=event_id(form), at=now, who=who.person, group=here.id, role=Role(role), people=((person, name),)
    )
    if await send(house, event) is Outcome.DUPLICATE:
        return RedirectResponse(f"/groups/{here.id}/roster", 303)
    token = await house.database.write(lambda connection: make_link(connection, person, now + LINK_LASTS))
    link = f"{house.base_url.rstrip('/')}/sign-in/{token}"
    return render(request, "helper_link.html", here=here, name=name, link=link, until=now + LINK_LASTS)


@router.post("/groups/{group}/people/{person}/card")
async def renew(here: Read, person: str, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Make a new card for a learner and show it; the old one stops working."""
    event = CardRenewed(id=event_id(form), at=house.now(), who=who.person, group=here.id, person=PersonId(tidy(person)))
    await send(house, event)
    return RedirectResponse(f"/groups/{here.id}/cards?person={event.person}", 303)


@router.get("/groups/{group}/people/{person}/remove")
async def confirm(request: Request, here: Administered, person: str, house: InHouse) -> Response:
    """Ask once more before somebody is taken off the roster."""
    members = await _members(house, here)
    member = _find(members, person)
    return render(request, "remove.html", here=here, member=member, is_last=_is_last_lead(members, member))


@router.post("/groups/{group}/people/{person}/remove")
async def remove(here: Administered, person: str, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Take somebody off the roster; what they answered stays."""
    members = await _members(house, here)
    if _is_last_lead(members, _find(members, person)):
        raise NotYours
    event = MemberRemoved(
        id=event_id(form), at=house.now(), who=who.person, group=here.id, person=PersonId(tidy(person))
    )
    await send(house, event)
    left_themselves = event.person == who.person
    return RedirectResponse("/groups" if left_themselves else f"/groups/{here.id}/roster", 303)


async def _page(
    request: Request,
    here: GroupHere,
    house: House,
    *,
    added: str = "",
    pasted: str = "",
    slip: str = "",
    doubles: Sequence[str] = (),
    helper: str = "",
    helper_slip: str = "",
) -> Response:
    members = await _members(house, here)
    named = {member.id for member in members}
    above = await house.database.read(lambda connection: administrators_above(connection, here.id))
    return render(
        request,
        "roster.html",
        status=422 if slip or doubles or helper_slip else 200,
        here=here,
        learners=[member for member in members if member.role == Role.LEARNER],
        helpers=[member for member in members if member.role != Role.LEARNER],
        above=[(name, group) for person, name, group in above if person not in named],
        roles=_roles(here),
        most=MOST,
        added=int(added) if added.isdecimal() and len(added) <= len(str(MOST)) else 0,
        pasted=pasted,
        slip=slip,
        doubles=doubles,
        helper=helper,
        helper_slip=helper_slip,
    )


def _roles(here: GroupHere) -> dict[str, str]:
    """List the roles a visitor may hand out: never one that may do more than they may."""
    observer = {Role.OBSERVER.value: "Looks after the roster and settings, reads no answers"}
    return (
        {Role.FACILITATOR.value: "Leads with me: reads the answers and writes back", **observer}
        if here.may_read
        else observer
    )


def names_in(pasted: str) -> list[str]:
    """Read the names that were pasted, one a line."""
    return [name for line in pasted.splitlines() if (name := tidy(line))]


def slip_in(pasted: str) -> str:
    """Say what is wrong with a paste, naming the line; nothing where it is fine."""
    lines = [(number, tidy(line)) for number, line in enumerate(pasted.splitlines(), start=1)]
    named = [(number, name) for number, name in lines if name]
    if len(named) > MOST:
        return f"That is {len(named)} names. Up to {MOST} go in at once; {_quoted(named[MOST][1])} would be the next."
    for number, name in named:
        if len(name) > NAME:
            return f"Line {number} is too long for a card: {_quoted(name)}. A name can have up to {NAME} characters."
    return ""


def _doubles(names: Sequence[str], members: Sequence[Any]) -> list[str]:
    """List names that would stand on the roster twice, as they were written first."""
    there = Counter(member.name.casefold() for member in members if member.role == Role.LEARNER)
    there.update(name.casefold() for name in names)
    wanted = {name.casefold(): name for name in reversed(names)}
    return [name for name in dict.fromkeys(wanted[n.casefold()] for n in names) if there[name.casefold()] > 1]


def _quoted(name: str) -> str:
    return f"“{name[:30]}…”" if len(name) > 30 else f"“{name}”"  # noqa: PLR2004 - enough to find the line


async def _members(house: House, here: GroupHere) -> list[Any]:
    return list(await house.database.read(lambda connection: load_members(connection, here.id)))


def _find(members: Sequence[Any], person: str) -> Any:
    found = next((member for member in members if member.id == person), None)
    if found is None:
        raise NotYours
    return found


def _is_last_lead(members: Sequence[Any], member: Any) -> bool:
    """Say whether a group would be left with nobody who reads its answers."""
    return [m.id for m in members if m.role == Role.FACILITATOR] == [member.id]
