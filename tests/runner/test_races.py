"""Two processes on one database: nothing is lost, doubled or mixed up."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.events import CardRenewed, Event, EventId, Outcome
from bot.storage.database import Database
from tests.runner.worker import Files, deliver, drain, processes
from tests.stage import ADA, NOW, an_inbox, begin, class_of, count, edit, pupil, rows, said_by, say, set_stage

PEOPLE = range(300)


def at_once(url: str, loads: Sequence[Sequence[Event]], in_flight: int) -> list[list[Outcome]]:
    """Let each load in by a process of its own, all at the same moment."""
    context = processes()
    gate = context.Barrier(len(loads))
    pipes = [context.Pipe(duplex=False) for _ in loads]
    started = [
        context.Process(target=deliver, args=(url, load, in_flight, gate, out))
        for load, (_, out) in zip(loads, pipes, strict=True)
    ]
    for process, (_, out) in zip(started, pipes, strict=True):
        process.start()
        out.close()
    found = [answer.recv() for answer, _ in pipes]
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * len(loads)
    return found


def shuffled(events: Sequence[Event], seed: int) -> list[Event]:
    """Mix events up, the same way each time."""
    return random.Random(seed).sample(events, len(events))


async def all_in(database: Database, events: Sequence[Event]) -> None:
    """Let events in by this process."""
    inbox = an_inbox(database)
    await asyncio.gather(*(inbox.accept(event) for event in events))


async def questions_each(database: Database) -> dict[str, int]:
    """Count the questions that were put to each person."""
    return dict(
        await rows(database, "SELECT person_id, count(*) FROM outbox WHERE kind = 'AskQuestion' GROUP BY person_id")
    )


@pytest.mark.parametrize("in_flight", [16, 300])
async def test_the_same_event_in_two_processes_is_one_answer_and_one_reply(
    database: Database, database_url: str, in_flight: int
) -> None:
    await set_stage(database, len(PEOPLE))
    await all_in(database, [begin(n) for n in PEOPLE])
    events = [say(n, f"It was {n}.", "1") for n in PEOPLE]
    found = at_once(database_url, [events, shuffled(events, 7)], in_flight)
    assert Counter(found[0] + found[1]) == {Outcome.ACCEPTED: len(PEOPLE), Outcome.DUPLICATE: len(PEOPLE)}
    assert sorted(await rows(database, "SELECT person_id, key, said FROM answers")) == [
        (pupil(n), "one", f"It was {n}.") for n in PEOPLE
    ]
    assert await questions_each(database) == {pupil(n): 2 for n in PEOPLE}


@pytest.mark.parametrize("in_flight", [16, 300])
async def test_two_answers_in_two_processes_are_both_kept_and_neither_twice(
    database: Database, database_url: str, in_flight: int
) -> None:
    await set_stage(database, len(PEOPLE))
    await all_in(database, [begin(n) for n in PEOPLE])
    loads = [[say(n, f"{word} {n}", word) for n in PEOPLE] for word in ("left", "right")]
    found = at_once(database_url, [loads[0], shuffled(loads[1], 7)], in_flight)
    assert set(found[0] + found[1]) == {Outcome.ACCEPTED}
    said = await rows(database, "SELECT person_id, key, said FROM answers ORDER BY person_id, key")
    assert [(person, key) for person, key, _ in said] == [(pupil(n), key) for n in PEOPLE for key in ("one", "two")]
    assert sorted((person, words) for person, _, words in said) == [
        (pupil(n), f"{word} {n}") for n in PEOPLE for word in ("left", "right")
    ]
    for n in (0, 150, 299):
        ((state,),) = await rows(database, "SELECT state FROM runs WHERE person_id = :person", person=pupil(n))
        assert '"key":"plan","wait":3' in state
        assert all(words in state for words in (await said_by(database, n)).values())
    assert await questions_each(database) == {pupil(n): 3 for n in PEOPLE}
    assert await count(database, "timers") == len(PEOPLE)


async def test_a_run_asked_for_in_two_processes_is_begun_once(database: Database, database_url: str) -> None:
    await set_stage(database, len(PEOPLE))
    loads = [[replace(begin(n, name=name), is_own_wish=False) for n in PEOPLE] for name in ("left", "right")]
    at_once(database_url, [loads[0], shuffled(loads[1], 7)], 16)
    assert await count(database, "runs") == len(PEOPLE)
    assert await questions_each(database) == {pupil(n): 1 for n in PEOPLE}


async def test_edits_in_two_processes_keep_every_version(database: Database, database_url: str) -> None:
    people = PEOPLE[:100]
    await set_stage(database, len(people))
    await all_in(database, [begin(n) for n in people])
    await all_in(database, [say(n, "at first", "1") for n in people])
    loads = [[edit(n, "one", f"{word} {turn}", f"{word}{turn}") for turn in range(3) for n in people] for word in "ab"]
    at_once(database_url, loads, 300)
    versions = Counter(await rows(database, "SELECT person_id, revision FROM answers"))
    assert versions == {(pupil(n), 6): 1 for n in people}
    kept = await rows(database, "SELECT r.revision, r.said FROM revisions r")
    now = await rows(database, "SELECT revision, said FROM answers")
    assert Counter(number for number, _ in kept) == dict.fromkeys(range(6), len(people))
    words = {"at first", *(f"{word} {turn}" for word in "ab" for turn in range(3))}
    assert Counter(said for _, said in kept + now) == dict.fromkeys(words, len(people))


async def test_new_cards_and_answers_in_each_others_way_set_nobody_aside(database: Database, database_url: str) -> None:
    people = PEOPLE[:100]
    await set_stage(database, len(people))
    await all_in(database, [begin(n) for n in people])

    def renewed(n: int, name: str) -> CardRenewed:
        return CardRenewed(id=EventId(f"fake/{name}/{n}"), at=NOW, who=ADA, group=class_of(n), person=pupil(n))

    loads = [
        shuffled([*(say(n, f"{name} {n}", name) for n in people), *(renewed(n, name) for n in people)], seed)
        for seed, name in enumerate(("left", "right"))
    ]
    found = at_once(database_url, loads, 200)
    assert set(found[0] + found[1]) == {Outcome.ACCEPTED}
    assert await count(database, "answers") == 2 * len(people)
    assert Counter(await rows(database, "SELECT card FROM people WHERE id LIKE 'pupil-%'")) == {(3,): len(people)}


async def test_two_outboxes_deliver_two_thousand_effects_once_each_and_in_order(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    people = range(500)
    await set_stage(database, len(people))
    await all_in(database, [begin(n) for n in people])
    await all_in(database, [say(n, "one", "1") for n in people])
    await all_in(database, [say(n, "two", "2") for n in people])
    expected = await rows(database, "SELECT place, id FROM outbox ORDER BY seq")
    assert len(expected) == 2000
    context, files = processes(), Files(tmp_path)
    gate = context.Barrier(2)
    both = [context.Process(target=drain, args=(database_url, name, files.ledger, gate)) for name in ("left", "right")]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    in_order: dict[str, list[str]] = {}
    for place, effect_id in expected:
        in_order.setdefault(place, []).append(effect_id)
    assert files.shown() == in_order
    owners = dict(await rows(database, "SELECT owner, count(*) FROM outbox WHERE state = 'sent' GROUP BY owner"))
    assert sum(owners.values()) == 2000
    assert owners.keys() <= {"left", "right"}
