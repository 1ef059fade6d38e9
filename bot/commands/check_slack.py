"""`mull check`, where Slack is set: is the token good, may Mull do what it needs to, does the socket open."""

from collections.abc import AsyncIterator, Iterator

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.slack.installs import INSTALL_PATH
from bot.adapters.slack.scopes import SCOPES
from bot.commands.finding import Finding, has_no_file
from bot.core.errors import MullError
from bot.settings import Settings, load_secret
from bot.storage.connection import Connection
from bot.storage.database import is_outage, open_database
from bot.storage.schema import missing_steps
from bot.storage.sealing import Seal
from bot.storage.workspaces import find_install, list_installs

SECONDS = 10
OVERLOADED = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Slack's words for its own trouble."""

AWAY = "Look at MULL_SLACK_API_URL, and whether this computer reaches it; slack-status.com says whether Slack works."
COPY_BOT = "Set MULL_SLACK_BOT_TOKEN anew: in the app's settings under OAuth & Permissions, Bot User OAuth Token."
COPY_APP = "Set MULL_SLACK_APP_TOKEN anew: under Basic Information, App-Level Tokens, with connections:write."
REINSTALL = "In the app's settings paste slack-manifest.yaml under App Manifest, then reinstall it under Install App."
WHOLE = "Make the token in one workspace: Mull cannot be installed for a whole organisation."


async def slack_findings(settings: Settings) -> list[Finding]:
    """Ask Slack about what is set; no finding shows a token."""
    return [finding async for finding in _look(settings)]


async def _look(settings: Settings) -> AsyncIterator[Finding]:
    client = AsyncWebClient(base_url=settings.slack_api_url, timeout=SECONDS, retry_handlers=[])
    if settings.slack_is_many:
        install = f"{settings.address}{INSTALL_PATH}"
        yield Finding("Slack", f"workspaces install Mull from {install}")
        for workspace, token in (await _kept_tokens(settings)).items():
            for finding in await _workspace(client, f"Slack {workspace}", token, f"Install Mull again from {install}."):
                yield finding
    elif settings.slack_bot_token:
        for finding in await _workspace(client, "Slack", settings.slack_bot_token.get_secret_value(), COPY_BOT):
            yield finding
    if settings.slack_app_token:
        yield await _socket(client, settings.slack_app_token.get_secret_value())


async def _kept_tokens(settings: Settings) -> dict[str, str | MullError]:
    if has_no_file(settings):
        return {}
    database = open_database(settings.database)
    try:
        return {} if await missing_steps(database) else await database.read(lambda c: _tokens(c, settings))
    except MullError:
        return {}  # the database has a finding of its own
    except Exception as fault:
        if not is_outage(fault):
            raise
        return {}
    finally:
        await database.close()


def _tokens(connection: Connection, settings: Settings) -> dict[str, str | MullError]:
    found: dict[str, str | MullError] = {}
    for workspace in list_installs(connection, "slack"):
        try:
            install = find_install(connection, Seal(load_secret(settings)), "slack", workspace)
            found[workspace] = install.token if install else ""
        except MullError as fault:
            found[workspace] = fault
    return found


async def _workspace(client: AsyncWebClient, what: str, token: str | MullError, renew: str) -> list[Finding]:
    if isinstance(token, MullError):
        return [Finding(what, "its token cannot be read", str(token))]
    try:
        said = await client.auth_test(token=token)
    except (SlackApiError, ClientError, OSError) as fault:
        return [_trouble(what, fault, renew)]
    state = f"Mull is @{said['user']} in {said['team']}"
    if said["is_enterprise_install"]:
        return [Finding(what, state, WHOLE)]
    return [Finding(what, state), *_scopes(what, said)]


def _scopes(what: str, said: AsyncSlackResponse) -> Iterator[Finding]:
    headers = {name.lower(): value for name, value in said.headers.items()}
    has = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")} - {""}
    missing, spare = sorted(SCOPES.keys() - has), sorted(has - SCOPES.keys())
    if missing:
        yield Finding(f"{what} scopes", f"missing {', '.join(missing)}", REINSTALL)
    if spare:
        yield Finding(f"{what} scopes", f"more than Mull needs: {', '.join(spare)}")
    if not missing and not spare:
        yield Finding(f"{what} scopes", "what Mull needs, and no more")


async def _socket(client: AsyncWebClient, token: str) -> Finding:
    try:
        await client.apps_connections_open(app_token=token)
    except (SlackApiError, ClientError, OSError) as fault:
        return _trouble("Slack socket", fault, COPY_APP)
    return Finding("Slack socket", "opens")


def _trouble(what: str, fault: Exception, renew: str) -> Finding:
    if not isinstance(fault, SlackApiError):
        return Finding(what, "does not answer", AWAY)
    said = fault.response.get("error") if isinstance(fault.response, AsyncSlackResponse) else None
    if not said or said in OVERLOADED:
        return Finding(what, f"cannot answer now ({said or 'no words of its own'})", AWAY)
    return Finding(what, f"refuses the token ({said})", renew)
