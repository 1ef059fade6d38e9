"""`mull check` with Slack: what is wrong is said with what to do, and no token is shown."""

import os
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.adapters.slack.scopes import SCOPES
from bot.commands.check import check_everything
from bot.commands.check_slack import slack_findings
from bot.commands.finding import Finding
from bot.settings import PREFIX, Settings, load_secret, load_settings
from bot.storage.database import open_database
from bot.storage.schema import migrate
from bot.storage.sealing import Seal
from bot.storage.workspaces import Install, end_install, save_install
from tests.slack.fake import FakeSlack
from tests.stage import NOW

ALL = frozenset(SCOPES)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder with no settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """Serve a Slack where Mull may do what it needs to, and no more."""
    async with FakeSlack() as fake:
        fake.world.workspaces["T1"].scopes = set(ALL)
        yield fake


def one(slack: FakeSlack, **given: str) -> Settings:
    """Set Slack for one workspace."""
    tokens = {"slack_bot_token": slack.token, "slack_app_token": slack.app_token, "slack_api_url": slack.api_url}
    return load_settings(**(tokens | given))


async def look(settings: Settings) -> list[Finding]:
    """Look at Slack; no finding shows a token."""
    found = await slack_findings(settings)
    assert not [finding for finding in found if "xoxb-" in str(finding) or "xapp-" in str(finding)]
    return found


async def test_all_is_well(slack: FakeSlack) -> None:
    assert await look(one(slack)) == [
        Finding("Slack", "Mull is @mull in Bridge School"),
        Finding("Slack scopes", "what Mull needs, and no more"),
        Finding("Slack socket", "opens"),
    ]


async def test_without_an_app_token_no_socket_is_tried(slack: FakeSlack) -> None:
    found = await look(one(slack, slack_app_token="", slack_signing_secret="s"))
    assert [finding.what for finding in found] == ["Slack", "Slack scopes"]
    assert [call.method for call in slack.calls] == ["auth.test"]


async def test_a_scope_that_is_missing_is_named_with_what_to_do(slack: FakeSlack) -> None:
    slack.world.workspaces["T1"].scopes -= {"users:read", "commands"}
    missing = (await look(one(slack)))[1]
    assert missing.state == "missing commands, users:read"
    assert "slack-manifest.yaml" in missing.to_do
    assert "reinstall" in missing.to_do


async def test_a_scope_that_nothing_needs_is_named_and_is_no_fault(slack: FakeSlack) -> None:
    slack.world.workspaces["T1"].scopes |= {"channels:history", "im:read"}
    assert (await look(one(slack)))[1] == Finding("Slack scopes", "more than Mull needs: channels:history, im:read")


@pytest.mark.parametrize("error", ["invalid_auth", "account_inactive", "token_revoked", "token_expired"])
async def test_a_token_that_is_refused_is_to_be_set_anew(slack: FakeSlack, error: str) -> None:
    slack.faults.error("auth.test", error)
    found = (await look(one(slack)))[0]
    assert found.state == f"refuses the token ({error})"
    assert "MULL_SLACK_BOT_TOKEN" in found.to_do


async def test_a_wrong_app_token_is_to_be_set_anew(slack: FakeSlack) -> None:
    socket = (await look(one(slack, slack_app_token="xapp-other")))[-1]
    assert socket.state == "refuses the token (invalid_auth)"
    assert "MULL_SLACK_APP_TOKEN" in socket.to_do


async def test_slack_that_is_in_trouble_is_not_taken_for_a_wrong_token(slack: FakeSlack) -> None:
    slack.faults.rate_limit("auth.test")
    slack.faults.fail("apps.connections.open", status=503)
    found = await look(one(slack))
    assert [finding.state for finding in found] == [
        "cannot answer now (ratelimited)",
        "cannot answer now (no words of its own)",
    ]
    assert all("MULL_SLACK_API_URL" in finding.to_do for finding in found)


async def test_slack_that_is_away_is_said_to_be_away(slack: FakeSlack) -> None:
    slack.faults.refuse_connection("auth.test")
    found = await look(one(slack, slack_app_token="", slack_signing_secret="s"))
    nobody = await look(one(slack, slack_api_url="http://127.0.0.1:1/api/"))
    assert [finding.state for finding in [*found, *nobody]] == ["does not answer"] * 3


async def test_a_token_of_a_whole_organisation_is_not_taken(slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = slack.people.methods["auth.test"]
    monkeypatch.setitem(slack._server.methods, "auth.test", lambda a: {**answer(a), "is_enterprise_install": True})  # type: ignore[dict-item]
    (found,) = await look(one(slack, slack_app_token="", slack_signing_secret="s"))
    assert "one workspace" in found.to_do


# Several workspaces.


def many(slack: FakeSlack) -> Settings:
    """Set Slack for several workspaces."""
    return load_settings(
        slack_client_id=slack.client_id,
        slack_client_secret=slack.client_secret,
        slack_signing_secret="s",
        slack_api_url=slack.api_url,
    )


async def keep(settings: Settings, *workspaces: tuple[str, str], secret: bytes | None = None) -> None:
    """Make the database, with installs in it."""
    database = open_database(settings.database)
    await migrate(database)
    seal = Seal(secret or load_secret(settings))
    for workspace, token in workspaces:
        install = Install("slack", workspace, workspace, token, "U0", ALL)
        await database.write(partial(save_install, seal=seal, install=install, at=NOW))
    await database.close()


async def test_before_anybody_installed_the_install_page_is_named_and_nothing_is_left_behind(
    slack: FakeSlack, tmp_path: Path
) -> None:
    assert await look(many(slack)) == [
        Finding("Slack", "workspaces install Mull from http://127.0.0.1:8000/slack/install")
    ]
    assert os.listdir(tmp_path) == []


async def test_every_workspace_is_looked_at(slack: FakeSlack) -> None:
    settings = many(slack)
    slack.add_workspace("T2", name="Elm School").scopes = set(ALL)
    await keep(settings, *((team.id, team.token) for team in slack.world.workspaces.values()), ("T3", "xoxb-old"))
    found = {finding.what: finding for finding in await look(settings)}
    assert found["Slack T1"].state == "Mull is @mull in Bridge School"
    assert found["Slack T2"].state == "Mull is @mull in Elm School"
    assert found["Slack T3"].state == "refuses the token (invalid_auth)"
    assert found["Slack T3"].to_do == "Install Mull again from http://127.0.0.1:8000/slack/install."


async def test_a_workspace_that_was_left_is_not_looked_at(slack: FakeSlack) -> None:
    settings = many(slack)
    await keep(settings, ("T1", slack.token))
    database = open_database(settings.database)
    await database.write(lambda c: end_install(c, "slack", "T1", "removed", NOW))
    await database.close()
    assert len(await look(settings)) == 1
    assert slack.calls == []


async def test_a_token_sealed_with_another_key_is_said_by_name(slack: FakeSlack) -> None:
    settings = many(slack)
    await keep(settings, ("T1", slack.token), secret=b"another" * 8)
    assert (await look(settings))[1].to_do.startswith("MULL_SECRET_KEY: ")


async def test_a_database_that_is_away_has_its_own_finding(slack: FakeSlack) -> None:
    settings = many(slack).model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/none"})
    assert len(await look(settings)) == 1


# The command.


async def test_the_command_says_it_and_ends_with_2_where_something_is_to_be_done(
    slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("BOT_TOKEN", slack.token), ("APP_TOKEN", slack.app_token), ("API_URL", slack.api_url)):
        monkeypatch.setenv(f"{PREFIX}SLACK_{name}", value)
    said: list[str] = []
    assert await check_everything(said.append) == 0
    assert "good   Slack: Mull is @mull in Bridge School" in said
    slack.world.workspaces["T1"].scopes.clear()
    assert await check_everything(said.append) == 2
    assert any(line.startswith("to do  Slack scopes: missing channels:read") for line in said)


async def test_without_slack_nothing_is_asked() -> None:
    said: list[str] = []
    await check_everything(said.append)
    assert not [line for line in said if "Slack" in line]
