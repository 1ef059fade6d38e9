"""What programs will do in the weeks ahead, as far as their rules and the school calendar say it now."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.people import GroupId
from bot.core.programs import REMINDED_AT, Program
from bot.core.schedules import EVERY_DAY, rule_from_json
from bot.core.timing import after_quiet
from bot.runner.schedule import Frame
from bot.storage.calendars import year_of
from bot.storage.connection import Connection
from bot.storage.fan_outs import zones_of
from bot.storage.groups import load_groups

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """One time that a program comes: `day` is the date its rule names, `on` the local date on which it comes."""

    day: date
    on: date
    at: datetime
    reminded_on: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a program does until a time: when it comes, and the dates of its rule that the school calendar drops."""

    outings: tuple[Outing, ...]
    left_out: tuple[date, ...]


def frame_of(connection: Connection, group: GroupId) -> Frame:
    """Read where the wall times of a group's programs are read."""
    zone = str(load_groups(connection, [group])[0].zone)
    zones = tuple(zones_of(connection, group)) or (zone,)
    return Frame(zone=zone, zones=zones, calendar=year_of(connection, group).calendar())


def outlook(program: Program, frame: Frame, now: datetime, until: datetime) -> Outlook:
    """Look ahead from `now` to `until` (both aware); a program that stands still does nothing."""
    if program.next_at is None:
        return Outlook(outings=(), left_out=())
    outings = tuple(_outings(program, frame, now, until))
    named = _outings(program, replace(frame, calendar=EVERY_DAY), now, until)
    came = {outing.day for outing in outings} | {outing.on for outing in outings}
    # What is moved beyond `until` comes all the same.
    beyond = {outing.day for outing in _outings(program, frame, now, until + timedelta(days=31))}
    return Outlook(outings=outings, left_out=tuple(one.day for one in named if one.day not in came | beyond))


def _outings(program: Program, frame: Frame, now: datetime, until: datetime) -> Iterator[Outing]:
    rule = rule_from_json(program.rule)
    after, first = now, program.last_day + ONE_DAY if program.last_day else date.min
    while found := frame.moments(rule, after, first, is_own_time=program.is_own_time):
        zone, moment = min(found.items(), key=lambda one: one[1].at)
        if moment.at > until:
            return
        on = moment.at.astimezone(ZoneInfo(zone)).date()
        yield Outing(day=moment.day, on=on, at=moment.at, reminded_on=_reminded_on(program, moment.at, zone))
        after, first = moment.at, moment.day + ONE_DAY


def _reminded_on(program: Program, at: datetime, zone: str) -> tuple[date, ...]:
    """Name the local days of the reminders of one that begins at a time."""
    slots = (after_quiet(at + share * program.lasts, zone) for share in REMINDED_AT[: program.reminders])
    return tuple(slot.astimezone(ZoneInfo(zone)).date() for slot in slots if slot < at + program.lasts)
