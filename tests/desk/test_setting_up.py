"""A club is set up from the channel its advisor picked: a look at everything first, then one press; and feedback."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.asking import Channel
from bot.core.effects import AskQuestion, InviteGroup
from bot.core.events import Event, EventId, Outcome
from bot.core.people import PersonId, Place
from bot.core.platform_news import ChannelMoved, GroupFollows
from bot.desk.desk import Desk
from bot.flows.document import Document
from bot.flows.library import read
from bot.storage.channels import follow
from bot.storage.database import Database
from bot.storage.flows import publish_flow
from bot.storage.tables import metadata
from bot.storage.turns import EFFECTS
from tests.desk.asking import BASE, BEN, MIA, Counter, Door, buttons_of, does_of, text_of, the
from tests.desk.on_discord import CLUB, LISTED, STRANGER, a_discord_counter, at_home, on_discord, say
from tests.stage import ADA, CY, FLOW, NOW, OLA, begin, class_of, count, rows

BERLIN = "Europe/Berlin"
NO_ZONES = ("Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe", "x" * 300, "\u00fc/\u00fc")
LOOK, DO = f"club {BERLIN}", f"club yes {BERLIN}"

WEEK = read(
    """
flow: week
title: A look at the week
about: How was it for you?
band: 14-18
settings: [club]
exercises: {attributes: [voice], phases: [notice]}
steps:
  - id: week
    ask: How was your week?
    text: {lines: 2}
""",
    "week.yaml",
)
REVIEW = FLOW.model_copy(update={"flow": "peer-review", "title": "A look at somebody's work"})


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk, with a flow for clubs."""
    counter = await a_discord_counter(database)
    await _publish(counter, WEEK)
    return counter


async def _publish(at: Counter, document: Document) -> None:
    written = (document.flow, document.version, document.to_json())
    await at.database.write(lambda connection: publish_flow(connection, *written, NOW))


async def _everything(at: Counter) -> list[Any]:
    """Read the whole database."""
    return [sorted(map(str, await rows(at.database, f"SELECT * FROM {table}"))) for table in metadata.tables]


async def _clubs(at: Counter) -> list[tuple[Any, ...]]:
    return await rows(at.database, "SELECT id, name FROM groups WHERE place IS NOT NULL ORDER BY id")


# Who may, and where.


@pytest.mark.parametrize("words", ["club", LOOK, DO])
@pytest.mark.parametrize("who", [BEN, STRANGER, CY])
async def test_only_who_manages_the_server_sets_a_club_up(at: Counter, who: PersonId, words: str) -> None:
    """Cy leads a group, but somewhere else: that says nothing of this server."""
    before = await _everything(at)
    reply = await say(at, who, words, channel=CLUB)
    assert "for those who may manage this server" in text_of(reply)
    assert (reply.follow, does_of(reply)) == (None, [])
    assert await _everything(at) == before
    assert at.door.seen == []


async def test_a_club_needs_its_channel(at: Counter) -> None:
    for words in ("club", DO):
        assert "Pick the channel of your club with /mull-setup" in text_of(await say(at, BEN, words, is_trusted=True))
    assert await _clubs(at) == []


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe", "x" * 300, "\u00fc/\u00fc"]
)
@pytest.mark.parametrize("is_sure", [False, True])
async def test_a_zone_that_is_none_sets_nothing_up(at: Counter, zone: str, is_sure: bool) -> None:
    reply = await say(at, BEN, f"club {'yes ' * is_sure}{zone}", channel=CLUB, is_trusted=True)
    assert "I don't know that time zone" in text_of(reply)
    assert does_of(reply) == []
    assert await _clubs(at) == []


# A look first.


async def test_the_look_names_everything_and_changes_nothing(at: Counter) -> None:
    before = await _everything(at)
    reply = await say(at, BEN, LOOK, channel=CLUB, is_trusted=True)
    shown = text_of(reply)
    assert "I would set up “robotics”. You lead it and read its answers." in shown
    assert "everybody who presses my button" in shown
    assert "Times are those of Europe/Berlin, where it is 11:40 now." in shown
    assert "Nothing has been posted yet" in shown
    assert await _everything(at) == before
    assert at.door.seen == []
    (sure,) = buttons_of(reply)
    assert (sure.does, sure.is_primary, reply.follow) == (f"club yes {BERLIN} 10", True, None)


async def test_the_look_says_that_the_list_decides(at: Counter) -> None:
    reply = await say(at, BEN, LOOK, channel=LISTED, is_trusted=True)
    assert "only those whom you list" in text_of(reply)
    assert "everybody" not in text_of(reply)
    assert does_of(reply) == [f"club yes {BERLIN} 10 7"]


@pytest.mark.parametrize(
    ("words", "said"),
    [("club", "Europe/Berlin, where it is 11:40"), ("club America/New_York", "America/New York, where it is 05:40")],
)
async def test_the_look_speaks_in_the_zone_that_is_meant(at: Counter, words: str, said: str) -> None:
    assert said in text_of(await say(at, BEN, words, channel=CLUB, is_trusted=True))


async def test_a_stranger_without_a_zone_is_shown_one_that_is_named(at: Counter) -> None:
    reply = await say(at, STRANGER, "club", channel=CLUB, is_trusted=True)
    assert "Times are those of UTC, where it is 10:40 now." in text_of(reply)


async def test_the_first_post_is_what_the_look_showed(at: Counter) -> None:
    look = await say(at, ADA, LOOK, channel=LISTED, is_trusted=True)
    (quote,) = [item.quote for item in look.items if item.quote]
    assert quote == "A look at the week\nMs Ada asks: How was it for you?"
    await say(at, ADA, DO, channel=LISTED, is_trusted=True)
    assert LISTED.listed is not None
    listed = ChannelMoved(
        id=EventId("list"), at=NOW, who=on_discord(BEN), place=LISTED.listed, here=(on_discord(BEN),), is_whole=True
    )
    await at.inbox.accept(listed)
    ((group, _),) = await _clubs(at)
    await say(at, ADA, f"group ask {group}")
    ((written, place),) = await rows(at.database, "SELECT body, place FROM outbox WHERE kind = 'InviteGroup'")
    post: InviteGroup = EFFECTS["InviteGroup"].validate_json(written)
    assert f"{post.title}\n{post.text}" == quote
    assert place == CLUB.place


async def test_where_no_flow_is_for_clubs_there_is_no_post_to_look_at(database: Database) -> None:
    bare = await a_discord_counter(database)
    reply = await say(bare, BEN, LOOK, channel=CLUB, is_trusted=True)
    assert "My first post" not in text_of(reply)
    assert does_of(reply) == [f"club yes {BERLIN} 10"]


# Then one press.


@pytest.mark.parametrize("channel", [CLUB, LISTED])
async def test_a_yes_sets_the_club_up(at: Counter, channel: Channel) -> None:
    (button,) = buttons_of(await say(at, BEN, "club America/New_York", channel=channel, is_trusted=True))
    reply = await say(at, BEN, button.does, channel=channel, is_trusted=True)
    assert "“robotics” is set up: you lead it" in text_of(reply)
    assert ("those on your list" in text_of(reply)) is (channel.listed is not None)
    assert reply.follow == channel.place
    found = "SELECT id, name, setting, zone, listed_at, parent_id FROM groups WHERE place = :place"
    (made,) = await rows(at.database, found, place=channel.place)
    assert made[1:] == ("robotics", "club", "America/New_York", channel.listed, None)
    members = "SELECT person_id, role FROM memberships WHERE group_id = :group"
    assert await rows(at.database, members, group=made[0]) == [(BEN, "facilitator")]
    assert does_of(reply) == [f"group ask {made[0]}", "message me", "who reads this"]
    assert await count(at.database, "outbox") == 0


async def test_a_yes_twice_is_one_club(at: Counter) -> None:
    before = await count(at.database, "groups")
    await say(at, BEN, DO, channel=CLUB, is_trusted=True)
    for again in (True, False):
        reply = await say(at, BEN, DO, channel=CLUB, is_trusted=True, again=again)
        assert "“robotics” follows this channel" in text_of(reply)
    assert await count(at.database, "groups") == before + 1
    assert len(at.door.seen) == 1


async def test_two_presses_at_the_same_moment_are_one_club(at: Counter) -> None:
    """Both were looked at before either happened."""
    together = asyncio.Barrier(2)

    class Slow(Door):
        async def accept(self, event: Event) -> Outcome:
            await together.wait()
            return await super().accept(event)

    at.desk = Desk(database=at.database, door=Slow(at.inbox), now=at.hands, base_url=BASE)
    before = await count(at.database, "groups")
    replies = await asyncio.gather(*(say(at, BEN, DO, channel=CLUB, is_trusted=True) for _ in range(2)))
    assert await count(at.database, "groups") == before + 1
    for reply in replies:
        assert "may manage this server" not in text_of(reply)


async def test_a_second_channel_is_a_second_club(at: Counter) -> None:
    second = replace(CLUB, place=Place("discord:1:20"), name="chess")
    for channel in (CLUB, second):
        await say(at, BEN, DO, channel=channel, is_trusted=True)
    assert sorted(name for _, name in await _clubs(at)) == ["chess", "robotics"]


async def test_a_channel_whose_name_says_nothing_is_our_group(at: Counter) -> None:
    for name in ("", "#\x00", "\ud800"):
        reply = await say(at, BEN, LOOK, channel=replace(CLUB, name=name), is_trusted=True)
        assert "“Our group”" in text_of(reply)


async def test_a_stranger_is_met_before_they_lead_anything(at: Counter) -> None:
    assert (await say(at, STRANGER, DO, channel=CLUB, is_trusted=True)).follow is None
    assert await _clubs(at) == []


# A channel that is followed.


@pytest.mark.parametrize("words", ["club", DO, "group"])
async def test_a_followed_channel_shows_its_state_to_its_own_only(at: Counter, words: str) -> None:
    await at.database.write(lambda connection: follow(connection, class_of(0), CLUB.place))
    before = await _everything(at)
    for who in (ADA, OLA, BEN):
        reply = await say(at, who, words, channel=CLUB, is_trusted=True)
        assert "The group “class-000” follows this channel." in text_of(reply)
        assert f"leave {class_of(0)}" in does_of(reply)
    for who in (CY, STRANGER):
        reply = await say(at, who, words, channel=CLUB, is_trusted=True)
        assert "you are not in it" in text_of(reply)
        assert does_of(reply) == []
        assert not any(word in text_of(reply) for word in ("class-000", "Ada", "Ben"))
    assert await _everything(at) == before


@pytest.mark.parametrize("who", [BEN, ADA, CY, STRANGER])
async def test_group_in_a_channel_that_nobody_follows_names_the_command_for_it(at: Counter, who: PersonId) -> None:
    before = await _everything(at)
    for words in ("group", "group new", f"group {class_of(0)}", "set up my team"):
        reply = await say(at, who, words, channel=CLUB, is_trusted=True)
        assert "with /mull-setup" in text_of(reply)
        assert reply.follow is None
    assert await _everything(at) == before


async def test_what_is_set_up_is_what_the_platform_hears(at: Counter) -> None:
    await say(at, BEN, DO, channel=LISTED, is_trusted=True)
    (event,) = at.door.seen
    assert isinstance(event, GroupFollows)
    assert (event.who, event.place, event.listed) == (on_discord(BEN), LISTED.place, LISTED.listed)
    assert (event.setting, event.zone, event.is_new, event.is_trusted) == ("club", BERLIN, True, True)


# Feedback.


@pytest.mark.parametrize("words", ["feedback", "Give feedback"])
async def test_where_nobodys_work_waits_feedback_says_so(at: Counter, words: str) -> None:
    await at.inbox.accept(begin(0))
    for who in (BEN, MIA, OLA, STRANGER):
        reply = await say(at, who, words)
        assert "Nobody's work waits for you" in text_of(reply)
        assert reply.effects == ()
    assert at.door.seen == []


@pytest.mark.parametrize("flow", ["peer-review", "peer-review-warm"])
async def test_feedback_goes_on_with_the_review_and_not_with_what_else_is_open(at: Counter, flow: str) -> None:
    await _publish(at, REVIEW.model_copy(update={"flow": flow}))
    await at.inbox.accept(begin(0, flow, "review"))
    await at.inbox.accept(begin(0))
    reply = await say(at, BEN, "feedback")
    asked = the(AskQuestion, reply.effects)
    assert await rows(at.database, "SELECT flow FROM runs WHERE id = :run", run=asked.run) == [(flow,)]
    assert (asked.person, asked.place) == (BEN, at_home(BEN))
    assert "Three questions" not in text_of(replace(reply, effects=()))
    assert "Nobody's work waits" in text_of(await say(at, MIA, "feedback"))
