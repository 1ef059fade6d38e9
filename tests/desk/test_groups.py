"""Groups that follow a channel: set up, asked, left, and come back to."""

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.core.effects import EffectId, InviteGroup
from bot.core.events import OccurrenceRequested
from bot.core.occurrences import Errand, Occurrence, OccurrenceId, OccurrenceStatus
from bot.core.people import GroupId, Place, Role
from bot.runner.fan_out import errand_event
from bot.storage.channels import follow
from bot.storage.database import Database
from bot.storage.groups import add_group, add_members
from bot.storage.occurrences import save_occurrences
from bot.storage.tables import outbox
from tests.desk.asking import BEN, CHANNEL, MIA, STRANGER, Counter, a_counter, buttons_of, does_of, text_of
from tests.stage import ADA, CY, ELSEWHERE, FLOW, NOW, OLA, a_group, begin, class_of, count, rows, say


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk."""
    return await a_counter(database)


async def _follow(at: Counter) -> None:
    await at.database.write(lambda connection: follow(connection, class_of(0), CHANNEL.place))


async def test_a_group_needs_its_channel(at: Counter) -> None:
    assert "in the channel of your group" in text_of(await at.say(ADA, "group"))


async def test_who_manages_the_workspace_sets_a_group_up(at: Counter) -> None:
    reply = await at.say(BEN, "group", channel=CHANNEL, is_trusted=True)
    assert reply.follow == CHANNEL.place
    assert "“staff-room” is set up: you lead it" in text_of(reply)
    (made,) = await rows(
        at.database, "SELECT id, name, setting, zone, code FROM groups WHERE place = :place", place=CHANNEL.place
    )
    assert made[1:4] == ("staff-room", "staff", "Europe/Berlin")
    assert does_of(reply)[0] == f"group ask {made[0]}"
    assert await rows(at.database, "SELECT person_id, role FROM memberships WHERE group_id = :g", g=made[0]) == [
        (BEN, "facilitator")
    ]


async def test_the_same_request_twice_is_one_group(at: Counter) -> None:
    before = await count(at.database, "groups")
    await at.say(BEN, "group", channel=CHANNEL, is_trusted=True)
    again = await at.say(BEN, "group", channel=CHANNEL, is_trusted=True, again=True)
    assert "“staff-room” follows this channel" in text_of(again)
    assert await count(at.database, "groups") == before + 1


async def test_a_name_that_no_database_keeps_is_tidied(at: Counter) -> None:
    await at.say(BEN, "group", channel=replace(CHANNEL, name="#a\x00b \ud800"), is_trusted=True)
    found = "SELECT name FROM groups WHERE place IS NOT NULL"
    assert await rows(at.database, found) == [("a b",)]
    for words in (
        "open \x00",
        "open \ud800",
        "edit \x00 \x00",
        "post \x00 there",
        "leave \x00 yes",
        "come back \ud800",
    ):
        assert (await at.say(BEN, words)).items


async def test_a_learner_asks_somebody_who_may(at: Counter) -> None:
    for who in (BEN, STRANGER):
        reply = await at.say(who, "group", channel=CHANNEL)
        assert "Ask one of them to run /mull group" in text_of(reply)
        assert reply.follow is None
    assert await rows(at.database, "SELECT id FROM groups WHERE place IS NOT NULL") == []


async def test_a_facilitator_chooses_between_a_new_group_and_their_own(at: Counter) -> None:
    reply = await at.say(ADA, "group", channel=CHANNEL)
    assert does_of(reply) == ["group new", f"group {class_of(0)}"]
    assert (await at.say(ADA, does_of(reply)[1], channel=CHANNEL)).follow == CHANNEL.place
    assert await rows(at.database, "SELECT place FROM groups WHERE id = :g", g=class_of(0)) == [(CHANNEL.place,)]
    assert "“class-000” follows this channel" in text_of(await at.say(ADA, "group", channel=CHANNEL))


async def test_nobody_takes_a_group_that_is_not_theirs(at: Counter) -> None:
    assert does_of(await at.say(CY, f"group {class_of(0)}", channel=CHANNEL)) == ["group new", f"group {ELSEWHERE}"]
    await at.say(CY, f"group {class_of(0)}", channel=CHANNEL)
    assert await rows(at.database, "SELECT id FROM groups WHERE place IS NOT NULL") == []


async def test_a_followed_channel_shows_its_group_to_its_own_only(at: Counter) -> None:
    await _follow(at)
    ada, ben, ola = [await at.say(who, "group", channel=CHANNEL) for who in (ADA, BEN, OLA)]
    leave = f"leave {class_of(0)}"
    assert does_of(ada) == [f"group ask {class_of(0)}", "review", "who reads this", leave]
    assert does_of(ben) == ["who reads this", leave]
    assert does_of(ola) == ["review", "who reads this", leave]
    assert "Led by Ms Ada" in text_of(ben)
    for who in (CY, STRANGER):
        reply = await at.say(who, "group", channel=CHANNEL, is_trusted=True)
        assert "you are not in it" in text_of(reply)
        assert not any(word in text_of(reply) for word in ("class-000", "Ada"))


async def test_asking_the_group_posts_one_invitation_into_its_channel(at: Counter) -> None:
    await _follow(at)
    assert "goes to the channel now" in text_of(await at.say(ADA, "group ask", channel=CHANNEL))
    (asked,) = at.door.seen
    assert isinstance(asked, OccurrenceRequested)
    assert (asked.group, asked.kind) == (class_of(0), "check_in")
    assert asked.choices == {"flow": FLOW.flow, "where": "channel"}
    found = "SELECT kind, group_id, by_id FROM occurrences"
    assert await rows(at.database, found) == [("check_in", class_of(0), ADA)]


async def test_only_who_leads_asks_a_group(at: Counter) -> None:
    await _follow(at)
    for who in (BEN, OLA, STRANGER):
        assert "for those who lead it" in text_of(await at.say(who, f"group ask {class_of(0)}", channel=CHANNEL))
    assert "follows no channel" in text_of(await at.say(CY, f"group ask {FLOW.flow} {ELSEWHERE}"))
    shown = text_of(await at.say(CY, f"group ask {class_of(0)}", channel=CHANNEL))
    assert "follows no channel" in shown
    assert await count(at.database, "occurrences") == 0


async def test_a_flow_that_is_not_there_gets_the_menu(at: Counter) -> None:
    await _follow(at)
    reply = await at.say(ADA, "group ask tea party", channel=CHANNEL)
    assert "I don't know “tea party”" in text_of(reply)
    assert does_of(reply) == [f"group ask {FLOW.flow} {class_of(0)}"]


async def test_a_group_with_nobody_in_it_is_not_asked(at: Counter) -> None:
    await at.database.write(lambda connection: follow(connection, ELSEWHERE, CHANNEL.place))
    assert "Nobody is on the roster yet" in text_of(await at.say(CY, "group ask", channel=CHANNEL))
    assert await count(at.database, "occurrences") == 0


async def test_leaving_is_asked_once_more_and_can_be_taken_back(at: Counter) -> None:
    await at.inbox.accept(begin(0))
    sure = await at.say(BEN, "leave")
    assert "What you wrote stays" in text_of(sure)
    assert does_of(sure) == [f"leave {class_of(0)} yes", "pause"]
    assert "in a group" not in text_of(await at.say(BEN, "start menu"))
    left = await at.say(BEN, does_of(sure)[0])
    assert "You have left “class-000”" in text_of(left)
    assert "not in a group yet" in text_of(await at.say(BEN, "start"))
    assert "Welcome back" in text_of(await at.say(BEN, does_of(left)[0]))
    assert (await at.say(BEN, "start")).effects


async def test_yes_alone_leaves_nothing(at: Counter) -> None:
    assert "Leave “class-000”?" in text_of(await at.say(BEN, "leave yes"))
    assert await rows(at.database, "SELECT count(*) FROM memberships WHERE ended_at IS NOT NULL") == [(0,)]


async def test_the_last_one_who_leads_is_told_so(at: Counter) -> None:
    assert "nobody would read its answers" in text_of(await at.say(ADA, "leave"))


async def test_who_is_in_several_groups_chooses_which_to_leave_and_where_to_go_back(at: Counter) -> None:
    second = GroupId("second")
    await at.database.write(lambda connection: add_group(connection, a_group(second, ADA, name="Second")))
    await at.database.write(lambda connection: add_members(connection, second, [BEN], Role.LEARNER, NOW))
    assert [button.label for button in buttons_of(await at.say(BEN, "leave"))] == ["class-000", "Second"]
    for group in (second, class_of(0)):
        await at.say(BEN, f"leave {group} yes")
    assert len(does_of(await at.say(BEN, "come back"))) == 2
    assert "Welcome back to “Second”" in text_of(await at.say(BEN, "come back second"))


async def test_nobody_comes_back_to_where_they_never_were(at: Counter) -> None:
    for who in (CY, STRANGER):
        assert "no group that you left" in text_of(await at.say(who, f"come back {class_of(0)}"))
    await at.say(CY, f"leave {class_of(0)} yes")
    assert await rows(at.database, "SELECT count(*) FROM memberships WHERE ended_at IS NOT NULL") == [(0,)]


async def test_whoever_wanted_a_post_says_whether_it_is_there(at: Counter) -> None:
    post = EffectId("slack/T1/post/0")
    await at.database.write(
        lambda connection: connection.execute(
            sa.insert(outbox),
            {
                "id": post,
                "platform": "slack",
                "place": Place("slack:T1:C-room"),
                "person_id": ADA,
                "kind": InviteGroup.__name__,
                "body": "{}",
                "state": "unsure",
                "due_at": NOW,
                "created_at": NOW,
            },
        )
    )
    for who in (BEN, CY, OLA, STRANGER):
        assert "not yours" in text_of(await at.say(who, f"post {post} there"))
    assert "not yours" in text_of(await at.say(ADA, f"post {post} perhaps"))
    assert "stays as it is" in text_of(await at.say(ADA, f"post {post} there"))
    assert "settled already" in text_of(await at.say(ADA, f"post {post} again"))


async def test_an_invitation_stands_on_the_page_until_it_is_taken_up(at: Counter) -> None:
    one = Occurrence(
        id=OccurrenceId("o1"),
        kind="check_in",
        group=class_of(0),
        by=ADA,
        status=OccurrenceStatus.OPEN,
        started_at=NOW,
        due_at=None,
        state=json.dumps({"flow": FLOW.flow, "where": "channel"}),
    )
    await at.database.write(lambda connection: save_occurrences(connection, [one], [one.id]))
    page = await at.home(MIA)
    assert page.items[0].heading == FLOW.title
    assert does_of(page)[0] == "join o1"
    await at.database.write(lambda connection: add_members(connection, ELSEWHERE, [OLA], Role.FACILITATOR, NOW))
    for who in (CY, OLA, STRANGER):
        assert "join" not in "".join(does_of(await at.home(who)))
    assert "another group" in text_of(await at.say(CY, "join o1"))
    part = f"ask:{MIA}"
    begun = replace(begin(1), id=errand_event(one.id, part), errand=Errand(occurrence=one.id, part=part))
    await at.inbox.accept(begun)
    assert "join o1" not in does_of(await at.home(MIA))
    for word in ("a", "b", "c"):
        await at.inbox.accept(say(1, word, word))
    assert "join o1" not in does_of(await at.home(MIA))
    assert does_of(await at.home(BEN))[0] == "join o1"
