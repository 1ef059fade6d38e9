"""When a group is asked by itself, for who leads it; and when somebody likes to be asked."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.core.events import ProgramEnded, ProgramSet
from bot.core.people import Action, is_list
from bot.core.platform_news import TimePreferred
from bot.core.programs import Program, ProgramId
from bot.core.schedules import Weekly, rule_from_json, rule_to_json
from bot.desk.dates import written
from bot.desk.here import Deed, Here, Result, tell
from bot.desk.menu import load_offers
from bot.desk.wording import short
from bot.runner.flow_menu import FlowChoice
from bot.runner.posting import title_of
from bot.runner.rule_words import in_words
from bot.runner.schedule import program_of
from bot.storage.desk import Circle
from bot.storage.programs import programs_of

PROGRAM, WHEN, END, SET = "program", "when", "end", "set"
OFTEN = {"second": 2, "2nd": 2, "fortnight": 2, "fortnightly": 2}
NOISE = frozenset({"every", "each", "at", "week", "weeks", "and", "on", "o'clock", "me", "ask"})
TIMES = ("08:30", "09:00", "12:00", "14:00", "15:00", "16:00")
SCHOOL_DAYS = 5
CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?")
NOON = 12


class Wanted(NamedTuple):
    """What was read out of somebody's words: days of the week, a wall time, how often, and the words left over."""

    days: tuple[int, ...]
    at: time | None
    every: int
    rest: str


def program(here: Here, asked: Asked, rest: str) -> Result:
    """Show what a group is asked by itself; set more, or end it: `[set] [<flow>] [<days> <time>]`, `end <program>`."""
    circles = here.asker.may(Action.READ_ANSWERS)
    if not circles:
        return tell(here.wording.planning_is_for)
    parts = rest.split()
    named = [circle for circle in circles if circle.id in parts] or _in_channel(circles, asked) or list(circles)
    words = [part for part in parts if all(part != circle.id for circle in circles)]
    if words[:1] == [END]:
        return _end(here, asked, circles, ProgramId(" ".join(words[1:])))
    if not words:
        return Reply(items=tuple(item for circle in named for item in _planned(here, circle)))
    if len(named) > 1:
        does = f"{PROGRAM} {' '.join(words)}"
        buttons = (Button(label=short(one.name), does=f"{does} {one.id}") for one in named)
        return tell(here.wording.which_group, *buttons)
    return _set(here, asked, named[0], " ".join(words[1:] if words[0] == SET else words))


def when(here: Here, asked: Asked, rest: str) -> Result:
    """Choose when one likes to be asked: `thursday 16:00`, or `any time`."""
    if not here.asker.may(Action.ANSWER):
        return tell(here.how_to_join)
    wording = here.wording
    wanted = read_time(rest, wording.calendar.weekdays)
    if rest.casefold().strip(".") in wording.any_time:
        event = TimePreferred(id=asked.id, at=asked.at, who=asked.who, weekday=None, clock=None)
        return Deed(event=event, said=tell(wording.asked_as_it_comes), otherwise=tell(here.how_to_join))
    if wanted.at is None or len(wanted.days) != 1 or wanted.rest:
        return Reply(items=(when_item(here),))
    day = wanted.days[0]
    event = TimePreferred(id=asked.id, at=asked.at, who=asked.who, weekday=day, clock=wanted.at)
    text = wording.asked_at.format(day=wording.calendar.full_days[day], time=f"{wanted.at:%H:%M}")
    button = Button(label=wording.labels.any_time, does=f"{WHEN} any time")
    return Deed(event=event, said=tell(text, button), otherwise=tell(here.how_to_join))


def when_item(here: Here) -> Item:
    """Say when somebody likes to be asked, and how to change it."""
    wording, likes = here.wording, here.asker.prefers
    if likes is None:
        return Item(text=wording.asked_as_it_comes, small=wording.how_to_choose_time)
    day, clock = likes
    text = wording.asked_at.format(day=wording.calendar.full_days[day], time=f"{clock:%H:%M}")
    button = Button(label=wording.labels.any_time, does=f"{WHEN} any time")
    return Item(text=text, small=wording.how_to_choose_time, buttons=(button,))


def read_time(typed: str, weekdays: Mapping[str, int]) -> Wanted:
    """Read days of the week, a wall time and how often out of words; what is none of these is left over."""
    days: list[int] = []
    at, every, rest = None, 1, list[str]()
    for part in re.split(r"[\s,;]+", typed.casefold().strip(".!")):
        named = part.rstrip("s") if part not in weekdays else part
        if named in weekdays:
            days.append(weekdays[named])
        elif part in OFTEN:
            every = OFTEN[part]
        elif at is None and (clock := _clock(part)) is not None:
            at = clock
        elif part not in NOISE:
            rest.append(part)
    return Wanted(tuple(sorted(set(days))), at, every, " ".join(rest).strip())


def _clock(part: str) -> time | None:
    found = CLOCK.fullmatch(part)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and hour in range(1, NOON + 1):
        hour = hour % NOON + (NOON if half == "pm" else 0)
    return time(hour, minute) if hour in range(24) and minute in range(60) else None


def _planned(here: Here, circle: Circle) -> Iterator[Item]:
    wording = here.wording
    found = programs_of(here.connection, circle.id)
    add = Button(label=wording.labels.plan_more, does=f"{PROGRAM} {SET} {circle.id}", is_primary=not found)
    for one in found:
        end = Button(label=wording.labels.end_it, does=f"{PROGRAM} {END} {one.id}")
        yield Item(text=_told(here, one), small=one.note, buttons=(end,))
    text = wording.plans_of if found else wording.plans_nothing
    yield Item(text=text.format(group=circle.name), small=wording.more_on_pages, buttons=(add,))


def _told(here: Here, one: Program) -> str:
    title = title_of(here.connection, one.choices["flow"]) if "flow" in one.choices else here.wording.habit_week
    text = f"{title}: {in_words(rule_from_json(one.rule))}."
    if one.next_at is None:
        return text
    zone = here.asker.zone
    day = written(one.next_at, zone, here.wording.calendar)
    local = one.next_at.astimezone(ZoneInfo(zone))
    return f"{text} {here.wording.next_time.format(day=day, time=f'{local:%H:%M}')}"


def _set(here: Here, asked: Asked, circle: Circle, typed: str) -> Result:
    """Set a program as far as it was said, and ask for what is missing by buttons."""
    wording = here.wording
    offers = load_offers(here.connection, circle, here.asker.lang)
    named, typed = _named_first(offers, typed)
    wanted = read_time(typed, wording.calendar.weekdays)
    meant = named or ([offer for offer in offers if offer.is_meant(wanted.rest)] if wanted.rest else list(offers))
    if len(meant) != 1:
        said = wording.no_such_flow.format(flow=short(wanted.rest)) if wanted.rest and not meant else wording.plan_what
        rest = " ".join(word for word in typed.split() if word.casefold() not in wanted.rest.split())
        buttons = (Button(label=short(o.title), does=_does(circle, o, rest)) for o in meant or offers)
        return tell(said, *buttons)
    offer = meant[0]
    if not wanted.days:
        days = wording.calendar.full_days[:SCHOOL_DAYS]
        return tell(wording.plan_day, *(Button(label=day, does=_does(circle, offer, day.lower())) for day in days))
    on_days = " ".join(wording.calendar.full_days[day].lower() for day in wanted.days)
    often = " second" if wanted.every > 1 else ""
    if wanted.at is None:
        buttons = (Button(label=at, does=_does(circle, offer, f"{on_days}{often} {at}")) for at in TIMES)
        return tell(wording.plan_time, *buttons, small=wording.plan_time_typed)
    return _plan(here, asked, (circle, offer), wanted, wanted.at)


def _named_first(offers: Sequence[FlowChoice], typed: str) -> tuple[list[FlowChoice], str]:
    """Find the flow that words begin with, and the words after it; it may be called what else says when: `week`."""
    words = typed.split()
    for count in range(len(words), 0, -1):
        named = [offer for offer in offers if offer.is_meant(" ".join(words[:count]))]
        if named:
            return named, " ".join(words[count:])
    return [], typed


def _does(circle: Circle, offer: FlowChoice, rest: str) -> str:
    return f"{PROGRAM} {SET} {offer.id} {rest} {circle.id}".replace("  ", " ")


def _plan(here: Here, asked: Asked, planned: tuple[Circle, FlowChoice], wanted: Wanted, at: time) -> Result:
    circle, offer = planned
    today = here.at.astimezone(ZoneInfo(circle.zone)).date()
    rule = Weekly(weekdays=wanted.days, at=at, since=today, every=wanted.every)
    is_posted = circle.place is not None and not is_list(circle.place)
    event = ProgramSet(
        id=asked.id,
        at=asked.at,
        who=asked.who,
        group=circle.id,
        program=ProgramId(hashlib.blake2s(f"program|{asked.id}".encode(), digest_size=10).hexdigest()),
        kind="check_in",
        choices={"flow": offer.id, "where": "channel" if is_posted else "each"},
        rule=rule_to_json(rule),
    )
    wording = here.wording
    coming = program_of(here.connection, event, here.asker.person)
    if coming is None:
        return tell(wording.never_comes)
    if any((one.rule, one.choices) == (event.rule, event.choices) for one in programs_of(here.connection, circle.id)):
        return tell(wording.planned_already)
    end = Button(label=wording.labels.end_it, does=f"{PROGRAM} {END} {event.program}")
    said = tell(
        wording.is_planned.format(group=circle.name, plan=_told(here, coming)), end, small=wording.more_on_pages
    )
    return Deed(event=event, said=said, otherwise=tell(wording.planning_is_for))


def _end(here: Here, asked: Asked, circles: Sequence[Circle], wanted: ProgramId) -> Result:
    found = next((c for c in circles for one in programs_of(here.connection, c.id) if one.id == wanted), None)
    if found is None:
        return tell(here.wording.comes_no_more)
    event = ProgramEnded(id=asked.id, at=asked.at, who=asked.who, group=found.id, program=wanted)
    return Deed(event=event, said=tell(here.wording.comes_no_more), otherwise=tell(here.wording.planning_is_for))


def _in_channel(circles: Sequence[Circle], asked: Asked) -> list[Circle]:
    return [circle for circle in circles if asked.channel is not None and circle.place == asked.channel.place]
