"""Installing Mull in several workspaces: Bolt's stores over ours, and the pages that somebody who installs meets."""

from collections.abc import Callable
from html import escape
from typing import Any, Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.adapters.slack.scopes import SCOPES

INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
STATE_SECONDS = 600

REMOVED = "Mull was removed from the workspace"
REVOKED = "Slack took Mull's token back"

GONE = "Mull is not in this workspace any more. Somebody who manages it can install it again."
"""What somebody reads who presses an old button, in place of Bolt's words."""

START_AGAIN = "This page was open for too long, or in another browser. Start again from the install link."
REASONS = {
    "access_denied": "Nothing was installed: the request was declined in Slack.",
    "invalid_browser": START_AGAIN,
    "invalid_state": START_AGAIN,
    "missing_code": "Slack sent nothing to install with. Start again from the install link.",
    "invalid_code": "Slack did not accept the install. Start again from the install link.",
}
"""What to read where an install does not work, by Bolt's or Slack's word for it."""

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<body style="font: 1.1rem/1.5 sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem">
<h1>{title}</h1>
<p>{text}</p>
{more}</body></html>
"""


class NotInstalled(BoltError):
    """This install cannot be kept."""


class Installed(Protocol):
    """Mull in one workspace."""

    @property
    def name(self) -> str:
        """Name the workspace."""

    @property
    def token(self) -> str:
        """Give the bot's token."""

    @property
    def bot_user(self) -> str:
        """Name the bot's user."""

    @property
    def scopes(self) -> frozenset[str]:
        """List what Mull may do there."""

    @property
    def installed_by(self) -> str | None:
        """Name who installed it."""


class Installs(Protocol):
    """Where installs are kept."""

    async def find(self, workspace: str) -> Installed | None:
        """Find the install of a workspace; None where there is none or it has ended."""

    async def save(
        self, workspace: str, *, name: str, token: str, bot_user: str, scopes: frozenset[str], installed_by: str | None
    ) -> None:
        """Keep an install, in place of an earlier one."""

    async def end(self, workspace: str, reason: str) -> None:
        """End an install and destroy its token."""

    async def issue_state(self) -> str:
        """Make the state that an install must bring back."""

    async def use_state(self, state: str) -> bool:
        """Use a state up; answer whether it was good."""


class InstalledTokens:
    """The tokens of the workspaces that installed Mull."""

    def __init__(self, installs: Installs) -> None:
        self._installs = installs

    async def token(self, team: str) -> str | None:
        """Find the token of a workspace; None where Mull is not installed."""
        found = await self._installs.find(team)
        return found.token if found else None

    async def installer(self, team: str) -> str | None:
        """Name who installed Mull in a workspace."""
        found = await self._installs.find(team)
        return found.installed_by if found else None


class InstallationStore(AsyncInstallationStore):
    """Bolt's way to our installs: the bot's token only, one workspace each."""

    def __init__(self, installs: Installs) -> None:
        self._installs = installs
        self.on_installed: Callable[[str, str], None] = lambda team, user: None

    async def async_save(self, installation: Installation) -> None:
        """Keep an install.

        Raises NotInstalled for a whole organisation, or without a bot's token.
        """
        if installation.is_enterprise_install or not installation.team_id:
            raise NotInstalled(
                "Mull cannot be installed for a whole organisation. Choose one workspace, and start again."
            )
        if not installation.bot_token or not installation.bot_user_id:
            raise NotInstalled("Slack gave Mull no token of its own. Start again from the install link.")
        await self._installs.save(
            installation.team_id,
            name=installation.team_name or installation.team_id,
            token=installation.bot_token,
            bot_user=installation.bot_user_id,
            scopes=frozenset(installation.bot_scopes or ()),
            installed_by=installation.user_id,
        )
        self.on_installed(installation.team_id, installation.user_id)


class StateStore(AsyncOAuthStateStore):
    """Bolt's way to the states of installs under way."""

    def __init__(self, installs: Installs) -> None:
        self._installs = installs

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        """Make a state."""
        return await self._installs.issue_state()

    async def async_consume(self, state: str) -> bool:
        """Use a state up; answer whether it was good."""
        return await self._installs.use_state(state)


class Authorize(AsyncAuthorize):
    """Finds the token for what comes in.

    Bolt's own asks Slack for each event whether the token is good; and takes a database that is away for a workspace
    without Mull, which loses the event. Here the fault goes through, so that Slack sends the event again.
    """

    def __init__(self, installs: Installs) -> None:
        self._installs = installs

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **actor: str | None,
    ) -> AuthorizeResult | None:
        """Find the token of the workspace; None where Mull is not installed."""
        found = await self._installs.find(team_id) if team_id else None
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            team=found.name,
            bot_user_id=found.bot_user,
            bot_token=found.token,
            bot_scopes=sorted(found.scopes),
        )


def oauth_settings(
    installs: Installs, client_id: str, client_secret: str, base_url: str, authorization_url: str | None = None
) -> AsyncOAuthSettings:
    """Say how Mull is installed in several workspaces; `base_url` is the address that people type."""
    settings = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=sorted(SCOPES),
        user_scopes=[],
        redirect_uri=base_url + REDIRECT_PATH,
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        callback_options=AsyncCallbackOptions(success=_installed, failure=_not_installed),
        authorization_url=authorization_url,
        installation_store=InstallationStore(installs),
        state_store=StateStore(installs),
        state_expiration_seconds=STATE_SECONDS,
    )
    settings.authorize = Authorize(installs)
    return settings


async def _installed(args: AsyncSuccessArgs) -> BoltResponse:
    name = args.installation.team_name or "your workspace"
    link = f"slack://app?team={args.installation.team_id}&id={args.installation.app_id}"
    more = f'<p><a href="{escape(link)}">Open Mull in Slack</a></p>'
    return _page(args.settings, 200, f"Mull is in {name}", "It has written to you there with the next step.", more)


async def _not_installed(args: AsyncFailureArgs) -> BoltResponse:
    known = str(args.error) if isinstance(args.error, NotInstalled) else REASONS.get(args.reason)
    text = known or "Slack did not finish the install. Start again from the install link."
    more = f'<p><a href="{escape(args.settings.install_path)}">Install link</a></p>'
    return _page(args.settings, args.suggested_status_code, "Mull was not installed", text, more)


def _page(settings: AsyncOAuthSettings, status: int, title: str, text: str, more: str) -> BoltResponse:
    return BoltResponse(
        status=status,
        body=PAGE.format(title=escape(title), text=escape(text), more=more),
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Set-Cookie": settings.state_utils.build_set_cookie_for_deletion(),
        },
    )
