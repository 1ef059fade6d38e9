"""What Discord sends, as events and as words to Mull. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, TypeVar

from bot.adapters.asking import STOPS_MESSAGES
from bot.adapters.discord.filled_in import as_typed, chosen_in, given_in, short
from bot.adapters.discord.ids import CUSTOM_ID, MANY, TEXT
from bot.adapters.labels import PAUSE_WORDS
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
from bot.core.people import EVERYWHERE, LIST, Identity, Place
from bot.core.runs import RunId

Payload: TypeAlias = Mapping[str, Any]
Found = TypeVar("Found")

PLATFORM = "discord"

WORDS = {"mull ask": "group ask", "mull-setup": "club"}
"""Commands that stand for other words than their own name."""

UNTIL = "until"
"""The option whose name is one of the words."""

BUTTON = 2
STRING, SUB_COMMAND, ON_PERSON, ON_MESSAGE = 3, 1, 2, 3
"""Kinds of components, of options and of commands, as Discord numbers them."""

OWN_WORDS = frozenset({0, 19})
"""Kinds of messages in which a person says something: by itself, or in reply; all others are Discord's own notices."""

MESSAGE = "https://discord.com/channels/{}/{}/{}"
EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
MOST_SAID = 6_000
MALFORMED = (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError)

_SNOWFLAKE = re.compile(r"[0-9]{1,20}")
_RUN = re.compile(r"[^:\s]{1,64}")
_WAIT = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Said:
    """Words to Mull itself, from a button or a form."""

    words: str
    given: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Write:
    """Somebody wants to answer a question in words: a modal is to be opened; `is_many` asks for several numbers."""

    run: RunId
    wait: int
    is_many: bool = False


class Forged(ValueError):
    """A component whose name Mull never gave."""


# Names.


def identity(user: str) -> Identity:
    """Name a person of Discord: one and the same in every server."""
    return Identity(PLATFORM, EVERYWHERE, user)


def place_of(user: str) -> Place:
    """Name where a person is asked."""
    return Place(f"{PLATFORM}:{EVERYWHERE}:{user}")


def channel_place(guild: str, channel: str) -> Place:
    """Name a channel or a thread of a server."""
    return Place(f"{PLATFORM}:{guild}:{channel}")


def list_place(guild: str, role: str) -> Place:
    """Name the list of those who have a role, or who were picked by hand."""
    return Place(f"{PLATFORM}:{guild}:{LIST}:{role}")


def user_of(payload: Payload) -> str:
    """Find who did something.

    Raises Forged.
    """
    return _or_forged(lambda: _snowflake(((payload.get("member") or {}).get("user") or payload["user"])["id"]))


def event_id(payload: Payload) -> EventId:
    """Name what a person did by the interaction that only this one has.

    Raises Forged.
    """
    return _or_forged(lambda: EventId(f"{PLATFORM}/{_snowflake(payload['id'])}"))


# Presses and forms.


def pressed(payload: Payload, now: datetime) -> ChoicePressed | ControlPressed | Said | Write | None:
    """Read a pressed button or a menu; None where it means nothing by itself.

    Raises Forged.
    """
    return _or_forged(lambda: _pressed(payload, now))


def submitted(payload: Payload, now: datetime) -> FormSubmitted | AnswerEdited | ChoicePressed | Said:
    """Read a modal that was sent.

    Raises Forged.
    """
    return _or_forged(lambda: _submitted(payload, now))


def _pressed(payload: Payload, now: datetime) -> ChoicePressed | ControlPressed | Said | Write | None:
    data = payload["data"]
    kind, _, rest = short(data["custom_id"], CUSTOM_ID).partition(":")
    is_menu = data.get("component_type", BUTTON) != BUTTON
    chosen = chosen_in(data["values"]) if is_menu else ()
    if is_menu and not chosen:
        return None
    if kind == "do":
        return Said(_words(chosen[0] if is_menu else rest))
    if kind == "controls" and chosen[0] in (PAUSE_WORDS, STOPS_MESSAGES):
        return Said(chosen[0])
    run, wait, *more = _at(rest)
    match kind, more:
        case "answer", [value] if value and not is_menu:
            return _chosen(payload, now, run, wait, (as_typed(value),))
        case "pick", [] | [_] if is_menu:
            return _chosen(payload, now, run, wait, chosen)
        case "write", [] | ["many"] if not is_menu:
            return Write(run, wait, is_many=bool(more))
        case "control", [name] if not is_menu:
            return _controlled(payload, now, run, wait, Control(name))
        case "controls", [] if is_menu:
            return _controlled(payload, now, run, wait, Control(chosen[0]))
        case _:
            raise Forged


def _submitted(payload: Payload, now: datetime) -> FormSubmitted | AnswerEdited | ChoicePressed | Said:
    data = payload["data"]
    kind, _, rest = short(data["custom_id"], CUSTOM_ID).partition(":")
    given = given_in(data["components"])
    user = user_of(payload)
    about: dict[str, Any] = {"id": event_id(payload), "at": now, "who": identity(user), "place": place_of(user)}
    match kind:
        case "form":
            return FormSubmitted(**about, run=_run(rest), raw=given)
        case "edit":
            run, _, key = rest.partition(":")
            raw = given[key]
            return AnswerEdited(**about, run=_run(run), key=key, raw=raw, is_taken_back=not "".join(raw).strip())
        case "ask":
            fields = ((name, value if isinstance(value, str) else ", ".join(value)) for name, value in given.items())
            return Said(_words(rest), tuple(fields))
        case "write":
            run, wait, *more = _at(rest.removesuffix(MANY))
            text = given[TEXT]
            if more or not isinstance(text, str):
                raise Forged
            parts = text.split(",") if rest.endswith(MANY) else [text]
            return _chosen(payload, now, run, wait, tuple(parts))
        case _:
            raise Forged


def _chosen(payload: Payload, now: datetime, run: RunId, wait: int, chosen: tuple[str, ...]) -> ChoicePressed:
    user = user_of(payload)
    return ChoicePressed(
        id=event_id(payload), at=now, who=identity(user), place=place_of(user), run=run, wait=wait, chosen=chosen
    )


def _controlled(payload: Payload, now: datetime, run: RunId, wait: int, control: Control) -> ControlPressed:
    user = user_of(payload)
    return ControlPressed(
        id=event_id(payload), at=now, who=identity(user), place=place_of(user), run=run, wait=wait, control=control
    )


# Commands.


def named_words(payload: Payload) -> str:
    """Read the words that a command stands for, with what was typed behind it.

    Raises Forged.
    """
    return _or_forged(lambda: _words(" ".join(_named(payload))))


def _named(payload: Payload) -> Iterator[str]:
    data = payload["data"]
    if data.get("type") == ON_PERSON:
        yield "feedback"
        return
    if data.get("type") == ON_MESSAGE:
        at = (payload.get("guild_id") or EVERYWHERE, _snowflake(payload["channel_id"]), _snowflake(data["target_id"]))
        yield f"note {MESSAGE.format(*at)}"
        return
    options = data.get("options") or []
    name = str(data["name"])
    if options and options[0]["type"] == SUB_COMMAND:
        name, options = f"{name} {options[0]['name']}", options[0].get("options") or []
    yield WORDS.get(name, name.partition(" ")[2].replace("-", " ") or name)
    for option in (one for one in options if one["type"] == STRING):
        yield from [UNTIL] if option["name"] == UNTIL else []
        yield str(option["value"]).strip()


# Direct messages.


def said_in_dm(message: Payload) -> TextReceived | None:
    """Read a direct message, from the gateway or from history; None where no person said anything."""
    try:
        user = _writer(message)
        if user is None or not short(message["content"], MOST_SAID).strip():
            return None
        return TextReceived(
            id=_message_id(user, message["id"]),
            at=moment(message["id"]),
            who=identity(user),
            place=place_of(user),
            text=message["content"],
            may_change=True,
        )
    except MALFORMED:
        return None


def changed_in_dm(message: Payload) -> TextChanged | None:
    """Read that a direct message was edited, from the message as it is now; None where it was not."""
    try:
        user = _writer(message)
        if user is None or not message.get("edited_timestamp"):
            return None
        edited_at = datetime.fromisoformat(message["edited_timestamp"]).astimezone(UTC)
        said_in, text = _message_id(user, message["id"]), short(message["content"], MOST_SAID)
        return TextChanged(
            id=EventId(f"{said_in}/{edited_at.isoformat()}"),
            at=edited_at,
            who=identity(user),
            place=place_of(user),
            said_in=said_in,
            text=text if text.strip() else None,
        )
    except MALFORMED:
        return None


def deleted_in_dm(payload: Payload, user: str, now: datetime) -> TextChanged | None:
    """Read that a message is gone from the direct conversation with `user`; Discord does not say whose it was."""
    try:
        said_in = _message_id(_snowflake(user), payload["id"])
    except MALFORMED:
        return None
    return TextChanged(
        id=EventId(f"{said_in}/deleted"), at=now, who=identity(user), place=place_of(user), said_in=said_in, text=None
    )


def moment(snowflake: str) -> datetime:
    """Read when something was made from its id (https://docs.discord.com/developers/reference#snowflakes)."""
    return EPOCH + timedelta(milliseconds=int(_snowflake(snowflake)) >> 22)


def _writer(message: Payload) -> str | None:
    """Find the person who wrote a direct message; None where it is no person's, or stands in a server."""
    author = message.get("author")
    is_persons = message.get("type", 0) in OWN_WORDS and not message.get("webhook_id") and not message.get("guild_id")
    if not author or not is_persons or author.get("bot") or author.get("system"):
        return None
    return _snowflake(author["id"])


def _message_id(user: str, message: str) -> EventId:
    """Name a message the same whether it was delivered or found later."""
    return EventId(f"{PLATFORM}/{user}/{_snowflake(message)}")


# What may be forged.


def _or_forged(read: Callable[[], Found]) -> Found:
    try:
        return read()
    except MALFORMED:
        raise Forged from None


def _snowflake(given: object) -> str:
    text = short(given, 20)
    if not _SNOWFLAKE.fullmatch(text):
        raise ValueError("an id is digits")
    return text


def _words(text: str) -> str:
    if not text.strip():
        raise ValueError("words that say nothing")
    return short(text.strip(), MOST_SAID)


def _run(name: str) -> RunId:
    if not _RUN.fullmatch(name):
        raise ValueError("no name of a run")
    return RunId(name)


def _at(rest: str) -> tuple[Any, ...]:
    """Read a run, the number of its question, and what stands behind them."""
    run, wait, *more = rest.split(":", 2)
    if not _WAIT.fullmatch(wait):
        raise ValueError("no number of a question")
    return (_run(run), int(wait), *more)
