"""Reminders of planned check-ins: when, to whom, how many, and never in the night."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.adapters.base import Dead, Delivery, Sent
from bot.core.effects import AnyEffect, AskQuestion, InviteGroup
from bot.core.events import Control
from bot.storage.database import Database
from tests.runner.term import LOS_ANGELES, NUDGE, Term, a_term, dated, days, on

FIRST, CLOSE = on(12, 8), on(16, 8)
SLOT_1, SLOT_2 = on(15, 12, 48), on(16, 6)
"""After 0.8 and 0.95 of four days; the second would be at 4:12 in the night of Berlin, so it is at seven."""


@pytest.fixture
async def term(database: Database) -> Term:
    return await a_term(database)


def asks(term: Term) -> list[int]:
    """Count the questions that each learner was shown."""
    shown = [effect.person for _, effect in term.screen.seen if isinstance(effect, AskQuestion)]
    return [shown.count(one) for one in sorted(set(shown))]


# When, and how many.


@pytest.mark.parametrize(("reminders", "when"), [(0, []), (1, [SLOT_1]), (2, [SLOT_1, SLOT_2])])
async def test_the_silent_are_reminded_as_often_as_was_chosen(
    term: Term, reminders: int, when: Sequence[datetime]
) -> None:
    await term.plan(dated(12), reminders=reminders)
    await term.until(CLOSE + days(5))
    assert [term.reminded(number) for number in range(3)] == [when] * 3
    assert asks(term) == [1 + reminders] * 3


async def test_a_reminder_comes_at_its_moment_and_not_before(term: Term) -> None:
    await term.plan(dated(12))
    await term.until(SLOT_1 - timedelta(seconds=1))
    assert term.reminded(0) == []
    await term.until(SLOT_1)
    assert term.reminded(0) == [SLOT_1]


@pytest.mark.parametrize(("lasts", "slots"), [(days(2), [on(14, 6)]), (days(1), [on(13, 6), on(13, 6, 48)])])
async def test_a_slot_that_the_night_moves_behind_the_close_is_dropped(
    term: Term, lasts: timedelta, slots: Sequence[datetime]
) -> None:
    await term.plan(dated(12), lasts=lasts, reminders=2)
    await term.until(CLOSE)
    assert term.reminded(0) == slots


async def test_each_is_reminded_by_day_where_they_are(term: Term) -> None:
    await term.live_in(0, LOS_ANGELES)
    await term.plan(dated(12), reminders=1)
    await term.until(CLOSE + days(1))
    assert [term.reminded(0), term.reminded(1)] == [[on(15, 14)], [SLOT_1]]


# Who.


async def test_only_who_is_silent_is_reminded(term: Term) -> None:
    await term.plan(dated(12), reminders=2)
    await term.until(on(13, 8))
    await term.answer_all(0)
    await term.say(1, "Half of it.")
    await term.until(CLOSE + days(1))
    assert [term.reminded(number) for number in range(3)] == [[], [SLOT_1, SLOT_2], [SLOT_1, SLOT_2]]


@pytest.mark.parametrize(
    ("control", "pressed", "again"),
    [(Control.LATER, on(15, 11), on(15, 14)), (Control.TOMORROW, on(14, 20), on(15, 14))],
)
async def test_who_put_it_off_is_asked_when_they_said_and_not_reminded(
    term: Term, control: Control, pressed: datetime, again: datetime
) -> None:
    await term.plan(dated(12))
    await term.until(pressed)
    await term.press(0, control)
    seen = len(term.screen.seen)
    await term.until(again - timedelta(seconds=1))
    assert [term.reminded(number) for number in range(3)] == [[], [SLOT_1], [SLOT_1]]
    assert [effect for _, effect in term.screen.seen[seen:] if term.is_for(effect, 0)] == []
    await term.until(again)
    assert isinstance(term.screen.seen[-1][1], AskQuestion)


async def test_nobody_is_reminded_in_a_pause(term: Term) -> None:
    await term.plan(dated(12), reminders=2)
    await term.until(on(13, 8))
    await term.pause(0, on(15, 18))
    await term.pause(1, on(18, 5))
    await term.until(on(25, 8))
    assert [term.reminded(number) for number in range(3)] == [[SLOT_2], [], [SLOT_1, SLOT_2]]


async def test_who_was_not_shown_it_is_not_reminded_of_it(term: Term) -> None:
    await term.pause(0, SLOT_1 + timedelta(hours=1))
    await term.pause(1, CLOSE + days(1))
    await term.plan(dated(12))
    await term.until(SLOT_1)
    assert [term.reminded(0), term.reminded(1), term.begun(0), term.begun(1)] == [[], [], [], []]
    await term.until(CLOSE + days(3))
    assert [term.begun(0), term.begun(1)] == [[SLOT_1 + timedelta(hours=1)], []]


async def test_a_reminder_that_could_not_be_delivered_does_not_count(term: Term) -> None:
    def answer(effect: AnyEffect) -> Delivery:
        is_lost = term.hands() == SLOT_1 and term.is_for(effect, 0)
        return Dead("no such channel") if is_lost else Sent(effect.id)

    term.screen.answer = answer
    await term.plan(dated(12), reminders=1)
    await term.until(CLOSE + days(1))
    assert [term.reminded(0), term.reminded(1)] == [[SLOT_2], [SLOT_1]]


# A post in the channel.


async def test_of_a_group_asked_by_a_post_who_never_pressed_is_asked_in_private_at_the_slot(term: Term) -> None:
    await term.plan(dated(12), where="channel")
    await term.until(FIRST)
    assert [type(effect) for _, effect in term.screen.seen] == [InviteGroup]
    await term.join(0)
    await term.answer_all(0)
    await term.join(1)
    await term.until(CLOSE + days(1))
    assert [term.begun(number) for number in range(3)] == [[FIRST], [FIRST], [SLOT_1]]
    assert [term.reminded(number) for number in range(3)] == [[], [SLOT_1], []]


@pytest.mark.parametrize(("reminders", "when"), [(0, []), (1, [SLOT_1]), (2, [SLOT_1, SLOT_2])])
async def test_being_asked_in_private_is_one_of_the_reminders(
    term: Term, reminders: int, when: Sequence[datetime]
) -> None:
    await term.plan(dated(12), where="channel", reminders=reminders)
    await term.until(CLOSE + days(1))
    assert term.begun(0) == when[:1]
    assert term.reminded(0) == when[1:]


async def test_nobody_is_asked_in_private_in_a_pause(term: Term) -> None:
    await term.pause(0, CLOSE + days(2))
    await term.plan(dated(12), where="channel", reminders=2)
    await term.until(CLOSE + days(4))
    assert [term.begun(0), term.begun(1)] == [[], [SLOT_1]]


# Time away.


async def test_of_two_slots_that_passed_only_the_later_one_is_sent(term: Term) -> None:
    await term.plan(dated(12), reminders=2)
    await term.until(FIRST)
    await term.be_away_until(SLOT_2 + timedelta(minutes=30))
    await term.until(CLOSE + days(1))
    assert term.reminded(0) == [SLOT_2 + timedelta(minutes=30)]


async def test_a_prompt_that_comes_late_brings_no_reminder_along(term: Term) -> None:
    await term.plan(dated(12), reminders=2)
    await term.be_away_until(SLOT_1 + timedelta(hours=1))
    await term.until(CLOSE + days(1))
    assert term.begun(0) == [SLOT_1 + timedelta(hours=1)]
    assert term.reminded(0) == [SLOT_2]


async def test_a_slot_found_late_in_the_night_comes_in_the_morning(term: Term) -> None:
    await term.plan(dated(12), reminders=1)
    await term.until(FIRST)
    await term.be_away_until(on(15, 23))
    await term.until(CLOSE + days(1))
    assert term.reminded(0) == [on(16, 6)]


async def test_after_the_close_nobody_is_reminded(term: Term) -> None:
    await term.plan(dated(12), reminders=2)
    await term.until(FIRST)
    await term.be_away_until(CLOSE)
    await term.until(CLOSE + days(3))
    assert term.reminded(0) == []


async def test_a_reminder_that_was_not_delivered_by_the_close_is_not_delivered_any_more(term: Term) -> None:
    await term.plan(dated(12), reminders=1)
    await term.until(FIRST)
    await term.be_away_until(SLOT_1)
    await term.clock.tick()
    await term.be_away_until(CLOSE)
    await term.until(CLOSE + days(3))
    assert [term.reminded(0), asks(term)] == [[], [1, 1, 1]]
    assert await term.count("outbox WHERE state = 'expired'") == 6


# The flow's own nudge.


@pytest.mark.parametrize("where", ["each", "channel"])
async def test_what_is_planned_has_no_nudge_of_its_own(term: Term, where: str) -> None:
    await term.plan(dated(12), where=where, reminders=0)
    await term.until(FIRST)
    if where == "channel":
        await term.join(0)
    await term.until(CLOSE + days(5))
    assert [term.begun(0), term.told(0, NUDGE)] == [[FIRST], []]


@pytest.mark.parametrize(("begun", "nudged"), [(on(9, 21, 30), on(11, 6)), (on(9, 12), on(10, 12))])
async def test_a_nudge_elsewhere_never_comes_in_the_night(term: Term, begun: datetime, nudged: datetime) -> None:
    await term.until(begun)
    await term.start(0)
    await term.until(CLOSE)
    assert term.told(0, NUDGE) == [nudged]
