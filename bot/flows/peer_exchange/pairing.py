"""Who looks at whose work. Pure, and the same for the same people, seed and history.

Pairing is a flow of least cost: as many reviews as are wanted, then loads as even as can be, then as few pairs as can
be that met before. Its linear program has whole numbers for a solution at every vertex, so HiGHS (in SciPy) finds the
best there is: 0.05 s for 60 people, about a second for 1,000.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, islice

Pair = tuple[int, int]
"""Who reviews, whose work: both as places in a list of desks."""

REVIEWED = (1e7, 1e6, 1e5)
"""What a first, a second and any further review of a piece are worth."""

LOAD = 1e3
MET = 10.0
EVERYBODY = 64
NEAREST = 12
"""Larger groups are not asked for every pair: each reviewer may take one of so many pieces, new ones first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One person in the round: reviews asked of them and reviews of their piece, as they stand now.

    `wants` is how many more reviews the piece could have (0 where there is none), `takes` how many more they may do.
    """

    person: str
    load: int = 0
    received: int = 0
    wants: int = 0
    takes: int = 0


def pair(desks: Sequence[Desk], taken: Collection[Pair], met: Collection[Pair], seed: str) -> list[Pair]:
    """Choose pairs for all that is wanted; `taken` may not come (again), those who `met` only where nothing else does.

    The circle that the seed puts everybody in decides between equals.
    """
    edges = _edges(desks, set(taken), set(met), seed)
    if not edges:
        return []
    takes = {n: [LOAD * (desk.load + k + 1) for k in range(desk.takes)] for n, desk in enumerate(desks)}
    wants = {n: [-_worth(desk.received + k) for k in range(desk.wants)] for n, desk in enumerate(desks)}
    return _cheapest(edges, takes, wants)


def even_out(desks: Sequence[Desk], taken: Collection[Pair], met: Collection[Pair], seed: str) -> list[Pair]:
    """Choose further pairs for whoever has two reviews less to do than somebody else, such as a late-comer."""
    most = max((desk.load for desk in desks), default=0)
    free = {n: min(desk.takes, most - 1 - desk.load) for n, desk in enumerate(desks) if desk.load < most - 1}
    if not free:
        return []
    seats = [replace(desk, wants=1, takes=free.get(n, 0)) for n, desk in enumerate(desks)]
    edges = _edges(seats, set(taken), set(met), seed)
    takes = {n: [0.0] * more for n, more in free.items()}
    most_more = sum(free.values())
    wants = {n: [LOAD * (desk.received + k + 1) - _worth(9) for k in range(most_more)] for n, desk in enumerate(desks)}
    return _cheapest(edges, takes, wants) if edges else []


def order(people: Collection[str], seed: str) -> list[str]:
    """Put people into an order that only the seed decides."""
    return sorted(people, key=lambda person: hashlib.blake2s(f"{seed}|{person}".encode()).digest())


def _worth(received: int) -> float:
    return REVIEWED[min(received, len(REVIEWED) - 1)]


def _edges(desks: Sequence[Desk], taken: set[Pair], met: set[Pair], seed: str) -> dict[Pair, float]:
    """List the pairs that may come, with what each costs besides load: having met, and the way round the circle."""
    circle = {person: place for place, person in enumerate(order([desk.person for desk in desks], seed))}
    around = sorted(range(len(desks)), key=lambda n: circle[desks[n].person])
    found: dict[Pair, float] = {}
    for at, reviewer in enumerate(around):
        if not desks[reviewer].takes:
            continue
        ahead = enumerate(chain(islice(around, at + 1, None), islice(around, at)))
        free = ((step, (reviewer, one)) for step, one in ahead if desks[one].wants and (reviewer, one) not in taken)
        for step, edge in free if len(desks) <= EVERYBODY else _nearest(free, met):
            found[edge] = step / len(desks) + MET * (edge in met)
    return found


def _nearest(free: Iterable[tuple[int, Pair]], met: set[Pair]) -> list[tuple[int, Pair]]:
    """Take the nearest pairs that have not met, and others only where these are too few."""
    again: list[tuple[int, Pair]] = []
    new: list[tuple[int, Pair]] = []
    for step, edge in free:
        (again if edge in met else new).append((step, edge))
        if len(new) == NEAREST:
            return new
    return [*new, *again][:NEAREST]


def _cheapest(edges: dict[Pair, float], takes: dict[int, list[float]], wants: dict[int, list[float]]) -> list[Pair]:
    """Solve the flow: each reviewer and each piece has slots, a slot has a cost, and a slot of a piece may pay."""
    # SciPy takes a second to load and 60 MB to hold: only a process that pairs people does.
    from scipy.optimize import linprog  # noqa: PLC0415
    from scipy.sparse import coo_array  # noqa: PLC0415

    costs = list(edges.values())
    rows: list[int] = []
    columns: list[int] = []
    signs: list[int] = []
    row_of: dict[tuple[str, int], int] = {}
    numbers = count()

    def enter(side: str, person: int, column: int, sign: int) -> None:
        rows.append(row_of.setdefault((side, person), next(numbers) if (side, person) not in row_of else 0))
        columns.append(column)
        signs.append(sign)

    for column, (reviewer, author) in enumerate(edges):
        enter("takes", reviewer, column, 1)
        enter("wants", author, column, 1)
    for side, slots in (("takes", takes), ("wants", wants)):
        for person in sorted({person for known, person in row_of if known == side}):
            for cost in slots[person]:
                enter(side, person, len(costs), -1)
                costs.append(cost)
    balance = coo_array((signs, (rows, columns)), shape=(len(row_of), len(costs))).tocsr()
    solved = linprog(costs, A_eq=balance, b_eq=[0] * len(row_of), bounds=(0, 1), method="highs-ds")
    return [edge for edge, chosen in zip(edges, solved.x, strict=False) if chosen > 0.5]  # noqa: PLR2004
