"""One group's walk through a program, as data: a check-in week, a habit week, a feedback round."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import NewType

from bot.core.people import GroupId, PersonId
from bot.core.programs import ProgramId

OccurrenceId = NewType("OccurrenceId", str)


class OccurrenceStatus(StrEnum):
    """Where an occurrence stands; one that was cut short does not count as done."""

    OPEN = "open"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a run does for an occurrence: `part` is the program's own name for it, and no two runs share one."""

    occurrence: OccurrenceId
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """An occurrence between two turns; `state` is JSON that only its program reads.

    `by` is the facilitator who asked for it, `due_at` when it wants to be woken. One that came by itself is of a
    `program`; `closes_at` is when it is over for everybody.
    """

    id: OccurrenceId
    kind: str
    group: GroupId
    by: PersonId
    status: OccurrenceStatus
    started_at: datetime
    due_at: datetime | None
    state: str
    program: ProgramId | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOut:
    """What an occurrence still has to ask of its group, or remind it of: those of one `zone`, or all where it is "".

    `step` 0 asks, 1 and 2 remind. People are taken in the order of their ids, and `cursor` is the last of them whose
    turn has come. Where the occurrence `is_posted`, nobody is asked one by one, only reminded. `size` is about how many
    people there are. `clock` is the wall time it is meant for; only what is planned has one, and a `closes_at`.
    Who went through the same by their own wish `since` a time is not asked.
    """

    occurrence: OccurrenceId
    step: int
    zone: str
    due_at: datetime
    group: GroupId
    by: PersonId
    flow: str
    size: int
    cursor: str = ""
    is_posted: bool = False
    reminders: int = 0
    clock: time | None = None
    closes_at: datetime | None = None
    since: datetime | None = None
