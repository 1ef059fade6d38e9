"""What users of other bots asked for about people: in private, told once, the right ones and all of them."""

from bot.core.people import GroupId, Role
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.groups import add_group, add_members
from tests.asks.planning import first, plan
from tests.discord.trouble import POST, a_club
from tests.runner.term import Term, dated, days, on
from tests.slack.flows import HARD
from tests.slack.house import Walk
from tests.stage import ADA, NOW, a_group, pupil, rows

CHOIR = GroupId("choir")


async def test_ask_10_ask_me_in_private_not_in_the_channel(fresh: Walk) -> None:
    await fresh.command(fresh.ada, "group", channel="C1")
    await plan(fresh)
    await first(fresh)
    await fresh.press(fresh.ben, "coasting")
    assert HARD in fresh.ben.words()
    assert fresh.slack.posts_to("C1") == []
    assert "You said:" not in fresh.ola.words() + fresh.ola.words("C1"), "nobody else sees it"


async def test_ask_11_closed_direct_messages_are_told_once_without_nagging(database: Database) -> None:
    async with a_club(database) as at:
        ben = at.ben
        await at.wish(ben)
        await at.move(minutes=20)
        await at.run(ben, "start", flow="week")
        await at.choose(ben, "Later today")
        tried, ben.user.dms = len(at.calls(POST, channel=ben.dm_channel.id)), 50007
        for _ in range(8):
            await at.move(hours=8)
        assert len(at.calls(POST, channel=ben.dm_channel.id)) == tried + 1
        assert (await at.run(at.ada, "news")).count("I could not reach Ben Okoro directly") == 1
        assert "could not reach" not in await at.fresh_for(at.ada, "news")
        await at.press(ben, "See mine")
        assert f"**{HARD}**" in ben.newest.content


def _choir(connection: Connection) -> None:
    add_group(connection, a_group(CHOIR))
    add_members(connection, CHOIR, [ADA], Role.FACILITATOR, NOW)
    add_members(connection, CHOIR, [pupil(0)], Role.LEARNER, NOW)


async def test_ask_12_many_groups_and_question_sets(term: Term) -> None:
    await term.database.write(_choir)
    await term.plan(dated(12), "f1", reminders=0)
    await term.plan(dated(13, 15), "f2", reminders=0)
    await term.plan(dated(13, 10), "f3", group=CHOIR, reminders=0)
    await term.until(on(20, 8))
    assert term.titles(0) == {"f1": on(12, 8), "f3": on(13, 9), "f2": on(13, 14)}
    assert term.titles(1) == {"f1": on(12, 8), "f2": on(13, 14)}


async def test_ask_14_only_the_right_people_change_settings(walk: Walk) -> None:
    said = await walk.command(walk.ada, "program set staff-check-in thursday 9:00")
    assert "It is set for “Year 8”." in said
    [program] = await rows(walk.database, "SELECT id, rule FROM programs")
    for person in (walk.ben, walk.ola, walk.eve):
        for words in ("program set staff-check-in monday 8:00", f"program end {program[0]}", "group ask week"):
            said = await walk.command(person, words)
            assert "for those who lead" in said or "not in a group yet" in said or "facilitators" in said, said
    assert await rows(walk.database, "SELECT id, rule FROM programs WHERE next_at IS NOT NULL") == [program]
    assert walk.ben.dm + walk.ola.dm == []


async def test_ask_15_joins_and_leaves_are_followed_and_nobody_is_dragged_in(fresh: Walk) -> None:
    await fresh.command(fresh.ada, "group", channel="C1")
    await plan(fresh)
    fresh.slack.add_user("UZED", name="Zed Outside")
    await fresh.slack.join("C1", "UEVE")
    await fresh.slack.leave("C1", "UBEN")
    await fresh.command(fresh.ola, "leave")
    await fresh.press(fresh.ola, "Leave the group")
    await first(fresh)
    await first(fresh, days(5))
    asked = [
        name for (name,) in await rows(fresh.database, "SELECT name FROM runs JOIN people ON people.id = person_id")
    ]
    assert asked == ["Eve Tanaka"]
    assert fresh.slack.person("UZED").dm == []
