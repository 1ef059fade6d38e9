"""The one door: on disk before anybody is told, once for each event, in order for each person."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.events import AnswerEdited, Event, EventId, FormSubmitted, Outcome, TextReceived
from bot.core.people import Identity, PersonId
from bot.flows.phrases import ENGLISH
from bot.runner.inbox import NotSaved
from bot.storage.columns import micros
from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from tests.stage import (
    CY,
    ELSEWHERE,
    KEYS,
    NOW,
    an_inbox,
    asked,
    begin,
    class_of,
    count,
    edit,
    place_of,
    press,
    pupil,
    rows,
    run_of,
    said_by,
    say,
    set_stage,
)


async def outcomes(database: Database, events: Sequence[Event]) -> list[Outcome]:
    """Let events come in all at once."""
    inbox = an_inbox(database)
    found = await asyncio.gather(*(inbox.accept(event) for event in events))
    await inbox.close()
    return found


async def words_to(database: Database, number: int) -> list[str]:
    """Read the bodies of what was said to a learner, beside questions, in order."""
    found = "SELECT body FROM outbox WHERE person_id = :person AND kind = 'SendMessage' ORDER BY seq"
    return [row[0] for row in await rows(database, found, person=pupil(number))]


async def test_an_accepted_event_is_on_disk_for_everybody_else(database: Database, database_url: str) -> None:
    await set_stage(database)
    inbox, other = an_inbox(database), open_database(database_url)
    try:
        assert await inbox.accept(begin(0)) is Outcome.ACCEPTED
        assert len(await asked(other, 0)) == 1
        assert await inbox.accept(say(0, "The bridge.", "1")) is Outcome.ACCEPTED
        assert await said_by(other, 0) == {"one": "The bridge."}
    finally:
        await other.close()


async def test_the_outbox_is_woken_after_the_commit_and_only_for_something_new(database: Database) -> None:
    await set_stage(database)
    woken = 0

    def wake() -> None:
        nonlocal woken
        woken += 1

    inbox = an_inbox(database, on_committed=wake)
    for _ in range(3):
        await inbox.accept(begin(0))
    assert woken == 1


async def test_the_same_event_four_times_at_once_is_one_answer_and_one_reply(database: Database) -> None:
    await set_stage(database)
    await outcomes(database, [begin(0)])
    await outcomes(database, [say(0, "The bridge.", "1")] * 4)
    assert await said_by(database, 0) == {"one": "The bridge."}
    assert len(await asked(database, 0)) == 2


async def test_what_answers_an_event_is_handed_over_once_however_often_it_comes_at_once(database: Database) -> None:
    await set_stage(database)
    inbox = an_inbox(database)
    await inbox.accept(begin(0))
    found = await asyncio.gather(*(inbox.accept_at_once(say(0, "The bridge.", "1")) for _ in range(3)))
    await inbox.close()
    assert [one.outcome for one in found] == [Outcome.ACCEPTED, Outcome.DUPLICATE, Outcome.DUPLICATE]
    assert [bool(one.effects) for one in found] == [True, False, False]


async def test_the_same_event_four_times_one_after_another_is_one_answer_and_one_reply(database: Database) -> None:
    await set_stage(database)
    await outcomes(database, [begin(0)])
    found = [(await outcomes(database, [say(0, "The bridge.", "1")]))[0] for _ in range(4)]
    assert found == [Outcome.ACCEPTED, *[Outcome.DUPLICATE] * 3]
    assert await said_by(database, 0) == {"one": "The bridge."}
    assert len(await asked(database, 0)) == 2


async def test_the_same_event_in_two_inboxes_at_once_is_one_answer_and_one_reply(database: Database) -> None:
    await set_stage(database)
    await outcomes(database, [begin(0)])
    found = await asyncio.gather(*(outcomes(database, [say(0, "The bridge.", "1")]) for _ in range(4)))
    assert Counter(outcome for one in found for outcome in one) == {Outcome.ACCEPTED: 1, Outcome.DUPLICATE: 3}
    assert await said_by(database, 0) == {"one": "The bridge."}
    assert len(await asked(database, 0)) == 2


async def test_two_thousand_people_at_once_each_get_their_own_next_question(database: Database) -> None:
    await set_stage(database, 2000)
    everybody = range(2000)
    assert set(await outcomes(database, [begin(n) for n in everybody])) == {Outcome.ACCEPTED}
    assert set(await outcomes(database, [say(n, f"It was {n}.", "1") for n in everybody])) == {Outcome.ACCEPTED}
    said = await rows(database, "SELECT person_id, key, said FROM answers")
    assert sorted(said) == [(pupil(n), "one", f"It was {n}.") for n in everybody]
    replies = await rows(
        database, "SELECT person_id, place, id FROM outbox WHERE kind = 'AskQuestion' AND id LIKE '%/1/0'"
    )
    assert sorted(replies) == [(pupil(n), place_of(pupil(n)), f"fake/{pupil(n)}/1/0") for n in everybody]


async def test_quick_answers_of_one_person_are_taken_in_order(database: Database) -> None:
    people = range(300)
    await set_stage(database, 300)
    await outcomes(database, [begin(n) for n in people])
    words = ("first", "second", "third")
    await outcomes(database, [say(n, f"{word} {n}", word) for word in words for n in people])
    for n in people:
        assert await said_by(database, n) == {key: f"{word} {n}" for key, word in zip(KEYS, words, strict=True)}
    assert await rows(database, "SELECT DISTINCT status FROM runs") == [("done",)]


async def test_the_flow_of_a_class_in_one_batch_begins_with_what_was_just_remembered(database: Database) -> None:
    await set_stage(database)
    await outcomes(database, [begin(0), *(say(0, f"words {n}", f"{n}") for n in range(3)), begin(0, name="again")])
    opening = (await rows(database, "SELECT opening FROM runs WHERE status = 'open'"))[0][0]
    assert '"plan":"words 2"' in opening


# Poison.


async def test_an_event_whose_flow_version_is_gone_is_set_aside_and_fifty_others_go_through(database: Database) -> None:
    await set_stage(database, 51)
    await outcomes(database, [begin(n) for n in range(51)])

    def lose(connection: Connection) -> None:
        connection.execute(sa.text("UPDATE runs SET version = 'gone' WHERE person_id = :who"), {"who": pupil(17)})

    await database.write(lose)
    found = await outcomes(database, [say(n, f"It was {n}.", "1") for n in range(51)])
    assert [n for n, outcome in enumerate(found) if outcome is Outcome.SET_ASIDE] == [17]
    assert Counter(found) == {Outcome.ACCEPTED: 50, Outcome.SET_ASIDE: 1}
    assert await count(database, "answers") == 50
    ((event_id, reason, event),) = await rows(database, "SELECT event_id, reason, event FROM set_aside")
    assert event_id == f"fake/{pupil(17)}/1"
    assert reason == "FlowError: version gone of the flow three is not in the database"
    assert "It was 17." in event


async def test_a_document_that_nothing_can_read_poisons_only_those_who_begin_it(database: Database) -> None:
    await set_stage(database, 3)

    def spoil(connection: Connection) -> None:
        connection.execute(sa.text("INSERT INTO flow_versions VALUES ('bad', 'v1', '{\"flow\": 1}', 0)"))
        connection.execute(sa.text("INSERT INTO flows VALUES ('bad', 'v1')"))

    await database.write(spoil)
    found = await outcomes(database, [begin(0), begin(1, flow="bad"), begin(2)])
    assert found == [Outcome.ACCEPTED, Outcome.SET_ASIDE, Outcome.ACCEPTED]
    assert [row[0] for row in await rows(database, "SELECT person_id FROM runs ORDER BY person_id")] == [
        pupil(0),
        pupil(2),
    ]


async def test_a_poison_event_that_comes_again_is_kept_once_and_applied_once_it_can_be(database: Database) -> None:
    await set_stage(database)
    await outcomes(database, [begin(0)])
    await database.write(lambda c: c.execute(sa.text("UPDATE runs SET version = 'gone'")))
    for _ in range(2):
        assert await outcomes(database, [say(0, "The bridge.", "1")]) == [Outcome.SET_ASIDE]
    assert await count(database, "set_aside") == 1
    await database.write(lambda c: c.execute(sa.text("UPDATE runs SET version = (SELECT version FROM flows)")))
    assert await outcomes(database, [say(0, "The bridge.", "1")]) == [Outcome.ACCEPTED]
    assert await said_by(database, 0) == {"one": "The bridge."}


async def test_an_event_that_cannot_even_be_written_down_is_not_saved_and_others_go_through(database: Database) -> None:
    await set_stage(database, 2)
    odd = FormSubmitted(
        id=EventId("fake/odd"),
        at=NOW,
        who=pupil(1),
        place=place_of(pupil(1)),
        run=run_of(1),
        raw={b"one": "no key of JSON"},  # type: ignore[dict-item]
    )
    await outcomes(database, [begin(0), begin(1)])
    inbox = an_inbox(database)
    lose = sa.text("UPDATE runs SET version = 'gone' WHERE person_id = :who")
    await database.write(lambda connection: connection.execute(lose, {"who": pupil(1)}))
    good, bad = await asyncio.gather(inbox.accept(say(0, "fine", "1")), inbox.accept(odd), return_exceptions=True)
    assert good is Outcome.ACCEPTED
    assert isinstance(bad, NotSaved)
    assert await said_by(database, 0) == {"one": "fine"}


# Strangers, and what belongs to others.


@pytest.mark.parametrize("who", [PersonId("nobody"), Identity("fake", "school", "U999")], ids=["person", "identity"])
async def test_an_event_from_a_stranger_leaves_nothing(database: Database, who: PersonId | Identity) -> None:
    await set_stage(database)
    events = [replace(say(0, "Hello?", "1"), who=who), replace(begin(0), who=who)]
    assert await outcomes(database, events) == [Outcome.UNKNOWN] * 2
    for table in ("runs", "answers", "outbox", "timers", "set_aside"):
        assert await count(database, table) == 0


async def test_a_person_is_found_by_the_name_their_platform_gives_them(database: Database) -> None:
    await set_stage(database)
    await database.write(
        lambda c: c.execute(sa.text("INSERT INTO identities VALUES ('fake', 'school', 'U1', :who)"), {"who": pupil(0)})
    )
    me = Identity("fake", "school", "U1")
    found = await outcomes(database, [replace(begin(0), who=me), replace(say(0, "The bridge.", "1"), who=me)])
    assert found == [Outcome.ACCEPTED] * 2
    assert await said_by(database, 0) == {"one": "The bridge."}


async def test_a_run_cannot_begin_for_a_group_one_is_not_in_nor_for_a_flow_there_is_not(database: Database) -> None:
    await set_stage(database, 26)
    events = [replace(begin(0), group=ELSEWHERE), begin(1, flow="nothing"), replace(begin(2), group=class_of(25))]
    assert await outcomes(database, events) == [Outcome.UNKNOWN] * 3
    assert await count(database, "runs") == 0
    assert await count(database, "outbox") == 0


@pytest.mark.parametrize("is_over", [False, True], ids=["open", "over"])
async def test_somebody_elses_run_stays_as_it_is_and_one_hears_a_kind_sentence(
    database: Database, is_over: bool
) -> None:
    await set_stage(database, 2)
    mine, theirs = run_of(0), run_of(1)
    talk = [begin(1), *(say(1, f"mine {key}", key) for key in KEYS[: 3 if is_over else 1])]
    await outcomes(database, talk)
    before = await rows(database, "SELECT status, state FROM runs")
    form = FormSubmitted(
        id=EventId("fake/x/form"), at=NOW, who=pupil(0), place=place_of(pupil(0)), run=theirs, raw={"one": "hacked"}
    )
    forged = [press(0, theirs, 2, "hacked"), edit(0, "one", "hacked", "edit", run=theirs), form]
    assert mine != theirs
    # With the owner in the same batch, their runs are at hand, and still not the stranger's.
    found = await outcomes(database, [*forged, say(1, "help", "help")])
    assert found == [Outcome.ACCEPTED] * 4
    assert await rows(database, "SELECT status, state FROM runs") == before
    assert "hacked" not in str(await rows(database, "SELECT * FROM answers"))
    words = await words_to(database, 0)
    assert len(words) == 3
    assert all(ENGLISH.not_yours in word for word in words)


async def test_a_facilitator_of_another_school_cannot_change_an_answer_either(database: Database) -> None:
    await set_stage(database)
    await outcomes(database, [begin(0), say(0, "mine", "1")])
    forged: AnswerEdited = replace(edit(0, "one", "hacked", "e"), who=CY, place=place_of(CY))
    await outcomes(database, [forged])
    assert await said_by(database, 0) == {"one": "mine"}


# What people write.

HOSTILE = [
    "'; DROP TABLE answers; --",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    "{first_name} {remembered.plan} %s %(x)s :name $1 ?",
    '["a", null]',
    "\u202eright to left\u202c \u200b zero width \ufeff",
    "👩‍👩‍👧‍👦" * 500,
    "e\u0301 is not \u00e9",
    "a\tb\vc\x01d\x1fe\x7f",
    "line\u2028separator\u0085next",
    "\U0010ffff\ufffe\uffff",
    "x" * 10_000,
]


def kept(text: str) -> str:
    """Say what is kept of a text: all of it, between the spaces around it."""
    return text.replace("\r\n", "\n").strip()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_stored_exactly(database: Database, text: str) -> None:
    await set_stage(database)
    found = [begin(0), say(0, text, "1"), say(0, "draft", "2"), edit(0, "two", text, "3"), say(0, text, "4")]
    assert set(await outcomes(database, found)) == {Outcome.ACCEPTED}
    assert await said_by(database, 0) == dict.fromkeys(KEYS, kept(text))


def a_text() -> st.SearchStrategy[str]:
    """Draw any text a database can keep; the quotes keep it from being a command."""
    signs = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    return st.text(signs, min_size=1, max_size=200).map(lambda text: f"«{text}»")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(a_text(), min_size=1, max_size=25), number=st.integers(0, 2**64))
async def test_any_text_comes_back_exactly(database: Database, texts: list[str], number: int) -> None:
    if not await count(database, "people"):
        await set_stage(database, 25)
    at = NOW + timedelta(days=6 * (1 + await count(database, "runs")))
    name = f"{number}/{await count(database, 'inbox')}"
    people = range(len(texts))
    await outcomes(database, [begin(n, name=f"begin/{name}", at=at) for n in people])
    await outcomes(database, [say(n, text, f"say/{name}", at=at) for n, text in enumerate(texts)])
    found = await rows(database, "SELECT person_id, said FROM answers WHERE answered_at = :at", at=micros(at))
    assert sorted(found) == [(pupil(n), kept(text)) for n, text in enumerate(texts)]


@pytest.mark.parametrize("text", ["a\0b", "\0", "lone \ud800 surrogate", "\udfff"], ids=range(4))
async def test_what_no_database_can_keep_is_asked_for_again(database: Database, text: str) -> None:
    await set_stage(database)
    form = FormSubmitted(
        id=EventId("fake/form"), at=NOW, who=pupil(0), place=place_of(pupil(0)), run=run_of(0), raw={"one": text}
    )
    found = await outcomes(
        database, [begin(0), say(0, text, "1"), form, say(0, "The bridge.", "2"), edit(0, "one", text, "3")]
    )
    assert set(found) == {Outcome.ACCEPTED}
    assert (await said_by(database, 0))["one"] == "The bridge."
    assert await count(database, "set_aside") == 0


@pytest.mark.parametrize("name", ["a\0b", "\ud800"], ids=["nul", "surrogate"])
async def test_an_event_with_an_id_no_database_can_keep_harms_nobody_else(database: Database, name: str) -> None:
    await set_stage(database, 2)
    odd = TextReceived(id=EventId("fake/odd"), at=NOW, who=PersonId(name), place=place_of(pupil(1)), text="x")
    inbox = an_inbox(database)
    results = await asyncio.gather(inbox.accept(begin(0)), inbox.accept(odd), return_exceptions=True)
    assert results[0] is Outcome.ACCEPTED
    assert await count(database, "runs") == 1
