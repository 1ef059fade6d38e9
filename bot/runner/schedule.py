"""When programs begin: once a date, caught up with after a time away, never long after it was meant."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.events import EventId, ProgramDue, ProgramSet
from bot.core.people import PersonId
from bot.core.programs import Program
from bot.core.schedules import Moment, next_after, rule_from_json
from bot.storage.connection import Connection
from bot.storage.groups import load_groups
from bot.storage.programs import add_program

WINDOW = timedelta(hours=24)
"""How long after its moment a program still begins: a prompt for Thursday does not come on Saturday."""

MISSED = "Mull was not running on {day}, so nothing was sent then."
MOST_MISSED = 1_000


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
    zone = _zone(connection, program.group)
    passed = list(_passed(program, zone, now))
    after = passed[-1].at if passed else now
    coming = next_after(rule_from_json(program.rule), after, zone)
    program = replace(program, next_at=coming.at if coming else None, next_day=coming.day if coming else None)
    last = passed[-1] if passed else None
    is_late = last is not None and now - last.at > WINDOW
    missed = passed if is_late else passed[:-1]
    note = MISSED.format(day=_written(missed[-1], zone)) if missed else ""
    return replace(program, note=note), None if is_late else last


def begins_as(program: Program, moment: Moment) -> EventId:
    """Name the request of one occurrence by its date, so that it is one however many clocks ask."""
    return EventId(f"mull/program/{program.id}/{moment.day.isoformat()}")


def due_event(program: Program, now: datetime) -> ProgramDue | None:
    """Make the event that a program's moment has come."""
    if program.next_day is None:
        return None
    name = EventId(f"mull/clock/program/{program.id}/{program.next_day.isoformat()}")
    return ProgramDue(id=name, at=now, who=program.by, program=program.id, day=program.next_day)


def _passed(program: Program, zone: str, now: datetime) -> Iterator[Moment]:
    if program.next_at is None or program.next_day is None:
        return
    rule, moment = rule_from_json(program.rule), Moment(day=program.next_day, at=program.next_at)
    for _ in range(MOST_MISSED):
        if moment.at > now:
            return
        yield moment
        coming = next_after(rule, moment.at, zone)
        if coming is None:
            return
        moment = coming


def _written(moment: Moment, zone: str) -> str:
    local = moment.at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B}"


def _zone(connection: Connection, group: str) -> str:
    return str(load_groups(connection, [group])[0].zone)  # type: ignore[list-item]
