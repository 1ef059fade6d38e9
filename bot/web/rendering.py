"""Pages from templates: escaped everywhere, with what every page needs at hand."""

import re
import secrets
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.responses import HTMLResponse

from bot.storage.columns import micros
from bot.web.auth import binder_of, form_token, house_of, set_cookie, visit_cookie
from bot.web.shared_text import linked, opening

HIDDEN = Markup('<input type="hidden" name="{}" value="{}">')


NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


@pass_context
def local(context: Context, at: datetime, zone: str = "UTC") -> str:
    """Write a moment the way people say it in a zone: `today, 11:40`, `Friday 6 March, 11:40`."""
    there = ZoneInfo(zone)
    then, now = at.astimezone(there), context["now"].astimezone(there)
    clock = f"{then:%H:%M}"
    near = NEAR.get((then.date() - now.date()).days)
    if near:
        return f"{near}, {clock}"
    year = f" {then.year}" if then.year != now.year else ""
    return f"{then:%A} {then.day} {then:%B}{year}, {clock}"


@pass_context
def day_of(context: Context, at: datetime, zone: str = "UTC") -> str:
    """Write the day of a moment in a zone: `today`, `Friday 6 March`."""
    return local(context, at, zone).rpartition(", ")[0]


ENVIRONMENT = Environment(
    loader=PackageLoader("bot.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters |= {"local": local, "day_of": day_of, "linked": linked, "opening": opening, "micros": micros}
ENVIRONMENT.tests["day"] = lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None
ENVIRONMENT.filters["sentence"] = lambda text: text[:1].upper() + text[1:]


def render(request: Request, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
    """Write a page.

    Templates find `csrf()` and `nonce()` (hidden inputs that every form holds), `visitor` (or None), `now`, and the
    filter `local(zone)` for times.
    """
    house = house_of(request)
    known = binder_of(request)
    binder = known or secrets.token_urlsafe(32)
    given = {
        "visitor": getattr(request.state, "visitor", None),
        "now": house.now(),
        "path": request.url.path,
        "csrf": cache(lambda: HIDDEN.format("csrf", form_token(house, binder))),
        "nonce": lambda: HIDDEN.format("nonce", secrets.token_urlsafe(16)),
    }
    page = HTMLResponse(ENVIRONMENT.get_template(template).render({**given, **context}), status)
    if not known:
        set_cookie(house, page, visit_cookie(house), binder)
    return page
