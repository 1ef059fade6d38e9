"""Documents for the linter's tests: short ways to write steps, and a flow around them that is good."""

from typing import Any, TypeAlias

from bot.flows.document import Document, OptionText
from bot.flows.findings import Rule
from bot.flows.lint import lint

Given: TypeAlias = dict[str, Any]

PACKS = {"ways": [OptionText(value=value, label=f"{value} now") for value in ("ask", "draw", "wait")]}


# Steps that break no rule, to be changed in one place.


def say(sentence: str | Given, **more: Any) -> Given:
    """Say one sentence."""
    return {"say": sentence, **more}


def text(ask: str, **more: Any) -> Given:
    """Ask for one's own words."""
    enough = {"enough": "One sentence is enough."}
    return {"id": "part", "ask": ask, "label": "The part", "example": "The legs.", "text": enough, **more}


def day(**more: Any) -> Given:
    """Ask for a day."""
    return {"id": "day", "ask": "Which day?", "date": {}, **more}


def menu(*options: str | Given, **more: Any) -> Given:
    """Ask with a menu of options, or of a pack."""
    choice = {"own": True, "none": True, **({"options": options} if options else {"from": "ways"})}
    return {"id": "way", "ask": "What did you try today?", "choice": {**choice, **more}}


def offered(**more: Any) -> Given:
    """Ask with a menu that a program makes."""
    return {"id": "way", "ask": "Which one today?", "choice": {"offered": True, "none": True, **more}}


def scale(*points: str) -> Given:
    """Ask with a scale."""
    return {"id": "much", "ask": "How much of today was clear?", "scale": points}


def rubric(*levels: str) -> Given:
    """Ask for a level and where it shows."""
    evidence = {"ask": "Where could somebody see it?", "example": "At the table."}
    return {"id": "level", "ask": "Where are you today?", "rubric": {"levels": levels, "evidence": evidence}}


def plan(cue: str = "When will you do it?", **more: Any) -> Given:
    """Ask for a plan; `more` is about its cue."""
    cue_part = {"ask": cue, "label": "When", "example": "On Tuesday.", **more}
    return {
        "id": "next",
        "ask": "What will you try next?",
        "example": "Count the legs twice.",
        "plan": {"cue": cue_part, "remember": "plan"},
    }


KEPT = {
    "id": "kept",
    "when": {"remembered": "plan"},
    "ask": 'You planned: "{remembered.plan}" What happened?',
    "label": "What happened to it",
    "choice": {"options": ["It helped", "It changed nothing", "I did something else"], "own": True, "none": True},
}
FIRST = (say("{facilitator} asks about {task}."), KEPT)
BYE = say("{facilitator} writes back by {reply_day}.")
LAST = (plan(), BYE)
NO_APPRAISAL = say("It touches no appraisal.")


def flow(*steps: Given, **head: Any) -> Document:
    """Build a flow from its steps; `head` replaces what stands above them."""
    given: Given = {
        "flow": "made-up",
        "title": "Made up",
        "band": "11-13",
        "settings": ["class"],
        "exercises": {"attributes": ["voice"], "phases": ["notice", "plan"]},
        "fallbacks": {"task": "your work"},
        "steps": steps,
    }
    return Document.model_validate(given | head)


def between(*steps: Given, **head: Any) -> Document:
    """Put steps between a beginning and an end that break no rule."""
    return flow(*FIRST, *steps, *LAST, **head)


def asking(sentence: str) -> Document:
    """Ask one question in a flow that breaks no rule."""
    return between(text(sentence))


def saying(sentence: str) -> Document:
    """Say one sentence in a flow that breaks no rule."""
    return between(say(sentence))


def told(**translations: str) -> Given:
    """Say one sentence in several languages."""
    return say(translations)


BY_PROGRAM: Given = {"begun_by": "program", "given": ["ask"]}
"""The head of a flow that a program begins."""

WAS_KEPT = {"answered": "kept"}
HELPED = {"said": {"kept": ["it_helped"]}}
CHANGED_NOTHING = {"said": {"kept": ["it_changed_nothing"]}}
HAS_WAY = {"said": {"way": ["ask"]}}


def rules(document: Document, *, are_errors: bool) -> set[Rule]:
    """Name the rules that a document breaks."""
    return {finding.rule for finding in lint(document, PACKS) if finding.is_error is are_errors}
