"""A real `mull run --role discord` in a process of its own: it serves a server, also after kill -9."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.discord.fake import FakeDiscord
from tests.discord.house import add_club
from tests.stage import rows

READY = "Mull is ready"
PATIENCE = 20.0
TOKEN = "a.b.c"


def environment(url: str, folder: Path, discord: FakeDiscord, token: str) -> Mapping[str, str]:
    """Set Mull up for a Discord."""
    settings = {
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": "a secret for tests only, which is long enough",
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "DISCORD_TOKEN": token,
    }
    own = {name: value for name, value in os.environ.items() if not name.startswith("MULL_")}
    return own | {f"MULL_{name}": value for name, value in settings.items()}


async def begun(given: Mapping[str, str], folder: Path) -> asyncio.subprocess.Process:
    """Begin the process."""
    command = (sys.executable, "-u", "-m", "bot", "run", "--role", "discord")
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*command, env=given, cwd=folder, stdout=pipe, stderr=pipe)


@asynccontextmanager
async def running(discord: FakeDiscord, url: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run it until it says that it is ready and is connected."""
    process = await begun(environment(url, folder, discord, TOKEN), folder)
    try:
        assert process.stdout is not None
        async for line in process.stdout:
            if line.decode().startswith(READY):
                break
        await discord.connected()
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


async def test_a_server_is_served_and_kill_9_loses_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    async with FakeDiscord(lambda: datetime.now(UTC)) as discord:
        discord.token, discord.patience = TOKEN, PATIENCE
        _, channel = add_club(discord)
        ada, ben, cy = (discord.person(f"90000000000000000{number}") for number in (1, 2, 3))
        async with running(discord, database_url, tmp_path) as process:
            await ada.run("mull-setup", where=channel, channel=channel.id, zone="Europe/Berlin")
            await ada.press("Set it up")
            await ada.press("Ask the group now")
            await discord.until(lambda: "Reflect now" in ben.labels(), PATIENCE)
            await cy.press("Reflect now")
            await cy.send_modal({"Made me think hard": "most", "What I tried first": "Ask somebody"})
            await ben.run("mull", "start", where=channel, flow="weekly-check-in")
            assert "Skip" in ben.labels()
            async with asyncio.timeout(PATIENCE):
                while await rows(database, "SELECT id FROM outbox WHERE state <> 'sent'"):
                    pass  # the process is about to write down what it sent; a lease it left would last a minute
            process.send_signal(signal.SIGKILL)
            await process.wait()
        await discord.until(lambda: not discord.gateway.live)
        before = ben.newest.content
        async with running(discord, database_url, tmp_path):
            await ben.press("Skip")
            assert ben.newest.content != before
        assert discord.commands.puts == 1
        assert discord.complaints == []
        assert discord.failed_interactions == []
    said = "SELECT i.external_id, count(*) FROM answers a JOIN identities i USING (person_id) GROUP BY 1 ORDER BY 1"
    assert await rows(database, said) == [(ben.id, 1), (cy.id, 3)]


@pytest.mark.parametrize("token", ["a.b.d", "", "no token"])
async def test_a_token_that_is_refused_or_missing_ends_it_with_a_sentence(
    database_url: str, tmp_path: Path, token: str
) -> None:
    async with FakeDiscord() as discord:
        discord.token = TOKEN
        process = await begun(environment(database_url, tmp_path, discord, token), tmp_path)
        said, faults = await asyncio.wait_for(process.communicate(), PATIENCE)
        told = (said + faults).decode()
        assert process.returncode != 0
        assert "MULL_DISCORD_TOKEN" in told
        assert "Traceback" not in told
        assert token == "" or token not in told
        assert len(discord.calls) == (token == "a.b.d")
