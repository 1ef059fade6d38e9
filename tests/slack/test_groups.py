"""A group that follows a channel: set up there, who comes and goes, who stays out, and how it ends."""

from typing import Any

import pytest

from tests.slack.flows import HARD
from tests.slack.house import MODES, Walk
from tests.stage import rows

both = pytest.mark.parametrize("fresh", MODES, indirect=True)

MEMBERS = """
SELECT people.name, memberships.role FROM memberships JOIN people ON people.id = memberships.person_id
WHERE memberships.ended_at IS NULL ORDER BY people.name
"""
ALL = [("Ada Lindqvist", "facilitator"), ("Ben Okoro", "learner"), ("Ola Berg", "learner")]
WITHOUT_BEN = [("Ada Lindqvist", "facilitator"), ("Ola Berg", "learner")]


async def members(walk: Walk) -> list[tuple[Any, ...]]:
    """Read who is in the group."""
    return await rows(walk.database, MEMBERS)


async def set_up(walk: Walk) -> str:
    """Let Ada set a group up in the channel."""
    return await walk.command(walk.ada, "group", channel="C1")


@both
async def test_a_workspaces_admin_sets_it_up_and_everybody_in_the_channel_is_in_it(fresh: Walk) -> None:
    said = await set_up(fresh)
    assert "“year-8” is set up: you lead it and read its answers." in said
    assert await members(fresh) == ALL
    assert await rows(fresh.database, "SELECT name, place, setting FROM groups") == [("year-8", "slack:T1:C1", "staff")]
    assert fresh.ada.dm + fresh.ben.dm + fresh.ola.dm == [], "nobody is asked before Ada says so"
    assert fresh.slack.posts_to("C1") == []
    await fresh.command(fresh.ben, "start week")
    assert HARD in fresh.ben.words()


@both
async def test_who_neither_leads_nor_manages_is_refused_kindly(fresh: Walk) -> None:
    assert "Setting up a group here is for facilitators" in await fresh.command(fresh.ben, "group", channel="C1")
    assert await rows(fresh.database, "SELECT 1 FROM groups") == []


async def test_it_is_set_up_once_and_then_shown(fresh: Walk) -> None:
    await set_up(fresh)
    assert "The group “year-8” follows this channel." in await set_up(fresh)
    assert "The group “year-8” follows this channel." in await fresh.command(fresh.ben, "group", channel="C1")
    assert "you are not in it" in await fresh.command(fresh.eve, "group", channel="C1")
    assert len(await rows(fresh.database, "SELECT 1 FROM groups")) == 1


async def test_in_the_direct_messages_it_says_where_to_run_it(fresh: Walk) -> None:
    assert "Run this in the channel of your group" in await fresh.command(fresh.ada, "group")


@both
async def test_who_joins_the_channel_is_in_the_group_and_who_leaves_it_is_not(fresh: Walk) -> None:
    await set_up(fresh)
    await fresh.slack.join("C1", "UEVE")
    assert ("Eve Tanaka", "learner") in await members(fresh)
    await fresh.slack.leave("C1", "UEVE")
    await fresh.slack.leave("C1", "UBEN")
    assert await members(fresh) == WITHOUT_BEN
    await fresh.slack.join("C1", "UBEN")
    assert await members(fresh) == ALL


@both
async def test_who_left_by_their_own_wish_stays_out_though_the_channel_is_read_again(fresh: Walk) -> None:
    await set_up(fresh)
    await fresh.command(fresh.ben, "leave")
    await fresh.press(fresh.ben, "Leave the group")
    assert await members(fresh) == WITHOUT_BEN
    await fresh.house.move(hours=2)
    await fresh.house.adapter.sweep()
    assert await members(fresh) == WITHOUT_BEN
    await fresh.slack.join("C1", "UEVE")
    await fresh.command(fresh.ben, "come back")
    assert ("Ben Okoro", "learner") in await members(fresh)


async def test_what_slack_did_not_deliver_is_read_from_the_channel(fresh: Walk) -> None:
    await set_up(fresh)
    fresh.slack.drop_events = True
    await fresh.slack.join("C1", "UEVE")
    await fresh.slack.leave("C1", "UOLA")
    fresh.slack.drop_events = False
    await fresh.house.move(hours=2)
    await fresh.house.adapter.sweep()
    assert [name for name, _ in await members(fresh)] == ["Ada Lindqvist", "Ben Okoro", "Eve Tanaka"]


async def test_a_slack_that_says_nothing_about_people_takes_nobody_out(fresh: Walk) -> None:
    await set_up(fresh)
    fresh.slack.faults.rate_limit("users.info", times=50)
    await fresh.house.move(hours=2)
    await fresh.house.adapter.sweep()
    assert await members(fresh) == ALL


async def test_a_channel_that_cannot_be_read_takes_nobody_out(fresh: Walk) -> None:
    await set_up(fresh)
    for fault in ("ratelimited", "internal_error"):
        fresh.slack.faults.error("conversations.members", fault)
        await fresh.house.move(hours=2)
        await fresh.house.adapter.sweep()
        assert await members(fresh) == ALL


async def test_a_channel_of_many_is_read_page_by_page(fresh: Walk) -> None:
    for number in range(230):
        fresh.slack.add_user(f"U{number}", name=f"Teacher {number:03}")
        fresh.slack.world.channels["C1"].members.append(f"U{number}")
    await set_up(fresh)
    assert len(await members(fresh)) == 233


async def test_bots_and_people_of_another_organisation_are_not_enrolled(fresh: Walk) -> None:
    fresh.slack.add_user("URPA", name="Robot").user.is_bot = True
    fresh.slack.add_user("UEXT", name="Xenia Extern").user.is_stranger = True
    fresh.slack.add_user("UOLD", name="Old Account", deleted=True)
    fresh.slack.world.channels["C1"].members += ["URPA", "UEXT", "UOLD", "USLACKBOT"]
    await set_up(fresh)
    for user in ("URPA", "UEXT"):
        await fresh.slack.leave("C1", user)
        await fresh.slack.join("C1", user)
    assert await members(fresh) == ALL


@both
async def test_a_closed_account_leaves_and_comes_back(fresh: Walk) -> None:
    await set_up(fresh)
    await fresh.command(fresh.ben, "start week")
    await fresh.slack.deactivate("UBEN")
    assert await members(fresh) == WITHOUT_BEN
    count = len(fresh.ben.dm)
    await fresh.house.move(hours=25)
    assert len(fresh.ben.dm) == count
    await fresh.slack.change_user("UBEN", deleted=False, name="Ben Adeyemi")
    assert [name for name, _ in await members(fresh)] == ["Ada Lindqvist", "Ben Adeyemi", "Ola Berg"]


@both
async def test_an_archived_channel_is_followed_no_more_and_who_leads_is_told_once(fresh: Walk) -> None:
    await set_up(fresh)
    closing = await fresh.slack.archive("C1", by="UADA")
    await fresh.house.settle()
    await fresh.slack.deliver_again(closing)
    await fresh.house.settle()
    told = "I can't post in year-8 any more: the channel was archived. What was answered is kept."
    assert [message.text for message in fresh.ada.dm] == [told]
    assert fresh.ben.dm == []
    assert await rows(fresh.database, "SELECT place FROM groups") == [(None,)]
    assert await members(fresh) == ALL


@pytest.mark.parametrize("news", ["channel_left", "member_left_channel"])
async def test_mull_taken_out_of_the_channel_is_told_to_who_leads(fresh: Walk, news: str) -> None:
    await set_up(fresh)
    fresh.slack.world.channels["C1"].members.remove("UBOT")
    await fresh.slack.tell("T1", {"type": news, "channel": "C1", "user": "UBOT", "channel_type": "C", "team": "T1"})
    await fresh.house.settle()
    assert [m.text for m in fresh.ada.dm] == [
        "I can't post in year-8 any more: Mull was taken out of the channel. What was answered is kept."
    ]
    assert await members(fresh) == ALL


@pytest.mark.parametrize("is_private", [True, False])
async def test_in_a_channel_without_mull_it_says_what_to_do_and_no_name(fresh: Walk, is_private: bool) -> None:
    members = ["UADA", "UBEN"]
    channel = fresh.slack.add_channel("C2", name="pay", members=members, is_private=is_private, bot_is_member=False)
    said = await fresh.command(fresh.ada, "group", channel="C2")
    assert said == "I'm not in this channel yet. Write /invite @Mull here, then run /mull group again."
    assert await rows(fresh.database, "SELECT 1 FROM groups") == []
    channel.members.append("UBOT")
    assert "“pay” is set up" in await fresh.command(fresh.ada, "Set up", channel="C2")


async def test_a_group_that_somebody_leads_already_may_follow_the_channel(walk: Walk) -> None:
    said = await walk.command(walk.ada, "group", channel="C1")
    assert "Shall this channel get a group of its own" in said
    await walk.press(walk.ada, "Year 8")
    assert "“Year 8” follows this channel now." in walk.ada.words("ephemeral")
    assert "I would ask: Ben." in walk.ada.ephemerals[-1].text
    assert await rows(walk.database, "SELECT name, place FROM groups") == [("Year 8", "slack:T1:C1")]
    assert await members(walk) == [("Ada", "facilitator"), ("Ben", "learner"), ("Ola", "observer")]


async def test_a_user_group_is_followed_like_a_channel_and_cannot_be_posted_in(fresh: Walk) -> None:
    fresh.slack.add_usergroup("S1", ["UADA", "UBEN", "UBOT"])
    said = await fresh.command(fresh.ada, "group <!subteam^S1|@year-8-staff>", channel="C1")
    assert "“year-8-staff” is set up" in said
    assert [place for (place,) in await rows(fresh.database, "SELECT place FROM groups")] == ["slack:T1:list:S1"]
    assert await members(fresh) == ALL[:2]
    fresh.slack.world.usergroups["S1"] = ["UADA", "UOLA"]
    change = {
        "type": "subteam_members_changed",
        "subteam_id": "S1",
        "team_id": "T1",
        "added_users": ["UOLA"],
        "removed_users": ["UBEN"],
    }
    await fresh.slack.tell("T1", change)
    assert await members(fresh) == WITHOUT_BEN
    await fresh.slack.tell("T1", {**change, "subteam_id": "S2", "added_users": ["UEVE"], "removed_users": ["UOLA"]})
    assert await members(fresh) == WITHOUT_BEN
    fresh.slack.world.usergroups["S1"].append("UEVE")
    await fresh.house.move(hours=2)
    await fresh.house.adapter.sweep()
    assert ("Eve Tanaka", "learner") in await members(fresh)
