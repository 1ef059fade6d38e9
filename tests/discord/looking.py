"""What somebody was answered, and what Mull sent against a Discord native's customs."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tests.discord.checks_components import BUTTON
from tests.discord.fake import FakeDiscord
from tests.discord.house import Walk
from tests.discord.person import Person
from tests.discord.person_controls import words_of, words_of_modal
from tests.discord.rest import Call
from tests.discord.world import Channel, Message
from tests.stage import rows

PRIMARY, SECONDARY, LINK = 1, 2, 5
LABEL, ROWS = 38, 2
MESSAGES = ("create_message", "edit_message", "create_followup", "edit_original", "edit_followup")


def answered(person: Person) -> str:
    """Read what the last thing that somebody did was answered with: messages, or a modal."""
    done = person.last
    assert done is not None
    shown = [*filter(None, [done.original]), *done.followups]
    modal = [] if person.modal is None or done.modal is not person.modal else [words_of_modal(person.modal)]
    return "\n".join([*map(words_of, shown), *modal])


def privately(person: Person) -> list[str]:
    """Read the messages that only one person sees, in order."""
    return [words_of(message) for message in person.private]


def buttons(person: Person) -> list[str]:
    """List the labels of the buttons of the last answer."""
    done = person.last
    assert done is not None
    shown = [*filter(None, [done.original]), *done.followups]
    return person.labels(on=shown[-1]) if shown else []


def holding(person: Person, words: str) -> Message:
    """Find the newest message before somebody that has these words."""
    return next(one for one in reversed(person.messages()) if words in words_of(one))


def posts(walk: Walk, where: Channel | None = None) -> list[str]:
    """Read what Mull posted for all in the club's channel, or in another."""
    return [words_of(message) for message in walk.discord.posts_in(where or walk.channel)]


def lines(message: Message) -> list[str]:
    """Read the lines of a message."""
    return words_of(message).splitlines()


def in_channel(walk: Walk, person: Person) -> list[str]:
    """Read what somebody sees in the club's channel, in order."""
    return [words_of(message) for message in person.messages(walk.channel)]


def labels_of_modal(person: Person) -> list[str]:
    """List the labels of the fields of the open modal."""
    assert person.modal is not None
    return [part["label"] for part in person.modal.components if "label" in part]


async def said(walk: Walk, name: str = "Ben Okoro") -> dict[str, str]:
    """Read what somebody has said, by question."""
    found = "SELECT key, said FROM answers JOIN people ON people.id = person_id WHERE name = :name"
    return dict(await rows(walk.database, found, name=name))


async def members(walk: Walk) -> list[str]:
    """Name who is in a club and learns there."""
    found = """SELECT people.name FROM memberships JOIN people ON people.id = person_id
        WHERE role = 'learner' AND ended_at IS NULL ORDER BY people.name"""
    return [name for (name,) in await rows(walk.database, found)]


def against_custom(calls: Sequence[Call]) -> list[str]:
    """List what messages have below them that D11 does not allow: long labels, more rows of buttons, two primaries."""
    return [fault for call in calls for data in _messages(call) for fault in _faults(data)]


def shown_in_public(discord: FakeDiscord) -> list[str]:
    """List messages for all that name anybody who leads nothing (D7): who pressed, who answered, who did not."""
    world = discord.world
    leads = {world.bot.id, *(guild.owner for guild in world.guilds.values())}
    secret = [word for user in world.users.values() if user.id not in leads for word in (user.shown, user.id)]
    secret += [name.split()[0] for name in secret]
    found = []
    for call in discord.calls_of("create_message", "edit_message"):
        channel = world.channels.get(call.names["channel"])
        content = str(call.body.get("content"))
        if (channel is None or not channel.is_dm) and any(
            re.search(rf"\b{re.escape(one)}\b", content) for one in secret
        ):
            found.append(content)
    return found


def _messages(call: Call) -> Iterator[dict[str, Any]]:
    if call.route in MESSAGES:
        yield call.body
    elif call.route == "answer" and call.body["type"] in (4, 7):
        yield call.body.get("data") or {}


def _faults(data: dict[str, Any]) -> Iterator[str]:
    of_rows = [row["components"] for row in data.get("components") or []]
    buttons = [[part for part in row if part["type"] == BUTTON] for row in of_rows]
    shown = f"{data.get('content', '')[:60]!r}"
    if sum(map(bool, buttons)) > ROWS:
        yield f"{shown}: {sum(map(bool, buttons))} rows of buttons"
    flat = [part for row in buttons for part in row]
    if sum(part["style"] == PRIMARY for part in flat) > 1:
        yield f"{shown}: more than one primary button"
    for part in flat:
        if part["style"] not in (PRIMARY, SECONDARY, LINK):
            yield f"{shown}: a button of style {part['style']}"
        if len(part["label"]) > LABEL:
            yield f"{shown}: {part['label']!r} has {len(part['label'])} characters"
