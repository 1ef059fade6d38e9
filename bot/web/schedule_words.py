"""What comes by itself, in words: how long it is open, who is reminded, in whose time, how it went."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.core.programs import Program
from bot.runner.rule_words import DAYS, listed

CHECK_IN, HABIT_WEEK = "check_in", "habit_of_week"
REMINDERS = ("no reminder", "one reminder", "two reminders at most")
MOST_NAMES = 8


def window_in_words(program: Program) -> str:
    """Say how long an occurrence is open, and how often somebody is reminded; a habit week has its own pace."""
    if program.kind != CHECK_IN:
        return ""
    return f"Open for {_long(program.lasts)}, {REMINDERS[program.reminders]}"


def whose_time(program: Program, zone: str) -> str:
    """Say in whose time a program comes."""
    return "in each person's own time" if program.is_own_time else f"in {zone.replace('_', ' ')} time"


def reminded_in_words(days: Sequence[date]) -> str:
    """Say on which days somebody may be reminded, and who."""
    if not days:
        return ""
    once = list(dict.fromkeys(DAYS[day.weekday()] for day in days))
    return f"On {listed(once)} a reminder to whoever still has it open."


def people_in_words(count: int) -> str:
    """Say to how many people something goes."""
    return "to nobody yet" if not count else f"to {count} {'person' if count == 1 else 'people'}"


def names_in_words(names: Sequence[str]) -> str:
    """List names, the first of very many."""
    more = len(names) - MOST_NAMES
    return listed([*names[:MOST_NAMES], f"{more} more"]) if more > 1 else listed(names)


def _long(lasts: timedelta) -> str:
    hours = round(lasts / timedelta(hours=1))
    number, unit = (hours // 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{number} {unit}{'s' if number != 1 else ''}"
