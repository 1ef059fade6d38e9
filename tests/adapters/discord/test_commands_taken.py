"""Commands as they come from Discord: every one is handed over, whole."""

from typing import Any

import discord
import pytest
from discord import app_commands

from bot.adapters.discord.commands import SUB_COMMANDS
from tests.adapters.discord.commanding import Payload, Scene, interaction, make_scene, sub


@pytest.fixture
async def scene() -> Scene:
    return make_scene()


async def suggestions(scene: Scene, data: Payload, **given: Any) -> list[str]:
    """List what is suggested for what somebody types."""
    await scene.tree._call(interaction(scene, data, kind=4, **given))
    (offered,) = scene.registry.suggested
    return [choice["name"] for choice in offered]


@pytest.mark.parametrize("name", SUB_COMMANDS)
async def test_every_sub_command_is_handed_over(scene: Scene, name: str) -> None:
    given = interaction(scene, sub(name))
    await scene.tree._call(given)
    assert scene.taken.interactions == [given]
    assert given.command
    assert given.command.qualified_name == f"mull {name}"


async def test_options_come_with_it(scene: Scene) -> None:
    await scene.tree._call(interaction(scene, sub("pause", {"type": 3, "name": "until", "value": "Friday"})))
    assert scene.taken.interactions[0].namespace.until == "Friday"


async def test_setup_is_handed_over_with_what_was_picked(scene: Scene) -> None:
    picked = {"id": "20", "type": 0, "name": "club", "permissions": "0"}
    options = [
        {"type": 7, "name": "channel", "value": "20"},
        {"type": 5, "name": "people", "value": True},
        {"type": 3, "name": "zone", "value": "Europe/Berlin"},
    ]
    data = {"name": "mull-setup", "options": options, "resolved": {"channels": {"20": picked}}}
    await scene.tree._call(interaction(scene, data, guild_id="10"))
    namespace = scene.taken.interactions[0].namespace
    assert (namespace.channel.id, namespace.people, namespace.zone) == (20, True, "Europe/Berlin")


async def test_the_menus_are_handed_over(scene: Scene) -> None:
    user = {"id": "6", "username": "eve", "discriminator": "0", "avatar": None, "global_name": "Eve"}
    data = {"name": "Give feedback", "type": 2, "target_id": "6", "resolved": {"users": {"6": user}}}
    await scene.tree._call(interaction(scene, data))
    message: Payload = {
        "id": "9",
        "channel_id": "20",
        "author": user,
        "content": "Done!",
        "attachments": [],
        "embeds": [],
        "components": [],
        "edited_timestamp": None,
        "type": 0,
        "pinned": False,
        "mention_everyone": False,
        "mentions": [],
        "tts": False,
    }
    data = {"name": "Save as reflection", "type": 3, "target_id": "9", "resolved": {"messages": {"9": message}}}
    await scene.tree._call(interaction(scene, data))
    commands = [given.command for given in scene.taken.interactions]
    assert [command.name for command in commands if command] == ["Give feedback", "Save as reflection"]


@pytest.mark.parametrize(
    ("name", "option", "suggested"),
    [("start", "flow", "From the house: f"), ("ask", "flow", "From the house: f"), ("pause", "until", "Friday")],
)
async def test_what_is_typed_is_completed(scene: Scene, name: str, option: str, suggested: str) -> None:
    typed = {"type": 3, "name": option, "value": "f", "focused": True}
    assert await suggestions(scene, sub(name, typed)) == [suggested]


async def test_a_zone_is_completed_by_the_servers_language(scene: Scene) -> None:
    typed = {"type": 3, "name": "zone", "value": "", "focused": True}
    offered = await suggestions(scene, {"name": "mull-setup", "options": [typed]}, guild_locale="de")
    assert offered == ["Europe/Berlin (13:00)", "Europe/Vienna (13:00)", "Europe/Zurich (13:00)"]


async def test_where_there_is_nothing_to_suggest_the_list_is_empty(scene: Scene) -> None:
    given = interaction(scene, sub("dance"), kind=4)
    await scene.tree._dispatch_error(given, app_commands.CommandNotFound("dance", []))
    assert scene.registry.suggested == [[]]
    assert scene.taken.errors == []


async def test_a_command_that_mull_knows_no_longer_is_handed_over_as_failed(scene: Scene) -> None:
    for data in (sub("dance"), {"name": "waltz"}, {"name": "Old menu", "type": 3, "target_id": "9"}):
        given = interaction(scene, data)
        with pytest.raises(app_commands.CommandNotFound) as raised:
            await scene.tree._call(given)
        await scene.tree._dispatch_error(given, raised.value)
        assert scene.taken.errors[-1] is raised.value
    assert len(scene.taken.errors) == 3
    assert scene.taken.interactions == []


async def test_a_fault_while_a_command_is_taken_is_handed_over() -> None:
    async def take(interaction: discord.Interaction) -> None:
        raise RuntimeError("no")

    scene = make_scene(take)
    await scene.tree._call(interaction(scene, sub("start")))
    (error,) = scene.taken.errors
    assert isinstance(error, app_commands.CommandInvokeError)
    assert isinstance(error.original, RuntimeError)
