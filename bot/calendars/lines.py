"""A list of free days as people write it: `2026-12-21 to 2027-01-03 Winter break`, one line each."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from bot.core.calendars import MOST, NAME, TOO_MANY, FreeTime

LONGEST_LINE = 200
HOW = "Write it like “2026-12-21 to 2027-01-03 Winter break”, or “2026-10-05 Day off”."

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
A_YEAR = range(1, 13)
WEEKDAY = r"(?:\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?\s*)?"
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
WRITTEN_DATE = re.compile(
    rf"{WEEKDAY}(?<![\w/-])(?<!\d\.)(?:"
    r"(?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})"
    r"|(?P<dots>\d{1,2}\.\s?\d{1,2}\.\s?\d{4})"
    r"|(?P<slashes>\d{1,2}[/-]\d{1,2}[/-]\d{4})"
    rf"|(?P<day_first>{DAY}\.?\s+(?:of\s+)?{MONTH},?\s+\d{{4}})"
    rf"|(?P<month_first>{MONTH}\s+{DAY},?\s+\d{{4}})"
    r")(?![\w/]|[.-]\d)",
    re.IGNORECASE,
)
BETWEEN = r"(?:to|until|till?|through|thru|bis|-|–|—|−|→|\.\.+|…)"
BETWEEN_DATES = re.compile(rf"\s*{BETWEEN}?\s*", re.IGNORECASE)
HALF_DATE = rf"(?:\d{{1,2}}[./-]\d{{0,2}}\.?|\b{DAY}\.?\s+{MONTH}|\b{MONTH}\s+{DAY}|\b{DAY})"
HALF_BEFORE = re.compile(rf"(?<![\w./-]){HALF_DATE}\s*{BETWEEN}\s*$", re.IGNORECASE)
HALF_AFTER = re.compile(rf"^\s*{BETWEEN}\s*{WEEKDAY}{HALF_DATE}(?![\w:])", re.IGNORECASE)
ALMOST_DATE = re.compile(r"\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}")
EDGES = " ,;:|–—−-→*•"


class Unreadable(ValueError):
    """A line that says no days: `line` counts from 1, the text says what to do about it."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


def read_lines(text: str) -> tuple[FreeTime, ...]:
    """Read a list; blank lines mean nothing. Raises Unreadable."""
    lines = [(number, one_line(line)) for number, line in enumerate(text.splitlines(), 1)]
    written = [(number, line) for number, line in lines if line]
    if len(written) > MOST:
        raise Unreadable(written[MOST][0], f"{TOO_MANY} This has {len(written)}.")
    return tuple(_read_line(number, line) for number, line in written)


def write_lines(times: Iterable[FreeTime]) -> str:
    """Write a list so that `read_lines` reads the same."""
    return "\n".join(f"{in_digits(time)} {time.name}".rstrip() for time in times)


def in_digits(time: FreeTime) -> str:
    """Write the days of a free time as a line of the list begins."""
    return f"{time.first}" if time.first == time.last else f"{time.first} to {time.last}"


def plain_name(name: str) -> str:
    """Make a name that can stand in a list: one line, not too long, and without dates, which the line begins with."""
    plain = _short(one_line(name))
    while (barer := _barer(plain)) != plain:
        plain = barer
    return plain


def one_line(text: str) -> str:
    """Make one line of a text: no control signs, single spaces, composed letters."""
    seen = "".join(sign if unicodedata.category(sign) not in ("Cc", "Cs") else " " for sign in text)
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def _barer(name: str) -> str:
    for pattern in (WRITTEN_DATE, ALMOST_DATE, HALF_AFTER):
        name = pattern.sub(" ", name)
    return one_line(name).strip(EDGES)


def _short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 1].rstrip()}…"


def _read_line(number: int, line: str) -> FreeTime:
    try:
        return _read(line)
    except ValueError as error:
        shown = line if len(line) <= NAME else f"{line[:NAME]}…"
        raise Unreadable(number, f"Line {number}, “{shown}”: {error}") from error


def _read(line: str) -> FreeTime:
    if len(line) > LONGEST_LINE:
        raise ValueError(f"A line can have up to {LONGEST_LINE} characters.")
    found = list(WRITTEN_DATE.finditer(line))
    if not found:
        raise ValueError(f"I can't find a whole date here. {HOW}")
    if len(found) not in (1, 2):
        raise ValueError("There are more than two dates here. Give each holiday a line of its own.")
    before, after = line[: found[0].start()], line[found[-1].end() :]
    if HALF_BEFORE.search(before) or HALF_AFTER.search(after) or ALMOST_DATE.search(f"{before} | {after}"):
        raise ValueError("One of the dates is not whole: each needs its day, month and year.")
    if len(found) > 1 and not BETWEEN_DATES.fullmatch(line[found[0].end() : found[1].start()]):
        raise ValueError("Put “to” between the two dates, or give each a line of its own.")
    first, last = _date(found[0]), _date(found[-1])
    before = re.sub(r"\bfrom\s*$", "", before, flags=re.IGNORECASE)
    return FreeTime(first, last, _name(before, after))


def _name(before: str, after: str) -> str:
    name = " ".join(part for part in (before.strip(EDGES), after.strip(EDGES)) if part)
    if len(name) > NAME:
        raise ValueError(f"A name can have up to {NAME} characters.")
    return plain_name(name)


def _date(found: "re.Match[str]") -> date:
    kind, written = str(found.lastgroup), str(found[str(found.lastgroup)]).lower()
    digits = [int(part) for part in re.findall(r"\d+", written)]
    month = next((number for number, name in enumerate(MONTHS, 1) if name in written), 0)
    match kind:
        case "iso":
            parts = (digits[0], digits[1], digits[2])
        case "dots":
            parts = (digits[2], digits[1], digits[0])
        case "slashes":
            parts = _either_way(digits)
        case _:
            parts = (digits[1], month, digits[0])
    try:
        return date(*parts)
    except ValueError as error:
        raise ValueError(f"There is no such day as {found[kind]}.") from error


def _either_way(digits: list[int]) -> tuple[int, int, int]:
    """Read a date of which some put the day first and some the month."""
    one, other, year = digits
    if one in A_YEAR and other in A_YEAR and one != other:
        raise ValueError(f"This could be two different days. Please write it as {year}-{other:02}-{one:02}.")
    return (year, other, one) if other in A_YEAR else (year, one, other)
