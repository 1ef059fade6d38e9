"""Who is signed in to the pages, and the one-time links that sign somebody in. Only hashes of tokens are kept."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import PersonId
from bot.storage.columns import among
from bot.storage.tables import people, sessions, sign_in_links, sign_in_requests

NAME = 16
"""Signs of a hash that tell one session of a person from another."""


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that has not expired, and whose it is."""

    person: PersonId
    name: str
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSeen:
    """A sign-in as its person sees it among their others; `name` tells it apart and signs nobody in."""

    name: str
    browser: str
    began_at: datetime
    seen_at: datetime


def start_session(
    connection: Connection, person: PersonId, now: datetime, expires_at: datetime, browser: str = ""
) -> str:
    """Sign a person in; answer the token for their cookie. Sessions that expired meanwhile are dropped."""
    token = secrets.token_urlsafe(32)
    connection.execute(sa.delete(sessions).where(sessions.c.expires_at <= now))
    row = {"token_hash": hash_of(token), "person_id": person, "browser": browser}
    moments = {"created_at": now, "seen_at": now, "expires_at": expires_at}
    connection.execute(sa.insert(sessions), {**row, **moments})
    return token


def find_session(connection: Connection, token: str, now: datetime) -> Session | None:
    """Find whose session a token is."""
    found = (
        sa.select(sessions.c.person_id, people.c.name, sessions.c.seen_at, sessions.c.expires_at)
        .join(people, people.c.id == sessions.c.person_id)
        .where(sessions.c.token_hash == hash_of(token), sessions.c.expires_at > now)
    )
    row = connection.execute(found).first()
    return Session(PersonId(row.person_id), row.name, row.seen_at, row.expires_at) if row else None


def touch_session(connection: Connection, token: str, now: datetime) -> None:
    """Write down that a session is in use."""
    connection.execute(sa.update(sessions).where(sessions.c.token_hash == hash_of(token)).values(seen_at=now))


def end_session(connection: Connection, token: str) -> None:
    """Sign out."""
    connection.execute(sa.delete(sessions).where(sessions.c.token_hash == hash_of(token)))


def list_sessions(connection: Connection, person: PersonId, now: datetime, seen_since: datetime) -> list[SessionSeen]:
    """List where a person is signed in and was seen since a moment, the last seen first."""
    found = sa.select(sessions).where(
        sessions.c.person_id == person, sessions.c.expires_at > now, sessions.c.seen_at >= seen_since
    )
    return [
        SessionSeen(name=_name(row.token_hash), browser=row.browser, began_at=row.created_at, seen_at=row.seen_at)
        for row in connection.execute(found.order_by(sessions.c.seen_at.desc(), sessions.c.token_hash))
    ]


def session_name(token: str) -> str:
    """Name a session as `list_sessions` does."""
    return _name(hash_of(token))


def end_own_sessions(connection: Connection, person: PersonId, names: Collection[str]) -> None:
    """Sign a person out of those of their sessions that are named."""
    found = connection.execute(sa.select(sessions.c.token_hash).where(sessions.c.person_id == person)).scalars()
    ended = [token_hash for token_hash in found if _name(token_hash) in names]
    connection.execute(sa.delete(sessions).where(sessions.c.token_hash.in_(ended)))


def sign_out_everywhere(connection: Connection, persons: Collection[PersonId]) -> None:
    """End every session of people, and what would begin another: links not yet used, browsers just let in."""
    if not persons:
        return
    for column in (sessions.c.person_id, sign_in_links.c.person_id, sign_in_requests.c.approved_by):
        gone = sa.delete(column.table).where(among(column, "ids"))
        connection.execute(gone, {"ids": sorted(persons)})


def make_link(connection: Connection, person: PersonId, expires_at: datetime) -> str:
    """Make a one-time sign-in link; answer the token that ends its address `/sign-in/<token>`."""
    token = secrets.token_urlsafe(32)
    row = {"token_hash": hash_of(token), "person_id": person, "expires_at": expires_at}
    connection.execute(sa.insert(sign_in_links), row)
    return token


def find_link(connection: Connection, token: str, now: datetime) -> tuple[PersonId, str] | None:
    """Find the person a link signs in, and their name, without using it up."""
    found = (
        sa.select(people.c.id, people.c.name)
        .join(sign_in_links, sign_in_links.c.person_id == people.c.id)
        .where(sign_in_links.c.token_hash == hash_of(token), *_is_good(now))
    )
    row = connection.execute(found).first()
    return None if row is None else (PersonId(row.id), row.name)


def use_link(connection: Connection, token: str, now: datetime) -> PersonId | None:
    """Use a link up; answer None where it is used or too old. One statement, so that two clicks are one sign-in."""
    used = (
        sa.update(sign_in_links)
        .where(sign_in_links.c.token_hash == hash_of(token), *_is_good(now))
        .values(used_at=now)
        .returning(sign_in_links.c.person_id)
    )
    person = connection.execute(used).scalar()
    return None if person is None else PersonId(person)


def _is_good(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (sign_in_links.c.used_at.is_(None), sign_in_links.c.expires_at > now)


def _name(token_hash: str) -> str:
    return token_hash[:NAME]


def hash_of(token: str) -> str:
    """Make what is kept of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
