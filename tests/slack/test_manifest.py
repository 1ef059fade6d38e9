"""The manifest is one that Slack takes, and asks for what the code says that it needs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from bot.adapters.slack.installs import oauth_settings
from bot.adapters.slack.scopes import SCOPES
from bot.runner.installs import StoredInstalls
from bot.storage.database import open_database
from bot.storage.sealing import Seal
from tests.stage import NOW

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "tests/slack/specs/slack_manifest.schema.2.0.0.json"
NEEDS = {
    "app_home_opened": None,
    "app_uninstalled": None,
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "function_executed": None,
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.im": "im:history",
    "subteam_members_changed": "usergroups:read",
    "team_join": "users:read",
    "tokens_revoked": None,
    "user_change": "users:read",
}
"""Events, and the scope that each needs by Slack's reference."""


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """Read the manifest."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "slack-manifest.yaml").read_text("utf-8"))
    return read


def test_slack_takes_the_manifest(manifest: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert [fault.message for fault in Draft7Validator(schema).iter_errors(manifest)] == []
    assert manifest["_metadata"]["major_version"] == 2


def test_one_list_of_scopes_for_manifest_code_install_page_and_docs(manifest: dict[str, Any], tmp_path: Path) -> None:
    installs = StoredInstalls(open_database(f"sqlite:///{tmp_path / 'mull.db'}"), Seal(b"s" * 64), lambda: NOW)
    settings = oauth_settings(installs, "1.1", "secret", "https://mull.example.school")
    docs = (ROOT / "docs/slack.md").read_text("utf-8")
    assert manifest["oauth_config"]["scopes"] == {"bot": list(SCOPES)}
    assert list(SCOPES) == sorted(SCOPES)
    assert list(settings.scopes or ()) == list(SCOPES)
    assert list(settings.user_scopes or ()) == []
    assert dict(re.findall(r"(?m)^\| `([\w:]+)` \| (.+) \|$", docs)) == dict(SCOPES)


def test_no_scope_reads_a_channel_or_writes_where_mull_was_not_invited() -> None:
    assert not SCOPES.keys() & {"channels:history", "groups:history", "mpim:history", "chat:write.public"}
    assert not SCOPES.keys() & {"chat:write.customize", "users:read.email", "channels:join"}


def test_each_event_has_its_scope(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["event_subscriptions"] == {"bot_events": list(NEEDS)}
    assert {scope for scope in NEEDS.values() if scope} <= SCOPES.keys()


def test_the_app_has_a_home_and_takes_messages(manifest: dict[str, Any]) -> None:
    features, settings = manifest["features"], manifest["settings"]
    assert features["bot_user"] == {"display_name": "Mull", "always_online": False}
    assert features["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert [command["command"] for command in features["slash_commands"]] == ["/mull"]
    assert {(one["callback_id"], one["type"]) for one in features["shortcuts"]} == {
        ("reflect_now", "global"),
        ("save_as_reflection", "message"),
    }
    assert settings["interactivity"] == {"is_enabled": True}
    assert (settings["socket_mode_enabled"], settings["token_rotation_enabled"]) == (True, False)


def test_the_step_asks_for_a_person_and_perhaps_a_check_in(manifest: dict[str, Any]) -> None:
    given = manifest["functions"]["send_check_in"]["input_parameters"]
    assert {name: one["type"] for name, one in given["properties"].items()} == {
        "person": "slack#/types/user_id",
        "flow": "string",
    }
    assert given["required"] == ["person"]
    assert manifest["settings"]["org_deploy_enabled"] is True  # Slack takes no step without it
