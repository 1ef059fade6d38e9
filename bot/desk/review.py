"""What those who lead a group see: who has answered this week, the newest answers, the way to the pages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.core.people import Action
from bot.core.review import AnswersRead
from bot.core.runs import RunId
from bot.desk.dates import week_begins, written
from bot.desk.here import Deed, Here, Linked, Result, Shown, tell
from bot.flows.phrases import phrases_in
from bot.runner.flow_menu import in_flow_order
from bot.storage.answers import AnswerRead, Mark, RunRead, Sought, read_runs
from bot.storage.columns import EPOCH, micros
from bot.storage.desk import Circle, Week, load_unread, load_weeks
from bot.storage.readings import group_of_run

MOST_RUNS = 10
MOST_ANSWERS = 7
"""Answers with buttons of their own, and MOST_WEEKS groups beside them, are what a message of Slack has room for."""

MOST_WEEKS = 5
MOMENT = re.compile(r"[0-9]{1,16}")
MARK = re.compile(r"before (\d{1,16})\.(\w+)")


def review(here: Here, asked: Asked, rest: str) -> Result:
    """Show who has answered and what: `[before <mark>]`; an observer sees how many only."""
    if not here.asker.may(Action.ADMINISTER):
        return tell(here.wording.review_is_for, Button(label=here.wording.labels.answers, does="answers"))
    before = _mark(rest)
    runs, older = load_newest(here, MOST_ANSWERS, before)
    items = [*(() if before else _weeks(here)), *_answers(here, runs)]
    if before and not runs:
        items.append(Item(text=here.wording.no_more_answers))
    if older is not None:
        label = here.wording.labels.older
        items.append(Item(buttons=(Button(label=label, does=f"review before {micros(older.at)}.{older.run}"),)))
    return Linked(Shown(Reply(items=tuple(items)), runs))


def _weeks(here: Here) -> list[Item]:
    items = week_items(here)
    more = [Item(text=here.wording.more_groups)] if len(items) > MOST_WEEKS else []
    return [*items[:MOST_WEEKS], *more]


def week_items(here: Here) -> list[Item]:
    """Say for each group that somebody leads how many have answered this week, and to who may read: who."""
    led, readable = here.asker.may(Action.ADMINISTER), set(here.asker.may(Action.READ_ANSWERS))
    weeks = load_weeks(here.connection, {circle.id: week_begins(here.at, circle.zone) for circle in led})
    return [_week_item(here, circle, weeks[circle.id], has_names=circle in readable) for circle in led]


def load_newest(here: Here, most: int, before: Mark | None = None) -> tuple[list[RunRead], Mark | None]:
    """Read the newest answers that somebody may read, whole runs of them, and where the next page begins."""
    groups = [circle.id for circle in here.asker.may(Action.READ_ANSWERS)]
    if not groups:
        return [], None
    page = read_runs(here.connection, Sought(groups=groups, before=before), MOST_RUNS)
    shown: list[RunRead] = []
    for run in page.runs:
        kept = _in_order(here, run)
        if shown and sum(len(one.answers) for one in shown) + len(kept.answers) > most:
            return shown, Mark(shown[-1].answered_at, shown[-1].id)
        shown.append(kept)
    return shown, page.older


def mark_read(here: Here, asked: Asked, rest: str) -> Result:
    """Be done with reading a run, so that no colleague need: `<run> <when it was shown>`."""
    not_yours = tell(phrases_in(here.asker.lang).not_yours)
    name, _, shown = rest.partition(" ")
    found = group_of_run(here.connection, RunId(name))
    if found is None:
        return not_yours
    seen_at = EPOCH + timedelta(microseconds=int(shown)) if MOMENT.fullmatch(shown) else None
    event = AnswersRead(id=asked.id, at=asked.at, who=asked.who, group=found[0], runs=(RunId(name),), seen_at=seen_at)
    return Deed(event=event, said=tell(here.wording.is_read), otherwise=not_yours)


def run_items(here: Here, run: RunRead, *, is_unread: bool, most: int, is_named: bool = True) -> list[Item]:
    """Lay out what somebody said in one run; below what nobody has read: writing about it, and being done with it."""
    small = run.name if is_named else ""
    has_room = is_unread and len(run.answers) <= MOST_ANSWERS
    items = [_said_item(here, run, answer, small, has_button=has_room) for answer in run.answers[:most]]
    if items and is_unread and len(run.answers) <= most:
        items[-1] = replace(items[-1], buttons=(*items[-1].buttons, _read_button(here, run)))
    return items


def _said_item(here: Here, run: RunRead, answer: AnswerRead, small: str, *, has_button: bool) -> Item:
    label = here.wording.labels.write
    words = f"write about {run.id} {answer.key}"
    button = Button(label=label, does=words, spoken=f"{label}: {run.name}, {answer.asked}")
    return Item(text=answer.asked, quote=answer.said, small=small, buttons=(button,) if has_button else ())


def _read_button(here: Here, run: RunRead) -> Button:
    label = here.wording.labels.read
    day = written(run.answered_at, here.asker.zone, here.wording.calendar)
    return Button(label=label, does=f"mark read {run.id} {micros(here.at)}", spoken=f"{label}: {run.name}, {day}")


def _answers(here: Here, runs: Sequence[RunRead]) -> Iterator[Item]:
    """Lay out what people said, each run under their name."""
    unread = load_unread(here.connection, [run.id for run in runs])
    for run in (one for one in runs if one.answers):
        day = written(run.answered_at, here.asker.zone, here.wording.calendar)
        yield Item(heading=f"{run.name} · {day}")
        yield from run_items(here, run, is_unread=run.id in unread, most=len(run.answers), is_named=False)


def _week_item(here: Here, circle: Circle, week: Week, *, has_names: bool) -> Item:
    wording, count = here.wording, len(week.answered)
    if not count:
        return Item(heading=circle.name, text=wording.none_this_week)
    text = (wording.one_this_week if count == 1 else wording.this_week).format(count=count, learners=week.learners)
    names = wording.answered_by.format(names=", ".join(week.answered))
    return Item(heading=circle.name, text=text, small=names if has_names else "")


def _in_order(here: Here, run: RunRead) -> RunRead:
    """Leave out what was skipped, and put the rest in the order of the flow's questions."""
    said = [answer for answer in run.answers if not answer.is_skipped]
    return in_flow_order(here.connection, here.shelf, replace(run, answers=said))


def _mark(written_as: str) -> Mark | None:
    parts = MARK.fullmatch(written_as)
    return Mark(EPOCH + timedelta(microseconds=int(parts[1])), RunId(parts[2])) if parts else None
