"""A small bot made of the real library, to try the fake with."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import discord
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord.fake import FakeDiscord

INTENTS = discord.Intents(guilds=True, dm_messages=True)
QUIET: dict[str, Any] = {"suppress_embeds": True}


def option(label: str, **more: Any) -> discord.SelectOption:
    """Offer an option, valued by its label."""
    return discord.SelectOption(label=label, value=label.lower(), **more)


def radio(label: str, **more: Any) -> discord.RadioGroupOption:
    """Offer one of several."""
    return discord.RadioGroupOption(label=label, value=label.lower(), **more)


def box(label: str, **more: Any) -> discord.CheckboxGroupOption:
    """Offer a box to tick."""
    return discord.CheckboxGroupOption(label=label, value=label.lower(), **more)


class CheckIn(ui.Modal, title="Check-in"):
    """A form of every kind of field."""

    what: ui.Label[Self] = ui.Label(
        text="What happened?",
        component=ui.TextInput(custom_id="what", style=discord.TextStyle.long, default="I began.", max_length=4000),
    )
    hard: ui.Label[Self] = ui.Label(
        text="How hard was it?",
        component=ui.RadioGroup(custom_id="hard", options=[radio("Coasting", default=True), radio("Edge")]),
    )
    tried: ui.Label[Self] = ui.Label(
        text="What did you try?",
        component=ui.CheckboxGroup(custom_id="tried", required=False, options=[box("Drew it"), box("Asked")]),
    )
    next: ui.Label[Self] = ui.Label(
        text="And next?",
        component=ui.Select(custom_id="next", required=False, options=[option("Rest"), option("Again")]),
    )
    thanks: ui.TextDisplay[Any] = ui.TextDisplay("Ms Ada reads this.")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Say what was filled in."""
        parts = [part.component for part in (self.what, self.hard, self.tried, self.next)]
        told = [getattr(part, "value", None) or getattr(part, "values", None) or "-" for part in parts]
        await interaction.response.send_message(f"Saved: {told}", ephemeral=True, **QUIET)


class Press(ui.DynamicItem[ui.Button[Any]], template=r"do:(?P<what>.+)"):
    """A button that is known by its custom id, also after a restart."""

    def __init__(self, what: str, label: str = "") -> None:
        super().__init__(ui.Button(label=label or what.capitalize(), custom_id=f"do:{what}"))
        self.what = what

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Know a button again."""
        return cls(match["what"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button stands for."""
        match self.what:
            case "form":
                await interaction.response.send_modal(CheckIn(custom_id="form"))
            case "think":
                await interaction.response.defer(ephemeral=True, thinking=True)
                await interaction.edit_original_response(content="Thought about it.")
            case "follow":
                await interaction.response.defer()
                await interaction.followup.send("One more thing.", ephemeral=True, **QUIET)
            case "change":
                await interaction.response.edit_message(content="Changed.", view=view(Press("form")))
            case "nothing":
                pass
            case _:
                await interaction.response.send_message(f"You pressed {self.what}.", ephemeral=True, **QUIET)


class Menu(ui.DynamicItem[ui.Select[Any]], template=r"menu"):
    """A menu."""

    def __init__(self) -> None:
        super().__init__(ui.Select(custom_id="menu", options=[option("Red"), option("Blue")], max_values=2))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Know a menu again."""
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        """Say what was chosen."""
        chosen = ", ".join(interaction.data["values"])  # type: ignore[typeddict-item,index]
        await interaction.response.send_message(f"You chose {chosen}.", ephemeral=True, **QUIET)


def view(*items: ui.Item[Any]) -> ui.View:
    """Put controls under a message."""
    made = ui.View(timeout=None)
    for item in items:
        made.add_item(item)
    return made


class SmallBot(discord.AutoShardedClient):
    """Knows a command with parts, an owner's command, two in context menus, and the controls above."""

    def __init__(self, **more: Any) -> None:
        allowed = discord.AllowedMentions.none()
        given = {"intents": INTENTS, "guild_ready_timeout": 0.05, "allowed_mentions": allowed, **more}
        super().__init__(**given)
        self.heard: list[str] = []
        self.task: asyncio.Future[None] | None = None
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(_mull())
        self.tree.add_command(_setup)
        self.tree.add_command(_save)
        self.tree.add_command(_greet)

    async def setup_hook(self) -> None:
        """Know the controls again, and register the commands."""
        self.add_dynamic_items(Press, Menu)
        await self.tree.sync()

    async def wait_for_end(self) -> None:
        """Wait until it ends by itself; raise why."""
        assert self.task
        await asyncio.wait_for(asyncio.shield(self.task), 10)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Not wait, as the library else does for five seconds."""

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer what no control that was built asks for."""
        name = str(dict(interaction.data or {}).get("custom_id"))
        if name.startswith("raw:"):
            await interaction.response.send_message(f"You sent {name}.", ephemeral=True, **QUIET)

    async def on_message(self, message: discord.Message) -> None:
        """Answer in direct messages."""
        if message.author.id != self.application_id and message.guild is None:
            self.heard.append(message.content)
            await message.channel.send(f"Heard {message.content}", view=view(Press("form")), **QUIET)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Note a change."""
        self.heard.append(f"edited: {event.message.content}")

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Note a deletion."""
        self.heard.append(f"deleted: {event.message_id}")


def _mull() -> app_commands.Group:
    group = app_commands.Group(name="mull", description="Reflect with Mull")

    @group.command(description="Pause until a day")
    @app_commands.describe(until="A day", who="For whom", place="In which channel", times="How often")
    async def pause(
        interaction: discord.Interaction,
        until: str,
        who: discord.User | None = None,
        place: discord.TextChannel | None = None,
        times: app_commands.Range[int, 1, 5] = 1,
    ) -> None:
        told = f"until {until}, {who and who.display_name}, {place and place.name}, {times}"
        await interaction.response.send_message(f"Paused {told}.", ephemeral=True, **QUIET)

    @pause.autocomplete("until")
    async def days(interaction: discord.Interaction, text: str) -> list[app_commands.Choice[str]]:
        every = ("Friday", "Monday")
        return [app_commands.Choice(name=day, value=day) for day in every if day.lower().startswith(text)]

    @group.command(description="Show the controls")
    async def home(interaction: discord.Interaction) -> None:
        shown = view(*(Press(what) for what in ("form", "think", "follow", "change")), Menu())
        await interaction.response.send_message("Here you are.", view=shown, ephemeral=True, **QUIET)

    return group


@app_commands.command(name="mull-setup", description="Set Mull up")
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def _setup(interaction: discord.Interaction) -> None:
    rights = f"{interaction.permissions.manage_guild}, {interaction.app_permissions.send_messages}"
    await interaction.response.send_message(f"Set up: {rights}.", ephemeral=True, **QUIET)


@app_commands.context_menu(name="Save as reflection")
async def _save(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"Saved {message.content}.", ephemeral=True, **QUIET)


@app_commands.context_menu(name="Greet")
async def _greet(interaction: discord.Interaction, member: discord.Member) -> None:
    await interaction.response.send_message(f"Hello {member.display_name}.", ephemeral=True, **QUIET)


def point_at(fake: FakeDiscord) -> None:
    """Let the library talk to this Discord."""
    Route.BASE = fake.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(fake.gateway_url)


@asynccontextmanager
async def running(fake: FakeDiscord, bot: SmallBot | None = None) -> AsyncIterator[SmallBot]:
    """Run a bot until the block ends."""
    point_at(fake)
    made = bot or SmallBot()
    task = made.task = asyncio.ensure_future(made.start(fake.token))
    try:
        ready = asyncio.ensure_future(fake.connected(1))
        await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if task.done():
            task.result()
        await made.wait_until_ready()
        yield made
    finally:
        await made.close()
        await asyncio.wait([task])
