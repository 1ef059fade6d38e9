"""What a group runs by itself: a flow or a kind of program, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from bot.core.people import GroupId, PersonId

ProgramId = NewType("ProgramId", str)


class Ownership(StrEnum):
    """Who owns the choices of a program."""

    TEACHER = "teacher"
    SHARED = "shared"
    LEARNER = "learner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program between two occurrences.

    `kind` and `choices` are what each occurrence begins with, `rule` is JSON (see `schedules.rule_from_json`), read in
    the group's zone. `next_at` is when the next occurrence is due and `next_day` the local date that names it; both are
    None where there will be none any more. `note` says why the last one did not begin.
    """

    id: ProgramId
    group: GroupId
    by: PersonId
    kind: str
    choices: Mapping[str, str]
    rule: str
    next_at: datetime | None
    next_day: date | None
    ownership: Ownership = Ownership.TEACHER
    note: str = ""
