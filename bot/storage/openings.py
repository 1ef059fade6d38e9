"""What a new run keeps from the moment it begins, read for a whole batch at once."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import GroupId, PersonId, Role
from bot.core.runs import Opening
from bot.storage.columns import among
from bot.storage.tables import groups, memberships, memories, people

PEOPLE = sa.select(people.c.id, people.c.name, people.c.lang, people.c.zone).where(among(people.c.id, "ids"))
GROUPS = sa.select(groups).where(among(groups.c.id, "ids"))
MEMBERS = (
    sa.select(memberships.c.group_id, memberships.c.role, people.c.id, people.c.name)
    .join(people, people.c.id == memberships.c.person_id)
    .where(among(memberships.c.group_id, "ids"), memberships.c.ended_at.is_(None))
    .order_by(memberships.c.since, people.c.id)
)
MEMORIES = sa.select(memories).where(among(memories.c.person_id, "ids"), memories.c.text != "")


TITLES = frozenset({"ms", "mrs", "mr", "mx", "miss", "dr", "prof", "sir", "madam", "frau", "herr", "mme", "sra", "sr"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run that is about to begin; `knows_peers` where its flow lets one pick people."""

    person: PersonId
    group: GroupId | None
    knows_peers: bool


def load_openings(connection: Connection, wanted: Collection[Wanted]) -> dict[Wanted, Opening]:
    """Read the openings of many runs in four statements; whoever is not here, or not in the group, is left out."""
    persons = sorted({w.person for w in wanted})
    group_ids = sorted({w.group for w in wanted if w.group})
    found_people = {row.id: row for row in connection.execute(PEOPLE, {"ids": persons})}
    found_groups = {row.id: row for row in connection.execute(GROUPS, {"ids": group_ids})}
    members: dict[str, list[Any]] = {}
    present: set[tuple[str, str]] = set()
    for member in connection.execute(MEMBERS, {"ids": group_ids}):
        members.setdefault(member.group_id, []).append(member)
        present.add((member.group_id, member.id))
    remembered: dict[tuple[str, str], dict[str, str]] = {}
    for row in connection.execute(MEMORIES, {"ids": persons}):
        remembered.setdefault((row.person_id, row.group_id), {})[row.name] = row.text
    openings = {}
    for w in wanted:
        person, group = found_people.get(w.person), found_groups.get(w.group or "")
        known = members.get(w.group or "", [])
        if person is None or (w.group and (w.group, w.person) not in present):
            continue
        openings[w] = Opening(
            lang=person.lang,
            zone=person.zone or (group.zone if group else "UTC"),
            words={
                "first_name": first_name(person.name),
                "facilitator": _facilitators(known, w.person),
                "group": group.name if group else "",
                "task": group.task if group else "",
                "reply_day": group.reply_day if group else "",
            },
            remembered=remembered.get((w.person, w.group or ""), {}),
            peers={m.id: m.name for m in known if m.role == Role.LEARNER and m.id != w.person} if w.knows_peers else {},
        )
    return openings


def first_name(name: str) -> str:
    """Take the name a person is called by: the first word of what the roster says, or all of it after a title."""
    first = name.strip().partition(" ")[0]
    return name.strip() if first.rstrip(".").casefold() in TITLES else first


def _facilitators(members: list[Any], asked: PersonId) -> str:
    """Name who reads, in few words; one's own name is left out."""
    names = [m.name for m in members if m.role == Role.FACILITATOR and m.id != asked]
    if len(names) <= 2:  # noqa: PLR2004 - two names still fit the six words a prompt has for its readers
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more"
