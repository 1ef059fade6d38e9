"""Invented people on a database that is thrown away: everything they do goes in by the one door."""

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.adapters.terminal.adapter import Show, TerminalAdapter
from bot.adapters.terminal.inbound import place_of
from bot.core.events import EventId, GroupCreated, OccurrenceRequested, OccurrenceSteered, Outcome, RunRequested
from bot.core.occurrences import Occurrence, OccurrenceId, OccurrenceStatus
from bot.core.people import GroupId, PersonId, Role
from bot.core.runs import Run
from bot.flows.document import Document
from bot.flows.library import flows
from bot.flows.program import Refused
from bot.runner.clock import Clock
from bot.runner.conductor import occurrence_id, rehearse
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members, change_group
from bot.storage.occurrences import load_occurrences
from bot.storage.people import add_people, meet_at
from bot.storage.schema import migrate
from bot.storage.turns import load_open_runs

ADA, GROUP = PersonId("ada"), GroupId("class-7b")
FACILITATOR = "Ms Ada"
NAMES = ("Ben", "Cleo", "Dana", "Elif", "Finn", "Gus", "Hana", "Ivo")
TASK = "the bridge models"
SITTING = "play"
FAR = timedelta(days=400)
"""How far ahead one looks for the next thing that happens."""


class PlayClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Tell the time in the play."""
        return self.at


class Stage:
    """Class 7b, alone with its facilitator; `learners` are names by id."""

    def __init__(self, database: Database, clock: PlayClock, show: Show, learners: Sequence[str]) -> None:
        self.database, self.clock = database, clock
        self.learners = {PersonId(name.lower()): name for name in learners}
        self.terminal = TerminalAdapter(SITTING, show, clock.now)
        self._inbox = Inbox(database, FlowShelf(), now=clock.now)
        self._outbox = Outbox(database, {self.terminal.platform: self.terminal}, clock.now, owner=SITTING)
        self._ticker = Clock(database, self._inbox, clock.now)
        self._orders = 0
        self.occurrence: Occurrence | None = None

    async def set_up(self, lang: str, task: str, own: Document | None = None) -> None:
        """Write everybody and every flow down; `own` is one that does not come with Mull."""
        await migrate(self.database)
        await self.database.write(lambda connection: self._write_down(connection, lang, task, own))
        await self.terminal.start(self._inbox)

    def _write_down(self, connection: Connection, lang: str, task: str, own: Document | None) -> None:
        now = self.clock.now()
        for document in (flows() | ({own.flow: own} if own else {})).values():
            publish_flow(connection, document.flow, document.version, document.to_json(), now)
        add_people(connection, [(ADA, FACILITATOR), *self.learners.items()], now, lang)
        add_group(connection, _class_7b(now))
        change_group(connection, GROUP, {"task": task, "reply_day": "Friday"})
        add_members(connection, GROUP, [ADA], Role.FACILITATOR, now)
        add_members(connection, GROUP, list(self.learners), Role.LEARNER, now)
        for person in (ADA, *self.learners):
            meet_at(connection, person, place_of(person))

    # What is done.

    async def begin_flow(self, flow: str) -> None:
        """Let the first learner begin a flow."""
        who = next(iter(self.learners))
        await self._inbox.accept(
            RunRequested(id=self._event_id(), at=self.clock.now(), who=who, place=place_of(who), flow=flow, group=GROUP)
        )

    async def begin_program(self, kind: str, choices: Mapping[str, str]) -> None:
        """Let the facilitator begin a program.

        Raises Refused.
        """
        event = OccurrenceRequested(
            id=self._event_id(), at=self.clock.now(), who=ADA, group=GROUP, kind=kind, choices=choices
        )
        outcome = await self._inbox.accept(event)
        if outcome is not Outcome.ACCEPTED:
            raise Refused(await self.database.read(lambda connection: rehearse(connection, event, ADA)))
        await self._look_at(occurrence_id(event.id))

    async def steer(self, who: PersonId, step: str, about: str) -> Outcome:
        """Let somebody have their say in the occurrence."""
        if self.occurrence is None:
            return Outcome.UNKNOWN
        event = OccurrenceSteered(
            id=self._event_id(),
            at=self.clock.now(),
            who=who,
            occurrence=self.occurrence.id,
            step=step,
            about=about,
        )
        return await self._inbox.accept(event)

    async def settle(self) -> None:
        """Let everything happen that is due, send what waits, and look at the occurrence again."""
        while await self._ticker.tick():
            pass
        while await self._outbox.deliver_due():
            pass
        if self.occurrence is not None:
            await self._look_at(self.occurrence.id)

    async def _look_at(self, name: OccurrenceId) -> None:
        found = await self.database.read(lambda connection: load_occurrences(connection, [name]))
        self.occurrence = found[name]

    # What can be seen.

    async def questions(self) -> list[Run]:
        """List the runs in which somebody is asked something now, the longest waiting first."""
        runs, now = await self._open_runs(), self.clock.now()
        order = list(self.learners)
        asked = [run for run in runs if run.is_shown and not (run.put_off_until and run.put_off_until > now)]
        return sorted(asked, key=lambda run: (run.asked_at, order.index(run.person)))

    async def is_over(self) -> bool:
        """Say whether nothing more can happen."""
        one = self.occurrence
        goes_on = one is not None and (one.status is OccurrenceStatus.OPEN or one.due_at is not None)
        return not goes_on and not await self._open_runs()

    async def next_moment(self) -> datetime | None:
        """Find when something happens by itself."""
        return await self._ticker.next_moment(self.clock.now() + FAR)

    async def _open_runs(self) -> list[Run]:
        found = await self.database.read(lambda connection: load_open_runs(connection, self.learners.keys()))
        return [run for person in self.learners for run in found[person].values()]

    def _event_id(self) -> EventId:
        self._orders += 1
        return EventId(f"mull/play/{self._orders}")


@asynccontextmanager
async def opened_stage(clock: PlayClock, show: Show, learners: Sequence[str]) -> AsyncIterator[Stage]:
    """Make a stage, and throw it away in the end."""
    with tempfile.TemporaryDirectory(prefix="mull-play-") as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'play.db'}", is_sample=True)
        try:
            yield Stage(database, clock, show, learners)
        finally:
            await database.close()


def monday_morning(now: datetime) -> datetime:
    """Find ten o'clock on the Monday of a week: weeks of programs read best from their beginning."""
    day = now.astimezone(UTC) - timedelta(days=now.astimezone(UTC).weekday())
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def _class_7b(now: datetime) -> GroupCreated:
    return GroupCreated(
        id=EventId("mull/play/group"),
        at=now,
        who=ADA,
        group=GROUP,
        name="Class 7b",
        code="play",
        setting="class",
        zone="UTC",
    )
