"""A feedback round as its facilitators read it: what needs them, who is at what, each piece with its comments."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.occurrences import Occurrence
from bot.core.people import PersonId
from bot.core.runs import RunId
from bot.flows.flow import AS_IT_IS
from bot.flows.peer_exchange.errands import PROTOCOLS
from bot.flows.peer_exchange.round import WRITTEN, Review, ReviewStatus, Round, read_round
from bot.runner.conductor import errand_run
from bot.runner.open_questions import open_questions
from bot.storage.answers import Said, load_readable, name_in_group
from bot.storage.connection import Connection
from bot.web.round_people import Known, Line, who_is_at_what

BOXES = {
    "describe": "In this part the maker …",
    "judge": "What it does, and not yet",
    "suggest": "One thing to try",
    "warm": "What works",
    "cool": "What does not work yet",
    "wonder": "I wonder what happens if …",
}
"""What stands before each part of a comment."""


class Stage(StrEnum):
    """What most people in a round are at."""

    SHARE = "share"
    REVIEW = "review"
    CLOSING = "closing"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One look at one piece: its words by box, since when they stand there, and what its author makes of it."""

    number: int
    reviewer: PersonId
    author: PersonId
    status: ReviewStatus
    why: str
    words: tuple[tuple[str, str], ...]
    written_at: datetime | None
    edited_at: datetime | None
    use: str = ""
    helped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceSeen:
    """A piece with what was said about it; `change` and `cue` are what its author will change first, and when."""

    author: PersonId
    shared_at: datetime
    is_withdrawn: bool
    work: str
    kind: str
    ask: str
    comments: tuple[Comment, ...]
    is_alone: bool
    change: str
    cue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSeen:
    """Everything on a round's page; `until` ends the stage, and `names` holds everybody who is named."""

    stage: Stage
    until: datetime | None
    held: Round
    names: Mapping[PersonId, str]
    needs: tuple[Comment, ...]
    lines: tuple[Line, ...]
    pieces: tuple[PieceSeen, ...]

    @property
    def writers(self) -> frozenset[PersonId]:
        """List whose words are on the page."""
        comments = [*self.needs, *(comment for piece in self.pieces for comment in piece.comments)]
        return frozenset(
            {piece.author for piece in self.pieces if not piece.is_withdrawn}
            | {comment.reviewer for comment in comments if comment.words}
        )


def stage_of(held: Round, now: datetime) -> tuple[Stage, datetime | None]:
    """Say where a round stands, and until when."""
    if held.is_closed:
        return Stage.ENDED, None
    if now < held.share_until:
        return Stage.SHARE, held.share_until
    if now < held.review_until:
        return Stage.REVIEW, held.review_until
    return Stage.CLOSING, held.close_at


def waiting_for_an_adult(held: Round) -> int:
    """Count the comments that wait for somebody to read them."""
    return sum(review.status is ReviewStatus.HELD for review in held.reviews)


def load_round(
    connection: Connection, occurrence: Occurrence, members: Mapping[PersonId, str], now: datetime, zone: str
) -> RoundSeen:
    """Read a round of a group in a zone, with every word in it that may be read."""
    held = read_round(occurrence)
    said = load_readable(connection, set(_runs(occurrence, held)), occurrence.group)
    reading = _Reading(occurrence, held, said)
    stage, until = stage_of(held, now)
    named = {*(piece.author for piece in held.pieces), *(review.reviewer for review in held.reviews)}
    named |= {nudge.by for nudge in held.nudges.values()}
    names = dict(members) | {
        person: name_in_group(connection, occurrence.group, person) or "somebody who left"
        for person in named
        if person not in members
    }
    present = {person: names[person] for person in held.people if person in members}
    known = Known(
        held=held,
        present=present,
        waiting=open_questions(connection, occurrence, present.keys(), now),
        looked_back=frozenset(number for number in range(len(held.pieces)) if reading.looked_back(number)),
        at=now,
        zone=zone,
    )
    return RoundSeen(
        stage=stage,
        until=until,
        held=held,
        names=names,
        needs=tuple(reading.comment(n) for n, r in enumerate(held.reviews) if r.status is ReviewStatus.HELD),
        lines=who_is_at_what(known),
        pieces=tuple(reading.piece(number) for number in range(len(held.pieces))),
    )


class _Reading:
    """A round beside the words said in it."""

    def __init__(self, occurrence: Occurrence, held: Round, said: Mapping[RunId, Mapping[str, Said]]) -> None:
        self.held = held
        self._occurrence, self._said = occurrence, said

    def piece(self, number: int) -> PieceSeen:
        """Read one piece; work that its author took back is not shown."""
        piece, held = self.held.pieces[number], self.held
        own = {} if piece.is_withdrawn else self._words(piece.run)
        back = self.looked_back(number)
        shown = [n for n, r in enumerate(held.reviews) if r.piece == number and _is_shown(r)]
        return PieceSeen(
            author=piece.author,
            shared_at=piece.shared_at,
            is_withdrawn=piece.is_withdrawn,
            work=own.get("work", ""),
            kind=own.get("kind", ""),
            ask=own.get("ask", ""),
            comments=() if piece.is_withdrawn else tuple(map(self.comment, shown)),
            is_alone=not piece.is_withdrawn and not held.of_piece(number),
            change=back.get("change", ""),
            cue=back.get("change.cue", ""),
        )

    def comment(self, number: int) -> Comment:
        """Read one comment, and what its author answered to it."""
        review = self.held.reviews[number]
        author = self.held.pieces[review.piece].author
        back = self._words(errand_run(self._occurrence.id, f"received:{number}", author))
        written = self._said.get(review.run, {}) if review.run else {}
        return Comment(
            number=number,
            reviewer=review.reviewer,
            author=author,
            status=review.status,
            why=review.why,
            words=tuple(self._boxes(review)),
            written_at=max((one.answered_at for one in written.values()), default=None),
            edited_at=max((one.edited_at for one in written.values() if one.edited_at), default=None),
            use=back.get("use", ""),
            helped=back.get("helped", ""),
        )

    def looked_back(self, piece: int) -> Mapping[str, str]:
        """Read what an author says they will change first."""
        author = self.held.pieces[piece].author
        return self._words(errand_run(self._occurrence.id, f"look_back:{piece}", author))

    def _boxes(self, review: Review) -> Iterator[tuple[str, str]]:
        words = self._words(review.run) if review.run else {}
        for box in PROTOCOLS[self.held.protocol][1]:
            parts = [words[key] for key in (box, f"{box}.probe") if key in words]
            if parts:
                yield BOXES[box], "\n".join(parts)

    def _words(self, run: RunId) -> dict[str, str]:
        return {key: one.words for key, one in self._said.get(run, {}).items() if one.value != f'"{AS_IT_IS}"'}


def _runs(occurrence: Occurrence, held: Round) -> Iterable[RunId]:
    """Name every run whose words belong on the page."""
    for number, piece in enumerate(held.pieces):
        yield from (piece.run, errand_run(occurrence.id, f"look_back:{number}", piece.author))
    for number, review in enumerate(held.reviews):
        if review.run:
            author = held.pieces[review.piece].author
            yield from (review.run, errand_run(occurrence.id, f"received:{number}", author))


def _is_shown(review: Review) -> bool:
    """Show what was written, and what was given back for other words until those come."""
    return review.status in WRITTEN or (review.status is ReviewStatus.ASKED and review.turn > 1)
