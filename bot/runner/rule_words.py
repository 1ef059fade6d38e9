"""A rule in words, as a teacher would say it."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from bot.core.schedules import LAST, Monthly, MonthlyOn, OnDates, Rule, Weekly

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}
SECOND, MOST_DATES = 2, 3
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
TEENS = range(11, 14)


def in_words(rule: Rule) -> str:
    """Say when a rule comes: its days, its wall time, how often."""
    match rule:
        case Weekly():
            return f"{listed([DAYS[day] for day in rule.weekdays])}, {rule.at:%H:%M}, {_often(rule.every)}"
        case Monthly():
            return f"the {_ordinal(rule.day)} of every month, {rule.at:%H:%M}"
        case MonthlyOn():
            return f"the {NTH[rule.nth]} {DAYS[rule.weekday]} of every month, {rule.at:%H:%M}"
        case OnDates():
            return f"{_dates(sorted(rule.dates))}, {rule.at:%H:%M}"
        case _:
            assert_never(rule)


def how_often(rule: Rule) -> str:
    """Say how often a rule comes; nothing where it does not go on."""
    match rule:
        case Weekly():
            return (
                f"{len(rule.weekdays)} times a week"
                if len(rule.weekdays) > 1 and rule.every == 1
                else _often(rule.every)
            )
        case Monthly() | MonthlyOn():
            return "every month"
        case OnDates():
            return ""
        case _:
            assert_never(rule)


def listed(names: Sequence[str]) -> str:
    """Write names as one list."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _often(every: int) -> str:
    if every == 1:
        return "every week"
    return "every second week" if every == SECOND else f"every {_ordinal(every)} week"


def _ordinal(number: int) -> str:
    return f"{number}{'th' if number % 100 in TEENS else ENDINGS.get(number % 10, 'th')}"


def _dates(dates: Sequence[date]) -> str:
    written = [f"{day.day} {day:%B} {day.year}" for day in dates[:MOST_DATES]]
    more = len(dates) - len(written)
    return listed([*written, f"{more} more"] if more else written)
