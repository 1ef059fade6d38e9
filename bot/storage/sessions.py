"""Who is signed in to the pages, and the one-time links that sign somebody in. Only hashes of tokens are kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import PersonId
from bot.storage.tables import people, sessions, sign_in_links


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that has not expired, and whose it is."""

    person: PersonId
    name: str
    seen_at: datetime
    expires_at: datetime


def start_session(connection: Connection, person: PersonId, now: datetime, expires_at: datetime) -> str:
    """Sign a person in; answer the token for their cookie. Sessions that expired meanwhile are dropped."""
    token = secrets.token_urlsafe(32)
    connection.execute(sa.delete(sessions).where(sessions.c.expires_at <= now))
    row = {"token_hash": _hash(token), "person_id": person, "created_at": now, "seen_at": now, "expires_at": expires_at}
    connection.execute(sa.insert(sessions), row)
    return token


def find_session(connection: Connection, token: str, now: datetime) -> Session | None:
    """Find whose session a token is."""
    found = (
        sa.select(sessions.c.person_id, people.c.name, sessions.c.seen_at, sessions.c.expires_at)
        .join(people, people.c.id == sessions.c.person_id)
        .where(sessions.c.token_hash == _hash(token), sessions.c.expires_at > now)
    )
    row = connection.execute(found).first()
    return Session(PersonId(row.person_id), row.name, row.seen_at, row.expires_at) if row else None


def touch_session(connection: Connection, token: str, now: datetime) -> None:
    """Write down that a session is in use."""
    connection.execute(sa.update(sessions).where(sessions.c.token_hash == _hash(token)).values(seen_at=now))


def end_session(connection: Connection, token: str) -> None:
    """Sign out."""
    connection.execute(sa.delete(sessions).where(sessions.c.token_hash == _hash(token)))


def make_link(connection: Connection, person: PersonId, expires_at: datetime) -> str:
    """Make a one-time sign-in link; answer the token that ends its address `/sign-in/<token>`."""
    token = secrets.token_urlsafe(32)
    row = {"token_hash": _hash(token), "person_id": person, "expires_at": expires_at}
    connection.execute(sa.insert(sign_in_links), row)
    return token


def find_link(connection: Connection, token: str, now: datetime) -> tuple[PersonId, str] | None:
    """Find the person a link signs in, and their name, without using it up."""
    found = (
        sa.select(people.c.id, people.c.name)
        .join(sign_in_links, sign_in_links.c.person_id == people.c.id)
        .where(sign_in_links.c.token_hash == _hash(token), *_is_good(now))
    )
    row = connection.execute(found).first()
    return None if row is None else (PersonId(row.id), row.name)


def use_link(connection: Connection, token: str, now: datetime) -> PersonId | None:
    """Use a link up; answer None where it is used or too old. One statement, so that two clicks are one sign-in."""
    used = (
        sa.update(sign_in_links)
        .where(sign_in_links.c.token_hash == _hash(token), *_is_good(now))
        .values(used_at=now)
        .returning(sign_in_links.c.person_id)
    )
    person = connection.execute(used).scalar()
    return None if person is None else PersonId(person)


def _is_good(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (sign_in_links.c.used_at.is_(None), sign_in_links.c.expires_at > now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
