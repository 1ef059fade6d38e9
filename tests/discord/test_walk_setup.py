"""An advisor sets a club up: everything is looked at first, and nobody hears of it."""

from typing import Any

import pytest

from tests.discord.house import Walk
from tests.discord.looking import answered, buttons, members, posts, privately
from tests.discord.person import Person
from tests.discord.world import Channel, Overwrite
from tests.discord.world_rights import Right
from tests.stage import rows

NOT_YOURS = "That is not yours to answer."
IS_FOR = "Setting up a club is for those who may manage this server."
SENDS = ("create_message", "create_dm")


async def run(walk: Walk, person: Person, **options: Any) -> str:
    """Let somebody run /mull-setup; answer what only they see of it."""
    await person.run("mull-setup", where=walk.channel, **options)
    await walk.house.settle()
    return answered(person)


async def clubs(walk: Walk) -> list[tuple[str, str, str, str | None]]:
    """Read the clubs there are: name, zone, channel, list."""
    return [
        (name, zone, place, listed)
        for name, zone, place, listed in await rows(
            walk.database, "SELECT name, zone, place, listed_at FROM groups ORDER BY name"
        )
    ]


async def add_channel(walk: Walk, deny: Right) -> Channel:
    """Make a channel in which Mull may not do something."""
    channel = walk.discord.add_channel(walk.guild, name="robots")
    channel.overwrites = [Overwrite(walk.discord.world.bot.id, deny=deny, is_member=True)]
    return await walk.discord.changes.create_channel(channel)


async def add_thread(walk: Walk, parent: Channel) -> Channel:
    """Start a thread."""
    return await walk.discord.changes.create_channel(walk.discord.add_thread(parent, name="open talk"))


# Coming in, and looking.


async def test_joining_a_server_posts_nothing_and_messages_nobody(fresh: Walk) -> None:
    other = fresh.discord.add_guild("800000000000000009", name="South School", owner=fresh.ada, installed=False)
    await fresh.discord.changes.invite(other)
    await fresh.house.tick()
    await fresh.house.move(days=8)
    assert fresh.discord.calls_of(*SENDS) == []
    assert fresh.ada.messages() == fresh.cy.messages() == []


async def test_the_look_shows_the_club_its_zone_and_the_first_post(fresh: Walk) -> None:
    look = await run(fresh, fresh.ada, channel=fresh.channel.id, zone="Europe/Berlin")
    assert look.splitlines() == [
        "I would set up “book-club”. You lead it and read its answers.",
        "-# In it: everybody who presses my button or uses /mull in that channel. "
        "Times are those of Europe/Berlin, where it is 11:40 now.",
        "",
        "**My first post would look like this**",
        "> Weekly check-in",
        "> Ada Lindqvist asks: Look at how you thought this week, and plan one thing to try.",
        "",
        "I can post there. Nothing has been posted yet, and nobody has heard from me.",
        "[Set it up]",
    ]
    assert fresh.discord.calls_of(*SENDS) == []
    assert await clubs(fresh) == []


async def test_one_press_sets_it_up_in_the_same_message_and_nobody_else_hears(fresh: Walk) -> None:
    await fresh.set_up(channel=fresh.channel.id, zone="Europe/Berlin")
    assert await clubs(fresh) == [("book-club", "Europe/Berlin", f"discord:{fresh.guild.id}:{fresh.channel.id}", None)]
    [said] = privately(fresh.ada)
    assert said.startswith("“book-club” is set up: you lead it and read its answers.")
    assert buttons(fresh.ada) == ["Ask the group now", "Message me too", "Who reads this?"]
    assert fresh.discord.calls_of(*SENDS) == []
    assert fresh.cy.messages() == []


async def test_without_a_channel_it_is_the_one_that_the_command_is_run_in(fresh: Walk) -> None:
    assert "I would set up “book-club”." in await run(fresh, fresh.ada)


async def test_a_zone_nobody_knows_is_asked_for_again(fresh: Walk) -> None:
    assert await run(fresh, fresh.ada, zone="Mars/Base") == (
        "I don't know that time zone. Pick one from the list, for example Europe/Berlin."
    )
    assert await clubs(fresh) == []


# Who is in it.


async def test_a_role_lists_who_is_in_the_club(fresh: Walk) -> None:
    role = fresh.discord.add_role(fresh.guild, name="Robot club", to=[fresh.ben.id])
    await fresh.discord.changes.create_role(fresh.guild, role)
    look = await run(fresh, fresh.ada, role=role.id, zone="Europe/Berlin")
    assert "In it: only those whom you list, by a role or one by one." in look
    await fresh.press(fresh.ada, "Set it up")
    [(_, _, _, listed)] = await clubs(fresh)
    assert listed == f"discord:{fresh.guild.id}:list:{role.id}"
    assert await members(fresh) == []


async def test_people_are_chosen_one_by_one_and_are_in_at_once(fresh: Walk) -> None:
    await fresh.set_up(people=True)
    await fresh.ada.choose(fresh.ben.id, fresh.discord.world.bot.id, of="Choose people")
    await fresh.house.settle()
    assert answered(fresh.ada).startswith("Now on the list: Ben Okoro.")
    assert await members(fresh) == ["Ben Okoro"]
    assert fresh.ben.messages() == []
    await fresh.ada.choose(fresh.cy.id, of="Choose people")
    await fresh.house.settle()
    assert await members(fresh) == ["Ben Okoro", "Cy Park"]


async def test_only_bots_on_the_list_is_nobody(fresh: Walk) -> None:
    await fresh.set_up(people=True)
    await fresh.ada.choose(fresh.discord.world.bot.id, of="Choose people")
    await fresh.house.settle()
    assert answered(fresh.ada) == "Nobody was added. Bots can't be in a club."


async def test_a_thread_is_a_channel_too(fresh: Walk) -> None:
    thread = await add_thread(fresh, fresh.channel)
    assert "I would set up “open talk”." in await run(fresh, fresh.ada, channel=thread.id)
    await fresh.press(fresh.ada, "Set it up")
    await fresh.press(fresh.ada, "Ask the group now")
    assert (len(posts(fresh, thread)), posts(fresh)) == (1, [])


# What Mull may not do there.


@pytest.mark.parametrize(
    ("right", "in_channel", "in_thread"),
    [
        (
            Right.VIEW_CHANNEL,
            "“View Channels”, “Send Messages”, “Read Message History”",
            "“View Channels”, “Send Messages in Threads”, “Read Message History”",
        ),
        (Right.SEND_MESSAGES, "“Send Messages”", ""),
        (Right.SEND_MESSAGES_IN_THREADS, "", "“Send Messages in Threads”"),
        (Right.READ_MESSAGE_HISTORY, "“Read Message History”", "“Read Message History”"),
    ],
)
async def test_a_missing_permission_is_named_and_nobody_else_hears(
    fresh: Walk, right: Right, in_channel: str, in_thread: str
) -> None:
    channel = await add_channel(fresh, right)
    for place, names in ((channel, in_channel), (await add_thread(fresh, channel), in_thread)):
        said = await run(fresh, fresh.ada, channel=place.id)
        if names:
            assert said.startswith(f"I can't post in #{place.name} yet. There I still need: {names}.")
            assert "[Set it up]" not in said
        else:
            assert "[Set it up]" in said
    assert fresh.discord.calls_of(*SENDS) == []
    assert await clubs(fresh) == []


async def test_a_permission_taken_between_the_look_and_the_press_is_noticed(fresh: Walk) -> None:
    await run(fresh, fresh.ada, zone="Europe/Berlin")
    denied = [Overwrite(fresh.discord.world.bot.id, deny=Right.SEND_MESSAGES, is_member=True)]
    await fresh.discord.changes.change_channel(fresh.channel, overwrites=denied)
    await fresh.press(fresh.ada, "Set it up")
    assert "There I still need: “Send Messages”." in answered(fresh.ada)
    assert await clubs(fresh) == []


# Who may.


async def test_cy_neither_sees_the_command_nor_may_press_a_copied_button(fresh: Walk) -> None:
    assert "mull-setup" in fresh.ada.visible_commands(fresh.channel)
    assert "mull-setup" not in fresh.cy.visible_commands(fresh.channel)
    with pytest.raises(LookupError):
        await fresh.cy.run("mull-setup", where=fresh.channel)
    await run(fresh, fresh.ada, zone="Europe/Berlin")
    look = fresh.ada.private[-1]
    await fresh.cy.forge(look.components[-1]["components"][-1]["custom_id"], on=look)
    await fresh.house.settle()
    assert answered(fresh.cy).startswith(IS_FOR)
    assert await clubs(fresh) == []


async def test_cy_puts_nobody_on_the_list(fresh: Walk) -> None:
    await fresh.set_up(people=True)
    await fresh.cy.forge(f"people:{fresh.channel.id}", on=fresh.ada.private[-1], values=[fresh.cy.id], kind=5)
    await fresh.house.settle()
    assert answered(fresh.cy) == NOT_YOURS
    assert await members(fresh) == []


async def test_who_may_manage_the_server_by_a_role_may_set_up(fresh: Walk) -> None:
    role = fresh.discord.add_role(fresh.guild, name="Advisors", rights=Right.MANAGE_GUILD, to=[fresh.cy.id])
    await fresh.discord.changes.create_role(fresh.guild, role)
    assert "[Set it up]" in await run(fresh, fresh.cy)


@pytest.mark.parametrize("channel", ["1", "x", "700000000000000001x"])
async def test_a_button_with_a_channel_that_is_not_there_sets_nothing_up(fresh: Walk, channel: str) -> None:
    await run(fresh, fresh.ada)
    await fresh.ada.forge(f"do:club yes UTC {channel} -", on=fresh.ada.private[-1])
    await fresh.house.settle()
    assert await clubs(fresh) == []


# Again.


async def test_set_up_twice_it_shows_the_club_there_is(walk: Walk) -> None:
    said = await run(walk, walk.ada, zone="America/Lima")
    assert said.startswith("The group “book-club” follows this channel.")
    assert len(await clubs(walk)) == 1


async def test_the_press_sent_twice_makes_one_club(fresh: Walk) -> None:
    await run(fresh, fresh.ada)
    look = fresh.ada.private[-1]
    copied = look.components[-1]["components"][-1]["custom_id"]
    for _ in range(2):
        await fresh.ada.forge(copied, on=look)
        await fresh.house.settle()
    assert answered(fresh.ada).startswith("The group “book-club” follows this channel.")
    assert len(await clubs(fresh)) == 1


async def test_another_advisor_is_told_that_somebody_leads_it(walk: Walk) -> None:
    role = walk.discord.add_role(walk.guild, name="Advisors", rights=Right.MANAGE_GUILD, to=[walk.cy.id])
    await walk.discord.changes.create_role(walk.guild, role)
    general = walk.discord.world.channels[walk.guild.channels[0]]
    await walk.cy.run("mull-setup", where=general, channel=walk.channel.id)
    await walk.house.settle()
    assert answered(walk.cy).startswith("A group follows this channel already, and you are not in it.")
    assert len(await clubs(walk)) == 1


async def test_a_lost_permission_is_told_the_advisor_once_and_set_up_again_keeps_the_club(walk: Walk) -> None:
    await walk.run(walk.ben, "help")
    before = await rows(walk.database, "SELECT id, name FROM groups")
    denied = [Overwrite(walk.discord.world.bot.id, deny=Right.SEND_MESSAGES, is_member=True)]
    await walk.discord.changes.change_channel(walk.channel, overwrites=denied)
    await walk.run(walk.ada, "ask", flow="week")
    assert posts(walk) == []
    told = "I can't post in book-club any more: Mull may not “Send Messages” in #book-club. What was answered is kept."
    assert walk.ada.sees().count(told) == 1
    await walk.run(walk.ada, "ask")
    await walk.house.move(days=2)
    assert walk.ada.sees().count("any more: Mull may not") == 1
    await walk.discord.changes.change_channel(walk.channel, overwrites=[])
    await walk.set_up(zone="Europe/Berlin")
    assert await rows(walk.database, "SELECT id, name FROM groups") == before
    assert await members(walk) == ["Ben Okoro"]
    await walk.run(walk.ada, "ask", flow="week")
    assert len(posts(walk)) == 1
