"""What flows ask that pictures and small groups are made of: scales, menus, levels, goals and plans."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.flows.document import AnyAsk, ChoiceStep, Document, GoalStep, OptionText, PlanStep, RubricStep, ScaleStep
from bot.flows.flow import PLACEHOLDER, pick, slug
from bot.flows.source import Text
from bot.storage.connection import Connection
from bot.storage.flows import all_current

HELPED = frozenset({"helped", "better"})
PLACES = "parts_of_work"
WAYS = ("ways_of_working", "ways_of_working_staff")
HARD = re.compile(r"\b(hard|harder|difficult|stuck|confus\w+|worr\w+|stress\w*|tired|unsure)\b", re.IGNORECASE)
"""Words of a question whose highest point is the hard end; of any other question it is the lowest."""


class Kind(StrEnum):
    """What a question is about, as far as its document tells."""

    SCALE = "scale"
    LEVEL = "level"
    OUTCOME = "outcome"
    PLACE = "place"
    WAY = "way"
    OTHER = "other"
    GOAL = "goal"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; `options` are its words by value, lowest first where it is a scale."""

    flow: str
    flow_title: str
    key: str
    kind: Kind
    label: str
    options: Mapping[str, str]
    is_hard_above: bool = False

    @property
    def hard(self) -> tuple[str, ...]:
        """Name the points of a scale below its middle, seen from the hard end: the hardest first."""
        points = list(self.options)
        return tuple((points[::-1] if self.is_hard_above else points)[: len(points) // 2])

    @property
    def easy(self) -> str:
        """Name the point of a scale at its easy end."""
        points = list(self.options)
        return points[0] if self.is_hard_above else points[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A flow as the overview needs it."""

    flow: str
    title: str
    is_begun_by_program: bool
    habits: tuple[str, ...]
    attributes: tuple[str, ...]
    questions: tuple[Question, ...]


def load_sheets(connection: Connection) -> dict[str, Sheet]:
    """Read every current flow, by id."""
    return {flow: sheet_of(written) for flow, written in all_current(connection).items()}


@lru_cache(maxsize=512)
def sheet_of(written: str) -> Sheet:
    """Read a document once; a new version is a new string."""
    document = Document.model_validate_json(written)
    return Sheet(
        flow=document.flow,
        title=pick(document.title, "en"),
        is_begun_by_program=document.begun_by == "program",
        habits=tuple(document.exercises.habits),
        attributes=tuple(document.exercises.attributes),
        questions=tuple(_questions(document)),
    )


def _questions(document: Document) -> Iterator[Question]:
    for step in document.steps:
        match step:
            case ScaleStep():
                yield _question(document, step, Kind.SCALE, _points(step.scale))
            case RubricStep():
                yield _question(document, step, Kind.LEVEL, _points(step.rubric.levels))
            case ChoiceStep():
                yield _menu(document, step)
            case GoalStep():
                yield _question(document, step, Kind.GOAL, {})
            case PlanStep():
                yield _question(document, step, Kind.PLAN, {})
            case _:
                pass


def _menu(document: Document, step: ChoiceStep) -> Question:
    choice = step.choice
    given = document.menus[choice.from_] if choice.from_ else choice.options
    options = dict(map(_option, given))
    if choice.offered:
        kind = Kind.LEVEL if step.id == "level" else Kind.OTHER
    elif choice.from_ == PLACES:
        kind = Kind.PLACE
    elif choice.from_ in WAYS:
        kind = Kind.WAY
    else:
        kind = Kind.OUTCOME if HELPED & options.keys() else Kind.OTHER
    return _question(document, step, kind, options)


def _question(document: Document, step: AnyAsk, kind: Kind, options: Mapping[str, str]) -> Question:
    title, ask = pick(document.title, "en"), pick(step.ask, "en")
    return Question(
        flow=document.flow,
        flow_title=title,
        key=step.id,
        kind=kind,
        label=pick(step.label, "en") or (title if PLACEHOLDER.search(ask) else ask),
        options=options,
        is_hard_above=bool(HARD.search(f"{ask} {pick(step.label, 'en')}")),
    )


def _points(points: list[Text]) -> dict[str, str]:
    return {str(number): pick(point, "en") for number, point in enumerate(points, start=1)}


def _option(given: Text | OptionText) -> tuple[str, str]:
    if isinstance(given, OptionText):
        return given.value, pick(given.label, "en")
    return slug(pick(given, "en")), pick(given, "en")
