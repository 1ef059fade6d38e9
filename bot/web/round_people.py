"""Who is at what in a feedback round, who waits for whom, and who may be reminded: facts in words, never a ranking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.core.people import PersonId
from bot.flows.peer_exchange.nudging import is_fresh, wanted_of
from bot.flows.peer_exchange.round import Nudge, Piece, ReviewStatus, Round
from bot.flows.program import OpenQuestion


class Doing(StrEnum):
    """What one person in a round is at, in the order in which one comes to it."""

    SHARING = "Choosing what to share"
    PRACTISING = "Practising first"
    REVIEWING = "Looking at a piece"
    WAITING_FOR_EYES = "Waiting for somebody to look at their piece"
    WAITING_FOR_WORDS = "Waiting for a comment"
    READING = "Reading what came back"
    CHOOSING = "Choosing what to change first"
    ROUND = "All the way round"
    AROUND = "Not sharing this time"


AFTER_THE_END = (Doing.READING, Doing.CHOOSING, Doing.ROUND)
"""What somebody may still be at in a round that has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What tells who is at what: the round, who is here by name, what is open for them, and who looked back."""

    held: Round
    present: Mapping[PersonId, str]
    waiting: Mapping[PersonId, tuple[OpenQuestion, ...]]
    looked_back: frozenset[int]
    at: datetime
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtIt:
    """One person at something, since when; whose piece they look at, and whose words they wait for.

    `waits_for_you`: a comment on their work is yours to read first. `nudge` is the one that stands in the way of
    another.
    """

    person: PersonId
    name: str
    since: datetime | None
    looks_at: str = ""
    comments_from: tuple[str, ...] = ()
    waits_for_you: bool = False
    question: OpenQuestion | None = None
    nudge: Nudge | None = None

    @property
    def may_be_reminded(self) -> bool:
        """Say whether their open question may be brought to them once more today."""
        return self.question is not None and self.question.may_be_brought and self.nudge is None

    @property
    def was_reminded(self) -> bool:
        """Say whether the nudge brought their question; not where they had gone on before it came."""
        return bool(
            self.nudge and self.nudge.is_done and self.question and self.question.asked_at >= self.nudge.comes_at
        )


class Line(NamedTuple):
    """What some people are at; `to_remind` are those who may be reminded of it."""

    what: Doing
    people: tuple[AtIt, ...]

    @property
    def to_remind(self) -> tuple[PersonId, ...]:
        """List whom the facilitator may remind."""
        return tuple(one.person for one in self.people if one.may_be_reminded)


def who_is_at_what(known: Known) -> tuple[Line, ...]:
    """Group everybody who is here by what they are at; who has nothing to do in an ended round is left out."""
    found: dict[Doing, list[AtIt]] = {doing: [] for doing in Doing}
    for person in sorted(known.present, key=lambda one: known.present[one].casefold()):
        doing, one = _at(known, person)
        found[doing].append(one)
    shown = AFTER_THE_END if known.held.is_closed else tuple(Doing)
    return tuple(Line(doing, tuple(found[doing])) for doing in shown if found[doing])


def _at(known: Known, person: PersonId) -> tuple[Doing, AtIt]:
    held, question = known.held, wanted_of(known.held, known.waiting.get(person, ()), known.at)
    doing, piece = _what_next(known, person)
    nudge = held.nudges.get(question.run) if question else None
    reviews = held.of_piece(piece[0]) if piece and doing is Doing.WAITING_FOR_WORDS else []
    is_asked = doing not in (Doing.WAITING_FOR_EYES, Doing.WAITING_FOR_WORDS, Doing.ROUND, Doing.AROUND)
    waits_since = piece[1].shared_at if piece and doing is Doing.WAITING_FOR_EYES else None
    since = question.begun_at if question and is_asked else waits_since
    writing = (r for r in reviews if r.status in (ReviewStatus.WAITING, ReviewStatus.ASKED))
    return doing, AtIt(
        person=person,
        name=known.present[person],
        since=since if since and _is_earlier_day(since, known) else None,
        looks_at=known.present.get(_looks_at(held, person) or person, "") if doing is Doing.REVIEWING else "",
        comments_from=tuple(known.present[r.reviewer] for r in writing if r.reviewer in known.present),
        waits_for_you=any(r.status is ReviewStatus.HELD for r in reviews),
        question=question if is_asked else None,
        nudge=nudge if nudge and is_fresh(nudge, known.at, known.zone) else None,
    )


def _what_next(known: Known, person: PersonId) -> tuple[Doing, tuple[int, Piece] | None]:
    """Say what somebody is at, and about which piece of their own that is."""
    held = known.held
    if not held.is_closed:
        if person in held.practising - held.practised:
            return Doing.PRACTISING, None
        if _looks_at(held, person):
            return Doing.REVIEWING, None
        if person not in held.shared:
            return Doing.SHARING, None
    own = [(number, piece) for number, piece in held.live() if piece.author == person]
    return (_about_own_piece(known, *own[-1]), own[-1]) if own else (Doing.AROUND, None)


def _about_own_piece(known: Known, number: int, piece: Piece) -> Doing:
    reviews = known.held.of_piece(number)
    if not reviews:
        return Doing.WAITING_FOR_EYES
    if any(review.status is ReviewStatus.DELIVERED and not review.is_received for review in reviews):
        return Doing.READING
    if not piece.is_looked_back:
        return Doing.WAITING_FOR_WORDS
    return Doing.ROUND if number in known.looked_back else Doing.CHOOSING


def _looks_at(held: Round, person: PersonId) -> PersonId | None:
    """Find whose piece somebody looks at now."""
    asked = (r for r in held.by(person).values() if r.status is ReviewStatus.ASKED)
    return next((held.pieces[review.piece].author for review in asked), None)


def _is_earlier_day(then: datetime, known: Known) -> bool:
    zone = ZoneInfo(known.zone)
    return then.astimezone(zone).date() < known.at.astimezone(zone).date()
