"""What the groups of the sample school live through beside their check-ins: read from `programs.yaml`, lived in order.

Everything goes in by the one door at the time it would have happened, what is due by itself included.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from bot.core.errors import MullError
from bot.core.events import ChoicePressed, EventId, OccurrenceRequested
from bot.core.occurrences import Errand, OccurrenceId
from bot.core.people import PersonId
from bot.core.runs import Run, RunId
from bot.core.schedules import at_wall_time
from bot.demo.school import SampleGroup, person_id
from bot.demo.voices import Voices
from bot.flows.flow import Flow
from bot.flows.library import flows
from bot.runner.clock import Clock
from bot.runner.conductor import occurrence_id
from bot.runner.inbox import Inbox
from bot.storage.database import Database
from bot.storage.turns import load_open_runs

MORNING = time(8, 40)
SLOWEST = 240
"""Minutes within which whoever answers does so."""


LASTS = timedelta(days=14)
"""After this nobody answers any more."""


class Stuck(MullError):
    """The sample school's clock does not move on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One program in one group of the sample school; see `programs.yaml` for what the words mean."""

    group: SampleGroup
    kind: str
    began_at: datetime
    choices: Mapping[str, str]
    answering: float = 1.0
    named: tuple[PersonId, ...] = ()
    always: tuple[PersonId, ...] = ()
    silent: Mapping[str, tuple[PersonId, ...]] = field(default_factory=dict)
    pieces: str = ""


def plans_for(groups: Sequence[SampleGroup], now: datetime) -> list[Plan]:
    """List what the groups live through up to now, the first to begin first."""
    given = yaml.safe_load((files("bot.demo") / "programs.yaml").read_text("utf-8"))
    by_id = {str(group.id): group for group in groups}
    return sorted((_plan(one, by_id[one["group"]], now) for one in given), key=lambda plan: plan.began_at)


def _plan(given: dict[str, Any], group: SampleGroup, now: datetime) -> Plan:
    if (hours := given.get("hours_ago")) is not None:
        began_at = now - timedelta(hours=hours)
    else:
        monday = now - timedelta(days=now.weekday(), weeks=given["weeks_ago"])
        began_at = at_wall_time(monday, MORNING, group.zone)
    return Plan(
        group=group,
        kind=given["kind"],
        began_at=began_at,
        choices=given["choices"],
        answering=given.get("answering", 1.0),
        named=_people(given.get("named", ())),
        always=_people(given.get("always", ())),
        silent={part: _people(names) for part, names in given.get("silent", {}).items()},
        pieces=given.get("pieces", ""),
    )


def _people(names: Sequence[str]) -> tuple[PersonId, ...]:
    return tuple(person_id(name) for name in names)


class ProgramSeeder:
    """Lets groups live through their programs, always the same way; time is moved from outside."""

    def __init__(self, database: Database, inbox: Inbox, plans: Sequence[Plan], seed: int = 11) -> None:
        self._database, self._inbox, self._coming = database, inbox, list(plans)
        self._chance = Random(seed)  # noqa: S311 - a sample, the same each time
        self._voices = Voices(self._chance)
        self._begun: dict[OccurrenceId, Plan] = {}
        self._times: dict[tuple[RunId, int], datetime | None] = {}
        self._takes_part: dict[tuple[OccurrenceId, str], bool] = {}
        self._at = plans[0].began_at
        self._clock = Clock(database, inbox, lambda: self._at)
        self._count = 0

    async def live_until(self, until: datetime) -> None:
        """Let everything happen up to a moment: what begins, what is answered, what is due by itself."""
        while True:
            due_at = await self._clock.next_moment(until)
            begins_at = self._coming[0].began_at if self._coming and self._coming[0].began_at <= until else None
            next_at = min((at for at in (due_at, begins_at) if at is not None), default=None)
            if await self._answer(next_at or until):
                continue
            if next_at is None:
                return
            if next_at == begins_at:
                await self._begin(self._coming.pop(0))
            else:
                self._at = next_at
                if not await self._clock.tick():
                    raise Stuck

    async def _begin(self, plan: Plan) -> None:
        event = OccurrenceRequested(
            id=self._event_id(),
            at=plan.began_at,
            who=plan.group.facilitator,
            group=plan.group.id,
            kind=plan.kind,
            choices=plan.choices,
        )
        self._begun[occurrence_id(event.id)] = plan
        await self._inbox.accept(event)

    async def _answer(self, before: datetime) -> int:
        """Let everybody answer one question who does so before a moment; answer how many did."""
        recent = [plan for plan in self._begun.values() if before - plan.began_at < LASTS]
        people = sorted({person for plan in recent for person in plan.group.learners})
        if not people:
            return 0
        found = await self._database.read(lambda connection: load_open_runs(connection, people))
        runs = [run for person in people for run in found[person].values()]
        events = [event for run in runs if (event := self._reply(run, before)) is not None]
        await asyncio.gather(*(self._inbox.accept(event) for event in events))
        return len(events)

    def _reply(self, run: Run, before: datetime) -> ChoicePressed | None:
        """Answer the open question of a run on one of these errands, where its time comes before a moment."""
        errand, flow = run.opening.errand, _flow(run.flow)
        plan = self._begun.get(errand.occurrence) if errand else None
        if errand is None or plan is None or not run.is_shown or run.key is None:
            return None
        at = self._time_of(run, errand, plan)
        if at is None or at >= before:
            return None
        question = flow.questions[run.key]
        return ChoicePressed(
            id=self._event_id(),
            at=at,
            who=run.person,
            place=run.place,
            run=run.id,
            wait=run.wait,
            chosen=(self._voices.say(run, question, plan.choices.get("habit", ""), plan.pieces, plan.named),),
        )

    def _time_of(self, run: Run, errand: Errand, plan: Plan) -> datetime | None:
        """Find when a question is answered, the same whenever it is looked at; None where it is left open."""
        key = (run.id, run.wait)
        if key not in self._times:
            pause = timedelta(seconds=self._chance.randint(15, 60))
            if not run.said:
                pause = timedelta(minutes=self._chance.randint(5, SLOWEST))
            self._times[key] = run.asked_at + pause if self._answers(run.person, errand, plan) else None
        return self._times[key]

    def _answers(self, person: PersonId, errand: Errand, plan: Plan) -> bool:
        part = errand.part.partition(":")[0]
        if person in plan.silent.get(part, ()):
            return False
        if plan.named or person in plan.always:
            return person in (*plan.named, *plan.always)
        key = (errand.occurrence, errand.part)
        return self._takes_part.setdefault(key, self._chance.random() < plan.answering)

    def _event_id(self) -> EventId:
        self._count += 1
        return EventId(f"mull/demo/programs/{self._count}")


@cache
def _flow(name: str) -> Flow:
    return Flow(flows()[name], "en")
