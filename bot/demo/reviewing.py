"""What the facilitators of the sample school did with the answers: they read, and one of them wrote back."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import count

import yaml

from bot.core.events import EventId
from bot.core.people import PersonId
from bot.core.review import AnswerCommented, AnswersRead, AnswersStarred, ThreadContinued, ThreadResolved
from bot.demo.school import SampleGroup
from bot.runner.inbox import Inbox
from bot.runner.review import thread_named
from bot.storage.answers import RunRead, Sought, read_runs
from bot.storage.connection import Connection
from bot.storage.database import Database

MOST_RUNS = 2_000
TALKS = 7
SAYING_BACK = (1, 2, 5)
SETTLED = 5
STARRED = (2, 3)
TALKED_WITHIN = timedelta(weeks=2)


class Reviewer:
    """Leaves the newest week of each group to be read, and in one group a few conversations."""

    def __init__(self, database: Database, inbox: Inbox) -> None:
        self._database, self._inbox = database, inbox
        self._names = (EventId(f"mull/demo/review/{number}") for number in count())

    async def read(self, group: SampleGroup, now: datetime) -> None:
        """Count as read what was answered before the newest check-in was asked."""
        until = group.asked_at(now, 0)
        runs = await self._database.read(lambda connection: _runs(connection, Sought(groups=[group.id], until=until)))
        event = AnswersRead(
            id=next(self._names),
            at=until,
            who=group.facilitator,
            group=group.id,
            runs=tuple(run.id for run in runs),
            seen_at=until,
        )
        await self._inbox.accept(event)

    async def write_back(self, group: SampleGroup, now: datetime) -> None:
        """Write to some learners, the first of the group among them, and put a star on what they said.

        Of those some say something back, which is settled with one of them.
        """
        sought = Sought(groups=[group.id], since=group.asked_at(now, 0) - TALKED_WITHIN)
        runs = await self._database.read(lambda connection: _runs(connection, sought))
        for number, (run, key, words) in enumerate(list(_worth_a_word(runs, first=group.learners[0]))[:TALKS]):
            at = min(run.answered_at + timedelta(days=3), now - timedelta(minutes=25 - number))
            comment = AnswerCommented(
                id=next(self._names), at=at, who=group.facilitator, run=run.id, key=key, text=words["write"]
            )
            await self._inbox.accept(comment)
            if number in SAYING_BACK:
                await self._say_back(comment, run.person, words["back"], is_settled=number == SETTLED)
            if number in STARRED:
                star = AnswersStarred(id=next(self._names), at=at, who=comment.who, group=group.id, run=run.id)
                await self._inbox.accept(star)

    async def _say_back(self, comment: AnswerCommented, person: PersonId, words: str, *, is_settled: bool) -> None:
        thread, at = thread_named(comment), comment.at + timedelta(minutes=8)
        await self._inbox.accept(ThreadContinued(id=next(self._names), at=at, who=person, thread=thread, text=words))
        if is_settled:
            at += timedelta(minutes=4)
            await self._inbox.accept(ThreadResolved(id=next(self._names), at=at, who=comment.who, thread=thread))


def _runs(connection: Connection, sought: Sought) -> Sequence[RunRead]:
    return read_runs(connection, sought, MOST_RUNS).runs


def _worth_a_word(runs: Sequence[RunRead], first: PersonId) -> Iterator[tuple[RunRead, str, dict[str, str]]]:
    """Find answers that there are words about, one a person; one person comes first."""
    seen: set[PersonId] = set()
    for run in sorted(runs, key=lambda run: run.person != first):
        found = [(answer.key, words) for answer in run.answers if (words := _comments().get(answer.said))]
        if found and run.person not in seen:
            seen.add(run.person)
            yield run, *found[0]


@cache
def _comments() -> dict[str, dict[str, str]]:
    given: list[dict[str, str]] = yaml.safe_load((files("bot.demo") / "comments.yaml").read_text("utf-8"))
    return {one["about"]: one for one in given}
