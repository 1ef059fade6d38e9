"""A round on the move: what one event changes in it, and the runs it begins."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from bot.core.occurrences import Occurrence
from bot.core.people import PersonId
from bot.core.runs import RunId, Value
from bot.flows.comments import wants_an_adult_first
from bot.flows.flow import AS_IT_IS
from bot.flows.peer_exchange.errands import HELPED, PROTOCOLS, Errands
from bot.flows.peer_exchange.nudging import nudge, remind_due
from bot.flows.peer_exchange.pairing import EVERYBODY, Desk, Pair, even_out, order, pair
from bot.flows.peer_exchange.round import (
    PATIENCE,
    UNDER_WAY,
    WRITTEN,
    Hold,
    Naming,
    Piece,
    Review,
    ReviewStatus,
    Round,
    next_quarter,
)
from bot.flows.program import Reminder, Scene, Start

MOST_BEYOND = 1
"""How many reviews above the usual number anybody is asked for, so that nobody pays for those who are absent."""


class Exchange:
    """A round while one event changes it; `at` is the event's moment."""

    def __init__(self, occurrence: Occurrence, held: Round, at: datetime, scene: Scene) -> None:
        self.round, self.at, self.starts, self.reminders = held, at, list[Start](), list[Reminder]()
        self._scene, self._seed = scene, str(occurrence.id)
        self._errands = Errands(held, scene)

    # Work comes in.

    def ask_for_work(self, person: PersonId) -> None:
        """Ask somebody to share something."""
        self.starts.append(self._errands.share(person))

    def welcome(self, person: PersonId) -> None:
        """Take somebody in who joined the group while the round is under way."""
        held = self.round
        if person in held.people or person not in self._scene.learners or self.at >= held.review_until:
            return
        held.people.append(person)
        self.ask_for_work(person)

    def take_work(self, person: PersonId, run: RunId, *, is_shared: bool) -> None:
        """Take in a piece, or that somebody would rather not share."""
        held = self.round
        held.shared.add(person)
        if is_shared:
            held.pieces.append(Piece(author=person, run=run, shared_at=self.at))
            if self.at >= held.review_until or held.is_closed:
                self._tell_author(len(held.pieces) - 1, "late")
                return
        self.pair_up()

    def withdraw(self, author: PersonId) -> None:
        """Take somebody's work out of a round under way; what was written about it stays with its writers."""
        if self.round.is_closed:
            return
        for number, piece in self.round.live():
            if piece.author == author:
                piece.is_withdrawn = True
                for review in self.round.of_piece(number):
                    if review.status is not ReviewStatus.DELIVERED:
                        review.status = ReviewStatus.DROPPED
        self.pair_up()

    def let_go(self, person: PersonId) -> None:
        """Take somebody out of the round who left the group; others do what was asked of them."""
        held = self.round
        if person not in held.people or person in held.left:
            return
        held.left.add(person)
        for review in held.reviews:
            if review.reviewer == person and review.status in UNDER_WAY:
                review.status = ReviewStatus.LAPSED
        self.withdraw(person)

    # Pairing.

    def pair_up(self, *, is_last_call: bool = False) -> None:
        """Pair whoever waits, as soon as it makes sense: a few together, or all that there are in the end."""
        held = self.round
        if held.is_closed or self.at >= held.review_until:
            return
        is_over = is_last_call or self.at >= held.share_until or not self._still_expected()
        if not is_over and not self._are_enough():
            return
        free = self._set_free()
        self._choose(pair, free, is_over=is_over)
        self._choose(even_out, free, is_over=is_over)
        if is_over:
            self._tell_the_unpaired()
        for person in {review.reviewer: None for review in held.reviews if review.status is ReviewStatus.WAITING}:
            self._begin_next(person)

    def _choose(self, choose: Callable[..., list[Pair]], free: list[Review], *, is_over: bool) -> None:
        """Seat everybody and add the pairs chosen; while others may still come, nobody meets the same person again."""
        held = self.round
        live = [(n, piece) for n, piece in held.live() if piece.author not in held.left]
        loads, received = held.loads(), held.reviewed()
        desks = [self._desk(piece.author, loads[piece.author], received[number]) for number, piece in live]
        where = {piece.author: n for n, (_, piece) in enumerate(live)}
        met = {(where[r], where[a]) for r, a in held.met if r in where and a in where}
        taken = set(self._taken(where)) | (set() if is_over else met)
        for reviewer, author in choose(desks, taken, met, self._seed):
            self._assign(live[author][0], live[reviewer][1].author, free)

    def _set_free(self) -> list[Review]:
        """Open again what nobody has begun or seen, so that who comes later is mixed with who came first."""
        reviews = [review for review in self.round.reviews if review.status is ReviewStatus.WAITING]
        if len(self.round.pieces) > EVERYBODY:
            return []
        for review in reviews:
            review.status = ReviewStatus.DROPPED
        return reviews

    def _still_expected(self) -> bool:
        held = self.round
        return bool(set(held.people) - held.shared - held.left)

    def _are_enough(self) -> bool:
        """Wait until a few pieces can be mixed, but not for long."""
        reviewed = self.round.reviewed()
        waiting = [piece for number, piece in self.round.live() if not reviewed[number]]
        return len(waiting) > self.round.reviews_each or any(self.at >= one.shared_at + PATIENCE for one in waiting)

    def _desk(self, author: PersonId, load: int, received: int) -> Desk:
        held = self.round
        is_here = author not in held.absent
        return Desk(
            person=author,
            load=load,
            received=received,
            wants=max(held.reviews_each - received, 0),
            takes=max(held.reviews_each + MOST_BEYOND - load, 0) if is_here else 0,
        )

    def _taken(self, where: Mapping[PersonId, int]) -> Iterator[tuple[int, int]]:
        """List the pairs that cannot come: those of this round, lapsed ones too, and people who are kept apart."""
        for review in (one for one in self.round.reviews if one.status is not ReviewStatus.DROPPED):
            author = self.round.pieces[review.piece].author
            if review.reviewer in where and author in where:
                yield where[review.reviewer], where[author]
        for first, second in map(tuple, self._scene.apart):
            if first in where and second in where:
                yield where[first], where[second]
                yield where[second], where[first]

    def _assign(self, piece: int, reviewer: PersonId, free: list[Review]) -> None:
        """Note a review to come: one set free where there is one, the very same if it can be."""
        same = next((r for r in free if (r.piece, r.reviewer) == (piece, reviewer)), None)
        due_at = same.due_at if same else self.at + timedelta(hours=self.round.lease_hours)
        if not free:
            self.round.reviews.append(Review(piece=piece, reviewer=reviewer, due_at=due_at))
            return
        review = same or free[-1]
        free.remove(review)
        review.piece, review.reviewer, review.due_at = piece, reviewer, due_at
        review.status = ReviewStatus.WAITING

    def _tell_the_unpaired(self) -> None:
        """Tell everybody at whose work nobody looks, once, and why."""
        live, reviewed = dict(self.round.live()), self.round.reviewed()
        for number in live:
            if not reviewed[number]:
                self._tell_author(number, "alone" if len(live) == 1 else "nobody_free")

    def _tell_author(self, number: int, why: str) -> None:
        piece = self.round.pieces[number]
        if not piece.is_told:
            piece.is_told = True
            self.starts.append(self._errands.tell(piece.author, "unpaired", why))

    # Reviewing.

    def _begin_next(self, person: PersonId) -> None:
        """Let a reviewer begin: first practice, then one piece after the other."""
        held, mine = self.round, self.round.by(person)
        waiting = [n for n, review in mine.items() if review.status is ReviewStatus.WAITING]
        if not waiting or any(review.status is ReviewStatus.ASKED for review in mine.values()):
            return
        if held.has_practice and person not in held.practised:
            if person not in held.practising:
                held.practising.add(person)
                self.starts.append(self._errands.practice(person))
            return
        number = waiting[0]
        mine[number].status = ReviewStatus.ASKED
        mine[number].due_at = max(mine[number].due_at, self.at + timedelta(hours=held.lease_hours))
        self.starts.append(self._errands.review(number, mine))

    def after_practice(self, person: PersonId) -> None:
        """Go on to the first piece, however the practice went."""
        self.round.practised.add(person)
        self._begin_next(person)

    def take_review(self, number: int, run: RunId, said: Mapping[str, Value]) -> None:
        """Take in a review; one that was stopped or left empty is asked of somebody else."""
        held, review = self.round, self.round.reviews[number]
        written = self._written(said)
        review.run = run
        held.absent.discard(review.reviewer)
        if not written:
            held.absent.add(review.reviewer)
            review.status = ReviewStatus.LAPSED
            self.pair_up(is_last_call=True)
            self._look_back(review.piece)
        elif held.pieces[review.piece].is_withdrawn:
            self.starts.append(self._errands.tell(review.reviewer, f"withdrawn:{number}", "withdrawn"))
        elif held.hold is Hold.OFF:
            self.release(review)
        else:
            self._hold(review, number, " ".join(written))
        self._begin_next(review.reviewer)

    def revise_review(self, number: int, run: RunId, said: Mapping[str, Value]) -> None:
        """Look again at a comment whose words were changed before it reached its author."""
        review = self.round.reviews[number]
        is_on_its_way = review.status in (ReviewStatus.RELEASED, ReviewStatus.HELD) and review.run == run
        if is_on_its_way and self.round.hold is not Hold.OFF and wants_an_adult_first(" ".join(self._written(said))):
            review.status, review.why, review.deliver_at = ReviewStatus.HELD, "flagged", None

    def _written(self, said: Mapping[str, Value]) -> list[str]:
        """List what stands in the boxes of a comment."""
        boxes = PROTOCOLS[self.round.protocol][1]
        texts = [said.get(key) for box in boxes for key in (box, f"{box}.probe")]
        return [text for text in texts if isinstance(text, str) and text != AS_IT_IS]

    def _hold(self, review: Review, number: int, text: str) -> None:
        """Keep a comment for the facilitator's eyes first, where the round or its words ask for that."""
        is_flagged = wants_an_adult_first(text)
        if not is_flagged and self.round.hold is Hold.FLAGGED:
            self.release(review)
            return
        review.status, review.why = ReviewStatus.HELD, "flagged" if is_flagged else "all"
        if is_flagged:
            told = self._errands.tell(review.reviewer, f"held:{number}:{review.turn}", "held")
            self.starts.append(told)

    def review_named(self, name: str) -> Review | None:
        """Find a review by its number as somebody wrote it."""
        is_number = name.isascii() and name.isdecimal() and len(name) < 7  # noqa: PLR2004
        return self.round.reviews[int(name)] if is_number and int(name) < len(self.round.reviews) else None

    def release(self, review: Review) -> None:
        """Let a comment go to its author: at once where names are known, else on the quarter of an hour."""
        if review.status in WRITTEN - {ReviewStatus.HELD, ReviewStatus.KEPT_BACK} or review.run is None:
            return
        review.status, review.why = ReviewStatus.RELEASED, ""
        review.deliver_at = self.at if self.round.naming is Naming.NAMED else next_quarter(self.at)
        self._deliver()

    def give_back(self, review: Review) -> None:
        """Ask a reviewer for other words."""
        if review.status not in (ReviewStatus.HELD, ReviewStatus.KEPT_BACK):
            return
        review.turn += 1
        review.status, review.due_at = ReviewStatus.ASKED, self.at + timedelta(hours=self.round.lease_hours)
        mine = self.round.by(review.reviewer)
        number = next(n for n, one in mine.items() if one is review)
        self.starts.append(self._errands.review(number, mine))

    def keep_back(self, review: Review) -> None:
        """Keep a comment from its author for good."""
        if review.status is ReviewStatus.HELD:
            review.status = ReviewStatus.KEPT_BACK
            self._look_back(review.piece)

    # What comes back.

    def _deliver(self) -> None:
        """Hand out what is due, in an order that tells nothing about who wrote first."""
        held = self.round
        due = [n for n, r in enumerate(held.reviews) if r.status is ReviewStatus.RELEASED and self._is_due(r)]
        for number in map(int, order([str(n) for n in due], self._seed)):
            review = held.reviews[number]
            review.status = ReviewStatus.DELIVERED
            self.starts.append(self._errands.received(number, review))

    def _is_due(self, review: Review) -> bool:
        return review.deliver_at is not None and review.deliver_at <= self.at

    def take_thanks(self, number: int, said: Mapping[str, Value]) -> None:
        """Take in what an author makes of a comment, and let its reviewer know what was worth most."""
        review = self.round.reviews[number]
        review.is_received = True
        helped = said.get("helped")
        if helped in HELPED:
            review.helped = str(helped)
            self.starts.append(self._errands.thanks(number, review))
        self._look_back(review.piece)

    def _look_back(self, number: int) -> None:
        """Ask an author what they will change first, once everything that may come has come and was read."""
        piece, reviews = self.round.pieces[number], self.round.of_piece(number)
        is_complete = all(r.is_received or r.status is ReviewStatus.KEPT_BACK for r in reviews)
        has_any = any(r.status is ReviewStatus.DELIVERED for r in reviews)
        if has_any and not piece.is_looked_back and (is_complete or self.round.is_closed):
            piece.is_looked_back = True
            self.starts.append(self._errands.look_back(number))

    # Time.

    def remind(self, people: Iterable[PersonId], by: PersonId) -> None:
        """Let the open questions of people come once more: now, or in the morning."""
        nudge(self.round, self._scene, people, by, self.at)
        self.reminders += remind_due(self.round, self.at)

    def see_to_what_is_due(self) -> None:
        """Do everything whose moment has come."""
        held = self.round
        self.reminders += remind_due(held, self.at)
        self._deliver()
        if held.is_closed:
            return
        late = [r for r in held.reviews if r.status in UNDER_WAY and r.due_at <= self.at]
        for review in late:
            review.status = ReviewStatus.LAPSED
            held.absent.add(review.reviewer)
        self.pair_up(is_last_call=bool(late))
        for piece in sorted({review.piece for review in late}):
            self._look_back(piece)  # what was still awaited may have been the last
        if self.at >= held.close_at:
            self.close()

    def close(self) -> None:
        """End the round: whoever got something looks back, whoever got nothing is told why."""
        held = self.round
        if held.is_closed:
            return
        held.is_closed = True
        for number, piece in held.live():
            if any(review.status in WRITTEN for review in held.of_piece(number)):
                self._look_back(number)
            elif piece.shared_at < held.review_until:  # who came later was told so then
                self.starts.append(self._errands.tell(piece.author, "closed", "nothing_came"))
