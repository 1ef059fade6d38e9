"""Asking a whole group, and reminding its silent people: a chunk a transaction, so that a crash costs nothing.

Who is asked comes in the order of ids, and how far it has come is committed with what was asked: whoever goes on after
a crash, in this process or another, neither leaves anybody out nor asks anybody twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import NamedTuple

from bot.core.events import EventId, FanOutDue, RunReminded, RunRequested
from bot.core.occurrences import Errand, FanOut, Occurrence, OccurrenceId
from bot.core.people import GroupId, PersonId
from bot.core.programs import REMINDED_AT, Plan
from bot.core.runs import RunId
from bot.core.timing import after_quiet, is_late_at_night, is_quiet, monday_after, preferred_after, week_of
from bot.flows.conversation import STALE, run_named
from bot.flows.program import Ask
from bot.storage.connection import Connection
from bot.storage.fan_outs import (
    Invitee,
    add_fan_outs,
    end_fan_out,
    lock_fan_outs,
    move_fan_out,
    next_invitees,
    zones_of,
)
from bot.storage.programs import BROKEN, note_program
from bot.storage.prompts import (
    FULL_WEEK,
    Prompted,
    add_prompts,
    asked_between,
    budget_of,
    count_prompts,
    finished_since,
    prompted_in,
    states_of,
    still_open,
)
from bot.storage.turns import load_runs

CHUNK = 2_000
"""People asked in one transaction: some tenths of a second in which nobody else can write to SQLite."""

NOT_GOING_OUT = frozenset({"dead", "expired"})
"""What became of a reminder that nobody saw: it does not count."""

NOT_IN_TIME = "Mull was not running while this was open, so some people could not be asked in time."


class Planned(NamedTuple):
    """What is meant for a wall time: which occurrence, of which group, open until when."""

    occurrence: OccurrenceId
    group: GroupId
    clock: time
    closes_at: datetime | None


def plan_fan_outs(connection: Connection, one: Occurrence, ask: Ask, plan: Plan) -> None:
    """Write down when a planned occurrence asks the people of each zone, and when it reminds the silent ones."""
    sizes = zones_of(connection, one.group)
    rows = []
    for zone, (opens_at, closes_at) in plan.windows.items():
        first = FanOut(
            occurrence=one.id,
            step=0,
            zone=zone,
            due_at=opens_at,
            group=one.group,
            by=one.by,
            flow=ask.flow,
            size=sizes.get(zone, 0),
            is_posted=ask.is_posted,
            reminders=plan.reminders,
            clock=plan.clock,
            closes_at=closes_at,
            since=plan.week_begins_at,
        )
        rows += [] if ask.is_posted else [first]
        begun = closes_at - plan.lasts
        slots = [after_quiet(begun + share * plan.lasts, zone) for share in REMINDED_AT if plan.reminders]
        rows += [replace(first, step=n, due_at=at) for n, at in enumerate(slots, start=1) if at < closes_at]
    add_fan_outs(connection, rows)


def ask_now(connection: Connection, one: Occurrence, ask: Ask, at: datetime) -> list[RunRequested]:
    """Ask a group because somebody wants it now: a class in this transaction, the rest of a big one after it."""
    if ask.is_posted:
        return []
    people = next_invitees(connection, one.group, "", "", CHUNK)
    wanted = FanOut(
        occurrence=one.id, step=0, zone="", due_at=at, group=one.group, by=one.by, flow=ask.flow, size=CHUNK
    )
    if len(people) == CHUNK:
        add_fan_outs(connection, [replace(wanted, cursor=people[-1].person)])
    return _asked(connection, wanted, people, at)


def fan_out(
    connection: Connection, event: FanOutDue, people: Sequence[Invitee]
) -> tuple[list[RunRequested], list[RunReminded]]:
    """Take the next people of a fan-out; `people` were read before its row was locked.

    Where somebody else has been here meanwhile, there is nothing to do.
    """
    steps = lock_fan_outs(connection, event.occurrence, event.zone)
    one = next((one for one in steps if one.step == event.step), None)
    if one is None or one.cursor != event.cursor or one.due_at > event.at:
        return [], []
    comes_at = after_quiet(event.at, one.zone) if _is_for_the_morning(one, event.at) else event.at
    if one.closes_at is not None and comes_at >= one.closes_at:
        end_fan_out(connection, one)
        if one.step == 0:
            note_program(connection, one.occurrence, NOT_IN_TIME)
        return [], []
    if one.step > 0 and any(other.step > one.step and other.due_at <= event.at for other in steps):
        end_fan_out(connection, one)
        return [], []
    if comes_at > event.at:
        move_fan_out(connection, replace(one, due_at=comes_at))
        return [], []
    _go_on(connection, one, people, event.most)
    if one.step == 0:
        return _asked(connection, one, people, event.at), []
    return _reminded(connection, one, people, event.at)


def give_up_fan_out(connection: Connection, one: FanOut) -> None:
    """End a fan-out that cannot go on; whoever set its program reads so."""
    end_fan_out(connection, one)
    note_program(connection, one.occurrence, BROKEN)


def errand_event(occurrence: OccurrenceId, part: str) -> EventId:
    """Name the request of the run that has a part in an occurrence."""
    return EventId(f"mull/errand/{occurrence}/{part}")


def when_shown(
    connection: Connection, planned: Planned, people: Mapping[str, Invitee], at: datetime
) -> Mapping[str, datetime]:
    """Decide when each is asked what was planned for now: at an hour they like, after their pause, in a week with room.

    `people` are by the part that they are asked for, and so is what is answered. Writes down what it decides.
    """
    earliest = week_of(at, "UTC") - timedelta(days=7)
    counts = count_prompts(connection, {one.person for one in people.values()}, earliest)
    budget = budget_of(connection, planned.group)
    decided = []
    for part, one in people.items():
        moment = at if one.prefers is None else preferred_after(at, *one.prefers, one.zone)
        if one.paused_until is not None:
            moment = max(moment, one.paused_until)
        is_full = counts.get((one.person, week_of(moment, one.zone)), 0) >= budget
        if is_full:
            moment = monday_after(moment, planned.clock, one.zone)
        is_pushed = planned.closes_at is None or moment < planned.closes_at
        week = week_of(moment, one.zone) if is_pushed else None
        decided.append(Prompted(planned.occurrence, one.person, part, week, moment, FULL_WEEK if is_full else ""))
    add_prompts(connection, decided)
    return {one.part: one.shown_at for one in decided}


def _is_for_the_morning(one: FanOut, at: datetime) -> bool:
    """Say whether it is night for those whose turn it is: no reminder comes then, and no prompt caught up with late."""
    if one.step > 0:
        return is_quiet(at, one.zone)
    return one.clock is not None and is_late_at_night(at, one.due_at, one.zone)


def _go_on(connection: Connection, one: FanOut, people: Sequence[Invitee], most: int) -> None:
    if len(people) < most:
        end_fan_out(connection, one)
    else:
        move_fan_out(connection, replace(one, cursor=people[-1].person))


def _asked(connection: Connection, one: FanOut, people: Sequence[Invitee], at: datetime) -> list[RunRequested]:
    if one.clock is None or one.closes_at is None:
        _note_asked(connection, one, people, at)
        return [_request(one, each, at) for each in people]
    not_asked = _answered_early(connection, one, people) | _have_it(connection, one, people, at)
    asked = {_part(each.person): each for each in people if each.person not in not_asked}
    shown_at = when_shown(connection, Planned(one.occurrence, one.group, one.clock, one.closes_at), asked, at)
    return [_request(one, each, at, shown_at[part]) for part, each in asked.items()]


def _note_asked(connection: Connection, one: FanOut, people: Iterable[Invitee], at: datetime) -> None:
    noted = (Prompted(one.occurrence, each.person, _part(each.person), week_of(at, each.zone), at) for each in people)
    add_prompts(connection, list(noted))


def _answered_early(connection: Connection, one: FanOut, people: Sequence[Invitee]) -> set[PersonId]:
    """Find who began, and finished, the same by themselves earlier in the week: it counts, they are not asked again."""
    if one.since is None:
        return set()
    return finished_since(connection, [each.person for each in people], one.flow, one.group, one.since)


def _have_it(connection: Connection, one: FanOut, people: Sequence[Invitee], at: datetime) -> set[PersonId]:
    """Find who still has the same open from not long ago: they are not asked beside it, and it counts once."""
    return still_open(connection, [each.person for each in people], one.flow, one.group, at - STALE)


def _reminded(
    connection: Connection, one: FanOut, people: Sequence[Invitee], at: datetime
) -> tuple[list[RunRequested], list[RunReminded]]:
    """Remind who is silent, unless they had their reminders; who only saw a post is asked now, which is one as well."""
    # Where a pause ends at this very moment, what it held back comes now.
    awake = [each for each in people if each.paused_until is None or each.paused_until < one.due_at]
    runs = {each.person: _run(one, each.person) for each in awake}
    had = _had(connection, one, runs)
    # Where a prompt itself came late, a reminder does not come along with it.
    just_asked = asked_between(connection, one.occurrence, runs.keys(), (one.due_at, at))
    left = [each for each in awake if had[each.person] < one.reminders and each.person not in just_asked]
    begun = load_runs(connection, runs.values()) if one.is_posted else {}
    new = [each for each in left if one.is_posted and runs[each.person] not in begun]
    _note_asked(connection, one, new, at)
    reminders = [
        RunReminded(id=EventId(_reminder(runs[each.person], one.step)), at=at, who=each.person, run=runs[each.person])
        for each in left
        if each not in new
    ]
    return [_request(one, each, at) for each in new], reminders


def _had(connection: Connection, one: FanOut, runs: Mapping[PersonId, RunId]) -> dict[PersonId, int]:
    """Count the reminders of each that were sent, or are on their way."""
    named = {person: [f"{_reminder(run, step)}/0" for step in range(1, one.step)] for person, run in runs.items()}
    for person in prompted_in(connection, one.occurrence, runs.keys()) if one.is_posted else ():
        named[person].append(f"{_errand(one, person)}/0")
    states = states_of(connection, [name for names in named.values() for name in names])
    return {
        person: sum(name in states and states[name] not in NOT_GOING_OUT for name in names)
        for person, names in named.items()
    }


def _request(one: FanOut, each: Invitee, at: datetime, not_before: datetime | None = None) -> RunRequested:
    return RunRequested(
        id=_errand(one, each.person),
        at=at,
        who=each.person,
        place=each.place,
        flow=one.flow,
        group=one.group,
        is_own_wish=False,
        errand=Errand(occurrence=one.occurrence, part=_part(each.person)),
        not_before=not_before,
        closes_at=one.closes_at,
    )


def _part(person: PersonId) -> str:
    return f"ask:{person}"


def _errand(one: FanOut, person: PersonId) -> EventId:
    return errand_event(one.occurrence, _part(person))


def _run(one: FanOut, person: PersonId) -> RunId:
    return run_named(_errand(one, person), person)


def _reminder(run: RunId, step: int) -> str:
    return f"mull/remind/{run}/{step}"
