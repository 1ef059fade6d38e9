"""What a new run keeps from the moment it begins, read for a whole batch at once."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import GroupId, PersonId, Role
from bot.core.runs import Opening
from bot.storage.columns import among
from bot.storage.tables import answers, groups, memberships, memories, people
from bot.storage.threads import load_untold

HAS_ANSWERED = sa.exists().where(answers.c.person_id == people.c.id).label("has_answered")
PEOPLE = sa.select(people.c.id, people.c.name, people.c.lang, people.c.zone, HAS_ANSWERED).where(
    among(people.c.id, "ids")
)
GROUPS = sa.select(groups).where(among(groups.c.id, "ids"))
OWN = sa.select(memberships.c.group_id, memberships.c.person_id).where(
    among(memberships.c.person_id, "ids"), memberships.c.ended_at.is_(None)
)


def _members(role: Role) -> sa.Select[Any]:
    return (
        sa.select(memberships.c.group_id, people.c.id, people.c.name)
        .join(people, people.c.id == memberships.c.person_id)
        .where(among(memberships.c.group_id, "ids"), memberships.c.role == role.value, memberships.c.ended_at.is_(None))
        .order_by(memberships.c.since, people.c.id)
    )


FACILITATORS = _members(Role.FACILITATOR)
LEARNERS = _members(Role.LEARNER)
MEMORIES = sa.select(memories).where(among(memories.c.person_id, "ids"), memories.c.text != "")


TITLES = frozenset({"ms", "mrs", "mr", "mx", "miss", "dr", "prof", "sir", "madam", "frau", "herr", "mme", "sra", "sr"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run that is about to begin; `knows_peers` where its flow lets one pick people.

    One that `hears_comments` begins with what was written about earlier answers and waits to be read.
    """

    person: PersonId
    group: GroupId | None
    knows_peers: bool
    hears_comments: bool = False


def load_openings(connection: Connection, wanted: Collection[Wanted]) -> dict[Wanted, Opening]:
    """Read the openings of many runs in a few statements; whoever is not here, or not in the group, is left out."""
    persons = sorted({w.person for w in wanted})
    group_ids = sorted({w.group for w in wanted if w.group})
    found_people = {row.id: row for row in connection.execute(PEOPLE, {"ids": persons}).all()}
    found_groups = {row.id: row for row in connection.execute(GROUPS, {"ids": group_ids}).all()}
    own = {(row.group_id, row.person_id) for row in connection.execute(OWN, {"ids": persons}).all()}
    facilitators = _by_group(connection, FACILITATORS, group_ids)
    learners = _by_group(connection, LEARNERS, sorted({w.group for w in wanted if w.group and w.knows_peers}))
    remembered: dict[tuple[str, str], dict[str, str]] = {}
    for row in connection.execute(MEMORIES, {"ids": persons}).all():
        remembered.setdefault((row.person_id, row.group_id), {})[row.name] = row.text
    untold = load_untold(connection, {w.person for w in wanted if w.hears_comments})
    openings = {}
    for w in wanted:
        person, group, name = found_people.get(w.person), found_groups.get(w.group or ""), w.group or ""
        if person is None or (w.group and (w.group, w.person) not in own):
            continue
        openings[w] = Opening(
            lang=person.lang,
            zone=person.zone or (group.zone if group else "UTC"),
            words={
                "first_name": first_name(person.name),
                "facilitator": _names([who for one, who in facilitators.get(name, ()) if one != w.person]),
                "group": group.name if group else "",
                "task": group.task if group else "",
                "reply_day": group.reply_day if group else "",
            },
            remembered=remembered.get((w.person, name), {}),
            peers={one: who for one, who in learners.get(name, ()) if one != w.person} if w.knows_peers else {},
            comments=untold.get(w.person, ()) if w.hears_comments else (),
            is_newcomer=not person.has_answered,
        )
    return openings


def first_name(name: str) -> str:
    """Take the name a person is called by: the first word of what the roster says, or all of it after a title."""
    first = name.strip().partition(" ")[0]
    return name.strip() if first.rstrip(".").casefold() in TITLES else first


def _by_group(
    connection: Connection, members: sa.Select[Any], groups: list[GroupId]
) -> dict[str, list[tuple[str, str]]]:
    """Read the members of one role: id and name, by group."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(members, {"ids": groups}).all() if groups else ():
        found.setdefault(row.group_id, []).append((row.id, row.name))
    return found


def _names(names: list[str]) -> str:
    """Name who reads, in few words."""
    if len(names) <= 2:  # noqa: PLR2004 - two names still fit the six words a prompt has for its readers
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more"
