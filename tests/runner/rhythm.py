"""Groups whose programs are due, what they are shown, and a life that asks them until it is killed."""

import asyncio
import gc
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.adapters.base import Attempt, Delivery, Door, Sent
from bot.core.effects import AnyEffect
from bot.core.events import EventId, ProgramSet
from bot.core.people import GroupId, PersonId, Role
from bot.core.programs import ProgramId
from bot.core.schedules import OnDates, rule_to_json
from bot.flows.library import read
from bot.runner.clock import Clock
from bot.runner.outbox import Outbox
from bot.runner.schedule import set_program
from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members
from bot.storage.people import add_people
from bot.storage.tables import people
from tests.runner.program_life import MortalDatabase
from tests.runner.worker import Crash
from tests.stage import ADA, NOW, Hands, a_group, an_inbox

ON_THURSDAY = OnDates(dates=(date(2026, 3, 12),), at=time(9))
FIRST = datetime(2026, 3, 12, 8, tzinfo=UTC)
"""When the programs are due: Thursday at nine in Berlin, for a week."""

SLOT = datetime(2026, 3, 18, 6, tzinfo=UTC)
"""When the silent are reminded: four fifths into the week, and then not before seven in the morning in Berlin."""

ONE = read(
    """
flow: one
title: One question
band: 14-18
settings: [class]
exercises: {attributes: [voice], phases: [notice]}
nudge_after: 24
steps:
  - id: one
    ask: What made you think?
    text: {lines: 2}
""",
    "one.yaml",
)

# Who is asked.


def member(group: int, number: int) -> PersonId:
    """Name somebody in a group."""
    return PersonId(f"g{group:02}-{number:05}")


def group_named(group: int) -> GroupId:
    """Name a group."""
    return GroupId(f"group-{group:02}")


def members(sizes: Sequence[int]) -> list[PersonId]:
    """List everybody in groups of such sizes."""
    return [member(group, number) for group, size in enumerate(sizes) for number in range(size)]


async def set_groups(database: Database, sizes: Sequence[int]) -> None:
    """Write down groups that Ada leads, each with a program that asks one question on Thursday at nine."""

    def work(connection: Connection) -> None:
        publish_flow(connection, ONE.flow, ONE.version, ONE.to_json(), NOW)
        add_people(connection, [(ADA, "Ms Ada")], NOW)
        for group, size in enumerate(sizes):
            add_class(connection, group, size)
            assert set_program(connection, asks(group), ADA)

    await database.write(work)


def add_class(connection: Connection, number: int, size: int) -> None:
    """Write down one group and its learners."""
    group, learners = group_named(number), [member(number, one) for one in range(size)]
    add_people(connection, [(one, "Ben") for one in learners], NOW)
    is_learner = people.c.id.startswith(member(number, 0).partition("-")[0])
    connection.execute(sa.update(people).where(is_learner).values(place=sa.literal("fake:").concat(people.c.id)))
    add_group(connection, a_group(group))
    add_members(connection, group, [ADA], Role.FACILITATOR, NOW)
    add_members(connection, group, learners, Role.LEARNER, NOW)


def asks(number: int, reminders: int = 0) -> ProgramSet:
    """Write what sets the program of a group: once, on Thursday at nine, open for a week."""
    group = group_named(number)
    return ProgramSet(
        id=EventId(f"set/{group}"),
        at=NOW,
        who=ADA,
        group=group,
        program=ProgramId(f"program-{number:02}"),
        kind="check_in",
        choices={"flow": ONE.flow, "where": "each"},
        rule=rule_to_json(ON_THURSDAY),
        lasts=timedelta(days=7),
        reminders=reminders,
    )


# What they are shown.


@dataclass(frozen=True)
class Shown:
    """What people saw, in a file that outlives every process: a line for each time something was put before them."""

    path: Path

    def add(self, effect: AnyEffect, owner: str) -> None:
        """Put something before somebody, in one piece and behind what others do at the same moment."""
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(file, f"{effect.place} {effect.id} {owner}\n".encode())
        os.close(file)

    def lines(self) -> list[list[str]]:
        """List place, effect and process, in the order in which they were shown."""
        return [line.split(" ") for line in self.path.read_text("utf-8").splitlines()] if self.path.exists() else []

    def has(self, effect: AnyEffect) -> bool:
        """Look for something in what was shown."""
        return f" {effect.id} ".encode() in self.path.read_bytes()

    def times(self) -> Counter[str]:
        """Count what each place was shown."""
        return Counter(place for place, *_ in self.lines())


class Platform:
    """Shows what it is given, but not again what was lost on its way back, which it looks for as real ones do."""

    platform = "fake"

    def __init__(self, shown: Shown, owner: str, beside: Callable[[str, int], None]) -> None:
        self._shown, self._owner, self._beside, self._deliveries = shown, owner, beside, 0

    async def start(self, door: Door) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Show an effect."""
        self._deliveries += 1
        nth = self._deliveries
        self._beside("before delivery", nth)
        if not (attempt.was_lost and self._shown.has(effect)):
            self._shown.add(effect, self._owner)
        self._beside("after delivery", nth)
        return Sent(effect.id)


# Lives.


def die_asking(url: str, shown: Shown, crash: Crash) -> None:
    """Be a Mull when people are asked, and when they are reminded, until it is killed."""
    gc.disable()  # a life is too short for it, and looking through what was inherited copies it
    asyncio.run(_die_asking(url, shown, crash))


async def _die_asking(url: str, shown: Shown, crash: Crash) -> None:
    database = MortalDatabase(open_database(url), crash)
    await ask_and_remind(database, Platform(shown, "first", crash.here))
    await database.close()


async def ask_and_remind(database: Database, platform: Platform, late: timedelta = timedelta()) -> None:
    """Do all there is to do when people are asked, and when they are reminded."""
    hands = Hands()
    outbox = Outbox(database, {"fake": platform}, hands, f"late by {late}")
    clock = Clock(database, an_inbox(database, hands), hands, chunk=2)
    for moment in (FIRST, SLOT):
        hands.at = moment + late
        while await clock.tick() + await outbox.deliver_due():
            pass
