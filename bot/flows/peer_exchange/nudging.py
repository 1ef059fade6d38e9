"""Nudges by hand in a round: each open question once a day at most, and never in the night."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core.people import PersonId
from bot.core.timing import after_quiet
from bot.flows.peer_exchange.round import Nudge, ReviewStatus, Round
from bot.flows.program import OpenQuestion, Reminder, Scene


def nudge(held: Round, scene: Scene, people: Iterable[PersonId], by: PersonId, at: datetime) -> None:
    """Note whose open questions come once more; those that came today, or are about to, do not."""
    held.nudges = {run: one for run, one in held.nudges.items() if is_fresh(one, at, scene.zone)}
    for person in people:
        question = wanted_of(held, scene.waiting.get(person, ()), at)
        if question is not None and question.may_be_brought and question.run not in held.nudges:
            comes_at = after_quiet(at, question.zone)
            held.nudges[question.run] = Nudge(person=person, by=by, at=at, comes_at=comes_at, zone=question.zone)


def wanted_of(held: Round, waiting: Iterable[OpenQuestion], at: datetime) -> OpenQuestion | None:
    """Choose what somebody may be reminded of: the oldest that the round still wants, rather one not put off."""
    wanted = [question for question in waiting if _is_wanted(held, question.part, at)]
    return next((question for question in wanted if question.may_be_brought), wanted[0] if wanted else None)


def remind_due(held: Round, at: datetime) -> Iterator[Reminder]:
    """List the nudges whose moment has come; one that is found in a later night waits for the next morning."""
    for run, one in held.nudges.items():
        if one.is_done or one.comes_at > at:
            continue
        one.comes_at = after_quiet(at, one.zone)
        if one.comes_at == at:
            one.is_done = True
            yield Reminder(one.person, run, one.by, one.at)


def is_fresh(one: Nudge, at: datetime, zone: str) -> bool:
    """Say whether a nudge stands in the way of another about the same run."""
    return not one.is_done or _day(one.comes_at, zone) >= _day(at, zone)


def _is_wanted(held: Round, part: str, at: datetime) -> bool:
    """Say whether something still comes of a part: not of a review that others were asked for meanwhile."""
    name, _, about = part.partition(":")
    if name == "review":
        number, _, turn = about.partition(":")
        review = held.reviews[int(number)]
        return not held.is_closed and review.status is ReviewStatus.ASKED and turn == str(review.turn)
    if name in ("share", "practice"):
        return not held.is_closed and at < held.review_until
    return True


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()
