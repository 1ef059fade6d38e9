"""A class that has answered for some weeks, for the pages that look at many at once."""

from bot.core.events import Raw
from bot.core.people import PersonId
from bot.core.runs import RunId
from tests.web.answering import WEEKLY, answer
from tests.web.house import Stage, enrol

SIX = {PersonId(name.lower()): name for name in ("Alba", "Bo", "Chen", "Dora", "Eli", "Fay")}
ALBA, BO, CHEN, DORA, ELI, FAY = SIX


async def six_learners(stage: Stage) -> None:
    """Put six learners into the class, besides Ben."""
    await enrol(stage, SIX)


async def all_say(stage: Stage, points: str, flow: str = "weekly-check-in", key: str = "thinking") -> list[RunId]:
    """Let the first learners answer, each with one point of `points`, in the order of their names."""
    given: dict[str, Raw] = WEEKLY if flow == "weekly-check-in" else {}
    return [
        await answer(stage, person, flow=flow, raw={**given, key: point})
        for person, point in zip(SIX, points, strict=False)
    ]
