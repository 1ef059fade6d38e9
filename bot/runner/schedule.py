"""When programs begin: once a date, caught up with after a time away, never long after it was meant."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.events import EventId, ProgramDue, ProgramSet
from bot.core.people import GroupId, PersonId
from bot.core.programs import Program
from bot.core.schedules import Moment, latest_before, next_after, rule_from_json
from bot.storage.connection import Connection
from bot.storage.groups import load_groups
from bot.storage.programs import add_program, move_on, programs_of

WINDOW = timedelta(hours=24)
"""How long after its moment a program still begins: a prompt for Thursday does not come on Saturday."""

MISSED = "Mull was not running on {day}, so nothing was sent then."


def program_of(connection: Connection, event: ProgramSet, by: PersonId) -> Program | None:
    """Make a program out of what was asked for; None where its rule means nothing, or will never come."""
    try:
        rule = rule_from_json(event.rule)
    except ValueError:
        return None
    first = next_after(rule, event.at, _zone(connection, event.group))
    if first is None:
        return None
    return Program(
        id=event.program,
        group=event.group,
        by=by,
        kind=event.kind,
        choices=event.choices,
        rule=event.rule,
        next_at=first.at,
        next_day=first.day,
    )


def set_program(connection: Connection, event: ProgramSet, by: PersonId) -> bool:
    """Write a program down; answer whether it can be."""
    program = program_of(connection, event, by)
    if program is not None:
        add_program(connection, program, event.at)
    return program is not None


def moved_on(connection: Connection, program: Program, now: datetime) -> tuple[Program, Moment | None]:
    """Find the moment at which a program is to begin now, and what it looks like after that.

    Of several that passed while nobody looked the last one counts, and only within the window; what is missed is noted.
    """
    first = _waited_for(program)
    if first is None or first.at > now:
        return program, None
    zone, rule = _zone(connection, program.group), rule_from_json(program.rule)
    last = latest_before(rule, now, zone, since=first.at) or first
    is_late = now - last.at > WINDOW
    missed = last if is_late else first if last != first else None
    program = replace(program, note=MISSED.format(day=_written(missed, zone)) if missed else "")
    return _from(program, last.at, last.day + timedelta(days=1), zone), None if is_late else last


def plan_anew(connection: Connection, group: GroupId, at: datetime) -> None:
    """Find the next moments of a group's programs again, because its zone changed; no date comes a second time."""
    zone = _zone(connection, group)
    for program in programs_of(connection, group):
        if program.next_day is not None:
            move_on(connection, _from(program, at, program.next_day, zone))


def begins_as(program: Program, moment: Moment) -> EventId:
    """Name the request of one occurrence by its date, so that it is one however many clocks ask."""
    return EventId(f"mull/program/{program.id}/{moment.day.isoformat()}")


def due_event(program: Program, now: datetime) -> ProgramDue | None:
    """Make the event that a program's moment has come."""
    if program.next_day is None:
        return None
    name = EventId(f"mull/clock/program/{program.id}/{program.next_day.isoformat()}")
    return ProgramDue(id=name, at=now, who=program.by, program=program.id, day=program.next_day)


def _from(program: Program, after: datetime, first: date, zone: str) -> Program:
    """Let a program begin next after a moment, and at a date not before the first."""
    rule = rule_from_json(program.rule)
    coming = next_after(rule, after, zone)
    while coming is not None and coming.day < first:
        coming = next_after(rule, coming.at, zone)
    return replace(program, next_at=coming.at if coming else None, next_day=coming.day if coming else None)


def _waited_for(program: Program) -> Moment | None:
    """Name the moment that a program waits for."""
    if program.next_at is None or program.next_day is None:
        return None
    return Moment(day=program.next_day, at=program.next_at)


def _written(moment: Moment, zone: str) -> str:
    local = moment.at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B}"


def _zone(connection: Connection, group: GroupId) -> str:
    return str(load_groups(connection, [group])[0].zone)
