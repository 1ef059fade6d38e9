"""kill -9 at every commit and every delivery, and at random moments: nothing is lost, nothing is seen twice."""

import itertools
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from signal import SIGKILL

import pytest

from bot.core.events import Event
from bot.core.people import Place
from bot.storage.database import Database
from tests.runner.worker import NOWHERE, SLOWEST, Crash, Files, Life, processes, talk
from tests.stage import KEYS, begin, place_of, pupil, rows, run_of, said_by, say, set_stage

KILLS = 70
SEED = 20260306


def script(number: int) -> list[Event]:
    """Write down what one learner does: begins, and answers each question once they see it."""
    return [begin(number), *(say(number, f"{key} of {number}", key) for key in KEYS)]


def scripts_of(people: Sequence[int]) -> dict[Place, Sequence[Event]]:
    """Write down what several learners do at once."""
    return {place_of(pupil(n)): script(n) for n in people}


def live(life: Life, kill_after: float | None = None) -> float | None:
    """Run one life; answer how many seconds it took to its end, or None where it was killed before."""
    context = processes()
    ready, tell = context.Pipe(duplex=False)
    process = context.Process(target=talk, args=(life, tell))
    process.start()
    tell.close()
    with suppress(EOFError):
        ready.recv()
    began = time.monotonic()
    process.join(SLOWEST if kill_after is None else kill_after)
    if process.is_alive():
        assert kill_after is not None, "this life did not come to an end"
        process.kill()
        process.join()
    assert process.exitcode in (0, -SIGKILL)
    return None if process.exitcode else time.monotonic() - began


def expected(number: int) -> list[str]:
    """List the effects a learner is to see: a greeting, three questions, a goodbye."""
    first, *answers = (event.id for event in script(number))
    return [f"{first}/0", f"{first}/1", *(f"{answer}/0" for answer in answers)]


async def check(database: Database, files: Files, people: Sequence[int]) -> int:
    """Check that all happened exactly once; answer how many deliveries came a second time."""
    shown = files.shown()
    for n in people:
        assert await said_by(database, n) == {key: f"{key} of {n}" for key in KEYS}
        assert list(dict.fromkeys(shown[place_of(pupil(n))])) == expected(n)
        outbox = await rows(database, "SELECT id, state FROM outbox WHERE person_id = :p ORDER BY seq", p=pupil(n))
        assert outbox == [(effect_id, "sent") for effect_id in expected(n)]
        assert await rows(database, "SELECT status FROM runs WHERE id = :run", run=run_of(n)) == [("done",)]
        assert await rows(database, "SELECT text FROM memories WHERE person_id = :p", p=pupil(n)) == [(f"plan of {n}",)]
    assert await rows(database, "SELECT * FROM revisions") == []
    assert await rows(database, "SELECT * FROM set_aside") == []
    return sum(len(shown[place_of(pupil(n))]) - len(expected(n)) for n in people)


@pytest.mark.parametrize("where", ["before commit", "after commit", "before delivery", "after delivery"])
async def test_a_process_killed_at_any_point_is_taken_over_by_the_next(
    database: Database, database_url: str, tmp_path: Path, where: str
) -> None:
    await set_stage(database, 100)
    for nth in itertools.count(1):
        files = Files(tmp_path / str(nth))
        files.folder.mkdir()
        people = range(2 * nth, 2 * nth + 2)
        life = Life(database_url, files, scripts_of(people), Crash(where, nth))
        reached_its_end = live(life) is not None
        if not reached_its_end:
            assert live(replace(life, crash=NOWHERE, number=1)) is not None
        again = await check(database, files, people)
        # Only what was shown and not yet written down as sent comes a second time: one effect a person at most.
        assert again <= len(people) - (where == "before delivery")
        if reached_its_end:
            break
    assert nth > len(expected(0))


async def test_a_process_killed_at_random_moments_again_and_again_loses_and_doubles_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await set_stage(database, 1000)
    chance, kills, first, longest = random.Random(SEED), 0, 0, 0.0
    while kills < KILLS:
        people = range(first, first + 6)
        files = Files(tmp_path / str(first))
        files.folder.mkdir()
        life = Life(database_url, files, scripts_of(people))
        # How long a life takes depends on the machine: the first is spared, and tells.
        while (lived := live(life, chance.uniform(0, longest) if longest and kills < KILLS else None)) is None:
            kills += 1
            life = replace(life, number=life.number + 1)
        longest = longest or lived
        await check(database, files, people)
        first += len(people)
    assert kills >= KILLS
