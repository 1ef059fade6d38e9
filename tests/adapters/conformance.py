"""What every adapter must do, written once. A new adapter brings a `Driver` and inherits the suite.

The flow, the house and the clock are the same for all; only how a person types, presses and reads differs.
"""

import re
from typing import Protocol

from bot.flows.document import Document
from bot.flows.library import read
from bot.runner.clock import Clock
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.database import Database
from tests.stage import Hands, count, pupil, rows, said_by, set_stage

FLOW = read(
    """
flow: conformance
title: A small check-in
band: 14-18
settings: [class]
exercises: {attributes: [voice], phases: [notice]}
nudge_after: 24
steps:
  - say: Hi {first_name}.
  - id: hard
    ask: How hard was the bridge?
    scale: [not hard, a little hard, very hard]
  - id: moment
    ask: Which moment made you stop?
    text: {lines: 2}
  - id: helped
    ask: What helped?
    choice: {options: [a picture, a friend, a break], own: true, none: true}
  - id: draft
    ask: What would you rather keep to yourself?
    visibility: private
    text: {lines: 2}
  - say: Thanks, {first_name}. {facilitator} reads this.
""",
    "conformance.yaml",
)

HARD, MOMENT, HELPED, DRAFT = (
    "How hard was the bridge?",
    "Which moment made you stop?",
    "What helped?",
    "What would you rather keep to yourself?",
)
HOSTILE = (
    "<script>alert(1)</script>",
    "*bold* _it_ `code` <!channel> @everyone",
    "=HYPERLINK(1)",
    "\N{RIGHT-TO-LEFT OVERRIDE}abc",
    "مرحبا بالعالم",
    "👩‍👩‍👧‍👦" * 40,
)


class Driver(Protocol):
    """One person at one platform: Ben, the first pupil of `tests.stage`."""

    database: Database
    hands: Hands

    @property
    def inbox(self) -> Inbox:
        """Find the door of the process that runs."""

    @property
    def outbox(self) -> Outbox:
        """Find its outbox."""

    async def begin(self) -> None:
        """Begin the flow, as the platform lets one begin."""

    async def say(self, text: str) -> None:
        """Answer the open question in words."""

    async def choose(self, *labels: str) -> None:
        """Take the option or control of the open question with this label; several where it takes several."""

    async def repeat(self) -> None:
        """Deliver what the person did last once more, as the same event."""

    async def restart(self) -> None:
        """Stop the process and start another on the same database."""

    async def seen(self) -> str:
        """Read everything that the person sees now."""


class Conformance:
    """The suite; subclasses provide the fixture `driver`."""

    async def test_a_whole_check_in_is_asked_answered_and_kept(self, driver: Driver) -> None:
        await driver.begin()
        assert "Hi Ben." in await driver.seen()
        assert HARD in await driver.seen()
        await driver.choose("a little hard")
        await driver.say("When the glue gave way.")
        await driver.choose("a friend")
        await driver.say("That I was tired.")
        assert "Thanks, Ben. Ms Ada reads this." in await driver.seen()
        assert await said_by(driver.database, 0) == {
            "hard": "a little hard",
            "moment": "When the glue gave way.",
            "helped": "a friend",
            "draft": "That I was tired.",
        }

    async def test_each_question_says_who_reads_the_answer(self, driver: Driver) -> None:
        await driver.begin()
        assert "Ms Ada will read this." in await driver.seen()
        for answer in ("very hard", "a moment", "a break"):
            await driver.say(answer) if answer == "a moment" else await driver.choose(answer)
        assert "Only you see this." in await driver.seen()

    async def test_options_are_shown_in_words_and_in_order(self, driver: Driver) -> None:
        await driver.begin()
        assert re.search(r"not hard.*a little hard.*very hard.*Can't say", await driver.seen(), re.DOTALL)

    async def test_an_answer_in_own_words_is_taken_where_a_menu_allows_it(self, driver: Driver) -> None:
        await self._reach_menu(driver)
        await driver.say("a walk around the yard")
        assert (await said_by(driver.database, 0))["helped"] == "a walk around the yard"

    async def test_a_slip_gets_a_kind_sentence_and_the_question_again(self, driver: Driver) -> None:
        await driver.begin()
        await driver.choose("a little hard")
        await driver.say("x" * 10_001)
        seen = await driver.seen()
        assert "I can keep 10,000" in seen
        assert MOMENT in seen
        assert await said_by(driver.database, 0) == {"hard": "a little hard"}

    async def test_skipping_is_fine_and_going_back_shows_what_was_said(self, driver: Driver) -> None:
        await driver.begin()
        await driver.choose("Skip")
        await driver.say("first words")
        await driver.choose("Back")
        assert MOMENT in await driver.seen()
        await driver.say("better words")
        assert await said_by(driver.database, 0) == {"hard": "", "moment": "better words"}
        assert HELPED in await driver.seen()

    async def test_help_says_who_reads_and_whom_to_go_to(self, driver: Driver) -> None:
        await driver.begin()
        await driver.choose("Who reads this?")
        assert "Ms Ada" in await driver.seen()
        assert "any adult you trust" in await driver.seen()

    async def test_later_asks_again_when_the_time_has_come(self, driver: Driver) -> None:
        await driver.begin()
        await driver.choose("Later today")
        assert "No rush. I'll ask again at 14:40." in await driver.seen()
        driver.hands.move(hours=3, minutes=1)
        await Clock(driver.database, driver.inbox, driver.hands).tick()
        await driver.restart()  # three hours later somebody sits down anew
        await driver.choose("very hard")
        assert await said_by(driver.database, 0) == {"hard": "very hard"}

    async def test_stopping_keeps_what_was_said(self, driver: Driver) -> None:
        await driver.begin()
        await driver.choose("a little hard")
        await driver.choose("Stop here")
        assert "What you wrote is kept." in await driver.seen()
        assert await said_by(driver.database, 0) == {"hard": "a little hard"}

    async def test_the_same_event_four_times_is_one_answer_and_one_reply(self, driver: Driver) -> None:
        await driver.begin()
        await driver.choose("a little hard")
        before = await count(driver.database, "outbox")
        for _ in range(3):
            await driver.repeat()
        assert await count(driver.database, "outbox") == before
        assert await said_by(driver.database, 0) == {"hard": "a little hard"}
        assert MOMENT in await driver.seen()

    async def test_what_somebody_wrote_is_shown_as_they_wrote_it(self, driver: Driver) -> None:
        for hostile in HOSTILE:
            await driver.begin()
            await driver.choose("a little hard")
            await driver.say(hostile)
            await driver.choose("Back")
            assert (await said_by(driver.database, 0))["moment"] == hostile
            if hostile == HOSTILE[0]:
                assert hostile in await driver.seen()  # as words: a page that took it for markup would hide it
            await driver.choose("Stop here")

    async def test_a_restart_in_the_middle_goes_on_at_the_same_question(self, driver: Driver) -> None:
        await driver.begin()
        await driver.choose("very hard")
        await driver.restart()
        await driver.say("After the restart.")
        assert await said_by(driver.database, 0) == {"hard": "very hard", "moment": "After the restart."}
        assert HELPED in await driver.seen()

    async def test_everything_is_delivered_once(self, driver: Driver) -> None:
        await driver.begin()
        assert (await driver.seen()).count("Hi Ben.") == 1
        await driver.choose("a little hard")
        states = await rows(driver.database, "SELECT state, count(*) FROM outbox GROUP BY state")
        assert [state for state, _ in states] == ["sent"]
        assert (await driver.seen()).count("Hi Ben.") <= 1  # a private dialogue may be one message that changes

    async def _reach_menu(self, driver: Driver) -> None:
        await driver.begin()
        await driver.choose("a little hard")
        await driver.say("a moment")


async def set_the_stage(database: Database, document: Document = FLOW) -> None:
    """Put Ben, two others of his class, Ms Ada and a flow into a fresh database."""
    await set_stage(database, 3, document)


BEN = pupil(0)
