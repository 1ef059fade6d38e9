"""The desk itself: finds the matter that words are about, reads once, lets happen what is asked for, and replies."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol, assert_never

from bot.adapters.asking import Asked, Button, Item, Reply
from bot.adapters.base import Answered
from bot.core.events import Event, Outcome
from bot.core.people import GroupId, Identity, PersonId, Place
from bot.desk import (
    adult,
    answers,
    coming_by,
    groups,
    home,
    pausing,
    posts,
    reading_along,
    review,
    rhythm,
    setting_up,
    settings,
    signing_in,
    starting,
    threads,
)
from bot.desk import help as helping
from bot.desk.here import Deed, Handler, Here, Linked, Result, Shown, Written, tell, tidy
from bot.desk.languages import wording_in
from bot.desk.wording import Wording
from bot.runner.flow_shelf import FlowShelf
from bot.storage import audit
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.desk import Asker, find_asker
from bot.storage.sessions import make_link

LINK_LASTS = timedelta(minutes=10)
MOST_WORDS = 7
"""Words in the longest name of a matter."""

MATTERS: Mapping[str, Handler] = {
    "start": coming_by.held_first(starting.start),
    "open": starting.open_form,
    "join": starting.join,
    "sent": starting.sent,
    "note": starting.note,
    "feedback": coming_by.held_first(starting.feedback),
    "news": coming_by.news,
    "message me": coming_by.message_me,
    "no messages": coming_by.no_messages,
    "club": setting_up.set_up,
    "later": starting.later,
    "tomorrow": starting.tomorrow,
    "pause": pausing.pause,
    "resume": pausing.resume,
    "answers": answers.answers,
    "edit": answers.edit,
    "who reads this": reading_along.who_reads,
    "talk to an adult": adult.talk_to_adult,
    "review": review.review,
    "group": groups.group,
    "group ask": groups.ask_group,
    "leave": groups.leave,
    "come back": groups.come_back,
    "settings": settings.settings,
    "mode": settings.mode,
    "program": rhythm.program,
    "when": rhythm.when,
    "post": posts.post,
    "mark read": review.mark_read,
    "write about": threads.write_about,
    "write back": threads.write_back,
    "settle": threads.settle,
    "on my way": threads.on_my_way,
    signing_in.SIGN_IN: signing_in.sign_in,
    signing_in.LET_IN: signing_in.let_in,
    signing_in.NOT_ME: signing_in.not_me,
    "help": helping.help_,
    "hello": helping.hello,
    "thanks": helping.thanks,
}


class TakesEvents(Protocol):
    """The way to the one door."""

    async def accept(self, event: Event) -> Outcome:
        """Let an event happen; returns once it is on disk."""

    async def accept_at_once(self, event: Event) -> Answered:
        """Let an event happen and take what answers it, to be shown at once."""


class Desk:
    """Answers what people ask of Mull itself."""

    def __init__(self, *, database: Database, door: TakesEvents, now: Callable[[], datetime], base_url: str) -> None:
        self._database, self._door, self._now, self._base_url = database, door, now, base_url.rstrip("/")
        self._shelf, self._guesses = FlowShelf(), signing_in.Guesses()

    async def ask(self, asked: Asked) -> Reply:
        """Answer words, a button that stands for some, or a form that came with a reply.

        Raises NotSaved where what is asked for cannot be kept just now.
        """

        def work(connection: Connection) -> tuple[Here, Result]:
            here = self._here(connection, asked.who, asked.at)
            if asked.is_spoken and starting.is_answering(here):
                return here, Reply()
            handler, rest = find_matter(tidy(asked.words), here.wording)
            return here, handler(here, asked, rest)

        here, result = await self._database.read(work)
        match result:
            case Reply():
                return result
            case Deed():
                return await self._do(result, here.wording)
            case Linked():
                await self._note(here, result.shown)
                return await self._with_link(result.shown.reply, here.asker.person, here.wording)
            case Written():
                return result.said if await self._database.write(result.work) else result.otherwise
            case _:
                assert_never(result)

    async def home(self, who: Identity, place: Place) -> Reply:
        """Lay out somebody's own page."""
        now = self._now()

        def work(connection: Connection) -> tuple[Here, Shown]:
            here = self._here(connection, who, now)
            return here, home.home(here, place)

        here, page = await self._database.read(work)
        await self._note(here, page)
        return page.reply

    def _here(self, connection: Connection, who: Identity, at: datetime) -> Here:
        asker = find_asker(connection, who) or Asker()
        return Here(
            connection=connection,
            shelf=self._shelf,
            asker=asker,
            at=at,
            wording=wording_in(asker.lang),
            guesses=self._guesses,
            platform=who.platform,
        )

    async def _note(self, here: Here, shown: Shown) -> None:
        """Write down whose answers somebody was shown: who has read theirs is for each to know."""
        people: dict[GroupId, set[PersonId]] = {}
        for run in (one for one in shown.runs if one.answers):
            people.setdefault(run.group, set()).add(run.person)

        def work(connection: Connection) -> None:
            for group, about in people.items():
                audit.note_deed(connection, here.asker.person, audit.Deed.READ, group=group, about=about, at=here.at)

        if people:
            await self._database.write(work)

    async def _do(self, deed: Deed, wording: Wording) -> Reply:
        if deed.is_at_once:
            answered = await self._door.accept_at_once(deed.event)
        else:
            answered = Answered(await self._door.accept(deed.event))
        match answered.outcome:
            case Outcome.ACCEPTED | Outcome.DUPLICATE:
                said = replace(deed.said, effects=answered.effects)
                is_empty = not (said.items or said.effects or said.form)
                return tell(wording.nothing_to_do) if is_empty and not deed.is_silent else said
            case Outcome.UNKNOWN:
                return deed.otherwise
            case Outcome.REFUSED:
                return tell(wording.not_now)
            case Outcome.SET_ASIDE:
                return tell(wording.did_not_work)
            case _:
                assert_never(answered.outcome)

    async def _with_link(self, reply: Reply, person: PersonId, wording: Wording) -> Reply:
        """Add the way to the pages: good once, and not for long, since a message may be read over a shoulder."""
        expires_at = self._now() + LINK_LASTS
        token = await self._database.write(lambda connection: make_link(connection, person, expires_at))
        button = Button(label=wording.labels.pages, url=f"{self._base_url}/sign-in/{token}")
        code = Button(label=wording.labels.sign_in, does=signing_in.SIGN_IN)
        return replace(reply, items=(*reply.items, Item(small=wording.link_lasts, buttons=(button, code))))


def find_matter(words: str, wording: Wording) -> tuple[Handler, str]:
    """Find what words are about, by the longest name that they begin with, and the words after it."""
    parts = words.split()
    if not parts:
        return helping.help_, ""
    for length in range(min(MOST_WORDS, len(parts)), 0, -1):
        named = " ".join(parts[:length]).casefold().strip(".!?,")
        matter = named if named in MATTERS else wording.aliases.get(named)
        if matter is not None:
            return MATTERS[matter], " ".join(parts[length:])
    return helping.unknown, " ".join(parts)
