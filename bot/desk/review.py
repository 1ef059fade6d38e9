"""What those who lead a group see: who has answered this week, the newest answers, the way to the pages."""

import re
from dataclasses import replace
from datetime import timedelta

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.core.people import Action
from bot.core.runs import RunId
from bot.desk.dates import week_begins, written
from bot.desk.here import Here, Linked, Result, tell
from bot.runner.flow_menu import in_flow_order
from bot.storage.answers import AnswerRead, Mark, RunRead, Sought, read_runs
from bot.storage.columns import EPOCH, micros
from bot.storage.desk import Circle, Week, load_weeks

MOST_RUNS = 10
MOST_ANSWERS = 10
MARK = re.compile(r"before (\d{1,16})\.(\w+)")


def review(here: Here, asked: Asked, rest: str) -> Result:
    """Show who has answered and what: `[before <mark>]`; an observer sees how many only."""
    if not here.asker.may(Action.ADMINISTER):
        return tell(here.wording.review_is_for, Button(label=here.wording.labels.answers, does="answers"))
    before = _mark(rest)
    runs, older = load_newest(here, MOST_ANSWERS, before)
    items = [*(() if before else week_items(here)), *(item for run in runs for item in run_items(here, run))]
    if before and not runs:
        items.append(Item(text=here.wording.no_more_answers))
    if older is not None:
        label = here.wording.labels.older
        items.append(Item(buttons=(Button(label=label, does=f"review before {micros(older.at)}.{older.run}"),)))
    return Linked(Reply(items=tuple(items)))


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


def run_items(here: Here, run: RunRead) -> list[Item]:
    """Lay out what somebody said in one run, under their name."""
    if not run.answers:
        return []
    day = written(run.answered_at, here.asker.zone, here.wording.calendar)
    return [Item(heading=f"{run.name} · {day}"), *(said_item(answer) for answer in run.answers)]


def said_item(answer: AnswerRead, small: str = "") -> Item:
    """Lay out one answer below its question."""
    return Item(text=answer.asked, quote=answer.said, small=small)


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
