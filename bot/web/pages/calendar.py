"""A group's school year: its first and last day, and a list of free days that files and public holidays add to."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot.calendars.ical import free_times
from bot.calendars.ical_text import MOST_BYTES
from bot.calendars.lines import read_lines, write_lines
from bot.calendars.public import countries, country_of, public_holidays, regions
from bot.core.calendars import LONGEST, MOST, YEARS, FreeTime, SchoolYear, joined, year_to_json
from bot.core.events import CalendarSet
from bot.core.people import GroupId
from bot.storage.calendars import origin_above, origin_of, year_of
from bot.storage.connection import Connection
from bot.storage.groups import load_groups
from bot.web.auth import Facilitating, InHouse, Posted, PostedWithFile, Visitor, event_id, file_of, text_of
from bot.web.group_access import GroupHere, Read
from bot.web.house import House
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.wording import field as line_of

router = APIRouter()

A_YEAR, MOST_AT_ONCE = timedelta(days=400), timedelta(days=800)
"""How far ahead files and holidays are looked through where the year has no last day; and how far at most."""

SHOWN = 6
"""Free times that stand in sight; the others are folded away."""

NO_DAY = "Which day? Please write it like 2026-09-01."
BACKWARDS = "The last day comes before the first."
NO_FILE = "Which file? Please choose one; its name usually ends in .ics."
NO_COUNTRY = "Which country? Please choose."
REGIONS = "Some regions of {} have holidays of their own. Choose one, or leave “the whole country”, and add once more."
TOO_MANY = f"With these the list would have {{}} lines, and it can have up to {MOST}. Please add only the holidays."
NOTHING_NEW = "There is nothing in it that your list does not have already, between {} and {}."
ADDED = "Added to your list: {}. Please look it over, then save."
LEFT_OUT = f"Left out: {{}}, because they take an hour or two, or more than {LONGEST} days."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the form holds, as typed, and what there is to say about it."""

    begins: str = ""
    ends: str = ""
    shifts: bool = False
    lines: str = ""
    country: str = ""
    region: str = ""
    slips: Mapping[str, str] = field(default_factory=dict)
    news: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The school year that holds in a group; `origin` is the name of the group it comes from, `above` of the next."""

    year: SchoolYear
    origin: str
    is_own: bool
    above: str


@router.get("/groups/{group}/calendar")
async def show(request: Request, here: Read, house: InHouse) -> Response:
    """Show the school year that holds, and the form that changes it."""
    held = await house.database.read(lambda connection: _held(connection, here.id))
    sheet = Sheet(
        begins=str(held.year.begins or ""),
        ends=str(held.year.ends or ""),
        shifts=held.year.shifts,
        lines=write_lines(held.year.free),
        country=country_of(here.zone),
    )
    return await _page(request, here, house, sheet)


@router.post("/groups/{group}/calendar")
async def change(request: Request, here: Read, who: Facilitating, house: InHouse, form: PostedWithFile) -> Response:
    """Save the school year, or add to its list and show that first; a slip keeps all that was typed."""
    sheet = _typed(form)
    match text_of(form, "do"):
        case "file":
            sheet = await _with_file(sheet, await file_of(form, "file", MOST_BYTES), here, house)
        case "public":
            sheet = _with_public(sheet, text_of(form, "regions_of"), _today(here, house))
        case _:
            year, slips = _read(sheet)
            if year is not None:
                await _set(house, form, here, who, year_to_json(year))
                return RedirectResponse(f"/groups/{here.id}/calendar?done=saved", 303)
            sheet = replace(sheet, slips=slips)
    return await _page(request, here, house, sheet)


@router.post("/groups/{group}/calendar/above")
async def give_up(here: Read, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Let the school year of the group above hold again."""
    await _set(house, form, here, who, "")
    return RedirectResponse(f"/groups/{here.id}/calendar?done=above", 303)


async def _set(house: House, form: FormData, here: GroupHere, who: Visitor, body: str) -> None:
    await send(house, CalendarSet(id=event_id(form), at=house.now(), who=who.person, group=here.id, body=body))


async def _page(request: Request, here: GroupHere, house: House, sheet: Sheet) -> Response:
    held = await house.database.read(lambda connection: _held(connection, here.id))
    today = _today(here, house)
    read, _ = _read(sheet)
    coming = [_in_words(time, today) for time in joined(read.free) if time.last >= today] if read else []
    ended = held.year.ends if held.year.ends and held.year.ends < today else None
    return render(
        request,
        "calendar.html",
        status=422 if sheet.slips else 200,
        here=here,
        sheet=sheet,
        held=held,
        ended=_day(ended, today) if ended else "",
        coming=coming,
        shown=SHOWN,
        countries=countries(),
        regions=regions(sheet.country) if sheet.country else {},
        done=request.query_params.get("done", ""),
    )


def _held(connection: Connection, group: GroupId) -> Held:
    origin, above = origin_of(connection, group), origin_above(connection, group)
    names = {row.id: row.name for row in load_groups(connection, {one for one in (origin, above) if one})}
    return Held(
        year=year_of(connection, group),
        origin=names.get(origin, ""),
        is_own=origin == group,
        above=names.get(above, ""),
    )


def _typed(form: FormData) -> Sheet:
    country = line_of(form, "country")
    return Sheet(
        begins=line_of(form, "begins"),
        ends=line_of(form, "ends"),
        shifts=text_of(form, "shifts") == "yes",
        lines="\n".join(text_of(form, "lines").splitlines()),
        country=country if country in countries() else "",
        region=line_of(form, "region"),
    )


def _read(sheet: Sheet) -> tuple[SchoolYear | None, dict[str, str]]:
    """Read what was typed as a school year, or find what does not fit."""
    slips: dict[str, str] = {}
    days = {name: _date(text) for name, text in (("begins", sheet.begins), ("ends", sheet.ends))}
    slips |= {name: NO_DAY for name, day in days.items() if day is None and getattr(sheet, name)}
    begins, ends = days["begins"], days["ends"]
    if begins and ends and ends < begins:
        slips["ends"] = BACKWARDS
    free: tuple[FreeTime, ...] = ()
    try:
        free = read_lines(sheet.lines)
    except ValueError as slip:
        slips["lines"] = str(slip)
    if slips:
        return None, slips
    return SchoolYear(begins=begins, ends=ends, free=joined(free), shifts=sheet.shifts), {}


def _date(typed: str) -> date | None:
    """Read one day, written in any way that the list allows."""
    try:
        found = read_lines(typed)
    except ValueError:
        return None
    return found[0].first if len(found) == 1 and found[0].first == found[0].last else None


async def _with_file(sheet: Sheet, data: bytes, here: GroupHere, house: House) -> Sheet:
    first, last = _between(sheet, _today(here, house))
    if not data:
        return replace(sheet, slips={"file": NO_FILE})
    try:
        found = await asyncio.to_thread(free_times, data, first, last, here.zone)
    except ValueError as slip:
        return replace(sheet, slips={"file": str(slip)})
    left_out = LEFT_OUT.format(_counted(found.left_out, "entry", "entries")) if found.left_out else ""
    added = _added(sheet, found.free, "file", first, last)
    return replace(added, news=f"{added.news} {left_out}".strip()) if not added.slips else added


def _with_public(sheet: Sheet, regions_of: str, today: date) -> Sheet:
    if not sheet.country:
        return replace(sheet, slips={"country": NO_COUNTRY})
    if regions_of != sheet.country and regions(sheet.country):
        return replace(sheet, region="", slips={"region": REGIONS.format(countries()[sheet.country])})
    first, last = _between(sheet, today)
    region = sheet.region if sheet.region in regions(sheet.country) else ""
    return _added(sheet, public_holidays(sheet.country, region, first, last), "country", first, last)


def _added(sheet: Sheet, new: tuple[FreeTime, ...], where: str, first: date, last: date) -> Sheet:
    """Add to the list what is not free already; a list that cannot be read is left as it stands, and added to."""
    try:
        known, slips = read_lines(sheet.lines), {}
    except ValueError as slip:
        known, slips = (), {"lines": str(slip)}
    free = {day for time in known for day in time.days()}
    fresh = tuple(time for time in new if not free.issuperset(time.days()))
    if len(known) + len(fresh) > MOST:
        return replace(sheet, slips={where: TOO_MANY.format(len(known) + len(fresh))})
    if not fresh:
        return replace(sheet, slips=slips, news=NOTHING_NEW.format(first, last))
    lines = f"{sheet.lines}\n{write_lines(fresh)}" if slips else write_lines(joined(known + fresh))
    return replace(sheet, slips=slips, lines=lines, news=ADDED.format(_counted(len(fresh), "line", "lines")))


def _between(sheet: Sheet, today: date) -> tuple[date, date]:
    """Find between which days to look: the school year as typed, or the year to come."""
    begins, ends = _date(sheet.begins), _date(sheet.ends)
    first = begins or (today if ends is None or ends >= today else ends - A_YEAR)
    last = ends if ends and ends >= first else first + A_YEAR
    return first, min(last, first + MOST_AT_ONCE, date(YEARS[-1], 12, 31))


def _in_words(time: FreeTime, today: date) -> tuple[str, str]:
    """Write a free time for reading: `Monday 21 December to Sunday 3 January 2027`, and its name."""
    if time.first == time.last:
        return _day(time.first, today), time.name
    return f"{_day(time.first, today)} to {_day(time.last, today)}", time.name


def _day(day: date, today: date) -> str:
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day:%A} {day.day} {day:%B}{year}"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _today(here: GroupHere, house: House) -> date:
    return house.now().astimezone(ZoneInfo(here.zone)).date()
