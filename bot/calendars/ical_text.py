"""The events of a calendar file (RFC 5545) as text, found with bounded work before any library looks at it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.calendars.lines import Unreadable

MOST_BYTES = 1_000_000
MOST_COMPONENTS = 2_000
DEEPEST = 4
MOST_VALUES = 3_000
"""Single dates added to or left out of series, in the whole file."""

TOO_BIG = "That file is over 1 MB. A year of holidays is far smaller: please export only those."
TOO_MANY = f"That file has more than {MOST_COMPONENTS:,} entries. Please export only the holidays."
TOO_DEEP = "Line {}: entries stand inside each other more deeply than in any calendar. Please export it once more."
TOO_MANY_VALUES = "Line {}: too many single dates. Please export only the holidays."
NO_CALENDAR = "That is not a calendar file. Its name usually ends in .ics, and its first line is BEGIN:VCALENDAR."
CUT_OFF = "Line {}: the file stops in the middle. Please save or export it once more."
CROSSED = "Line {}: “{}” ends something that was not begun."

CALENDAR = ("BEGIN", "VCALENDAR")
EVENT = ["VCALENDAR", "VEVENT"]
SINGLE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "SUMMARY", "UID", "SEQUENCE", "STATUS")
WANTED = frozenset({*SINGLE, "RDATE", "EXDATE"})
LINE = re.compile(r'([A-Za-z-]+)((?:;[A-Za-z-]+=(?:"[^"]*"|[^";:]*))*):(.*)', re.DOTALL)
PARAMETER = re.compile(r';([A-Za-z-]+)=(?:"([^"]*)"|([^";:]*))')
BREAK = re.compile(r"\r\n|\n|\r")


class TooMuch(ValueError):
    """That is more than a calendar of holidays holds."""


@dataclass(frozen=True, slots=True)
class Line:
    """One property of an event; `number` is where it begins in the file, from 1."""

    number: int
    name: str
    zone: str
    value: str


@dataclass(slots=True)
class RawEvent:
    """What a file says about one event, so far as holidays need it."""

    number: int
    lines: list[Line] = field(default_factory=list)

    def all(self, *names: str) -> list[Line]:
        """List its properties of these names."""
        return [line for line in self.lines if line.name in names]

    def one(self, name: str) -> Line | None:
        """Find the first property of a name."""
        return next(iter(self.all(name)), None)


def raw_events(data: bytes) -> list[RawEvent]:
    """Find the events of a file. Raises Unreadable, TooMuch."""
    if len(data) > MOST_BYTES:
        raise TooMuch(TOO_BIG)
    events: list[RawEvent] = []
    inside: list[str] = []
    components = values = number = 0
    for number, text in _unfolded(_decoded(data)):
        word, _, part = text.strip().upper().partition(":")
        if not word:
            continue
        if not inside and (word, part) != CALENDAR:
            raise Unreadable(number, NO_CALENDAR)
        if word == "BEGIN":
            inside.append(part)
            components += 1
            _refuse(len(inside) > DEEPEST, TOO_DEEP.format(number))
            _refuse(components > MOST_COMPONENTS, TOO_MANY)
            events += [RawEvent(number)] if inside == EVENT else []
        elif word == "END":
            if inside.pop() != part:
                raise Unreadable(number, CROSSED.format(number, text.strip()[:80]))
        elif inside == EVENT and (line := _line(number, text)):
            values += line.value.count(",") + 1 if line.name in ("RDATE", "EXDATE") else 0
            _refuse(values > MOST_VALUES, TOO_MANY_VALUES.format(number))
            events[-1].lines.append(line)
    if inside or not components:
        raise Unreadable(number, CUT_OFF.format(number) if inside else NO_CALENDAR)
    return events


def _decoded(data: bytes) -> str:
    """Read UTF-8, with or without a mark at its beginning, or what older programs wrote."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Join lines that were folded; each with the number of its first."""
    number, parts = 1, [""]
    for current, line in enumerate(BREAK.split(text), 1):
        if line[:1] in (" ", "\t"):
            parts.append(line[1:])
            continue
        if current > 1:
            yield number, "".join(parts)
        number, parts = current, [line]
    yield number, "".join(parts)


def _line(number: int, text: str) -> Line | None:
    """Read a property that holidays need; anything else may be as odd as it likes."""
    name = re.split("[:;]", text, maxsplit=1)[0].strip().upper()
    if name not in WANTED:
        return None
    found = LINE.fullmatch(text.strip())
    if found is None:
        raise Unreadable(number, f"Line {number}: I can't read “{text.strip()[:80]}”.")
    given = {key.upper(): quoted or bare for key, quoted, bare in PARAMETER.findall(found[2])}
    return Line(number, name, given.get("TZID", ""), found[3].strip())


def in_one(lines: Iterable[Line]) -> list[tuple[Line, str]]:
    """List the single values of lines that may hold several."""
    return [(line, value.strip()) for line in lines for value in line.value.split(",") if value.strip()]


def _refuse(is_wrong: bool, sentence: str) -> None:
    if is_wrong:
        raise TooMuch(sentence)
