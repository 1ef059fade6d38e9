"""How one learner went on, made of their own answers: lines of scales, levels and goals, each in its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.storage.overview import SaidThen
from bot.web.questions import Kind, Question, Sheet

SHOWN = frozenset({Kind.SCALE, Kind.LEVEL, Kind.GOAL, Kind.PLAN})
MOST = 20
"""Points of a line, and sentences of a list: a term of weekly ones."""

ROW, TOP = 26, 14
"""Pixels from one point of a scale to the next, and above the highest."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One answer: percent from the left, pixels from the top."""

    x: float
    y: float
    day: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one learner chose on a scale over time; `rows` are its points with where they stand, the highest first."""

    question: Question
    finding: str
    rows: Sequence[tuple[int, str]]
    dots: Sequence[Dot]
    height: int


@dataclass(frozen=True, slots=True)
class Note:
    """A level or a goal, in words, with the day and what it was an answer to."""

    day: str
    label: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Everything on the page; notes are newest first."""

    lines: Sequence[Line]
    levels: Sequence[Note]
    goals: Sequence[Note]

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to show yet."""
        return not (self.lines or self.levels or self.goals)


def keys_shown(sheets: Mapping[str, Sheet]) -> set[str]:
    """Name the keys of questions that are shown over time."""
    return {question.key for sheet in sheets.values() for question in sheet.questions if question.kind in SHOWN}


def growth_of(said: Sequence[SaidThen], sheets: Mapping[str, Sheet], zone: str) -> Growth:
    """Make lines and lists of what somebody said, the oldest first."""
    questions = {(q.flow, q.key): q for sheet in sheets.values() for q in sheet.questions}
    given = [(questions[one.answer.flow, one.answer.key], one) for one in said if _key(one) in questions]
    scales = sorted(
        {(q.flow, q.key): q for q, _ in given if q.kind is Kind.SCALE}.values(), key=lambda q: (q.flow_title, q.label)
    )
    lines = [_line(scale, [one for q, one in given if q is scale], zone) for scale in scales]
    return Growth(
        lines=[line for line in lines if line is not None],
        levels=[_note(q, one, zone) for q, one in reversed(given) if q.kind is Kind.LEVEL][:MOST],
        goals=[_note(q, one, zone) for q, one in reversed(given) if q.kind in (Kind.GOAL, Kind.PLAN)][:MOST],
    )


def _key(one: SaidThen) -> tuple[str, str]:
    return one.answer.flow, one.answer.key


def _line(question: Question, said: Sequence[SaidThen], zone: str) -> Line | None:
    """Draw the newest points; what is none, such as "can't say", leaves a gap."""
    points = list(question.options)
    kept = [one for one in said if one.answer.value.strip('"') in points][-MOST:]
    if not kept:
        return None
    days = [one.at.astimezone(ZoneInfo(zone)).date() for one in kept]
    places = [points.index(one.answer.value.strip('"')) for one in kept]
    length = max((days[-1] - days[0]).days, 1)
    words = list(question.options.values())
    tops = [TOP + ROW * (len(points) - 1 - place) for place in range(len(points))]
    return Line(
        question=question,
        finding=_finding([words[place] for place in places], days),
        rows=[(tops[place], words[place]) for place in reversed(range(len(points)))],
        dots=[
            Dot(round(34 + 63 * (day - days[0]).days / length, 2), tops[place], _day(day), words[place])
            for day, place in zip(days, places, strict=True)
        ],
        height=TOP * 2 + ROW * (len(points) - 1),
    )


def _finding(words: Sequence[str], days: Sequence[date]) -> str:
    if len(words) == 1:
        return f"“{words[0]}” on {_day(days[0])}"
    if words[0] == words[-1]:
        return f"“{words[-1]}” now, as on {_day(days[0])}"
    return f"“{words[-1]}” now, “{words[0]}” on {_day(days[0])}"


def _note(question: Question, one: SaidThen, zone: str) -> Note:
    return Note(_day(one.at.astimezone(ZoneInfo(zone)).date()), question.label, one.answer.said)


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
