"""One call of Discord's interface: what to make of how it ends, and what Mull must be allowed to do for it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import TypeAlias

import aiohttp
import discord

from bot.adapters.base import Dead, Delivery, TryAgain
from bot.adapters.discord.pace import Pace

DIRECT_CLOSED, NONE_SHARED = 50007, 50278
NO_ACCESS, NO_PERMISSION = 50001, 50013
NO_CHANNEL, NO_SERVER, NO_MESSAGE, NO_USER = 10003, 10004, 10008, 10013
NO_WEBHOOK, WRONG_WEBHOOK, NO_INTERACTION, ANSWERED = 10015, 50027, 10062, 40060
ARCHIVED, LOCKED = 50083, 160005
NOT_OURS, DIRECT_TOO_FAST, SLOW_MODE, INVALID_BODY = 50005, 40003, 20016, 50035

NEVER: Mapping[int, str] = {
    DIRECT_CLOSED: "direct messages are closed",
    NONE_SHARED: "they are in no Discord server with Mull any more",
    NO_ACCESS: "Mull cannot see the channel",
    NO_PERMISSION: "Mull may not write in the channel",
    NO_CHANNEL: "the channel is not there any more",
    NO_SERVER: "Mull is not in the Discord server any more",
    NO_MESSAGE: "the message was deleted",
    NO_USER: "their Discord account is not there any more",
    NO_WEBHOOK: "it was too late to answer there",
    WRONG_WEBHOOK: "it was too late to answer there",
    NO_INTERACTION: "it was too late to answer there",
    ANSWERED: "it was answered there already",
    ARCHIVED: "the thread was archived",
    LOCKED: "the thread was locked",
    NOT_OURS: "the message is somebody else's",
    INVALID_BODY: "Discord does not take it as Mull wrote it; please tell whoever runs Mull",
}
"""Codes that waiting does not mend, as a teacher may read them."""

CLOSED_DM = frozenset({DIRECT_CLOSED, NONE_SHARED, NO_USER})
CLOSED_CHANNEL = frozenset({NO_ACCESS, NO_PERMISSION, NO_CHANNEL, NO_SERVER, ARCHIVED, LOCKED})
GONE_TOKEN = frozenset({NO_WEBHOOK, WRONG_WEBHOOK, NO_INTERACTION})
"""A press was not answered in time: whatever answers it goes elsewhere."""

UNCHANGEABLE = (CLOSED_CHANNEL | CLOSED_DM | {NO_MESSAGE, NOT_OURS}) - {NO_PERMISSION}
"""What a change of a message meets where there is nothing left to change."""

LOST = (aiohttp.ClientError, TimeoutError, OSError)
"""What is raised where nobody knows whether Discord took a call: the connection broke, or no answer came."""

Fault: TypeAlias = discord.HTTPException | discord.RateLimited | aiohttp.ClientError | TimeoutError | OSError

TOO_MANY, UNAUTHORIZED = 429, 401
WAIT = frozenset({DIRECT_TOO_FAST, SLOW_MODE})
A_WHILE = timedelta(seconds=30)
LONGEST = 86_400.0
"""Seconds of a pause that are believed."""

UNTIL_SET_ANEW = timedelta(minutes=5)
"""How long a refused token is left alone: refusals are counted, and Discord cuts off whoever collects them."""

NAMES: Mapping[str, str] = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",
}
"""What Mull asks to be allowed in a server, as Discord's settings call it."""

INVITE_PERMISSIONS = discord.Permissions(**dict.fromkeys(NAMES, True))
INVITE_SCOPES = ("bot", "applications.commands")

Postable: TypeAlias = discord.abc.GuildChannel | discord.Thread


def invite_link(application_id: int) -> str:
    """Write the address where somebody who manages a server brings Mull into it."""
    return discord.utils.oauth_url(application_id, permissions=INVITE_PERMISSIONS, scopes=INVITE_SCOPES)


def lacking(has: discord.Permissions, *, in_thread: bool = False) -> list[str]:
    """Name what is not allowed of what a post needs."""
    send = "send_messages_in_threads" if in_thread else "send_messages"
    needed = ("view_channel", send, "read_message_history")
    return [NAMES[name] for name in needed if not getattr(has, name)]


def missing(channel: Postable, me: discord.Member) -> list[str]:
    """Name the permissions that Mull lacks for posting in a channel or thread."""
    if isinstance(channel, discord.Thread):
        # Whoever does not see the channel does not know its permissions.
        has = discord.Permissions.none() if channel.parent is None else channel.permissions_for(me)
        return lacking(has, in_thread=True)
    return lacking(channel.permissions_for(me))


def may_read_back(channel: Postable) -> bool:
    """Say whether Mull may read what stands in a channel or thread."""
    return NAMES["read_message_history"] not in missing(channel, channel.guild.me)


def refusal(channel: str, permissions: Sequence[str]) -> str:
    """Say which permissions Mull lacks in a channel, for somebody who can give them."""
    *others, last = (f"“{permission}”" for permission in permissions)
    names = f"{', '.join(others)} and {last}" if others else last
    return f"Mull may not {names} in #{channel}"


def delivery_of(fault: Fault, channel: Postable | None = None) -> Delivery:
    """Say what a fault means for a delivery: never, or not now; with `channel`, which permissions Mull lacks there."""
    match fault:
        case discord.RateLimited():
            return TryAgain("Discord asked to wait", timedelta(seconds=fault.retry_after))
        case discord.HTTPException():
            return _delivery_of_answer(fault, channel)
        case _:
            return TryAgain("the connection to Discord broke")


def _delivery_of_answer(fault: discord.HTTPException, channel: Postable | None) -> Delivery:
    if fault.code in WAIT or fault.status == TOO_MANY:
        return TryAgain("Discord asked to wait", pause_of(fault) or A_WHILE)
    if fault.code in (NO_ACCESS, NO_PERMISSION) and channel is not None:
        permissions = missing(channel, channel.guild.me)
        return Dead(refusal(channel.name, permissions) if permissions else NEVER[fault.code])
    if fault.code in NEVER:
        return Dead(NEVER[fault.code])
    if fault.status == UNAUTHORIZED:
        return TryAgain("Discord refuses Mull's token; whoever runs Mull can set it anew", UNTIL_SET_ANEW)
    return TryAgain(f"Discord answered: {fault.code or fault.status}")


def pause_of(fault: discord.HTTPException) -> timedelta | None:
    """Read how long Discord wants to be left alone; None where it did not say."""
    return timedelta(seconds=_seconds(fault.response.headers)) or None


def _seconds(headers: Mapping[str, str]) -> float:
    """Read how many seconds Discord asks to wait; nought where it says nothing that makes sense."""
    named = {name.lower(): value for name, value in headers.items()}
    try:
        seconds = float(named["retry-after"])
    except (KeyError, ValueError):
        return 0.0
    return seconds if 0 < seconds <= LONGEST else 0.0


def counting(pace: Pace) -> aiohttp.TraceConfig:
    """Tell the pace how each call ends, also those that discord.py repeats by itself: its client's `http_trace`."""

    async def note(
        session: aiohttp.ClientSession, context: SimpleNamespace, ended: aiohttp.TraceRequestEndParams
    ) -> None:
        scope = ended.response.headers.get("X-RateLimit-Scope", "")
        pace.note(ended.response.status, scope, _seconds(ended.response.headers))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(note)
    return trace
