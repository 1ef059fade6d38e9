"""A run as one page: all open questions at once."""

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.effects import Prompt
from bot.core.events import FormSubmitted, Raw
from bot.core.runs import Run, RunId, RunStatus
from bot.flows.form import Part, lay_out
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
class Shown:
    """One question of a sheet, what is said before it, and the comment that a follow-up is about."""

    says: tuple[str, ...]
    prompt: Prompt
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The open questions of a run; `earlier` was said before those that are answered, `lead` is for a newcomer."""

    run: Run
    title: str
    lead: str
    earlier: tuple[str, ...]
    parts: tuple[Shown, ...]


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
    shown = [part.prompt for part in sheet.parts if f"on:{part.prompt.key}" in form]
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
    layout = lay_out(flow, run.said, run.opening, {*slips, *run.again, run.key or ""})
    return Sheet(
        run=run,
        title=flow.title,
        lead=prompting.what_this_is,
        earlier=tuple(say.fill(prompting.word) for say in layout.earlier),
        parts=tuple(_shown(part, run, prompting, slips.get(part.question.key)) for part in layout.parts),
    )


def _shown(part: Part, run: Run, prompting: Prompting, slip: tuple[str, Raw] | None) -> Shown:
    """Write a question out; a follow-up stands under the comment that it is about."""
    prompt, comment = prompting.prompt(part.question), run.said.get(part.question.step)
    if slip is not None:
        prompt = replace(prompt, slip=slip[0], said=slip[1])
    return Shown(
        says=tuple(say.fill(prompting.word) for say in part.says),
        prompt=prompt,
        comment=comment if part.question.probe_by and isinstance(comment, str) else "",
    )
