"""The fake Discord is one to the real library: commands, controls, forms, words, and what people see of it."""

from collections.abc import AsyncIterator

import pytest

from tests.discord.fake import FakeDiscord
from tests.discord.fake_bot import INTENTS, SmallBot, running
from tests.discord.person import Person
from tests.discord.person_controls import THINKING, NotSent
from tests.discord.world import EPHEMERAL, Overwrite, Right
from tests.discord.world_interactions import Answer, Modal


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """Open a Discord with a club in it, which has nothing to complain about in the end."""
    async with FakeDiscord() as discord:
        ada = discord.add_user("11", name="Ada")
        club = discord.add_guild("7001", name="Bridge Club", owner=ada)
        discord.add_user("13", name="Cy", guilds=[club])
        discord.add_user("14", name="Ben Okoro", guilds=[club])
        yield discord
        assert discord.complaints == []


@pytest.fixture
def ben(fake: FakeDiscord) -> Person:
    """Be Ben."""
    return fake.person("14")


@pytest.fixture
def cy(fake: FakeDiscord) -> Person:
    """Be Cy."""
    return fake.person("13")


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[SmallBot]:
    """Run a bot."""
    async with running(fake) as bot:
        yield bot
    assert fake.failed_interactions == []


# Commands.


async def test_a_command_is_run_with_options_of_every_kind(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    ran = await ben.run("mull", "pause", until="Friday", who=fake.person("11"), place=ben.here, times=3)
    assert ran.answered_with is Answer.MESSAGE
    assert ben.sees() == "Paused until Friday, Ada, general, 3."
    assert ran.original is ben.newest
    assert ben.newest.flags & EPHEMERAL
    for wrong in ({}, {"until": 3}, {"until": "x", "times": 6}, {"until": "x", "hour": 1}):
        with pytest.raises(LookupError):
            await ben.run("mull", "pause", **wrong)
    for way in (("mull",), ("mull", "nothing"), ("nothing",)):
        with pytest.raises(LookupError):
            await ben.run(*way)


async def test_an_option_completes_itself(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    assert await ben.complete("mull", "pause", focused="until", text="f") == ["Friday"]
    assert await ben.complete("mull", "pause", focused="until") == ["Friday", "Monday"]


async def test_commands_are_seen_by_those_who_may_use_them(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    ada = fake.person("11")
    every = ["mull", "mull-setup", "Save as reflection", "Greet"]
    assert ada.visible_commands() == every
    assert ben.visible_commands() == ["mull", "Save as reflection", "Greet"]
    assert ada.visible_commands("dm") == ["mull", "Save as reflection", "Greet"]
    with pytest.raises(LookupError):
        await ben.run("mull-setup")
    await ada.run("mull-setup")
    assert ada.newest.content == "Set up: True, True."
    quiet = fake.add_channel("7001", name="quiet", overwrites=[Overwrite("7001", deny=Right.USE_APPLICATION_COMMANDS)])
    assert ben.visible_commands(quiet) == []


async def test_commands_of_menus_reach_a_message_and_a_member(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    said = await fake.person("13").write("I built it", ben.here)
    await ben.use_on("Save as reflection", said)
    assert ben.newest.content == "Saved I built it."
    await fake.changes.set_nick("7001", "13", "Cy of the arm")
    await ben.use_on("Greet", fake.person("13"))
    assert ben.newest.content == "Hello Cy of the arm."


async def test_commands_keep_their_ids_when_they_are_put_again(fake: FakeDiscord) -> None:
    async with running(fake):
        first = {command["name"]: (command["id"], command["version"]) for command in fake.commands.everywhere}
    async with running(fake) as bot:
        again = {command["name"]: (command["id"], command["version"]) for command in fake.commands.everywhere}
        assert {name: ids[0] for name, ids in first.items()} == {name: ids[0] for name, ids in again.items()}
        assert first != again
        assert {command.name for command in await bot.tree.fetch_commands()} == set(first)
    assert fake.commands.puts == 2


# Controls.


async def test_controls_are_pressed_and_answered_in_every_way(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    await ben.run("mull", "home", where="dm")
    assert ben.labels() == ["Form", "Think", "Follow", "Change"]
    thought = await ben.press("Think")
    assert (thought.answered_with, ben.newest.content) == (Answer.DEFER, "Thought about it.")
    await ben.choose("Red", "Blue")
    assert ben.newest.content == "You chose red, blue."
    followed = await ben.press("do:follow")
    await fake.until(lambda: followed.followups)
    assert followed.answered_with is Answer.DEFER_UPDATE
    assert followed.followups == [ben.newest]
    changed = await ben.press("Change")
    assert changed.original is changed.message
    assert ben.dm[0].content == "Changed."
    assert ben.labels(on=ben.dm[0]) == ["Form"]
    for missing in ("Think", "Red"):
        with pytest.raises(LookupError):
            await ben.press(missing)
    with pytest.raises(LookupError):
        await ben.choose("Red")


async def test_a_form_is_filled_checked_and_sent(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    await ben.run("mull", "home")
    opened = await ben.press("Form")
    assert isinstance(ben.answer_of(opened), Modal)
    assert opened.modal
    assert opened.modal.values == {"what": "I began.", "hard": "coasting", "tried": [], "next": []}
    assert "Ms Ada reads this." in ben.sees()
    for wrong in ({"what": ""}, {"what": "x" * 4001}):
        with pytest.raises(NotSent):
            await ben.send_modal(wrong)
    with pytest.raises(LookupError):
        ben.fill({"hard": "Impossible"})
    sent = await ben.send_modal({"what": "It fell.", "How hard was it?": "Edge", "tried": ["Asked"], "next": "Again"})
    assert "And next?" not in ben.sees()
    assert ben.newest.content == "Saved: ['It fell.', 'edge', ['asked'], ['again']]"
    assert ben.answer_of(sent) is ben.newest
    assert sent.message is opened.message


async def test_what_is_private_is_seen_by_one_until_the_client_starts_again(
    fake: FakeDiscord, ben: Person, cy: Person, bot: SmallBot
) -> None:
    await ben.run("mull", "home")
    await ben.press("Form")
    assert (len(ben.private), cy.private, fake.posts_in(ben.here)) == (1, [], [])
    assert "Here you are." not in cy.sees()
    ben.restart()
    assert (ben.messages(), ben.modal) == ([], None)


async def test_a_press_can_be_forged(fake: FakeDiscord, ben: Person, cy: Person, bot: SmallBot) -> None:
    await ben.run("mull", "home")
    await cy.forge("raw:dance", ben.newest)
    assert cy.newest.content == "You sent raw:dance."
    with pytest.raises(LookupError):
        await cy.press("Form")
    await ben.forge("menu", values=["green"])
    assert ben.newest.content == "You chose green."


async def test_controls_work_after_a_restart_of_the_bot(fake: FakeDiscord, ben: Person) -> None:
    async with running(fake):
        await ben.run("mull", "home")
        home = ben.newest
    fake.patience = 0.05
    lost = await ben.press("Form", home)
    assert lost.failed
    async with running(fake):
        fake.patience = 10
        await ben.press("Change", home)
        assert home.content == "Changed."
    assert fake.failed_interactions == [lost]


async def test_a_press_that_nobody_answers_fails(fake: FakeDiscord, ben: Person) -> None:
    async with running(fake):
        await ben.run("mull", "home")
        quick = await ben.forge("do:nothing", wait=False)
        assert fake.failed_interactions == []
        fake.pass_time(seconds=3)
        assert fake.failed_interactions == []
        fake.pass_time(seconds=0.1)
        assert fake.failed_interactions == [quick]
        fake.patience = 0.05
        slow = await ben.forge("do:nothing")
        assert fake.failed_interactions == [quick, slow]
        await fake.settled()


async def test_a_form_that_nobody_answers_stays_open(fake: FakeDiscord, ben: Person) -> None:
    async with running(fake):
        await ben.run("mull", "home")
        await ben.press("Form")
    sent = await ben.send_modal({"what": "Long words"})
    assert sent.failed
    assert ben.modal
    assert ben.modal.values["what"] == "Long words"
    ben.close_modal()
    assert ben.modal is None


# Words.


async def test_direct_messages_are_written_changed_and_deleted(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    said = await ben.write("hello")
    await fake.until(lambda: len(ben.dm) == 2)
    assert ben.sees() == "hello\nHeard hello\n[Form]"
    await ben.edit(said, "hello again")
    await fake.until(lambda: bot.heard == ["hello"])
    await ben.delete(said)
    await ben.write("bye")
    await fake.until(lambda: len(ben.dm) == 3)
    assert bot.heard == ["hello", "edited: hello again", f"deleted: {said.id}", "bye"]
    await ben.write("in the channel", ben.here)
    await ben.write("last")
    await fake.until(lambda: len(ben.dm) == 5)
    assert bot.heard[4:] == ["last"]


async def test_the_same_is_delivered_again_with_the_same_id(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    await ben.write("hello")
    await ben.redeliver()
    await fake.until(lambda: len(fake.posts_in("14")) == 2)
    assert bot.heard == ["hello", "hello"]
    await ben.run("mull", "home")
    calls = len(fake.calls)
    await ben.redeliver()
    await fake.until(lambda: len(fake.calls) == calls + 1)
    assert fake.calls[-1].status == 400
    assert fake.calls[-1].answer["code"] == 40060


async def test_a_bot_hears_of_channels_only_what_it_may_read(fake: FakeDiscord, ben: Person) -> None:
    heard: list[tuple[str, str]] = []

    class Listener(SmallBot):
        async def on_message(self, message: object) -> None:
            heard.append((message.author.name, message.content))  # type: ignore[attr-defined]
            fake.world.bell.ring()

    intents = type(INTENTS)(INTENTS.value, guild_messages=True)
    async with running(fake, Listener(intents=intents)) as bot:
        await ben.write("my secret", ben.here)
        channel = bot.get_channel(int(ben.here.id))
        await channel.send("Hello all", suppress_embeds=True)  # type: ignore[union-attr]
        await fake.until(lambda: len(heard) == 2)
        assert heard == [("ben.okoro", ""), ("mull", "Hello all")]
        assert [message.content async for message in channel.history()] == ["Hello all", ""]  # type: ignore[union-attr]


async def test_thinking_is_seen_until_it_ends(fake: FakeDiscord, ben: Person, bot: SmallBot) -> None:
    await ben.run("mull", "home")
    hold = fake.faults.hold("edit_original", before=True)
    await ben.press("Think", wait=False)
    await hold.reached.wait()
    assert ben.sees().endswith(THINKING)
    hold.release()
    await fake.settled()
    assert ben.sees().endswith("Thought about it.")
