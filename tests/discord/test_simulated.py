"""A club on simcord, from its setup on: what Ada, Ben and Cy see on a Discord that somebody else imagined."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest
from discord.webhook.async_ import async_context
from structlog.testing import capture_logs

from bot.storage.database import Database
from tests.discord.addresses import addresses
from tests.discord.fake import FakeDiscord
from tests.discord.flows import HARD, HELPED, MOMENT, WEEK
from tests.discord.house import DiscordHouse, Walk, add_club, publish
from tests.discord.person_controls import words_of
from tests.discord.simulated import SimulatedDiscord, SimulatedHouse, SimulatedPerson
from tests.stage import Hands, rows

SETUP, SET_IT_UP, ASK, REFLECT = "mull-setup", "Set it up", "Ask the group now", "Reflect now"
BERLIN = "Europe/Berlin"
POST = "Ada Lindqvist asks: Look at how you thought this week"
CALLED = "Something from Mull waits for some of you"
IMPORTS = re.compile(r"^\s*(?:import|from) simcord\b", re.MULTILINE)
ANSWERS = {"Made me think hard": "most", "What I tried first": "Ask somebody"}


class Club:
    """A club on simcord, and the Mull that is there just now."""

    def __init__(self, database: Database, discord: SimulatedDiscord, hands: Hands) -> None:
        self.database, self.discord, self.hands, self.channel = database, discord, hands, discord.channel
        self.ada, self.ben, self.cy = discord.ada, discord.ben, discord.cy
        self.house = SimulatedHouse(database, discord, hands)

    async def after(self, *deeds: Awaitable[None]) -> None:
        """Let people do something, one after the other, and Mull all that follows."""
        for deed in deeds:
            await deed
            await self.house.settle()

    async def set_up(self) -> None:
        """Let Ada set the club up, and ask it."""
        await self.after(self.ada.run(SETUP, where=self.channel, channel=self.channel, zone=BERLIN))
        await self.after(self.ada.press(SET_IT_UP), self.ada.press(ASK))

    async def run(self, person: SimulatedPerson, *words: str, **options: str) -> None:
        """Let somebody run a sub-command of /mull in the channel."""
        await self.after(person.run("mull", *words, where=self.channel, **options))

    async def restart(self) -> None:
        """Let Mull stop, and another process of it begin."""
        await self.house.__aexit__(None, None, None)
        self.house = await SimulatedHouse(self.database, self.discord, self.hands).__aenter__()

    async def said(self) -> dict[str, str]:
        """Read what has been answered."""
        return dict(await rows(self.database, "SELECT key, said FROM answers"))


@asynccontextmanager
async def _connected(database: Database) -> AsyncIterator[Club]:
    await publish(database, WEEK)
    hands = Hands()
    with capture_logs() as logs:
        async with SimulatedDiscord(hands) as simulated:
            begun = Club(database, simulated, hands)
            await begun.house.__aenter__()
            try:
                yield begun
            finally:
                await begun.house.__aexit__(None, None, None)
            assert simulated.failed_interactions == []
    assert [line for line in logs if line["log_level"] in ("warning", "error")] == []


@pytest.fixture
async def fresh(database: Database) -> AsyncIterator[Club]:
    """Let Mull have just come."""
    async with _connected(database) as begun:
        yield begun


@pytest.fixture
async def club(database: Database) -> AsyncIterator[Club]:
    """Let Ada have set the club up, and asked it."""
    async with _connected(database) as begun:
        await begun.set_up()
        yield begun


async def test_setting_up_is_shown_to_ada_alone_and_the_first_post_to_all(fresh: Club) -> None:
    ada, ben, cy = fresh.ada, fresh.ben, fresh.cy
    await fresh.after(ada.run(SETUP, where=fresh.channel, channel=fresh.channel, zone=BERLIN))
    assert "I would set up “book-club”. You lead it" in ada.sees()
    assert POST in ada.sees()
    assert (ben.sees(), cy.sees()) == ("", "")
    await fresh.after(ada.press(SET_IT_UP))
    assert "“book-club” is set up" in ada.sees()
    assert (ben.sees(), cy.sees()) == ("", "")
    await fresh.after(ada.press(ASK))
    assert len(ada.private) == 1
    for somebody in (ada, ben, cy):
        assert somebody.sees().count(POST) == 1
        assert somebody.labels()[-2:] == [REFLECT, "Who reads this?"]
        assert somebody.dm == []


async def test_a_form_is_a_modal_and_its_next_part_another(club: Club) -> None:
    await club.after(club.ben.press(REFLECT))
    assert club.ben.modal is not None
    assert "( ) Start with a smaller part" in club.ben.sees()
    await club.after(club.ben.send_modal(ANSWERS))
    assert "That part is saved. The next part: 2 questions" in club.ben.sees()
    await club.after(club.ben.press("Next part"))
    await club.after(club.ben.send_modal({"What I will try": "Draw it", "When I will try it": "On Monday"}))
    assert "Thanks, Ben. Ada Lindqvist will read this" in club.ben.sees()
    assert [words_of(message).count("Thanks, Ben.") for message in club.ben.private] == [1]
    said = await club.said()
    assert {"most", "Ask somebody", "Draw it", "On Monday"} <= set(said.values())
    assert "Thanks, Ben" not in club.ada.sees() + club.cy.sees()


async def test_a_dialogue_is_one_message_that_only_its_person_sees(club: Club) -> None:
    await club.run(club.ben, "start", flow="week")
    assert HARD in club.ben.sees()
    await club.after(club.ben.press("a little hard"))
    assert HELPED in club.ben.sees()
    await club.after(club.ben.choose("a friend"))
    await club.after(club.ben.press("Write your answer"))
    assert MOMENT in words_of(club.ben.private[-1])
    await club.after(club.ben.send_modal({"Your answer": "When the *glue* gave way @everyone"}))
    assert r"When the \*glue\* gave way \@everyone" in club.ben.sees()
    assert len(club.ben.private) == 1
    assert club.ben.dm == []
    for other in (club.ada, club.cy):
        assert "glue" not in other.sees()
        assert HARD not in other.sees()
    said = await club.said()
    assert (said["hard"], said["helped"]) == ("a little hard", "a friend")
    assert said["moment"] == "When the *glue* gave way @everyone"


async def test_what_comes_later_is_a_direct_message_for_whoever_wished_it(club: Club) -> None:
    await club.run(club.ben, "message-me")
    assert "Here I write to you when something is for you" in words_of(club.ben.dm[-1])
    await club.run(club.ben, "start", flow="week")
    await club.after(club.ben.choose("Later today"))
    assert "I'll ask again at 14:40" in club.ben.sees()
    before = len(club.ben.dm)
    await club.house.move(hours=4)
    assert len(club.ben.dm) == before + 1
    assert HARD in words_of(club.ben.dm[-1])
    assert CALLED not in club.ada.sees()
    await club.after(club.ben.press("at my edge"))
    assert "You said: at my edge" in club.ben.sees()
    await club.after(club.ben.choose("a walk"), club.ben.write("When I stood up."))
    said = await club.said()
    assert (said["hard"], said["helped"], said["moment"]) == ("at my edge", "a walk", "When I stood up.")
    assert club.ada.dm == club.cy.dm == []


async def test_buttons_of_before_a_restart_still_work(club: Club) -> None:
    await club.run(club.ben, "message-me")
    await club.run(club.ben, "start", flow="week")
    await club.restart()
    await club.after(club.ben.press("coasting"))
    assert HELPED in club.ben.sees()
    await club.restart()
    await club.after(club.cy.press(REFLECT))
    assert club.cy.modal is not None
    await club.restart()
    await club.after(club.cy.send_modal(ANSWERS))
    assert "That part is saved" in club.cy.sees()
    await club.after(club.ben.press("No more messages"))
    assert await rows(club.database, "SELECT id FROM people WHERE wants_messages") == []
    assert (await club.said())["hard"] == "coasting"


async def test_whose_direct_messages_are_closed_is_called_in_the_channel(club: Club) -> None:
    await club.run(club.ben, "message-me")
    await club.run(club.ben, "start", flow="week")
    await club.after(club.ben.choose("Later today"))
    club.discord.close_direct_messages(club.ben)
    before = words_of(club.ben.dm[-1])
    await club.house.move(hours=4)
    await club.house.move(minutes=30)
    assert words_of(club.ben.dm[-1]) == before
    assert await rows(club.database, "SELECT id FROM people WHERE wants_messages") == []
    assert CALLED in club.cy.sees()
    assert "Ben" not in club.cy.sees()
    await club.after(club.ben.press("See mine"))
    assert HARD in words_of(club.ben.private[-1])


async def test_an_advisor_picks_people_by_hand(fresh: Club) -> None:
    await fresh.after(fresh.ada.run(SETUP, where=fresh.channel, channel=fresh.channel, zone=BERLIN, people=True))
    await fresh.after(fresh.ada.press(SET_IT_UP), fresh.ada.pick(fresh.ben))
    assert "Now on the list: Ben Okoro." in fresh.ada.sees()
    await fresh.after(fresh.ada.press(ASK), fresh.cy.press(REFLECT))
    assert fresh.cy.modal is None
    await fresh.after(fresh.ben.press(REFLECT))
    assert fresh.ben.modal is not None


async def test_who_has_the_role_is_in_the_club(fresh: Club) -> None:
    given = {"channel": fresh.channel, "role": fresh.discord.role, "zone": BERLIN}
    await fresh.after(fresh.ada.run(SETUP, where=fresh.channel, **given))
    await fresh.after(fresh.ada.press(SET_IT_UP), fresh.ada.press(ASK))
    await fresh.after(fresh.cy.press(REFLECT), fresh.ben.press(REFLECT))
    assert fresh.cy.modal is None
    assert fresh.ben.modal is not None


async def test_commands_work_in_direct_messages(club: Club) -> None:
    await club.after(club.ben.press(REFLECT), club.ben.send_modal(ANSWERS))
    await club.after(club.ben.run("mull", "who-reads-this"))
    assert "Ada Lindqvist" in words_of(club.ben.dm[-1])
    assert not discord.MessageFlags._from_value(club.ben.dm[-1].flags).ephemeral


async def test_flows_are_offered_while_their_name_is_typed(club: Club) -> None:
    offered = await club.ada.complete("mull", "start", focused="flow", where=club.channel, text="our")
    assert offered == ["Our week"]


async def test_the_same_press_twice_is_one_answer(club: Club) -> None:
    await club.run(club.ben, "start", flow="week")
    await club.after(club.ben.press("coasting"))
    before = club.ben.sees()
    await club.after(club.ben.redeliver())
    assert club.ben.sees() == before


async def test_who_may_not_manage_the_server_is_not_shown_the_setup(club: Club) -> None:
    assert SETUP in club.ada.member.available_commands(club.channel)
    assert SETUP not in club.ben.member.available_commands(club.channel)


async def test_neither_simcord_nor_our_own_fake_leaves_anything_behind(database: Database) -> None:
    before = _patched()
    async with _connected(database) as begun:
        assert _patched() != before
        await begun.after(begun.ada.write("help"))
        assert "any adult you trust" in begun.ada.sees()
    assert _patched() == before
    hands = Hands()
    async with FakeDiscord(hands) as fake:
        guild, channel = add_club(fake)
        async with DiscordHouse(database, fake, hands) as house:
            assert addresses()[0] == fake.api_url
            walk = Walk(house, guild, channel)
            assert "any adult you trust" in await walk.write(walk.ada, "help")
    assert _patched() == before
    async with _connected(database) as begun:
        assert addresses()[0] != fake.api_url
    assert _patched() == before


def test_nothing_of_simcord_runs_in_other_tests(pytestconfig: pytest.Config) -> None:
    assert not pytestconfig.pluginmanager.hasplugin("simcord")
    importers = [path.name for path in Path(__file__).parents[1].rglob("*.py") if IMPORTS.search(path.read_text())]
    assert importers == ["simulated.py"]


def _patched() -> tuple[object, ...]:
    """Name all that simcord, the adapter and our fake put into the library, into Python and into the event loop."""
    loop = asyncio.get_running_loop()
    hooks = ("create_task", "call_soon", "call_later", "call_at", "call_soon_threadsafe", "run_in_executor")
    return (
        addresses(),
        async_context.get(),
        time.monotonic,
        vars(discord.utils)["datetime"],
        ThreadPoolExecutor.submit,
        *(getattr(loop, name) for name in hooks),
    )
