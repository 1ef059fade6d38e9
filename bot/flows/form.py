"""A flow as one page: which questions it shows, and how far a flow goes with what was said."""

from collections.abc import Collection, Iterator, Mapping

from bot.core.runs import Value
from bot.flows.conditions import holds
from bot.flows.flow import CANT_SAY, Flow, Leg, Question


def path(flow: Flow, said: Mapping[str, Value], remembered: Mapping[str, str]) -> Iterator[Leg]:
    """Follow the steps that apply, once each; conditions are decided as the path is walked.

    `said` may grow meanwhile: a branch opens as soon as its answer is there.
    """
    leg: Leg | None = flow.legs[0]
    seen: set[int] = set()
    while leg is not None and leg.index not in seen:
        seen.add(leg.index)
        if holds(leg.when, said, remembered):
            yield leg
            leg = flow.next(leg)
        else:
            leg = flow.after(leg)


def open_questions(
    flow: Flow, said: Mapping[str, Value], remembered: Mapping[str, str], also: Collection[str] = ()
) -> tuple[Question, ...]:
    """List what a form shows now: what has no answer yet, and the keys in `also`."""
    return tuple(
        question
        for leg in path(flow, said, remembered)
        for question in leg.questions
        if is_open(leg, question, said, also)
    )


def is_open(leg: Leg, question: Question, said: Mapping[str, Value], also: Collection[str] = ()) -> bool:
    """Say whether a question wants an answer: it has none yet, or its key is in `also`."""
    return (question.key not in said or question.key in also) and applies(leg, question, said)


def applies(leg: Leg, question: Question, said: Mapping[str, Value]) -> bool:
    """Say whether what a question hangs on is there: without an act there is no cue, without a level no evidence."""
    first = leg.questions[0]
    return question is first or said.get(first.key, "") not in (None, CANT_SAY)
