"""Several workspaces: installed from the page, found for each event, gone when Mull is removed; tokens never seen."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.installs import (
    GONE,
    InstallationStore,
    Installs,
    NotInstalled,
    StateStore,
    oauth_settings,
)
from bot.adapters.slack.scopes import SCOPES
from bot.runner.installs import StoredInstalls
from bot.storage.database import Database
from bot.storage.sealing import Seal
from tests.slack.fake import FakeSlack
from tests.stage import Hands, rows

# slack_sdk sends the app's id and secret by a class that aiohttp is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")


@dataclass
class House:
    """Bolt with our installs, behind the pages that somebody who installs meets."""

    slack: FakeSlack
    installs: StoredInstalls
    hands: Hands
    url: str = ""
    heard: list[tuple[str, str | None]] = field(default_factory=list)
    """Each message: its workspace's token, and its text."""

    @property
    def install_url(self) -> str:
        """Say where Mull is installed from."""
        return f"{self.url}/slack/install"


@asynccontextmanager
async def serving(slack: FakeSlack, installs: Installs) -> AsyncIterator[tuple[AsyncApp, str]]:
    """Serve Bolt on a free port, and let Slack know where."""
    settings = oauth_settings(
        installs, slack.client_id, slack.client_secret, "https://mull.example.school", slack.authorize_url
    )
    client = AsyncWebClient(base_url=slack.api_url)
    app = AsyncApp(
        signing_secret=slack.signing_secret,
        client=client,
        oauth_settings=settings,
        user_facing_authorize_error_message=GONE,
    )
    for event in ("app_uninstalled", "tokens_revoked"):
        app.event(event)(_do_nothing)
    runner = web.AppRunner(app.web_app(path="/slack/events"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    slack.use_http(f"{url}/slack/events")
    yield app, url
    await runner.cleanup()


async def _do_nothing() -> None:
    """Let Bolt acknowledge."""


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    """Open a house with a Slack where nobody has installed Mull."""
    hands = Hands()
    async with FakeSlack() as slack:
        slack.add_user("U1", name="Ada Lindqvist")
        slack.world.workspaces["T1"].installed = False
        built = House(slack, StoredInstalls(database, Seal(b"s" * 64), hands), hands)
        async with serving(slack, built.installs) as (app, built.url):

            @app.event("message")
            async def hear(event: dict[str, Any], client: AsyncWebClient) -> None:
                built.heard.append((client.token or "", event.get("text")))

            yield built
        assert slack.complaints == []


async def say(slack: FakeSlack, text: str) -> None:
    """Let Ada write to Mull."""
    await slack.tell("T1", {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": text})


async def test_somebody_installs_mull_from_the_page(house: House, database: Database) -> None:
    visit = await house.slack.browser().install(house.install_url)
    assert (visit.status, "Mull is in Bridge School" in visit.text) == (200, True)
    found = await house.installs.find("T1")
    assert found is not None
    assert found.token == house.slack.token
    assert (found.name, found.scopes, found.installed_by) == ("Bridge School", frozenset(SCOPES), "U1")
    assert found.bot_user == house.slack.world.workspaces["T1"].bot_user
    kept = await rows(database, "SELECT sealed_token FROM workspaces")
    assert "xoxb" not in str(kept)


async def test_a_state_brought_twice_or_by_another_browser_installs_nothing(house: House, database: Database) -> None:
    browser = house.slack.browser()
    visit = await browser.install(house.install_url)
    again = await browser.call_back(visit.callback)
    stolen = await house.slack.browser().install(house.install_url, with_cookies=False)
    invented = await house.slack.browser().install(house.install_url, state="invented")
    assert [visit.status, again.status, stolen.status, invented.status] == [200, 400, 400, 400]
    for refused in (again, stolen, invented):
        assert "Mull was not installed" in refused.text
        assert "Start again from the install link" in refused.text
    assert len([call for call in house.slack.calls if call.method == "oauth.v2.access"]) == 1
    assert len(await rows(database, "SELECT 1 FROM workspaces")) == 1


async def test_a_state_that_is_too_old_installs_nothing(house: House) -> None:
    browser = house.slack.browser()
    visit = await browser.install(house.install_url, code="unknown")
    assert (visit.status, "did not accept the install" in visit.text) == (401, True)
    late = await StateStore(house.installs).async_issue()
    house.hands.move(minutes=11)
    assert not await StateStore(house.installs).async_consume(late)
    assert await house.installs.find("T1") is None


async def test_an_event_carries_the_token_of_its_workspace_without_asking_slack(house: House) -> None:
    await house.slack.browser().install(house.install_url)
    before = len(house.slack.calls)
    await say(house.slack, "hi")
    assert house.heard == [(house.slack.token, "hi")]
    assert len(house.slack.calls) == before


async def test_who_installs_mull_again_has_it_again(house: House) -> None:
    await house.slack.browser().install(house.install_url)
    first = house.slack.token
    await house.slack.uninstall()
    await house.slack.browser().install(house.install_url)
    await say(house.slack, "back")
    assert house.heard == [(house.slack.token, "back")]
    assert house.slack.token != first


async def test_tokens_are_in_no_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await house.slack.browser().install(house.install_url)
    await say(house.slack, "hi")
    await house.slack.uninstall()
    assert "xoxb" not in caplog.text
    assert house.slack.client_secret not in caplog.text


# Where the database is away.


class Away:
    """Installs that cannot be read just now."""

    async def find(self, workspace: str) -> None:
        """Fail as a database does that is away."""
        raise ConnectionRefusedError

    save = end = issue_state = use_state = find


async def test_while_the_database_is_away_slack_is_told_to_send_again() -> None:
    async with FakeSlack() as slack, serving(slack, Away()):  # type: ignore[arg-type] # all of it fails alike
        said = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "hi"}
        delivery = await slack.tell("T1", said)
    assert delivery.statuses == [500]


# What is refused.


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"is_enterprise_install": True, "team_id": None, "enterprise_id": "E1"}, "whole organisation"),
        ({"is_enterprise_install": True}, "whole organisation"),
        ({"team_id": None, "enterprise_id": "E1"}, "whole organisation"),
        ({"bot_token": None, "user_token": "xoxp-canary"}, "no token of its own"),
    ],
)
async def test_an_install_that_cannot_be_kept_is_refused_in_words(
    house: House, database: Database, given: dict[str, Any], said: str
) -> None:
    whole: dict[str, Any] = {"user_id": "U1", "team_id": "T1", "bot_token": "xoxb-canary", "bot_user_id": "U0"}
    with pytest.raises(NotInstalled, match=said) as fault:
        await InstallationStore(house.installs).async_save(Installation(**(whole | given)))
    assert "canary" not in str(fault.value)
    assert await rows(database, "SELECT 1 FROM workspaces") == []


async def test_who_installs_for_an_organisation_reads_what_to_do(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    access = house.slack.installer.access
    org = {"team": None, "enterprise": {"id": "E1", "name": "District"}, "is_enterprise_install": True}
    monkeypatch.setattr(house.slack.installer, "access", lambda body: access(body) | org)
    visit = await house.slack.browser().install(house.install_url)
    assert "Mull cannot be installed for a whole organisation" in visit.text
    assert await house.installs.find("T1") is None


async def test_only_mulls_own_token_is_kept(house: House) -> None:
    await house.slack.browser().install(house.install_url)
    found = await house.installs.find("T1")
    assert found is not None
    assert (found.token, sorted(found.scopes)) == (house.slack.token, list(SCOPES))
