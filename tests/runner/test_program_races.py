"""Two doors on one database, both busy with the same round: each thing happens once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.core.events import Event, EventId, OccurrenceDue, OccurrenceSteered, Outcome, PeopleEnrolled, TextReceived
from bot.core.occurrences import OccurrenceId
from bot.core.people import PersonId, Role
from bot.flows.peer_exchange.round import ReviewStatus, Round, read_round
from bot.runner.clock import Clock
from bot.runner.inbox import Inbox, NotSaved
from bot.storage.database import Database, open_database
from tests.programs.group import ANSWERS, BEN, CLASS, CLEO, DANA, ELIF, Group, page_of
from tests.runner.test_races import at_once
from tests.stage import ADA, Hands, an_inbox, count, rows

FOUR = (BEN, CLEO, DANA, ELIF)
TRIES = 5
"""How often a sender repeats what could not be saved, before that is a fault."""


async def a_round(
    database: Database, people: tuple[PersonId, ...] = FOUR, **choices: str
) -> tuple[Group, OccurrenceId]:
    """Begin a round without practice."""
    group = Group(database, people)
    await group.set_up()
    return group, await group.begin("peer_exchange", **{"practice": "no", **choices})


async def as_it_stands(group: Group, name: OccurrenceId) -> Round:
    """Read the round."""
    return read_round(await group.occurrence(name))


def says(group: Group, who: PersonId, text: str) -> TextReceived:
    """Write what somebody is about to say."""
    group.hands.move(seconds=1)
    return TextReceived(id=group.name_event(), at=group.now, who=who, place=page_of(who), text=text)


async def nothing_is_amiss(database: Database) -> None:
    """Check that nothing was set aside, and that nobody has been asked the same errand twice."""
    assert await rows(database, "SELECT * FROM set_aside") == []
    doubled = await rows(database, "SELECT id, count(*) FROM runs GROUP BY id HAVING count(*) > 1")
    assert doubled == []


def pairs(held: Round) -> list[tuple[PersonId, PersonId]]:
    """List who was asked to look at whose work."""
    return [(review.reviewer, held.pieces[review.piece].author) for review in held.reviews]


async def insist(inbox: Inbox, event: Event) -> Outcome:
    """Send an event as a platform does: again where it was not saved."""
    for _ in range(TRIES):
        try:
            return await inbox.accept(event)
        except NotSaved:
            continue
    raise AssertionError(f"{event.id} could not be saved")


async def two_doors(database: Database, url: str, left: Sequence[Event], right: Sequence[Event]) -> list[list[Outcome]]:
    """Let two loads in at once, each by a door and connections of its own."""
    other = open_database(url)
    try:
        doors = (an_inbox(database), left), (an_inbox(other), right)
        return list(
            await asyncio.gather(
                *(asyncio.gather(*(insist(inbox, event) for event in events)) for inbox, events in doors)
            )
        )
    finally:
        await other.close()


async def test_two_who_finish_at_the_same_moment_are_paired_once(database: Database, database_url: str) -> None:
    group, name = await a_round(database, reviews="2")
    await group.work_through(BEN, CLEO)
    for who in (DANA, ELIF):
        await group.say(who, f"{who}'s bridge", "clear")
    found = await two_doors(database, database_url, [says(group, DANA, "one")], [says(group, ELIF, "two")])
    assert found == [[Outcome.ACCEPTED], [Outcome.ACCEPTED]]
    held = await as_it_stands(group, name)
    assert sorted(piece.author for piece in held.pieces) == sorted(FOUR)
    assert max(Counter(pairs(held)).values()) == 1
    assert set(held.reviewed().values()) == {2}
    assert max(held.loads().values()) - min(held.loads().values()) <= 1
    await nothing_is_amiss(database)


async def test_comments_finished_at_the_same_moment_are_all_kept(database: Database, database_url: str) -> None:
    people = tuple(PersonId(f"p{n:02}") for n in range(12))
    group, name = await a_round(database, people, reviews="1", hold="all")
    await group.work_through(*people, until="peer-review")
    for who in people:
        await group.say(who, *(ANSWERS[f"peer-review:{box}"] for box in ("describe", "judge")))
    events = [says(group, who, "Add a number") for who in people]
    found = at_once(database_url, [events[::2], events[1::2]], 1)
    assert set(found[0] + found[1]) == {Outcome.ACCEPTED}
    reviews = (await as_it_stands(group, name)).reviews
    assert {review.reviewer for review in reviews if review.status is ReviewStatus.HELD} == set(people)
    await nothing_is_amiss(database)


async def test_sixty_people_share_at_once_by_two_processes(database: Database, database_url: str) -> None:
    people = tuple(PersonId(f"p{n:02}") for n in range(60))
    group, name = await a_round(database, people, reviews="2")
    inbox = an_inbox(database)
    for text in ("my bridge", "clear"):
        await asyncio.gather(*(inbox.accept(says(group, who, text)) for who in people))
    events: list[Event] = [says(group, who, "Tell me where it bends") for who in people]
    found = at_once(database_url, [events[:30], events[30:]], 8)
    unsaved = [event for event, outcome in zip(events, found[0] + found[1], strict=True) if outcome != Outcome.ACCEPTED]
    assert unsaved == []
    held = await as_it_stands(group, name)
    assert sorted(piece.author for piece in held.pieces) == sorted(people)
    assert max(Counter(pairs(held)).values()) == 1
    assert set(held.reviewed().values()) == {2}
    assert max(held.loads().values()) - min(held.loads().values()) <= 1
    begun = await rows(database, "SELECT person_id FROM runs WHERE flow = 'peer-review'")
    assert len({person for (person,) in begun}) == len(begun) == 60  # one each at a time
    await nothing_is_amiss(database)


async def test_two_clocks_wake_an_occurrence_once(database: Database, database_url: str) -> None:
    group = Group(database, FOUR)
    await group.set_up()
    await group.begin("habit_of_week", order="voted")
    hands, other = Hands(group.now + timedelta(days=1)), open_database(database_url)
    clocks = [Clock(one, an_inbox(one, hands), hands) for one in (database, other)]
    await asyncio.gather(*(clock.tick() for clock in clocks))
    for clock in clocks:
        assert await clock.tick() == 0
    await other.close()
    assert await rows(database, "SELECT person_id FROM runs WHERE flow = 'habit-plan' ORDER BY 1") == [
        (one,) for one in FOUR
    ]
    await nothing_is_amiss(database)


async def test_a_comment_released_twice_reaches_its_author_once(database: Database, database_url: str) -> None:
    group, name = await a_round(database, FOUR[:2], hold="all")
    await group.work_through(BEN, CLEO)
    await group.work_through(BEN, CLEO)
    assert [review.status for review in (await as_it_stands(group, name)).reviews] == [ReviewStatus.HELD] * 2

    def released(about: int, by: str) -> OccurrenceSteered:
        steered = EventId(f"browser/{by}/{about}")
        return OccurrenceSteered(id=steered, at=group.now, who=ADA, occurrence=name, step="release", about=str(about))

    loads = [[released(0, by), released(1, by)] for by in ("left", "right")]
    assert await two_doors(database, database_url, loads[0], loads[1][::-1]) == [[Outcome.ACCEPTED] * 2] * 2
    assert await count(database, "runs WHERE flow = 'peer-received'") == 2
    await nothing_is_amiss(database)


@pytest.mark.parametrize("step", ["close", "withdraw", "pair_now"])
async def test_a_say_and_an_answer_at_the_same_moment_both_count(
    database: Database, database_url: str, step: str
) -> None:
    group, name = await a_round(database, reviews="1")
    await group.work_through(*FOUR, until="peer-review")
    held = await as_it_stands(group, name)
    number = next(n for n, review in enumerate(held.reviews) if review.reviewer == BEN)
    author = held.pieces[held.reviews[number].piece].author
    await group.say(BEN, *(ANSWERS[f"peer-review:{box}"] for box in ("describe", "judge")))
    who = author if step == "withdraw" else ADA
    steered = OccurrenceSteered(id=group.name_event(), at=group.now, who=who, occurrence=name, step=step)
    found = await two_doors(database, database_url, [says(group, BEN, "Add a number")], [steered])
    assert found == [[Outcome.ACCEPTED], [Outcome.ACCEPTED]]
    after = (await as_it_stands(group, name)).reviews[number]
    assert after.run is not None
    if step == "withdraw":
        assert after.status in (ReviewStatus.DELIVERED, ReviewStatus.DROPPED)
    else:
        assert after.status is ReviewStatus.DELIVERED
    received = await count(database, f"runs WHERE flow = 'peer-received' AND person_id = '{author}'")
    assert received == (after.status is ReviewStatus.DELIVERED)
    await nothing_is_amiss(database)


async def test_an_event_delivered_four_times_happens_once(database: Database, database_url: str) -> None:
    group, name = await a_round(database, FOUR[:2], reviews="1")
    await group.work_through(BEN)
    await group.say(CLEO, "my bridge", "clear")
    last = says(group, CLEO, "Tell me")
    due_at = read_round(await group.occurrence(name)).share_until
    close = OccurrenceSteered(id=EventId("browser/close"), at=group.now, who=ADA, occurrence=name, step="close")
    wake = OccurrenceDue(id=EventId("mull/clock/1"), at=due_at, who=ADA, occurrence=name, due_at=due_at)
    for event in (last, wake, close):
        found = await two_doors(database, database_url, [event, event], [event, event])
        assert sorted(outcome for one in found for outcome in one) == [Outcome.ACCEPTED, *[Outcome.DUPLICATE] * 3]
    assert sorted(pairs(await as_it_stands(group, name))) == [(BEN, CLEO), (CLEO, BEN)]
    await nothing_is_amiss(database)


async def test_who_joins_while_a_round_begins_is_asked(database: Database, database_url: str) -> None:
    group, name = await a_round(database, FOUR[:2])
    late = [PersonId(f"late-{n}") for n in range(6)]
    joins = [
        PeopleEnrolled(
            id=group.name_event(), at=group.now, who=ADA, group=CLASS, role=Role.LEARNER, people=((one, one.title()),)
        )
        for one in late
    ]
    answers = [says(group, who, text) for who in FOUR[:2] for text in ("bridge", "clear", "where")]
    await two_doors(database, database_url, [*joins[:3], *answers[:3]], [*joins[3:], *answers[3:]])
    assert sorted((await as_it_stands(group, name)).people) == sorted([*FOUR[:2], *late])
    assert await count(database, "runs WHERE flow = 'peer-share'") == 8
    await nothing_is_amiss(database)


async def test_two_rounds_in_opposite_order_lose_nothing(database: Database, database_url: str) -> None:
    group, first = await a_round(database, FOUR[:3], reviews="1", hold="all")
    await group.work_through(*FOUR[:3])
    await group.work_through(*FOUR[:3])
    second = await group.begin("peer_exchange", practice="no", reviews="1", hold="all")
    await group.work_through(*FOUR[:3])
    await group.work_through(*FOUR[:3])

    def released(name: OccurrenceId, about: int, by: str) -> OccurrenceSteered:
        steered = EventId(f"browser/{by}/{name}/{about}")
        return OccurrenceSteered(id=steered, at=group.now, who=ADA, occurrence=name, step="release", about=str(about))

    held = {name: (await as_it_stands(group, name)).reviews for name in (first, second)}
    numbers = [(name, n) for name, reviews in held.items() for n in range(len(reviews))]
    left = [released(name, n, "left") for name, n in numbers]
    right = [released(name, n, "right") for name, n in reversed(numbers)]
    found = await two_doors(database, database_url, left, right)
    assert set(found[0] + found[1]) == {Outcome.ACCEPTED}
    for name in (first, second):
        assert {r.status for r in (await as_it_stands(group, name)).reviews} == {ReviewStatus.DELIVERED}
    await nothing_is_amiss(database)
