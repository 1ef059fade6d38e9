"""When Mull comes to somebody by itself: a quiet time, and a day and hour that suit them better."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot.core.errors import NotYours
from bot.core.people import Action
from bot.core.platform_news import PersonPaused, TimePreferred
from bot.core.timing import LONGEST_PAUSE, morning_of
from bot.runner.rule_words import DAYS
from bot.storage.people import Wishes, load_wishes
from bot.web.auth import InHouse, Posted, SignedIn, Visitor, event_id
from bot.web.house import House
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.wording import field

router = APIRouter()

WEEKDAYS = tuple(map(str, range(len(DAYS))))
DONE = {
    "quiet": "It is quiet from now on.",
    "ended": "The quiet time is over. What waited comes now.",
    "time": "From now on you are asked then.",
    "any": "From now on you are asked when your group is.",
}


class Slip(NamedTuple):
    """What a field still needs, in a sentence."""

    field: str
    sentence: str


@router.get("/me/times")
async def show(request: Request, who: SignedIn, house: InHouse) -> Response:
    """Show when the visitor is asked."""
    return await _page(request, who, house, done=DONE.get(request.query_params.get("done", ""), ""))


@router.post("/me/times")
async def change(request: Request, who: SignedIn, house: InHouse, form: Posted) -> Response:
    """Begin or end a quiet time, or choose a day and an hour."""
    wishes = await _wishes(house, who)
    if wishes is None:
        raise NotYours
    wish = _read(form, who, wishes, house.now())
    if isinstance(wish, Slip):
        return await _page(request, who, house, form=form, slip=wish)
    await send(house, wish)
    return RedirectResponse(f"/me/times?done={field(form, 'step')}", 303)


def _read(form: FormData, who: Visitor, wishes: Wishes, now: datetime) -> PersonPaused | TimePreferred | Slip:
    """Read what somebody wishes, or say what is still missing."""
    name = event_id(form)
    match field(form, "step"):
        case "quiet":
            day = _day(field(form, "until"), now, wishes.zone)
            if isinstance(day, Slip):
                return day
            return PersonPaused(id=name, at=now, who=who.person, until=morning_of(day, wishes.zone))
        case "ended":
            return PersonPaused(id=name, at=now, who=who.person, until=None)
        case "time":
            day_of_week, clock = field(form, "day"), _clock(field(form, "at"))
            if clock is None or day_of_week not in WEEKDAYS:
                return Slip("at", "Please choose a day and an hour.")
            return TimePreferred(id=name, at=now, who=who.person, weekday=WEEKDAYS.index(day_of_week), clock=clock)
        case "any":
            return TimePreferred(id=name, at=now, who=who.person, weekday=None, clock=None)
        case _:
            raise NotYours


async def _wishes(house: House, who: Visitor) -> Wishes | None:
    """Read how the visitor wants it; None for whoever is asked nothing anywhere."""
    groups = who.actor.groups(Action.ANSWER)
    if not groups:
        return None
    return await house.database.read(lambda connection: load_wishes(connection, who.person, groups[0]))


async def _page(
    request: Request,
    who: Visitor,
    house: House,
    *,
    form: FormData | None = None,
    slip: Slip | None = None,
    done: str = "",
) -> Response:
    wishes = await _wishes(house, who)
    today = house.now().astimezone(ZoneInfo(wishes.zone if wishes else "UTC")).date()
    return render(
        request,
        "times.html",
        status=422 if slip else 200,
        wishes=wishes,
        is_quiet=wishes is not None and wishes.paused_until is not None and wishes.paused_until > house.now(),
        days=DAYS,
        first=today + timedelta(days=1),
        last=today + LONGEST_PAUSE,
        typed={name: field(form, name) if form else "" for name in ("until", "day", "at")},
        slips={slip.field: slip.sentence} if slip else {},
        done=done,
    )


def _day(typed: str, now: datetime, zone: str) -> date | Slip:
    """Read the day on which a quiet time ends, or say what is wrong with it."""
    today = now.astimezone(ZoneInfo(zone)).date()
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return Slip("until", "Please choose a day.")
    if day <= today:
        return Slip("until", "That day is not ahead of you. Please choose a later one.")
    if day - today > LONGEST_PAUSE:
        return Slip("until", "That is very far away. Half a year is the most.")
    return day


def _clock(typed: str) -> time | None:
    try:
        return time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
