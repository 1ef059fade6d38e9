"""When people were asked something that they did not ask for themselves: once an occurrence, and how often a week."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.occurrences import OccurrenceId
from bot.core.people import PersonId
from bot.core.runs import RunStatus
from bot.storage.bulk import BulkInsert
from bot.storage.columns import UTCDateTime, among, micros
from bot.storage.tables import groups, outbox, prompts, runs

FULL_WEEK = "budget"
"""Why a prompt was put off: its person had as many as they get in a week."""

KEY = ("occurrence_id", "person_id", "part")
ADD = BulkInsert(prompts, [*KEY, "week", "shown_at", "why"], keys=KEY)
COUNTED = (
    sa.select(prompts.c.person_id, prompts.c.week, sa.func.count().label("prompts"))
    .where(among(prompts.c.person_id, "ids"), prompts.c.week >= sa.bindparam("since"))
    .group_by(prompts.c.person_id, prompts.c.week)
)
FINISHED = (
    sa.select(runs.c.person_id)
    .where(among(runs.c.person_id, "ids"), runs.c.status == RunStatus.DONE.value)
    .where(runs.c.flow == sa.bindparam("of_flow"), runs.c.group_id == sa.bindparam("of_group"))
    .where(runs.c.started_at >= sa.bindparam("since", type_=UTCDateTime()))
    # What JSON writes for a run that nobody sent; words of people cannot look like it, as their quotes are escaped.
    .where(runs.c.opening.contains('"errand":null', autoescape=True))
)
STILL_OPEN = (
    sa.select(runs.c.person_id)
    .where(among(runs.c.person_id, "ids"), runs.c.status == RunStatus.OPEN.value)
    .where(runs.c.flow == sa.bindparam("of_flow"), runs.c.group_id == sa.bindparam("of_group"))
    .where(runs.c.started_at > sa.bindparam("since", type_=UTCDateTime()))
    .where(sa.or_(runs.c.put_off_until.is_not(None), runs.c.state.contains('"is_shown":true', autoescape=True)))
)
PROMPTED = sa.select(prompts.c.person_id).where(
    among(prompts.c.person_id, "ids"), prompts.c.occurrence_id == sa.bindparam("of")
)
ASKED_BETWEEN = PROMPTED.where(
    prompts.c.shown_at >= sa.bindparam("first", type_=UTCDateTime()),
    prompts.c.shown_at <= sa.bindparam("last", type_=UTCDateTime()),
)
BUDGET = sa.select(groups.c.budget).where(groups.c.id == sa.bindparam("group"))
STATES = sa.select(outbox.c.id, outbox.c.state).where(among(outbox.c.id, "ids"))


class Prompted(NamedTuple):
    """That somebody is asked for a part of an occurrence, in which local week, and why later than meant.

    What only waits until they come by counts in no week.
    """

    occurrence: OccurrenceId
    person: PersonId
    part: str
    week: date | None
    shown_at: datetime
    why: str = ""


def add_prompts(connection: Connection, new: Sequence[Prompted]) -> None:
    """Write down who is asked, and when."""
    ADD.run(connection, [_row(one) for one in new])


def count_prompts(connection: Connection, ids: Collection[PersonId], since: date) -> dict[tuple[str, date], int]:
    """Count the prompts of people by local week (its Monday), from one week on."""
    rows = connection.execute(COUNTED, {"ids": sorted(ids), "since": since.isoformat()})
    return {(person, date.fromisoformat(week)): count for person, week, count in rows}


def budget_of(connection: Connection, group: str) -> int:
    """Read how many prompts a group's learners get in a week at most."""
    return int(connection.execute(BUDGET, {"group": group}).scalar_one())


def finished_since(
    connection: Connection, ids: Collection[PersonId], flow: str, group: str, since: datetime
) -> set[PersonId]:
    """Find who began a flow by their own wish in a group since a time, and went through it to its end."""
    given = {"ids": sorted(ids), "of_flow": flow, "of_group": group, "since": since}
    return set(map(PersonId, connection.execute(FINISHED, given).scalars()))


def prompted_in(connection: Connection, occurrence: OccurrenceId, ids: Collection[PersonId]) -> set[PersonId]:
    """Find who was asked by an occurrence without having wished for it."""
    return set(map(PersonId, connection.execute(PROMPTED, {"ids": sorted(ids), "of": occurrence}).scalars()))


def still_open(
    connection: Connection, ids: Collection[PersonId], flow: str, group: str, since: datetime
) -> set[PersonId]:
    """Find who has a flow open in a group that began after a time, and has seen it or will by itself."""
    given = {"ids": sorted(ids), "of_flow": flow, "of_group": group, "since": since}
    return set(map(PersonId, connection.execute(STILL_OPEN, given).scalars()))


def asked_between(
    connection: Connection, occurrence: OccurrenceId, ids: Collection[PersonId], times: tuple[datetime, datetime]
) -> set[PersonId]:
    """Find who was asked by an occurrence, without having wished for it, from one time to another."""
    given = {"ids": sorted(ids), "of": occurrence, "first": times[0], "last": times[1]}
    return set(map(PersonId, connection.execute(ASKED_BETWEEN, given).scalars()))


def states_of(connection: Connection, effects: Collection[str]) -> dict[str, str]:
    """Read what became of effects, by id."""
    return {row.id: row.state for row in connection.execute(STATES, {"ids": sorted(effects)})}


def put_off_in(connection: Connection, occurrences: Collection[OccurrenceId]) -> dict[OccurrenceId, int]:
    """Count whose prompts came later, or wait, because their week was full."""
    found = sa.select(prompts.c.occurrence_id, sa.func.count().label("prompts")).where(
        among(prompts.c.occurrence_id, "ids"), prompts.c.why == FULL_WEEK
    )
    rows = connection.execute(found.group_by(prompts.c.occurrence_id), {"ids": sorted(occurrences)})
    return {OccurrenceId(row.occurrence_id): row.prompts for row in rows}


def _row(one: Prompted) -> tuple[str, str, str, str, int, str]:
    return (
        one.occurrence,
        one.person,
        one.part,
        one.week.isoformat() if one.week else "",
        micros(one.shown_at),
        one.why,
    )
