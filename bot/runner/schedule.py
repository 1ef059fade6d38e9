"""When programs begin: once a date, caught up with after a time away, never long after it was meant."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.events import EventId, ProgramDue, ProgramSet
from bot.core.people import GroupId, PersonId
from bot.core.programs import Program
from bot.core.schedules import Moment, Rule, latest_before, next_after, rule_from_json
from bot.storage.connection import Connection
from bot.storage.groups import load_groups
from bot.storage.programs import add_program

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
    zone, rule = _zone(connection, program.group), rule_from_json(program.rule)
    last = _last_passed(program, rule, zone, now)
    is_late = last is not None and now - last.at > WINDOW
    missed = last if is_late else _first_of(program) if last is not None and last.day != program.next_day else None
    coming = next_after(rule, last.at if last else now, zone)
    program = replace(
        program,
        next_at=coming.at if coming else None,
        next_day=coming.day if coming else None,
        note=MISSED.format(day=_written(missed, zone)) if missed else "",
    )
    return program, None if is_late else last


def begins_as(program: Program, moment: Moment) -> EventId:
    """Name the request of one occurrence by its date, so that it is one however many clocks ask."""
    return EventId(f"mull/program/{program.id}/{moment.day.isoformat()}")


def due_event(program: Program, now: datetime) -> ProgramDue | None:
    """Make the event that a program's moment has come."""
    if program.next_day is None:
        return None
    name = EventId(f"mull/clock/program/{program.id}/{program.next_day.isoformat()}")
    return ProgramDue(id=name, at=now, who=program.by, program=program.id, day=program.next_day)


def _last_passed(program: Program, rule: Rule, zone: str, now: datetime) -> Moment | None:
    if program.next_at is None:
        return None
    return latest_before(rule, now, zone, since=program.next_at - timedelta(seconds=1))


def _first_of(program: Program) -> Moment | None:
    """Name the moment that a program waited for."""
    if program.next_at is None or program.next_day is None:
        return None
    return Moment(day=program.next_day, at=program.next_at)


def _written(moment: Moment, zone: str) -> str:
    local = moment.at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B}"


def _zone(connection: Connection, group: GroupId) -> str:
    return str(load_groups(connection, [group])[0].zone)
