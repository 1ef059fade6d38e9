"""Days without school out of a calendar file (.ics), as it comes from a school's page or an office program."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import recurring_ical_events

from bot.calendars.ical_rules import MOST_STEPS, MOST_TIMES, Rule, checked
from bot.calendars.ical_text import Line, RawEvent, TooMuch, in_one, raw_events
from bot.calendars.lines import Unreadable, plain_name
from bot.core.calendars import LONGEST, ONE_DAY, FreeTime, joined

SCHOOL_HOURS = timedelta(hours=6)
"""What lasts so long on a day makes it free; a concert in the evening does not."""

WIDEST = timedelta(days=800)
FARTHEST = timedelta(days=LONGEST)
"""How long an event may last, and how far one of a series may be moved: the library looks so far beyond both dates."""

SUMMARY = 400
"""Characters of a name that are looked at."""

TOO_OFTEN = "What repeats in that file comes too often for holidays. Please export only the holidays."
WRITTEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
LASTS = re.compile(r"\+?P(?:(\d{1,4})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?)")
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds: days without school, and how many of its events are none (an hour, or half a year)."""

    free: tuple[FreeTime, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment as a file writes it: a date, or a wall time in a zone, in UTC (`Z`) or anywhere (empty)."""

    at: datetime
    is_date: bool
    zone: str = ""

    def written(self) -> str:
        """Write it as a property's parameters and value."""
        if self.is_date:
            return f";VALUE=DATE:{self.at:%Y%m%d}"
        zone = f";TZID={self.zone}" if self.zone not in ("", "Z") else ""
        return f"{zone}:{self.at:%Y%m%dT%H%M%S}{'Z' if self.zone == 'Z' else ''}"


def free_times(data: bytes, first: date, last: date, zone: str) -> Found:
    """Find what makes days free between two dates, at most 800 days apart; `zone` is for times in UTC.

    Raises Unreadable, which names the line, and TooMuch.
    """
    if last - first > WIDEST:
        raise ValueError("Please look at two years at most.")
    events = raw_events(data)
    clean, left_out = _clean(events, first, last)
    found: list[FreeTime] = []
    for occurrence in _occurrences(clean, first, last):
        days = _days(occurrence, ZoneInfo(zone))
        left_out += not days
        found += [FreeTime(*days, plain_name(str(occurrence.get("SUMMARY", ""))))] if days else []
    return Found(joined(tuple(time for time in found if time.first <= last and time.last >= first)), left_out)


def _clean(events: Sequence[RawEvent], first: date, last: date) -> tuple[str, int]:
    """Write the file anew, of nothing but what was looked at; count what lasts too long for holidays."""
    written, seen = ["BEGIN:VCALENDAR"], Counter[str]()
    left_out = steps = times = 0
    for event in events:
        start, end = _span(event)
        if end.at - start.at > FARTHEST or _moved(event, start) > FARTHEST:
            left_out += 1
            continue
        repeats, rule = _repeats(event, start, last)
        if rule is not None:
            steps += rule.steps(start.at.date(), last)
            times += rule.times(first - 2 * FARTHEST, last)
            if steps > MOST_STEPS or times > MOST_TIMES:
                raise TooMuch(TOO_OFTEN)
        written += ["BEGIN:VEVENT", f"DTSTART{start.written()}", f"DTEND{end.written()}", *repeats]
        written += [*_named(event, seen), "END:VEVENT"]
    return "\r\n".join([*written, "END:VCALENDAR", ""]), left_out


def _span(event: RawEvent) -> tuple[Stamp, Stamp]:
    """Find when an event begins and ends; a date's end is the day after the last."""
    begins, ends, lasts = (event.one(name) for name in ("DTSTART", "DTEND", "DURATION"))
    if begins is None:
        raise Unreadable(event.number, f"Line {event.number}: this event does not say on which day it begins.")
    start = _stamp(begins, begins.value)
    shortest = ONE_DAY if start.is_date else timedelta()
    if ends is not None:
        end = _like(start, _stamp(ends, ends.value))
        if end.at < start.at - (timedelta() if end.zone == start.zone else ONE_DAY):
            raise Unreadable(ends.number, f"Line {ends.number}: this event ends before it begins.")
        return start, Stamp(max(end.at, start.at + shortest), end.is_date, end.zone) if start.is_date else end
    length = max(shortest, _length(lasts) if lasts else shortest)
    return start, Stamp(start.at + length, start.is_date, start.zone)


def _moved(event: RawEvent, start: Stamp) -> timedelta:
    """Say how far an event was moved from where its series had put it."""
    before = event.one("RECURRENCE-ID")
    return abs(start.at - _stamp(before, before.value).at) if before else timedelta()


def _length(line: Line) -> timedelta:
    found = LASTS.fullmatch(line.value.upper())
    if found is None:
        raise Unreadable(line.number, f"Line {line.number}: I can't read how long this lasts, “{line.value[:40]}”.")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _stamp(line: Line, value: str) -> Stamp:
    found = WRITTEN.fullmatch(value.partition("/")[0].upper())
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6]) if found else [0] * 6
        at = datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 - the zone stands beside it
        if at.year not in YEARS:
            raise ValueError
    except ValueError as error:
        raise Unreadable(line.number, f"Line {line.number}: I can't read the date “{value[:40]}”.") from error
    known = line.zone if line.zone and line.zone in _zones() else ""
    return Stamp(at, found is not None and found[4] is None, "Z" if found and found[7] else known)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _like(start: Stamp, stamp: Stamp) -> Stamp:
    """Write a moment of an event as its beginning is written: both dates, or both times, both with zones or without."""
    if start.is_date:
        return Stamp(datetime.combine(stamp.at, time()), is_date=True)
    if not start.zone or not stamp.zone:
        return Stamp(stamp.at, is_date=False, zone=start.zone)
    return stamp


def _at_its_hour(start: Stamp, stamp: Stamp) -> Stamp:
    """Write when an event comes again, or does not; a date alone is the hour at which the event begins."""
    if stamp.is_date and not start.is_date:
        return Stamp(datetime.combine(stamp.at, start.at.time()), is_date=False, zone=start.zone)
    return _like(start, stamp)


def _repeats(event: RawEvent, start: Stamp, last: date) -> tuple[list[str], Rule | None]:
    """Write what makes an event come again, up to the last day that is looked at."""
    written = [
        f"{line.name}{_at_its_hour(start, _stamp(line, value)).written()}"
        for line, value in in_one([*event.all("RDATE", "EXDATE"), *event.all("RECURRENCE-ID")[:1]])
    ]
    rules = event.all("RRULE")
    if not rules:
        return written, None
    try:
        rule = checked(rules[0].value if len(rules) == 1 else "", start.at.date())
    except ValueError as error:
        raise TooMuch(f"Line {rules[0].number}: {error}.") from error
    end = f"COUNT={rule.count}" if rule.count else f"UNTIL={_until(rules[0], rule, start, last)}"
    return [*written, f"RRULE:{rule.text};{end}"], rule


def _until(line: Line, rule: Rule, start: Stamp, last: date) -> str:
    """Write where a rule ends as its beginning wants it: a date, or a time, in UTC where there is a zone."""
    far = datetime.combine(last + ONE_DAY, time())
    until = min(_stamp(line, rule.until), Stamp(far, is_date=True), key=lambda stamp: stamp.at) if rule.until else None
    at, is_date = (until.at, until.is_date) if until else (far, True)
    if start.is_date:
        return f"{at:%Y%m%d}"
    clock = at.replace(hour=23, minute=59, second=59) if is_date else at
    return f"{clock:%Y%m%dT%H%M%S}{'Z' if start.zone else ''}"


def _named(event: RawEvent, seen: "Counter[str]") -> Iterator[str]:
    """Write what an event is called and which series it belongs to; two of one name that are no series are two."""
    uid, summary, status = (event.one(name) for name in ("UID", "SUMMARY", "STATUS"))
    name = re.sub(r"[^!-~]", "", uid.value)[:200] if uid else f"line-{event.number}"
    if not event.all("RECURRENCE-ID"):
        seen[name] += 1
        name += f"/{seen[name]}" if seen[name] > 1 else ""
    yield f"UID:{name}"
    if sequence := event.one("SEQUENCE"):
        yield f"SEQUENCE:{sequence.value if re.fullmatch('[0-9]{1,9}', sequence.value) else 0}"
    if summary:
        yield f"SUMMARY:{summary.value[:SUMMARY]}"
    if status and status.value.upper() == "CANCELLED":
        yield "STATUS:CANCELLED"


def _occurrences(clean: str, first: date, last: date) -> list[Any]:
    calendar = icalendar.Calendar.from_ical(clean)
    found = recurring_ical_events.of(calendar).between(first, last + ONE_DAY)
    return [occurrence for occurrence in found if occurrence.get("STATUS") != "CANCELLED"]


def _days(occurrence: Any, zone: ZoneInfo) -> tuple[date, date] | None:
    """Find the first and the last day that an event makes free; None where it takes too little of any."""
    start, end = occurrence["DTSTART"].dt, occurrence["DTEND"].dt
    if not isinstance(start, datetime):
        return start, max(start, end - ONE_DAY)
    start, end = _on_the_wall(start, zone), _on_the_wall(end, zone)
    first, last = start.date(), end.date()
    if datetime.combine(first + ONE_DAY, time()) - start < SCHOOL_HOURS and first < last:
        first += ONE_DAY
    if end - datetime.combine(last, time()) < SCHOOL_HOURS and first < last:
        last -= ONE_DAY
    if last - first >= FARTHEST:
        return None
    is_enough = min(end, datetime.combine(first + ONE_DAY, time())) - max(start, datetime.combine(first, time()))
    return (first, last) if is_enough >= SCHOOL_HOURS else None


def _on_the_wall(at: datetime, zone: ZoneInfo) -> datetime:
    """Read a time on the wall where it was meant; one in UTC is meant for the group's zone."""
    return (at.astimezone(zone) if at.tzname() == "UTC" else at).replace(tzinfo=None)
