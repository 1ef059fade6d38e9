"""Whatever people write arrives as text: every effect, through the real adapters, at a fake Slack and a fake Discord.

A kind of effect that is missing from `MADE` fails the first test. To add one, make it with the text in every field that
can hold somebody's words.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from bot.adapters.base import Adapter, Attempt, Sent
from bot.adapters.slack.sending import NEEDLESS
from bot.core.effects import (
    AnyEffect,
    AskAboutPost,
    AskQuestion,
    CallAdult,
    CallGroup,
    EffectId,
    Input,
    InviteGroup,
    OfferForm,
    Option,
    Prompt,
    SendMessage,
    SettleQuestion,
    ShowComment,
)
from bot.core.people import GroupId, PersonId, Place
from bot.core.runs import Comment, RunId, ThreadId
from bot.storage.database import Database
from bot.storage.people import want_messages
from tests.adapters.discord.reading import read
from tests.adapters.slack import rendered as slack_rules
from tests.discord.fake import FakeDiscord
from tests.discord.house import DiscordHouse, add_club
from tests.discord.house import know as know_on_discord
from tests.hostile import HOSTILE, squeezed
from tests.slack.fake import FakeSlack
from tests.slack.house import SlackHouse, add_team
from tests.stage import NOW, Hands, pupil, set_stage

RUN, BEN = RunId("0123456789abcdef0123"), PersonId("ben")
DM, CHANNEL = Place("to a person"), Place("to a channel")
USER = "900000000000000002"
PLACES = {
    "slack": {DM: Place("slack:T1:UBEN"), CHANNEL: Place("slack:T1:C1")},
    "discord": {
        DM: Place(f"discord:@me:{USER}"),
        CHANNEL: Place("discord:800000000000000001:700000000000000001"),
    },
}
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a message looks like reaches no database."""

MOMENT = re.compile(rf"<t:{int((NOW + timedelta(days=1)).timestamp())}:[DR]>")
ANSWERED = "What did you try?"
ABOUT = 300
"""Characters of an answer that a message brings back to mind: longer ones are cut, and are tested elsewhere."""


def _joined(texts: Iterable[str]) -> list[str]:
    """Put texts below each other, as many as are shown whole."""
    made = [""]
    for text in texts:
        longer = f"{made[-1]}\n{text}".lstrip("\n")
        made = [*made[:-1], longer] if len(longer) < ABOUT else [*made, text]
    return made


TEXTS = _joined(text for text in HOSTILE.values() if len(text) < ABOUT)


def a_prompt(text: str, takes: Input = Input.TEXT) -> Prompt:
    """Make a question with the text in each of its parts; a label is one line."""
    line = " ".join(text.split()) or "…"
    options = (Option("one", line), Option("two", "No")) if takes is not Input.TEXT else ()
    said = line if takes is not Input.MANY else (line,)
    return Prompt(
        key="part",
        text=text,
        label=line,
        input=takes,
        reads=text,
        options=options,
        hint=text,
        example=text,
        said=said,
        slip=text,
        before=(text,),
    )


def _to(place: Place) -> dict[str, Any]:
    return {"id": EffectId("test/1"), "person": BEN, "place": place}


def _comment(text: str) -> Comment:
    return Comment(thread=ThreadId("7" * 20), by=text, about=text, text=text)


MADE: Mapping[type, Callable[[str], list[AnyEffect]]] = {
    SendMessage: lambda text: [SendMessage(**_to(DM), text=text, is_direct=True)],
    AskQuestion: lambda text: [
        AskQuestion(**_to(DM), run=RUN, wait=3, title=text, prompt=a_prompt(text, takes))
        for takes in (Input.TEXT, Input.ONE, Input.MANY)
    ],
    OfferForm: lambda text: [
        OfferForm(**_to(DM), run=RUN, wait=3, title=text, prompts=(a_prompt(text), a_prompt(text, Input.ONE)))
    ],
    SettleQuestion: lambda text: [
        SettleQuestion(**_to(DM), run=RUN, key="part", asked=asked, said=text, can_edit=True)
        for asked in (text, ANSWERED)
    ],
    InviteGroup: lambda text: [
        InviteGroup(**_to(CHANNEL), about="o1", title=text, text=text, small=text, until=text),
        InviteGroup(**_to(CHANNEL), about="o1", title=text, text=text, small=text, closes_at=NOW + timedelta(days=1)),
        InviteGroup(**_to(CHANNEL), about="o1", title=text, text=text, small=text, is_closed=True),
    ],
    CallGroup: lambda text: [CallGroup(**_to(CHANNEL), group=GroupId("g1"), title=text)],
    AskAboutPost: lambda text: [AskAboutPost(**_to(DM), post=EffectId("test/0"), text=text)],
    ShowComment: lambda text: [
        ShowComment(**_to(DM), run=RUN, comment=_comment(text), is_back=is_back) for is_back in (False, True)
    ],
    CallAdult: lambda text: [CallAdult(**_to(DM), group=GroupId("g1"), group_name=text, name=text)],
}


def effects(platform: str) -> Iterator[tuple[str, AnyEffect]]:
    """Make every effect with every text, each with its own id and a place on a platform."""
    for number, (kind, text) in enumerate((kind, text) for kind in MADE for text in TEXTS):
        for part, effect in enumerate(MADE[kind](text)):
            place = PLACES[platform][effect.place]
            yield text, replace(effect, id=EffectId(f"test/{number}/{part}"), place=place)


async def deliver(adapter: Adapter, effect: AnyEffect) -> bool:
    """Show an effect; first what it changes, where it changes something."""
    shown: tuple[str, ...] = ()
    if isinstance(effect, SettleQuestion | InviteGroup):
        name = EffectId(f"{effect.id}/first")
        asked = SendMessage(id=name, person=effect.person, place=effect.place, text=ANSWERED, is_direct=True)
        first = replace(effect, id=name, is_closed=False) if isinstance(effect, InviteGroup) else asked
        sent = await adapter.deliver(first, Attempt(number=1, since=NOW))
        assert isinstance(sent, Sent), (effect, sent)
        shown = (sent.remote_id,)
    sent = await adapter.deliver(effect, Attempt(number=1, since=NOW, shown=shown))
    assert isinstance(sent, Sent) or sent == NEEDLESS, (effect, sent)
    return isinstance(sent, Sent)


def test_every_kind_of_effect_has_a_line() -> None:
    assert set(MADE) == set(get_args(AnyEffect))


@pytest.fixture
def hands() -> Hands:
    """Hold the clock."""
    return Hands()


def wrong_in_slack(blocks: list[dict[str, Any]], words: str, text: str) -> Iterator[str]:
    """Say what a message makes of a text besides showing it."""
    for part in slack_rules.walk(blocks):
        if part.get("type") in ("mrkdwn", "markdown", "user", "broadcast", "usergroup", "channel", "emoji", "date"):
            yield f"reads {part}"
        if part.get("type") == "plain_text" and part.get("emoji") is not False:
            yield f"makes pictures of {part}"
        if "url" in part and part["url"] not in text:
            yield f"leads to {part['url']}"
    if set(words.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "")) & set("<>&"):
        yield f"announces {words}"
    if squeezed(text) not in squeezed(slack_rules.seen(blocks)):
        yield f"does not show {text}"


@once
async def test_nothing_that_people_write_does_anything_in_slack(database: Database, hands: Hands) -> None:
    faults = []
    await set_stage(database)
    async with FakeSlack(hands) as slack:
        add_team(slack)
        async with SlackHouse(database, slack, hands) as house:
            for text, effect in effects("slack"):
                if await deliver(house.adapter, effect):
                    message = slack.posts_to("C1" if effect.place == PLACES["slack"][CHANNEL] else "UBEN")[-1]
                    faults += [(effect, one) for one in wrong_in_slack(message.blocks, message.text, text)]
            calls = [call for call in slack.calls if call.method.startswith("chat.")]
        assert slack.complaints == []
    assert faults == []
    assert len(calls) > len(MADE) * len(TEXTS)


def wrong_on_discord(content: str, text: str) -> Iterator[str]:
    """Say what messages make of a text besides showing it; a moment that Discord writes out is Mull's own."""
    seen = read(MOMENT.sub("", content))
    yield from (f"reads {one}" for one in set(seen.markup) - {"bold", "quote", "small"})
    yield from (f"leads to {link}" for link in seen.links if link not in text)
    if squeezed(text) not in squeezed(seen.text):
        yield f"does not show {text}"


@once
async def test_nothing_that_people_write_does_anything_on_discord(database: Database, hands: Hands) -> None:
    faults = []
    await set_stage(database)
    await know_on_discord(database, pupil(0), USER)
    await database.write(lambda connection: want_messages(connection, pupil(0), is_wanted=True))
    async with FakeDiscord(hands) as discord:
        _, channel = add_club(discord)
        async with DiscordHouse(database, discord, hands) as house:
            for text, effect in effects("discord"):
                where = channel.id if effect.place == PLACES["discord"][CHANNEL] else USER
                before = len(discord.posts_in(where))
                await deliver(house.adapter, effect)
                new = discord.posts_in(where)[before:]
                content = "\n".join(message.content for message in new)
                faults += [(effect, one) for one in wrong_on_discord(content, text)]
        assert discord.complaints == []
        sent = discord.calls_of("create_message", "edit_message")
    assert faults == []
    assert len(sent) > len(MADE) * len(TEXTS)
    assert all(call.body["allowed_mentions"]["parse"] == [] for call in sent if "allowed_mentions" in call.body)
