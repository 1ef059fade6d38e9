"""Where Mull is installed: tokens only sealed, gone when an install ends; a state is good once, for ten minutes."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.sealing import BrokenSeal, Seal, WrongKey
from bot.storage.tables import metadata
from bot.storage.workspaces import (
    STATE_LASTS,
    Install,
    end_install,
    find_install,
    issue_state,
    list_installs,
    save_install,
    use_state,
)
from tests.stage import NOW, rows

SEAL = Seal(b"s" * 64)
CANARY = "xoxb-canary-7f3a"
T1 = Install(
    platform="slack",
    workspace="T1",
    name="Bridge School",
    token=CANARY,
    bot_user="UMULL",
    scopes=frozenset({"commands", "chat:write"}),
    installed_by="UADA",
)
T2 = replace(T1, workspace="T2", name="Elm School", token="xoxb-other")


async def save(database: Database, *installs: Install, at: datetime = NOW) -> None:
    """Keep installs."""
    for install in installs:
        await database.write(partial(save_install, seal=SEAL, install=install, at=at))


async def find(database: Database, workspace: str = "T1", seal: Seal = SEAL, platform: str = "slack") -> Install | None:
    """Find an install."""
    return await database.read(lambda c: find_install(c, seal, platform, workspace))


async def end(database: Database, reason: str = "Mull was removed", at: datetime = NOW) -> None:
    """End the install of T1."""
    await database.write(lambda c: end_install(c, "slack", "T1", reason, at))


async def dump(database: Database) -> str:
    """Read every row of every table as it stands."""

    def read(connection: Connection) -> str:
        plain = [sa.text(f"SELECT * FROM {table}") for table in metadata.tables]
        return "\n".join(str(row) for query in plain for row in connection.execute(query))

    return await database.read(read)


# Installs.


async def test_an_install_is_found_as_it_was_saved(database: Database) -> None:
    await save(database, T1, T2)
    assert await find(database) == T1
    assert await find(database, "T2") == T2
    assert await find(database, "T3") is None
    assert await find(database, platform="discord") is None
    assert await database.read(lambda c: list_installs(c, "slack")) == ["T1", "T2"]
    assert await database.read(lambda c: list_installs(c, "discord")) == []


async def test_an_install_without_scopes_has_none(database: Database) -> None:
    await save(database, replace(T1, scopes=frozenset(), installed_by=None))
    found = await find(database)
    assert found is not None
    assert (found.scopes, found.installed_by) == (frozenset(), None)


async def test_a_second_install_takes_the_place_of_the_first(database: Database) -> None:
    again = replace(
        T1, name="Bridge", token="xoxb-2", bot_user="U2", scopes=frozenset({"commands"}), installed_by="UOLA"
    )
    await save(database, T1, again)
    assert await find(database) == again
    assert len(await rows(database, "SELECT 1 FROM workspaces")) == 1


async def test_a_token_is_nowhere_in_the_database_and_in_no_text_about_an_install(
    database: Database, database_url: str
) -> None:
    await save(database, T1)
    assert "Bridge School" in await dump(database)
    assert "canary" not in await dump(database)
    if database.dialect == "sqlite":
        folder = Path(database_url.removeprefix("sqlite:///")).parent
        files = b"".join(path.read_bytes() for path in folder.glob("mull.db*"))
        assert b"Bridge School" in files
        assert b"canary" not in files
    assert "canary" not in f"{T1} {T1!r}"


async def test_tokens_of_two_workspaces_cannot_be_swapped(database: Database) -> None:
    await save(database, T1, T2)
    swap = "UPDATE workspaces SET sealed_token = (SELECT sealed_token FROM workspaces WHERE id = 'T2') WHERE id = 'T1'"
    await database.write(lambda c: c.execute(sa.text(swap)))
    with pytest.raises(BrokenSeal):
        await find(database)
    assert await find(database, "T2") == T2


async def test_a_new_secret_key_is_named_as_what_is_wrong(database: Database) -> None:
    await save(database, T1)
    with pytest.raises(WrongKey, match=r"^MULL_SECRET_KEY: "):
        await find(database, seal=Seal(b"n" * 64))


async def test_an_install_that_ended_is_not_found_and_its_token_is_destroyed(database: Database) -> None:
    await save(database, T1, T2)
    await end(database)
    await end(database, "a second time", NOW + timedelta(hours=1))
    assert await find(database) is None
    assert await database.read(lambda c: list_installs(c, "slack")) == ["T2"]
    kept = await rows(database, "SELECT sealed_token, ended_why, ended_at IS NOT NULL FROM workspaces WHERE id = 'T1'")
    assert kept == [("", "Mull was removed", True)]
    assert await find(database, "T2") == T2


async def test_an_install_that_ended_may_begin_again(database: Database) -> None:
    await save(database, T1)
    await end(database)
    await save(database, replace(T1, token="xoxb-2"), at=NOW + timedelta(days=1))
    found = await find(database)
    assert found is not None
    assert found.token == "xoxb-2"
    assert await rows(database, "SELECT ended_why, ended_at FROM workspaces") == [(None, None)]


async def test_to_end_what_never_was_does_nothing(database: Database) -> None:
    await end(database)
    assert await rows(database, "SELECT 1 FROM workspaces") == []


# States.


async def issued(database: Database, now: datetime = NOW) -> str:
    """Issue a state."""
    return await database.write(lambda c: issue_state(c, now))


def used(state: str, now: datetime = NOW) -> Callable[[Connection], bool]:
    """Use a state."""
    return lambda c: use_state(c, state, now)


async def test_a_state_is_good_once(database: Database) -> None:
    state = await issued(database)
    assert re.fullmatch(r"[\w-]{43}", state)  # 256 bits
    assert await database.write(used(state))
    assert not await database.write(used(state))


async def test_a_state_is_good_once_also_when_it_comes_many_times_at_once(database: Database) -> None:
    state = await issued(database)
    answers = await asyncio.gather(*(database.write(used(state)) for _ in range(8)))
    assert sorted(answers) == [False] * 7 + [True]


async def test_a_state_is_good_for_ten_minutes(database: Database) -> None:
    in_time, too_late = await issued(database), await issued(database)
    assert timedelta(minutes=10) == STATE_LASTS
    assert await database.write(used(in_time, NOW + STATE_LASTS - timedelta(seconds=1)))
    assert not await database.write(used(too_late, NOW + STATE_LASTS))


@pytest.mark.parametrize("state", ["", "invented", "\ud800", "x" * 10_000])
async def test_a_state_that_was_not_issued_is_not_good(database: Database, state: str) -> None:
    await issued(database)
    assert not await database.write(used(state))


async def test_a_state_is_kept_as_a_hash_and_not_for_long(database: Database) -> None:
    state = await issued(database)
    assert state not in await dump(database)
    await issued(database, NOW + STATE_LASTS)
    assert len(await rows(database, "SELECT 1 FROM install_states")) == 1
