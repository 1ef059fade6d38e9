"""Which habit comes next: in order, shuffled, or one of a few to vote on. Pure, and the same for the same seed."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

OFFERED = 3
"""Habits to vote on: few enough to compare on a phone."""


def upcoming(all_habits: Iterable[str], past: Sequence[str], seed: str = "") -> list[str]:
    """List the habits still to come in this round through all of them, the next one first.

    `past` are the habits a group has had, repeats and skipped ones included; when each has come once the next round
    begins. With a `seed` each round is shuffled its own way; without, habits come in their order.
    """
    known = list(all_habits)
    met = Counter(past)
    rounds = min(met[habit] for habit in known)
    left = [habit for habit in known if met[habit] == rounds]
    return sorted(left, key=lambda habit: _rank(f"{seed}|{rounds}|{habit}")) if seed else left


def winner(offered: Sequence[str], votes: Iterable[str]) -> str:
    """Find the habit with most votes; among equals, and without any vote, the one offered first."""
    counted = Counter(vote for vote in votes if vote in offered)
    return max(offered, key=lambda habit: (counted[habit], -offered.index(habit)))


def to_vote_on(coming: Sequence[str], all_habits: Collection[str]) -> list[str]:
    """Choose the habits to offer; near the end of a round others come along again."""
    again = [habit for habit in all_habits if habit not in coming]
    return [*coming, *again][:OFFERED]


def _rank(text: str) -> bytes:
    return hashlib.blake2s(text.encode()).digest()
