"""Twelve weeks of answers, given through the one door like everybody's, at the times they would have been given."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from bot.core.effects import Input
from bot.core.events import AdultAsked, AnswerEdited, ChoicePressed, EventId, RunEvent, RunRequested, TextReceived
from bot.core.people import PersonId, Place
from bot.core.runs import Run, RunId
from bot.demo.programs import ProgramSeeder, plans_for
from bot.demo.reviewing import Reviewer
from bot.demo.school import SampleGroup
from bot.flows.depth import depth_of
from bot.flows.flow import CANT_SAY, NONE, OWN, Flow
from bot.flows.library import flows
from bot.runner.inbox import Inbox
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.turns import load_open_runs

WEEKS = 12
ANSWERING = 0.85
"""Share of people who answer in a week: some are ill, some have nothing to say."""

MOST_QUESTIONS = 12


class Seeder:
    """Lets the groups of the sample school answer, always the same way."""

    def __init__(self, database: Database, inbox: Inbox, seed: int = 7) -> None:
        self._database, self._inbox = database, inbox
        self._chance = Random(seed)  # noqa: S311 - a sample, the same each time
        self._count = 0
        self._last_text: dict[PersonId, tuple[RunId, str, str]] = {}

    async def answer_weeks(self, groups: Sequence[SampleGroup], now: datetime, on_week: Callable[[int], None]) -> None:
        """Ask every group every week; the newest week is still open for each group's first learner.

        Between the check-ins the groups live through their programs.
        """
        programs = ProgramSeeder(self._database, self._inbox, plans_for(groups, now))
        asks = [(group.asked_at(now, weeks_ago), weeks_ago, group) for group in groups for weeks_ago in range(WEEKS)]
        for at, weeks_ago, group in sorted(asks, key=lambda ask: ask[0]):
            await programs.live_until(at)
            await self._answer_week(group, now, weeks_ago)
            on_week(WEEKS - weeks_ago)
        await programs.live_until(now)
        reviewer = Reviewer(self._database, self._inbox)
        for group in groups:
            await reviewer.read(group, now)
        await reviewer.write_back(groups[0], now)
        await self._leave_traces(groups[0], now)
        await programs.live_until(now)  # the adults are told of who wants to talk

    async def _answer_week(self, group: SampleGroup, now: datetime, weeks_ago: int) -> None:
        flow = Flow(flows()[group.flows[(WEEKS - 1 - weeks_ago) % len(group.flows)]], "en")
        asked_at = group.asked_at(now, weeks_ago)
        await asyncio.gather(*(self._inbox.accept(self._request(p, group, flow, asked_at)) for p in group.learners))
        first = group.learners[0]
        answering = [p for p in group.learners if self._chance.random() < ANSWERING and (weeks_ago or p != first)]
        times = {person: asked_at + timedelta(minutes=self._chance.randint(1, 240)) for person in answering}
        times = {person: at for person, at in times.items() if at < now}
        for _ in range(MOST_QUESTIONS):
            runs = await self._database.read(lambda connection: self._open(connection, set(times), flow))
            events = [self._reply(run, flow, times, WEEKS - weeks_ago) for run in runs]
            if not events:
                return
            await asyncio.gather(*(self._inbox.accept(event) for event in events))

    def _open(self, connection: Connection, persons: set[PersonId], flow: Flow) -> list[Run]:
        loaded = load_open_runs(connection, persons)
        return [
            run for person in sorted(loaded) for run in loaded[person].values() if run.flow == flow.id and run.is_shown
        ]

    def _request(self, person: PersonId, group: SampleGroup, flow: Flow, at: datetime) -> RunRequested:
        return RunRequested(
            id=self._event_id(),
            at=at,
            who=person,
            place=_place(person),
            flow=flow.id,
            group=group.id,
            is_own_wish=False,
        )

    def _reply(self, run: Run, flow: Flow, times: dict[PersonId, datetime], week: int) -> RunEvent:
        at = times[run.person] = times[run.person] + timedelta(seconds=self._chance.randint(15, 60))
        question = flow.questions[run.key or ""]
        if question.input is Input.TEXT:
            text = self._chance.choice(self._sentences(run, question.key))
            self._last_text[run.person] = (run.id, question.key, text)
            return TextReceived(id=self._event_id(), at=at, who=run.person, place=_place(run.person), text=text)
        options = [o.value for o in question.options if o.value not in (OWN, NONE, CANT_SAY)]
        many = question.input is Input.MANY
        chosen = tuple(self._chance.sample(options, 2)) if many else (self._one_of(options, week),)
        return ChoicePressed(
            id=self._event_id(),
            at=at,
            who=run.person,
            place=_place(run.person),
            run=run.id,
            wait=run.wait,
            chosen=chosen,
        )

    def _one_of(self, options: Sequence[str], week: int) -> str:
        """Choose an option; on a scale people gather around a point that goes up from week to week."""
        if not all(option.isdigit() for option in options):
            return self._chance.choice(options)
        mode = len(options) * (0.2 + 0.4 * week / WEEKS)
        return options[min(int(self._chance.triangular(0, len(options), mode)), len(options) - 1)]

    def _sentences(self, run: Run, key: str) -> list[str]:
        """Find what may be said to a question; a follow-up hangs on the answer before it."""
        found: list[str] | dict[int, list[str]] = _all_sentences()[run.flow][key]
        return found if isinstance(found, list) else found[depth_of(self._last_text[run.person][2])]

    async def _leave_traces(self, group: SampleGroup, now: datetime) -> None:
        """Leave what a facilitator should see once: a changed answer, and a wish to talk."""
        second, third = group.learners[1:3]
        run, key, said = self._last_text[second]
        edit = AnswerEdited(
            id=self._event_id(),
            at=now - timedelta(hours=2),
            who=second,
            place=_place(second),
            run=run,
            key=key,
            raw=f"{said}, and then check it once more",
        )
        await self._inbox.accept(edit)
        asked = AdultAsked(id=self._event_id(), at=now - timedelta(minutes=50), who=third, group=group.id)
        await self._inbox.accept(asked)

    def _event_id(self) -> EventId:
        self._count += 1
        return EventId(f"mull/demo/{self._count}")


def _place(person: PersonId) -> Place:
    return Place(f"browser:{person}")


@cache
def _all_sentences() -> dict[str, dict[str, Any]]:
    given: dict[str, dict[str, Any]] = yaml.safe_load((files("bot.demo") / "sentences.yaml").read_text("utf-8"))
    return given
