"""A feedback round, lived through by a class on both databases."""

from datetime import timedelta

from bot.core.events import Control, Outcome
from bot.core.occurrences import OccurrenceId, OccurrenceStatus
from bot.core.people import PersonId
from bot.flows.peer_exchange.round import Review, ReviewStatus, Round, read_round
from bot.storage.database import Database
from tests.programs.group import BEN, CLEO, DANA, ELIF, FINN, GUS, Group

THREE = (BEN, CLEO, DANA)


async def a_round(
    database: Database, people: tuple[PersonId, ...] = THREE, **choices: str
) -> tuple[Group, OccurrenceId]:
    """Begin a round; without practice, unless it is asked for."""
    group = Group(database, people)
    await group.set_up()
    return group, await group.begin("peer_exchange", **{"practice": "no", **choices})


async def as_it_stands(group: Group, name: OccurrenceId) -> Round:
    """Read the round."""
    return read_round(await group.occurrence(name))


def statuses(held: Round) -> list[ReviewStatus]:
    """List where the reviews stand."""
    return [review.status for review in held.reviews]


def by(held: Round, person: PersonId) -> list[Review]:
    """List the reviews asked of somebody, lapsed ones too."""
    return [review for review in held.reviews if review.reviewer == person]


async def test_three_people_share_review_and_look_back(database: Database) -> None:
    group, name = await a_round(database)
    await group.work_through(BEN, CLEO)
    assert (await as_it_stands(group, name)).reviews == []  # two could be paired, but a third is still expected
    await group.work_through(DANA)
    for _ in range(3):
        await group.work_through(*THREE)
    held = await as_it_stands(group, name)
    assert statuses(held) == [ReviewStatus.DELIVERED] * 6
    assert all(review.is_received for review in held.reviews)
    assert sum("Worth most in it was the place" in text for text in group.told(BEN)) == 2
    assert all(piece.is_looked_back for piece in held.pieces)
    await group.move(days=11)
    assert (await group.occurrence(name)).status is OccurrenceStatus.DONE


async def test_practice_comes_before_the_first_piece_and_once_in_three_rounds(database: Database) -> None:
    group, _ = await a_round(database, practice="yes")
    await group.work_through(*THREE, until="peer-practice")
    assert {await group.asked(person) for person in THREE} == {"peer-practice:useful"}
    await group.control(BEN, Control.STOP)
    assert await group.asked(BEN) == "peer-review:describe"  # a practice that was stopped is over as well
    for _ in range(3):
        await group.work_through(*THREE)
    await group.move(days=11)
    await group.begin("peer_exchange")
    asked = [question for person in THREE for question in await group.work_through(person)]
    asked += [question for person in THREE for question in await group.work_through(person)]
    assert "peer-review:describe" in asked
    assert not any(question.startswith("peer-practice") for question in asked)


async def test_who_does_not_come_back_is_stood_in_for(database: Database) -> None:
    people = (BEN, CLEO, DANA, ELIF, FINN)
    group, name = await a_round(database, people)
    await group.work_through(*people, until="peer-review")
    await group.work_through(BEN, CLEO, DANA, ELIF)
    left = by(await as_it_stands(group, name), FINN)
    assert [review.status for review in left] == [ReviewStatus.ASKED, ReviewStatus.WAITING]
    await group.move(days=2, minutes=1)
    held = await as_it_stands(group, name)
    assert [review.status for review in by(held, FINN)] == [ReviewStatus.LAPSED] * 2
    assert min(held.reviewed()[piece] for piece in range(5)) == 2
    loads = held.loads()
    assert max(loads[person] for person in people[:4]) - min(loads[person] for person in people[:4]) <= 1
    # Finn comes back after all: what he says is as welcome, and reaches its author.
    await group.work_through(FINN)
    assert by(await as_it_stands(group, name), FINN)[0].status is ReviewStatus.DELIVERED


async def test_a_late_comer_is_taken_in(database: Database) -> None:
    group, name = await a_round(database)
    for _ in range(3):
        await group.work_through(*THREE)
    await group.move(days=3, hours=1)
    await group.enrol(GUS)
    await group.work_through(GUS)
    held = await as_it_stands(group, name)
    assert held.people[-1] == GUS
    assert len(held.of_piece(3)) == 2
    assert len(by(held, GUS)) == 2


async def test_a_lone_author_is_told_and_goes_on_when_somebody_comes(database: Database) -> None:
    group, name = await a_round(database)
    await group.work_through(BEN)
    await group.move(days=3, minutes=1)
    assert any("the only one so far" in text for text in group.told(BEN))
    await group.work_through(CLEO)
    held = await as_it_stands(group, name)
    assert {(r.reviewer, held.pieces[r.piece].author) for r in held.reviews} == {(BEN, CLEO), (CLEO, BEN)}


async def test_work_after_the_end_is_kept_and_said_to_be_late(database: Database) -> None:
    group, name = await a_round(database)
    await group.work_through(BEN, CLEO)
    await group.move(days=8)
    await group.work_through(DANA)
    assert any("This round has ended" in text for text in group.told(DANA))
    assert [piece.author for piece in (await as_it_stands(group, name)).pieces][-1] == DANA


async def test_people_kept_apart_never_meet(database: Database) -> None:
    group = Group(database, THREE)
    await group.set_up()
    await group.keep_apart(BEN, CLEO)
    name = await group.begin("peer_exchange", practice="no")
    await group.work_through(*THREE)
    held = await as_it_stands(group, name)
    pairs = {frozenset({r.reviewer, held.pieces[r.piece].author}) for r in held.reviews}
    assert pairs == {frozenset({BEN, DANA}), frozenset({CLEO, DANA})}


async def test_a_withdrawn_piece_is_let_go(database: Database) -> None:
    group, name = await a_round(database)
    await group.work_through(*THREE, until="peer-review")
    assert await group.steer(name, "withdraw", who=BEN) is Outcome.ACCEPTED
    for _ in range(2):
        await group.work_through(*THREE)
    held = await as_it_stands(group, name)
    assert not [r for r in held.reviews if held.pieces[r.piece].author == BEN and r.status is ReviewStatus.DELIVERED]
    withdrawn = [person for person in (CLEO, DANA) if any("took this piece back" in t for t in group.told(person))]
    assert withdrawn == [person for person in (CLEO, DANA) if by(held, person)[0].status is ReviewStatus.DROPPED]
    assert withdrawn


async def test_cruel_words_wait_for_the_facilitator(database: Database) -> None:
    group, name = await a_round(database)
    await group.work_through(*THREE, until="peer-review")
    await group.say(BEN, "In line 2 this is stupid", "I hate it", "Throw it away in line 2")
    held = await as_it_stands(group, name)
    number = next(n for n, r in enumerate(held.reviews) if r.status is ReviewStatus.HELD)
    author = held.pieces[held.reviews[number].piece].author
    assert any("will read this comment before it goes on" in text for text in group.told(BEN))
    assert not any("stupid" in text for text in group.told(author))
    assert await group.steer(name, "release", str(number), who=BEN) is Outcome.UNKNOWN
    assert await group.steer(name, "return", str(number)) is Outcome.ACCEPTED
    await group.work_through(BEN)
    await group.work_through(BEN)
    assert (await as_it_stands(group, name)).reviews[number].status is ReviewStatus.DELIVERED
    assert not any("stupid" in text for text in group.told(author))


async def test_hidden_names_come_on_the_quarter_of_an_hour(database: Database) -> None:
    group, name = await a_round(database, naming="hidden")
    await group.work_through(*THREE)
    await group.work_through(*THREE)
    held = await as_it_stands(group, name)
    assert set(statuses(held)) == {ReviewStatus.RELEASED}
    assert not any("looked at your work" in text for text in group.told(CLEO))
    await group.move(minutes=15)
    assert set(statuses(await as_it_stands(group, name))) == {ReviewStatus.DELIVERED}
    assert any("Somebody in your group looked at your work" in text for text in group.told(CLEO))
    said = " ".join(text for text in group.told(CLEO) if "bridge" not in text)
    assert "Ben" not in said
    assert "Dana" not in said


async def test_words_changed_on_the_way_are_looked_at_again(database: Database) -> None:
    group, name = await a_round(database, naming="hidden")
    await group.work_through(*THREE, until="peer-review")
    await group.work_through(BEN)
    held = await as_it_stands(group, name)
    review = next(r for r in held.reviews if r.status is ReviewStatus.RELEASED)
    assert review.run is not None
    await group.edit(BEN, review.run, "judge", "This is stupid and you are an idiot")
    await group.move(minutes=15)
    held = await as_it_stands(group, name)
    changed = next(r for r in held.reviews if r.run == review.run)
    assert (changed.status, changed.why) == (ReviewStatus.HELD, "flagged")
    assert not any("idiot" in text for person in (CLEO, DANA) for text in group.told(person))


async def test_an_author_looks_back_though_the_last_comment_never_comes(database: Database) -> None:
    group, name = await a_round(database, reviews="2")
    await group.work_through(*THREE, until="peer-review")
    for _ in range(3):
        await group.work_through(BEN, CLEO)
    held = await as_it_stands(group, name)
    assert not any(piece.is_looked_back for piece in held.pieces if piece.author in (BEN, CLEO))
    await group.move(days=2, hours=1)
    held = await as_it_stands(group, name)
    assert all(piece.is_looked_back for piece in held.pieces if piece.author in (BEN, CLEO))


async def test_who_leaves_the_group_is_let_go(database: Database) -> None:
    group, name = await a_round(database, (BEN, CLEO, DANA, ELIF))
    await group.work_through(BEN, CLEO, DANA, ELIF, until="peer-review")
    await group.remove(ELIF)
    held = await as_it_stands(group, name)
    assert held.left == {ELIF}
    assert {r.status for r in by(held, ELIF)} == {ReviewStatus.LAPSED}
    assert all(len(held.of_piece(n)) == 2 for n in range(3))


async def test_a_round_takes_two_people(database: Database) -> None:
    group = Group(database, (BEN,))
    await group.set_up()
    assert await group.try_to_begin("peer_exchange") is Outcome.REFUSED
    assert await group.steer(OccurrenceId("none"), "close") is Outcome.UNKNOWN


async def test_what_comes_late_brings_no_moment_back_for_ever(database: Database) -> None:
    group, name = await a_round(database)
    due_at = (await group.occurrence(name)).due_at
    assert due_at is not None
    group.hands.at = due_at + timedelta(seconds=1)
    assert await group.clock.tick()
    group.hands.at = due_at - timedelta(seconds=1)
    await group.enrol(FINN)  # sent before that moment, and found after it
    assert (await group.occurrence(name)).due_at == due_at
    group.hands.at = due_at + timedelta(seconds=5)
    assert await group.clock.tick()
    moved = (await group.occurrence(name)).due_at
    assert moved is not None
    assert moved > due_at
