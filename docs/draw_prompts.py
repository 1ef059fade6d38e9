"""Draw the prompts that are read and scored by hand: `python docs/draw_prompts.py`; docs/prompts-scored.md shows them.

Each habit comes once or twice, each setting and phase three or four times. A seed fixes the places that are drawn, so
a sentence mended afterwards stays in the sample.
"""

import random
from collections.abc import Sequence
from itertools import product
from typing import TypeVar

from bot.flows.flow import pick
from bot.flows.habit_of_week.habits import PHASES, SETTINGS, habits

SEED = 20261123
DRAWN = 30

Kind = TypeVar("Kind")


def draw() -> list[tuple[int, str, str, str]]:
    """Draw prompts: a habit's number, setting, phase and sentence of each."""
    chance = random.Random(SEED)  # noqa: S311 - anybody can draw the same again
    numbers = _rounds(chance, [habit.number for habit in habits().values()])
    places = _rounds(chance, list(product(SETTINGS, PHASES)))
    by_number = {habit.number: habit for habit in habits().values()}
    found: list[tuple[int, str, str, str]] = []
    for number, (setting, phase) in zip(numbers, places, strict=True):
        here = [(number, setting, phase, pick(p.ask, "en")) for p in by_number[number].prompts[setting][phase]]
        found.append(chance.choice([one for one in here if one not in found]))
    return sorted(found)


def _rounds(chance: random.Random, things: Sequence[Kind]) -> list[Kind]:
    """Repeat all things, shuffled anew each time, until there are enough."""
    found: list[Kind] = []
    while len(found) < DRAWN:
        found += chance.sample(things, len(things))
    return found[:DRAWN]


if __name__ == "__main__":
    for place, (number, setting, phase, ask) in enumerate(draw(), start=1):
        print(f"| {place} | {number} | {setting}, {phase.replace('_', ' ')} | {ask} |")
