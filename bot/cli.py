"""The command `mull`. Each command imports what it needs when it runs, so that `mull --help` answers at once."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.core.errors import MullError

app = typer.Typer(
    help="Mull: reflection and habit nudges for schools.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

WRONG = 2
"""The exit status for something the person at the keyboard can put right."""


@app.command()
def demo(
    data: Annotated[Path, typer.Option(help="Where the sample school is kept; made afresh each time.")] = Path(
        "mull-demo"
    ),
    port: Annotated[int, typer.Option(help="Port to serve on; 0 picks a free one.")] = 8000,
) -> None:
    """Show a sample school: three groups, twelve weeks of answers, links that sign you in."""
    from bot.commands.demo import show_demo

    _run(lambda: show_demo(data, port))


@app.command()
def run(
    role: Annotated[
        str,
        typer.Option(
            help="What this process does: all, web (the pages), slack or discord; several may share a database."
        ),
    ] = "all",
) -> None:
    """Serve the pages, Slack and Discord, as far as set up. Print a one-time link for an empty database's owner."""
    from bot.commands.run import serve_here

    _run(lambda: serve_here(role))


@app.command()
def play(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A flow or a program that comes with Mull, or a flow's YAML file.")
    ],
    lang: Annotated[str, typer.Option(help="The language to play it in.")] = "en",
    people: Annotated[int, typer.Option(min=1, max=8, help="How many learn in the class that plays a program.")] = 3,
    choose: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A choice of the program; may come several times.")
    ] = None,
) -> None:
    """Try a flow, or a whole program, alone in this terminal; nothing is kept."""
    from bot.commands.play import play as play_it

    _run(lambda: play_it(name, _ask, typer.echo, lang=lang, people=people, choices=choose or ()))


@app.command()
def lint(files: Annotated[list[Path], typer.Argument(help="Flow files, as YAML.")]) -> None:
    """Check flow files: what is refused, and what could be worded better."""
    from bot.commands.lint import lint_files

    raise typer.Exit(lint_files(files, typer.echo))


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from bot.commands.migrate import migrate_database

    _run(lambda: migrate_database(typer.echo))


@app.command()
def check() -> None:
    """Look at settings, database, Slack, Discord and flows, and say what to do."""
    from bot.commands.check import check_everything

    raise typer.Exit(_run(lambda: check_everything(typer.echo)))


@app.command()
def link(person: Annotated[str, typer.Argument(help="The person's name, as it stands on the roster.")]) -> None:
    """Print a one-time link that signs a facilitator in, for instance on a new computer."""
    from bot.commands.link import print_link

    _run(lambda: print_link(person, typer.echo))


@app.command()
def simulate(
    *,
    seeds: Annotated[int, typer.Option(min=1, help="How many invented school years to live, from seed 1 on.")] = 1,
    seed: Annotated[int | None, typer.Option(min=0, help="Live the year of this seed only.")] = None,
    people: Annotated[int, typer.Option(min=20, max=2000, help="How many people the school has.")] = 500,
    weeks: Annotated[int, typer.Option(min=2, max=45, help="How many weeks the year has.")] = 40,
    faults: Annotated[bool, typer.Option(help="Whether things go wrong: crashes, outages, clocks that jump.")] = True,
    database: Annotated[
        str, typer.Option(help="An empty database to use for one seed; a file of its own otherwise.")
    ] = "",
    processes: Annotated[int, typer.Option(min=1, max=16, help="How many years are lived at a time.")] = 2,
) -> None:
    """Live school years on a virtual clock, and compare what everybody saw with what they had to see."""
    from bot.commands.simulate import simulate_years
    from bot.simulation.seeds import Wanted

    chosen = [seed] if seed is not None else list(range(1, seeds + 1))
    if database and len(chosen) > 1:
        raise typer.BadParameter("A database holds one year: choose one with --seed.")
    wanted = Wanted(people=people, weeks=weeks, is_faulty=faults, database=database)
    if not simulate_years(chosen, wanted, processes, typer.echo):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line."""
    app()


def _ask(prompt: str) -> str:
    """Show a prompt and read a line; an empty text where there are no more."""
    typer.echo(prompt, nl=False)
    return sys.stdin.readline()


def _run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine; say what is wrong in one sentence where a person can put it right."""
    try:
        return asyncio.run(work())
    except MullError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(WRONG) from None
    except KeyboardInterrupt:
        return None
