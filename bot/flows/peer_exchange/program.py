"""The peer-feedback exchange: share work, look at others' work, read what came back, say what one will do with it.

Receiving without acting teaches little and giving teaches the giver (Wu & Schunn 2023), so everybody who shares also
reviews, and each author looks back. Nobody is scored.
"""

from dataclasses import replace
from typing import assert_never

from bot.core.events import (
    MemberRemoved,
    OccurrenceDue,
    OccurrenceEvent,
    OccurrenceRequested,
    OccurrenceSteered,
    PeopleEnrolled,
    RunFinished,
)
from bot.core.occurrences import Occurrence, OccurrenceStatus
from bot.core.people import Action, PersonId, Role
from bot.core.runs import RunStatus
from bot.core.schedules import days_later
from bot.flows.habit_of_week.habits import habits
from bot.flows.peer_exchange.errands import PROTOCOLS
from bot.flows.peer_exchange.exchange import Exchange
from bot.flows.peer_exchange.round import Hold, Naming, ReviewStatus, Round, read_round
from bot.flows.program import REMIND, Move, Refused, Scene

FEWEST = 2
MOST_REVIEWS = 4
MOST_DAYS = 60

STEPS = {
    "release": Action.READ_ANSWERS,
    "return": Action.READ_ANSWERS,
    "keep_back": Action.READ_ANSWERS,
    "pair_now": Action.READ_ANSWERS,
    "close": Action.READ_ANSWERS,
    REMIND: Action.READ_ANSWERS,
    "withdraw": Action.ANSWER,
}
HEARS = frozenset({RunFinished, PeopleEnrolled, MemberRemoved})


def begin(occurrence: Occurrence, event: OccurrenceRequested, scene: Scene) -> Move:
    """Ask everybody to share something."""
    chosen = event.choices
    if len(scene.learners) < FEWEST:
        raise Refused("A round takes two people or more. Add names to the roster first.")
    try:
        share_days, review_days, close_days = (
            _number(chosen.get(name, default), MOST_DAYS)
            for name, default in (("share_days", "3"), ("review_days", "4"), ("close_days", "3"))
        )
        share_until = days_later(event.at, share_days, scene.zone)
        review_until = days_later(share_until, review_days, scene.zone)
        opened = Round(
            protocol=chosen.get("protocol", next(iter(PROTOCOLS))),
            naming=Naming(chosen.get("naming", Naming.NAMED)),
            hold=Hold(chosen.get("hold", Hold.FLAGGED)),
            habit=chosen.get("habit", ""),
            reviews_each=_number(chosen.get("reviews", "2"), MOST_REVIEWS),
            has_practice=chosen.get("practice", "yes") == "yes",
            share_until=share_until,
            review_until=review_until,
            close_at=days_later(review_until, close_days, scene.zone),
            people=list(scene.learners),
            practised=_practised(scene),
            met=_met(scene),
        )
    except ValueError:
        raise Refused("Something in these choices does not fit. Please choose once more.") from None
    if opened.protocol not in PROTOCOLS or (opened.habit and opened.habit not in habits()):
        raise Refused("There is no habit or way of giving feedback of that name. Please choose once more.")
    exchange = Exchange(occurrence, opened, event.at, scene)
    for person in opened.people:
        exchange.ask_for_work(person)
    return _moved(occurrence, exchange)


def advance(occurrence: Occurrence, event: OccurrenceEvent, scene: Scene) -> Move:
    """Let one event happen to a round."""
    exchange = Exchange(occurrence, read_round(occurrence), event.at, scene)
    if not isinstance(event, OccurrenceDue) and occurrence.due_at is not None and occurrence.due_at <= event.at:
        exchange.see_to_what_is_due()  # somebody was quicker than the clock, which finds this moment no more
    match event:
        case RunFinished(status=RunStatus.OPEN | RunStatus.BROKEN):
            pass
        case RunFinished():
            _hear(exchange, event)
        case OccurrenceDue():
            exchange.see_to_what_is_due()
        case OccurrenceSteered():
            _steer(exchange, event)
        case PeopleEnrolled():
            for person, _ in event.people:
                if event.role is Role.LEARNER:
                    exchange.welcome(person)
        case MemberRemoved():
            exchange.let_go(event.person)
        case _:
            assert_never(event)
    return _moved(occurrence, exchange)


def _hear(exchange: Exchange, event: RunFinished) -> None:
    """Take in a finished run; one that was stopped counts as "rather not"."""
    part, _, about = event.errand.part.partition(":")
    person = PersonId(str(event.who))
    is_done = event.status is RunStatus.DONE
    if event.is_revised:
        if part == "review":
            exchange.revise_review(int(about.partition(":")[0]), event.run, event.said)
        return
    match part:
        case "share":
            exchange.take_work(person, event.run, is_shared=is_done and bool(event.said.get("work")))
        case "practice":
            exchange.after_practice(person)
        case "review":
            exchange.take_review(int(about.partition(":")[0]), event.run, event.said if is_done else {})
        case "received":
            exchange.take_thanks(int(about), event.said)
        case _:
            pass


def _steer(exchange: Exchange, event: OccurrenceSteered) -> None:
    review = exchange.review_named(event.about)
    match event.step:
        case "withdraw":
            exchange.withdraw(PersonId(str(event.who)))
        case "remind":
            exchange.remind(map(PersonId, event.about.split()), PersonId(str(event.who)))
        case "close":
            exchange.close()
        case "pair_now":
            exchange.pair_up(is_last_call=True)
        case "release" if review is not None and review.status in (ReviewStatus.HELD, ReviewStatus.KEPT_BACK):
            exchange.release(review)
        case "return" if review is not None:
            exchange.give_back(review)
        case "keep_back" if review is not None:
            exchange.keep_back(review)
        case _:
            pass


def _moved(occurrence: Occurrence, exchange: Exchange) -> Move:
    held = exchange.round
    return Move(
        occurrence=replace(
            occurrence,
            state=held.model_dump_json(),
            status=OccurrenceStatus.DONE if held.is_closed else OccurrenceStatus.OPEN,
            due_at=held.due_at(exchange.at),
        ),
        starts=tuple(exchange.starts),
        reminders=tuple(exchange.reminders),
    )


def _number(given: str, most: int) -> int:
    number = int(given)
    if not 1 <= number <= most:
        raise ValueError(given)
    return number


def _met(scene: Scene) -> set[tuple[PersonId, PersonId]]:
    """List who was to look at whose work in the rounds before; what was called off does not count."""
    rounds = map(read_round, scene.before)
    off = ReviewStatus.DROPPED
    return {(r.reviewer, one.pieces[r.piece].author) for one in rounds for r in one.reviews if r.status is not off}


def _practised(scene: Scene) -> set[PersonId]:
    """List who practised in one of the last two rounds: every third round begins with practice again."""
    return {person for one in map(read_round, scene.before[-2:]) for person in one.practising}
