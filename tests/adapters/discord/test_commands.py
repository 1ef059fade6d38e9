"""Mull's commands on Discord: within its limits, known to the desk, registered when they changed."""

import json
import re
import subprocess
import sys
from pathlib import Path

import discord
import pytest
from discord import app_commands
from jsonschema import Draft202012Validator

from bot.adapters.discord.commands import (
    SUB_COMMANDS,
    command_ids,
    suggest_days,
    sync_when_changed,
    tree_hash,
    tree_payload,
    with_mentions,
)
from bot.adapters.discord.inbound import named_words
from bot.adapters.discord.localisations import COMMANDS
from bot.desk.dates import read_day
from bot.desk.desk import MATTERS, find_matter
from bot.desk.english import ENGLISH
from bot.desk.help import unknown
from tests.adapters.discord.commanding import NOON, Payload, Scene, localised, make_scene, payloads, sub, texts

ROOT = Path(__file__).parents[3]
SPEC = ROOT.parent / "shared" / "specs" / "discord-openapi.json"
NAME = re.compile(r"[-_'\w]{1,32}")


@pytest.fixture
async def scene() -> Scene:
    return make_scene()


# What is offered.


async def test_the_commands_are_these(scene: Scene) -> None:
    assert list(await payloads(scene)) == ["mull", "mull-setup", "Give feedback", "Save as reflection"]
    assert [option["name"] for option in (await payloads(scene))["mull"]["options"]] == list(SUB_COMMANDS)


async def test_commands_are_for_servers_and_most_also_for_direct_messages_with_mull(scene: Scene) -> None:
    commands = await payloads(scene)
    assert {tuple(command["integration_types"]) for command in commands.values()} == {(0,)}
    contexts = {name: command["contexts"] for name, command in commands.items()}
    assert contexts == {"mull": [0, 1], "mull-setup": [0], "Give feedback": [0], "Save as reflection": [0, 1]}


async def test_members_do_not_see_the_setup(scene: Scene) -> None:
    rights = {name: command["default_member_permissions"] for name, command in (await payloads(scene)).items()}
    assert rights.pop("mull-setup") == discord.Permissions(manage_guild=True).value
    assert set(rights.values()) == {None}


async def test_setup_picks_from_discords_own_pickers(scene: Scene) -> None:
    channel, role, people, zone = (await payloads(scene))["mull-setup"]["options"]
    assert (channel["name"], channel["type"], channel["required"]) == ("channel", 7, False)
    assert channel["channel_types"] == [0, 11, 12]
    assert (role["name"], role["type"], role["required"]) == ("role", 8, False)
    assert (people["name"], people["type"], people["required"]) == ("people", 5, False)
    assert (zone["name"], zone["type"], zone["required"], zone["autocomplete"]) == ("zone", 3, False, True)


async def test_flows_and_days_are_suggested(scene: Scene) -> None:
    subs = {sub["name"]: sub["options"] for sub in (await payloads(scene))["mull"]["options"]}
    completed = {
        name: option["name"] for name, options in subs.items() for option in options if option.get("autocomplete")
    }
    assert completed == {"start": "flow", "pause": "until", "ask": "flow"}
    assert sum(map(len, subs.values())) == 6


# Limits: docs.discord.com/developers/interactions/application-commands.


async def test_names_and_descriptions_keep_discords_limits(scene: Scene) -> None:
    for name, command in (await payloads(scene)).items():
        if command["type"] != 1:
            assert all(1 <= len(each) <= 32 for each in (name, *command["name_localizations"].values()))
            continue
        for text in texts(command):
            assert NAME.fullmatch(text["name"])
            assert text["name"] == text["name"].lower()
            assert all(1 <= len(each) <= 100 for each in (text["description"], *localised(text)))
            assert len(text.get("options", ())) <= 25


async def test_each_command_is_short_enough_as_a_whole(scene: Scene) -> None:
    for command in (await payloads(scene)).values():
        longest = sum(
            len(text["name"]) + max(map(len, (text.get("description", ""), *localised(text))))
            for text in texts(command)
        )
        assert longest <= 8_000


async def test_required_options_come_first(scene: Scene) -> None:
    for command in (await payloads(scene)).values():
        for text in texts(command):
            required = [option.get("required", False) for option in text.get("options", ())]
            assert required == sorted(required, reverse=True)


async def test_discord_would_take_it(scene: Scene) -> None:
    if not SPEC.exists():
        pytest.skip("the OpenAPI document of Discord is not beside the repository")
    components = json.loads(SPEC.read_text("utf-8"))["components"]
    wanted = {"$ref": "#/components/schemas/ApplicationCommandUpdateRequest", "components": components}
    for command in await tree_payload(scene.tree):
        Draft202012Validator(wanted).validate(command)


# The words behind the commands.


@pytest.mark.parametrize("typed", ["", "f", "FRI", "t", "1", "2", "12", "2 w", "tomorrow"])
def test_every_day_that_is_suggested_is_understood(typed: str) -> None:
    days = suggest_days(typed)
    assert days
    assert all(read_day(choice.value, NOON.date(), ENGLISH.calendar) for choice in days)


def test_a_day_that_is_written_out_is_not_in_the_way() -> None:
    assert suggest_days("3 December") == suggest_days("12345") == suggest_days("²") == []
    assert [choice.value for choice in suggest_days("t")] == ["Tomorrow", "Tuesday", "Thursday"]


COMMANDS_USED = {
    **{name: sub(name) for name in SUB_COMMANDS},
    "mull-setup": {"name": "mull-setup"},
    "Give feedback": {"name": "Give feedback", "type": 2, "target_id": "6"},
    "Save as reflection": {"name": "Save as reflection", "type": 3, "target_id": "9"},
}


@pytest.mark.parametrize("data", COMMANDS_USED.values(), ids=COMMANDS_USED)
def test_every_command_stands_for_words_that_the_desk_knows(data: Payload) -> None:
    words = named_words({"data": data, "channel_id": "20"})
    assert find_matter(words, ENGLISH) != (unknown, words)


async def test_all_commands_are_used_above_and_reach_what_only_they_are_for(scene: Scene) -> None:
    assert COMMANDS_USED.keys() == {*SUB_COMMANDS, *await payloads(scene)} - {"mull"}
    words = {named_words({"data": data, "channel_id": "20"}).split(" http")[0] for data in COMMANDS_USED.values()}
    matters = {"club", "feedback", "group ask", "message me", "news", "no messages", "note", "talk to an adult"}
    assert matters <= words & MATTERS.keys()


@pytest.mark.parametrize("name", [name for name in SUB_COMMANDS if "-" not in name])
def test_the_name_of_a_sub_command_that_is_typed_means_the_same(name: str) -> None:
    assert find_matter(name, ENGLISH) == find_matter(named_words({"data": sub(name)}), ENGLISH)


# Registering.


async def test_commands_are_registered_once_and_again_only_when_they_changed(scene: Scene) -> None:
    name = await sync_when_changed(scene.tree, None)
    assert scene.registry.registered == [await tree_payload(scene.tree)]
    assert await sync_when_changed(scene.tree, name) == name
    assert len(scene.registry.registered) == 1
    assert await sync_when_changed(scene.tree, "another") == name
    assert len(scene.registry.registered) == 2


async def test_the_hash_changes_with_any_text_in_any_language(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await tree_hash(scene.tree)
    command = scene.tree.get_command("mull")
    assert isinstance(command, app_commands.Group)
    start = command.get_command("start")
    assert start
    monkeypatch.setattr(start, "_locale_description", app_commands.locale_str(COMMANDS["answers"].en))
    other_language = await tree_hash(scene.tree)
    monkeypatch.setattr(start, "description", "Begin")
    other_text = await tree_hash(scene.tree)
    assert len({before, other_language, other_text}) == 3


def test_the_hash_is_the_same_in_every_process() -> None:
    code = (
        "import asyncio, discord; from bot.adapters.discord.commands import build_tree, tree_hash\n"
        "tree = build_tree(discord.Client(intents=discord.Intents.none()), None, None, None)\n"
        "print(asyncio.run(tree_hash(tree)))"
    )
    command = [sys.executable, "-W", "ignore", "-c", code]
    said = [
        subprocess.run(command, env={"PYTHONHASHSEED": seed}, cwd=ROOT, capture_output=True, text=True, check=True)
        for seed in ("1", "2")
    ]
    assert re.fullmatch(r"[0-9a-f]{64}\n", said[0].stdout)
    assert said[0].stdout == said[1].stdout


async def test_help_names_commands_so_that_a_tap_begins_them(scene: Scene) -> None:
    await sync_when_changed(scene.tree, None)
    ids = await command_ids(scene.tree)
    assert ids == {"mull": 100, "mull-setup": 101}
    line = "Write /mull start, or /mull-setup; /mull nonsense is no command."
    linked = "Write </mull start:100>, or </mull-setup:101>; /mull nonsense is no command."
    assert with_mentions(line, ids) == linked
    assert with_mentions(line, {}) == line
