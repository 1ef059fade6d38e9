"""Pages for what did not work out: kind, short, and never a trace of what may not be seen."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.core.errors import NotYours
from bot.runner.inbox import NotSaved
from bot.web.auth import SignedOut, find_visitor
from bot.web.kept import keep, seal_late
from bot.web.rendering import render

SENTENCES = {
    403: ("That form was too old", "Please go back, open the page once more, and try again. Nothing was changed."),
    404: ("There is nothing here for you", "The page is gone, or it was never yours to see."),
    405: ("This page only listens to its own form", "Please go back and use the button there."),
    413: ("That is too much at once", "Please go back and send a shorter text or a smaller file. Nothing was changed."),
}
SOMETHING = ("That did not work", "Please go back and try once more.")


def add_error_pages(app: FastAPI) -> None:
    """Give an application its error pages."""
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _not_found)
    app.add_exception_handler(NotYours, _not_found)
    app.add_exception_handler(SignedOut, _signed_out)
    app.add_exception_handler(NotSaved, _not_saved)


async def _http_error(request: Request, fault: Exception) -> Response:
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    return await _page(request, status)


async def _not_found(request: Request, fault: Exception) -> Response:
    return await _page(request, 404)


async def _signed_out(request: Request, fault: Exception) -> Response:
    """Lead to the front page; what was written before the session ended goes along, for its writer only."""
    sealed = await seal_late(request)
    if not sealed:
        return RedirectResponse("/", 303)
    return render(request, "join.html", status=401, code="", kept=sealed, minutes=0, is_wrong=False)


async def _not_saved(request: Request, fault: Exception) -> Response:
    """Give everything back that was typed, under the same nonce, so that trying again is the same event."""
    form: FormData = getattr(request.state, "form", FormData())
    return render(request, "not_saved.html", status=503, kept=keep(request.url.path, form))


async def _page(request: Request, status: int) -> Response:
    if not hasattr(request.state, "visitor"):
        await find_visitor(request)
    title, sentence = SENTENCES.get(status, SOMETHING)
    return render(request, "error.html", status=status, title=title, sentence=sentence)
