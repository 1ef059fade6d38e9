"""Small groups that answers suggest: who is stuck on the same thing, and who could help with it.

Everything follows from what was answered and the order of names; nobody is scored, and nobody is compared.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from bot.core.people import PersonId
from bot.core.runs import RunId
from bot.storage.overview import Picked
from bot.web.charts import either
from bot.web.questions import HELPED, Kind, Question, Sheet

LARGEST = 6
"""People in a small group: more do not fit around one table."""

SEATS = LARGEST - 1
"""Those of them who share an answer; one seat is for whoever could help."""

SMALLEST = 3
MOST_OF_ONE = 3
"""Groups about one thing: a class in which nearly everybody is stuck wants a lesson, not ten groups."""

MOST = 8
ENOUGH = 20
"""Helpers to choose from: each group takes one, and only a few are kept apart."""

UNHELPED = frozenset({"nothing_changed", "harder", "in_the_way", "no_moment"})
ORDER = (Kind.SCALE, Kind.OUTCOME, Kind.PLACE, Kind.OTHER)

Key = tuple[str, str]


class Choice(NamedTuple):
    """One learner's answer."""

    run: RunId
    key: str
    person: PersonId
    name: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """Somebody who could help, with the answer that says so."""

    answer: Choice
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallGroup:
    """A suggestion: who shares an answer, in words, and who could help."""

    id: str
    question: Question
    words: str
    members: tuple[Choice, ...]
    helper: Helper | None

    @property
    def answers(self) -> tuple[Choice, ...]:
        """List the answers of everybody in it."""
        return (*self.members, *((self.helper.answer,) if self.helper else ()))


@dataclass(frozen=True, slots=True)
class Given:
    """The newest answer of each learner to each question, in the order of their names, with the values chosen."""

    answers: Mapping[Key, Sequence[tuple[Choice, Collection[str]]]]
    questions: Mapping[Key, Question]
    apart: frozenset[frozenset[PersonId]]

    def sharing(self, question: Question, values: Iterable[str]) -> list[Choice]:
        """List who chose one of these values."""
        wanted = set(values)
        return [one for one, said in self.answers[question.flow, question.key] if not wanted.isdisjoint(said)]

    def of_kind(self, kind: Kind) -> list[Question]:
        """List the questions of a kind that somebody answered."""
        return [question for question in self.questions.values() if question.kind is kind]

    def may_meet(self, person: PersonId, others: Iterable[Choice]) -> bool:
        """Say whether somebody is kept apart from nobody of these."""
        return not self.apart or not any(frozenset({person, other.person}) in self.apart for other in others)


def keys_asked(sheets: Mapping[str, Sheet]) -> set[str]:
    """Name the keys of questions that small groups are made of."""
    return {one.key for sheet in sheets.values() for one in sheet.questions if one.kind in (*ORDER, Kind.WAY)}


def suggest(
    picked: Sequence[Picked],
    names: Mapping[PersonId, str],
    sheets: Mapping[str, Sheet],
    apart: Iterable[tuple[PersonId, PersonId]] = (),
) -> list[SmallGroup]:
    """Suggest small groups of the people in `names`, which has the order of a list, from answers, newest first."""
    given = _gather(picked, names, sheets, apart)
    helped, tried = _helped(given), _tried(given)
    found = [group for question in given.questions.values() for group in _about(question, given, helped, tried)]
    found.sort(key=lambda one: (ORDER.index(one.question.kind), -len(one.members), one.question.label, one.id))
    return found[:MOST]


def _gather(
    picked: Sequence[Picked],
    names: Mapping[PersonId, str],
    sheets: Mapping[str, Sheet],
    apart: Iterable[tuple[PersonId, PersonId]],
) -> Given:
    questions = {(q.flow, q.key): q for sheet in sheets.values() for q in sheet.questions if _is_asked(q, sheet)}
    newest: dict[Key, dict[PersonId, Picked]] = defaultdict(dict)
    for one in picked:
        if (one.flow, one.key) in questions:
            newest[one.flow, one.key].setdefault(one.person, one)
    answers = {
        key: [(Choice(by[p].run, by[p].key, p, names[p], by[p].said), _values(by[p].value)) for p in names if p in by]
        for key, by in sorted(newest.items())
    }
    return Given(answers, {key: questions[key] for key in answers}, frozenset(map(frozenset, apart)))


def _is_asked(question: Question, sheet: Sheet) -> bool:
    """Leave out what a program offers anew each week: what to do next with a habit is no place to be stuck."""
    return question.kind in (*ORDER, Kind.WAY) and not (question.kind is Kind.OTHER and sheet.is_begun_by_program)


def _about(
    question: Question, given: Given, helped: Mapping[PersonId, Choice], tried: Mapping[PersonId, str]
) -> Iterator[SmallGroup]:
    for values in _shared_by(question):
        members = given.sharing(question, values)
        helpers = _helpers(question, {one.person for one in members}, given, helped, tried)
        words = either([label for value, label in question.options.items() if value in values])
        yield from _split(question, words, members, helpers, given)


def _shared_by(question: Question) -> Iterator[tuple[str, ...]]:
    """List the answers that people can be stuck on together."""
    match question.kind:
        case Kind.SCALE:
            yield question.hard
        case Kind.OUTCOME:
            yield from ((value,) for value in question.options if value in UNHELPED)
        case Kind.PLACE | Kind.OTHER:
            yield from ((value,) for value in question.options)
        case _:
            pass


def _helpers(
    question: Question,
    stuck: Collection[PersonId],
    given: Given,
    helped: Mapping[PersonId, Choice],
    tried: Mapping[PersonId, str],
) -> list[Helper]:
    """List who could help: whose plan helped, those first who say what they tried, then who found this easy."""
    if question.kind is Kind.OTHER:
        return []
    known = sorted(helped.items(), key=lambda one: one[0] not in tried)
    found = [
        Helper(answer=answer, why=_why(answer, tried.get(person)))
        for person, answer in islice(((p, a) for p, a in known if p not in stuck), ENOUGH)
    ]
    if question.kind is Kind.SCALE:
        why = f"chose {either([question.options[question.easy]])} here"
        easy = given.sharing(question, [question.easy])
        found += [Helper(answer=one, why=why) for one in easy[:ENOUGH] if one.person not in helped]
    return found


def _helped(given: Given) -> dict[PersonId, Choice]:
    """Find whose plan helped, with the answer that says so."""
    return {one.person: one for question in given.of_kind(Kind.OUTCOME) for one in given.sharing(question, HELPED)}


def _tried(given: Given) -> dict[PersonId, str]:
    """Find what people tried first when work got hard, in words."""
    return {
        one.person: question.options[value]
        for question in given.of_kind(Kind.WAY)
        for one, said in given.answers[question.flow, question.key]
        for value in said
        if value in question.options
    }


def _why(answer: Choice, way: str | None) -> str:
    said = f"said about a plan: “{answer.said}”"
    return f"tried {either([way])} first, and {said}" if way else said


def _split(
    question: Question, words: str, members: Sequence[Choice], helpers: Sequence[Helper], given: Given
) -> Iterator[SmallGroup]:
    """Make groups of about the same size, each with a helper while there are some; kept apart stay apart."""
    tables: list[list[Choice]] = [[] for _ in range(min(-(-len(members) // SEATS), MOST_OF_ONE))]
    for one in members:
        free = [table for table in tables if len(table) < SEATS and given.may_meet(one.person, table)]
        if free:
            min(free, key=len).append(one)
    left = list(helpers)
    for number, table in enumerate(tables):
        helper = next((one for one in left if given.may_meet(one.answer.person, table)), None)
        if len(table) + bool(helper) < SMALLEST or len(table) < SMALLEST - 1:
            continue
        left = [one for one in left if one is not helper]
        name = hashlib.blake2s(f"{question.flow}|{question.key}|{words}|{number}".encode(), digest_size=8).hexdigest()
        yield SmallGroup(id=name, question=question, words=words, members=tuple(table), helper=helper)


def _values(written: str) -> Collection[str]:
    """Read what was chosen; the value of an option needs no unescaping, and words of one's own match none."""
    return json.loads(written) if written.startswith("[") else (written[1:-1],)
