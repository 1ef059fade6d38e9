"""Mull as a whole: it starts, runs, stops, starts again, and says what stands in its way."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from alembic import command

from bot.adapters.base import Attempt, Delivery, Door
from bot.app import App, NeedsMigration, opened_database, running, serve
from bot.core.effects import AnyEffect, AskQuestion
from bot.core.errors import NewerDatabase
from bot.core.events import Outcome
from bot.flows.library import flows
from bot.settings import Settings, WrongSetting, load_settings
from bot.storage.database import Database, open_database
from bot.storage.schema import known_steps
from bot.storage.upgrading import configured
from tests.runner.worker import processes, start
from tests.stage import FLOW, NOW, FakePlatform, Hands, asked, begin, questions, rows, said_by, say, set_stage

LATEST = known_steps()[-1]


class Lively(FakePlatform):
    """A platform that tells when the last question that was put has arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.door: Door | None = None
        self.is_stopped = False
        self.arrived: asyncio.Queue[AskQuestion] = asyncio.Queue()

    async def start(self, door: Door) -> None:
        """Keep the door."""
        self.door = door

    async def stop(self) -> None:
        """Note that it is over."""
        self.is_stopped = True

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Show, and tell."""
        delivery = await super().deliver(effect, attempt)
        if isinstance(effect, AskQuestion):
            self.arrived.put_nowait(effect)
        return delivery

    def send(self, event: object) -> Awaitable[object]:
        """Hand an event over, as an adapter does."""
        assert self.door is not None
        return self.door.accept(event)  # type: ignore[arg-type]


def settings_for(url: str, tmp_path: Path) -> Settings:
    """Name a database in the settings."""
    return load_settings(database_url=url, data_dir=tmp_path, secret_key="k" * 32, port=0)


async def test_an_empty_database_is_brought_up_to_date(empty_database_url: str, tmp_path: Path) -> None:
    settings = settings_for(empty_database_url, tmp_path)
    for _ in range(2):
        async with opened_database(settings) as database:
            assert await rows(database, "SELECT count(*) FROM people") == [(0,)]


async def test_a_database_of_a_newer_mull_is_left_alone(database: Database, database_url: str, tmp_path: Path) -> None:
    await database.write(lambda c: c.execute(sa.text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(NewerDatabase, match="newer Mull"):
        async with opened_database(settings_for(database_url, tmp_path)):
            pass
    assert await rows(database, "SELECT version_num FROM alembic_version") == [("9999",)]


async def test_an_older_database_on_a_server_waits_for_its_operator(empty_database_url: str, tmp_path: Path) -> None:
    database = open_database(empty_database_url)
    await database.write(lambda connection: command.upgrade(configured(connection), "0001"))
    settings = settings_for(empty_database_url, tmp_path)
    if settings.is_embedded:
        async with opened_database(settings):
            pass
    else:
        with pytest.raises(NeedsMigration, match="mull migrate"):
            async with opened_database(settings):
                pass
    expected = LATEST if settings.is_embedded else "0001"
    assert await rows(database, "SELECT version_num FROM alembic_version") == [(expected,)]
    await database.close()


async def test_an_event_goes_in_by_the_one_door_and_its_reply_out_to_the_platform(database: Database) -> None:
    await set_stage(database)
    platform, hands = Lively(), Hands()
    async with running(database, {platform.platform: platform}, hands) as app:
        assert isinstance(app, App)
        assert await platform.send(begin(0)) is Outcome.ACCEPTED
        assert (await platform.arrived.get()).prompt.key == "one"
        assert await app.accept(say(0, "The bridge.", "1")) is Outcome.ACCEPTED
        assert (await platform.arrived.get()).prompt.key == "two"
    assert platform.is_stopped
    assert await said_by(database, 0) == {"one": "The bridge."}


async def test_time_passes_by_itself_while_mull_runs(database: Database) -> None:
    await set_stage(database)
    platform, hands = Lively(), Hands()
    async with running(database, {"fake": platform}, hands):
        await platform.send(begin(0))
    hands.move(hours=25)
    async with running(database, {"fake": platform}, hands):
        while len(questions(platform.seen)) < 2:
            await platform.arrived.get()
    assert questions(platform.seen) == ["one", "one"]


async def test_after_a_restart_a_talk_goes_on_where_it_was(database: Database) -> None:
    await set_stage(database)
    platform, hands = Lively(), Hands()
    for event in (begin(0), *(say(0, f"words {n}", f"{n}") for n in range(3))):
        async with running(database, {"fake": platform}, hands):
            await platform.send(event)
    async with running(database, {"fake": platform}, hands) as app:
        while await app.outbox.deliver_due():
            pass
    assert questions(platform.seen) == ["one", "two", "plan"]
    assert len({effect.id for effect in platform.seen}) == len(platform.seen) == 5
    assert await rows(database, "SELECT status FROM runs") == [("done",)]


async def test_what_was_accepted_before_the_stop_is_on_disk(database: Database) -> None:
    await set_stage(database, 50)
    platform = Lively()
    async with running(database, {"fake": platform}, Hands()):
        taken = [asyncio.ensure_future(platform.send(begin(n))) for n in range(50)]
        await taken[0]
    assert await asyncio.gather(*taken) == [Outcome.ACCEPTED] * 50
    assert await rows(database, "SELECT count(*) FROM runs") == [(50,)]


async def test_the_flows_that_come_with_mull_are_published_once(database: Database) -> None:
    for _ in range(2):
        async with running(database, {}, Hands()):
            found = dict(await rows(database, "SELECT flow, version FROM flows"))
            assert found == {name: document.version for name, document in flows().items()}
            assert await rows(database, "SELECT count(*) FROM flow_versions") == [(len(flows()),)]


async def test_a_run_finishes_on_the_version_it_began_with(database: Database) -> None:
    await set_stage(database, 2)
    platform, hands = Lively(), Hands()
    async with running(database, {"fake": platform}, hands) as app:
        await app.accept(begin(0))
    changed = FLOW.model_copy(update={"steps": FLOW.steps[1:2]})
    from bot.storage.flows import publish_flow

    await database.write(
        lambda c: publish_flow(c, changed.flow, changed.version, changed.to_json(), NOW + timedelta(hours=1))
    )
    async with running(database, {"fake": platform}, hands) as app:
        for event in (begin(1), say(1, "only one", "1"), say(0, "first of three", "1")):
            await app.accept(event)
    assert await rows(database, "SELECT person_id, status FROM runs ORDER BY person_id") == [
        ("pupil-0000", "open"),
        ("pupil-0001", "done"),
    ]
    assert len(await asked(database, 0)) == 2


async def test_two_processes_start_at_once_on_an_empty_database(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    context = processes()
    gate = context.Barrier(2)
    pipes = [context.Pipe(duplex=False) for _ in range(2)]
    both = [context.Process(target=start, args=(empty_database_url, gate, out)) for _, out in pipes]
    for process, (_, out) in zip(both, pipes, strict=True):
        process.start()
        out.close()
    assert [answer.recv() for answer, _ in pipes] == ["running"] * 2
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    database = open_database(empty_database_url)
    assert await rows(database, "SELECT count(*) FROM flow_versions") == [(len(flows()),)]
    await database.close()


# Serving.


async def never(database: Database, address: str) -> None:
    """Fail: nothing was to be served."""
    pytest.fail(f"served at {address}")


async def test_a_port_that_is_taken_is_said_by_name(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WrongSetting, match=rf"^MULL_HOST, MULL_PORT: 127\.0\.0\.1:{port} cannot be used"):
            await serve(load_settings(data_dir=tmp_path, port=port), never)


async def test_a_server_database_without_a_key_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, database_url="postgresql://nowhere.invalid/mull", port=0)
    with pytest.raises(WrongSetting, match=r"^MULL_SECRET_KEY: is needed with PostgreSQL"):
        await serve(settings, never)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_mull_run_serves_until_it_is_told_to_stop(tmp_path: Path, stop: signal.Signals) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MULL_")}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env=env | {"MULL_PORT": "0", "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip().removeprefix("Mull is ready at ")
            said = [process.stdout.readline() for _ in range(2)]
            assert said[0].startswith("Nobody is here yet.")
            assert said[1].strip().startswith(f"{address}/sign-in/")
            with httpx.Client(base_url=address, timeout=30) as client:
                assert client.get("/").status_code < 500
        finally:
            process.send_signal(stop)
            _, complaints = process.communicate(timeout=30)
    assert process.returncode in (0, -stop)
    assert complaints == ""
    assert {file.name for file in (tmp_path / "mull-data").iterdir()} == {"mull.db", "secret.key"}
