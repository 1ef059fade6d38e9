"""A real `mull run --role slack` in a process of its own: it serves a workspace, also after kill -9."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.slack.fake import FakeSlack
from tests.stage import rows

READY = "Mull is ready"
PATIENCE = 20.0


@asynccontextmanager
async def running(slack: FakeSlack, url: str, folder: Path, mode: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run it until it says that it is ready, and in Socket Mode is connected."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = {
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": "a secret for tests only, which is long enough",
        "PORT": str(port),
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.token,
    }
    own = {"SLACK_APP_TOKEN": slack.app_token} if mode == "socket" else {"SLACK_SIGNING_SECRET": slack.signing_secret}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MULL_")}
    environment |= {f"MULL_{name}": value for name, value in (settings | own).items()}
    slack.use_http(None if mode == "socket" else f"http://127.0.0.1:{port}/slack/events")
    command = (sys.executable, "-u", "-m", "bot", "run", "--role", "slack")
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, cwd=folder, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async for line in process.stdout:
            if line.decode().startswith(READY):
                break
        if mode == "socket":
            await slack.connected()
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_workspace_is_served_from_outside_and_kill_9_loses_nothing(
    database: Database, database_url: str, tmp_path: Path, mode: str
) -> None:
    async with FakeSlack(lambda: datetime.now(UTC)) as slack:
        slack.patience = PATIENCE
        slack.add_user("UADA", name="Ada Brook", is_admin=True)
        slack.add_user("UBEN", name="Ben Okoro")
        slack.add_channel("C1", name="year-8", members=["UADA", "UBEN"])
        ada, ben = slack.person("UADA"), slack.person("UBEN")
        async with running(slack, database_url, tmp_path, mode) as process:
            shown = await ada.command("/mull", "group", channel="C1")
            assert shown is not None
            assert "year-8" in shown.text
            await slack.until(lambda: "I would ask: Ben Okoro" in ada.words("ephemeral"), PATIENCE)
            await ben.command("/mull", "start")
            await slack.until(lambda: "Skip" in ben.labels(), PATIENCE)
            async with asyncio.timeout(PATIENCE):
                while await rows(database, "SELECT id FROM outbox WHERE state <> 'sent'"):
                    pass  # another process is about to write down what it sent; a lease it left would last a minute
            process.send_signal(signal.SIGKILL)
        before = len(ben.dm)
        async with running(slack, database_url, tmp_path, mode):
            await ben.press("Skip")
            await slack.until(lambda: len(ben.dm) > before, PATIENCE)
        assert slack.complaints == []
    assert await rows(database, "SELECT count(*) FROM answers") == [(1,)]
