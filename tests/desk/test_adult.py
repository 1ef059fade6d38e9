"""The way to an adult from the chat: who there is, what this is and is not, and the school's own crisis lines."""

import pytest

from bot.storage.database import Database
from bot.storage.groups import change_group
from tests.desk.asking import BEN, STRANGER, Counter, a_counter, does_of, text_of
from tests.stage import class_of, rows

GROUP = class_of(0)
LINES = "Counsellor: 030 555 123\nHelpline: 116 111"


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk of a school that has crisis lines."""
    counter = await a_counter(database)
    await database.write(lambda connection: change_group(connection, GROUP, {"crisis_lines": LINES}))
    return counter


@pytest.mark.parametrize("words", ["talk to an adult", f"talk to an adult {GROUP}", "help"])
async def test_crisis_lines_are_shown_wherever_help_is_looked_for(at: Counter, words: str) -> None:
    assert text_of(await at.say(BEN, words)).count(f"You can also call or write to:\n{LINES}") == 1


async def test_without_lines_nothing_is_made_up(database: Database) -> None:
    counter = await a_counter(database)
    for words in ("talk to an adult", f"talk to an adult {GROUP}", "help"):
        assert "call or write" not in text_of(await counter.say(BEN, words))


async def test_asking_says_what_this_is_not_and_what_comes_next(at: Counter) -> None:
    reply = await at.say(BEN, "I want to talk to an adult")
    assert "it is no emergency line" in text_of(reply)
    assert does_of(reply) == [f"talk to an adult {GROUP}"]
    told = text_of(await at.say(BEN, does_of(reply)[0]))
    assert "Ms Ada will see that you want to talk: I tell them now, and again every 15 minutes" in told
    assert "it is no emergency line" in told
    assert await rows(at.database, "SELECT person_id FROM flags") == [(BEN,)]


async def test_a_stranger_reads_no_lines_of_a_school(at: Counter) -> None:
    for words in ("talk to an adult", f"talk to an adult {GROUP}", "help"):
        assert "116 111" not in text_of(await at.say(STRANGER, words))
