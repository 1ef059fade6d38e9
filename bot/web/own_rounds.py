"""Feedback rounds as one of their learners may know them: their own work, what they got, what they gave.

All words come from that learner's own runs, or are what they wrote themselves: where names are hidden, no name of
somebody else is even looked up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.core.occurrences import Occurrence, OccurrenceId
from bot.core.people import Action, PersonId
from bot.core.runs import Run, RunId
from bot.flows.peer_exchange.errands import PROTOCOLS
from bot.flows.peer_exchange.pairing import order
from bot.flows.peer_exchange.round import Naming, Review, ReviewStatus, Round, read_round
from bot.runner.conductor import NOT_WORDS, errand_run
from bot.storage.connection import Connection
from bot.storage.groups import load_groups
from bot.storage.occurrences import load_said, occurrences_of
from bot.storage.turns import load_runs
from bot.web.auth import Visitor

KIND = "peer_exchange"
MOST_ROUNDS = 20

BOXES = {
    "describe": "What is there",
    "judge": "What it does, and not yet",
    "suggest": "One thing to try",
    "warm": "What works",
    "cool": "What does not work yet",
    "wonder": "What to wonder about",
}
WORTH_MOST = {"place": "the place", "reason": "the reason", "step": "the next step"}

Words: TypeAlias = tuple[tuple[str, str], ...]
"""A comment: what each of its boxes is called, and what stands in it."""

Said: TypeAlias = Mapping[tuple[RunId, str], tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment that somebody got or gave; `who` is the other person, empty where names are hidden.

    Of one that was given: the piece it is about, how far it came, what its author found worth most.
    """

    words: Words
    who: str
    work: str = ""
    status: ReviewStatus = ReviewStatus.DELIVERED
    worth_most: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRound:
    """One round of somebody's; no moment in it is meant to be shown closer than its day."""

    id: OccurrenceId
    group: str
    zone: str
    started_at: datetime
    is_open: bool
    has_names: bool
    facilitator: str
    work: str
    is_withdrawn: bool
    got: tuple[Comment, ...]
    gave: tuple[Comment, ...]

    @property
    def may_withdraw(self) -> bool:
        """Say whether the work can be taken back."""
        return self.is_open and bool(self.work) and not self.is_withdrawn


def load_own_rounds(connection: Connection, who: Visitor) -> list[OwnRound]:
    """Read the rounds that somebody was asked into, in their groups, the newest first."""
    found = []
    for group in load_groups(connection, who.actor.groups(Action.ANSWER)):
        for occurrence in occurrences_of(connection, group.id, KIND, MOST_ROUNDS):
            held = read_round(occurrence)
            if who.person in held.people:
                found.append(_own_round(connection, occurrence, held, who.person, group=group.name, zone=group.zone))
    return sorted(found, key=lambda one: one.started_at, reverse=True)


def _own_round(
    connection: Connection, occurrence: Occurrence, held: Round, person: PersonId, *, group: str, zone: str
) -> OwnRound:
    pieces = [piece for piece in held.pieces if piece.author == person]
    share = errand_run(occurrence.id, f"share:{person}", person)
    came = {
        number: errand_run(occurrence.id, f"received:{number}", held.pieces[review.piece].author)
        for number, review in enumerate(held.reviews)
        if review.status is ReviewStatus.DELIVERED and person in (review.reviewer, held.pieces[review.piece].author)
    }
    wrote = [(number, r, r.run) for number, r in enumerate(held.reviews) if r.reviewer == person and r.run]
    runs = load_runs(connection, {share, *came.values(), *(run for _, _, run in wrote)})
    said = load_said(connection, {*(piece.run for piece in pieces), *(run for _, _, run in wrote)})
    gave = [
        _gave(held, review, runs.get(run), runs.get(came[number]) if number in came else None, said)
        for number, review, run in wrote
    ]
    return OwnRound(
        id=occurrence.id,
        group=group,
        zone=zone,
        started_at=occurrence.started_at,
        is_open=not held.is_closed,
        has_names=held.naming is Naming.NAMED,
        facilitator=runs[share].opening.words.get("facilitator", "") if share in runs else "",
        work=said.get((pieces[-1].run, "work"), ("", ""))[1] if pieces else "",
        is_withdrawn=bool(pieces) and all(piece.is_withdrawn for piece in pieces),
        got=_got(occurrence, held, person, {n: runs[run] for n, run in came.items() if run in runs}),
        gave=tuple(comment for comment in gave if comment.words),
    )


def _got(occurrence: Occurrence, held: Round, person: PersonId, came: Mapping[int, Run]) -> tuple[Comment, ...]:
    """List what came in, as it was delivered, in an order that tells nothing about who wrote first."""
    mine = [str(n) for n in came if held.pieces[held.reviews[n].piece].author == person]
    opened = [came[int(number)].opening.given for number in order(mine, occurrence.id)]
    boxes = PROTOCOLS[held.protocol][1]
    return tuple(Comment(words=_delivered(boxes, given), who=given.get("reviewer", "")) for given in opened)


def _gave(held: Round, review: Review, run: Run | None, came: Run | None, said: Said) -> Comment:
    """Show a comment to its writer: as it was delivered, or else as it stands now; work taken back is gone."""
    given, boxes = run.opening.given if run else {}, PROTOCOLS[held.protocol][1]
    return Comment(
        words=_delivered(boxes, came.opening.given) if came else _written(boxes, review, said),
        who=given.get("author", ""),
        work="" if held.pieces[review.piece].is_withdrawn else given.get("work", ""),
        status=review.status,
        worth_most=WORTH_MOST.get(review.helped, ""),
    )


def _delivered(boxes: tuple[str, ...], given: Mapping[str, str]) -> Words:
    return tuple((BOXES[box], given[box]) for box in boxes if given.get(box))


def _written(boxes: tuple[str, ...], review: Review, said: Said) -> Words:
    words = []
    for box in boxes:
        found = (said.get((review.run, key), ("null", "")) for key in (box, f"{box}.probe") if review.run)
        text = "\n".join(shown for value, shown in found if value not in NOT_WORDS)
        words += [(BOXES[box], text)] if text else []
    return tuple(words)
