"""The form that sets something which comes by itself: what was typed, and the rule it means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from starlette.datastructures import FormData

from bot.calendars.lines import Unreadable, read_lines
from bot.core.calendars import YEARS
from bot.core.programs import LASTS, MOST_REMINDERS, REMINDERS
from bot.core.schedules import LAST, Monthly, MonthlyOn, OnDates, Rule, Weekly
from bot.web.auth import text_of, texts_of
from bot.web.wording import field

NO_DAY = "On which days? Please choose at least one."
NO_TIME = "At what time? Please write it as hours and minutes, such as 09:30."
NO_MONTH_DAY = "On which day of the month? Please write a number from 1 to 31."
NO_NTH = "Which one of the month? Please choose, such as the first Monday."
NO_DATE = "On which day? Please write it like 2026-09-01."
NO_DATES = "On which dates? Please write at least one, each on a line of its own, like 2026-09-01."
MANY_DATES = "That is a long list: up to 100 dates fit into one. Please set the others as well, one list after another."
UNREAD = "Line {line}, “{typed}”, is not a date that I can read. Please write it like 2026-09-01."
SEVERAL = "There is more than one date in “{typed}”. Please give each a line of its own."
ODD_LENGTH = "How long is it open? Please choose."
ODD_REMINDERS = "How many reminders? Please choose."

MOST_DATES, LONGEST_SHOWN = 100, 40
OPEN_FOR = {"1": "1 day", "2": "2 days", "4": "4 days", "6": "6 days"}
REMINDED = {"0": "None", "1": "One", "2": "Two at most"}
NTHS = {"1": "first", "2": "second", "3": "third", "4": "fourth", str(LAST): "last"}
WEEK, NEXT_WEEK = "2", "2next"


class Slip(ValueError):
    """Something in the form that needs another look; its text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the form holds, as it was typed; `what` is a flow, or a habit week."""

    what: str = ""
    kind: str = "weekly"
    days: frozenset[int] = frozenset()
    every: str = "1"
    month_day: str = "1"
    nth: str = "1"
    weekday: str = "0"
    dates: str = ""
    once: str = ""
    at: str = "09:00"
    lasts: str = str(LASTS.days)
    reminders: str = str(REMINDERS)
    whose: str = "group"

    @property
    def is_unusual(self) -> bool:
        """Say whether something was chosen that most leave as it is."""
        return (self.lasts, self.reminders, self.whose) != (str(LASTS.days), str(REMINDERS), "group")


def typed_in(form: FormData) -> Typed:
    """Read what was typed, right or wrong."""
    given = {name: field(form, name) for name in ("what", "month_day", "nth", "weekday", "once", "at")}
    days = frozenset(int(day) for day in texts_of(form, "day") if day in "0123456" and len(day) == 1)
    usual = Typed()
    return Typed(
        **given,
        days=days,
        dates=text_of(form, "dates"),
        kind=field(form, "kind") or usual.kind,
        every=field(form, "every") or usual.every,
        lasts=field(form, "lasts") or usual.lasts,
        reminders=field(form, "reminders") or usual.reminders,
        whose=field(form, "whose") or usual.whose,
    )


def rule_of(typed: Typed, today: date) -> Rule:
    """Make the rule that the form means, from `today` on. Raises Slip."""
    read = READERS.get(typed.kind, _weekly)
    return read(typed, today)


def lasts_of(typed: Typed) -> timedelta:
    """Read how long it is open. Raises Slip."""
    if typed.lasts not in OPEN_FOR:
        raise Slip(ODD_LENGTH)
    return timedelta(days=int(typed.lasts))


def reminders_of(typed: Typed) -> int:
    """Read how many reminders there are at most. Raises Slip."""
    if typed.reminders not in REMINDED:
        raise Slip(ODD_REMINDERS)
    return min(int(typed.reminders), MOST_REMINDERS)


def _weekly(typed: Typed, today: date) -> Rule:
    if not typed.days:
        raise Slip(NO_DAY)
    monday = today - timedelta(days=today.weekday())
    since = monday + timedelta(weeks=1) if typed.every == NEXT_WEEK else today
    every = 2 if typed.every in (WEEK, NEXT_WEEK) else 1
    return Weekly(weekdays=tuple(sorted(typed.days)), at=_clock(typed), since=since, every=every)


def _monthly(typed: Typed, today: date) -> Rule:
    day = int(typed.month_day) if typed.month_day.isascii() and typed.month_day.isdigit() else 0
    if day not in range(1, 32):
        raise Slip(NO_MONTH_DAY)
    return Monthly(day=day, at=_clock(typed), since=today)


def _monthly_on(typed: Typed, today: date) -> Rule:
    if typed.nth not in NTHS or typed.weekday not in tuple("0123456"):
        raise Slip(NO_NTH)
    return MonthlyOn(nth=int(typed.nth), weekday=int(typed.weekday), at=_clock(typed), since=today)


def _on_dates(typed: Typed, today: date) -> Rule:
    lines = [(number, line) for number, line in enumerate(typed.dates.splitlines(), 1) if line.strip()]
    if not lines:
        raise Slip(NO_DATES)
    if len(lines) > MOST_DATES:
        raise Slip(MANY_DATES)
    dates = {_date(line, number) for number, line in lines}
    return OnDates(dates=tuple(sorted(dates)), at=_clock(typed))


def _once(typed: Typed, today: date) -> Rule:
    try:
        day = _date(typed.once, 1)
    except Slip as slip:
        raise Slip(NO_DATE) from slip
    return OnDates(dates=(day,), at=_clock(typed))


def _date(line: str, number: int) -> date:
    shown = line.strip() if len(line) <= LONGEST_SHOWN else f"{line.strip()[:LONGEST_SHOWN]}…"
    try:
        found = read_lines(line)
    except Unreadable as unreadable:
        raise Slip(UNREAD.format(line=number, typed=shown)) from unreadable
    if not found or found[0].first.year not in YEARS:
        raise Slip(UNREAD.format(line=number, typed=shown))
    if found[0].first != found[0].last:
        raise Slip(f"Line {number}: {SEVERAL.format(typed=shown)}")
    return found[0].first


def _clock(typed: Typed) -> time:
    try:
        return time.fromisoformat(typed.at).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise Slip(NO_TIME) from error


READERS: Mapping[str, Callable[[Typed, date], Rule]] = {
    "weekly": _weekly,
    "monthly": _monthly,
    "monthly_on": _monthly_on,
    "dates": _on_dates,
    "once": _once,
}
