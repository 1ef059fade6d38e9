"""How a group is doing, counted by the database: who was heard from, points of scales week by week, what was picked."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import GroupId, PersonId, Role
from bot.core.runs import RunId
from bot.storage.answers import READABLE, SKIPPED
from bot.storage.columns import UTCDateTime, among, micros
from bot.storage.review_tables import readings
from bot.storage.tables import IS_POINT, answers, memberships, people


class Span(NamedTuple):
    """A stretch of time, such as a week: from a moment up to another."""

    since: datetime
    until: datetime


class PointCount(NamedTuple):
    """How many people chose a point of a scale in a span, which is named by its place in the list."""

    span: int
    flow: str
    key: str
    point: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerHere:
    """A learner of a group, whether anything was heard from them, and whether they are away just now."""

    id: PersonId
    name: str
    is_heard: bool
    is_away: bool


class Picked(NamedTuple):
    """What somebody said to a question; `value` is JSON, `said` its words."""

    run: RunId
    key: str
    flow: str
    person: PersonId
    value: str
    said: str


class SaidThen(NamedTuple):
    """What somebody said, and when."""

    answer: Picked
    at: datetime


PICKED = sa.select(*(answers.c[name] for name in ("run_id", "key", "flow", "person_id", "value", "said")))
MOST_SAID = 400
"""Answers of one learner that a picture is made of: more than a school year of weekly check-ins has."""


def count_points(connection: Connection, group: GroupId, spans: Sequence[Span]) -> list[PointCount]:
    """Count who chose which point of which scale, span by span; a person counts once, with their newest answer.

    Spans follow each other. Folded here: a sort of so many rows in the database takes twice as long.
    """
    if not spans:
        return []
    ends, number = [micros(span.until) for span in spans], 0
    newest: dict[tuple[str, str, str], str] = {}
    counts: list[PointCount] = []
    for moment, flow, key, person, value in connection.execute(
        points_given(group, spans[0].since, spans[-1].until)
    ).all():
        while moment >= ends[number]:
            counts += _counted(number, newest)
            number += 1
            newest.clear()
        newest[flow, key, person] = value
    return counts + _counted(number, newest)


def _counted(number: int, newest: Mapping[tuple[str, str, str], str]) -> list[PointCount]:
    """Count the people of one span, by flow, question and point."""
    found = Counter((flow, key, value) for (flow, key, _), value in newest.items())
    return [
        PointCount(number, flow, key, int(json.loads(value)), many)
        for (flow, key, value), many in sorted(found.items())
    ]


def points_given(group: GroupId, since: datetime, until: datetime) -> sa.Select[Any]:
    """Select every point that somebody chose in a group, the oldest first: moment, flow, key, person and value."""
    at = answers.c.answered_at
    return (
        sa.select(sa.type_coerce(at, sa.BigInteger), *(answers.c[n] for n in ("flow", "key", "person_id", "value")))
        .where(answers.c.group_id == group, IS_POINT, at >= since, at < until)
        .order_by(at)
    )


def flows_heard(connection: Connection, group: GroupId, spans: Sequence[Span]) -> set[tuple[int, str]]:
    """List which flows somebody answered in which span."""
    if not spans:
        return set()
    weeks, at = _table_of(spans), readings.c.answered_at
    found = (
        sa.select(weeks.c.number, readings.c.flow)
        .join(weeks, sa.and_(at >= weeks.c.since, at < weeks.c.until))
        .where(readings.c.group_id == group)
        .distinct()
    )
    return {(row.number, row.flow) for row in connection.execute(found)}


def learners_here(connection: Connection, group: GroupId, since: datetime, now: datetime) -> list[LearnerHere]:
    """List the learners of a group by name, and who said something since a moment; what is private counts for none."""
    heard = (
        sa.select(answers.c.person_id)
        .where(answers.c.group_id == group, answers.c.answered_at >= since)
        .where(answers.c.visibility.in_(READABLE), answers.c.value != SKIPPED)
        .distinct()
        .subquery()
    )
    found = (
        sa.select(people.c.id, people.c.name, people.c.paused_until, heard.c.person_id.label("heard"))
        .join(memberships, memberships.c.person_id == people.c.id)
        .join(heard, heard.c.person_id == people.c.id, isouter=True)
        .where(memberships.c.group_id == group, memberships.c.ended_at.is_(None))
        .where(memberships.c.role == Role.LEARNER.value)
        .order_by(sa.func.lower(people.c.name), people.c.id)
    )
    return [
        LearnerHere(
            id=PersonId(row.id),
            name=row.name,
            is_heard=row.heard is not None,
            is_away=row.paused_until is not None and row.paused_until > now,
        )
        for row in connection.execute(found)
    ]


def load_picked(connection: Connection, group: GroupId, since: datetime, keys: Collection[str]) -> list[Picked]:
    """Read what was said in a group to questions of these keys since a moment, the newest first."""
    found = (
        PICKED.where(answers.c.group_id == group, answers.c.answered_at >= since, among(answers.c.key, "keys"))
        .where(answers.c.visibility.in_(READABLE), answers.c.value != SKIPPED)
        .order_by(answers.c.answered_at.desc(), answers.c.run_id, answers.c.key)
    )
    return [Picked(*row) for row in connection.execute(found, {"keys": sorted(keys)}).all()]


def load_said_by(connection: Connection, group: GroupId, person: PersonId, keys: Collection[str]) -> list[SaidThen]:
    """Read what somebody said in a group to questions of these keys, the newest `MOST_SAID` of it, the oldest first."""
    found = (
        PICKED.add_columns(answers.c.answered_at)
        # The expression keeps both databases from walking a whole group's index for one person.
        .where(answers.c.person_id == person, sa.func.coalesce(answers.c.group_id, "") == group)
        .where(among(answers.c.key, "keys"), answers.c.visibility.in_(READABLE), answers.c.value != SKIPPED)
        .order_by(answers.c.answered_at.desc(), answers.c.run_id, answers.c.key)
        .limit(MOST_SAID)
    )
    rows = connection.execute(found, {"keys": sorted(keys)}).all()
    return [SaidThen(Picked(*answer), at) for *answer, at in reversed(rows)]


def _table_of(spans: Sequence[Span]) -> sa.CTE:
    """Make a table of spans, numbered from 0."""
    moment = UTCDateTime()
    columns = (sa.column("number", sa.Integer), sa.column("since", moment), sa.column("until", moment))
    rows = [(number, span.since, span.until) for number, span in enumerate(spans)]
    return sa.values(*columns, name="spans").data(rows).cte("spans")
