"""One call of Slack's Web API, and what to make of how it ends."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.adapters.base import Dead, Delivery, TryAgain

TOO_MANY = 429

NEVER: Mapping[str, str] = {
    "account_inactive": "Mull's access to this Slack workspace was taken away",
    "cannot_dm_bot": "this is a bot, not a person",
    "channel_not_found": "the channel is not there, or Mull is not in it",
    "ekm_access_denied": "the workspace's administrators do not let Mull write right now",
    "invalid_auth": "Mull's access to this Slack workspace was taken away",
    "is_archived": "the channel was archived",
    "messages_tab_disabled": "direct messages with Mull are switched off in this workspace",
    "missing_scope": "Mull was not allowed to do this when it was installed; install it again",
    "no_permission": "the workspace does not let Mull write there",
    "not_allowed_token_type": "Mull's access to this Slack workspace was taken away",
    "not_authed": "Mull's access to this Slack workspace was taken away",
    "not_in_channel": "Mull is not in the channel; invite it there",
    "org_login_required": "the workspace is being moved by its administrators",
    "restricted_action": "the workspace does not let Mull write there",
    "token_expired": "Mull's access to this Slack workspace was taken away",
    "token_revoked": "Mull's access to this Slack workspace was taken away",
    "user_disabled": "their Slack account was closed",
    "user_not_found": "they are not in this Slack workspace any more",
    "user_not_visible": "Mull cannot see them in this Slack workspace",
}
"""Errors that waiting does not mend, as a teacher may read them."""

REVOKED = frozenset(error for error, reason in NEVER.items() if reason == NEVER["token_revoked"])
CLOSED = frozenset({"channel_not_found", "is_archived", "not_in_channel"})

UNCLEAR = frozenset({"fatal_error", "internal_error"})
"""Errors of which Slack says that "some aspect of the operation" may have succeeded all the same."""

BUSY = 503

LOST = (aiohttp.ClientError, TimeoutError, ConnectionError)
"""What is raised where nobody knows whether Slack took a call: the connection broke, or no answer came."""


def error_of(fault: SlackApiError) -> str:
    """Name Slack's error."""
    data: Any = fault.response.data if hasattr(fault.response, "data") else fault.response
    return str(data.get("error", "")) if isinstance(data, Mapping) else ""


def status_of(fault: SlackApiError) -> int:
    """Read the status; where the answer's body is no JSON the SDK hands over the bare answer."""
    response = fault.response
    return int(response.status_code if hasattr(response, "status_code") else response.status)


def is_unclear(fault: SlackApiError) -> bool:
    """Say whether Slack may have done what it was asked, although it did not say so."""
    error = error_of(fault)
    return error in UNCLEAR if error else status_of(fault) not in (TOO_MANY, BUSY)


def pause_of(fault: SlackApiError) -> float | None:
    """Read how many seconds Slack wants to be left alone; None where it did not say."""
    if status_of(fault) != TOO_MANY:
        return None
    headers = {name.lower(): value for name, value in fault.response.headers.items()}
    try:
        return max(1.0, float(headers.get("retry-after", "30")))
    except ValueError:
        return 30.0


def delivery_of(fault: SlackApiError) -> Delivery:
    """Say what an error means for a delivery: never, or not now."""
    pause, error = pause_of(fault), error_of(fault)
    if pause is not None:
        return TryAgain("Slack asked to wait", timedelta(seconds=pause))
    if error in NEVER:
        return Dead(NEVER[error])
    return TryAgain(f"Slack answered: {error or status_of(fault)}")
