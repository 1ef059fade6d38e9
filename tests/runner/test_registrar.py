"""Who may change groups and people, and that nobody else changes anything."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.core.events import (
    AdultAsked,
    CardRenewed,
    EventId,
    FlagResolved,
    GroupChanged,
    GroupCreated,
    MemberRemoved,
    Outcome,
    PeopleEnrolled,
    PersonRenamed,
)
from bot.core.people import ALLOWED, Action, Actor, GroupId, Identity, Membership, PersonId, Place, Role, authorize
from bot.core.platform_news import GroupEvent, PersonMet
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.groups import add_group, add_members, end_membership
from bot.storage.people import add_people, load_actor
from bot.storage.tables import groups
from tests.stage import (
    ADA,
    CY,
    ELSEWHERE,
    NOW,
    OLA,
    a_group,
    an_inbox,
    begin,
    class_of,
    count,
    pupil,
    rows,
    said_by,
    say,
    set_stage,
)

CLASS, BEN, NOBODY = class_of(0), pupil(0), PersonId("nobody")
TABLES = ("people", "groups", "memberships", "flags")
ADMINISTERS, READS, ANSWERS = {ADA, OLA}, {ADA}, {ADA, BEN}


def by(who: PersonId, name: str = "1") -> dict[str, Any]:
    """Say who does something."""
    return {"id": EventId(f"test/{who}/{name}"), "at": NOW, "who": who}


def created(who: PersonId, parent: GroupId | None = None) -> GroupCreated:
    """Open a group."""
    group = GroupId("below" if parent else "new")
    return GroupCreated(**by(who), group=group, name="New", code=group, setting="class", zone="UTC", parent=parent)


def enrolled(who: PersonId, role: Role, *people: tuple[PersonId, str], name: str = "1") -> PeopleEnrolled:
    """Write people onto the roster of the class."""
    given = people or ((PersonId(f"new-{role}"), "Cleo"),)
    return PeopleEnrolled(**by(who, name), group=CLASS, role=role, people=given)


CHANGES: dict[str, tuple[Callable[[PersonId], GroupEvent], set[PersonId]]] = {
    "open a group": (created, {ADA, OLA, CY}),
    "open a group below": (lambda who: created(who, CLASS), ADMINISTERS),
    "change a group": (lambda who: GroupChanged(**by(who), group=CLASS, changes={"task": "bridges"}), ADMINISTERS),
    "enrol a learner": (lambda who: enrolled(who, Role.LEARNER), ADMINISTERS),
    "enrol an observer": (lambda who: enrolled(who, Role.OBSERVER), ADMINISTERS),
    "enrol a facilitator": (lambda who: enrolled(who, Role.FACILITATOR), READS),
    "renew a card": (lambda who: CardRenewed(**by(who), group=CLASS, person=BEN), READS),
    "take somebody off": (lambda who: MemberRemoved(**by(who), group=CLASS, person=BEN), ADMINISTERS),
    "ask for an adult": (lambda who: AdultAsked(**by(who), group=CLASS), ANSWERS),
    "change one's name": (lambda who: PersonRenamed(**by(who), name="Renamed"), {ADA, OLA, CY, BEN}),
}


async def happen(database: Database, *events: GroupEvent) -> list[Outcome]:
    """Let events happen one after another."""
    inbox = an_inbox(database)
    return [await inbox.accept(event) for event in events]


async def everything(database: Database) -> list[Any]:
    """Read all that a change could touch."""
    return [sorted(map(str, await rows(database, f"SELECT * FROM {table}"))) for table in TABLES]


async def changed_by(database: Database, who: PersonId | Identity) -> set[str]:
    """Let somebody try every change; answer which ones were accepted, all others having left no trace."""
    accepted = set()
    for change, (event_of, _) in CHANGES.items():
        before = await everything(database)
        event = replace(event_of(ADA), id=EventId(f"test/{change}"), who=who)
        (found,) = await happen(database, event)
        is_changed = await everything(database) != before
        assert found is (Outcome.ACCEPTED if is_changed else Outcome.UNKNOWN), change
        if is_changed:
            accepted.add(change)
    return accepted


@pytest.mark.parametrize("who", [ADA, OLA, BEN, CY, NOBODY])
async def test_only_the_entitled_change_anything(database: Database, who: PersonId) -> None:
    await set_stage(database)
    expected = {change for change, (_, entitled) in CHANGES.items() if who in entitled}
    assert await changed_by(database, who) == expected


async def test_a_platforms_name_for_somebody_carries_no_right(database: Database) -> None:
    await set_stage(database)
    assert await changed_by(database, Identity("fake", "school", "ada")) == set()


async def test_whoever_left_may_do_nothing_any_more(database: Database) -> None:
    await set_stage(database)
    await happen(database, MemberRemoved(**by(ADA, "leave"), group=CLASS, person=ADA))
    assert await changed_by(database, ADA) == set()


async def test_who_opens_a_group_leads_it(database: Database) -> None:
    await set_stage(database)
    await happen(database, created(OLA, CLASS))
    assert await rows(database, "SELECT id, parent_id, name, code FROM groups WHERE id = 'below'") == [
        ("below", CLASS, "New", "below")
    ]
    assert await rows(database, "SELECT person_id, role FROM memberships WHERE group_id = 'below'") == [
        (OLA, "facilitator")
    ]


async def test_a_group_is_changed_in_what_may_change_and_in_nothing_else(database: Database) -> None:
    await set_stage(database)
    wanted = {"name": "6b", "task": "bridges", "reply_day": "Friday", "zone": "UTC", "adult": "Ms Kim"}
    hidden = {"id": "x", "code": "x", "setting": "staff", "parent_id": ELSEWHERE, "no_such": "x"}
    (found,) = await happen(database, GroupChanged(**by(ADA), group=CLASS, changes=wanted | hidden))
    assert found is Outcome.ACCEPTED
    read = "SELECT name, task, reply_day, zone, adult, id, code, setting, parent_id FROM groups WHERE id = :id"
    assert await rows(database, read, id=CLASS) == [(*wanted.values(), CLASS, CLASS, "class", None)]


async def test_the_same_change_twice_is_one(database: Database) -> None:
    await set_stage(database)
    renew = CardRenewed(**by(ADA), group=CLASS, person=BEN)
    assert await happen(database, renew, renew) == [Outcome.ACCEPTED, Outcome.DUPLICATE]
    assert await rows(database, "SELECT card FROM people WHERE id = :id", id=BEN) == [(2,)]


async def test_a_class_is_enrolled_at_once_and_answers_in_the_same_batch(database: Database) -> None:
    await set_stage(database)
    cleo = PersonId("cleo")
    inbox = an_inbox(database)
    start = replace(begin(0, name="cleo"), who=cleo)
    found = [inbox.accept(enrolled(ADA, Role.LEARNER, (cleo, "Cleo"), (PersonId("dora"), "Dora"))), inbox.accept(start)]
    assert [await one for one in found] == [Outcome.ACCEPTED] * 2
    assert await rows(database, "SELECT person_id FROM runs") == [(cleo,)]


async def test_who_is_taken_off_and_comes_back_is_the_same_person_with_their_answers(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    await inbox.accept(begin(0))
    await inbox.accept(say(0, "The bridge.", "1"))
    await happen(database, MemberRemoved(**by(ADA, "off"), group=CLASS, person=BEN))
    assert await said_by(database, 0) == {"one": "The bridge."}
    assert await happen(database, AdultAsked(**by(BEN), group=CLASS)) == [Outcome.UNKNOWN]
    people = await count(database, "people")
    again = enrolled(ADA, Role.LEARNER, (BEN, "Ben, typed anew"), (PersonId("new"), "Cleo"), name="again")
    assert await happen(database, again) == [Outcome.ACCEPTED]
    assert await count(database, "people") == people + 1
    assert await rows(database, "SELECT name, card FROM people WHERE id = :id", id=BEN) == [("Ben 0", 1)]
    assert await happen(database, AdultAsked(**by(BEN, "2"), group=CLASS)) == [Outcome.ACCEPTED]


async def test_nobody_of_another_school_can_be_pulled_into_a_group(database: Database) -> None:
    await set_stage(database)
    before = await everything(database)
    (found,) = await happen(database, enrolled(ADA, Role.LEARNER, (CY, "Cy")))
    assert found is not Outcome.ACCEPTED
    assert await everything(database) == before


async def test_only_members_have_cards_to_renew_and_places_to_lose(database: Database) -> None:
    await set_stage(database)
    events = (CardRenewed(**by(ADA), group=CLASS, person=CY), MemberRemoved(**by(ADA, "2"), group=CLASS, person=CY))
    assert await happen(database, *events) == [Outcome.UNKNOWN] * 2


async def test_a_wish_to_talk_to_an_adult_waits_until_a_facilitator_has_answered_it(database: Database) -> None:
    await set_stage(database)
    asked = AdultAsked(**by(BEN), group=CLASS)
    await happen(database, asked)

    def resolved(who: PersonId, group: GroupId = CLASS, name: str = "resolve") -> FlagResolved:
        return FlagResolved(**by(who, name), group=group, flag=asked.id)

    for event in (resolved(OLA), resolved(BEN), resolved(CY), resolved(CY, ELSEWHERE, "elsewhere")):
        assert await happen(database, event) == [Outcome.UNKNOWN]
    assert await rows(database, "SELECT person_id, resolved_at FROM flags") == [(BEN, None)]
    assert await happen(database, resolved(ADA), resolved(ADA, name="again")) == [Outcome.ACCEPTED, Outcome.UNKNOWN]
    assert (await rows(database, "SELECT resolved_at FROM flags"))[0][0] is not None


# The table itself.


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_a_role_allows_what_the_table_says_in_its_own_group_only(role: Role, action: Action) -> None:
    mine, other = GroupId("mine"), GroupId("other")
    actor = Actor(person=BEN, memberships=(Membership(group=mine, role=role),))
    expected = {
        Role.LEARNER: {Action.ANSWER},
        Role.FACILITATOR: {Action.ANSWER, Action.READ_ANSWERS, Action.ADMINISTER},
        Role.OBSERVER: {Action.ADMINISTER},
    }
    assert set(ALLOWED) == set(Role)
    assert authorize(actor, action, [mine]) == (action in expected[role])
    assert authorize(actor, action, [other, mine]) == (action in expected[role])
    assert not authorize(actor, action, [other])
    assert not authorize(actor, action, [])
    assert not authorize(Actor(person=BEN), action, [mine])


async def test_a_name_that_no_database_keeps_is_kept_without_what_is_in_the_way(database: Database) -> None:
    who = Identity("slack", "t1", "u-new")
    met = PersonMet(id=EventId("slack/t1/new"), at=NOW, who=who, name="Zo\x00ë \ud83d", place=Place("slack:t1:d1"))
    assert await happen(database, met) == [Outcome.ACCEPTED]
    names = {name for (name,) in await rows(database, "SELECT name FROM people")}
    assert "Zoë ?" in names


PIA, SCHOOL = PersonId("pia"), GroupId("school-above")
AS_ABOVE = {change for change, (_, entitled) in CHANGES.items() if OLA in entitled}
"""What an observer may change, who reads no answers: so may whoever administers a group above."""


async def with_a_school_above(database: Database, role: Role) -> None:
    """Put the class below a grade, and that below a school, in which Pia has a role."""
    await set_stage(database)

    def work(connection: Connection) -> None:
        add_people(connection, [(PIA, "Pia")], NOW)
        add_group(connection, a_group(SCHOOL, PIA))
        add_group(connection, a_group(GroupId("grade"), PIA, SCHOOL))
        add_members(connection, SCHOOL, [PIA], role, NOW)
        connection.execute(groups.update().where(groups.c.id == CLASS).values(parent_id="grade"))

    await database.write(work)


@pytest.mark.parametrize(
    ("role", "changes"),
    [(Role.FACILITATOR, AS_ABOVE), (Role.OBSERVER, AS_ABOVE), (Role.LEARNER, {"change one's name"})],
)
async def test_whoever_administers_a_group_above_administers_those_below_and_reads_none(
    database: Database, role: Role, changes: set[str]
) -> None:
    await with_a_school_above(database, role)
    assert await changed_by(database, PIA) == changes
    actor = await database.read(lambda connection: load_actor(connection, PIA))
    assert not authorize(actor, Action.READ_ANSWERS, [CLASS])


async def test_who_leads_no_school_any_more_leads_nothing_below_it(database: Database) -> None:
    await with_a_school_above(database, Role.FACILITATOR)
    await database.write(lambda connection: end_membership(connection, SCHOOL, PIA, NOW))
    assert await changed_by(database, PIA) == set()


async def test_groups_that_are_above_each_other_end_somewhere(database: Database) -> None:
    await with_a_school_above(database, Role.FACILITATOR)
    ring = groups.update().where(groups.c.id == SCHOOL).values(parent_id=CLASS)
    await database.write(lambda connection: connection.execute(ring))
    actor = await database.read(lambda connection: load_actor(connection, PIA))
    assert sorted(actor.groups(Action.ADMINISTER)) == sorted([SCHOOL, GroupId("grade"), CLASS])
