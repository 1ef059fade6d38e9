"""Every route through a flow that its conditions can tell apart, without anybody walking it.

A route's spot keeps only what later steps look at, so that a flow of sixty steps has few of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, combinations, product
from typing import TypeAlias, assert_never

from bot.core.effects import Input
from bot.core.runs import Opening, Value
from bot.flows.conditions import holds
from bot.flows.document import AllOf, Answered, AnyOf, Condition, Given, Not, Remembered, Said
from bot.flows.flow import PLACEHOLDER, Flow, Leg, Question

MOST_LOOKS = 50_000
"""Steps looked at, over all routes, before a flow is called too branched: well under two seconds."""

MOST_OPEN_ASKS = 9
SOMETHING_ELSE = "\N{HORIZONTAL ELLIPSIS}"
"""Stands for an answer in somebody's own words."""

Outcome: TypeAlias = str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a route has come to: the next step, and all that later steps can tell about the way there.

    `known` names what the run knew when it began: `remembered.plan`, `given.ask`.
    """

    index: int
    said: frozenset[tuple[str, Outcome]] = frozenset()
    known: frozenset[str] = frozenset()
    open_asks: int = 0
    last: int | None = None
    has_skips: bool = False

    def values(self) -> dict[str, Value]:
        """Give what was said as the engine keeps it."""
        return {key: list(said) if isinstance(said, tuple) else said for key, said in self.said}

    def opening(self) -> Opening:
        """Give what the run knew as the engine keeps it."""
        return opening_with(self.known)


@dataclass(slots=True)
class Routes:
    """What all routes together show.

    `reached` holds the spots at which a step's condition is decided, `shown` those at which the step is shown;
    `last` the questions a run may end on where nothing is skipped; `circles` steps that lead to each other
    without waiting for anybody; `varying` what a run may know or not.
    """

    reached: dict[int, set[Spot]] = field(default_factory=dict)
    shown: dict[int, set[Spot]] = field(default_factory=dict)
    last: set[int] = field(default_factory=set)
    circles: set[int] = field(default_factory=set)
    varying: frozenset[str] = frozenset()
    most_open_asks: int = 0
    are_too_many: bool = False


@dataclass(frozen=True, slots=True)
class Uses:
    """The question keys and the known names that one step looks at; `lists` are the values asked for, by key.

    `sure` are given names that it quotes without looking whether they are there.
    """

    keys: frozenset[str]
    names: frozenset[str]
    sure: frozenset[str]
    lists: tuple[tuple[str, frozenset[str]], ...]


def routes(flow: Flow, texts: Mapping[int, str], open_steps: frozenset[int]) -> Routes:
    """Follow a flow on every route; `texts` holds each step's sentences, `open_steps` those answered in free text."""
    explorer = _Explorer(flow, texts, open_steps)
    explorer.explore()
    return explorer.found


def opening_with(known: Iterable[str]) -> Opening:
    """Make the opening of a run that knows these names."""
    names = [name.partition(".") for name in known]
    return Opening(
        remembered={name: SOMETHING_ELSE for kind, _, name in names if kind == "remembered"},
        given={name: SOMETHING_ELSE for kind, _, name in names if kind == "given"},
    )


def conditions_in(condition: Condition | None) -> Iterator[Remembered | Given | Answered | Said]:
    """List the leaves of a condition."""
    match condition:
        case None:
            return
        case Remembered() | Given() | Answered() | Said():
            yield condition
        case AllOf():
            yield from chain.from_iterable(map(conditions_in, condition.all))
        case AnyOf():
            yield from chain.from_iterable(map(conditions_in, condition.any))
        case Not():
            yield from conditions_in(condition.not_)
        case _:
            assert_never(condition)


def keys_in(condition: Condition | None) -> frozenset[str]:
    """List the question keys that a condition looks at."""
    found: set[str] = set()
    for leaf in conditions_in(condition):
        if isinstance(leaf, Answered):
            found.add(leaf.answered)
        elif isinstance(leaf, Said):
            found.update(leaf.said)
    return frozenset(found)


def places_in(text: str, kind: str) -> frozenset[str]:
    """List the names behind `{said.…}`, `{remembered.…}` or `{given.…}` in a text."""
    names = PLACEHOLDER.findall(text)
    return frozenset(name.partition(".")[2] for name in names if name.startswith(f"{kind}."))


def _uses(condition: Condition | None, text: str) -> Uses:
    leaves = list(conditions_in(condition))
    names = {f"remembered.{leaf.remembered}" for leaf in leaves if isinstance(leaf, Remembered)}
    names |= {f"given.{leaf.given}" for leaf in leaves if isinstance(leaf, Given)}
    names |= {f"remembered.{name}" for name in places_in(text, "remembered")}
    lists = (leaf.said.items() for leaf in leaves if isinstance(leaf, Said))
    return Uses(
        keys=keys_in(condition) | places_in(text, "said"),
        names=frozenset(names),
        sure=frozenset(f"given.{name}" for name in places_in(text, "given")),
        lists=tuple((key, frozenset(values)) for key, values in chain.from_iterable(lists)),
    )


class _Explorer:
    def __init__(self, flow: Flow, texts: Mapping[int, str], open_steps: frozenset[int]) -> None:
        self.flow, self.open_steps = flow, open_steps
        self.found = Routes()
        self.looks = 0
        uses = [_uses(leg.when, texts.get(leg.index, "")) for leg in flow.legs]
        self.lists = [pair for use in uses for pair in use.lists]
        goes_back = any(leg.then in flow.index and flow.index[leg.then] <= leg.index for leg in flow.legs)
        later = [uses if goes_back else uses[index:] for index in range(len(uses) + 1)]
        self.keys = [frozenset(chain.from_iterable(use.keys for use in rest)) for rest in later]
        # What a program hands over is there, unless some step looks whether it is.
        varying = frozenset(chain.from_iterable(use.names for use in uses))
        self.names = [
            frozenset(chain.from_iterable(use.names | (use.sure & varying) for use in rest)) for rest in later
        ]

    def explore(self) -> None:
        """Fill in what is found, spot by spot."""
        self.found.varying = self.names[0]
        names = sorted(self.names[0])
        starts = chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
        seen: set[Spot] = set()
        todo: list[Spot] = []
        while todo or (start := next(starts, None)) is not None:
            spot = todo.pop() if todo else Spot(0, known=frozenset(start or ()))
            if spot in seen:
                continue
            seen.add(spot)
            todo += self._onward(spot)
            if self.looks > MOST_LOOKS:
                self.found.are_too_many = True
                return

    def _onward(self, spot: Spot) -> list[Spot]:
        """Walk from a spot to the next question, and list where its answers lead."""
        passed: set[int] = set()
        while spot.index < len(self.flow.legs):
            leg = self.flow.legs[spot.index]
            self.looks += 1
            self.found.reached.setdefault(leg.index, set()).add(spot)
            if leg.index in passed:
                self.found.circles.add(leg.index)
                return []
            passed.add(leg.index)
            if leg.when is not None and not holds(leg.when, spot.values(), spot.opening()):
                spot = self._at(spot, leg.index + 1)
                continue
            self.found.shown.setdefault(leg.index, set()).add(spot)
            if leg.questions:
                return self._answered(spot, leg)
            spot = self._at(spot, self._after(leg))
        self._end(spot)
        return []

    def _answered(self, spot: Spot, leg: Leg) -> list[Spot]:
        after = self._after(leg)
        asked = [q for q in (*leg.questions, *([leg.probe] if leg.probe else [])) if q.key in self.keys[after]]
        open_asks = min(spot.open_asks + (leg.index in self.open_steps), MOST_OPEN_ASKS)
        self.found.most_open_asks = max(self.found.most_open_asks, open_asks)
        spots = []
        for outcomes in product(*map(self._outcomes, asked)):
            said = dict(spot.said) | dict(zip((q.key for q in asked), outcomes, strict=True))
            moved = replace(spot, said=frozenset(said.items()), open_asks=open_asks, last=leg.index)
            spots.append(self._at(replace(moved, has_skips=spot.has_skips or None in outcomes), after))
        self.looks += len(spots)
        return spots

    def _at(self, spot: Spot, index: int) -> Spot:
        """Move a spot, forgetting what no step from there on looks at."""
        said = frozenset((key, value) for key, value in spot.said if key in self.keys[index])
        return replace(spot, index=index, said=said, known=spot.known & self.names[index])

    def _after(self, leg: Leg) -> int:
        after = self.flow.next(leg)
        return len(self.flow.legs) if after is None else after.index

    def _end(self, spot: Spot) -> None:
        if spot.last is not None and not spot.has_skips:
            self.found.last.add(spot.last)

    def _outcomes(self, question: Question) -> list[Outcome]:
        """List the answers that conditions can tell apart; None is a skipped question."""
        if question.input not in (Input.ONE, Input.MANY) or question.picks_people or question.takes_offered:
            return [None, SOMETHING_ELSE]
        values = [option.value for option in question.options] + [SOMETHING_ELSE] * question.takes_own
        lists = [wanted for key, wanted in self.lists if key == question.key]
        kinds = {tuple(value in wanted for wanted in lists): value for value in values}
        if question.input is Input.ONE:
            return [None, *kinds.values()]
        sizes = range(1, len(kinds) + 1)
        return [None, *chain.from_iterable(combinations(kinds.values(), size) for size in sizes)]
