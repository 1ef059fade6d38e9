"""Pictures that need no script: where each part of a chart stands, and the sentence that says what it shows.

Widths are percent and heights pixels, so that words keep their size on any screen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

FEWEST = 5
"""People in a week that is shown: among fewer, a picture would be of persons."""

HEIGHT = 160
GAP = 2
SLOTS = 12
"""Weeks a picture has room for at least, so that a first week is a column and no wall."""

SHADES = {3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}
CHANGE = 0.1
"""Part of a group that a change takes to be called one."""

OF_GROUP = {"class": "the class", "club": "the club", "staff": "the team"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """How many people chose each point in a week, lowest first; `place` counts weeks from the first of the picture."""

    place: int
    monday: date
    title: str
    counts: tuple[int, ...]

    @property
    def people(self) -> int:
        """Count who answered."""
        return sum(self.counts)

    @property
    def is_shown(self) -> bool:
        """Say whether enough people answered."""
        return self.people >= FEWEST


@dataclass(frozen=True, slots=True)
class Segment:
    """One point's part of a column, in pixels from the top."""

    y: float
    height: float
    shade: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One week; without segments too few people answered. `month` is written where it begins."""

    x: float
    width: float
    segments: tuple[Segment, ...]
    month: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Columns side by side, and what each shade means, highest first as it is stacked."""

    columns: tuple[Column, ...]
    legend: tuple[tuple[int, str], ...]


def stacked(weeks: Sequence[Week], points: Sequence[str]) -> Chart:
    """Stack each week's points, the lowest at the foot; weeks in which nobody was asked stay free."""
    shades = SHADES[len(points)]
    first = weeks[0].place
    step = 100 / max(SLOTS, weeks[-1].place - first + 1)
    columns, before = [], ""
    for week in weeks:
        month = f"{week.monday:%b}"
        columns.append(
            Column(
                x=round((week.place - first) * step, 3),
                width=round(step * 0.8, 3),
                segments=_segments(week, points, shades) if week.is_shown else (),
                month="" if month == before else month,
            )
        )
        before = month
    return Chart(columns=tuple(columns), legend=tuple(zip(reversed(shades), reversed(points), strict=True)))


def finding(weeks: Sequence[Week], points: Sequence[str], setting: str) -> str:
    """Say in one sentence how the upper points of a scale changed; empty where too few people answered in any week."""
    shown = [week for week in weeks if week.is_shown]
    if not shown:
        return ""
    if len(shown) == 1:
        return _most_said(shown[0], points)
    many = 2 if len(shown) >= 4 else 1  # noqa: PLR2004 - two at either end need four
    upper = range((len(points) + 1) // 2, len(points))
    change = _share(shown[-many:], upper) - _share(shown[:many], upper)
    whom = OF_GROUP.get(setting, "the group")
    said = either([points[place] for place in upper])
    since = _when(shown[0].monday, shown[-1].monday)
    if abs(change) < CHANGE:
        return f"About as many of {whom} chose {said} as {since}."
    return f"{'More' if change > 0 else 'Fewer'} of {whom} chose {said} than {since}."


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    """Make bars of counts: percent of the longest."""
    longest = max(counts.values(), default=0)
    return {name: round(100 * count / longest, 1) if longest else 0.0 for name, count in counts.items()}


def heights(counts: Sequence[int], height: int = HEIGHT) -> list[float]:
    """Share a height out among counts, so that the whole is always the same."""
    whole = sum(counts)
    return [round(height * count / whole, 2) for count in counts]


def either(words: Sequence[str]) -> str:
    """Name words as alternatives."""
    return " or ".join(f"“{word}”" for word in words)


def _segments(week: Week, points: Sequence[str], shades: Sequence[int]) -> tuple[Segment, ...]:
    made, foot = [], float(HEIGHT)
    for count, tall, shade, point in zip(week.counts, heights(week.counts), shades, points, strict=True):
        foot -= tall
        if count:
            title = f"{week.title}: {point}, {count} {'person' if count == 1 else 'people'}"
            made.append(Segment(round(foot, 2), max(round(tall - GAP, 2), 1), shade, title))
    return tuple(made)


def _most_said(week: Week, points: Sequence[str]) -> str:
    most = [point for point, count in zip(points, week.counts, strict=True) if count == max(week.counts)]
    return f"In the week of {_day(week.monday)}, {either(most)} was chosen most."


def _share(weeks: Sequence[Week], upper: range) -> float:
    return sum(week.counts[place] for week in weeks for place in upper) / sum(week.people for week in weeks)


def _when(then: date, last: date) -> str:
    is_same_month = (then.year, then.month) == (last.year, last.month)
    return f"in the week of {_day(then)}" if is_same_month else f"in {then:%B}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
