"""People and how platforms name them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import ALLOWED, Action, Actor, GroupId, Identity, Membership, PersonId, Place, Role
from bot.core.runs import Mode, RunStatus
from bot.storage.tables import groups, identities, memberships, people, runs


def find_identities(connection: Connection, wanted: Collection[Identity]) -> dict[Identity, PersonId]:
    """Find whom platforms mean; strangers are left out."""
    if not wanted:
        return {}
    key = sa.tuple_(identities.c.platform, identities.c.workspace, identities.c.external_id)
    found = connection.execute(sa.select(identities).where(key.in_(sorted(wanted))))
    return {Identity(row.platform, row.workspace, row.external_id): PersonId(row.person_id) for row in found}


def is_met(connection: Connection, who: Identity) -> bool:
    """Say whether a platform's person is known, and where to meet them; not after Mull was removed there."""
    found = (
        sa.select(people.c.id)
        .join(identities, identities.c.person_id == people.c.id)
        .where(*(identities.c[name] == value for name, value in who._asdict().items()), people.c.place.is_not(None))
    )
    return connection.execute(found).first() is not None


def open_dialogues(connection: Connection, platform: str) -> list[tuple[Identity, Place, datetime]]:
    """List whose questions are open on a platform, where, and since when the longest."""
    found = (
        sa.select(identities, runs.c.place, sa.func.min(runs.c.asked_at, type_=runs.c.asked_at.type).label("since"))
        .join(runs, runs.c.person_id == identities.c.person_id)
        .where(
            identities.c.platform == platform,
            runs.c.status == RunStatus.OPEN.value,
            runs.c.place.startswith(f"{platform}:", autoescape=True),
        )
        .group_by(*identities.c, runs.c.place)
        .order_by(runs.c.place)
    )
    return [
        (Identity(row.platform, row.workspace, row.external_id), Place(row.place), row.since)
        for row in connection.execute(found)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How somebody wants Mull to come to them: until when not at all, on which day (0 = Monday) and at which hour."""

    zone: str
    paused_until: datetime | None
    prefers: tuple[int, time] | None


def add_people(connection: Connection, named: Sequence[tuple[PersonId, str]], at: datetime, lang: str = "en") -> None:
    """Write new people down."""
    rows = [{"id": person, "name": name, "lang": lang, "created_at": at} for person, name in named]
    if rows:
        connection.execute(sa.insert(people), rows)


def meet_person(connection: Connection, person: PersonId, who: Identity, at: datetime) -> None:
    """Write down somebody whom a platform names, seen for the first time."""
    connection.execute(sa.insert(people).values(id=person, name="", created_at=at))
    connection.execute(sa.insert(identities).values(**who._asdict(), person_id=person))


def describe_person(
    connection: Connection, person: PersonId, *, name: str, lang: str, zone: str | None, place: Place
) -> None:
    """Write down what a platform says of a person; where they chose to be met stays."""
    described = {"name": name, "lang": lang, "zone": zone, "place": sa.func.coalesce(people.c.place, place)}
    connection.execute(sa.update(people).where(people.c.id == person).values(described))


def pause_person(connection: Connection, person: PersonId, until: datetime | None) -> None:
    """Write down until when a person wants quiet."""
    connection.execute(sa.update(people).where(people.c.id == person).values(paused_until=until))


def prefer_mode(connection: Connection, person: PersonId, mode: Mode) -> None:
    """Write down how a person likes to answer."""
    connection.execute(sa.update(people).where(people.c.id == person).values(mode=mode.value))


def prefer_time(connection: Connection, person: PersonId, weekday: int | None, clock: time | None) -> None:
    """Write down when a person likes to be asked, or that any time is fine."""
    liked = {"prefers_weekday": weekday, "prefers_clock": clock and clock.isoformat()}
    connection.execute(sa.update(people).where(people.c.id == person).values(liked))


def want_messages(connection: Connection, person: PersonId, *, is_wanted: bool) -> bool:
    """Write down whether a person wishes to be written to directly; answer whether that is new."""
    other = (people.c.id == person, people.c.wants_messages.is_not(is_wanted))
    return connection.execute(sa.update(people).where(*other).values(wants_messages=is_wanted)).rowcount == 1


def may_message(connection: Connection, who: Identity) -> bool:
    """Say whether a platform's person wishes to be written to directly."""
    found = (
        sa.select(people.c.wants_messages)
        .join(identities, identities.c.person_id == people.c.id)
        .where(*(identities.c[name] == value for name, value in who._asdict().items()))
    )
    return bool(connection.execute(found).scalar())


def name_of(connection: Connection, person: PersonId) -> str:
    """Read what a person is called."""
    return str(connection.execute(sa.select(people.c.name).where(people.c.id == person)).scalar_one())


def forget_places(connection: Connection, prefix: str) -> None:
    """Meet nobody any more in a workspace."""
    there = people.c.place.startswith(prefix, autoescape=True)
    connection.execute(sa.update(people).where(there).values(place=None))


def rename_person(connection: Connection, person: PersonId, name: str) -> None:
    """Change what a person is called."""
    connection.execute(sa.update(people).where(people.c.id == person).values(name=name))


def meet_at(connection: Connection, person: PersonId, place: Place) -> None:
    """Change where a person is to be met."""
    connection.execute(sa.update(people).where(people.c.id == person).values(place=place))


def load_wishes(connection: Connection, person: PersonId, group: GroupId) -> Wishes:
    """Read how somebody wants Mull to come to them; where they have no zone of their own, a group's counts."""
    zone = sa.func.coalesce(people.c.zone, groups.c.zone).label("zone")
    found = (
        sa.select(people.c.paused_until, people.c.prefers_weekday, people.c.prefers_clock, zone)
        .join(groups, groups.c.id == group)
        .where(people.c.id == person)
    )
    row = connection.execute(found).one()
    has_time = row.prefers_weekday is not None
    return Wishes(
        zone=row.zone,
        paused_until=row.paused_until,
        prefers=(row.prefers_weekday, time.fromisoformat(row.prefers_clock)) if has_time else None,
    )


def find_by_name(connection: Connection, name: str) -> list[PersonId]:
    """Find everybody called exactly this."""
    found = sa.select(people.c.id).where(people.c.name == name).order_by(people.c.id)
    return [PersonId(i) for i in connection.execute(found).scalars()]


def renew_card(connection: Connection, person: PersonId) -> None:
    """Give a person a new card; the old one stops working."""
    connection.execute(sa.update(people).where(people.c.id == person).values(card=people.c.card + 1))


def load_actor(connection: Connection, person: PersonId) -> Actor:
    """Read the memberships that decide what a person may do."""
    found = sa.select(memberships.c.group_id, memberships.c.role).where(*_of(person))
    own = tuple(Membership(group=GroupId(row.group_id), role=Role(row.role)) for row in connection.execute(found))
    leads = any(Action.ADMINISTER in ALLOWED[membership.role] for membership in own)
    return Actor(person=person, memberships=own, below=_groups_below(connection, person) if leads else ())


def _groups_below(connection: Connection, person: PersonId) -> tuple[GroupId, ...]:
    """List the groups below those that somebody administers, at any depth."""
    roles = [role.value for role, actions in ALLOWED.items() if Action.ADMINISTER in actions]
    below = (
        sa.select(groups.c.id)
        .join(memberships, memberships.c.group_id == groups.c.parent_id)
        .where(*_of(person), memberships.c.role.in_(roles))
        .cte("below", recursive=True)
    )
    below = below.union(sa.select(groups.c.id).join(below, groups.c.parent_id == below.c.id))
    return tuple(GroupId(group) for group in connection.execute(sa.select(below.c.id)).scalars())


def _of(person: PersonId) -> tuple["sa.ColumnElement[bool]", ...]:
    return memberships.c.person_id == person, memberships.c.ended_at.is_(None)
