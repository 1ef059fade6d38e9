"""A flow as one page: which questions it shows, and how far a flow goes with what was said."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bot.core.runs import Opening, Value
from bot.flows.conditions import holds
from bot.flows.flow import CANT_SAY, Flow, Leg, Question, Template


@dataclass(frozen=True, slots=True)
class Part:
    """One open question of a form, and what is said right before it."""

    says: tuple[Template, ...]
    question: Question


@dataclass(frozen=True, slots=True)
class Layout:
    """A form as it stands: `earlier` was said before questions that are answered by now."""

    earlier: tuple[Template, ...]
    parts: tuple[Part, ...]


def path(flow: Flow, said: Mapping[str, Value], opening: Opening) -> Iterator[Leg]:
    """Follow the steps that apply, once each; conditions are decided as the path is walked.

    `said` may grow meanwhile: a branch opens as soon as its answer is there.
    """
    leg: Leg | None = flow.legs[0]
    seen: set[int] = set()
    while leg is not None and leg.index not in seen:
        seen.add(leg.index)
        if holds(leg.when, said, opening):
            yield leg
            leg = flow.next(leg)
        else:
            leg = flow.after(leg)


def lay_out(flow: Flow, said: Mapping[str, Value], opening: Opening, also: Collection[str] = ()) -> Layout:
    """List what a form shows now: what has no answer yet and the keys in `also`, with what is said before each."""
    earlier: list[Template] = []
    says: list[Template] = []
    parts: list[Part] = []
    for leg in path(flow, said, opening):
        says += [leg.say] if leg.say else []
        for question in asked_in(leg, also):
            if is_open(leg, question, said, also):
                parts.append(Part(tuple(says), question))
            else:
                earlier += says
            says = []
    return Layout(tuple(earlier), tuple(parts))


def asked_in(leg: Leg, also: Collection[str]) -> tuple[Question, ...]:
    """List the questions of a step; its follow-up is one of them only where it was asked."""
    return (*leg.questions, leg.probe) if leg.probe and leg.probe.key in also else leg.questions


def is_open(leg: Leg, question: Question, said: Mapping[str, Value], also: Collection[str] = ()) -> bool:
    """Say whether a question wants an answer: it has none yet, or its key is in `also`."""
    return (question.key not in said or question.key in also) and applies(leg, question, said)


def applies(leg: Leg, question: Question, said: Mapping[str, Value]) -> bool:
    """Say whether what a question hangs on is there: without an act there is no cue, without a level no evidence."""
    first = leg.questions[0]
    return question is first or said.get(first.key, "") not in (None, CANT_SAY)
