"""The runs a round begins: which flow, for whom, and what it takes along."""

from collections.abc import Mapping

from bot.core.people import PersonId
from bot.flows.comments import OTHER_COMMENTS
from bot.flows.flow import pick
from bot.flows.habit_of_week.habits import habits
from bot.flows.peer_exchange.round import Naming, Review, ReviewStatus, Round
from bot.flows.program import Quote, Scene, Start

PROTOCOLS = {
    "describe_judge_suggest": ("peer-review", ("describe", "judge", "suggest")),
    "warm_cool_wonder": ("peer-review-warm", ("warm", "cool", "wonder")),
}
"""The flow of each way of giving feedback, and the boxes a comment has."""

HELPED = ("place", "reason", "step")
"""What an author may say was worth most in a comment."""


class Errands:
    """Writes out the runs of one round."""

    def __init__(self, held: Round, scene: Scene) -> None:
        self._round, self._scene = held, scene

    def share(self, person: PersonId) -> Start:
        """Ask for work, and which feedback its author wants."""
        for_staff = "yes" if self._scene.setting == "staff" else ""
        return self._start(person, "peer-share", "share", {"habit": self._habit_name(), "for_staff": for_staff})

    def practice(self, person: PersonId) -> Start:
        """Let somebody practise before their first review."""
        return self._start(person, "peer-practice", "practice")

    def review(self, number: int, mine: Mapping[int, Review]) -> Start:
        """Ask somebody to look at a piece, one of all their reviews; a further turn quotes what they wrote before."""
        held, review = self._round, mine[number]
        piece = held.pieces[review.piece]
        flow, boxes = PROTOCOLS[held.protocol]
        quotes = {"work": Quote(piece.run, ("work",)), "ask": Quote(piece.run, ("ask",))}
        quotes["kind"] = Quote(piece.run, ("kind",))
        others = [one.run for n, one in mine.items() if n != number and one.run]
        if others:
            quotes[OTHER_COMMENTS] = Quote(others[-1], boxes)
        if review.turn > 1 and review.run:
            quotes["before"] = Quote(review.run, _with_follow_ups(boxes))
        author = self._name(piece.author) if held.naming is Naming.NAMED else ""
        return self._start(
            review.reviewer,
            flow,
            f"review:{number}:{review.turn}",
            {"author": author, "habit": self._habit_name(), "look_for": self._look_for()},
            quotes,
        )

    def received(self, number: int, review: Review) -> Start:
        """Hand a comment to its author."""
        held = self._round
        quotes = {box: Quote(review.run, _with_follow_ups((box,))) for box in PROTOCOLS[held.protocol][1] if review.run}
        reviewer = self._name(review.reviewer) if held.naming is Naming.NAMED else ""
        author = held.pieces[review.piece].author
        return self._start(author, "peer-received", f"received:{number}", {"reviewer": reviewer}, quotes)

    def thanks(self, number: int, review: Review) -> Start:
        """Tell a reviewer what in their comment was worth most to its author."""
        author = self._name(self._round.pieces[review.piece].author) if self._round.naming is Naming.NAMED else ""
        given = {"author": author, review.helped: "yes"}
        return self._start(review.reviewer, "peer-thanks", f"thanks:{number}", given)

    def look_back(self, piece: int) -> Start:
        """Ask an author what they will change first."""
        done = self._round.pieces[piece]
        count = sum(r.status is ReviewStatus.DELIVERED for r in self._round.of_piece(piece))
        return self._start(done.author, "peer-look-back", f"look_back:{piece}", {"several": "yes" if count > 1 else ""})

    def tell(self, person: PersonId, part: str, why: str) -> Start:
        """Tell somebody how things stand; `why` is one of those that the flow names under `given`."""
        return self._start(person, "peer-news", part, {why: "yes"})

    def _start(
        self,
        person: PersonId,
        flow: str,
        part: str,
        given: dict[str, str] | None = None,
        quotes: dict[str, Quote] | None = None,
    ) -> Start:
        named = {"naming": self._round.naming.value, **(given or {})}
        kept = {name: text for name, text in named.items() if text}
        is_numbered = part.partition(":")[0] in ("review", "received", "thanks", "look_back")
        return Start(
            person=person,
            flow=flow,
            part=part if is_numbered else f"{part}:{person}",
            given=kept,
            quotes=quotes or {},
        )

    def _name(self, person: PersonId) -> str:
        return self._scene.learners.get(person, "")

    def _habit_name(self) -> str:
        return pick(habits()[self._round.habit].name, "en") if self._round.habit else ""

    def _look_for(self) -> str:
        if not self._round.habit:
            return ""
        look_fors = habits()[self._round.habit].look_fors
        setting = self._scene.setting
        return pick(look_fors["club" if setting == "club" else "staff" if setting == "staff" else "class"][0], "en")


def _with_follow_ups(boxes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for box in boxes for key in (box, f"{box}.probe"))
