"""A flow made ready to walk: one language, templates cut up, every step spelled out as questions."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, assert_never

from bot.core.effects import Input, Option
from bot.core.events import Control
from bot.core.runs import Visibility
from bot.flows.document import (
    AskStep,
    ChoiceStep,
    Condition,
    DateStep,
    Document,
    Follow,
    GoalStep,
    OptionText,
    PeopleStep,
    PlanStep,
    RubricStep,
    SayStep,
    ScaleStep,
    TextStep,
)
from bot.flows.phrases import Phrases, phrases_in
from bot.flows.source import Text

OWN = "own"
NONE = "none"
CANT_SAY = "cant_say"
AS_IT_IS = "as_it_is"
END = "end"

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)\}")


class Template:
    """A sentence with places to fill: `{first_name}`, `{said.way}`, `{remembered.plan}`."""

    __slots__ = ("_pieces",)

    def __init__(self, source: str) -> None:
        self._pieces = PLACEHOLDER.split(source)

    def fill(self, word: Callable[[str], str]) -> str:
        """Put words into the places; `word` finds one by its name."""
        if len(self._pieces) == 1:
            return self._pieces[0]
        return "".join(word(piece) if n % 2 else piece for n, piece in enumerate(self._pieces))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing asked at a time; a step has one, or a few that belong together."""

    key: str
    step: str
    ask: Template
    label: str
    input: Input
    visibility: Visibility
    options: tuple[Option, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    takes_own: bool = False
    takes_text: bool = True
    picks_people: bool = False
    takes_offered: bool = False
    probe_by: str = ""
    asks_when: bool = False
    most: int = 1
    hint: str = ""
    example: Template = field(default_factory=lambda: Template(""))
    lines: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One step of the way: something said, or questions; `remembers` names what their answers leave behind."""

    id: str
    index: int
    when: Condition | None
    then: str | None
    say: Template | None = None
    questions: tuple[Question, ...] = ()
    probe: Question | None = None
    remembers: str | None = None


class Flow:
    """A document in one language, looked up by step and by question."""

    def __init__(self, document: Document, lang: str) -> None:
        self.id = document.flow
        self.version = document.version
        self.lang = lang
        self.phrases = phrases_in(lang)
        self.controls = {word: Control(name) for name, words in self.phrases.words.items() for word in words}
        self.title = pick(document.title, lang)
        self.about = pick(document.about, lang)
        self.is_for_adults = document.band == "adults"
        self.is_for_programs = document.begun_by == "program"
        self.reads = Template(pick(document.reads, lang)) if document.reads else None
        self.has_depth_cues = lang.partition("-")[0] == "en"
        self.nudge_after = timedelta(hours=document.nudge_after)
        self.fallbacks = {name: pick(text, lang) for name, text in document.fallbacks.items()}
        self.legs = tuple(_leg(document, index, lang, self.phrases) for index in range(len(document.steps)))
        self.index = {leg.id: leg.index for leg in self.legs}
        self.questions: dict[str, Question] = {}
        self.leg_of: dict[str, Leg] = {}
        for leg in self.legs:
            for question in (*leg.questions, *([leg.probe] if leg.probe else [])):
                self.questions[question.key] = question
                self.leg_of[question.key] = leg

    def after(self, leg: Leg) -> Leg | None:
        """Find the step that stands below this one."""
        return self.legs[leg.index + 1] if leg.index + 1 < len(self.legs) else None

    def next(self, leg: Leg) -> Leg | None:
        """Find the step this one leads to; None is the end."""
        if leg.then is None:
            return self.after(leg)
        return None if leg.then == END else self.legs[self.index[leg.then]]

    @property
    def picks_people(self) -> bool:
        """Say whether a run needs to know the people of the group."""
        return any(question.picks_people for question in self.questions.values())


def pick(text: Text, lang: str) -> str:
    """Choose the sentence for a language; English, then whatever there is, stands in."""
    if isinstance(text, str):
        return text
    return text.get(lang) or text.get(lang.partition("-")[0]) or text.get("en") or next(iter(text.values()), "")


def slug(label: str) -> str:
    """Make the value of an option that names none: its English words in lower case."""
    return re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:40] or "option"


def typed_for(options: Sequence[Option]) -> dict[str, str]:
    """List what people may type for each option: its value, its words, its number; the first option wins."""
    found: dict[str, str] = {}
    for number, option in enumerate(options, start=1):
        for typed in (option.value, plain(option.label), str(number)):
            found.setdefault(typed, option.value)
    return found


def plain(text: str) -> str:
    """Make words comparable: no capitals, no full stop."""
    return text.casefold().rstrip(".!")


def _leg(document: Document, index: int, lang: str, phrases: Phrases) -> Leg:
    step = document.steps[index]
    common: dict[str, Any] = {
        "id": step.id or f"step_{index + 1}",
        "index": index,
        "when": step.when,
        "then": step.then,
    }
    if isinstance(step, SayStep):
        return Leg(**common, say=Template(pick(step.say, lang)))
    questions = _questions(document, step, lang, phrases)
    remembers = step.remember
    probe = None
    if isinstance(step, PlanStep):
        remembers = step.plan.remember or remembers
    elif isinstance(step, GoalStep):
        remembers = step.goal.remember or remembers
    elif isinstance(step, TextStep) and step.probe:
        probe = _probe(step.probe.by, questions[0], phrases)
    return Leg(**common, questions=questions, probe=probe, remembers=remembers)


def _probe(by: str, first: Question, phrases: Phrases) -> Question:
    """Make the follow-up of a question; a comment may also go as it is."""
    is_for_comment = by == "comment"
    options = (Option(AS_IT_IS, phrases.send_as_it_is),) if is_for_comment else ()
    return Question(
        key=f"{first.step}.probe",
        step=first.step,
        ask=Template(""),
        label=first.label,
        input=Input.ONE if is_for_comment else Input.TEXT,
        visibility=first.visibility,
        options=options,
        labels={option.value: option.label for option in options},
        typed=typed_for(options),
        takes_own=is_for_comment,
        probe_by=by,
        lines=2,
    )


def _questions(document: Document, step: AskStep, lang: str, phrases: Phrases) -> tuple[Question, ...]:  # noqa: C901 - one case a kind of step
    visibility = step.visibility or document.visibility

    def question(key: str, part: AskStep | Follow, takes: Input = Input.TEXT, lines: int = 1, **more: Any) -> Question:
        ask = pick(part.ask, lang)
        return Question(
            key=key,
            step=step.id,
            ask=Template(ask),
            label=pick(part.label, lang) or ("" if PLACEHOLDER.search(ask) else ask),
            input=takes,
            visibility=visibility,
            example=Template(pick(part.example, lang)),
            lines=lines,
            **more,
        )

    def menu(part: AskStep, options: list[Option], **more: Any) -> Question:
        many = more.pop("many", False)
        return question(
            step.id,
            part,
            Input.MANY if many else Input.ONE,
            options=tuple(options),
            labels={option.value: option.label for option in options},
            typed={} if more.get("takes_offered") else typed_for(options),
            takes_text=bool(more.get("takes_own")),
            **more,
        )

    match step:
        case TextStep():
            return (question(step.id, step, lines=step.text.lines, hint=pick(step.text.enough, lang)),)
        case ChoiceStep():
            choice = step.choice
            options = [_option(o, lang) for o in (document.menus[choice.from_] if choice.from_ else choice.options)]
            options += [Option(OWN, phrases.my_own)] if choice.own else []
            options += [Option(NONE, phrases.none_of_these)] if choice.none else []
            return (menu(step, options, many=choice.many, takes_own=choice.own, takes_offered=choice.offered),)
        case ScaleStep():
            return (menu(step, [*_scale(step.scale, lang), Option(CANT_SAY, phrases.cant_say)]),)
        case RubricStep():
            level = menu(step, [*_scale(step.rubric.levels, lang), Option(CANT_SAY, phrases.cant_say)])
            return (level, question(f"{step.id}.evidence", step.rubric.evidence, lines=3))
        case PeopleStep():
            takes = Input.MANY if step.people.most > 1 else Input.ONE
            return (question(step.id, step, takes, picks_people=True, most=step.people.most, takes_text=False),)
        case DateStep():
            return (question(step.id, step, Input.DATE, asks_when=True),)
        case PlanStep():
            return (question(step.id, step), question(f"{step.id}.cue", step.plan.cue, asks_when=True))
        case GoalStep():
            parts = {"outcome": step.goal.outcome, "obstacle": step.goal.obstacle, "plan": step.goal.plan}
            return (question(step.id, step), *(question(f"{step.id}.{k}", part) for k, part in parts.items()))
        case _:
            raise TypeError(f"no questions for {type(step).__name__}")


def _option(given: Text | OptionText, lang: str) -> Option:
    match given:
        case OptionText():
            return Option(given.value, pick(given.label, lang))
        case str() | dict():
            return Option(slug(pick(given, "en")), pick(given, lang))
        case _:
            assert_never(given)


def _scale(points: list[Text], lang: str) -> list[Option]:
    """Number the points from 1, lowest first; their words are what people see."""
    return [Option(str(number), pick(point, lang)) for number, point in enumerate(points, start=1)]
