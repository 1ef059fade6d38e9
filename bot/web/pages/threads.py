"""What was written to a person about an answer of theirs: to write back, to be done with it, to take it up again."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot.core.review import ThreadContinued, ThreadEvent, ThreadResolved
from bot.core.runs import ThreadId
from bot.runner.review import LONGEST
from bot.storage.connection import Connection
from bot.storage.threads import ThreadRead
from bot.storage.turns import load_runs
from bot.web.auth import InHouse, Posted, SignedIn, event_id, text_of
from bot.web.own_threads import own_thread
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.wording import paragraphs, too_long

SETTLE, AGAIN = "settle", "again"

router = APIRouter()


@dataclass(frozen=True, slots=True)
class OwnThread:
    """A thread about the visitor's own answer, and the time zone of that run."""

    read: ThreadRead
    zone: str


async def thread_of(house: InHouse, who: SignedIn, thread: str) -> OwnThread:
    """Find a thread about one of the visitor's own answers."""

    def work(connection: Connection) -> OwnThread:
        found = own_thread(connection, who.person, ThreadId(thread))
        run = load_runs(connection, [found.run]).get(found.run)
        return OwnThread(found, run.opening.zone if run else "UTC")

    return await house.database.read(work)


Own: TypeAlias = Annotated[OwnThread, Depends(thread_of)]


@router.get("/me/threads/{thread}")
async def show(request: Request, own: Own) -> Response:
    """Show one thread with the answer that it is about."""
    return _page(request, own, is_sent="sent" in request.query_params)


@router.post("/me/threads/{thread}")
async def go_on(request: Request, house: InHouse, who: SignedIn, form: Posted, own: Own) -> Response:
    """Write back, be done with it, or take it up again; words that do not fit come back."""
    deed, text = text_of(form, "deed"), paragraphs(form, "text")
    thread, name, now = own.read.id, event_id(form), house.now()
    event: ThreadEvent
    if deed in (SETTLE, AGAIN):
        event = ThreadResolved(id=name, at=now, who=who.person, thread=thread, is_resolved=deed == SETTLE)
    else:
        slip = too_long("What you write", text, LONGEST) if text else "A few words will do."
        if slip:
            return _page(request, own, slip=slip, typed=text)
        event = ThreadContinued(id=name, at=now, who=who.person, thread=thread, text=text)
    await send(house, event)
    return RedirectResponse(_next_page(form, own.read), 303)


def _page(request: Request, own: OwnThread, *, slip: str = "", typed: str = "", is_sent: bool = False) -> Response:
    status = 422 if slip else 200
    one, zone = own.read, own.zone
    return render(request, "my_thread.html", status=status, one=one, zone=zone, slip=slip, typed=typed, is_sent=is_sent)


def _next_page(form: FormData, thread: ThreadRead) -> str:
    """Lead back to the page that the form stood on."""
    match text_of(form, "on"):
        case "now":
            return "/me#now"
        case "answers":
            before = quote(text_of(form, "before"), safe="")
            return f"/me/answers{'?before=' if before else ''}{before}#thread-{thread.id}"
        case _:
            return f"/me/threads/{thread.id}?sent"
