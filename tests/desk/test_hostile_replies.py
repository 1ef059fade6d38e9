"""Every word of the desk, asked by everybody of a group of hostile names and words: both platforms show text."""

from dataclasses import asdict

import pytest

from bot.adapters.asking import AskForm, EditForm, Reply
from bot.adapters.discord import modals as discord_modals
from bot.adapters.discord.outbound import messages_for, reply_messages
from bot.adapters.discord.outbound import settled as settled_on_discord
from bot.adapters.slack import modals as slack_modals
from bot.adapters.slack.outbound import message_for, reply_for
from bot.adapters.slack.outbound import settled as settled_in_slack
from bot.core.effects import CallGroup, OfferForm, SettleQuestion
from bot.core.events import EventId, Outcome
from bot.core.people import PersonId
from bot.core.review import AnswerCommented
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.groups import change_group
from bot.storage.people import rename_person
from tests.adapters.discord import rendered as discord
from tests.adapters.discord import test_modals as discord_forms
from tests.adapters.slack import rendered as slack
from tests.adapters.slack import test_modals as slack_forms
from tests.desk.asking import BASE, BEN, Counter, a_counter
from tests.desk.test_rights import GROUP, SAID, Ids, live
from tests.hostile import LINKS, MARKUP, MENTIONS, squeezed
from tests.stage import ADA, OLA, edit

NAMES = {
    "Slack": (MENTIONS["all in Slack"], MENTIONS["one in Slack"], MENTIONS["a link in Slack"]),
    "Discord": (MENTIONS["all on Discord"], MENTIONS["things of Discord"], MENTIONS["a link on Discord"]),
    "type": (MENTIONS["type of Discord"], MENTIONS["type of Slack"], MENTIONS["lines of Discord"]),
    "markup": (LINKS["a link to click"], MARKUP["a script"], LINKS["a link after a link"]),
}
END = "⟦end⟧"
"""Ends every hostile text: where it is seen, the whole text is."""


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk over a group that has one of everything."""
    return await a_counter(database)


async def rename(at: Counter, ids: Ids, texts: tuple[str, ...]) -> set[str]:
    """Let everything that people wrote be hostile; answer it all."""
    group, person, words = (f"{text} {END}" for text in texts)
    name = " ".join(person.split())

    def work(connection: Connection) -> None:
        lines = {"adult": person, "crisis_lines": words, "task": group, "reply_day": group}
        change_group(connection, GROUP, {"name": " ".join(group.split()), **lines})
        for one in (ADA, BEN, OLA, PersonId("fay")):
            rename_person(connection, one, name)

    await at.database.write(work)
    said = AnswerCommented(id=EventId("test/hostile"), at=at.hands(), who=ADA, run=ids.run, key="one", text=words)
    for event in (edit(0, "one", words, "hostile", run=ids.run), said):
        assert await at.inbox.accept(event) is Outcome.ACCEPTED
    return {squeezed(text) for text in (group, person, words)}


async def replies(at: Counter, ids: Ids) -> list[tuple[str, Reply]]:
    """Ask everything as everybody; what takes somebody away comes last."""
    found = [(f"{who} at home", await at.home(who)) for who in (BEN, OLA, ADA)]
    words = [(matter, one.format(**asdict(ids))) for matter, tries in SAID.items() for one in tries]
    for matter, rest in sorted(words, key=lambda one: one[0] in ("leave", "come back", "settle", "on my way")):
        for who in (BEN, ADA):
            said = f"{matter} {rest}".strip()
            found.append((f"{who}: {said}", await at.say(who, said)))
            if isinstance(found[-1][1].form, AskForm):
                found.append((f"{who}: {said} …", await at.say(who, said, given=(("text", f"Typed {END}"),))))
    return found


def in_slack(reply: Reply) -> str:
    """Hold a reply to the rules as Slack gets it, each part of it; read all of it."""
    blocks = slack.check(reply_for(reply)).blocks if reply.items else []
    blocks = [*blocks, *(slack.home(*reply.items) if reply.items else [])]
    for effect in reply.effects:
        if isinstance(effect, SettleQuestion):
            blocks += slack.check(settled_in_slack(effect)).blocks
        elif not isinstance(effect, CallGroup):
            blocks += slack.check(message_for(effect)).blocks
    urls = [part["url"] for part in slack.walk(blocks) if "url" in part]
    assert all(url.startswith((BASE, "https://")) for url in urls)
    match reply.form:
        case AskForm():
            return slack.seen(blocks) + slack_forms.seen(slack_forms.check(slack_modals.ask_modal(reply.form)))
        case EditForm():
            return slack.seen(blocks) + slack_forms.seen(slack_forms.check(slack_modals.edit_modal(reply.form)))
        case OfferForm():
            return slack.seen(blocks) + slack_forms.seen(slack_forms.check(slack_modals.form_modal(reply.form)))
        case None:
            return slack.seen(blocks)


def on_discord(reply: Reply) -> str:
    """Hold a reply to the rules as Discord gets it, each part of it; read all of it."""
    messages = discord.check(reply_messages(reply))
    for effect in reply.effects:
        made = [settled_on_discord(effect)] if isinstance(effect, SettleQuestion) else messages_for(effect)
        messages += discord.check(made)
    match reply.form:
        case AskForm():
            discord_forms.check(discord_modals.ask_modal(reply.form))
        case EditForm():
            discord_forms.check(discord_modals.edit_modal(reply.form))
        case OfferForm() if discord_modals.fits(reply.form):
            discord_forms.check(discord_modals.form_modal(reply.form))
        case _:
            pass
    return discord.seen(messages).text


def faults(shown: str, texts: set[str]) -> list[str]:
    """List where the end of a hostile text is seen, and not the whole."""
    parts = squeezed(shown).split(END)[:-1]
    return [part[-120:] for part in parts if not any(f"{part}{END}".endswith(text) for text in texts)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # how words look reaches no database
@pytest.mark.parametrize("kind", NAMES)
async def test_nothing_that_the_desk_repeats_does_anything(at: Counter, kind: str) -> None:
    ids = await live(at)
    texts = {*await rename(at, ids, NAMES[kind]), squeezed(f"Typed {END}")}
    found, seen = [], {in_slack: 0, on_discord: 0}
    for words, reply in await replies(at, ids):
        for platform in seen:
            shown = platform(reply)
            found += [(platform.__name__, words, fault) for fault in faults(shown, texts)]
            seen[platform] += squeezed(shown).count(END)
    assert found == []
    assert min(seen.values()) > 50, seen
