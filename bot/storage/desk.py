"""What the desk reads: who asks, with their groups; who has answered; a person's newest runs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import ALLOWED, Action, GroupId, Identity, PersonId, Place, Role
from bot.core.runs import Mode, Run, RunId
from bot.storage.answers import READABLE, SKIPPED
from bot.storage.channels import BY_SELF
from bot.storage.columns import among
from bot.storage.review_tables import readings
from bot.storage.tables import answers, groups, identities, memberships, people, runs
from bot.storage.turns import run_from

NOBODY = PersonId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A group as one of its members needs to know it; the names are those of others."""

    id: GroupId
    name: str
    setting: str
    zone: str
    adult: str
    place: Place | None
    role: Role
    facilitators: tuple[str, ...] = ()
    observers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Whoever asks, with the groups they are in now, in the order of their names; a stranger is nobody."""

    person: PersonId = NOBODY
    name: str = ""
    lang: str = "en"
    own_zone: str = ""
    mode: Mode | None = None
    paused_until: datetime | None = None
    wants_messages: bool = False
    prefers: tuple[int, time] | None = None
    circles: tuple[Circle, ...] = ()

    @property
    def zone(self) -> str:
        """Name the time zone to speak in: their own, else that of their first group."""
        return self.own_zone or (self.circles[0].zone if self.circles else "UTC")

    def may(self, action: Action) -> tuple[Circle, ...]:
        """List the groups in which they may do something."""
        return tuple(circle for circle in self.circles if action in ALLOWED[circle.role])


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Who has answered in a group since a moment, in the order of their names, and how many learners there are."""

    answered: tuple[str, ...]
    learners: int


def find_asker(connection: Connection, who: Identity) -> Asker | None:
    """Find whom a platform means, with their groups; None for a stranger."""
    found = (
        sa.select(people)
        .join(identities, identities.c.person_id == people.c.id)
        .where(*(identities.c[name] == value for name, value in who._asdict().items()))
    )
    row = connection.execute(found).first()
    if row is None:
        return None
    return Asker(
        person=PersonId(row.id),
        name=row.name,
        lang=row.lang,
        own_zone=row.zone or "",
        mode=Mode(row.mode) if row.mode else None,
        paused_until=row.paused_until,
        wants_messages=row.wants_messages,
        prefers=None if row.prefers_weekday is None else (row.prefers_weekday, time.fromisoformat(row.prefers_clock)),
        circles=_circles(connection, PersonId(row.id)),
    )


def load_left(connection: Connection, person: PersonId) -> list[tuple[GroupId, str]]:
    """List the groups that somebody left by their own wish, in the order of their names."""
    found = (
        sa.select(groups.c.id, groups.c.name)
        .join(memberships, memberships.c.group_id == groups.c.id)
        .where(memberships.c.person_id == person, memberships.c.ended_at.is_not(None))
        .where(memberships.c.ended_by == BY_SELF)
        .order_by(groups.c.name, groups.c.id)
    )
    return [(GroupId(row.id), row.name) for row in connection.execute(found)]


def load_weeks(connection: Connection, since: Mapping[GroupId, datetime]) -> dict[GroupId, Week]:
    """Count who has answered in groups, each since a moment of its own; a skipped or private answer counts for none."""
    if not since:
        return {}
    last = (
        sa.select(answers.c.group_id, answers.c.person_id, sa.func.max(answers.c.answered_at).label("last"))
        .where(among(answers.c.group_id, "groups"), answers.c.answered_at >= min(since.values()))
        .where(answers.c.visibility.in_(READABLE), answers.c.value != SKIPPED)
        .group_by(answers.c.group_id, answers.c.person_id)
        .subquery()
    )
    here = sa.and_(last.c.group_id == memberships.c.group_id, last.c.person_id == memberships.c.person_id)
    found = (
        sa.select(memberships.c.group_id, people.c.name, last.c.last)
        .join(people, people.c.id == memberships.c.person_id)
        .join(last, here, isouter=True)
        .where(among(memberships.c.group_id, "groups"), memberships.c.ended_at.is_(None))
        .where(memberships.c.role == Role.LEARNER.value)
        .order_by(sa.func.lower(people.c.name), people.c.id)
    )
    members: dict[GroupId, list[tuple[str, bool]]] = {group: [] for group in since}
    for group, name, at in connection.execute(found, {"groups": sorted(since)}):
        members[GroupId(group)].append((name, at is not None and at >= since[GroupId(group)]))
    return {
        group: Week(answered=tuple(name for name, has in known if has), learners=len(known))
        for group, known in members.items()
    }


def load_unread(connection: Connection, wanted: Collection[RunId]) -> set[RunId]:
    """Name those of these runs whose answers wait for a facilitator to read them."""
    found = sa.select(readings.c.run_id).where(among(readings.c.run_id, "runs"), readings.c.read_at.is_(None))
    return {RunId(run) for run in connection.execute(found, {"runs": sorted(wanted)}).scalars()}


def load_answered_runs(connection: Connection, person: PersonId, most: int, before: RunId | None = None) -> list[Run]:
    """Read a person's last runs in which they said something, newest first; `before` is the last one seen."""
    has_said = sa.exists().where(answers.c.run_id == runs.c.id, answers.c.value != SKIPPED)
    found = sa.select(runs).where(runs.c.person_id == person, has_said)
    if before is not None:
        seen = runs.alias("seen")
        mark = sa.select(seen.c.started_at, seen.c.id).where(seen.c.id == before, seen.c.person_id == person)
        found = found.where(sa.tuple_(runs.c.started_at, runs.c.id) < mark.scalar_subquery())
    rows = connection.execute(found.order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(most))
    return [run_from(row) for row in rows]


def _circles(connection: Connection, person: PersonId) -> tuple[Circle, ...]:
    found = (
        sa.select(groups, memberships.c.role)
        .join(memberships, memberships.c.group_id == groups.c.id)
        .where(memberships.c.person_id == person, memberships.c.ended_at.is_(None))
    )
    rows = sorted(connection.execute(found), key=lambda row: (row.name.casefold(), row.id))
    leaders = _leaders(connection, [row.id for row in rows], person)
    return tuple(_circle(row, leaders) for row in rows)


def _circle(row: Any, leaders: Mapping[tuple[str, str], Sequence[str]]) -> Circle:
    return Circle(
        id=GroupId(row.id),
        name=row.name,
        setting=row.setting,
        zone=row.zone,
        adult=row.adult,
        place=row.place and Place(row.place),
        role=Role(row.role),
        facilitators=tuple(leaders.get((row.id, Role.FACILITATOR), ())),
        observers=tuple(leaders.get((row.id, Role.OBSERVER), ())),
    )


def _leaders(connection: Connection, of: Collection[str], besides: PersonId) -> dict[tuple[str, str], list[str]]:
    """Read the names of those who lead groups or look after them, by group and role."""
    found = (
        sa.select(memberships.c.group_id, memberships.c.role, people.c.name)
        .join(people, people.c.id == memberships.c.person_id)
        .where(among(memberships.c.group_id, "groups"), memberships.c.role != Role.LEARNER.value)
        .where(memberships.c.ended_at.is_(None), people.c.id != besides, people.c.name != "")
        .order_by(memberships.c.since, people.c.id)
    )
    names: dict[tuple[str, str], list[str]] = {}
    for row in connection.execute(found, {"groups": sorted(of)}) if of else ():
        names.setdefault((row.group_id, row.role), []).append(row.name)
    return names
