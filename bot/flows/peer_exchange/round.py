"""A feedback round between two turns: pieces, reviews, and what still has to happen."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from bot.core.occurrences import Occurrence
from bot.core.people import PersonId
from bot.core.runs import RunId
from bot.flows.program import IN_ORDER

QUARTER = timedelta(minutes=15)
"""Where names are hidden, feedback goes out on the quarter of an hour: the minute would tell who has just written."""


class Naming(StrEnum):
    """Whether learners learn who wrote what; the facilitator always does."""

    NAMED = "named"
    HIDDEN = "hidden"


class Hold(StrEnum):
    """Which feedback a facilitator reads before its author does."""

    OFF = "off"
    FLAGGED = "flagged"
    ALL = "all"


class ReviewStatus(StrEnum):
    """Where one review stands; `lapsed` was asked of somebody else meanwhile, `dropped` is wanted no more."""

    WAITING = "waiting"
    ASKED = "asked"
    HELD = "held"
    RELEASED = "released"
    DELIVERED = "delivered"
    KEPT_BACK = "kept_back"
    LAPSED = "lapsed"
    DROPPED = "dropped"


WRITTEN = frozenset({ReviewStatus.HELD, ReviewStatus.RELEASED, ReviewStatus.DELIVERED, ReviewStatus.KEPT_BACK})
UNDER_WAY = frozenset({ReviewStatus.WAITING, ReviewStatus.ASKED})
COUNTS = WRITTEN | UNDER_WAY


class Piece(BaseModel):
    """Work somebody shared; `run` holds it. `is_told`: its author knows why nobody looks at it."""

    author: PersonId
    run: RunId
    shared_at: datetime
    is_withdrawn: bool = False
    is_told: bool = False
    is_looked_back: bool = False


class Review(BaseModel):
    """One person's look at one piece; `turn` counts how often it was asked for, `why` says what holds it."""

    piece: int
    reviewer: PersonId
    due_at: datetime
    status: ReviewStatus = ReviewStatus.WAITING
    turn: int = 1
    run: RunId | None = None
    why: str = ""
    deliver_at: datetime | None = None
    is_received: bool = False
    helped: str = ""


class Nudge(BaseModel):
    """A facilitator's wish that somebody's open question comes once more: whose, when it comes, and whether it has.

    `zone` is where that person is.
    """

    person: PersonId
    by: PersonId
    at: datetime
    comes_at: datetime
    zone: str
    is_done: bool = False


class Round(BaseModel):
    """One round: `people` in the order in which they came, pieces and reviews numbered by their places.

    `nudges` holds the last one about each run, for as long as it stands in the way of another.
    """

    protocol: str
    naming: Naming
    hold: Hold
    habit: str = ""
    reviews_each: int = 2
    has_practice: bool = True
    lease_hours: int = 48
    share_until: datetime
    review_until: datetime
    close_at: datetime
    people: list[PersonId]
    shared: Annotated[set[PersonId], IN_ORDER] = Field(default_factory=set)
    left: Annotated[set[PersonId], IN_ORDER] = Field(default_factory=set)
    absent: Annotated[set[PersonId], IN_ORDER] = Field(default_factory=set)
    practising: Annotated[set[PersonId], IN_ORDER] = Field(default_factory=set)
    practised: Annotated[set[PersonId], IN_ORDER] = Field(default_factory=set)
    pieces: list[Piece] = Field(default_factory=list)
    reviews: list[Review] = Field(default_factory=list)
    met: Annotated[set[tuple[PersonId, PersonId]], IN_ORDER] = Field(default_factory=set)
    nudges: dict[RunId, Nudge] = Field(default_factory=dict)
    is_closed: bool = False

    def live(self) -> Iterator[tuple[int, Piece]]:
        """List the pieces still in the round, by number."""
        return ((n, piece) for n, piece in enumerate(self.pieces) if not piece.is_withdrawn)

    def of_piece(self, piece: int) -> list[Review]:
        """List the reviews of a piece that count."""
        return [review for review in self.reviews if review.piece == piece and review.status in COUNTS]

    def by(self, reviewer: PersonId) -> dict[int, Review]:
        """List all reviews ever asked of somebody, by the number by which everybody else refers to them."""
        return {n: review for n, review in enumerate(self.reviews) if review.reviewer == reviewer}

    def reviewed(self) -> Counter[int]:
        """Count the reviews of each piece that count."""
        return Counter(review.piece for review in self.reviews if review.status in COUNTS)

    def loads(self) -> Counter[PersonId]:
        """Count the reviews asked of each person that count."""
        return Counter(review.reviewer for review in self.reviews if review.status in COUNTS)

    def due_at(self, now: datetime) -> datetime | None:
        """Find the next moment at which something has to happen; what lies before `now` has been seen to."""
        moments = [r.deliver_at for r in self.reviews if r.status is ReviewStatus.RELEASED and r.deliver_at]
        moments += [nudge.comes_at for nudge in self.nudges.values() if not nudge.is_done]
        if not self.is_closed:
            moments += [self.share_until, self.review_until, self.close_at]
            moments += [review.due_at for review in self.reviews if review.status in UNDER_WAY]
            moments += [piece.shared_at + PATIENCE for _, piece in self.live()]
        return min((at for at in moments if at > now), default=None)


PATIENCE = timedelta(hours=12)
"""How long a piece waits for others to be paired with, before it is paired with whoever is there."""


def read_round(occurrence: Occurrence) -> Round:
    """Read what an occurrence of this program keeps."""
    return Round.model_validate_json(occurrence.state)


def next_quarter(at: datetime) -> datetime:
    """Find the next full quarter of an hour."""
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return hour + QUARTER * ((at - hour) // QUARTER + 1)
