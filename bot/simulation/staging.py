"""Writing an invented school into a database, as its people would find it on the first day."""

from collections.abc import Iterator
from datetime import datetime

from bot.core.calendars import FreeTime, SchoolYear, year_to_json
from bot.core.events import CalendarSet, Event, EventId, GroupCreated, ProgramSet
from bot.core.people import GroupId, PersonId, Role
from bot.core.platform_news import TimePreferred
from bot.core.programs import ProgramId
from bot.core.schedules import Monthly, MonthlyOn, OnDates, Rule, Weekly, rule_to_json
from bot.flows.library import read
from bot.simulation.acting import LEADER
from bot.simulation.platform import place_of
from bot.simulation.year import Program, Rhythm, Terms, Year
from bot.storage.bootstrap import add_owner
from bot.storage.connection import Connection
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members
from bot.storage.people import add_people, describe_person

SCHOOL = GroupId("school")

FLOW = """
flow: {flow}
title: {title}
band: 14-18
settings: [class]
nudge_after: 0
exercises: {{attributes: [voice], phases: [notice]}}
steps:
  - id: noticed
    ask: What did you notice about your own thinking?
    label: Noticed
    text: {{lines: 2}}
"""


def build_school(connection: Connection, year: Year) -> None:
    """Write down people, groups and flows."""
    at = year.begins_at
    add_owner(connection, LEADER, SCHOOL, at)
    add_people(connection, [(PersonId(name), name) for name in sorted(year.people)], at)
    for person in year.people.values():
        place = place_of(person.id)
        describe_person(connection, PersonId(person.id), name=person.id, lang="en", zone=person.zone, place=place)
    for group in year.groups:
        add_group(
            connection,
            GroupCreated(
                id=EventId(f"school/{group.id}"),
                at=at,
                who=LEADER,
                group=GroupId(group.id),
                name=group.id,
                code=group.id,
                setting="class",
                zone=group.zone,
                parent=SCHOOL,
            ),
        )
        add_members(connection, GroupId(group.id), [LEADER], Role.FACILITATOR, at)
        add_members(connection, GroupId(group.id), [PersonId(name) for name in group.members], Role.LEARNER, at)
    for program in year.programs:
        _publish(connection, program, at)


def settings_of(year: Year) -> Iterator[Event]:
    """List what is set on the first day: the school's years, when people like to be asked, what comes by itself."""
    terms = {SCHOOL: year.terms, **{GroupId(group.id): group.terms for group in year.groups}}
    for group, one in terms.items():
        if one is not None:
            name = EventId(f"school/{group}/terms")
            yield CalendarSet(id=name, at=year.begins_at, who=LEADER, group=group, body=_written(one))
    for person in year.people.values():
        if person.likes is not None:
            name, (weekday, clock) = EventId(f"school/{person.id}/likes"), person.likes
            yield TimePreferred(id=name, at=year.begins_at, who=PersonId(person.id), weekday=weekday, clock=clock)
    for program in year.programs:
        yield ProgramSet(
            id=EventId(f"school/{program.id}/set"),
            at=year.begins_at,
            who=LEADER,
            group=GroupId(program.group),
            program=ProgramId(program.id),
            kind="check_in",
            choices={"flow": program.flow},
            rule=rule_to_json(_rule(program.rhythm)),
            lasts=program.lasts,
            reminders=program.reminders,
            is_own_time=program.is_own_time,
        )


def _publish(connection: Connection, program: Program, at: datetime) -> None:
    document = read(FLOW.format(flow=program.flow, title=program.title), "year.yaml")
    publish_flow(connection, document.flow, document.version, document.to_json(), at)


def _written(terms: Terms) -> str:
    free = tuple(FreeTime(day, day) for day in sorted(terms.free))
    return year_to_json(SchoolYear(begins=terms.begins, ends=terms.ends, free=free, shifts=terms.shifts))


def _rule(rhythm: Rhythm) -> Rule:
    match rhythm.kind:
        case "weekly":
            return Weekly(rhythm.weekdays, rhythm.at, rhythm.since, rhythm.every)
        case "monthly":
            return Monthly(rhythm.day, rhythm.at, rhythm.since)
        case "monthly_on":
            return MonthlyOn(rhythm.nth, rhythm.weekdays[0], rhythm.at, rhythm.since)
        case _:
            return OnDates(rhythm.dates, rhythm.at)
