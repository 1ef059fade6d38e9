"""`mull play`: a flow or a whole program in the terminal, through the same door as everywhere; nothing is kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from bot.commands.play_sitting import Ask, Sitting
from bot.commands.play_stage import NAMES, TASK, PlayClock, monday_morning, opened_stage
from bot.core.errors import DocumentError, MullError
from bot.flows.document import Document
from bot.flows.library import flows, read
from bot.flows.program import programs

USUAL = 3
"""People in a program where nothing else is said: the fewest among whom feedback can go round."""


class WrongChoice(MullError):
    """A choice is written as name=value, for instance: --choose naming=hidden"""


async def play(
    name: str,
    ask: Ask,
    show: Callable[[str], None],
    *,
    lang: str = "en",
    people: int | None = None,
    choices: Sequence[str] = (),
    now: datetime | None = None,
) -> None:
    """Play a flow or a program until it ends or the person leaves.

    Raises DocumentError where there is no such flow or program, or its file is wrong; WrongChoice; Refused.
    """
    clock = PlayClock(monday_morning(now or datetime.now(UTC)))
    kind = name.replace("-", "_")
    chosen = read_choices(choices)
    document = None if kind in programs() else find_flow(name)
    learners = NAMES[:1] if document else NAMES[: people or USUAL]
    sitting = Sitting(ask, show, clock)
    async with opened_stage(clock, sitting.take, learners) as stage:
        await stage.set_up(lang, "" if document else TASK, document)
        if document:
            await stage.begin_flow(document.flow)
        else:
            await stage.begin_program(kind, chosen)
        await sitting.go_on(stage)


def read_choices(written: Sequence[str]) -> Mapping[str, str]:
    """Read choices written as `name=value`.

    Raises WrongChoice.
    """
    pairs = [one.partition("=") for one in written]
    if not all(name.strip() and value.strip() for name, _, value in pairs):
        raise WrongChoice
    return {name.strip(): value.strip() for name, _, value in pairs}


def find_flow(name: str) -> Document:
    """Find a flow by id, or read it from a file.

    Raises DocumentError, also where only a program begins it.
    """
    path = Path(name)
    if name not in flows() and not path.is_file():
        raise DocumentError(
            f"There is no flow, program or file named {name}. Flows: {', '.join(_playable())}. "
            f"Programs: {', '.join(map(_typed, programs()))}."
        )
    document = flows().get(name) or read(path.read_text("utf-8"), name)
    if document.begun_by == "program":
        raise DocumentError(f"{document.flow} is a part of a program, which begins it. {_which(document)}")
    return document


def _playable() -> list[str]:
    return sorted(flow for flow, document in flows().items() if document.begun_by != "program")


def _which(document: Document) -> str:
    """Say which program to play for a flow: the one whose folder holds it."""
    for kind in programs():
        if (files("bot.flows") / kind / f"{document.flow}.yaml").is_file():
            return f"Play that: mull play {_typed(kind)}"
    return "Put it into the folder of that program, and play the program."


def _typed(kind: str) -> str:
    return kind.replace("_", "-")
