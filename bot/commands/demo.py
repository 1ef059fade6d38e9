"""`mull demo`."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.app import publish_library, serve
from bot.core.errors import MullError
from bot.demo.school import SampleGroup, build_school, person_id
from bot.demo.weeks import WEEKS, Seeder
from bot.logs import set_up_logs
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.settings import Settings, load_secret
from bot.storage.connection import Connection
from bot.storage.database import Database, open_database
from bot.storage.schema import migrate
from bot.storage.sessions import make_link
from bot.web.cards import card_code

MARK = ".mull-demo"
"""A file that says a folder is the demo's own, to be thrown away."""

LINK_LIVES = timedelta(days=1)
GUESTS = (("a learner", "Ben"), ("a teacher", "Ms Ada"), ("the principal", "Dr Lindqvist"))


class NotADemo(MullError):
    """That folder holds something else than a demo; name another with --data."""


async def show_demo(folder: Path, port: int) -> None:
    """Make the sample school afresh, print links that sign in, and serve it until stopped.

    Raises NotADemo where the folder is not the demo's to throw away.
    """
    console = Console()
    set_up_logs("warning")
    _clear(folder)
    settings = Settings(_env_file=None, data_dir=folder, port=port)
    secret = load_secret(settings)
    database = open_database(settings.database, is_sample=True)
    try:
        groups = await _fill(database, console)
    finally:
        await database.close()
    await serve(settings, lambda running, address: _announce(running, address, console, secret, groups))


def _clear(folder: Path) -> None:
    if folder.exists():
        if any(folder.iterdir()) and not (folder / MARK).exists():
            raise NotADemo
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


async def _fill(database: Database, console: Console) -> list[SampleGroup]:
    now = datetime.now(UTC)
    await migrate(database)

    def build(connection: Connection) -> list[SampleGroup]:
        publish_library(connection, now)
        return build_school(connection, now)

    groups = await database.write(build)
    inbox = Inbox(database, FlowShelf())
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Twelve weeks at Maple Street School …", total=WEEKS)
        await Seeder(database, inbox).answer_weeks(groups, now, lambda week: progress.update(task, completed=week))
    await inbox.close()
    return groups


async def _announce(
    database: Database, address: str, console: Console, secret: bytes, groups: list[SampleGroup]
) -> None:
    """Print a link for each guest; two names of this computer keep a teacher and a learner apart in one browser."""
    tokens = await database.write(_guest_tokens)
    console.print(f"\n[bold]Mull is ready at {address}[/bold]", highlight=False)
    console.print("Each link signs you in once; stop with Ctrl-C.\n")
    for (who, name), token in zip(GUESTS, tokens, strict=True):
        host = address if who == "a learner" else address.replace("127.0.0.1", "localhost")
        console.print(f"  As {who}, {name}:", highlight=False)
        console.print(f"  {host}/sign-in/{token}\n", highlight=False, soft_wrap=True)
    card = card_code(secret, person_id("Aylin"), 1)
    console.print(
        f"  Or join as Aylin with a card: class code maple-7007, card {card}, at {address}\n", highlight=False
    )


def _guest_tokens(connection: Connection) -> list[str]:
    now = datetime.now(UTC)
    return [make_link(connection, person_id(name), now + LINK_LIVES) for _, name in GUESTS]
