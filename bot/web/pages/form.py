"""A run as one page: all open questions at once."""

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.effects import Prompt
from bot.core.events import FormSubmitted
from bot.core.runs import Run, RunId, RunStatus
from bot.flows.form import open_questions
from bot.flows.prompting import Prompting
from bot.storage.chat import last_slips
from bot.storage.connection import Connection
from bot.web.auth import InHouse, Posted, SignedIn, Visitor, event_id
from bot.web.given import own_run, raw_for
from bot.web.house import House
from bot.web.rendering import render
from bot.web.sending import send

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The open questions of a run."""

    run: Run
    title: str
    prompts: tuple[Prompt, ...]


@router.get("/me/form/{run}")
async def show(request: Request, house: InHouse, who: SignedIn, run: str) -> Response:
    """Show what is open; a run that is over leads back to the conversation."""
    sheet = await house.database.read(lambda connection: _sheet(connection, house, who, RunId(run)))
    if sheet is None:
        return RedirectResponse("/me#now", 303)
    return render(request, "form.html", sheet=sheet, is_further=bool(sheet.run.said))


@router.post("/me/form/{run}")
async def submit(house: InHouse, who: SignedIn, form: Posted, run: str) -> Response:
    """Take everything that was filled in; what opens by it comes as the next part."""
    sheet = await house.database.read(lambda connection: _sheet(connection, house, who, RunId(run)))
    if sheet is None:
        return RedirectResponse("/me#now", 303)
    # Only what stood on the page is read: a question that was not there has not been skipped.
    shown = [prompt for prompt in sheet.prompts if f"on:{prompt.key}" in form]
    raw = {prompt.key: raw_for(prompt, form) for prompt in shown}
    await send(
        house,
        FormSubmitted(id=event_id(form), at=house.now(), who=who.person, place=who.place, run=sheet.run.id, raw=raw),
    )
    return RedirectResponse(f"/me/form/{run}", 303)


def _sheet(connection: Connection, house: House, who: Visitor, run_id: RunId) -> Sheet | None:
    run, flow = own_run(connection, house, who, run_id)
    if run.status is not RunStatus.OPEN or not run.is_shown:
        return None
    slips = last_slips(connection, who.place, run)
    prompting = Prompting(flow, run, run.said)
    prompts = []
    for question in open_questions(flow, run.said, run.opening.remembered, slips):
        prompt = prompting.prompt(question)
        if question.key in slips:
            sentence, given = slips[question.key]
            prompt = replace(prompt, slip=sentence, said=given)
        prompts.append(prompt)
    return Sheet(run=run, title=flow.title, prompts=tuple(prompts))
