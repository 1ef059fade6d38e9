"""What the facilitator of a play can do, and sees of a feedback round."""

from bot.adapters.terminal.outbound import wrapped
from bot.commands.play_stage import ADA, Stage
from bot.core.people import Action
from bot.core.runs import RunId
from bot.flows.peer_exchange.errands import PROTOCOLS
from bot.flows.peer_exchange.round import Review, ReviewStatus, Round, read_round
from bot.flows.program import programs
from bot.storage.occurrences import load_said

ABOUT = {"release": "NUMBER", "return": "NUMBER", "keep_back": "NUMBER", "remind": "NAME"}
"""What a step is about, where it is about one thing."""

ROUND = "peer_exchange"


def steps_for(stage: Stage, name: str) -> list[str]:
    """List what somebody may do to the occurrence."""
    one = stage.occurrence
    right = Action.READ_ANSWERS if name == ADA else Action.ANSWER
    return [step for step, wanted in programs()[one.kind].STEPS.items() if wanted is right] if one else []


async def overview(stage: Stage) -> list[str]:
    """Write down what the facilitator can do, and the comments there are to do it to."""
    steps = [f"{step} {ABOUT[step]}" if step in ABOUT else step for step in steps_for(stage, ADA)]
    said = [f"ada: {step}" for step in steps] or ["Here is nothing to steer."]
    own = [f"{next(iter(stage.learners))}: {step}   (a learner, about their own)" for step in steps_for(stage, "")]
    return ["", *said, *own, *_comments(stage)]


async def held_comments(stage: Stage) -> dict[str, list[str]]:
    """Write down the comments that wait for the facilitator, by number and turn."""
    held = _round(stage)
    if held is None:
        return {}
    waiting = [(n, one) for n, one in enumerate(held.reviews) if one.status is ReviewStatus.HELD]
    return {f"{n}.{one.turn}": [*await _words(stage, held, n, one)] for n, one in waiting}


def _round(stage: Stage) -> Round | None:
    one = stage.occurrence
    return read_round(one) if one is not None and one.kind == ROUND else None


def _comments(stage: Stage) -> list[str]:
    held = _round(stage)
    if held is None or not held.reviews:
        return []
    return ["", *(f"{n}  {_who(stage, held, one)}: {one.status.value}" for n, one in enumerate(held.reviews))]


def _who(stage: Stage, held: Round, review: Review) -> str:
    author = held.pieces[review.piece].author
    return f"{stage.learners[review.reviewer]} about {stage.learners[author]}'s work"


async def _words(stage: Stage, held: Round, number: int, review: Review) -> list[str]:
    """Quote a comment, and say what can be done with it."""
    runs = [RunId(review.run)] if review.run else []
    said = await stage.database.read(lambda connection: load_said(connection, runs))
    boxes = [key for box in PROTOCOLS[held.protocol][1] for key in (box, f"{box}.probe")]
    texts = [said[run, key][1] for run in runs for key in boxes if said.get((run, key), ("", ""))[1]]
    what_now = f"ada: release {number}, ada: return {number} or ada: keep_back {number}"
    lines = [f"A comment waits for you: {_who(stage, held, review)}.", *(f"“{text}”" for text in texts), what_now]
    return ["", *(shown for line in lines for shown in wrapped(line))]
