"""`mull play`: a flow in the terminal, through the same door as everywhere, on a database that is thrown away."""

import asyncio
import re
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from bot.adapters.terminal.adapter import TerminalAdapter
from bot.adapters.terminal.inbound import place_of
from bot.core.errors import DocumentError
from bot.core.events import EventId, GroupCreated, RunRequested
from bot.core.people import GroupId, PersonId, Role
from bot.core.runs import RunStatus
from bot.flows.document import Document
from bot.flows.library import flows, read
from bot.runner.clock import Clock
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.connection import Connection
from bot.storage.database import open_database
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members, change_group
from bot.storage.people import add_people
from bot.storage.schema import migrate
from bot.storage.turns import load_open_runs

BEN, ADA, GROUP = PersonId("ben"), PersonId("ada"), GroupId("class")
LEAP = re.compile(r"\+(\d{1,3})([hd])")
HINT = "Type your answers; +3h or +2d moves time; an empty line ends."


class PlayClock:
    """Tells a time that can be moved."""

    def __init__(self) -> None:
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """Tell the time in the play."""
        return datetime.now(UTC) + self._offset

    def leap(self, by: timedelta) -> None:
        """Move on."""
        self._offset += by


async def play_flow(name: str, lang: str, given: TextIO, show: Callable[[str], None]) -> None:
    """Play a flow until it ends or the person leaves; nothing is kept.

    Raises DocumentError where there is no such flow, or its file is wrong.
    """
    document = find_flow(name)
    clock = PlayClock()
    terminal = TerminalAdapter(BEN, "play", show, clock.now)
    with tempfile.TemporaryDirectory(prefix="mull-play-") as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'play.db'}")
        try:
            await migrate(database)
            await database.write(lambda connection: _set_stage(connection, document, lang, clock.now()))
            inbox = Inbox(database, FlowShelf(), now=clock.now)
            outbox = Outbox(database, {terminal.platform: terminal}, clock.now, owner="play")
            await terminal.start(inbox.accept)
            await inbox.accept(_request(document, clock.now()))
            show(HINT)
            while await _deliver_all(outbox) or await database.read(_is_open):
                line = await asyncio.to_thread(given.readline)
                if not line.strip():
                    return
                leap = LEAP.fullmatch(line.strip())
                if leap is None:
                    await terminal.say(line)
                else:
                    clock.leap(timedelta(**{"h": {"hours": int(leap[1])}, "d": {"days": int(leap[1])}}[leap[2]]))
                    await Clock(database, inbox, clock.now).tick()
        finally:
            await database.close()


def find_flow(name: str) -> Document:
    """Find a flow by id, or read it from a file.

    Raises DocumentError.
    """
    if name in flows():
        return flows()[name]
    path = Path(name)
    if not path.is_file():
        raise DocumentError(f"There is no flow or file named {name}. Flows: {', '.join(sorted(flows()))}.")
    return read(path.read_text("utf-8"), name)


async def _deliver_all(outbox: Outbox) -> bool:
    while await outbox.deliver_due():
        pass
    return False


def _request(document: Document, now: datetime) -> RunRequested:
    return RunRequested(
        id=EventId("mull/play/start"), at=now, who=BEN, place=place_of(BEN), flow=document.flow, group=GROUP
    )


def _is_open(connection: Connection) -> bool:
    runs = load_open_runs(connection, {BEN})[BEN]
    return any(run.status is RunStatus.OPEN for run in runs.values())


def _set_stage(connection: Connection, document: Document, lang: str, now: datetime) -> None:
    publish_flow(connection, document.flow, document.version, document.to_json(), now)
    add_people(connection, [(BEN, "Ben"), (ADA, "Ms Ada")], now, lang)
    created = GroupCreated(
        id=EventId("mull/play/group"),
        at=now,
        who=ADA,
        group=GROUP,
        name="Class 7b",
        code="play",
        setting="class",
        zone="UTC",
    )
    add_group(connection, created)
    change_group(connection, GROUP, {"reply_day": "Friday"})
    add_members(connection, GROUP, [ADA], Role.FACILITATOR, now)
    add_members(connection, GROUP, [BEN], Role.LEARNER, now)
