"""How long it takes to pair a group, beside the floor of two plain assignments of that many people (SciPy)."""

import statistics
import time
from datetime import UTC, datetime, timedelta

import numpy as np
from scipy.optimize import linear_sum_assignment

from bot.core.occurrences import Occurrence, OccurrenceId, OccurrenceStatus
from bot.core.people import GroupId, PersonId
from bot.core.runs import RunId
from bot.flows.peer_exchange.exchange import Exchange
from bot.flows.peer_exchange.round import Hold, Naming, Piece, Round
from bot.flows.program import Scene

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROUNDS = 3
TARGET = 2.0


def seconds_to_pair(count: int) -> float:
    """Time the pairing of a whole round in which everybody has shared, two reviews each."""
    people = [PersonId(f"person-{n:04}") for n in range(count)]
    held = Round(
        protocol="describe_judge_suggest",
        naming=Naming.NAMED,
        hold=Hold.OFF,
        has_practice=False,
        share_until=NOW + timedelta(days=3),
        review_until=NOW + timedelta(days=7),
        close_at=NOW + timedelta(days=10),
        people=people,
        shared=set(people),
        pieces=[Piece(author=person, run=RunId(person), shared_at=NOW) for person in people],
    )
    group = GroupId("school")
    one = Occurrence(
        id=OccurrenceId("round"),
        kind="peer_exchange",
        group=group,
        by=people[0],
        status=OccurrenceStatus.OPEN,
        started_at=NOW,
        due_at=None,
        state="",
    )
    scene = Scene(group=group, setting="class", zone="UTC", task="", learners={p: str(p) for p in people})
    exchange = Exchange(one, held, NOW, scene)
    began = time.perf_counter()
    exchange.pair_up(is_last_call=True)
    taken = time.perf_counter() - began
    if len(exchange.starts) != count or set(held.loads().values()) != {2}:
        raise SystemExit(f"{count} people: not everybody got two")
    return taken


def seconds_of_floor(count: int) -> float:
    """Time two plain assignments: nobody gets their own, nobody the same twice."""
    places = np.arange(count)
    costs = ((places[None, :] - places[:, None]) % count).astype(float)
    costs[places, places] = 1e9
    began = time.perf_counter()
    for _ in range(2):
        chosen = linear_sum_assignment(costs)
        costs[chosen] = 1e9
    return time.perf_counter() - began


def main() -> None:
    """Print the figures; the first pairing, which also loads SciPy, is not counted."""
    seconds_to_pair(3)
    for count in (25, 60, 250, 1_000):
        taken = statistics.median(seconds_to_pair(count) for _ in range(ROUNDS))
        floor = statistics.median(seconds_of_floor(count) for _ in range(ROUNDS))
        target = f"  target <= {TARGET:.0f} s" if count == 1_000 else ""
        print(f"{count:5} people  {taken:.3f} s  floor {floor:.3f} s  {taken / floor:.0f} x{target}")


if __name__ == "__main__":
    main()
