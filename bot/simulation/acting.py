"""What people do, as events: answers to what they see, and what they begin of their own accord."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from zlib import crc32

from bot.core.events import (
    ChoicePressed,
    Control,
    ControlPressed,
    Event,
    EventId,
    FormSubmitted,
    MemberRemoved,
    PeopleEnrolled,
    RunRequested,
)
from bot.core.people import GroupId, PersonId, Role
from bot.core.platform_news import PersonPaused
from bot.simulation.making import on_tick
from bot.simulation.platform import Sight, place_of
from bot.simulation.record import Deed, Did, Kind
from bot.simulation.year import Planned, Program, Wish

LEADER = PersonId("leader")
OUT_OF = 100
DEEDS = {Wish.JOIN: Did.JOINED, Wish.LEAVE: Did.LEFT, Wish.PAUSE: Did.PAUSED, Wish.BEGIN: Did.BEGAN}
HOURS = (3, 6, 12, 24, 30, 48)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody will do about what they saw, unless it is over by then."""

    at: datetime
    did: Did
    sight: Sight


@dataclass(frozen=True, slots=True)
class Mail:
    """An event on its way to Mull, and the deed that it is; one that `is_copy` came before."""

    event: Event
    deed: Deed
    is_copy: bool = False


def reaction(seed: int, sight: Sight) -> Act | None:
    """Decide what somebody does about a question; the same whenever it is asked."""
    seen = sight.seen
    drawn = crc32(f"{seed}/{seen.person}/{sight.run}".encode())
    manner, more = drawn % OUT_OF, drawn // OUT_OF
    if seen.kind is Kind.REMINDER:
        return _act(seen.at, Did.ANSWERED, sight) if 70 <= manner < 82 else None  # noqa: PLR2004
    if seen.kind is Kind.AGAIN:
        return _act(seen.at, Did.ANSWERED, sight) if more % 4 else None
    match manner:
        case _ if manner < 30:  # noqa: PLR2004 - shares of a hundred
            return _act(seen.at, Did.ANSWERED, sight)
        case _ if manner < 58:  # noqa: PLR2004
            return _act(seen.at + timedelta(hours=HOURS[more % len(HOURS)]), Did.ANSWERED, sight)
        case _ if manner < 64:  # noqa: PLR2004
            return _act(seen.at + timedelta(days=3 + more % 6), Did.ANSWERED, sight)
        case _ if manner < 67:  # noqa: PLR2004
            return _act(seen.at, Did.LATER, sight)
        case _ if manner < 70:  # noqa: PLR2004
            return _act(seen.at, Did.TOMORROW, sight)
        case _ if manner >= 97:  # noqa: PLR2004
            return _act(seen.at, Did.STOPPED, sight)
        case _:
            return None


def mail_of(act: Act, number: int) -> Mail:
    """Write out what somebody does about what they saw."""
    sight, seen = act.sight, act.sight.seen
    who, text = PersonId(seen.person), f"Note {number} of {seen.person}"
    name = EventId(f"school/{seen.person}/{number}")
    event: Event
    match act.did:
        case Did.ANSWERED if number % 3:
            raw = {sight.key: text}
            event = FormSubmitted(id=name, at=act.at, who=who, place=sight.place, run=sight.run, raw=raw)
        case Did.ANSWERED:
            event = ChoicePressed(
                id=name, at=act.at, who=who, place=sight.place, run=sight.run, wait=sight.wait, chosen=(text,)
            )
        case _:
            control = {Did.LATER: Control.LATER, Did.TOMORROW: Control.TOMORROW, Did.STOPPED: Control.STOP}[act.did]
            event = ControlPressed(
                id=name, at=act.at, who=who, place=sight.place, run=sight.run, wait=sight.wait, control=control
            )
    return Mail(event, Deed(seen.person, act.did, act.at, act.at, seen.program, text))


def mail_of_plan(plan: Planned, program: Program | None, number: int) -> Mail:
    """Write out what somebody does of their own accord, or what is done for them."""
    return Mail(
        _event_of(plan, program, number),
        Deed(plan.person, DEEDS[plan.wish], plan.at, plan.at, plan.about, until=plan.until),
    )


def _event_of(plan: Planned, program: Program | None, number: int) -> Event:
    name, who = EventId(f"school/{plan.person}/{number}"), PersonId(plan.person)
    group = GroupId(plan.about)
    match plan.wish:
        case Wish.JOIN:
            people = ((who, plan.person),)
            return PeopleEnrolled(id=name, at=plan.at, who=LEADER, group=group, role=Role.LEARNER, people=people)
        case Wish.LEAVE:
            return MemberRemoved(id=name, at=plan.at, who=LEADER, group=group, person=who)
        case Wish.PAUSE:
            return PersonPaused(id=name, at=plan.at, who=who, until=plan.until)
        case Wish.BEGIN:
            assert program is not None  # noqa: S101 - a wish names one
            place = place_of(plan.person)
            return RunRequested(
                id=name, at=plan.at, who=who, place=place, flow=program.flow, group=GroupId(program.group)
            )
        case _:
            assert_never(plan.wish)


def _act(at: datetime, did: Did, sight: Sight) -> Act:
    return Act(on_tick(at + timedelta(minutes=1)), did, sight)
