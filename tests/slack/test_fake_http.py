"""The fake Slack over signed requests, with several workspaces, and installing into them."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from tests.slack.delivery import NotAcked
from tests.slack.fake import FakeSlack
from tests.slack.person import Person
from tests.slack.small_bot import QUIET, app_of, client_of, greeter, in_http_mode

# The library still makes the header of oauth.v2.access as aiohttp no longer likes.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    """Open a Slack, which has nothing to complain about in the end."""
    async with FakeSlack() as slack:
        yield slack
        assert slack.complaints == []


@pytest.fixture
def ben(fake: FakeSlack) -> Person:
    """Be Ben."""
    return fake.add_user("U1", name="Ben Okoro")


async def test_events_presses_and_forms_come_over_signed_requests(fake: FakeSlack, ben: Person) -> None:
    app = greeter(fake)

    @app.view("form")
    async def take(ack: Any) -> None:
        await ack(response_action="errors", errors={"what": "Longer, please."})

    @app.command("/mull")
    async def help_(ack: Any) -> None:
        await ack("Help")

    async with in_http_mode(fake, app):
        await ben.write("Hello")
        await fake.until(ben.labels)
        await ben.press("Reflect")
        await fake.until(lambda: ben.modal)
        assert await ben.submit({"what": "It"}) == {"what": "Longer, please."}
        shown = await ben.command("/mull")
        assert shown is not None
        assert shown.text == "Help"
        with pytest.raises(NotAcked, match="404"):
            await ben.command("/other")
        await fake.settled()
    assert [delivery.statuses for delivery in fake.delivered] == [[200]] * 4 + [[404]]


async def test_a_request_that_slack_did_not_sign_is_turned_away(fake: FakeSlack, ben: Person) -> None:
    async with in_http_mode(fake, greeter(fake)):
        await ben.write("Hello")
        await fake.settled()
        [event] = fake.delivered
        for signed in (
            fake.signed(event, secret="another"),
            fake.signed(event, age=301),
            fake.signed(event).with_a_changed_byte(),
        ):
            assert (await fake.post(signed))[0] == 401
        assert (await fake.post(fake.signed(event)))[0] == 200
        await fake.until(lambda: len(fake.posts_to("U1")) == 2)
        await fake.settled()


async def test_a_retry_says_its_number_and_reason(fake: FakeSlack, ben: Person) -> None:
    app = app_of(fake)
    seen: list[Any] = []

    @app.middleware
    async def fail_once(request: Any, next_: Any) -> None:
        seen.append([request.headers.get(f"x-slack-retry-{part}", [None])[0] for part in ("num", "reason")])
        if len(seen) == 1:
            raise RuntimeError("not written down")
        await next_()

    @app.event("message")
    async def take() -> None:
        pass

    async with in_http_mode(fake, app):
        await ben.write("Hello")
        [event] = fake.unacked
        await fake.redeliver(event, "http_error")
    assert event.statuses == [500, 200]
    assert seen == [[None, None], ["1", "http_error"]]


class Shelf(AsyncInstallationStore, AsyncOAuthStateStore):
    """Keeps installations and states in memory."""

    def __init__(self) -> None:
        self.bots: dict[str, Bot] = {}
        self.states: list[str] = []

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation."""
        assert installation.team_id is not None
        self.bots[installation.team_id] = installation.to_bot()

    async def async_find_bot(self, *, team_id: str | None, **_: Any) -> Bot | None:
        """Find the bot of a workspace."""
        return self.bots.get(team_id or "")

    async def async_issue(self, *_: Any, **__: Any) -> str:
        """Make a state."""
        self.states.append(f"state-{len(self.states)}")
        return self.states[-1]

    async def async_consume(self, state: str) -> bool:
        """Take a state, once."""
        known = state in self.states
        if known:
            self.states.remove(state)
        return known


@pytest.fixture
def shelf() -> Shelf:
    """Keep nothing yet."""
    return Shelf()


@pytest.fixture
def installable(fake: FakeSlack, shelf: Shelf) -> AsyncApp:
    """Make a bot for many workspaces."""
    settings = AsyncOAuthSettings(
        client_id=fake.client_id,
        client_secret=fake.client_secret,
        scopes=["chat:write", "im:history"],
        installation_store=shelf,
        state_store=shelf,
        authorization_url=fake.authorize_url,
    )
    app = AsyncApp(client=client_of(fake, ""), signing_secret=fake.signing_secret, oauth_settings=settings)

    @app.event("message")
    async def greet(event: dict[str, Any], say: Any) -> None:
        if "subtype" not in event:
            await say(text="Welcome", **QUIET)

    return app


async def test_each_workspace_gets_its_own_token_and_its_own_answers(
    fake: FakeSlack, ben: Person, shelf: Shelf, installable: AsyncApp
) -> None:
    fake.add_workspace("T2", name="Other School", installed=False)
    cleo = fake.add_user("U2", name="Cleo", team="T2")
    async with in_http_mode(fake, installable) as root:
        for team in ("T1", "T2"):
            visit = await fake.browser(team).install(f"{root}/slack/install")
            assert visit.status == 200
        for person in (ben, cleo):
            await person.write("Hello")
        await fake.until(lambda: fake.posts_to("U1") and fake.posts_to("U2"))
        await fake.settled()
    assert {team: bot.bot_token for team, bot in shelf.bots.items()} == {"T1": fake.token, "T2": "xoxb-2-mull-2"}
    assert shelf.bots["T2"].bot_user_id == fake.posts_to("U2")[0].user == "UBOT2"
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client_of(fake).chat_postMessage(channel="U2", text="Hi", **QUIET)


async def test_a_callback_with_another_state_or_used_twice_is_turned_away(
    fake: FakeSlack, shelf: Shelf, installable: AsyncApp
) -> None:
    async with in_http_mode(fake, installable) as root:
        browser = fake.browser()
        for wrong in (
            await browser.install(f"{root}/slack/install", state="state-of-another"),
            await fake.browser().install(f"{root}/slack/install", with_cookies=False),
            await fake.browser().install(f"{root}/slack/install", code="made-up"),
        ):
            assert wrong.status in (400, 401)
        assert shelf.bots == {}
        assert (await browser.install(f"{root}/slack/install")).status == 200
        again = await browser.call_back((await browser.install(f"{root}/slack/install")).callback)
        assert again.status == 400


async def test_the_history_of_channels_needs_a_scope_and_everything_needs_a_token(fake: FakeSlack, ben: Person) -> None:
    fake.add_channel("C1", name="year-8", members=["U1"])
    client = client_of(fake)
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_history(channel="C1")
    assert (refused.value.response["error"], refused.value.response["needed"]) == ("missing_scope", "channels:history")
    fake.world.workspaces["T1"].scopes.add("channels:history")
    assert (await client.conversations_history(channel="C1"))["messages"] == []
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await client_of(fake, "xoxb-made-up").auth_test()
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client.apps_connections_open(app_token=fake.token)


async def test_people_and_channels_are_listed_page_by_page(fake: FakeSlack) -> None:
    people = [f"U{number}" for number in range(1, 6)]
    for person in people:
        fake.add_user(person, name=f"Ben {person}", locale="de-DE")
    fake.add_channel("C1", name="year-8", members=people)
    fake.add_channel("C2", name="staff", is_private=True, bot_is_member=False)
    fake.add_usergroup("S1", people[:2])
    client, found, cursor = client_of(fake), [], ""
    while True:
        page = await client.conversations_members(channel="C1", limit=2, cursor=cursor)
        found += page["members"]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert found == ["UBOT", *people]
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [channel["id"] for channel in listed["channels"]] == ["C1"]
    assert (await client.users_info(user="U1", include_locale=True))["user"]["locale"] == "de-DE"
    assert len((await client.users_list())["members"]) == 7
    assert (await client.usergroups_users_list(usergroup="S1"))["users"] == ["U1", "U2"]
    opened = await client.conversations_open(users="U1")
    assert (await client.conversations_info(channel=opened["channel"]["id"]))["channel"]["user"] == "U1"
    fake.add_channel("C3", name="other", bot_is_member=False)
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.chat_postMessage(channel="C3", text="Hi", **QUIET)
    assert json.dumps([call.body for call in fake.calls])
