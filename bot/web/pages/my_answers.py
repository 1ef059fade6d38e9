"""A person's own answers: to read, and to change at any time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from bot.core.effects import Prompt
from bot.core.errors import NotYours
from bot.core.events import AnswerEdited
from bot.core.runs import Run, RunId
from bot.flows.flow import Flow, Question
from bot.flows.peer_exchange.round import Naming
from bot.flows.prompting import Prompting
from bot.flows.reading import Slip, read
from bot.storage.connection import Connection
from bot.storage.own_answers import OwnAnswer, Version, load_own_answers, load_own_runs, load_versions
from bot.storage.threads import ThreadRead, threads_by_answer
from bot.web.auth import InHouse, Posted, SignedIn, Visitor, event_id
from bot.web.given import own_run, raw_for
from bot.web.house import House
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.thread_view import Threads

RUNS = 20

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRun:
    """A run with its answers, in the order of its questions, each with who reads it and what was written about it.

    `is_by_day`: where names are hidden, the minute in which something came would tell who has just written.
    """

    id: RunId
    title: str
    at: datetime
    zone: str
    is_by_day: bool
    answers: tuple[tuple[OwnAnswer, str, Sequence[ThreadRead]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One answer on the desk, with what it said before."""

    run: Run
    flow: Flow
    question: Question
    prompt: Prompt
    answer: OwnAnswer
    versions: tuple[Version, ...]


async def desk_of(house: InHouse, who: SignedIn, run: str, key: str) -> Desk:
    """Find one of the visitor's own answers."""
    return await house.database.read(lambda connection: _desk(connection, house, who, RunId(run), key))


OnDesk: TypeAlias = Annotated[Desk, Depends(desk_of)]


@router.get("/me/answers")
async def show(request: Request, house: InHouse, who: SignedIn, before: str = "") -> Response:
    """Show answers, the newest run first; `before` names the last run that was seen."""
    runs, older = await house.database.read(lambda connection: _runs(connection, house, who, before))
    return render(request, "my_answers.html", runs=runs, older=older, before=before)


@router.get("/me/answers/{run}/{key}")
async def edit(request: Request, desk: OnDesk) -> Response:
    """Show one answer with a field to change it."""
    return render(request, "my_answer.html", desk=desk, prompt=desk.prompt)


@router.post("/me/answers/{run}/{key}")
async def change(request: Request, house: InHouse, who: SignedIn, form: Posted, desk: OnDesk) -> Response:
    """Change one answer; what does not fit comes back beside the field."""
    raw, now = raw_for(desk.prompt, form), house.now()
    value = read(desk.question, raw, desk.run.opening, desk.flow.phrases, now)
    if isinstance(value, Slip):
        kept = replace(desk.prompt, slip=value.sentence, said=raw)
        return render(request, "my_answer.html", status=422, desk=desk, prompt=kept)
    run, key = desk.run.id, desk.question.key
    event = AnswerEdited(id=event_id(form), at=now, who=who.person, place=who.place, run=run, key=key, raw=raw)
    await send(house, event)
    return RedirectResponse(f"/me/answers#run-{run}", 303)


def _runs(connection: Connection, house: House, who: Visitor, before: str) -> tuple[list[OwnRun], str]:
    since = own_run(connection, house, who, RunId(before))[0].started_at if before else None
    runs = load_own_runs(connection, who.person, RUNS, since)
    answers = load_own_answers(connection, [run.id for run in runs])
    threads = threads_by_answer(connection, [run.id for run in runs])
    older = runs[-1].id if len(runs) == RUNS else ""
    return [_own(connection, house, run, answers[run.id], threads) for run in runs if answers[run.id]], older


def _own(connection: Connection, house: House, run: Run, answers: dict[str, OwnAnswer], threads: Threads) -> OwnRun:
    flow = house.shelf.get(connection, run.flow, run.version, run.opening.lang)
    prompting = Prompting(flow, run, run.said)
    order = list(flow.questions)
    kept = sorted((key for key in answers if key in flow.questions), key=order.index)
    return OwnRun(
        id=run.id,
        title=flow.title,
        at=run.started_at,
        zone=run.opening.zone,
        is_by_day=run.opening.given.get("naming") == Naming.HIDDEN,
        answers=tuple(
            (answers[key], prompting.reads(flow.questions[key]), threads.get((run.id, key), [])) for key in kept
        ),
    )


def _desk(connection: Connection, house: House, who: Visitor, run_id: RunId, key: str) -> Desk:
    run, flow = own_run(connection, house, who, run_id)
    question = flow.questions.get(key)
    answer = load_own_answers(connection, [run_id])[run_id].get(key)
    if question is None or answer is None:
        raise NotYours
    prompt = Prompting(flow, run, run.said).prompt(question)
    return Desk(
        run=run,
        flow=flow,
        question=question,
        prompt=replace(prompt, text=answer.asked),
        answer=answer,
        versions=tuple(load_versions(connection, run_id, key)),
    )
