"""The house rules for good prompts, as far as a machine can judge them: every finding is a warning.

English texts only; a person reads the rest. `L` rules are the linter's part of the twenty rules for a prompt.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.core.runs import Visibility
from bot.flows import lint_words as lists
from bot.flows.conditions import holds
from bot.flows.document import (
    AskStep,
    ChoiceStep,
    Document,
    GoalStep,
    PlanStep,
    RubricStep,
    SayStep,
    ScaleStep,
    TextStep,
)
from bot.flows.findings import FILLED, SPOKEN, Finding, Packs, Part, Piece, Rule, options_of, step_name
from bot.flows.flow import PLACEHOLDER
from bot.flows.reading_level import grade, plain, sentences, words
from bot.flows.routes import Routes, opening_with, places_in

ASKED = frozenset({Part.ASK, Part.FOLLOW})
TOLD = SPOKEN | {Part.ABOUT, Part.ENOUGH, Part.READS}
READ = frozenset(Part) - {Part.FALLBACK}
POOLED = SPOKEN | {Part.ENOUGH, Part.EXAMPLE}
FEWEST_POOLED = 100
"""Words a flow needs before its reading grade says anything."""

FRAMES = frozenset({"first_name", "facilitator", "reply_day"})
"""Placeholders that name no task, thing or time."""

OPTIONS = range(3, 7)
READERS = range(1, 7)
"""Words that say who reads an answer; the bot may add a sentence of its own about names."""

EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words that do not belong in some parts of a flow, and what to do instead."""

    rule: Rule
    parts: frozenset[Part]
    regex: re.Pattern[str]
    advice: str


def _pattern(rule: Rule, parts: Iterable[Part], words: str, advice: str) -> Pattern:
    return Pattern(rule, frozenset(parts), re.compile(rf"\b(?:{words})\b", re.IGNORECASE), advice)


PATTERNS = (
    _pattern(Rule.ONE_ASK, ASKED, lists.SECOND_ASK, "one ask at a time"),
    _pattern(Rule.LEADING, ASKED, lists.LEADING, "this leads; offer the opposite answer just as calmly"),
    _pattern(Rule.LEADING, ASKED, lists.PRAISE, "praise in a question leads"),
    _pattern(Rule.TRAIT, ASKED, lists.TRAIT, "ask for an act in a named time, not for a trait or a habit"),
    _pattern(Rule.SETBACK, ASKED, lists.WHY_AFTER_SETBACK, "ask what happened, not why"),
    _pattern(Rule.INVITES, TOLD, lists.PRESSING, "invite; nothing is owed, counted or marked"),
    _pattern(Rule.ROOM, ASKED | {Part.ENOUGH}, lists.TOO_MUCH, "say how little is enough"),
    _pattern(Rule.SCALE, {Part.ASK, Part.POINT, Part.OPTION}, lists.AGREE, "name the thing itself, not agreement"),
    _pattern(Rule.LITERAL, READ, lists.IDIOMS, "say it literally"),
    _pattern(Rule.NOT_A_PILOT, READ, lists.NOT_A_PILOT, "Mull is none of these; name what happens"),
    *(_pattern(Rule.PLAIN, READ, old, f"plainer: {new}") for old, new in lists.REPLACED.items()),
    *(_pattern(Rule.PROTECTED, READ, w, f"may touch {topic}; is it needed?") for topic, w in lists.PROTECTED.items()),
)
HABIT_NAMES = re.compile("|".join(map(re.escape, lists.HABITS)), re.IGNORECASE)
MOMENT = re.compile(rf"\b(?:{lists.MOMENT})\b", re.IGNORECASE)
CUE = re.compile(rf"\b(?:{lists.CUE})\b", re.IGNORECASE)


def judge_wording(document: Document, texts: list[Piece], packs: Packs, ways: Routes | None) -> Iterator[Finding]:
    """Warn about everything in a document's words that the house rules advise against."""
    for piece in texts:
        yield from _words(piece)
        yield from _length(piece, lists.BANDS[document.band])
        yield from _time_span(piece, document.band)
        yield from _readers(piece)
    for index, step in enumerate(document.steps):
        if isinstance(step, AskStep):
            yield from _moment(step, index, texts)
            yield from _shape(step, index, document, packs)
            yield from _room(step, index, texts)
    yield from _whole(document, texts)
    if ways is not None and not ways.are_too_many:
        yield from _way_through(document, ways)


# One text.


def _words(piece: Piece) -> Iterator[Finding]:
    text = HABIT_NAMES.sub("", plain(piece.english))
    for pattern in PATTERNS:
        found = pattern.regex.search(text) if piece.part in pattern.parts else None
        if found is not None:
            yield piece.finding(pattern.rule, f"“{found[0]}”: {pattern.advice}")
    if piece.part in ASKED and text.count("?") > 1:
        yield piece.finding(Rule.ONE_ASK, "two question marks: one ask at a time")
    if len(EMOJI.findall(text)) > 1:
        yield piece.finding(Rule.LITERAL, "one emoji at most")


def _length(piece: Piece, limits: lists.Limits) -> Iterator[Finding]:
    if piece.part not in SPOKEN:
        return
    text = plain(piece.english)
    count = len(words(text))
    if piece.part in ASKED and count > limits.ask:
        yield piece.finding(Rule.PLAIN, f"{count} words in one ask; {limits.ask} are enough for this age")
    longest = max((len(words(sentence)) for sentence in sentences(text)), default=0)
    if longest > limits.sentence:
        yield piece.finding(Rule.PLAIN, f"{longest} words in one sentence; {limits.sentence} are enough for this age")


def _time_span(piece: Piece, band: str) -> Iterator[Finding]:
    span = lists.LONG_AGO.get(band)
    found = re.search(rf"\b(?:{span})\b", piece.english, re.IGNORECASE) if span and piece.part in ASKED else None
    if found is not None:
        yield piece.finding(Rule.BAND, f"“{found[0]}” is far back for this age")


def _readers(piece: Piece) -> Iterator[Finding]:
    count = len(words(plain(piece.english)))
    if piece.part is Part.READS and count not in READERS:
        yield piece.finding(Rule.WHO_READS, f"{count} words; say who reads it in one to {READERS.stop - 1}")


# One question.


def _moment(step: AskStep, index: int, texts: list[Piece]) -> Iterator[Finding]:
    """Plans and goals name their own moment; the rest needs a task, a thing or a time."""
    if not isinstance(step, TextStep | ChoiceStep | ScaleStep):
        return
    ask = next(piece for piece in texts if piece.index == index and piece.part is Part.ASK)
    names = set(PLACEHOLDER.findall(ask.english)) - FRAMES
    if ask.english and not names and not MOMENT.search(ask.english):
        yield ask.finding(Rule.MOMENT, "name one task, thing or time: {task}, an earlier answer, a day")


def _shape(step: AskStep, index: int, document: Document, packs: Packs) -> Iterator[Finding]:
    match step:
        case ScaleStep():
            found = _scale(step, lists.BANDS[document.band].points)
        case RubricStep():
            found = _rubric(step)
        case ChoiceStep():
            found = _offered(step) if step.choice.offered else _menu(step, len(options_of(step, document, packs)))
        case PlanStep():
            found = _cue(step)
        case _:
            return
    for rule, message in found:
        yield Finding(index, step.id, rule, message)


def _scale(step: ScaleStep, fit: tuple[int, ...]) -> Iterator[tuple[Rule, str]]:
    if len(step.scale) not in fit:
        yield Rule.SCALE, f"{len(step.scale)} points; {' or '.join(map(str, fit))} suit this age"
    if any(not re.search(r"[^\W\d_]", point) for point in _english(step.scale)):
        yield Rule.SCALE, "put each point in words: no bare numbers, no faces"


def _rubric(step: RubricStep) -> Iterator[tuple[Rule, str]]:
    if any(not level.startswith("I ") for level in _english(step.rubric.levels)):
        yield Rule.SCALE, "write each level as a sentence that begins with “I”"


def _offered(step: ChoiceStep) -> Iterator[tuple[Rule, str]]:
    """What a program offers may be all there is to choose from, so own words are left to the flow."""
    if not step.choice.none:
        yield Rule.FAIR_MENU, "offer `none: true`, so that nobody has to choose"


def _menu(step: ChoiceStep, count: int) -> Iterator[tuple[Rule, str]]:
    if count not in OPTIONS and count > 1:
        yield Rule.FAIR_MENU, f"{count} options; 3 to 6 can be compared"
    if not (step.choice.own and step.choice.none):
        yield Rule.FAIR_MENU, "offer `own: true` and `none: true`, so that everybody can answer truly"


def _cue(step: PlanStep) -> Iterator[tuple[Rule, str]]:
    if any(not CUE.search(ask) for ask in _english([step.plan.cue.ask])):
        yield Rule.PLAN, "ask for a cue one can notice: a time, a place, an event or a sign"


def _english(texts: Iterable[str | dict[str, str]]) -> list[str]:
    found = [text if isinstance(text, str) else text.get("en", "") for text in texts]
    return [text for text in found if text]


def _room(step: AskStep, index: int, texts: list[Piece]) -> Iterator[Finding]:
    mine = [piece for piece in texts if piece.index == index]
    if isinstance(step, TextStep) and not any(piece.part is Part.ENOUGH for piece in mine):
        yield Finding(index, step.id, Rule.ROOM, "say under `enough` how much is enough")
    if not isinstance(step, TextStep | PlanStep | GoalStep | RubricStep):
        return
    written = {
        p.key for p in mine if p.part is Part.FOLLOW or (p.part is Part.ASK and not isinstance(step, RubricStep))
    }
    shown = {piece.key for piece in mine if piece.part is Part.EXAMPLE}
    for key in sorted(written - shown):
        yield Finding(index, step.id, Rule.ROOM, f"{key}: give an example from another task")


# The whole flow.


def _whole(document: Document, texts: list[Piece]) -> Iterator[Finding]:
    def warn(rule: Rule, message: str) -> Finding:
        return Finding(None, "", rule, message)

    if not document.exercises.phases or not document.exercises.attributes:
        yield warn(Rule.FORWARD, "name the phases and attributes that this flow exercises")
    told = " ".join(piece.english for piece in texts if piece.part in SPOKEN)
    asks = any(isinstance(step, AskStep) for step in document.steps)
    if asks and document.visibility is not Visibility.PRIVATE:
        for place, what in (("facilitator", "who asks"), ("reply_day", "when somebody writes back")):
            if f"{{{place}}}" not in told:
                yield warn(Rule.WHO_READS, f"say {what}: {{{place}}}")
    if asks and document.band == "adults" and "apprais" not in told:
        yield warn(Rule.BAND, "say that this touches no appraisal")
    yield from _memory(document, texts)
    pooled = [HABIT_NAMES.sub("", plain(piece.english)) for piece in texts if piece.part in POOLED]
    reached, fit = grade(pooled), lists.BANDS[document.band].grade
    if sum(len(words(text)) for text in pooled) >= FEWEST_POOLED and reached > fit:
        yield warn(Rule.PLAIN, f"the whole reads like school grade {reached:.1f}; {fit} suits this age")


def _memory(document: Document, texts: list[Piece]) -> Iterator[Finding]:
    """From the second run on a flow quotes something, before it asks anything else; a program brings what it needs."""
    if document.begun_by == "program" and _takes_over(document, texts):
        return
    quoting = [p for p in texts if p.part in SPOKEN and places_in(p.english, "remembered")]
    names = [name for piece in quoting for name in places_in(piece.english, "remembered")]
    known = opening_with([f"remembered.{name}" for name in names])
    first = min((piece.index for piece in quoting if piece.index is not None), default=len(document.steps))
    for index, step in enumerate(document.steps):
        if isinstance(step, SayStep) or not holds(step.when, {}, known):
            continue
        if not quoting:
            yield Finding(None, "", Rule.BUILDS_ON, "from the second run on, quote what was said: {remembered.NAME}")
        elif index < first:
            yield Finding(
                index, step_name(document, index), Rule.BUILDS_ON, "ask about what was planned before anything else"
            )
        return


def _takes_over(document: Document, texts: list[Piece]) -> bool:
    """Say whether a flow uses what its program hands over."""
    is_offered = any(isinstance(step, ChoiceStep) and step.choice.offered for step in document.steps)
    return is_offered or any(places_in(piece.english, "given") for piece in texts if piece.part in FILLED)


def _way_through(document: Document, ways: Routes) -> Iterator[Finding]:
    most = lists.BANDS[document.band].open_asks
    if ways.most_open_asks > most:
        message = f"up to {ways.most_open_asks} open questions in one run; {most} are enough for this age"
        yield Finding(None, "", Rule.BAND, message)
    for index in sorted(ways.last):
        step = document.steps[index]
        is_kept = isinstance(step, AskStep) and step.remember is not None
        if not (is_kept or isinstance(step, PlanStep | GoalStep)):
            message = "a run may end here: end on a next step (a plan), or on something to keep (`remember`)"
            yield Finding(index, step_name(document, index), Rule.FORWARD, message)
