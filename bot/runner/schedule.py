"""When programs begin: once a date, caught up with after a time away, never after it would be over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.events import EventId, ProgramDue, ProgramSet
from bot.core.people import GroupId, PersonId
from bot.core.programs import LONGEST, MOST_REMINDERS, SHORTEST, Plan, Program, Window
from bot.core.schedules import Calendar, Moment, Rule, at_wall_time, latest_before, next_after, rule_from_json
from bot.core.timing import after_quiet
from bot.storage.calendars import year_of
from bot.storage.connection import Connection
from bot.storage.fan_outs import zones_of
from bot.storage.groups import load_groups
from bot.storage.programs import add_program, move_on, programs_of

MISSED = "Mull was not running on {day}, so nothing was sent then."
MOVED_AT_MOST = timedelta(days=32)
"""A calendar moves a date within its month at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where a program's wall time is read: the group's zone, those of its learners, its school calendar."""

    zone: str
    zones: tuple[str, ...]
    calendar: Calendar

    def moments(self, rule: Rule, after: datetime, first: date, *, is_own_time: bool) -> Mapping[str, Moment]:
        """Find the next moment after a time, of a date not before `first`, in each zone that counts, if there is one.

        It is the same date for all: the first that none of them has behind it.
        """
        zones = self.zones if is_own_time else (self.zone,)
        found = {zone: self._moment(rule, after, first, zone) for zone in zones}
        day = max((moment.day for moment in found.values() if moment), default=None)
        if day is None or None in found.values():
            return {}
        named = {zone: self._moment(rule, after, day, zone) for zone in zones}
        return {zone: moment for zone, moment in named.items() if moment is not None and moment.day == day}

    def _moment(self, rule: Rule, after: datetime, first: date, zone: str) -> Moment | None:
        coming = next_after(rule, after, zone, self.calendar)
        while coming is not None and coming.day < first:
            coming = next_after(rule, coming.at, zone, self.calendar)
        return coming


def program_of(connection: Connection, event: ProgramSet, by: PersonId) -> Program | None:
    """Make a program out of what was asked for; None where its rule means nothing, or will never come."""
    try:
        rule_from_json(event.rule)
    except ValueError:
        return None
    is_fine = SHORTEST <= event.lasts <= LONGEST and 0 <= event.reminders <= MOST_REMINDERS
    program = Program(
        id=event.program,
        group=event.group,
        by=by,
        kind=event.kind,
        choices=event.choices,
        rule=event.rule,
        lasts=event.lasts,
        reminders=event.reminders,
        is_own_time=event.is_own_time,
    )
    program = _from(program, event.at, date.min, _frame(connection, event.group))
    return program if is_fine and program.next_at is not None else None


def set_program(connection: Connection, event: ProgramSet, by: PersonId) -> bool:
    """Write a program down; answer whether it can be."""
    program = program_of(connection, event, by)
    if program is not None:
        add_program(connection, program, event.at)
    return program is not None


def moved_on(connection: Connection, program: Program, now: datetime) -> tuple[Program, Plan | None]:
    """Find the occurrence that a program is to begin now, and what the program looks like after that.

    Of several that passed while nobody looked the last one counts, while it would still be open; what is missed is
    noted.
    """
    if program.next_at is None or program.next_day is None or program.next_at > now:
        return program, None
    frame = _frame(connection, program.group)
    first = Moment(day=program.next_day, at=program.next_at)
    last = _last_passed(program, frame, first, now)
    plan = _plan(program, frame, last)
    is_over = plan.closes_at <= now
    missed = last if is_over else first if last.day != first.day else None
    note = MISSED.format(day=_written(missed, frame.zone)) if missed else ""
    program = replace(program, note=note, last_day=last.day)
    return _from(program, last.at, last.day + timedelta(days=1), frame), None if is_over else plan


def plan_anew(connection: Connection, group: GroupId, at: datetime) -> None:
    """Find the next moments of a group's programs again, because its zone or calendar changed; no date comes twice."""
    frame = _frame(connection, group)
    for program in programs_of(connection, group):
        first = program.last_day + timedelta(days=1) if program.last_day else date.min
        move_on(connection, _from(program, at, first, frame))


def begins_as(plan: Plan) -> EventId:
    """Name the request of one occurrence by its date, so that it is one however many clocks ask."""
    return EventId(f"mull/program/{plan.program}/{plan.day.isoformat()}")


def due_event(program: Program, now: datetime) -> ProgramDue | None:
    """Make the event that a program's moment has come."""
    if program.next_day is None or program.next_at is None:
        return None
    # A date whose moment was moved away at the last instant has its turn at the new one.
    moment = f"{program.next_day.isoformat()}/{program.next_at.timestamp():.6f}"
    name = EventId(f"mull/clock/program/{program.id}/{moment}")
    return ProgramDue(id=name, at=now, who=program.by, program=program.id, day=program.next_day)


def _plan(program: Program, frame: Frame, moment: Moment) -> Plan:
    """Say from when to when an occurrence is open, in each zone."""
    rule = rule_from_json(program.rule)
    if program.is_own_time:
        found = frame.moments(rule, moment.at - MOVED_AT_MOST, moment.day, is_own_time=True)
        windows = {zone: Window(one.at, one.at + program.lasts) for zone, one in found.items()}
    else:
        closes_at = moment.at + program.lasts
        windows = {zone: Window(_by_day(moment.at, zone, frame.zone), closes_at) for zone in frame.zones}
    return Plan(
        program=program.id,
        day=moment.day,
        clock=rule.at,
        lasts=program.lasts,
        reminders=program.reminders,
        week_begins_at=_monday(moment.day, frame.zone),
        windows=windows,
    )


def _monday(day: date, zone: str) -> datetime:
    """Find where the week of a date begins in a zone."""
    monday = datetime.combine(day - timedelta(days=day.weekday()), time(12), tzinfo=ZoneInfo(zone))
    return at_wall_time(monday, time(), zone)


def _by_day(at: datetime, zone: str, meant_in: str) -> datetime:
    """Ask nobody in the night because it is day elsewhere; a late hour that was chosen on purpose stays."""
    clock = at.astimezone(ZoneInfo(zone)).time()
    return at if clock == at.astimezone(ZoneInfo(meant_in)).time() else after_quiet(at, zone)


def _from(program: Program, after: datetime, first: date, frame: Frame) -> Program:
    """Let a program begin next after a moment, and at a date not before the first."""
    rule = rule_from_json(program.rule)
    found = frame.moments(rule, after, first, is_own_time=program.is_own_time)
    coming = min(found.values(), key=lambda moment: moment.at, default=None)
    return replace(program, next_at=coming.at if coming else None, next_day=coming.day if coming else None)


def _last_passed(program: Program, frame: Frame, first: Moment, now: datetime) -> Moment:
    """Find the newest moment that has come anywhere, from the one that was waited for on."""
    rule = rule_from_json(program.rule)
    zones = frame.zones if program.is_own_time else (frame.zone,)
    passed = (latest_before(rule, now, zone, frame.calendar, since=first.at) for zone in zones)
    return max((moment for moment in passed if moment and moment.day > first.day), key=_day, default=first)


def _day(moment: Moment) -> date:
    return moment.day


def _frame(connection: Connection, group: GroupId) -> Frame:
    zone = str(load_groups(connection, [group])[0].zone)
    zones = tuple(zones_of(connection, group)) or (zone,)
    return Frame(zone=zone, zones=zones, calendar=year_of(connection, group).calendar())


def _written(moment: Moment, zone: str) -> str:
    local = moment.at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B}"
