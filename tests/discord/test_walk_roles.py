"""Who is in a club: whoever is there, has the role, or was picked; nobody is followed who does nothing."""

import pytest

from tests.discord.house import Walk
from tests.discord.looking import answered, members, posts, privately, said
from tests.discord.programs import CALL, begin
from tests.discord.world import Role
from tests.stage import rows

ELSEWHERE = "This one is for another group."


@pytest.fixture
async def role(fresh: Walk) -> Role:
    """Let Ada set the club up for those who have a role; nobody has it yet."""
    made = fresh.discord.add_role(fresh.guild, name="Robot club")
    await fresh.discord.changes.create_role(fresh.guild, made)
    await fresh.set_up(channel=fresh.channel.id, role=made.id, zone="Europe/Berlin")
    await fresh.run(fresh.ada, "ask", flow="week")
    return made


# A role.


async def test_who_is_given_the_role_is_in_with_their_first_press(fresh: Walk, role: Role) -> None:
    await fresh.discord.changes.give_role(fresh.guild, fresh.ben.id, role.id)
    await fresh.house.settle()
    assert await members(fresh) == []
    await fresh.press(fresh.ben, "Reflect now")
    assert fresh.ben.modal is not None
    assert await members(fresh) == ["Ben Okoro"]


async def test_cy_without_the_role_stays_out_and_is_told_kindly(fresh: Walk, role: Role) -> None:
    await fresh.press(fresh.cy, "Reflect now")
    assert answered(fresh.cy).startswith(ELSEWHERE)
    assert fresh.cy.modal is None
    assert await members(fresh) == []


async def test_who_had_no_role_and_gets_it_is_in_with_the_next_press(fresh: Walk, role: Role) -> None:
    await fresh.press(fresh.cy, "Reflect now")
    await fresh.discord.changes.give_role(fresh.guild, fresh.cy.id, role.id)
    await fresh.press(fresh.cy, "Reflect now")
    assert fresh.cy.modal is not None
    assert await members(fresh) == ["Cy Park"]


async def test_a_press_in_another_channel_brings_in_who_has_the_role(fresh: Walk, role: Role) -> None:
    await fresh.discord.changes.give_role(fresh.guild, fresh.ben.id, role.id)
    await fresh.ben.run("mull", "help", where=fresh.guild.channels[0])
    await fresh.house.settle()
    assert await members(fresh) == ["Ben Okoro"]


async def test_who_lost_the_role_is_out_with_the_next_press(fresh: Walk, role: Role) -> None:
    await fresh.discord.changes.give_role(fresh.guild, fresh.ben.id, role.id)
    await fresh.press(fresh.ben, "Reflect now")
    await fresh.send(fresh.ben, {})
    await fresh.discord.changes.take_role(fresh.guild, fresh.ben.id, role.id)
    await fresh.press(fresh.ben, "Reflect now")
    assert await members(fresh) == []
    assert fresh.ben.modal is None
    assert await said(fresh)


async def test_who_lost_the_role_is_out_within_a_day_without_a_press(fresh: Walk, role: Role) -> None:
    for person in (fresh.ben, fresh.cy):
        await fresh.discord.changes.give_role(fresh.guild, person.id, role.id)
        await fresh.run(person, "help")
    await fresh.discord.changes.take_role(fresh.guild, fresh.ben.id, role.id)
    assert await fresh.house.adapter.look_after() == 1
    assert await members(fresh) == ["Cy Park"]
    assert await fresh.house.adapter.look_after() == 0


async def test_who_gets_the_role_back_is_in_again(fresh: Walk, role: Role) -> None:
    await fresh.discord.changes.give_role(fresh.guild, fresh.ben.id, role.id)
    await fresh.run(fresh.ben, "help")
    await fresh.discord.changes.take_role(fresh.guild, fresh.ben.id, role.id)
    await fresh.house.adapter.look_after()
    await fresh.discord.changes.give_role(fresh.guild, fresh.ben.id, role.id)
    await fresh.run(fresh.ben, "help")
    assert await members(fresh) == ["Ben Okoro"]


async def test_a_role_that_is_deleted_is_told_the_advisor_once(fresh: Walk, role: Role) -> None:
    await fresh.discord.changes.give_role(fresh.guild, fresh.ben.id, role.id)
    await fresh.run(fresh.ben, "help")
    await fresh.discord.changes.delete_role(fresh.guild, role.id)
    await fresh.house.settle()
    told = "I can't post in book-club any more: the role that lists its people was deleted. What was answered is kept."
    assert fresh.ada.sees().count(told) == 1
    assert told not in fresh.ben.sees() + fresh.cy.sees()


# Leaving.


async def test_who_left_the_server_is_out_within_a_day_and_called_no_more(walk: Walk) -> None:
    for person in (walk.ben, walk.cy):
        await walk.run(person, "help")
        person.restart()
    await walk.discord.changes.leave(walk.guild, walk.ben.id)
    assert await walk.house.adapter.look_after() == 1
    assert await members(walk) == ["Cy Park"]
    await walk.discord.changes.leave(walk.guild, walk.cy.id)
    assert await walk.house.adapter.look_after() == 1
    assert await members(walk) == []


async def test_who_left_the_club_stays_out_whatever_they_press(walk: Walk) -> None:
    await walk.run(walk.ben, "help")
    await walk.run(walk.ben, "leave")
    await walk.press(walk.ben, "Leave the group")
    assert answered(walk.ben).startswith("You have left “book-club”.")
    await walk.run(walk.ada, "ask", flow="week")
    await walk.press(walk.ben, "Reflect now")
    assert answered(walk.ben).startswith(ELSEWHERE)
    await walk.run(walk.ben, "help")
    assert await members(walk) == []
    await walk.restart()
    await walk.run(walk.ben, "news")
    assert await members(walk) == []
    await walk.run(walk.ben, "come-back")
    assert answered(walk.ben).startswith("Welcome back to “book-club”.")
    assert await members(walk) == ["Ben Okoro"]


async def test_who_left_is_not_brought_back_by_their_role(fresh: Walk, role: Role) -> None:
    await fresh.discord.changes.give_role(fresh.guild, fresh.ben.id, role.id)
    await fresh.run(fresh.ben, "leave")
    await fresh.press(fresh.ben, "Leave the group")
    await fresh.house.adapter.look_after()
    await fresh.press(fresh.ben, "Reflect now")
    assert answered(fresh.ben).startswith(ELSEWHERE)
    assert await members(fresh) == []


async def test_leaving_is_seen_by_nobody_else(walk: Walk) -> None:
    await walk.run(walk.ben, "help")
    await walk.run(walk.ben, "leave")
    await walk.press(walk.ben, "Leave the group")
    assert posts(walk) == []
    assert "Ben" not in walk.cy.sees() + walk.ada.sees()


# Everybody in the channel, and a list by hand.


async def test_whoever_presses_in_the_channel_is_in(walk: Walk) -> None:
    await walk.run(walk.ada, "ask", flow="week")
    for person in (walk.ben, walk.cy):
        await walk.press(person, "Reflect now")
        assert person.modal is not None
    assert await members(walk) == ["Ben Okoro", "Cy Park"]


async def test_a_command_elsewhere_brings_nobody_into_a_club_of_a_channel(walk: Walk) -> None:
    await walk.cy.run("mull", "help", where=walk.guild.channels[0])
    await walk.cy.run("mull", "start", where="dm")
    await walk.house.settle()
    assert await members(walk) == []


async def test_the_advisor_is_in_as_the_one_who_leads(walk: Walk) -> None:
    await walk.run(walk.ada, "help")
    assert await rows(walk.database, "SELECT role FROM memberships") == [("facilitator",)]


async def test_who_is_picked_by_hand_is_called_before_they_ever_pressed(fresh: Walk) -> None:
    await fresh.set_up(people=True, zone="Europe/Berlin")
    await fresh.ada.choose(fresh.ben.id, of="Choose people")
    await fresh.house.settle()
    await begin(fresh, "habit_of_week")
    assert posts(fresh) == [CALL.format("Habit of the week")]
    assert fresh.ben.private == fresh.ben.dm == []
    await fresh.press(fresh.ben, "See mine")
    assert "Hi Ben." in privately(fresh.ben)[0]
    await fresh.press(fresh.cy, "See mine")
    assert "Ben" not in fresh.cy.sees()
    assert await members(fresh) == ["Ben Okoro"]


async def test_a_name_is_that_of_the_server(walk: Walk) -> None:
    await walk.discord.changes.set_nick(walk.guild, walk.ben.id, "Benny")
    await walk.run(walk.ben, "help")
    assert await members(walk) == ["Benny"]


async def test_the_role_of_everybody_takes_in_whoever_presses_anywhere_in_the_server(fresh: Walk) -> None:
    await fresh.set_up(role=fresh.guild.id, zone="Europe/Berlin")
    await fresh.cy.run("mull", "help", where=fresh.guild.channels[0])
    await fresh.house.settle()
    assert await members(fresh) == ["Cy Park"]
    assert await fresh.house.adapter.look_after() == 0
