"""Answers for pages to show, put in through the one door."""

from bot.core.events import AnswerEdited, FormSubmitted, Outcome, Raw, RunRequested
from bot.core.people import GroupId, PersonId, Place
from bot.core.runs import Mode, RunId
from bot.flows.conversation import run_id
from tests.web.house import BEN, CLASS, Stage

WEEKLY: dict[str, Raw] = {"thinking": "3", "part": "The scale of the map", "way": "", "next": "Draw it", "next.cue": ""}


async def answer(
    stage: Stage,
    person: PersonId = BEN,
    group: GroupId = CLASS,
    flow: str = "weekly-check-in",
    raw: dict[str, Raw] | None = None,
) -> RunId:
    """Let a person fill in a flow's form now; answer the run's id."""
    at, place = stage.hands(), Place(f"browser:{person}")
    wish = RunRequested(id=stage.name(), at=at, who=person, place=place, flow=flow, group=group, mode=Mode.FORM)
    run = run_id(wish, person)
    given = raw or WEEKLY
    sent = FormSubmitted(id=stage.name(), at=at, who=person, place=place, run=run, raw=given)
    assert [await stage.happen(event) for event in (wish, sent)] == [Outcome.ACCEPTED] * 2
    return run


async def edit(stage: Stage, run: RunId, key: str, said: str, person: PersonId = BEN) -> None:
    """Let a person change an answer."""
    place = Place(f"browser:{person}")
    await stage.happen(
        AnswerEdited(id=stage.name(), at=stage.hands(), who=person, place=place, run=run, key=key, raw=said)
    )
