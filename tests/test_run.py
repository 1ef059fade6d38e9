"""A real `mull run` in a process of its own: its first start, and kill -9 in the middle of a dialogue."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.storage.database import Database
from bot.web.cards import card_code
from tests.stage import FLOW, class_of, pupil, rows, set_stage
from tests.web.house import submit

SECRET = "a secret for tests only, which is long enough"
READY = "Mull is ready at "


@contextmanager
def running(url: str, folder: Path) -> Iterator[tuple[str, "subprocess.Popen[str]", list[str]]]:
    """Run `mull run`; provide its address, its process, and what it said until it was ready."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "PORT": str(port), "DATA_DIR": str(folder)}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MULL_")}
    environment |= {f"MULL_{name}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "run"], env=environment, cwd=folder, stdout=subprocess.PIPE, text=True
    )
    said: list[str] = []
    try:
        for line in process.stdout or ():
            said.append(line)
            if line.startswith(READY):
                break
        yield f"http://127.0.0.1:{port}", process, said
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


async def join(client: httpx.AsyncClient) -> httpx.Response:
    """Come in by card."""
    front = await client.get("/")
    card = card_code(SECRET.encode(), pupil(0), 1)
    return await submit(client, front, "/", **{"class": class_of(0), "card": card})


async def test_kill_9_in_the_middle_of_a_dialogue_goes_on_at_the_same_question(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await set_stage(database)
    with running(database_url, tmp_path) as (address, process, _):
        async with httpx.AsyncClient(base_url=address) as client:
            page = await submit(client, await join(client), "/me/start", flow=FLOW.flow, mode="dialogue")
            page = await submit(client, page, "/me/say", text="the slope of the line")
            assert "What did you try?" in page.text
            cookies = dict(client.cookies)
            process.send_signal(signal.SIGKILL)
            process.wait()
    with running(database_url, tmp_path) as (address, _, _):
        async with httpx.AsyncClient(base_url=address, cookies=cookies) as client:
            page = await client.get("/me")
            assert page.text.count("What did you try?") == 1
            assert "the slope of the line" in page.text
            page = await submit(client, page, "/me/say", text="drawing it")
            page = await submit(client, page, "/me/say", text="draw first")
            assert "Thanks, Ben." in page.text
    said = await rows(database, "SELECT key, said FROM answers ORDER BY key")
    assert said == [("one", "the slope of the line"), ("plan", "draw first"), ("two", "drawing it")]
    assert await rows(database, "SELECT count(*) FROM outbox WHERE kind = 'AskQuestion'") == [(3,)]


async def test_the_first_start_prints_a_link_that_makes_its_owner(empty_database_url: str, tmp_path: Path) -> None:
    with running(empty_database_url, tmp_path) as (address, process, _):
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(2))
        link = re.search(r"http://\S+(/sign-in/\S+)", said)
        assert link is not None, said
        async with httpx.AsyncClient(base_url=address) as client:
            page = await client.get(link[1])
            page = await submit(client, page, "", name="Ms Ada")
            assert page.url.path == "/groups"
            assert "Our school" in page.text
            assert (await client.get(link[1])).status_code == httpx.codes.GONE
    with running(empty_database_url, tmp_path) as (_, process, _):
        process.terminate()
        assert process.stdout is not None
        assert "/sign-in/" not in process.stdout.read()
