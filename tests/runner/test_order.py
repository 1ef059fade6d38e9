"""What comes late, and who is no longer there."""

import asyncio
from datetime import timedelta

from bot.core.events import EventId, MemberRemoved, Outcome
from bot.runner.clock import Clock
from bot.runner.outbox import TRIES, Outbox
from bot.storage.database import Database
from bot.storage.outbox import drop_bodies
from tests.stage import (
    ADA,
    NOW,
    FakePlatform,
    Hands,
    an_inbox,
    begin,
    class_of,
    count,
    pupil,
    rows,
    said_by,
    say,
    set_stage,
)


async def test_answers_that_arrive_in_the_wrong_order_are_put_right_by_the_platforms_time(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    await inbox.accept(begin(0))
    late, early = (say(0, words, words, at=NOW + timedelta(seconds=s)) for s, words in ((2, "second"), (1, "first")))
    await asyncio.gather(inbox.accept(late), inbox.accept(early))
    assert await said_by(database, 0) == {"one": "first", "two": "second"}


async def test_whoever_leaves_a_group_is_asked_nothing_more_there(database: Database) -> None:
    await set_stage(database)
    hands = Hands()
    inbox = an_inbox(database, hands)
    await inbox.accept(begin(0))
    await inbox.accept(say(0, "kept", "1"))
    left = MemberRemoved(id=EventId("test/left"), at=NOW, who=ADA, group=class_of(0), person=pupil(0))
    assert await inbox.accept(left) is Outcome.ACCEPTED
    hands.move(days=3)
    before = await count(database, "outbox")
    assert await Clock(database, inbox, hands).tick() == 0
    assert await count(database, "outbox") == before
    assert await rows(database, "SELECT status FROM runs") == [("stopped",)]
    assert await said_by(database, 0) == {"one": "kept"}


async def test_what_was_given_up_is_forgotten_like_what_was_sent_and_its_reason_stays(database: Database) -> None:
    await set_stage(database)
    hands = Hands()

    def refuse(effect: object) -> None:
        raise ConnectionError

    outbox = Outbox(database, {"fake": FakePlatform(refuse)}, hands, owner="test")  # type: ignore[arg-type]
    await an_inbox(database, hands).accept(begin(0))
    for _ in range(2 * TRIES):
        await outbox.deliver_due()
        hands.move(minutes=5)
    hands.move(days=8)
    await database.write(lambda connection: drop_bodies(connection, hands() - timedelta(days=7)))
    found = await rows(database, "SELECT state, body, reason FROM outbox ORDER BY seq")
    assert {(state, body) for state, body, _ in found} == {("dead", None)}
    assert all("showing it failed" in reason for *_, reason in found)
