"""What the linter reports, and the pieces of text it looks at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.flows.document import (
    AskStep,
    ChoiceStep,
    Document,
    Follow,
    GoalStep,
    OptionText,
    PlanStep,
    RubricStep,
    SayStep,
    ScaleStep,
    TextStep,
)
from bot.flows.source import Text

Packs: TypeAlias = Mapping[str, Sequence[OptionText]]


class Rule(StrEnum):
    """A word names an error; `L` and a number, or a section, names a rule of the house for good prompts."""

    UNKNOWN_STEP = "unknown-step"
    DUPLICATE_STEP = "duplicate-step"
    UNREACHABLE = "unreachable"
    TOO_EARLY = "too-early"
    CIRCLE = "circle"
    TOO_MANY_WAYS = "too-many-ways"
    TOO_LONG = "too-long"
    EMPTY = "empty"
    PLACEHOLDER = "placeholder"
    LABEL = "label"
    UNKNOWN_PACK = "unknown-pack"
    MENU = "menu"
    UNKNOWN_VALUE = "unknown-value"

    MOMENT = "L1"
    ONE_ASK = "L3"
    LEADING = "L4"
    TRAIT = "L5"
    BUILDS_ON = "L6"
    FORWARD = "L7"
    PLAN = "L8"
    PLAIN = "L9"
    LITERAL = "L10"
    SCALE = "L11"
    FAIR_MENU = "L12"
    ROOM = "L13"
    SETBACK = "L14"
    INVITES = "L15"
    WHO_READS = "L16"
    PROTECTED = "L17"
    BAND = "1.1"
    NOT_A_PILOT = "S3"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a flow: an error is refused, a warning is for a person to decide."""

    step_index: int | None
    step_id: str
    rule: Rule
    message: str
    is_error: bool = False


class Part(StrEnum):
    """What a piece of text is to the person who reads it."""

    TITLE = "title"
    ABOUT = "about"
    SAY = "say"
    ASK = "ask"
    FOLLOW = "further question"
    LABEL = "label"
    EXAMPLE = "example"
    ENOUGH = "enough"
    OPTION = "option"
    POINT = "point"
    LEVEL = "level"
    FALLBACK = "fallback"
    READS = "reads"


SPOKEN = frozenset({Part.SAY, Part.ASK, Part.FOLLOW})
"""What the bot says by itself."""

FILLED = SPOKEN | {Part.EXAMPLE, Part.READS}
"""Where placeholders are filled."""

NEEDED = SPOKEN | {Part.TITLE, Part.OPTION, Part.POINT, Part.LEVEL}
"""What cannot be blank."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of a document, in all its languages; `key` is the question it belongs to, if any."""

    index: int | None
    step: str
    part: Part
    text: Text
    key: str = ""

    def by_language(self) -> dict[str, str]:
        """Give the text for each language; a text in one language only is English."""
        return {"en": self.text} if isinstance(self.text, str) else self.text

    @property
    def english(self) -> str:
        """Give the English text, or nothing."""
        return self.by_language().get("en", "")

    def finding(self, rule: Rule, message: str, *, is_error: bool = False) -> Finding:
        """Report something about this piece."""
        return Finding(self.index, self.step, rule, message, is_error)


def step_name(document: Document, index: int) -> str:
    """Name a step: by its id, or by its place where it has none."""
    return document.steps[index].id or f"step_{index + 1}"


def pieces(document: Document, packs: Packs) -> list[Piece]:
    """List every text of a document in reading order; menus are read from `packs`, then from the document."""
    head = ((Part.TITLE, document.title), (Part.ABOUT, document.about), (Part.READS, document.reads))
    found = [Piece(None, "", part, text) for part, text in head]
    found += [Piece(None, "", Part.FALLBACK, text) for text in document.fallbacks.values()]
    for index, step in enumerate(document.steps):
        name = step_name(document, index)
        if isinstance(step, SayStep):
            found.append(Piece(index, name, Part.SAY, step.say))
        elif isinstance(step, AskStep):
            parts = [(Part.ASK, step.ask, step.id), *_around(step, step.id)]
            parts += [*_menu(step, document, packs), *_follows(step)]
            found += [Piece(index, name, part, text, key) for part, text, key in parts]
    return [piece for piece in found if piece.text != "" or piece.part in NEEDED]


def options_of(step: ChoiceStep, document: Document, packs: Packs) -> Sequence[Text | OptionText]:
    """List a menu's options; a pack that nobody has is empty."""
    if step.choice.from_ is None:
        return step.choice.options
    return document.menus.get(step.choice.from_) or packs.get(step.choice.from_, ())


def follows_of(step: AskStep) -> dict[str, Follow]:
    """List a step's further questions by key."""
    match step:
        case PlanStep():
            return {f"{step.id}.cue": step.plan.cue}
        case RubricStep():
            return {f"{step.id}.evidence": step.rubric.evidence}
        case GoalStep():
            goal = step.goal
            parts = {"outcome": goal.outcome, "obstacle": goal.obstacle, "plan": goal.plan}
            return {f"{step.id}.{name}": part for name, part in parts.items()}
        case _:
            return {}


def _around(part: AskStep | Follow, key: str) -> Iterator[tuple[Part, Text, str]]:
    yield Part.LABEL, part.label, key
    yield Part.EXAMPLE, part.example, key
    if isinstance(part, TextStep):
        yield Part.ENOUGH, part.text.enough, key


def _menu(step: AskStep, document: Document, packs: Packs) -> Iterator[tuple[Part, Text, str]]:
    match step:
        case ChoiceStep():
            for option in options_of(step, document, packs):
                yield Part.OPTION, option.label if isinstance(option, OptionText) else option, step.id
        case ScaleStep():
            for point in step.scale:
                yield Part.POINT, point, step.id
        case RubricStep():
            for level in step.rubric.levels:
                yield Part.LEVEL, level, step.id


def _follows(step: AskStep) -> Iterator[tuple[Part, Text, str]]:
    for key, follow in follows_of(step).items():
        yield Part.FOLLOW, follow.ask, key
        yield from _around(follow, key)
