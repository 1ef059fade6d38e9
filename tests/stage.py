"""Classes, people and a flow in a real database, the events they send, and a platform that shows what it is given."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.adapters.base import Attempt, Delivery, Door, Sent
from bot.core.effects import AnyEffect, AskQuestion
from bot.core.events import AnswerEdited, ChoicePressed, EventId, GroupCreated, RunRequested, TextReceived
from bot.core.people import GroupId, PersonId, Place, Role
from bot.core.runs import RunId
from bot.flows.conversation import run_id
from bot.flows.document import Document
from bot.flows.library import read
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members
from bot.storage.people import add_people

NOW = datetime(2026, 3, 6, 10, 40, tzinfo=UTC)
CLASS_SIZE = 25

ADA, OLA, CY = PersonId("ada"), PersonId("ola"), PersonId("cy")
"""Who facilitates every class, who observes the first, and somebody of another school."""

ELSEWHERE = GroupId("elsewhere")

FLOW = read(
    """
flow: three
title: Three questions
band: 14-18
settings: [class]
exercises: {attributes: [voice], phases: [notice]}
nudge_after: 24
steps:
  - say: Hi {first_name}.
  - id: one
    ask: What made you think?
    text: {lines: 2}
  - id: two
    ask: What did you try?
    text: {lines: 2}
  - id: plan
    ask: What will you try next?
    text: {lines: 2}
    remember: plan
  - say: Thanks, {first_name}.
""",
    "three.yaml",
)
KEYS = ("one", "two", "plan")


class Hands:
    """A clock that stands still until it is moved; with a `step`, each look finds it that much on: order shows."""

    def __init__(self, at: datetime = NOW, step: timedelta = timedelta()) -> None:
        self.at, self.step = at, step

    def __call__(self) -> datetime:
        """Tell the time."""
        self.at += self.step
        return self.at

    def move(self, **by: float) -> None:
        """Let time pass."""
        self.at += timedelta(**by)


@dataclass
class FakePlatform:
    """Shows effects in lists; `answer` decides what becomes of one, and may raise."""

    answer: Callable[[AnyEffect], Delivery] = lambda effect: Sent(effect.id)
    platform: str = "fake"
    seen: list[AnyEffect] = field(default_factory=list)

    async def start(self, door: Door) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Answer, and show what was sent."""
        delivery = self.answer(effect)
        if isinstance(delivery, Sent):
            self.seen.append(effect)
        return delivery


def pupil(number: int) -> PersonId:
    """Name a learner."""
    return PersonId(f"pupil-{number:04}")


def class_of(number: int) -> GroupId:
    """Name a learner's class."""
    return GroupId(f"class-{number // CLASS_SIZE:03}")


def place_of(person: PersonId) -> Place:
    """Name where a person reads."""
    return Place(f"fake:{person}")


def a_group(
    group: GroupId, who: PersonId = ADA, parent: GroupId | None = None, *, name: str = "", code: str = ""
) -> GroupCreated:
    """Describe a class in Berlin; its id is its name and code where nothing else is said."""
    return GroupCreated(
        id=EventId(f"test/group/{group}"),
        at=NOW,
        who=who,
        group=group,
        name=name or group,
        code=code or group,
        setting="class",
        zone="Europe/Berlin",
        parent=parent,
    )


async def set_stage(database: Database, pupils: int = 1, document: Document = FLOW) -> None:
    """Write down the flow, the learners in classes of 25 that Ada leads, Ola who observes, and Cy elsewhere."""
    await database.write(lambda connection: _set(connection, pupils, document))


def _set(connection: Connection, pupils: int, document: Document) -> None:
    publish_flow(connection, document.flow, document.version, document.to_json(), NOW)
    learners = [(pupil(n), f"Ben {n}") for n in range(pupils)]
    add_people(connection, [(ADA, "Ms Ada"), (OLA, "Ola"), (CY, "Cy"), *learners], NOW)
    for first in range(0, pupils, CLASS_SIZE):
        group = class_of(first)
        add_group(connection, a_group(group))
        add_members(connection, group, [ADA], Role.FACILITATOR, NOW)
        members = [person for person, _ in learners[first : first + CLASS_SIZE]]
        add_members(connection, group, members, Role.LEARNER, NOW)
    add_members(connection, class_of(0), [OLA], Role.OBSERVER, NOW)
    add_group(connection, a_group(ELSEWHERE, CY))
    add_members(connection, ELSEWHERE, [CY], Role.FACILITATOR, NOW)


def an_inbox(
    database: Database, now: Callable[[], datetime] = lambda: NOW, on_committed: Callable[[], None] = lambda: None
) -> Inbox:
    """Open the door."""
    return Inbox(database, FlowShelf(), on_committed, now)


# Events.


def begin(number: int, flow: str = FLOW.flow, name: str = "begin", at: datetime = NOW) -> RunRequested:
    """Let a learner begin a flow."""
    who = pupil(number)
    return RunRequested(
        id=EventId(f"fake/{who}/{name}"), at=at, who=who, place=place_of(who), flow=flow, group=class_of(number)
    )


def say(number: int, text: str, name: str, at: datetime = NOW) -> TextReceived:
    """Let a learner write something."""
    who = pupil(number)
    return TextReceived(id=EventId(f"fake/{who}/{name}"), at=at, who=who, place=place_of(who), text=text)


def press(number: int, run: RunId, wait: int, chosen: str, name: str = "press") -> ChoicePressed:
    """Let a learner press a button."""
    who = pupil(number)
    return ChoicePressed(
        id=EventId(f"fake/{who}/{name}"), at=NOW, who=who, place=place_of(who), run=run, wait=wait, chosen=(chosen,)
    )


def edit(number: int, key: str, text: str, name: str, *, run: RunId | None = None, at: datetime = NOW) -> AnswerEdited:
    """Let a learner change an answer of their run."""
    who = pupil(number)
    return AnswerEdited(
        id=EventId(f"fake/{who}/{name}"),
        at=at,
        who=who,
        place=place_of(who),
        run=run or run_of(number),
        key=key,
        raw=text,
    )


def run_of(number: int) -> RunId:
    """Name the run that `begin` begins."""
    return run_id(begin(number), pupil(number))


# Looking.


async def rows(database: Database, sql: str, **given: object) -> list[tuple[Any, ...]]:
    """Read rows of a database as they stand."""
    return await database.read(lambda connection: [tuple(row) for row in connection.execute(sa.text(sql), given)])


async def count(database: Database, table: str) -> int:
    """Count the rows of a table."""
    return int((await rows(database, f"SELECT count(*) FROM {table}"))[0][0])


async def said_by(database: Database, number: int) -> dict[str, str]:
    """Read what a learner has said, by question."""
    found = await rows(database, "SELECT key, said FROM answers WHERE person_id = :person", person=pupil(number))
    return dict(found)


async def asked(database: Database, number: int) -> list[str]:
    """Read the ids of the questions that were put to a learner, in order."""
    found = "SELECT id FROM outbox WHERE person_id = :person AND kind = 'AskQuestion' ORDER BY seq"
    return [row[0] for row in await rows(database, found, person=pupil(number))]


def questions(effects: Iterable[AnyEffect]) -> list[str]:
    """Name the questions among effects, in order."""
    return [effect.prompt.key for effect in effects if isinstance(effect, AskQuestion)]
