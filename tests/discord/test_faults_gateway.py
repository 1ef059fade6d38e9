"""The gateway breaks, forgets, falls silent; servers are away or put Mull out: nothing is lost or counts twice."""

from collections.abc import AsyncIterator

import pytest

from bot.adapters.discord.adapter import TokenRefused
from bot.core.people import Place
from bot.storage.database import Database
from tests.discord.fake import FakeDiscord
from tests.discord.flows import DAY, HELPED
from tests.discord.house import DiscordHouse, Hasty, Walk, add_club, publish
from tests.discord.person import Person
from tests.discord.trouble import HISTORY, POST, Club, Shaky, a_club, asked, fates
from tests.stage import Hands, count, rows

GLUE = "When the glue gave way"


@pytest.fixture
async def at(database: Database) -> AsyncIterator[Club]:
    """Be in a club where Ben is asked the first question."""
    async with a_club(database) as begun:
        await begun.run(begun.ben, "start", flow="week")
        yield begun


async def at_moment(at: Club) -> Person:
    """Let Ben come to the question that is answered in words."""
    await at.press(at.ben, "a little hard")
    await at.choose(at.ben, "a friend")
    return at.ben


async def is_connected_again(at: Club, *, resumes: int = 0, identifies: int = 1) -> None:
    """Wait for a session."""
    gateway = at.discord.gateway
    await at.discord.until(lambda: gateway.live and (gateway.resumes, gateway.identifies) >= (resumes, identifies))


# The connection breaks.


async def test_what_is_done_while_the_line_is_down_comes_once_it_is_up(at: Club) -> None:
    await at.discord.gateway.drop()
    await at.ben.press("a little hard", wait=False)
    await at.discord.until(lambda: asked(at.ben, HELPED))
    await at.house.settle()
    assert (at.discord.gateway.identifies, at.discord.gateway.resumes) == (1, 1)
    assert await at.answers_of(at.ben) == {"hard": "a little hard"}


async def test_op_7_is_followed(at: Club) -> None:
    await at.discord.gateway.ask_to_reconnect()
    await is_connected_again(at, resumes=1)
    await at.press(at.ben, "a little hard")
    assert asked(at.ben, HELPED) == 1


async def test_a_session_that_is_invalid_for_a_moment_is_resumed(at: Club) -> None:
    await at.discord.gateway.invalidate(resumable=True)
    await is_connected_again(at, resumes=1)
    await at.press(at.ben, "a little hard")
    assert asked(at.ben, HELPED) == 1


@pytest.mark.parametrize("has_wished", [True, False])
@pytest.mark.parametrize("how", ["invalidated", "forgotten", "away"])
async def test_words_that_no_session_was_told_of_are_found(at: Club, how: str, has_wished: bool) -> None:
    ben = await at_moment(at)
    if has_wished:
        await at.wish(ben)
    else:
        await at.write(ben, "Hm")
        at.hands.move(seconds=90)
        await at.press(ben, "Back")
    before, shown = len(at.calls(HISTORY)), asked(ben, DAY)
    match how:
        case "invalidated":
            await at.discord.gateway.invalidate(resumable=False)
            await ben.write(GLUE)
        case "forgotten":
            await at.discord.gateway.drop()
            await ben.write(GLUE)
            at.discord.gateway.forget()
        case _:
            await at.discord.go_down()
            await ben.write(GLUE)
            at.discord.gateway.forget()
            await at.discord.come_up()
    await is_connected_again(at, identifies=2)
    await at.discord.until(lambda: len(at.calls(HISTORY)) > before)
    await at.house.settle()
    await at.house.adapter.sweep()
    await at.house.settle()
    assert (await at.answers_of(ben))["moment"] == GLUE
    assert asked(ben, DAY) == shown + 1


async def test_changes_while_nobody_listened_are_found(at: Club) -> None:
    ben = await at_moment(at)
    await at.wish(ben)
    said = await ben.write("The glue")
    await at.house.settle()
    at.hands.move(minutes=5)
    await at.discord.gateway.drop()
    at.discord.gateway.forget()
    await ben.edit(said, GLUE)
    at.discord.gateway.forget()
    await at.discord.connected()
    await at.house.adapter.sweep()
    await at.house.settle()
    assert (await at.answers_of(ben))["moment"] == GLUE
    assert await count(at.database, "revisions") == 1
    assert asked(ben, DAY) == 1


async def test_what_was_said_before_its_question_is_no_answer_to_it(database: Database) -> None:
    async with a_club(database) as at:
        await at.wish(at.ben)
        await at.discord.gateway.drop()
        await at.ben.write("Hello?")
        at.discord.gateway.forget()
        await at.discord.connected()
        at.hands.move(minutes=10)
        await at.run(at.ben, "start", flow="week")
        await at_moment(at)
        await at.house.adapter.sweep()
        await at.house.settle()
        assert "moment" not in await at.answers_of(at.ben)


class Impatient(Hasty):
    """A client that believes a silent gateway dead within a moment."""

    silence = 0.3


async def test_a_gateway_that_falls_silent_is_left_for_a_new_connection(database: Database) -> None:
    async with a_club(database, client=Impatient) as at:
        gateway = at.discord.gateway
        gateway.heartbeat_interval = 0.05
        await gateway.drop()
        await is_connected_again(at, resumes=1)
        await at.run(at.ben, "start", flow="week")
        gateway.acknowledges = False
        await at.discord.until(lambda: gateway.resumes + gateway.identifies > 2)
        gateway.acknowledges = True
        await at.discord.connected()
        await at.press(at.ben, "a little hard")
        assert asked(at.ben, HELPED) == 1


async def test_a_gateway_that_refuses_is_asked_again(at: Club) -> None:
    gateway = at.discord.gateway
    gateway.refuses = True
    await gateway.drop()
    await at.discord.until(lambda: gateway.refused)
    gateway.refuses = False
    await at.discord.connected()
    await at.press(at.ben, "a little hard")
    assert asked(at.ben, HELPED) == 1


@pytest.mark.parametrize("code", [4000, 4007, 4009, 4014])
async def test_a_session_that_is_closed_is_followed_by_another(at: Club, code: int) -> None:
    await at.discord.gateway.close_with(code)
    await at.discord.until(lambda: at.discord.gateway.identifies + at.discord.gateway.resumes > 1)
    await at.discord.connected()
    await at.press(at.ben, "a little hard")
    assert asked(at.ben, HELPED) == 1


# At the start.


async def test_mull_starts_while_discord_is_away_and_connects_when_it_is_there(database: Database) -> None:
    await publish(database)
    async with FakeDiscord(Hands()) as discord:
        guild, channel = add_club(discord)
        await discord.go_down()
        house = DiscordHouse(database, discord, Hands())
        await house.adapter.start(house.door)
        await discord.come_up()
        await discord.connected()
        walk = Walk(house, guild, channel)
        await walk.set_up(channel=channel.id, zone="Europe/Berlin")
        assert await count(database, "groups") == 1
        await house.__aexit__(None, None, None)
        assert discord.complaints == []


async def test_a_token_that_discord_does_not_know_stops_the_start_and_is_named(database: Database) -> None:
    async with FakeDiscord(Hands()) as discord:
        house = DiscordHouse(database, discord, Hands())
        await discord.revoke_token()
        with pytest.raises(TokenRefused) as refused:
            await house.adapter.start(house.door)
        assert "MULL_DISCORD_TOKEN" in str(refused.value)
        assert len(discord.calls) == 1


async def test_the_commands_are_registered_once(at: Club) -> None:
    puts = at.discord.commands.puts
    assert puts == 1
    for _ in range(2):
        await at.restart()
    assert at.discord.commands.puts == puts


async def test_commands_that_could_not_be_registered_are_registered_later(database: Database) -> None:
    await publish(database)
    async with FakeDiscord(Hands()) as discord:
        add_club(discord)
        discord.faults.fail("put_commands")
        async with DiscordHouse(database, discord, Hands()):
            pass
        assert discord.commands.puts == 0
        for _ in range(2):
            async with DiscordHouse(database, discord, Hands()):
                pass
        assert discord.commands.puts == 1


async def test_a_database_that_is_away_at_the_start_does_not_stop_it(database: Database) -> None:
    await publish(database)
    async with FakeDiscord(Hands()) as discord:
        add_club(discord)
        shaky = Shaky(database)
        shaky.is_away = True
        async with DiscordHouse(shaky, discord, Hands()):
            shaky.is_away = False
        async with DiscordHouse(shaky, discord, Hands()):
            pass
        assert discord.commands.puts == 1


# Servers.


async def test_a_server_that_is_away_for_a_while_was_not_left(at: Club) -> None:
    await at.discord.changes.outage(at.guild)
    await at.house.settle()
    await at.put_out(await at.post())
    await at.discord.changes.recover(at.guild)
    await at.go_on()
    assert len(at.said()) == 1
    await at.press(at.ben, "a little hard")
    assert asked(at.ben, HELPED) == 1


async def test_where_mull_was_put_out_nothing_more_is_sent_and_the_answers_stay(at: Club) -> None:
    await at_moment(at)
    await at.put_out(await at.post())
    await at.discord.changes.kick(at.guild)
    await at.house.settle()
    await at.go_on()
    assert at.calls(POST) == []
    assert (await fates(at.database))["test/post/1"] == ("dead", "Mull was removed from the Discord server")
    assert set(await at.answers_of(at.ben)) == {"hard", "helped"}
    await at.discord.changes.invite(at.guild)
    await at.press(at.ben, "Write your answer")
    await at.send(at.ben, {"Your answer": GLUE})
    assert (await at.answers_of(at.ben))["moment"] == GLUE


async def test_where_mull_was_put_out_while_it_was_away_is_told_of(at: Club) -> None:
    await at.die()
    await at.discord.changes.kick(at.guild)
    await at.another()
    await at.put_out(await at.post())
    await at.go_on()
    state, reason = (await fates(at.database))["test/post/1"]
    assert state == "dead"
    assert reason in ("Mull cannot see the channel", "Mull was removed from the Discord server")
    assert len(at.calls(POST)) <= 1


async def test_a_role_that_lists_a_club_is_deleted(database: Database) -> None:
    async with a_club(database) as at:
        role = at.discord.add_role(at.guild, name="Robot club", to=[at.ben.id])
        await at.discord.changes.create_role(at.guild, role)
        channel = await at.discord.changes.create_channel(at.discord.add_channel(at.guild, name="robots"))
        await at.set_up(channel=channel.id, role=role.id, zone="Europe/Berlin")
        await at.discord.changes.delete_role(at.guild, role.id)
        await at.house.settle()
        told = await at.run(at.ada, "news")
        assert told.count("the role that lists its people was deleted") == 1
        followed = await rows(database, "SELECT place FROM groups WHERE place IS NOT NULL")
        assert followed == [(Place(f"discord:{at.guild.id}:{at.channel.id}"),)]
