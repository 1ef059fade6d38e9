"""Nudges by hand in a feedback round: the open question once more, once a day, never at night, never against a wish."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.adapters.discord.outbound import messages_for as discord_messages
from bot.adapters.slack.outbound import message_for as slack_message
from bot.core.effects import AskQuestion, SendMessage
from bot.core.events import Control, EventId, OccurrenceSteered, Outcome
from bot.core.occurrences import OccurrenceId
from bot.core.people import PersonId, Role
from bot.core.platform_news import PersonPaused
from bot.flows.peer_exchange.round import Nudge, read_round
from bot.flows.phrases import ENGLISH
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.groups import add_members
from bot.storage.people import add_people
from tests.adapters.discord import rendered as discord
from tests.adapters.slack import rendered as slack
from tests.programs.group import BEN, CLASS, CLEO, DANA, Group, page_of
from tests.stage import ADA, CY, NOW, OLA, an_inbox, rows

SOL = PersonId("sol")
ASKED = ENGLISH.brought_back.format(by="Ms Ada")
EVENING, SEVEN = NOW.replace(hour=20), NOW.replace(day=7, hour=6, minute=0)
"""Nine in the evening of that Friday in Berlin, and seven in the morning after."""


class Round:
    """A round of Ben, Cleo and Dana, of whom Cleo and Dana look at each other's work."""

    def __init__(self, database: Database) -> None:
        self.group = Group(database, (BEN, CLEO, DANA))
        self.name = OccurrenceId("")

    async def open(self) -> None:
        """Begin it, with Mr Sol who leads the class as well, Ola who observes it, and Cy elsewhere."""
        await self.group.set_up()

        def work(connection: Connection) -> None:
            add_people(connection, [(SOL, "Mr Sol"), (OLA, "Ola"), (CY, "Cy")], NOW)
            add_members(connection, CLASS, [SOL], Role.FACILITATOR, NOW)
            add_members(connection, CLASS, [OLA], Role.OBSERVER, NOW)

        await self.group.database.write(work)
        self.name = await self.group.begin("peer_exchange", practice="no")
        await self.group.work_through(CLEO, DANA, until="peer-review")
        await self.group.steer(self.name, "pair_now")
        await self.until(NOW + timedelta(hours=1))

    async def until(self, at: datetime) -> None:
        """Let time pass to a moment, and forget what was shown until then."""
        await self.group.move(hours=(at - self.group.now) / timedelta(hours=1))
        self.group.platform.seen.clear()

    async def pass_to(self, at: datetime) -> None:
        """Let time pass to a moment."""
        await self.group.move(hours=(at - self.group.now) / timedelta(hours=1))

    async def remind(self, *people: PersonId, who: PersonId = ADA) -> Outcome:
        """Let somebody press the button."""
        return await self.group.steer(self.name, "remind", " ".join(people), who=who)

    async def nudges(self) -> list[Nudge]:
        """List the nudges that the round keeps."""
        return list(read_round(await self.group.occurrence(self.name)).nudges.values())

    def reminded(self, *people: PersonId) -> list[bool]:
        """Say of each whether they were shown their question once more, in the name of Ms Ada."""
        return [self.group.told(one)[:1] == [ASKED] for one in people]


@pytest.fixture
async def held(database: Database) -> Round:
    """Open the round."""
    made = Round(database)
    await made.open()
    return made


# What comes.


async def test_the_open_question_comes_once_more_and_says_who_asks(held: Round) -> None:
    before = await held.group.open_run(CLEO)
    assert await held.remind(CLEO) is Outcome.ACCEPTED
    [said, question] = held.group.platform.seen
    assert isinstance(said, SendMessage)
    assert said.text == "Ms Ada asked me to bring this back to you. Ready when you are, and “later” is fine too."
    assert isinstance(question, AskQuestion)
    assert before is not None
    assert (said.person, question.person, question.place) == (CLEO, CLEO, page_of(CLEO))
    assert (question.run, question.wait, question.prompt.key) == (before.id, before.wait, "describe")
    await held.group.say(CLEO, "In line 2 the folds are counted")
    assert await held.group.asked(CLEO) == "peer-review:judge"


async def test_slack_and_discord_say_the_same_with_the_question_and_its_way_out(held: Round) -> None:
    await held.remind(CLEO)
    [said, question] = held.group.platform.seen
    assert isinstance(said, SendMessage)
    assert isinstance(question, AskQuestion)
    assert slack.check(slack_message(said)).text == ASKED
    assert discord.shows(discord_messages(said), ASKED)
    assert "Later today" in slack.seen(slack.check(slack_message(question)).blocks)
    assert discord.shows(discord_messages(question), "While you go through this piece, what does one part show?")
    assert discord.check(discord_messages(question))


async def test_a_whole_line_is_reminded_at_once_each_of_their_own_question(held: Round) -> None:
    assert await held.remind(BEN, CLEO, DANA) is Outcome.ACCEPTED
    assert held.reminded(BEN, CLEO, DANA) == [True] * 3
    asked = [e.prompt.key for e in held.group.platform.seen if isinstance(e, AskQuestion)]
    assert asked == ["work", "describe", "describe"]


async def test_it_is_no_answer_to_anybody_and_waits_its_turn(held: Round) -> None:
    await held.remind(CLEO)
    sent = await rows(
        held.group.database, "SELECT is_reply FROM outbox WHERE person_id = 'cleo' ORDER BY seq DESC LIMIT 2"
    )
    assert [bool(row[0]) for row in sent] == [False, False]


async def test_the_flow_does_not_nudge_on_top_of_it(held: Round) -> None:
    await held.remind(CLEO)
    await held.pass_to(NOW + timedelta(days=1, hours=22))
    assert ENGLISH.nudge in held.group.told(DANA)
    assert ENGLISH.nudge not in held.group.told(CLEO)


# How often.


async def test_once_a_day_whoever_asks_and_again_on_the_next(held: Round) -> None:
    await held.remind(CLEO)
    await held.until(NOW + timedelta(hours=6))
    await held.remind(CLEO, who=SOL)
    await held.remind(CLEO, DANA, who=SOL)
    assert held.group.told(CLEO) == []
    assert held.group.told(DANA)[0] == ENGLISH.brought_back.format(by="Mr Sol")
    assert {(one.person, one.by) for one in await held.nudges()} == {(CLEO, ADA), (DANA, SOL)}
    await held.until(NOW + timedelta(hours=22))
    await held.remind(CLEO)
    assert held.reminded(CLEO) == [True]


async def test_the_next_question_of_another_run_may_be_brought_the_same_day(held: Round) -> None:
    await held.remind(BEN, CLEO)
    await held.group.work_through(CLEO)
    await held.group.work_through(DANA, until="peer-received")
    held.group.platform.seen.clear()
    await held.remind(DANA)
    assert held.reminded(DANA) == [True]


async def test_the_same_event_twice_is_one_nudge(held: Round) -> None:
    event = OccurrenceSteered(
        id=EventId("browser/web/once"), at=held.group.now, who=ADA, occurrence=held.name, step="remind", about="cleo"
    )
    assert await held.group.accept(event) is Outcome.ACCEPTED
    assert await held.group.accept(event) is Outcome.DUPLICATE
    assert held.group.told(CLEO).count(ASKED) == 1


async def test_two_who_press_at_once_remind_once(held: Round) -> None:
    other = an_inbox(held.group.database, held.group.hands)
    pressed = (
        OccurrenceSteered(
            id=EventId(f"browser/web/{who}"),
            at=held.group.now,
            who=who,
            occurrence=held.name,
            step="remind",
            about="cleo",
        )
        for who in (ADA, SOL)
    )
    doors = (held.group.inbox, other)
    assert (
        await asyncio.gather(*(door.accept(one) for door, one in zip(doors, pressed, strict=True)))
        == [Outcome.ACCEPTED] * 2
    )
    await held.group.deliver()
    assert len(held.group.told(CLEO)) == 2, "the sentence, and the question"


# When not.


async def test_what_is_asked_for_in_the_evening_comes_at_seven(held: Round) -> None:
    await held.until(EVENING)
    await held.remind(BEN, CLEO)
    await held.remind(CLEO, who=SOL)
    await held.pass_to(SEVEN - timedelta(seconds=1))
    assert held.group.told(BEN) == held.group.told(CLEO) == []
    await held.pass_to(SEVEN)
    assert held.reminded(BEN, CLEO) == [True, True]
    assert held.group.told(CLEO).count(ASKED) == 1
    await held.remind(CLEO)
    assert held.group.told(CLEO).count(ASKED) == 1, "seven was today"


async def test_it_is_night_where_the_person_is(held: Round) -> None:
    await held.group.database.write(
        lambda connection: connection.exec_driver_sql("UPDATE people SET zone = 'Asia/Tokyo' WHERE id = 'cleo'")
    )
    await held.until(NOW.replace(hour=13))
    await held.remind(BEN, CLEO)
    assert held.reminded(BEN, CLEO) == [True, False]
    await held.pass_to(NOW.replace(hour=22))
    assert held.reminded(CLEO) == [True]


async def test_who_goes_on_in_the_evening_is_not_reminded_in_the_morning(held: Round) -> None:
    await held.until(EVENING)
    await held.remind(CLEO, DANA)
    await held.group.move(minutes=5)
    await held.group.say(CLEO, "In line 2 the folds are counted")
    held.group.platform.seen.clear()
    await held.pass_to(SEVEN)
    assert held.reminded(CLEO, DANA) == [False, True]


async def test_where_mull_was_away_until_the_next_night_it_waits_for_a_second_morning(held: Round) -> None:
    await held.remind(BEN)
    evening, morning = EVENING + timedelta(days=1), SEVEN + timedelta(days=2)
    await held.until(evening)
    await held.remind(BEN)
    await held.group.move(days=1)
    assert held.group.told(BEN) == []
    await held.pass_to(morning)
    assert held.reminded(BEN) == [True]


@pytest.mark.parametrize("when", ["now", "in the morning"])
async def test_nobody_is_reminded_who_wants_quiet(held: Round, when: str) -> None:
    if when == "in the morning":
        await held.until(EVENING)
        await held.remind(CLEO)
    until = held.group.now + timedelta(days=2)
    paused = PersonPaused(id=held.group.name_event(), at=held.group.now, who=CLEO, until=until)
    assert await held.group.accept(paused) is Outcome.ACCEPTED
    if when == "now":
        await held.remind(CLEO, BEN)
        assert [one.person for one in await held.nudges()] == [BEN]
    await held.pass_to(SEVEN)
    await held.pass_to(until + timedelta(hours=1))
    assert ASKED not in held.group.told(CLEO)


async def test_nobody_is_reminded_who_said_when_they_want_it(held: Round) -> None:
    await held.group.control(CLEO, Control.TOMORROW)
    held.group.platform.seen.clear()
    await held.remind(CLEO)
    assert (held.group.told(CLEO), await held.nudges()) == ([], [])


async def test_nobody_is_reminded_who_left_or_of_whom_nothing_is_asked(held: Round) -> None:
    await held.group.remove(BEN)
    await held.group.work_through(CLEO)
    held.group.platform.seen.clear()
    assert await held.remind(BEN, CLEO, PersonId("nobody"), CY, ADA) is Outcome.ACCEPTED
    assert (held.group.platform.seen, await held.nudges()) == ([], [])


async def test_who_leaves_in_the_night_is_not_reminded_in_the_morning(held: Round) -> None:
    await held.until(EVENING)
    await held.remind(BEN, CLEO)
    await held.group.remove(BEN)
    await held.pass_to(SEVEN)
    assert held.reminded(BEN, CLEO) == [False, True]


async def test_one_occurrence_brings_back_its_own_questions_only(held: Round) -> None:
    other = await held.group.begin("peer_exchange", practice="no")
    held.group.platform.seen.clear()
    await held.remind(CLEO)
    await held.group.steer(other, "remind", CLEO)
    assert [effect.prompt.key for effect in held.group.platform.seen if isinstance(effect, AskQuestion)] == [
        "describe",
        "work",
    ]


# Who may.


@pytest.mark.parametrize("who", [OLA, CY, BEN])
async def test_only_who_reads_answers_may_remind(held: Round, who: PersonId) -> None:
    assert await held.remind(CLEO, who=who) is Outcome.UNKNOWN
    assert (held.group.platform.seen, await held.nudges()) == ([], [])
