"""One's own answers: to read, and to change at any time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.adapters.asking import Asked, Button, EditForm, Item, Reply
from bot.core.runs import Run, RunId
from bot.desk.dates import written
from bot.desk.here import Here, Result, tell
from bot.flows.flow import Flow
from bot.flows.phrases import phrases_in
from bot.flows.prompting import Prompting
from bot.storage.desk import load_answered_runs
from bot.storage.own_answers import OwnAnswer, load_own_answers
from bot.storage.turns import load_runs

MOST_RUNS = 5
MOST_ANSWERS = 10
"""Answers on one page, unless a single run has more: a message has room for so many."""


@dataclass(frozen=True, slots=True)
class Own:
    """A run of one's own with what was said in it, in the order of its questions; skipped ones are left out."""

    run: Run
    flow: Flow
    answers: tuple[OwnAnswer, ...]


def answers(here: Here, asked: Asked, rest: str) -> Result:
    """Show one's newest answers: `[before <run>]`."""
    before = RunId(rest.removeprefix("before ")) if rest.startswith("before ") else None
    found = load_own(here, MOST_RUNS + 1, before)
    shown = _page(found)
    if not shown:
        said = here.wording.no_more_answers if before else here.wording.no_answers
        return tell(said, Button(label=here.wording.labels.start, does="start"))
    items = [item for own in shown for item in _items(here, own)]
    if len(found) > len(shown):
        older = Button(label=here.wording.labels.older, does=f"answers before {shown[-1].run.id}")
        items.append(Item(buttons=(older,)))
    return Reply(items=tuple(items))


def edit(here: Here, asked: Asked, rest: str) -> Result:
    """Open one of one's own answers to change it: `<run> <key>`."""
    name, _, key = rest.partition(" ")
    run = load_runs(here.connection, [RunId(name)]).get(RunId(name))
    not_yours = tell(phrases_in(here.asker.lang).not_yours)
    if run is None or run.person != here.asker.person:
        return not_yours
    flow = here.shelf.get(here.connection, run.flow, run.version, run.opening.lang)
    question = flow.questions.get(key)
    answer = load_own_answers(here.connection, [run.id])[run.id].get(key)
    if question is None or answer is None:
        return not_yours
    prompt = replace(Prompting(flow, run, run.said).prompt(question), text=answer.asked)
    return Reply(form=EditForm(run=run.id, title=flow.title, prompt=prompt))


def load_own(here: Here, most: int, before: RunId | None = None) -> list[Own]:
    """Read one's newest runs in which something was said, the newest first."""
    runs = load_answered_runs(here.connection, here.asker.person, most, before)
    said = load_own_answers(here.connection, [run.id for run in runs])
    return [_own(here, run, said[run.id].values()) for run in runs]


def answer_item(here: Here, own: Own, answer: OwnAnswer) -> Item:
    """Lay out one answer, with who reads it and the way to change it."""
    label = here.wording.labels.edit
    button = Button(label=label, does=f"edit {own.run.id} {answer.key}", spoken=f"{label}: {answer.asked}")
    question = own.flow.questions.get(answer.key)
    reads = Prompting(own.flow, own.run, own.run.said).reads(question) if question else ""
    return Item(text=answer.asked, quote=answer.said, small=reads, buttons=(button,) if question else ())


def _items(here: Here, own: Own) -> list[Item]:
    day = written(own.run.started_at, here.asker.zone, here.wording.calendar)
    return [Item(heading=f"{own.flow.title} · {day}"), *(answer_item(here, own, answer) for answer in own.answers)]


def _page(found: Sequence[Own]) -> list[Own]:
    """Take whole runs, as many as a page has room for, one at least."""
    shown: list[Own] = []
    for own in found[:MOST_RUNS]:
        if shown and sum(len(one.answers) for one in shown) + len(own.answers) > MOST_ANSWERS:
            break
        shown.append(own)
    return shown


def _own(here: Here, run: Run, said: Iterable[OwnAnswer]) -> Own:
    flow = here.shelf.get(here.connection, run.flow, run.version, run.opening.lang)
    order = {key: place for place, key in enumerate(flow.questions)}
    kept = sorted((one for one in said if one.said), key=lambda one: order.get(one.key, len(order)))
    return Own(run, flow, tuple(kept))
