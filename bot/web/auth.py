"""Who is asking, and whether a form came from our own page."""

import hashlib
import hmac
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, TypeAlias, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.errors import MullError, NotYours
from bot.core.events import EventId
from bot.core.people import Action, Actor, PersonId, Place, Role
from bot.storage.connection import Connection
from bot.storage.people import load_actor
from bot.storage.sessions import Session, end_session, find_session, session_name, start_session, touch_session
from bot.web.browsers import describe_browser
from bot.web.house import House

HOURS = timedelta(hours=12)
IDLE = timedelta(hours=2)
"""How long a learner may be away: computers in schools are shared."""

LEADING_IDLE = timedelta(minutes=30)
"""How long somebody may be away whose pages show what others wrote, or who they are."""

TOUCH_EVERY = timedelta(minutes=1)
MOST_BYTES = 2_000_000
MOST_FIELDS = 1_000
NONCE = re.compile(r"[A-Za-z0-9_-]{10,64}")


class SignedOut(MullError):
    """Nobody is signed in here."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever is signed in."""

    person: PersonId
    name: str
    actor: Actor

    @property
    def place(self) -> Place:
        """Name where this person meets Mull in the browser."""
        return Place(f"browser:{self.person}")

    @property
    def is_facilitator(self) -> bool:
        """Say whether this person has pages of a facilitator or observer."""
        return bool(self.actor.groups(Action.ADMINISTER) or self.actor.groups(Action.READ_ANSWERS))

    @property
    def is_learner(self) -> bool:
        """Say whether this person learns in some group."""
        return any(membership.role is Role.LEARNER for membership in self.actor.memberships)

    @property
    def idle(self) -> timedelta:
        """Say how long this person may be away before they have to sign in anew."""
        return LEADING_IDLE if self.is_facilitator else IDLE

    @property
    def home(self) -> str:
        """Name the page to begin on."""
        return "/groups" if self.is_facilitator else "/me#now"


def house_of(request: Request) -> House:
    """Find the house that a request came to."""
    return cast(House, request.app.state.house)


async def visitor(request: Request) -> Visitor:
    """Find who is signed in; send anybody else to the front page."""
    found = await find_visitor(request)
    if found is None:
        raise SignedOut
    return found


async def watcher(request: Request) -> Visitor | None:
    """Find who is signed in without counting it as being there: for streams that stay open by themselves."""
    return await find_visitor(request, is_active=False)


async def facilitator(who: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Let only those in who administer a group or read its answers."""
    if not who.is_facilitator:
        raise NotYours
    return who


async def posted(request: Request) -> FormData:
    """Read a form that our own page sent; refuse one from anywhere else with 403."""
    _check_origin(request)
    form = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=MOST_BYTES)
    _check_token(request, form)
    return form


async def posted_with_file(request: Request) -> AsyncIterator[FormData]:
    """Read a form that may hold one file, which is there until the page is made; refuse as `posted` does."""
    _check_origin(request)
    async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=MOST_BYTES) as form:
        _check_token(request, form)
        yield form


async def find_visitor(request: Request, *, is_active: bool = True) -> Visitor | None:
    """Find who is signed in, if anybody is."""
    house = house_of(request)
    token, now = _token(request), house.now()
    if not token:
        return None

    def work(connection: Connection) -> tuple[Session, Actor] | None:
        session = find_session(connection, token, now)
        return (session, load_actor(connection, session.person)) if session else None

    found = await house.database.read(work)
    if found is None:
        return None
    session, actor = found
    who = Visitor(session.person, session.name, actor)
    if now - session.seen_at > who.idle:
        return None
    if is_active and now - session.seen_at > TOUCH_EVERY:
        await house.database.write(lambda connection: touch_session(connection, token, now))
    request.state.visitor = who
    return who


async def session_of(request: Request) -> Session | None:
    """Find the session of this browser, even where its learner was away for too long to be let in by it."""
    token, now = _token(request), house_of(request).now()
    return await house_of(request).database.read(lambda connection: find_session(connection, token, now))


async def sign_in(request: Request, person: PersonId) -> None:
    """Begin a session for a person, and end the one this browser had; `stay` gives the browser its cookie."""
    house, now, before = house_of(request), house_of(request).now(), _token(request)

    def work(connection: Connection) -> str:
        if before:
            end_session(connection, before)
        return start_session(connection, person, now, now + HOURS, browser_of(request))

    request.state.token = await house.database.write(work)


def stay(request: Request, response: Response) -> None:
    """Let the browser keep the session that has just begun."""
    house = house_of(request)
    set_cookie(house, response, session_cookie(house), _token(request))


async def sign_out(request: Request, response: Response) -> None:
    """End the session of this browser."""
    house, token = house_of(request), _token(request)
    if token:
        await house.database.write(lambda connection: end_session(connection, token))
    drop_cookie(house, response, session_cookie(house))


def own_session(request: Request) -> str:
    """Name the session of this browser, as `list_sessions` does."""
    return session_name(_token(request))


def browser_of(request: Request) -> str:
    """Say in plain words which browser a request comes from."""
    return describe_browser(request.headers.get("user-agent", ""))


def event_id(form: FormData) -> EventId:
    """Name the event a form makes after the nonce it was shown with, so that a form sent twice is one event."""
    nonce = text_of(form, "nonce")
    return EventId(f"browser/web/{nonce if NONCE.fullmatch(nonce) else secrets.token_urlsafe(16)}")


def text_of(form: FormData, name: str) -> str:
    """Read one field as text; a missing one is empty."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def texts_of(form: FormData, name: str) -> tuple[str, ...]:
    """Read every value of one field."""
    return tuple(value for value in form.getlist(name) if isinstance(value, str))


async def file_of(form: FormData, name: str, most: int) -> bytes:
    """Read a file that came with a form, up to a byte more than the most it may have; empty where none came."""
    value = form.get(name)
    return await value.read(most + 1) if isinstance(value, UploadFile) else b""


def form_token(house: House, binder: str) -> str:
    """Sign a form for one browser: nobody else can make the same."""
    return hmac.new(house.secret, f"form|{binder}".encode(), hashlib.sha256).hexdigest()


def binder_of(request: Request) -> str:
    """Find the cookie that a browser's forms are bound to."""
    house = house_of(request)
    return _token(request) or request.cookies.get(visit_cookie(house), "")


def session_cookie(house: House) -> str:
    """Name the cookie of a session."""
    return "__Host-mull" if is_secure(house) else "mull"


def visit_cookie(house: House) -> str:
    """Name the cookie that forms are bound to before somebody signs in."""
    return session_cookie(house) + "-visit"


def set_cookie(house: House, response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """Set a cookie that scripts cannot read and other sites cannot use."""
    response.set_cookie(name, value, max_age=max_age, path="/", secure=is_secure(house), httponly=True, samesite="lax")


def drop_cookie(house: House, response: Response, name: str) -> None:
    """Let the browser forget a cookie."""
    response.delete_cookie(name, path="/", secure=is_secure(house), httponly=True, samesite="lax")


def is_secure(house: House) -> bool:
    """Say whether pages are served over https."""
    return house.base_url.startswith("https://")


def _token(request: Request) -> str:
    """Find the token of the session that began with this request, or else of the one its cookie names."""
    begun: str = getattr(request.state, "token", "")
    return begun or request.cookies.get(session_cookie(house_of(request)), "")


def _check_origin(request: Request) -> None:
    """Refuse a form from elsewhere, and one that is too long, before it is read."""
    if not _is_same_origin(request):
        raise HTTPException(403)
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise HTTPException(413)


def _check_token(request: Request, form: FormData) -> None:
    """Refuse a form that was not made for this browser; keep any other at hand for the error pages."""
    binder, given = binder_of(request), text_of(form, "csrf")
    if not binder or not hmac.compare_digest(form_token(house_of(request), binder).encode(), given.encode()):
        raise HTTPException(403)
    request.state.form = form


def _is_same_origin(request: Request) -> bool:
    """Believe what the browser says about where a form comes from; a browser that says nothing has the token only."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = urlsplit(house_of(request).base_url)
    given = urlsplit(origin)
    return given.netloc != "" and given.netloc in (ours.netloc, request.headers.get("host"))


SignedIn: TypeAlias = Annotated[Visitor, Depends(visitor)]
Facilitating: TypeAlias = Annotated[Visitor, Depends(facilitator)]
Posted: TypeAlias = Annotated[FormData, Depends(posted)]
PostedWithFile: TypeAlias = Annotated[FormData, Depends(posted_with_file)]
InHouse: TypeAlias = Annotated[House, Depends(house_of)]
