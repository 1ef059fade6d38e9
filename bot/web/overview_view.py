"""How a group is doing, made of what the database counted: pictures with their sentences, and what to do next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.core.calendars import SchoolYear
from bot.core.occurrences import Occurrence, OccurrenceStatus
from bot.flows.flow import pick
from bot.flows.habit_of_week.habits import habits
from bot.flows.habit_of_week.program import read_week
from bot.storage.overview import LearnerHere, PointCount, Span
from bot.web.charts import SHADES, Chart, Week, finding, shares, stacked
from bot.web.questions import Kind, Question, Sheet

LONGEST = 40
"""Weeks a picture goes back at most: a school year."""

USUAL = 18
"""Weeks it goes back where nobody said when the school year began: about a term."""

HABIT_WEEK = "habit_of_week"

ATTRIBUTES = {
    "voice": ("Voice", "having a say in what is learned, and how"),
    "co-creation": ("Co-creation", "making questions, tasks and goals together"),
    "social-construction": ("Social construction", "building ideas with others"),
    "self-discovery": ("Self-discovery", "finding out how one thinks and works"),
}
FEEDS = {
    "voice": ("Let the group vote on the next habit", "week"),
    "co-creation": ("Let the group vote on the next habit", "week"),
    "social-construction": ("Open a feedback round", "round"),
    "self-discovery": ("Begin a habit week", "week"),
}
"""What gives room to an attribute, and where on the programs page it begins."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks that are looked at, by their Mondays in the group's zone; the last is this one."""

    mondays: tuple[date, ...]
    zone: str

    @property
    def since(self) -> str:
        """Name the first day."""
        return f"{self.mondays[0].day} {self.mondays[0]:%B}"

    @property
    def spans(self) -> list[Span]:
        """List from when to when each goes."""
        days = (*self.mondays, self.mondays[-1] + timedelta(weeks=1))
        begins = [datetime.combine(day, time(), tzinfo=ZoneInfo(self.zone)).astimezone(UTC) for day in days]
        return [Span(since, until) for since, until in pairwise(begins)]

    def place_of(self, at: datetime) -> int | None:
        """Find the week of a moment; None before the first."""
        day = at.astimezone(ZoneInfo(self.zone)).date()
        place = (day - self.mondays[0]).days // 7
        return place if 0 <= place < len(self.mondays) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThisWeek:
    """Who was heard from since Monday, and for whom something is still open; those who are away are in neither."""

    heard: Sequence[LearnerHere]
    still_open: Sequence[LearnerHere]
    is_asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One scale over the weeks; without a chart in no week enough people answered."""

    question: Question
    finding: str
    chart: Chart | None
    weeks: Sequence[Week]


@dataclass(frozen=True, slots=True, kw_only=True)
class HabitMet:
    """One of the sixteen, and where the group met it; nowhere yet is fine."""

    id: str
    name: str
    where: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """In how many weeks an attribute had room, and the length of its bar in percent."""

    id: str
    name: str
    about: str
    weeks: int
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The four attributes, the sentence about them, and those that had the least room."""

    rooms: Sequence[Room]
    finding: str
    starved: Sequence[str]


def weeks_until(now: datetime, zone: str, year: SchoolYear) -> Weeks:
    """List the weeks since the school year began, or of about a term where nobody said when that was."""
    today = now.astimezone(ZoneInfo(zone)).date()
    this = _monday(today)
    began = year.begins if year.begins and year.begins <= today else this - timedelta(weeks=USUAL - 1)
    many = min((this - _monday(began)).days // 7 + 1, LONGEST)
    return Weeks(tuple(this - timedelta(weeks=back) for back in reversed(range(many))), zone)


def this_week(learners: Sequence[LearnerHere], occurrences: Sequence[Occurrence], monday: datetime) -> ThisWeek:
    """Say who was heard from; something is open as long as anything goes on, or began this week."""
    is_asked = any(one.status is OccurrenceStatus.OPEN or one.started_at >= monday for one in occurrences)
    heard = [one for one in learners if one.is_heard]
    waiting = [one for one in learners if not one.is_heard and not one.is_away]
    return ThisWeek(heard=heard, still_open=waiting if is_asked else [], is_asked=is_asked)


def scales(sheets: Mapping[str, Sheet], counts: Sequence[PointCount], weeks: Weeks, setting: str) -> list[Scale]:
    """Make a picture of each scale that somebody answered, most weeks first, those without a picture last."""
    asked = [q for sheet in sheets.values() for q in sheet.questions if q.kind is Kind.SCALE]
    found = ((question, _weeks_of(question, counts, weeks)) for question in asked if len(question.options) in SHADES)
    made = [_scale(question, answered, setting) for question, answered in found if answered]
    in_order = sorted(made, key=lambda one: (one.question.flow_title, one.question.label))
    return sorted(in_order, key=lambda one: (one.chart is None, -len(one.weeks)))


def habits_met(
    sheets: Mapping[str, Sheet], heard: Iterable[tuple[int, str]], occurrences: Sequence[Occurrence], weeks: Weeks
) -> list[HabitMet]:
    """List the sixteen habits with where the group met them: in habit weeks, and in what it answered."""
    where: dict[str, list[str]] = {habit: [] for habit in habits()}
    for one in occurrences:
        if one.kind == HABIT_WEEK and _counts(one, weeks) and (habit := read_week(one).habit) in where:
            began = one.started_at.astimezone(ZoneInfo(weeks.zone))
            where[habit].append(f"the habit week of {began.day} {began:%B}")
    for flow in sorted({flow for _, flow in heard} & sheets.keys()):
        for habit in sheets[flow].habits:
            if habit in where:
                where[habit].append(sheets[flow].title)
    return [HabitMet(id=habit, name=pick(habits()[habit].name, "en"), where=found) for habit, found in where.items()]


def balance(
    sheets: Mapping[str, Sheet], heard: Iterable[tuple[int, str]], occurrences: Sequence[Occurrence], weeks: Weeks
) -> Balance:
    """Say in how many weeks each of the four attributes had room, and which had the least."""
    fed: dict[str, set[int]] = {attribute: set() for attribute in ATTRIBUTES}
    for week, flow in heard:
        for attribute in sheets[flow].attributes if flow in sheets else ():
            fed[attribute].add(week)
    for one in occurrences:
        if one.kind == HABIT_WEEK and _counts(one, weeks) and (habit := habits().get(read_week(one).habit)):
            for attribute in habit.attributes:
                fed[attribute].add(weeks.place_of(one.started_at) or 0)
    counts = {attribute: len(found) for attribute, found in fed.items()}
    starved = [one for one, count in counts.items() if 2 * count < max(counts.values())]
    widths = shares(counts)
    rooms = [
        Room(id=one, name=name, about=about, weeks=counts[one], width=widths[one])
        for one, (name, about) in ATTRIBUTES.items()
    ]
    return Balance(rooms=rooms, finding=_on_balance(counts, starved), starved=starved)


def named(words: Sequence[str]) -> str:
    """Write words as one does in a sentence: `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _weeks_of(question: Question, counts: Sequence[PointCount], weeks: Weeks) -> list[Week]:
    by_week: dict[int, dict[int, int]] = {}
    for one in counts:
        if (one.flow, one.key) == (question.flow, question.key):
            by_week.setdefault(one.span, {})[one.point] = one.people
    points = range(1, len(question.options) + 1)
    return [
        Week(
            place=place,
            monday=weeks.mondays[place],
            title=_title(weeks.mondays[place]),
            counts=tuple(found.get(point, 0) for point in points),
        )
        for place, found in sorted(by_week.items())
    ]


def _scale(question: Question, answered: list[Week], setting: str) -> Scale:
    points = list(question.options.values())
    sentence = finding(answered, points, setting)
    chart = stacked(answered, points) if sentence else None
    return Scale(question=question, finding=sentence, chart=chart, weeks=answered)


def _on_balance(counts: Mapping[str, int], starved: Sequence[str]) -> str:
    none = [ATTRIBUTES[one][0] for one in starved if not counts[one]]
    little = [ATTRIBUTES[one][0] for one in starved if counts[one]]
    if not any(counts.values()):
        return ""
    if not starved:
        return "All four have had room."
    if none:
        return f"No room so far for {named(none).lower()}."
    return f"{named([little[0], *(one.lower() for one in little[1:])])} had the least room so far."


def _counts(one: Occurrence, weeks: Weeks) -> bool:
    """Say whether an occurrence is one that the group went through in these weeks; what was cut short is none."""
    return one.status is not OccurrenceStatus.STOPPED and weeks.place_of(one.started_at) is not None


def _title(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    begins = f"{monday.day}" if monday.month == sunday.month else f"{monday.day} {monday:%B}"
    return f"{begins}–{sunday.day} {sunday:%B}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
