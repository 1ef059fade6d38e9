"""Where Mull is installed, and the states of installs under way. Tokens lie here sealed, of states only hashes."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.sealing import Seal
from bot.storage.tables import install_states, workspaces

STATE_LASTS = timedelta(seconds=600)
"""How long somebody has between opening the install page and coming back from the platform."""


@dataclass(frozen=True, slots=True)
class Install:
    """Mull in one workspace; `scopes` are what it may do there, `installed_by` the platform's id of a person."""

    platform: str
    workspace: str
    name: str
    token: str = field(repr=False)
    bot_user: str
    scopes: frozenset[str]
    installed_by: str | None = None


def save_install(connection: Connection, seal: Seal, install: Install, at: datetime) -> None:
    """Keep an install, in place of an earlier one of the workspace; one that had ended begins again."""
    key = {"platform": install.platform, "id": install.workspace}
    values = {
        "name": install.name,
        "sealed_token": seal.close(install.token, _about(install.platform, install.workspace)),
        "bot_user": install.bot_user,
        "scopes": ",".join(sorted(install.scopes)),
        "installed_by": install.installed_by,
        "installed_at": at,
        "ended_at": None,
        "ended_why": None,
    }
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    kept = insert(workspaces).values(key | values)
    connection.execute(kept.on_conflict_do_update(index_elements=list(key), set_=values))


def find_install(connection: Connection, seal: Seal, platform: str, workspace: str) -> Install | None:
    """Find the install of a workspace; None where there is none or it has ended.

    Raises WrongKey, BrokenSeal where its token cannot be opened.
    """
    row = connection.execute(sa.select(workspaces).where(*_is_open(platform), workspaces.c.id == workspace)).first()
    if row is None:
        return None
    return Install(
        platform=platform,
        workspace=workspace,
        name=row.name,
        token=seal.open(row.sealed_token, _about(platform, workspace)),
        bot_user=row.bot_user,
        scopes=frozenset(filter(None, row.scopes.split(","))),
        installed_by=row.installed_by,
    )


def list_installs(connection: Connection, platform: str) -> list[str]:
    """List the workspaces of a platform where Mull is installed, by id."""
    found = sa.select(workspaces.c.id).where(*_is_open(platform)).order_by(workspaces.c.id)
    return list(connection.execute(found).scalars())


def is_installed_since(connection: Connection, platform: str, workspace: str, at: datetime) -> bool:
    """Say whether Mull was installed after a time, and still is."""
    found = sa.select(workspaces.c.id).where(
        *_is_open(platform), workspaces.c.id == workspace, workspaces.c.installed_at > at
    )
    return connection.execute(found).first() is not None


def end_install(connection: Connection, platform: str, workspace: str, reason: str, at: datetime) -> None:
    """End an install and destroy its token; the first reason stays."""
    ended = sa.update(workspaces).where(*_is_open(platform), workspaces.c.id == workspace)
    connection.execute(ended.values(sealed_token="", ended_at=at, ended_why=reason))


def issue_state(connection: Connection, now: datetime) -> str:
    """Make the state that an install must bring back. States that expired meanwhile are dropped."""
    state = secrets.token_urlsafe(32)
    connection.execute(sa.delete(install_states).where(install_states.c.expires_at <= now))
    row = {"state_hash": _hash(state), "expires_at": now + STATE_LASTS}
    connection.execute(sa.insert(install_states), row)
    return state


def use_state(connection: Connection, state: str, now: datetime) -> bool:
    """Use a state up; answer whether it was good. One statement, so that it is good once."""
    used = sa.delete(install_states).where(
        install_states.c.state_hash == _hash(state), install_states.c.expires_at > now
    )
    return connection.execute(used).rowcount == 1


def _is_open(platform: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (workspaces.c.platform == platform, workspaces.c.ended_at.is_(None))


def _about(platform: str, workspace: str) -> str:
    return f"workspaces|{platform}|{workspace}"


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode(errors="replace")).hexdigest()
