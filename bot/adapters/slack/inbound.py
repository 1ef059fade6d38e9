"""What Slack sends, as events and as words to Mull. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from bot.adapters.labels import PAUSE_WORDS
from bot.adapters.slack.modals import given_in
from bot.core.events import (
    AnswerEdited,
    ChoicePressed,
    Control,
    ControlPressed,
    EventId,
    FormSubmitted,
    TextChanged,
    TextReceived,
)
from bot.core.people import Identity, Place
from bot.core.runs import RunId

Payload: TypeAlias = Mapping[str, Any]

PLATFORM = "slack"
SLACKBOT = "USLACKBOT"
OWN_WORDS = frozenset({None, "file_share", "thread_broadcast"})
"""Kinds of message in which a person says something; all others are Slack's own notices."""

MOST_OPTIONS = 100


@dataclass(frozen=True, slots=True)
class Said:
    """Words to Mull itself, from a button or a form; `post` is the channel post that the button stands in."""

    words: str
    given: tuple[tuple[str, str], ...] = ()
    post: str = ""


class Forged(ValueError):
    """A component whose name Mull never gave."""


def identity(team: str, user: str) -> Identity:
    """Name a person of Slack."""
    return Identity(PLATFORM, team, user)


def place_of(team: str, name: str) -> Place:
    """Name where a person is written to, by their own id, or a channel by its."""
    return Place(f"{PLATFORM}:{team}:{name}")


def thread_in(message: Payload) -> str:
    """Name the thread that a message stands in; empty where it begins one, or stands in none."""
    thread = str(message.get("thread_ts") or "")
    return "" if thread == message.get("ts") else thread


def spot(team: str, user: str, thread: str) -> Place:
    """Name where somebody said something: their conversation with Mull, or a thread of it."""
    return place_of(team, f"{user}/{thread}" if thread else user)


def thread_of(place: Place) -> str:
    """Name the thread that a place is; empty for a whole conversation."""
    return place.partition("/")[2]


def parts_of(place: Place) -> tuple[str, str]:
    """Take a place apart: the workspace, and the person or channel."""
    _, team, name = place.split(":", 2)
    return team, name


def is_person(name: str) -> bool:
    """Tell a person's id from a channel's."""
    return name.startswith(("U", "W"))


def moment(ts: str) -> datetime:
    """Read Slack's time, which also names a message."""
    return datetime.fromtimestamp(float(ts), UTC)


def words_of(team: str, message: Payload) -> TextReceived | None:
    """Read a message in a direct conversation, as an event or in its history; None where no person said anything."""
    if message.get("subtype") not in OWN_WORDS or "bot_id" in message or message.get("user") in (None, SLACKBOT):
        return None
    user = message["user"]
    return TextReceived(
        id=_message_id(team, user, message["ts"]),
        at=moment(message["ts"]),
        who=identity(team, user),
        place=spot(team, user, thread_in(message)),
        text=plain(message.get("text", "")),
        may_change=True,
    )


def change_of(team: str, message: Payload) -> TextChanged | None:
    """Read that a message was edited, from the message as it is now."""
    if words_of(team, message) is None or "edited" not in message:
        return None
    user, ts = message["user"], message["edited"]["ts"]
    said_in = _message_id(team, user, message["ts"])
    return TextChanged(
        id=EventId(f"{said_in}/edited/{ts}"),
        at=moment(ts),
        who=identity(team, user),
        place=spot(team, user, thread_in(message)),
        said_in=said_in,
        text=plain(message.get("text", "")),
    )


def spoken(team: str, event: Payload) -> TextReceived | TextChanged | None:
    """Read what happened in a direct conversation: words, an edit, a deletion."""
    match event.get("subtype"):
        case "message_changed":
            return change_of(team, event["message"])
        case "message_deleted":
            before = event.get("previous_message", {})
            if words_of(team, before) is None:
                return None
            user, said_in = before["user"], _message_id(team, before["user"], before["ts"])
            return TextChanged(
                id=EventId(f"{said_in}/deleted"),
                at=moment(event["event_ts"]),
                who=identity(team, user),
                place=spot(team, user, thread_in(before)),
                said_in=said_in,
                text=None,
            )
        case _:
            return words_of(team, event)


def pressed(body: Payload, now: datetime) -> ChoicePressed | ControlPressed | Said | None:
    """Read a pressed button or a menu; None where it means nothing by itself.

    Raises Forged.
    """
    action = body["actions"][0]
    kind, *rest = action["action_id"].split(":")
    if kind in ("url", "ticked"):
        return None
    if kind == "do":
        block = action.get("block_id", "")
        return Said(action["value"], post=block.removeprefix("post:") if block.startswith("post:") else "")
    team, user = body["team"]["id"], body["user"]["id"]
    try:
        run, wait = RunId(rest[0]), int(rest[1])
        place = spot(team, user, thread_in(body.get("message") or {}))
        if kind == "controls" and action["selected_option"]["value"] == PAUSE_WORDS:
            return Said(PAUSE_WORDS)
        if kind in ("control", "controls"):
            return ControlPressed(
                id=event_id(body),
                at=now,
                who=identity(team, user),
                place=place,
                run=run,
                wait=wait,
                control=Control(rest[2] if kind == "control" else action["selected_option"]["value"]),
            )
        chosen = _chosen(kind, action, body)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise Forged from None
    return ChoicePressed(
        id=event_id(body),
        at=now,
        who=identity(team, user),
        place=place,
        run=run,
        wait=wait,
        chosen=chosen,
    )


def submitted(body: Payload, now: datetime) -> FormSubmitted | AnswerEdited | Said:
    """Read a modal that was sent.

    Raises Forged.
    """
    view = body["view"]
    try:
        about = json.loads(view["private_metadata"])
        given = given_in(view["state"])
        who = identity(body["team"]["id"], body["user"]["id"])
        place = place_of(body["team"]["id"], body["user"]["id"])
        match view["callback_id"]:
            case "form":
                run = RunId(str(about["run"]))
                return FormSubmitted(id=event_id(body), at=now, who=who, place=place, run=run, raw=given)
            case "edit":
                key = str(about["key"])
                raw = given[key]
                return AnswerEdited(
                    id=event_id(body),
                    at=now,
                    who=who,
                    place=place,
                    run=RunId(str(about["run"])),
                    key=key,
                    raw=raw,
                    is_taken_back=not "".join(raw).strip(),
                )
            case "ask":
                fields = (
                    (name, value if isinstance(value, str) else ", ".join(value)) for name, value in given.items()
                )
                return Said(str(about["words"]), tuple(fields))
            case _:
                raise Forged
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Forged from None


def event_id(body: Payload) -> EventId:
    """Name what a person did in Slack, by the trigger that only this one has."""
    team = (body.get("team") or {}).get("id") or body["team_id"]
    return EventId(f"{PLATFORM}/{team}/{body['trigger_id']}")


def plain(text: str) -> str:
    """Read a message's text as it was typed: Slack escapes three signs and wraps links."""
    pieces, rest = [], text
    while "<" in rest and ">" in rest.partition("<")[2]:
        before, _, after = rest.partition("<")
        link, _, rest = after.partition(">")
        address, _, label = link.partition("|")
        pieces += [before, (label or address) if link[:1] in "#@!" else address.removeprefix("mailto:")]
    return "".join((*pieces, rest)).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _message_id(team: str, user: str, ts: str) -> EventId:
    """Name a message the same whether Slack delivered it or the sweep found it."""
    return EventId(f"{PLATFORM}/{team}/{user}/{ts}")


def _chosen(kind: str, action: Payload, body: Payload) -> tuple[str, ...]:
    match kind:
        case "answer":
            return (_value(action["value"]),)
        case "pick":
            return (_value(action["selected_option"]["value"]),)
        case "date":
            return (str(action["selected_date"]),)
        case "ticks":
            _, run, wait = action["action_id"].split(":")
            ticked = body["state"]["values"][f"many:{run}:{wait}"][f"ticked:{run}:{wait}"]["selected_options"]
            return tuple(_value(option["value"]) for option in ticked[:MOST_OPTIONS])
        case _:
            raise ValueError(kind)


def _value(given: object) -> str:
    """Read an option's value; one too long for Slack went out as its number."""
    return str(given).removeprefix("#")
