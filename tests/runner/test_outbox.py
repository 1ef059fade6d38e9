"""What was committed reaches its place: in order, once for each lease, again when it failed, with a reason if never."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.adapters.base import Attempt, Dead, Delivery, Sent, TryAgain
from bot.core.effects import AnyEffect, EffectId, SendMessage
from bot.core.people import PersonId, Place
from bot.runner.clock import Clock
from bot.runner.outbox import GIVE_UP, LEASE, LONGEST_PAUSE, TRIES, Outbox
from bot.storage.database import Database
from bot.storage.outbox import claim_effects, finish_effects, next_due
from bot.storage.turns import Outgoing, save_effects
from tests.stage import NOW, FakePlatform, Hands, an_inbox, begin, place_of, pupil, questions, rows, say, set_stage

BEN, CLEO = Place("fake:ben"), Place("fake:cleo")


def message(place: Place, name: str) -> SendMessage:
    """Make something to say."""
    return SendMessage(id=EffectId(name), person=PersonId(place.partition(":")[2]), place=place, text=f"Hello {name}")


async def put(database: Database, *effects: AnyEffect) -> None:
    """Put effects into the outbox."""
    await database.write(lambda connection: save_effects(connection, [Outgoing(effect, NOW) for effect in effects]))


async def lease(database: Database, owner: str, at: datetime) -> list[str]:
    """Lease what is due; answer the ids."""
    found = await database.write(lambda c: claim_effects(c, owner, ["fake"], now=at, until=at + LEASE, most=10))
    return [row.effect.id for row in found]


async def state(database: Database) -> dict[str, str]:
    """Read what became of each effect."""
    return dict(await rows(database, "SELECT id, state FROM outbox"))


async def drain(outbox: Outbox) -> None:
    """Deliver until nothing is due."""
    while await outbox.deliver_due():
        pass


def ids(effects: Sequence[AnyEffect]) -> list[str]:
    """List the ids of effects."""
    return [effect.id for effect in effects]


async def test_each_place_gets_its_effects_in_order(database: Database) -> None:
    await put(database, *(message(place, f"{place}/{n}") for n in range(5) for place in (BEN, CLEO)))
    shown = FakePlatform()
    await drain(Outbox(database, {"fake": shown}, Hands(), "me"))
    for place in (BEN, CLEO):
        assert [e.id for e in shown.seen if e.place == place] == [f"{place}/{n}" for n in range(5)]
    assert set((await state(database)).values()) == {"sent"}
    assert await rows(database, "SELECT DISTINCT remote_id = id, attempts FROM outbox") == [(True, 1)]


async def test_a_talk_reaches_its_person_question_by_question(database: Database) -> None:
    await set_stage(database)
    shown, hands = FakePlatform(), Hands()
    inbox, outbox = an_inbox(database), Outbox(database, {"fake": shown}, hands, "me")
    for event in (begin(0), *(say(0, f"words {n}", f"{n}") for n in range(3))):
        await inbox.accept(event)
        await drain(outbox)
    assert questions(shown.seen) == ["one", "two", "plan"]
    assert {effect.place for effect in shown.seen} == {place_of(pupil(0))}


async def test_other_platforms_are_left_to_the_processes_that_run_them(database: Database) -> None:
    await put(database, message(Place("other:ben"), "theirs"), message(BEN, "ours"))
    shown = FakePlatform()
    await drain(Outbox(database, {"fake": shown}, Hands(), "me"))
    assert await state(database) == {"theirs": "pending", "ours": "sent"}


async def test_a_lease_is_taken_over_when_it_runs_out_and_not_before(database: Database) -> None:
    await put(database, message(BEN, "1"), message(BEN, "2"))
    hands, shown = Hands(), FakePlatform()
    assert await lease(database, "died", NOW) == ["1"]
    other = Outbox(database, {"fake": shown}, hands, "other")
    hands.at += LEASE - timedelta(microseconds=1)
    assert await other.deliver_due() == 0
    hands.at += timedelta(microseconds=1)
    await drain(other)
    assert ids(shown.seen) == ["1", "2"]
    assert await rows(database, "SELECT id, owner, attempts FROM outbox ORDER BY seq") == [
        ("1", "other", 2),
        ("2", "other", 1),
    ]


async def test_who_lost_a_lease_cannot_write_down_what_became_of_it(database: Database) -> None:
    await put(database, message(BEN, "1"))
    await lease(database, "slow", NOW)
    await lease(database, "quick", NOW + LEASE)
    await database.write(lambda c: finish_effects(c, "slow", NOW + LEASE, dead=[(1, "too slow")]))
    assert await rows(database, "SELECT state, owner, reason FROM outbox") == [("leased", "quick", None)]
    await database.write(lambda c: finish_effects(c, "quick", NOW + LEASE, sent=[(1, "remote")]))
    assert await rows(database, "SELECT state, remote_id FROM outbox") == [("sent", "remote")]


async def test_two_owners_never_deliver_the_same_row(database: Database) -> None:
    await put(database, *(message(Place(f"fake:{n % 100}"), f"{n}") for n in range(400)))
    shown = FakePlatform()
    boxes = [Outbox(database, {"fake": shown}, Hands(), f"owner {n}") for n in range(4)]
    await asyncio.gather(*(drain(box) for box in boxes))
    await drain(boxes[0])
    assert sorted(ids(shown.seen), key=int) == [str(n) for n in range(400)]
    for n in range(100):
        assert [int(e.id) for e in shown.seen if e.place == f"fake:{n}"] == list(range(n, 400, 100))


# What may become of a delivery.


async def test_a_failed_delivery_is_tried_again_later_and_later_and_then_given_up_with_a_reason(
    database: Database,
) -> None:
    await put(database, message(BEN, "1"), message(BEN, "2"))
    hands = Hands()
    tried: list[tuple[str, float]] = []

    def fail(effect: AnyEffect) -> Delivery:
        tried.append((effect.id, (hands() - NOW).total_seconds()))
        if effect.id == "1":
            raise ValueError("private words of somebody")
        return Sent("remote")

    outbox = Outbox(database, {"fake": FakePlatform(fail)}, hands, "me")
    while (due := await database.read(lambda c: next_due(c, ["fake"], hands()))) is not None:
        hands.at = max(hands.at, due)
        await drain(outbox)
    assert tried == [("1", 0), ("1", 2), ("1", 6), ("1", 14), ("1", 30), ("2", 30)]
    assert len(tried) == TRIES + 1
    assert await rows(database, "SELECT state, reason, attempts FROM outbox ORDER BY seq") == [
        ("dead", "tried 5 times; the last time showing it failed (ValueError)", 5),
        ("sent", None, 1),
    ]


async def test_a_platform_that_is_away_is_asked_again_for_a_day(database: Database) -> None:
    await put(database, message(BEN, "1"))
    hands, tried = Hands(), []

    def refuse(effect: AnyEffect) -> Delivery:
        tried.append(hands())
        return TryAgain("the platform is busy")

    outbox = Outbox(database, {"fake": FakePlatform(refuse)}, hands, "me")
    while (due := await database.read(lambda c: next_due(c, ["fake"], hands()))) is not None:
        hands.at = max(hands.at, due)
        await drain(outbox)
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert max(pauses) == LONGEST_PAUSE
    assert GIVE_UP <= tried[-1] - NOW <= GIVE_UP + LONGEST_PAUSE
    assert list((await state(database)).values()) == ["dead"]


async def test_a_platform_says_how_long_to_wait(database: Database) -> None:
    await put(database, message(BEN, "1"))
    hands = Hands()
    platform = FakePlatform(lambda effect: TryAgain("slow down", after=timedelta(seconds=33)))
    outbox = Outbox(database, {"fake": platform}, hands, "me")
    await outbox.deliver_due()
    assert await database.read(lambda c: next_due(c, ["fake"], NOW)) == NOW + timedelta(seconds=33)
    hands.move(seconds=32)
    assert await outbox.deliver_due() == 0
    hands.move(seconds=1)
    assert await outbox.deliver_due() == 1


async def test_what_will_never_go_through_is_tried_once(database: Database) -> None:
    await put(database, message(BEN, "1"), message(BEN, "2"))
    reason = "could not reach Ben: direct messages are closed"
    platform = FakePlatform(lambda effect: Dead(reason) if effect.id == "1" else Sent("remote"))
    await drain(Outbox(database, {"fake": platform}, Hands(), "me"))
    assert await rows(database, "SELECT state, reason, attempts FROM outbox ORDER BY seq") == [
        ("dead", reason, 1),
        ("sent", None, 1),
    ]


async def test_what_came_too_late_makes_room_for_what_it_kept_back(database: Database) -> None:
    late = [Outgoing(message(BEN, f"late {n}"), NOW, expires_at=NOW) for n in range(3)]
    await database.write(lambda c: save_effects(c, [*late, Outgoing(message(BEN, "in time"), NOW)]))
    shown = FakePlatform()
    outbox = Outbox(database, {"fake": shown}, Hands(), "me")
    assert await outbox.deliver_due() == 1
    await drain(outbox)
    assert ids(shown.seen) == ["in time"]
    assert await rows(database, "SELECT state, owner FROM outbox WHERE id <> 'in time'") == [("expired", None)] * 3


async def test_a_delivery_that_raises_holds_up_nobody_else(database: Database) -> None:
    await put(database, *(message(Place(f"fake:{n}"), f"{n}") for n in range(50)))

    def fail(effect: AnyEffect) -> Delivery:
        if effect.id == "17":
            raise ValueError("private words of somebody")
        return Sent("remote")

    shown = FakePlatform(fail)
    await drain(Outbox(database, {"fake": shown}, Hands(), "me"))
    assert len(shown.seen) == 49
    assert await rows(database, "SELECT id, state, reason FROM outbox WHERE state <> 'sent'") == [
        ("17", "pending", "showing it failed (ValueError)")
    ]


async def test_a_platform_that_never_answers_holds_up_nobody_else(database: Database) -> None:
    await put(database, message(BEN, "1"), message(CLEO, "2"))

    class Silent(FakePlatform):
        async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
            if effect.place == BEN:
                await asyncio.Event().wait()
            return await super().deliver(effect, attempt)

    await Outbox(database, {"fake": Silent()}, Hands(), "me", patience=0.01).deliver_due()
    assert await state(database) == {"1": "pending", "2": "sent"}


async def test_the_next_look_is_when_the_first_effect_of_a_place_is_due(database: Database) -> None:
    await put(database, message(BEN, "1"), message(BEN, "2"))
    hands = Hands()
    outbox = Outbox(database, {"fake": FakePlatform(lambda effect: TryAgain("busy"))}, hands, "me")
    assert await database.read(lambda c: next_due(c, ["fake"], NOW)) == NOW
    await outbox.deliver_due()
    # The second waits behind the first: looking before that would find nothing.
    assert await database.read(lambda c: next_due(c, ["fake"], NOW)) == NOW + timedelta(seconds=2)
    assert await database.read(lambda c: next_due(c, ["other"], NOW)) is None


# Running, stopping, forgetting.


async def test_a_running_outbox_delivers_when_woken_and_ends_when_closed(database: Database) -> None:
    arrived: asyncio.Queue[str] = asyncio.Queue()

    def show(effect: AnyEffect) -> Delivery:
        arrived.put_nowait(effect.id)
        return Sent("remote")

    outbox = Outbox(database, {"fake": FakePlatform(show)}, Hands(), "me")
    running = asyncio.create_task(outbox.run())
    for name in ("1", "2"):
        await put(database, message(BEN, name))
        outbox.wake()
        assert await arrived.get() == name
    outbox.close()
    await running
    assert await state(database) == {"1": "sent", "2": "sent"}


async def test_what_was_not_delivered_is_delivered_after_a_restart(database: Database) -> None:
    await set_stage(database)
    await an_inbox(database).accept(begin(0))
    hands = Hands()

    class Killed(BaseException):
        pass

    def die(effect: AnyEffect) -> Delivery:
        raise Killed

    with pytest.raises(Killed):
        await Outbox(database, {"fake": FakePlatform(die)}, hands, "before").deliver_due()
    shown = FakePlatform()
    after = Outbox(database, {"fake": shown}, hands, "after")
    await drain(after)
    assert shown.seen == []
    hands.at += LEASE
    await drain(after)
    assert ids(shown.seen) == [f"{begin(0).id}/0", f"{begin(0).id}/1"]


async def test_what_was_said_is_forgotten_seven_days_after_it_was_sent(database: Database) -> None:
    await put(database, message(BEN, "early"), message(CLEO, "unsent"))
    hands = Hands()
    platform = FakePlatform(lambda effect: Sent("remote") if effect.place == BEN else TryAgain("busy", timedelta(90)))
    outbox, clock = Outbox(database, {"fake": platform}, hands, "me"), Clock(database, an_inbox(database), hands)
    await drain(outbox)
    hands.move(days=6)
    await put(database, message(BEN, "late"))
    await drain(outbox)

    async def remembered() -> set[str]:
        await clock.tidy()
        return {row[0] for row in await rows(database, "SELECT id FROM outbox WHERE body IS NOT NULL")}

    hands.move(days=1)
    assert await remembered() == {"early", "late", "unsent"}
    hands.move(seconds=1)
    assert await remembered() == {"late", "unsent"}
    assert await rows(database, "SELECT state, remote_id FROM outbox WHERE id = 'early'") == [("sent", "remote")]
