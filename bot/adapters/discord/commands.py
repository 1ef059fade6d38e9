"""Mull's commands on Discord: what people pick from; `inbound` reads the words that each stands for.

Every command hands its interaction over and does nothing by itself.
"""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

import discord
from discord import AppCommandOptionType, AppCommandType, ChannelType, app_commands

from bot.adapters.discord.localisations import COMMANDS, MENUS, OPTIONS, Localisations
from bot.adapters.discord.zones import suggest_zones

MULL, SETUP = "mull", "mull-setup"

SUB_COMMANDS = tuple(name for name in COMMANDS if name not in (MULL, SETUP))

DAYS = ("Tomorrow", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "1 week", "2 weeks")
"""Until when somebody may want it quiet, in words that Mull understands everywhere."""

DIGITS = 2

NAMED = re.compile(r"/(?P<name>mull-setup|mull [a-z-]+)")
KNOWN = frozenset({SETUP, *(f"{MULL} {name}" for name in SUB_COMMANDS)})

EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
TO_SERVERS = app_commands.AppInstallationType(guild=True, user=False)

Choices: TypeAlias = list[app_commands.Choice[str]]
Take: TypeAlias = Callable[[discord.Interaction], Awaitable[None]]
Complete: TypeAlias = Callable[[discord.Interaction, str], Awaitable[Choices]]
Failed: TypeAlias = Callable[[discord.Interaction, app_commands.AppCommandError], Awaitable[None]]
AnyCommand: TypeAlias = app_commands.Command[Any, ..., None]


class Tree(app_commands.CommandTree[discord.Client]):
    """The commands, and what happens to one that went wrong: also one that Mull knows no longer."""

    def __init__(self, client: discord.Client, failed: Failed) -> None:
        super().__init__(client, allowed_contexts=EVERYWHERE, allowed_installs=TO_SERVERS)
        self._failed = failed

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError, /) -> None:
        """Hand over what went wrong; a list of suggestions just stays empty."""
        if interaction.type is not discord.InteractionType.autocomplete:
            await self._failed(interaction, error)
            return
        with suppress(discord.HTTPException, discord.InteractionResponded):
            await interaction.response.autocomplete([])


class PostingPlace(app_commands.Transformer):
    """A channel or thread where a club can be asked; what comes is checked by whoever takes the interaction."""

    @property
    def type(self) -> AppCommandOptionType:
        """Show Discord's picker of channels."""
        return AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[ChannelType]:
        """Leave out announcements, which other servers read, and whatever is not written in."""
        return [ChannelType.text, ChannelType.public_thread, ChannelType.private_thread]

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> Any:
        """Leave it as Discord gave it."""
        return value


def build_tree(client: discord.Client, take: Take, complete: Complete, failed: Failed) -> Tree:
    """Make the commands.

    `take` gets every command, `complete` what is typed so far where a flow is chosen, `failed` a command that could not
    be taken.
    """
    tree = Tree(client, failed)
    mull = app_commands.Group(name=MULL, description=COMMANDS[MULL].en, allowed_contexts=EVERYWHERE)
    for name in SUB_COMMANDS:
        mull.add_command(_sub_command(name, take, complete))
    tree.add_command(mull)
    tree.add_command(_setup(take))
    tree.add_command(_on_people(take))
    tree.add_command(_on_messages(take))
    return tree


def _sub_command(name: str, take: Take, complete: Complete) -> AnyCommand:
    if name in ("start", "ask"):
        return _with_flow(name, take, complete)
    if name in ("program", "when"):
        return _with_time(name, take)
    if name == "sign-in":
        return _with_code(name, take)
    return _with_day(name, take) if name == "pause" else _bare(name, take)


def _bare(name: str, take: Take) -> AnyCommand:
    async def callback(interaction: discord.Interaction) -> None:
        await take(interaction)

    return _command(name, callback)


def _with_flow(name: str, take: Take, complete: Complete) -> AnyCommand:
    @app_commands.describe(flow=OPTIONS[f"{name} flow"].en)
    async def callback(interaction: discord.Interaction, flow: str | None = None) -> None:
        await take(interaction)

    return _completed(_command(name, callback), "flow", complete)


def _with_day(name: str, take: Take) -> AnyCommand:
    @app_commands.describe(until=OPTIONS[f"{name} until"].en)
    async def callback(interaction: discord.Interaction, until: str | None = None) -> None:
        await take(interaction)

    async def days(interaction: discord.Interaction, typed: str) -> Choices:
        return suggest_days(typed)

    return _completed(_command(name, callback), "until", days)


def _with_time(name: str, take: Take) -> AnyCommand:
    @app_commands.describe(time=OPTIONS[f"{name} time"].en)
    async def callback(interaction: discord.Interaction, time: str | None = None) -> None:
        await take(interaction)

    return _command(name, callback)


def _with_code(name: str, take: Take) -> AnyCommand:
    @app_commands.describe(code=OPTIONS[f"{name} code"].en)
    async def callback(interaction: discord.Interaction, code: str | None = None) -> None:
        await take(interaction)

    return _command(name, callback)


def _setup(take: Take) -> AnyCommand:
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(
        **{option: OPTIONS[f"{SETUP} {option}"].en for option in ("channel", "role", "people", "zone")}
    )
    async def callback(
        interaction: discord.Interaction,
        channel: app_commands.Transform[Any, PostingPlace] | None = None,
        role: discord.Role | None = None,
        people: bool | None = None,
        zone: str | None = None,
    ) -> None:
        await take(interaction)

    async def zones(interaction: discord.Interaction, typed: str) -> Choices:
        return suggest_zones(typed, interaction.guild_locale or interaction.locale, interaction.created_at)

    return _completed(_command(SETUP, callback), "zone", zones)


def _command(name: str, callback: Any) -> AnyCommand:
    return app_commands.Command(name=name, description=COMMANDS[name].en, callback=callback)


def _completed(command: AnyCommand, option: str, complete: Complete) -> AnyCommand:
    async def suggest(interaction: discord.Interaction, typed: str) -> Choices:
        return await complete(interaction, typed)

    command.autocomplete(option)(suggest)
    return command


def suggest_days(typed: str) -> Choices:
    """Offer ends of a pause that begin with what was typed so far; any other day can be written out."""
    wanted = typed.strip().casefold()
    amounts = [f"{wanted} {unit}" for unit in ("days", "weeks")] if wanted.isdecimal() and len(wanted) <= DIGITS else []
    known = [day for day in DAYS if day.casefold().startswith(wanted)]
    return [app_commands.Choice(name=day, value=day) for day in dict.fromkeys([*known, *amounts])]


def _on_people(take: Take) -> app_commands.ContextMenu:
    async def callback(interaction: discord.Interaction, who: discord.User) -> None:
        await take(interaction)

    return app_commands.ContextMenu(name=MENUS["feedback"].en, callback=callback, allowed_contexts=IN_SERVERS)


def _on_messages(take: Take) -> app_commands.ContextMenu:
    async def callback(interaction: discord.Interaction, message: discord.Message) -> None:
        await take(interaction)

    return app_commands.ContextMenu(name=MENUS["note"].en, callback=callback, allowed_contexts=EVERYWHERE)


async def tree_payload(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """Lay out all that Discord is told of the commands, in every language."""
    localisations = Localisations()
    return [await command.get_translated_payload(tree, localisations) for command in tree.get_commands()]


async def tree_hash(tree: app_commands.CommandTree[Any]) -> str:
    """Name the commands by all that Discord is told of them; the same in every process."""
    told = json.dumps(await tree_payload(tree), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


async def sync_when_changed(tree: app_commands.CommandTree[Any], known: str | None) -> str:
    """Register the commands where they are not those that are `known` to be registered; answer what to remember.

    Raises what discord.py's `sync` does; then nothing is to be remembered.
    """
    name = await tree_hash(tree)
    if name != known:
        await tree.set_translator(Localisations())
        await tree.sync()
    return name


async def command_ids(tree: app_commands.CommandTree[Any]) -> dict[str, int]:
    """Ask Discord for the ids of the registered commands, by name."""
    registered = await tree.fetch_commands()
    return {command.name: command.id for command in registered if command.type is AppCommandType.chat_input}


def with_mentions(line: str, ids: Mapping[str, int]) -> str:
    """Write the commands that a line names, such as `/mull start`, so that a tap begins them; with ids by name."""

    def mention(found: "re.Match[str]") -> str:
        name = found["name"]
        number = ids.get(name.partition(" ")[0])
        return found.group() if number is None or name not in KNOWN else f"</{name}:{number}>"

    return NAMED.sub(mention, line)
