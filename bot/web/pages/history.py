"""Who read answers of a group, took them along or changed something in it: a week on a page."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.storage.audit import Done, deeds_in, last_deed_before
from bot.storage.connection import Connection
from bot.web.auth import InHouse
from bot.web.deed_words import in_words
from bot.web.group_access import Administered
from bot.web.rendering import render
from bot.web.weeks import days_of, week_named, week_of
from bot.web.wording import tidy

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on one day, the latest first."""

    begins_at: datetime
    deeds: list[Done]


@router.get("/groups/{group}/history")
async def show(request: Request, here: Administered, house: InHouse) -> Response:
    """Show the week that the address names, or this one."""
    now = house.now()
    this = week_of(now, here.zone)
    week = week_named(tidy(request.query_params.get("week", "")), here.zone) or this

    def work(connection: Connection) -> tuple[list[Day], datetime | None]:
        spans = reversed(days_of(week, here.zone))
        days = (Day(since, deeds_in(connection, here.id, since, until)) for since, until in spans)
        return [day for day in days if day.deeds], last_deed_before(connection, here.id, week.since)

    days, before = await house.database.read(work)
    return render(
        request,
        "history.html",
        here=here,
        week=week,
        is_this_week=week == this,
        days=days,
        in_words=in_words,
        earlier=week_of(before, here.zone).name if before else "",
    )
