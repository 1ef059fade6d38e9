"""A wall in front of rules that repeat (RRULE): only those of which it is known beforehand that they cost little.

A rule that names no day at all (30 February) is looked for up to the year 9999, one that names every second of a year
fills the memory. What schools use is far from both. So a rule is let through if its parts make sure that it names a day
again and again, then no search is long; what it can cost at most is counted, and a file as a whole has a budget.
"""

import re
from dataclasses import dataclass
from datetime import date

MOST_STEPS = 300_000
"""Days that a file's rules may be walked along, about a second's work."""

MOST_TIMES = 3_000
"""Times that a file's rules may come within the school year."""

UNKNOWN = "it repeats by a rule I can't follow. Please write these days by hand"
TOO_OFTEN = "it repeats every hour or more often, which no holiday does"
NO_END = "I can't read the day on which it ends"

PERIODS = {"DAILY": (1, 1), "WEEKLY": (7, 2), "MONTHLY": (28, 7), "YEARLY": (365, 20)}
"""Days in a period, at least; and how many days of a search one step of work covers, as measured."""

MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WEEK = frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU"})
NUMBERS = re.compile(r"[+-]?[0-9]{1,3}(?:,[+-]?[0-9]{1,3}){0,30}")
WEEKDAY = f"(?:[+-]?[0-9]{{1,2}})?(?:{'|'.join(sorted(WEEK))})"
WEEKDAYS = re.compile(f"{WEEKDAY}(?:,{WEEKDAY}){{0,30}}")
UNTIL = re.compile(r"[0-9]{8}(?:T[0-9]{6}Z?)?")
KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that may be followed: `text` without its end, which is `until` (as written) or `count`, if it has one.

    A `period` has so many days and names up to `a_period` of them; a step of work searches `cheap` days.
    """

    text: str
    until: str
    count: str
    period: int
    a_period: int
    cheap: int

    def steps(self, first: date, last: date) -> int:
        """Count what it costs at most to follow it from its first day, in days walked along one by one."""
        return max(0, (last - first).days) // self.cheap + 1

    def times(self, first: date, last: date) -> int:
        """Count how often it comes between two days at most."""
        return ((last - first).days // self.period + 2) * self.a_period


def checked(text: str, start: date) -> Rule:
    """Let a rule through that begins on a day; ValueError, which says what follows its line's number, if it may not."""
    parts = dict(part.split("=", 1) for part in text.upper().split(";") if "=" in part)
    freq, interval = parts.get("FREQ", ""), _number(parts.get("INTERVAL", "1"), 1, 1000)
    _refuse(freq in ("SECONDLY", "MINUTELY", "HOURLY"), TOO_OFTEN)
    _refuse(freq not in PERIODS or not set(parts) <= KNOWN, UNKNOWN)
    days, month_days, months, positions = _filters(parts)
    named = month_days or ([start.day] if months and not days and freq in ("MONTHLY", "YEARLY") else [])
    _refuse(not _comes_again(freq, interval, days, named, months), UNKNOWN)
    _refuse(not _has_position(freq, days, month_days, positions), UNKNOWN)
    period, cheap = PERIODS[freq]
    _refuse(not UNTIL.fullmatch(parts.get("UNTIL", "20260101")), NO_END)
    _number(parts.get("COUNT", "1"), 1, 999_999)
    kept = [f"{name}={parts[name]}" for name in sorted(set(parts) - {"COUNT", "UNTIL", "FREQ"})]
    return Rule(
        text=";".join([f"FREQ={freq}", *kept]),
        until=parts.get("UNTIL", ""),
        count=parts.get("COUNT", ""),
        period=period * interval,
        a_period=_most_a_period(freq, days, month_days, months),
        cheap=cheap,
    )


def _filters(parts: dict[str, str]) -> tuple[list[str], list[int], list[int], list[int]]:
    _refuse(not WEEKDAYS.fullmatch(parts.get("BYDAY", "MO")), UNKNOWN)
    days = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    month_days, months, positions = (_numbers(parts, name) for name in ("BYMONTHDAY", "BYMONTH", "BYSETPOS"))
    fits = set(months) <= set(range(1, 13)) and {abs(day) for day in month_days} <= set(range(1, 32))
    _refuse(not fits or parts.get("WKST", "MO") not in WEEK, UNKNOWN)
    return days, month_days, months, positions


def _comes_again(freq: str, interval: int, days: list[str], month_days: list[int], months: list[int]) -> bool:
    """Say whether a rule is known to name a day again, at the latest after some decades, whatever day it begins on."""
    counted = [int(day[:-2]) for day in days if day[:-2]]
    if freq in ("DAILY", "WEEKLY"):
        stands_alone = freq == "WEEKLY" and not months and not month_days
        return not counted and not month_days and (stands_alone or interval == 1 or not (days or months))
    if month_days:
        allowed = [MONTH_DAYS[month - 1] for month in months] or [31 if interval == 1 else 28]
        has_day = any(abs(day) <= most for day in month_days for most in allowed)
        return has_day and not counted and (interval == 1 or not (days or (months and freq == "MONTHLY")))
    of_year = freq == "YEARLY" and not months
    # The library lets a day through only if it is one of the plain weekdays and of the counted ones, which none is.
    fits = len(counted) in (0, len(days)) and all(
        1 <= abs(nth) <= (52 if of_year else 4 if interval > 1 or months else 5) for nth in counted
    )
    return fits and (interval == 1 or freq == "YEARLY" or not months)


def _has_position(freq: str, days: list[str], month_days: list[int], positions: list[int]) -> bool:
    """Say whether the n-th of a period is always there: every month has each weekday four times."""
    if not positions:
        return True
    is_plain = bool(days) and not month_days and WEEK.issuperset(days)
    return is_plain and freq in ("MONTHLY", "YEARLY") and {abs(nth) for nth in positions} <= set(range(1, 5))


def _most_a_period(freq: str, days: list[str], month_days: list[int], months: list[int]) -> int:
    if freq == "DAILY":
        return 1
    if freq == "WEEKLY":
        return len(days) or 1
    if freq == "MONTHLY":
        return min(31, len(month_days) or sum(1 if day[:-2] else 5 for day in days) or 1)
    if days and not month_days:
        return sum(1 if day[:-2] else 53 for day in days) * (len(months) or 1)
    return (len(months) or (12 if month_days else 1)) * (len(month_days) or 1)


def _numbers(parts: dict[str, str], name: str) -> list[int]:
    _refuse(not NUMBERS.fullmatch(parts.get(name, "1")), UNKNOWN)
    return [int(number) for number in parts[name].split(",")] if name in parts else []


def _number(written: str, least: int, most: int) -> int:
    _refuse(not re.fullmatch(r"[0-9]{1,6}", written) or int(written) not in range(least, most + 1), UNKNOWN)
    return int(written)


def _refuse(is_wrong: bool, sentence: str) -> None:
    if is_wrong:
        raise ValueError(sentence)
