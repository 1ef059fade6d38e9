"""What the schedule page shows: programs and how they went, and a calendar of what goes out in the weeks ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bot.core.calendars import SchoolYear
from bot.core.occurrences import OccurrenceId
from bot.core.people import PersonId, Role
from bot.core.programs import Program, ProgramId
from bot.core.runs import RunId
from bot.core.schedules import Rule, Weekly, rule_from_json
from bot.runner.conductor import errand_run
from bot.runner.flow_menu import load_menu
from bot.runner.outlook import Outing, frame_of, outlook
from bot.runner.rule_words import in_words
from bot.storage.calendars import year_of
from bot.storage.connection import Connection
from bot.storage.fan_outs import zones_of
from bot.storage.going import Asked, Last, answered_among, asked_in, last_occurrences, unreached_among
from bot.storage.groups import load_members
from bot.storage.programs import programs_of
from bot.storage.prompts import budget_of, put_off_in
from bot.web.group_access import GroupHere
from bot.web.schedule_words import CHECK_IN, HABIT_WEEK, names_in_words, reminded_in_words, whose_time, window_in_words

WEEKS = 6
ONE_DAY = timedelta(days=1)
OUTSIDE = "outside the school year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Went:
    """How the last occurrence went; `unreached` says whom nothing reached and why, a line a reason."""

    started_at: datetime
    asked: int
    answered: int
    put_off: int
    unreached: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One program that begins by itself, in words."""

    id: ProgramId
    title: str
    when: str
    window: str
    whose: str
    preview: str
    next_at: datetime | None
    next_day: date | None
    is_own_time: bool
    note: str
    went: Went | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something on a day of the calendar; `left_out` where it does not come, `moved_from` where it came from."""

    title: str
    clock: str = ""
    whose: str = ""
    reminder: str = ""
    moved_from: date | None = None
    left_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the calendar; `free` names what makes it free of school."""

    day: date
    is_past: bool
    free: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that the page shows; `weeks` begin on Mondays, `people` are those who are asked."""

    titles: Mapping[str, str]
    planned: Sequence[Planned]
    weeks: Sequence[Sequence[Day]]
    people: int
    budget: int


def load_shown(connection: Connection, here: GroupHere, now: datetime) -> Shown:
    """Read what the page shows of a group."""
    titles = titles_in(connection, here)
    programs = programs_of(connection, here.id)
    went = _went(connection, here, programs)
    return Shown(
        titles=titles,
        planned=[replace(_planned(one, titles, here.zone), went=went.get(one.id)) for one in programs],
        weeks=_weeks(connection, here, programs, titles, now),
        people=sum(zones_of(connection, here.id).values()),
        budget=budget_of(connection, here.id),
    )


def titles_in(connection: Connection, here: GroupHere) -> dict[str, str]:
    """Name what a group can be asked: the check-ins for its kind of group, and a habit week."""
    offered = {flow.id: flow.title for flow in load_menu(connection).values() if flow.is_offered_in(here.setting)}
    return {**offered, HABIT_WEEK: "A habit week, the next in order"}


def is_same(one: Program, other: Program) -> bool:
    """Say whether two programs ask the same at the same moments."""
    is_alike = (one.kind, dict(one.choices), one.is_own_time) == (other.kind, dict(other.choices), other.is_own_time)
    return is_alike and _pattern(rule_from_json(one.rule)) == _pattern(rule_from_json(other.rule))


def _pattern(rule: Rule) -> tuple[object, ...]:
    """Tell rules apart by when they come, whenever they were set: two that take turns week by week are two."""
    match rule:
        case Weekly():
            week = (rule.since.toordinal() - rule.since.weekday()) // 7
            return in_words(rule), rule.weekdays, week % rule.every
        case _:
            return in_words(rule), getattr(rule, "dates", ())


def _planned(program: Program, titles: Mapping[str, str], zone: str) -> Planned:
    what = _what(program)
    choices = {name: value for name, value in program.choices.items() if name in ("order", "habit") and value}
    query = f"?{urlencode(choices)}" if program.kind == HABIT_WEEK and choices else ""
    return Planned(
        id=program.id,
        title=titles.get(what, what),
        when=in_words(rule_from_json(program.rule)),
        window=window_in_words(program),
        whose=whose_time(program, zone),
        preview=f"{what}{query}" if what in titles else "",
        next_at=program.next_at,
        next_day=program.next_day,
        is_own_time=program.is_own_time,
        note=program.note,
    )


def _what(program: Program) -> str:
    return program.choices.get("flow", program.kind)


def _went(connection: Connection, here: GroupHere, programs: Sequence[Program]) -> dict[ProgramId, Went]:
    """Find how the last occurrence of each program went, in a few statements however many there are."""
    last = last_occurrences(connection, [one.id for one in programs])
    names = [one.occurrence for one in last.values()]
    asked = asked_in(connection, names)
    runs = _runs(connection, here, last, asked)
    answered, unreached = answered_among(connection, runs), unreached_among(connection, runs)
    put_off = put_off_in(connection, names)
    found = {}
    for program, one in last.items():
        said = {runs[run][1] for run in answered if runs[run][0] == one.occurrence}
        lost = [each for each in unreached if runs[each.run][0] == one.occurrence and runs[each.run][1] not in said]
        found[program] = Went(
            started_at=one.started_at,
            asked=len({each.person for each in asked if each.occurrence == one.occurrence}),
            answered=len(said),
            put_off=put_off.get(one.occurrence, 0),
            unreached=_reasons([(each.name, each.reason) for each in lost]),
        )
    return found


def _runs(
    connection: Connection, here: GroupHere, last: Mapping[ProgramId, Last], asked: Sequence[Asked]
) -> dict[RunId, tuple[OccurrenceId, PersonId]]:
    """Name the runs of occurrences: of those who were asked, and of those who may have pressed a post."""
    parts = {(one.occurrence, one.part, one.person) for one in asked}
    learners = [PersonId(row.id) for row in load_members(connection, here.id) if row.role == Role.LEARNER]
    posted = [one.occurrence for one in last.values() if one.kind == CHECK_IN]
    parts |= {(name, f"ask:{person}", person) for name in posted for person in learners}
    return {errand_run(name, part, person): (name, person) for name, part, person in parts}


def _reasons(lost: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    by_reason: dict[str, list[str]] = {}
    for name, reason in lost:
        by_reason.setdefault(reason, []).append(name)
    return tuple(f"Could not reach {names_in_words(names)}: {reason}." for reason, names in by_reason.items())


def _weeks(
    connection: Connection, here: GroupHere, programs: Sequence[Program], titles: Mapping[str, str], now: datetime
) -> list[list[Day]]:
    today = now.astimezone(ZoneInfo(here.zone)).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday + ONE_DAY * number for number in range(WEEKS * 7)]
    until = datetime.combine(days[-1] + ONE_DAY, time(), UTC) + ONE_DAY
    frame, year = frame_of(connection, here.id), year_of(connection, here.id)
    entries: dict[date, list[Entry]] = {day: [] for day in days}
    for program in programs:
        ahead = outlook(program, frame, now, until)
        title = titles.get(_what(program), _what(program))
        for outing in ahead.outings:
            entries.setdefault(outing.on, []).append(_entry(program, outing, title))
        for day in ahead.left_out:
            entries.setdefault(day, []).append(Entry(title=title, left_out=True))
    made = [_day(day, today, year, entries[day]) for day in days]
    return [made[first : first + 7] for first in range(0, len(made), 7)]


def _entry(program: Program, outing: Outing, title: str) -> Entry:
    return Entry(
        title=title,
        clock=f"{rule_from_json(program.rule).at:%H:%M}",
        whose="in each person’s own time" if program.is_own_time else "",
        reminder=reminded_in_words(outing.reminded_on) if program.kind == CHECK_IN else "",
        moved_from=outing.day if outing.day != outing.on else None,
    )


def _day(day: date, today: date, year: SchoolYear, entries: Sequence[Entry]) -> Day:
    free = year.free_on(day)
    is_within = (year.begins or day) <= day <= (year.ends or day)
    ordered = sorted(entries, key=lambda entry: (entry.left_out, entry.clock, entry.title))
    return Day(day=day, is_past=day < today, free=free if is_within else OUTSIDE, entries=tuple(ordered))
