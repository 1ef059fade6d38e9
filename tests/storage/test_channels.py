"""Where groups take their people from: a list of them where there is one, else the channel they follow."""

import pytest
import sqlalchemy as sa

from bot.core.people import GroupId, Identity, PersonId, Place, Role
from bot.storage.channels import (
    BY_SELF,
    follow,
    followed_channels,
    groups_at,
    groups_from,
    learners_at,
)
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.groups import add_group, add_members, end_memberships
from bot.storage.tables import identities
from tests.stage import ADA, NOW, OLA, a_group, class_of, pupil, set_stage

ROOM, LISTED = GroupId("a-room"), GroupId("b-listed")
CHANNEL, LIST = Place("discord:1:10"), Place("discord:1:list:7")
BEN, MIA = pupil(0), pupil(1)


def on(platform: str, who: PersonId) -> Identity:
    """Name somebody as a platform does."""
    return Identity(platform, "@me", who)


def _set(connection: Connection) -> None:
    for group, learner, listed in ((ROOM, BEN, None), (LISTED, MIA, LIST)):
        add_group(connection, a_group(group))
        add_members(connection, group, [learner], Role.LEARNER, NOW)
        follow(connection, group, CHANNEL, listed)
    add_members(connection, ROOM, [ADA], Role.FACILITATOR, NOW)
    add_members(connection, ROOM, [OLA], Role.OBSERVER, NOW)
    named = [
        {**on(platform, who)._asdict(), "person_id": who}
        for platform in ("discord", "slack")
        for who in (BEN, MIA, ADA, OLA)
    ]
    connection.execute(sa.insert(identities), named)


@pytest.fixture
async def clubs(database: Database) -> Database:
    """Two clubs in one channel: whoever is there is in the one, whoever is listed in the other."""
    await set_stage(database, 2)
    await database.write(_set)
    return database


async def move(database: Database, group: GroupId, place: Place | None, listed: Place | None = None) -> None:
    """Let a group follow another channel."""
    await database.write(lambda connection: follow(connection, group, place, listed))


async def groups(database: Database, place: Place) -> list[GroupId]:
    """Read which groups take their people from a place."""
    return await database.read(lambda connection: groups_from(connection, place))


async def followed(database: Database, prefix: str) -> list[Place]:
    """Read where groups take their people from."""
    return await database.read(lambda connection: followed_channels(connection, prefix))


async def learners(database: Database, place: Place, platform: str = "discord") -> list[Identity]:
    """Read who learns in the groups that take their people from a place."""
    return await database.read(lambda connection: learners_at(connection, place, platform))


async def test_a_group_with_a_list_takes_nobody_from_its_channel(clubs: Database) -> None:
    assert await groups(clubs, CHANNEL) == [ROOM]
    assert await groups(clubs, LIST) == [LISTED]
    assert await groups(clubs, Place("discord:1:11")) == []
    assert await clubs.read(lambda connection: groups_at(connection, CHANNEL)) == [ROOM, LISTED]


async def test_several_groups_take_their_people_from_one_place(clubs: Database) -> None:
    await move(clubs, class_of(0), CHANNEL)
    await move(clubs, ROOM, None, LIST)
    assert await groups(clubs, CHANNEL) == [class_of(0)]
    assert await groups(clubs, LIST) == [ROOM, LISTED]
    assert await learners(clubs, LIST) == [on("discord", BEN), on("discord", MIA)]


async def test_a_group_that_stops_following_takes_nobody_from_anywhere(clubs: Database) -> None:
    await move(clubs, LISTED, None)
    assert await groups(clubs, LIST) == []
    assert await followed(clubs, "discord:") == [CHANNEL]
    assert await learners(clubs, LIST) == []


async def test_the_list_stands_for_the_channel_among_what_is_followed(clubs: Database) -> None:
    await move(clubs, class_of(0), Place("slack:T1:C1"))
    assert await followed(clubs, "discord:") == [CHANNEL, LIST]
    assert await followed(clubs, "discord:1:") == [CHANNEL, LIST]
    assert await followed(clubs, "slack:") == ["slack:T1:C1"]
    for nothing in ("discord:2:", "disc_rd:", "%"):
        assert await followed(clubs, nothing) == []


async def test_what_several_groups_follow_is_named_once(clubs: Database) -> None:
    await move(clubs, class_of(0), CHANNEL)
    assert await followed(clubs, "discord:") == [CHANNEL, LIST]


async def test_learners_are_found_where_their_group_takes_them_from(clubs: Database) -> None:
    assert await learners(clubs, CHANNEL) == [on("discord", BEN)]
    assert await learners(clubs, LIST) == [on("discord", MIA)]
    assert await learners(clubs, LIST, "slack") == [on("slack", MIA)]
    assert await learners(clubs, LIST, "browser") == []


async def test_who_learns_in_two_groups_of_a_place_is_named_once_and_who_left_not_at_all(clubs: Database) -> None:
    await move(clubs, class_of(0), CHANNEL)
    assert await learners(clubs, CHANNEL) == [on("discord", BEN), on("discord", MIA)]
    await clubs.write(lambda c: end_memberships(c, class_of(0), [BEN, MIA], NOW, BY_SELF))
    assert await learners(clubs, CHANNEL) == [on("discord", BEN)]
