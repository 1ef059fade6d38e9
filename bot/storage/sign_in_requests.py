"""Browsers that wait to be let in by somebody in a chat. Only hashes of their tokens are kept."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.people import PersonId
from bot.storage.sessions import hash_of
from bot.storage.tables import sign_in_requests

REQUEST = sign_in_requests.c


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRequest:
    """A browser that waits: the code it shows, and what became of it. Its `id` is for those who know the code."""

    id: str
    code: str
    browser: str
    is_refused: bool = False


def request_sign_in(
    connection: Connection, make_code: Callable[[], str], browser: str, now: datetime, expires_at: datetime
) -> str:
    """Let a browser wait under a code that no other has; answer the token for its cookie. Old ones are dropped."""
    connection.execute(sa.delete(sign_in_requests).where(REQUEST.expires_at <= now))
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    token = secrets.token_urlsafe(32)
    row = {"token_hash": hash_of(token), "browser": browser, "created_at": now, "expires_at": expires_at}
    is_waiting = False
    while not is_waiting:
        named = {**row, "id": secrets.token_hex(12), "code": make_code()}
        is_waiting = connection.execute(insert(sign_in_requests).values(named).on_conflict_do_nothing()).rowcount == 1
    return token


def find_own_request(connection: Connection, token: str, now: datetime) -> SignInRequest | None:
    """Find what a browser waits with."""
    return _find(connection, REQUEST.token_hash == hash_of(token), REQUEST.expires_at > now)


def find_request_with_code(connection: Connection, code: str, now: datetime) -> SignInRequest | None:
    """Find the browser that shows a code and that nobody has let in or refused yet."""
    is_open = (REQUEST.approved_by.is_(None), REQUEST.refused_at.is_(None))
    return _find(connection, REQUEST.code == code, REQUEST.expires_at > now, *is_open)


def answer_request(connection: Connection, request: str, person: PersonId, now: datetime, *, is_approved: bool) -> bool:
    """Let a browser in as a person, or refuse it for good; False where it waits no more, or somebody else let it in."""
    answered = (
        sa.update(sign_in_requests)
        .where(REQUEST.id == request, REQUEST.expires_at > now, REQUEST.refused_at.is_(None))
        .where(sa.or_(REQUEST.approved_by.is_(None), REQUEST.approved_by == person))
        .values({"approved_by": person} if is_approved else {"approved_by": None, "refused_at": now})
    )
    return connection.execute(answered).rowcount == 1


def use_approval(connection: Connection, token: str, now: datetime) -> PersonId | None:
    """Use an approval up, in the browser that it is for. One statement, so that two looks are one sign-in."""
    used = (
        sa.delete(sign_in_requests)
        .where(REQUEST.token_hash == hash_of(token), REQUEST.expires_at > now, REQUEST.approved_by.is_not(None))
        .returning(REQUEST.approved_by)
    )
    person = connection.execute(used).scalar()
    return None if person is None else PersonId(person)


def drop_request(connection: Connection, token: str) -> None:
    """Let a browser wait no more."""
    connection.execute(sa.delete(sign_in_requests).where(REQUEST.token_hash == hash_of(token)))


def _find(connection: Connection, *where: "sa.ColumnElement[bool]") -> SignInRequest | None:
    row = connection.execute(sa.select(sign_in_requests).where(*where)).first()
    if row is None:
        return None
    return SignInRequest(id=row.id, code=row.code, browser=row.browser, is_refused=row.refused_at is not None)
