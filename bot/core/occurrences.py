"""One group's walk through a program, as data: a check-in week, a habit week, a feedback round."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.core.people import GroupId, PersonId

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

    `by` is the facilitator who asked for it, `due_at` when it wants to be woken.
    """

    id: OccurrenceId
    kind: str
    group: GroupId
    by: PersonId
    status: OccurrenceStatus
    started_at: datetime
    due_at: datetime | None
    state: str
