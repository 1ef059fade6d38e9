"""What somebody wrote, held on to while it could not be sent.

Where a session ended meanwhile, it travels through the sign-in page sealed: computers in schools are shared, so nobody
else may read it, neither on the page nor in its source, and nothing of it is stored here.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from bot.core.people import PersonId
from bot.web.auth import MOST_BYTES, house_of, posted, session_of

OPENS_FOR = timedelta(hours=1)
"""How long after sending it somebody may come in and find it again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was not taken: where it was going, and all it held."""

    path: str
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> tuple[tuple[str, str, str], ...]:
        """List what was written, as (field, question where it is known, words); what was only ticked is left out."""
        boxes = {f"q:{value}" for name, value in self.fields if name == "words"} | {"text"}
        labels = {name.removeprefix("on:"): value for name, value in self.fields if name.startswith("on:")}
        return tuple(
            (name, labels.get(name.partition(":")[2], ""), value)
            for name, value in self.fields
            if value.strip() and (name in boxes or name.startswith("own:"))
        )

    @property
    def rest(self) -> tuple[tuple[str, str], ...]:
        """List every other field."""
        written = {name for name, _, _ in self.words}
        return tuple((name, value) for name, value in self.fields if name not in written)

    @property
    def has_choices(self) -> bool:
        """Say whether something was ticked."""
        return any(name == "tick" or name.startswith("q:") for name, value in self.rest if value)


def keep(path: str, form: FormData) -> Kept:
    """Hold on to a form."""
    return Kept(path, tuple((n, v) for n, v in form.multi_items() if n != "csrf" and isinstance(v, str)))


async def seal_late(request: Request) -> str:
    """Seal what a learner sent after their session fell asleep; empty where there is nothing to keep.

    A button is not kept, it is pressed again; a form that is not our own, or of a session that is over for good, is
    not looked at.
    """
    if request.method != "POST" or not request.url.path.startswith("/me/"):
        return ""
    session = await session_of(request)
    if session is None:
        return ""
    try:
        form = await posted(request)
    except HTTPException:
        return ""
    kept = keep(request.url.path, form)
    if "control" in form or "chosen" in form or not (kept.words or kept.has_choices):
        return ""
    house = house_of(request)
    sealed = seal(house.secret, session.person, kept, house.now())
    return sealed if len(sealed) < MOST_BYTES // 2 else ""


def seal(secret: bytes, person: PersonId, kept: Kept, now: datetime) -> str:
    """Encrypt a form so that only `unseal` for the same person opens it."""
    written = json.dumps([kept.path, kept.fields]).encode()
    return _lock(secret, person).encrypt_at_time(written, int(now.timestamp())).decode()


def unseal(secret: bytes, person: PersonId, sealed: str, now: datetime) -> Kept | None:
    """Open what this person wrote within the hour; anything else is None."""
    lasts = int(OPENS_FOR.total_seconds())
    try:
        written = _lock(secret, person).decrypt_at_time(sealed.encode(), lasts, int(now.timestamp()))
    except InvalidToken:
        return None
    path, fields = json.loads(written)
    return Kept(path, tuple((name, value) for name, value in fields))


def _lock(secret: bytes, person: PersonId) -> Fernet:
    key = hmac.digest(secret, f"kept|{person}".encode(), hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))
