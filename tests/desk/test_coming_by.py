"""What waits is shown to whoever comes by, and nobody is written to directly who does not wish it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.core.effects import AnyEffect, AskQuestion, CallGroup, EffectId, InviteGroup, OfferForm, SendMessage
from bot.core.events import EventId, Outcome
from bot.core.people import GroupId, PersonId, Role
from bot.core.platform_news import GroupLeft, MessagesRefused, MessagesWanted, PersonCame
from bot.storage.channels import follow
from bot.storage.columns import micros
from bot.storage.database import Database
from bot.storage.groups import add_group, add_members
from bot.storage.people import may_message
from bot.storage.turns import Outgoing, save_effects
from tests.desk.asking import BEN, MIA, Counter, does_of, in_slack, text_of, the
from tests.desk.on_discord import CLUB, LATER, STRANGER, a_discord_counter, at_home, on_discord, say
from tests.stage import ADA, CY, NOW, OLA, a_group, begin, class_of, count, rows

DMS_CLOSED = "their direct messages are closed"
SECOND, KIM = GroupId("second"), CY


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk."""
    return await a_discord_counter(database)


async def _hold(at: Counter, *persons: PersonId, effects: Sequence[AnyEffect] = ()) -> None:
    """Hold something for people until they come by."""
    greetings = [SendMessage(id=EffectId(f"held/{who}"), person=who, place=at_home(who), text="Hi.") for who in persons]
    held = [Outgoing(effect, NOW, due_at=NOW + LATER) for effect in (*greetings, *effects)]
    await at.database.write(lambda connection: save_effects(connection, held))


async def _held(at: Counter) -> list[str]:
    found = "SELECT person_id FROM outbox WHERE state = 'pending' AND due_at > :now ORDER BY seq"
    return [row[0] for row in await rows(at.database, found, now=micros(NOW))]


async def _wants(at: Counter) -> list[str]:
    return [row[0] for row in await rows(at.database, "SELECT id FROM people WHERE wants_messages ORDER BY id")]


async def _told(at: Counter) -> list[tuple[str, str, str]]:
    """Read what was said to those who lead, and where, in order."""
    found = "SELECT person_id, place, body FROM outbox WHERE kind = 'SendMessage' AND id NOT LIKE '%/own' ORDER BY seq"
    return [(row[0], row[1], row[2]) for row in await rows(at.database, found)]


# What waits.


@pytest.mark.parametrize("words", ["news", "see mine", "What is new?", "what waits"])
async def test_what_was_held_is_shown_to_whoever_asks_and_to_nobody_else(at: Counter, words: str) -> None:
    await _hold(at, BEN, MIA)
    assert [effect.id for effect in (await say(at, BEN, words)).effects] == [f"held/{BEN}"]
    (event,) = at.door.seen
    assert isinstance(event, PersonCame)
    assert event.who == on_discord(BEN)
    assert await _held(at) == [MIA]


async def test_what_was_held_comes_before_what_is_open(at: Counter) -> None:
    await at.inbox.accept(replace(begin(0), place=at_home(BEN)))
    await _shown(at)
    await _hold(at, BEN)
    first, second = (await say(at, BEN, "news")).effects, (await say(at, BEN, "news")).effects
    assert [effect.id for effect in first] == [f"held/{BEN}"]
    assert the(AskQuestion, second).prompt.key == "one"


async def test_where_all_that_was_held_is_answered_what_is_open_is_shown(at: Counter) -> None:
    await at.inbox.accept(replace(begin(0), place=at_home(BEN)))
    asked = the(AskQuestion, (await say(at, BEN, "news")).effects)
    stale = replace(asked, id=EffectId("held"), wait=asked.wait - 1)
    await _shown(at)
    await _hold(at, effects=[stale])
    assert the(AskQuestion, (await say(at, BEN, "news")).effects).wait == asked.wait


async def test_a_post_for_the_whole_group_is_not_what_somebody_comes_by_for(at: Counter) -> None:
    """Whoever wanted it wants quiet now, or it was not posted yet."""
    own: dict[str, Any] = {"person": ADA, "place": CLUB.place, "title": "A look at the week"}
    post = InviteGroup(id=EffectId("post"), about="o1", text="", small="", **own)
    call = CallGroup(id=EffectId("call"), group=class_of(0), **own)
    await _hold(at, effects=[post, call])
    assert (await say(at, ADA, "news")).effects == ()
    found = "SELECT id FROM outbox WHERE state = 'pending' ORDER BY seq"
    assert await rows(at.database, found) == [("post",), ("call",)]


async def test_an_open_question_is_shown_at_once(at: Counter) -> None:
    await at.inbox.accept(begin(0))
    asked = the(AskQuestion, (await say(at, BEN, "news")).effects)
    assert (asked.prompt.key, asked.person, asked.place) == ("one", BEN, at_home(BEN))
    assert await count(at.database, "runs") == 1


async def test_what_the_group_was_asked_is_begun(at: Counter) -> None:
    await at.database.write(lambda connection: follow(connection, class_of(0), CLUB.place))
    await say(at, ADA, "group ask")
    form = the(OfferForm, (await say(at, BEN, "news")).effects)
    assert (form.person, form.place) == (BEN, at_home(BEN))
    assert the(OfferForm, (await say(at, BEN, "news")).effects).run == form.run
    assert await rows(at.database, "SELECT person_id FROM runs") == [(BEN,)]


@pytest.mark.parametrize("who", [BEN, ADA])
async def test_where_nothing_waits_something_can_be_begun(at: Counter, who: PersonId) -> None:
    reply = await say(at, who, "news")
    assert "Nothing waits for you" in text_of(reply)
    assert does_of(reply) == ["start", "answers"]
    assert await count(at.database, "runs") == 0


async def test_a_stranger_learns_how_to_join(at: Counter) -> None:
    await _hold(at, BEN)
    assert "set me up in your channel" in text_of(await say(at, STRANGER, "news"))
    assert await _held(at) == [BEN]
    assert at.door.seen == []


async def test_who_looks_after_a_group_is_shown_how_it_goes(at: Counter) -> None:
    reply = await say(at, OLA, "news")
    assert "You look after a group" in text_of(reply)
    assert does_of(reply) == ["review"]
    assert "class-000" not in text_of(await say(at, CY, "news"))


# Wishing for messages.


async def test_nobody_is_written_to_directly_before_they_wish_it(at: Counter) -> None:
    assert await _wants(at) == []
    assert not await at.database.read(lambda connection: may_message(connection, on_discord(BEN)))
    assert not await at.database.read(lambda connection: may_message(connection, on_discord(STRANGER)))


@pytest.mark.parametrize("words", ["message me", "Message me too"])
async def test_who_wishes_messages_gets_the_first_one_once(at: Counter, words: str) -> None:
    for _ in range(2):
        assert "I'll write to you directly" in text_of(await say(at, BEN, words))
    await say(at, BEN, words, again=True)
    assert await _wants(at) == [BEN]
    assert await at.database.read(lambda connection: may_message(connection, on_discord(BEN)))
    ((who, place, body),) = await _told(at)
    assert (who, place) == (BEN, at_home(BEN))
    assert "no messages" in body


@pytest.mark.parametrize("words", ["no messages", "No more messages.", "stop messages"])
async def test_messages_end_and_begin_again(at: Counter, words: str) -> None:
    await say(at, BEN, "message me")
    assert "I won't write to you directly any more" in text_of(await say(at, BEN, words))
    assert await _wants(at) == []
    assert len(await _told(at)) == 1
    await say(at, BEN, "message me")
    assert await _wants(at) == [BEN]
    assert len(await _told(at)) == 2


async def test_to_want_none_where_none_came_says_the_same(at: Counter) -> None:
    assert "I won't write to you directly" in text_of(await say(at, BEN, "no messages"))
    assert await _told(at) == []


async def test_a_strangers_wish_is_not_kept(at: Counter) -> None:
    for words in ("message me", "no messages"):
        assert "set me up in your channel" in text_of(await say(at, STRANGER, words))
    assert await _wants(at) == []
    assert await _told(at) == []


async def test_in_slack_everybody_is_written_to_anyway(at: Counter) -> None:
    for words in ("message me", "no messages"):
        assert "I write to you here anyway" in text_of(await at.say(BEN, words))
    assert at.door.seen == []
    assert await _wants(at) == []


async def test_settings_offer_messages_or_their_end(at: Counter) -> None:
    before = await say(at, BEN, "settings")
    assert "I don't write to you directly" in text_of(before)
    assert "message me" in does_of(before)
    assert "no messages" not in does_of(before)
    await say(at, BEN, "message me")
    after = await say(at, BEN, "settings")
    assert "I write to you directly when" in text_of(after)
    assert "no messages" in does_of(after)
    assert "message me" not in does_of(after)


async def test_settings_say_nothing_of_messages_in_slack_or_to_a_stranger(at: Counter) -> None:
    for reply in (await at.say(BEN, "settings"), await say(at, STRANGER, "settings")):
        assert "directly" not in text_of(reply)
        assert not {"message me", "no messages"} & set(does_of(reply))


# Messages that cannot be sent.


async def _refuse(at: Counter, who: PersonId, name: str = "1") -> Outcome:
    event = MessagesRefused(
        id=EventId(f"discord/refused/{who}/{name}"),
        at=NOW,
        who=on_discord(who),
        place=at_home(who),
        reason=DMS_CLOSED,
    )
    return await at.inbox.accept(event)


async def _shown(at: Counter) -> None:
    """Let everything that was made so far have been shown."""
    await at.database.write(lambda connection: connection.exec_driver_sql("UPDATE outbox SET state = 'sent'"))


async def _wish(at: Counter, *persons: PersonId) -> None:
    """Let people wish for messages, and forget the first ones."""
    for who in persons:
        name = EventId(f"discord/wish/{who}/{at.asked}")
        event = MessagesWanted(id=name, at=NOW, who=on_discord(who), place=at_home(who))
        assert await at.inbox.accept(event) is Outcome.ACCEPTED
    await at.database.write(lambda connection: connection.exec_driver_sql("DELETE FROM outbox"))


async def test_who_cannot_be_written_to_wants_no_messages_and_their_facilitator_hears_it_once(at: Counter) -> None:
    await _wish(at, BEN, MIA)
    assert await _refuse(at, BEN) is Outcome.ACCEPTED
    assert await _wants(at) == [MIA]
    ((who, place, body),) = await _told(at)
    assert (who, place) == (ADA, at_home(ADA))
    assert "I could not reach Ben 0 directly: their direct messages are closed." in body
    assert await _refuse(at, BEN) is Outcome.DUPLICATE
    assert await _refuse(at, BEN, "2") is Outcome.UNKNOWN
    assert len(await _told(at)) == 1


async def test_who_cannot_be_written_to_hears_it_as_well_where_they_are(at: Counter) -> None:
    await _wish(at, BEN)
    await _refuse(at, BEN)
    found = "SELECT place, body FROM outbox WHERE person_id = :person"
    ((place, body),) = await rows(at.database, found, person=BEN)
    assert place == at_home(BEN)
    assert "your messages are closed to me" in body


async def test_every_facilitator_of_theirs_hears_it_and_nobody_twice(at: Counter) -> None:
    await at.database.write(lambda connection: add_group(connection, a_group(SECOND, ADA)))
    await at.database.write(lambda connection: add_members(connection, SECOND, [ADA, KIM], Role.FACILITATOR, NOW))
    await at.database.write(lambda connection: add_members(connection, SECOND, [BEN], Role.LEARNER, NOW))
    await _wish(at, BEN)
    await _refuse(at, BEN)
    assert sorted(who for who, _, _ in await _told(at)) == sorted([ADA, KIM])


async def test_after_a_new_wish_it_is_told_again(at: Counter) -> None:
    await _wish(at, BEN)
    await _refuse(at, BEN)
    at.asked += 1
    await _wish(at, BEN)
    assert await _refuse(at, BEN, "2") is Outcome.ACCEPTED
    assert [who for who, _, _ in await _told(at)] == [ADA]


async def test_nobody_hears_of_who_did_not_want_messages(at: Counter) -> None:
    assert await _refuse(at, BEN) is Outcome.UNKNOWN
    assert await _refuse(at, STRANGER) is Outcome.UNKNOWN
    assert await _told(at) == []


async def test_nobody_hears_of_who_leads_or_looks_on_or_has_left(at: Counter) -> None:
    left = GroupLeft(id=EventId("left"), at=NOW, who=in_slack(MIA), group=class_of(0))
    assert await at.inbox.accept(left) is Outcome.ACCEPTED
    for who in (ADA, OLA, CY, MIA):
        await _wish(at, who)
        assert await _refuse(at, who) is Outcome.ACCEPTED
        assert await _told(at) == []
    assert await _wants(at) == []
