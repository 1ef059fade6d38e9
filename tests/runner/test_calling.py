"""Who is written to only when they wish it: what is for them waits until they come by, and their group is called."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.base import Attempt, Delivery, Waits
from bot.core.effects import AnyEffect, OfferForm, SendMessage
from bot.core.events import EventId, Outcome
from bot.core.people import GroupId, Identity, PersonId, Place, Role
from bot.core.runs import Mode
from bot.runner.calling import OVER
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.outbox import WAITS_FOR, Outbox
from bot.storage.database import Database
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members
from tests.runner.club import (
    BEN,
    CHANNEL,
    CLASS,
    MIA,
    OTHER,
    REASON,
    Club,
    Comes,
    began,
    came,
    pressed,
    resumed,
    shown_again,
    told,
    wrote,
)
from tests.stage import (
    ADA,
    FLOW,
    NOW,
    FakePlatform,
    a_group,
    count,
    pupil,
    questions,
    rows,
    run_of,
    set_stage,
)


@pytest.fixture
async def club(database: Database) -> Club:
    await set_stage(database, 3)
    return Club(database)


@pytest.fixture(params=[came, resumed])
def comes(request: pytest.FixtureRequest) -> Comes:
    """Name the ways to come by: to see what waits, and to end a pause."""
    found: Comes = request.param
    return found


# Waiting.


async def test_what_waits_is_held_without_an_attempt_and_is_not_tried_again(club: Club) -> None:
    await club.put(told(BEN, "1"))
    await club.deliver()
    read = "SELECT state, attempts, reason FROM outbox"
    assert await rows(club.database, read) == [("pending", 0, REASON)]
    assert await club.next_due() == NOW + WAITS_FOR
    club.here.add(BEN)
    for _ in range(27):
        club.hands.move(days=1)
        assert await club.outbox.deliver_due() == 0
    assert await rows(club.database, read) == [("pending", 0, REASON)]


async def test_what_waits_holds_up_nothing_behind_it(club: Club) -> None:
    await club.put(told(BEN, "1"), told(BEN, "2"), told(MIA, "3"))
    await club.deliver()
    assert await club.states() == [("pending", REASON)] * 2
    club.here |= {BEN, MIA}
    await club.put(told(BEN, "4"))
    await club.deliver()
    assert [effect.id for effect in club.said] == ["4"]


async def test_what_nobody_came_for_is_given_up_after_28_days_with_its_reason(club: Club) -> None:
    assert timedelta(days=28) == WAITS_FOR
    await club.put(told(BEN, "1"), told(MIA, "2"))
    await club.deliver()
    club.hands.move(days=28, seconds=1)
    club.here.add(MIA)
    await club.deliver()
    assert await club.states() == [("dead", REASON)]
    assert [effect.id for effect in club.said] == ["2"]
    assert await club.next_due() is None


async def test_a_long_pause_does_not_count_as_waiting(club: Club) -> None:
    await club.put(told(BEN, "1"), due_at=NOW + timedelta(days=40))
    club.hands.move(days=40)
    await club.deliver()
    assert await club.states() == [("pending", REASON)]
    await club.comes(came(club.hands()))
    assert [effect.id for effect in club.said] == ["1"]


async def test_what_was_taken_at_once_and_could_not_be_shown_waits_as_well(club: Club) -> None:
    wish = replace(began(0), is_own_wish=True)
    taken = Inbox(club.database, FlowShelf(), now=club.hands, owner="me")
    answered = await taken.accept_at_once(wish)
    await club.outbox.settle([(effect.id, Waits(REASON)) for effect in answered.effects])
    assert await club.states() == [("pending", REASON)] * 2
    await club.comes(came(NOW))
    assert [effect.id for effect in club.said] == [effect.id for effect in answered.effects]


# Coming by.


async def test_whoever_comes_by_sees_what_waited_in_order_and_nobody_else_does(club: Club, comes: Comes) -> None:
    await club.happen(began(0), began(1))
    await club.put(told(BEN, "1"), told(MIA, "2"), told(BEN, "3"))
    await club.deliver()
    await club.put(told(BEN, "of a pause"), due_at=NOW + timedelta(days=3))
    club.here.add(MIA)
    await club.comes(comes(NOW))
    assert [effect.id for effect in club.said] == [f"{began(0).id}/0", f"{began(0).id}/1", "1", "3", "of a pause"]
    assert await club.states(MIA) == [("pending", REASON)] * 3
    await club.happen(came(NOW, MIA))
    assert [effect.id for effect in club.said[5:]] == [f"{began(1).id}/0", f"{began(1).id}/1", "2"]


async def test_a_stranger_lets_nothing_go(club: Club) -> None:
    await club.happen(began(0))
    assert await club.inbox.accept(came(NOW, Identity("discord", "@me", "nobody"))) is Outcome.UNKNOWN
    assert await club.outbox.deliver_due() == 0


async def test_who_came_and_went_before_it_was_shown_finds_it_the_next_time(club: Club) -> None:
    await club.put(told(BEN, "1"))
    await club.deliver()
    club.hands.move(days=20)
    await club.happen(came(club.hands()))
    assert await club.states() == [("pending", REASON)]
    club.hands.move(days=1)
    await club.comes(came(club.hands()))
    assert [effect.id for effect in club.said] == ["1"]


async def test_of_a_question_asked_twice_only_the_newest_is_shown(club: Club, comes: Comes) -> None:
    await club.happen(began(0), shown_again(0), shown_again(0, name="and again"))
    newest = (await rows(club.database, "SELECT max(seq) FROM outbox WHERE kind = 'AskQuestion'"))[0][0]
    await club.comes(comes(NOW))
    assert questions(club.said) == ["one"]
    sent = "SELECT seq FROM outbox WHERE kind = 'AskQuestion' AND state = 'sent'"
    assert await rows(club.database, sent) == [(newest,)]
    assert [reason for state, reason in await club.states() if state == "dead"] == [OVER] * 2


async def test_a_form_stands_for_the_questions_that_were_asked_before_it(club: Club, comes: Comes) -> None:
    again = [shown_again(0, Mode.FORM), shown_again(0, Mode.FORM, "and again")]
    await club.happen(began(0), *again)
    await club.comes(comes(NOW))
    assert questions(club.said) == []
    assert [effect.id.rpartition("/")[0] for effect in club.said if isinstance(effect, OfferForm)] == [again[1].id]


async def test_what_was_answered_meanwhile_is_passed_over(club: Club, comes: Comes) -> None:
    await club.happen(began(0), wrote(0, "The bridge."))
    await club.comes(comes(NOW))
    assert questions(club.said) == ["two"]
    assert ("dead", OVER) in await club.states()


async def test_what_was_answered_to_its_end_asks_nothing_more(club: Club, comes: Comes) -> None:
    await club.happen(began(0), *(wrote(0, word) for word in ("a", "b", "c")))
    await club.comes(comes(NOW))
    assert questions(club.said) == []
    assert [effect.text for effect in club.said if isinstance(effect, SendMessage)] == ["Hi Ben.", "Thanks, Ben."]


async def test_each_thing_that_is_open_is_asked_once(club: Club, comes: Comes) -> None:
    await club.database.write(lambda c: publish_flow(c, OTHER.flow, OTHER.version, OTHER.to_json(), NOW))
    await club.happen(began(0), began(0, "other", OTHER.flow), shown_again(0))
    await club.comes(comes(NOW))
    assert [effect.run == run_of(0) for effect in club.said if questions([effect])] == [False, True]


async def test_what_a_pause_held_back_and_was_answered_meanwhile_is_not_asked_after_it(club: Club) -> None:
    club.here.add(BEN)
    until = NOW + timedelta(days=7)
    await club.happen(replace(resumed(NOW), id=EventId("pause"), until=until), began(0))
    assert club.said == []
    await club.happen(wrote(0, "The bridge."))
    assert questions(club.said) == ["two"]
    await club.happen(resumed(NOW))
    assert questions(club.said) == ["two"]
    assert [effect.text for effect in club.said if isinstance(effect, SendMessage)] == ["Hi Ben."]


# Calling.


@pytest.mark.parametrize("is_one_batch", [True, False])
async def test_a_group_is_called_once_for_all_its_people(club: Club, is_one_batch: bool) -> None:
    await club.follow(CHANNEL)
    for number in range(3):
        await club.inbox.accept(began(number))
        assert is_one_batch or await club.outbox.deliver_due()
    await club.deliver()
    (call,) = club.calls
    assert (call.place, call.group, call.title, call.run) == (CHANNEL, CLASS, FLOW.title, None)
    assert await rows(club.database, "SELECT count(*) FROM outbox WHERE kind = 'CallGroup'") == [(1,)]


async def test_a_group_is_called_again_on_the_next_day_where_it_is(club: Club) -> None:
    await club.follow(CHANNEL)
    days = []
    for number, at in enumerate((22, 23, 25)):  # in Berlin: eleven at night, midnight, two in the morning
        club.hands.at = datetime(2026, 3, 6, tzinfo=UTC) + timedelta(hours=at)
        await club.happen(began(number))
        days.append([call.id.rpartition("/")[2] for call in club.calls])
    assert days == [["20260306"], ["20260306", "20260307"], ["20260306", "20260307"]]


async def test_processes_that_find_out_at_the_same_moment_call_once(club: Club) -> None:
    """Each has tried one person, and all write down at once what became of that."""
    await club.follow(CHANNEL)
    arrived, together = asyncio.Queue[PersonId](), asyncio.Barrier(3)

    class Slow(FakePlatform):
        async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
            arrived.put_nowait(effect.person)
            await together.wait()
            return await super().deliver(effect, attempt)

    delivering, slow = [], Slow(club.shown.answer, "discord")
    for number in range(3):
        await club.inbox.accept(began(number))
        process = Outbox(club.database, {"discord": slow}, club.hands, f"process {number}")
        delivering.append(asyncio.create_task(process.deliver_due()))
        assert await arrived.get() == pupil(number)
    assert await asyncio.gather(*delivering) == [1, 1, 1]
    await club.deliver()
    assert len(club.calls) == 1
    assert [state for number in range(3) for state in await club.states(pupil(number))] == [("pending", REASON)] * 6


@pytest.mark.parametrize("place", [None, "slack:T1:C1", "discord:1:list:7"])
async def test_a_group_without_a_channel_on_this_platform_is_not_called(club: Club, place: Place | None) -> None:
    await club.follow(place)
    await club.happen(began(0))
    assert await club.states() == [("pending", REASON)] * 2
    assert await rows(club.database, "SELECT id FROM outbox WHERE kind = 'CallGroup'") == []


async def test_each_group_is_called_in_its_own_channel_whoever_is_listed_in_it(club: Club) -> None:
    second, there = GroupId("second"), Place("discord:2:20")
    await club.database.write(lambda connection: add_group(connection, a_group(second, ADA)))
    await club.database.write(lambda connection: add_members(connection, second, [MIA], Role.LEARNER, NOW))
    await club.follow(CHANNEL)
    await club.follow(there, second, listed=Place("discord:2:list:7"))
    await club.happen(began(0), replace(began(1), group=second))
    assert [(call.group, call.place) for call in club.calls] == [(CLASS, CHANNEL), (second, there)]


async def test_what_belongs_to_no_flow_calls_nobody(club: Club) -> None:
    await club.follow(CHANNEL)
    await club.put(told(BEN, "1"))
    await club.deliver()
    assert await count(club.database, "outbox") == 1


async def test_nobody_is_called_for_what_was_shown(club: Club) -> None:
    await club.follow(CHANNEL)
    club.here.add(BEN)
    await club.happen(began(0))
    assert questions(club.said) == ["one"]
    assert club.calls == []


async def test_nobody_is_called_for_what_is_given_up(club: Club) -> None:
    await club.happen(began(0))
    await club.follow(CHANNEL)
    club.hands.move(days=28, seconds=1)
    await club.deliver()
    assert await club.states() == [("dead", REASON)] * 2
    assert club.calls == []


async def test_two_presses_in_two_processes_never_show_the_same(club: Club) -> None:
    await club.put(*(told(BEN, f"{number}") for number in range(6)))
    await club.deliver()
    doors = [Inbox(club.database, FlowShelf(), now=club.hands, owner=f"process {number}") for number in range(4)]
    answers = await asyncio.gather(*(door.accept_at_once(pressed(n)) for n, door in enumerate(doors)))
    shown = [effect.id for answered in answers for effect in answered.effects]
    assert sorted(shown) == [f"{number}" for number in range(6)]
