"""`mull simulate`: whole school years on a virtual clock, each held against an oracle."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from bot.app import settle_memory
from bot.logs import set_up_logs
from bot.simulation.seeds import Lived, Wanted, live_seed

MOST_SENTENCES = 12
"""Differences told of one seed: the first ones lead to the cause."""


def simulate_years(seeds: Sequence[int], wanted: Wanted, processes: int, say: Callable[[str], None]) -> bool:
    """Live the years of seeds, so many at a time, and tell of each; answer whether all were as they had to be."""
    is_equal = True
    # A year lives in a process of its own making: what one leaves in memory never reaches another.
    with ProcessPoolExecutor(min(processes, len(seeds)), mp_context=get_context("spawn")) as pool:
        for lived in pool.map(partial(_live, wanted=wanted), seeds):
            for line in told(lived, wanted):
                say(line)
            is_equal = is_equal and lived.findings.is_equal
    return is_equal


def told(lived: Lived, wanted: Wanted) -> list[str]:
    """Say what came of a seed in one line; where something differs, what, and how to see it again."""
    found = lived.findings
    line = (
        f"seed {lived.seed}: {found.prompts:,} prompts, {found.reminders:,} reminders, {found.answers:,} answers; "
        f"{found.missing} missing, {found.unexpected} unexpected, {found.other} other; {lived.seconds:.1f} s"
    )
    if found.is_equal:
        return [line]
    sentences = [f"  {one}" for one in found.sentences[:MOST_SENTENCES]]
    more = len(found.sentences) - len(sentences)
    rest = [f"  … and {more} more"] if more else []
    return [line, *sentences, *rest, f"  again: {_command(lived.seed, wanted)}"]


def _live(seed: int, wanted: Wanted) -> Lived:
    set_up_logs("error")
    settle_memory()
    return asyncio.run(live_seed(seed, wanted))


def _command(seed: int, wanted: Wanted) -> str:
    usual = Wanted()
    options = [
        f" --people {wanted.people}" * (wanted.people != usual.people),
        f" --weeks {wanted.weeks}" * (wanted.weeks != usual.weeks),
        " --no-faults" * (not wanted.is_faulty),
        f" --database {wanted.database}" * bool(wanted.database),
    ]
    return f"mull simulate --seed {seed}{''.join(options)}"
