"""Where names are hidden, nothing that reaches a learner tells who wrote what, or when.

A group lives through a round; every page that its learners can come to by links is read, with its headers, and so is
everything that was sent to them. A page that is added later is found by its link.
"""

import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.events import Control
from bot.core.occurrences import OccurrenceId
from bot.core.people import PersonId
from bot.flows.peer_exchange.round import ReviewStatus, read_round
from bot.storage.database import open_database
from bot.web.pages.learner import _news
from tests.programs.group import Group, page_of
from tests.stage import rows
from tests.web.crawling import Crawl
from tests.web.house import Stage
from tests.web.rounds import a_group

PEOPLE = tuple(map(PersonId, ("zephyrine", "quillan", "ottoline", "barnaby", "xanthippe", "wolfgang")))
LATE = PersonId("ludmilla")
OWN_CLOCKS = "/me/sessions"
"""The page that says when its reader signed in; that others wrote in the same minute says nothing."""

PAGES_OF_LEARNERS = ("/me", "/help", "/adult")
ZONES = (ZoneInfo("Europe/Berlin"), ZoneInfo("UTC"))
MOST_QUESTIONS = 60

WORDS = (
    "In line two the fold is counted, and I can follow it",
    "cool!",
    "nice work <3",
    "you are so stupid",
    "I wonder what happens with three folds",
    "See https://school.example/bridge for how we did it",
    "The arrow at the gate. " * 60,
)


@dataclass(frozen=True)
class Scene:
    """How a round goes: who never does anything, who shares and then stays away, who comes late, what is said."""

    size: int = 3
    protocol: str = "describe_judge_suggest"
    hold: str = "off"
    naming: str = "hidden"
    practice: str = "no"
    silent: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    is_late: bool = False
    decision: str = "release"
    words: tuple[str, ...] = WORDS[:1]

    @property
    def people(self) -> tuple[PersonId, ...]:
        """List who is there from the beginning."""
        return PEOPLE[: self.size]


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Draw how a round goes; two people at least take part in it."""
    size = draw(st.integers(2, 6))
    away = st.frozensets(st.integers(2, 5), max_size=2)
    letters = st.text(st.characters(exclude_categories=["Cs", "Cc", "N"], exclude_characters=":"), min_size=1)
    return Scene(
        size=size,
        protocol=draw(st.sampled_from(["describe_judge_suggest", "warm_cool_wonder"])),
        hold=draw(st.sampled_from(["off", "flagged", "all"])),
        practice=draw(st.sampled_from(["no", "yes"])),
        silent=draw(away),
        gone=draw(away),
        is_late=draw(st.booleans()),
        decision=draw(st.sampled_from(["release", "return", "keep_back"])),
        words=tuple(draw(st.lists(st.sampled_from(WORDS) | letters, min_size=1, max_size=9))),
    )


@dataclass
class Lived:
    """A round under way, and when each person wrote their reviews."""

    group: Group
    stage: Stage
    scene: Scene
    name: OccurrenceId
    wrote: dict[PersonId, set[datetime]] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        """Begin to follow links."""
        self.crawl = Crawl(self.stage)

    @property
    def people(self) -> tuple[PersonId, ...]:
        """List everybody who learns here by now."""
        return (*self.scene.people, *([LATE] if self.scene.is_late else []))

    async def answer(self, person: PersonId, until: str = "nothing") -> None:
        """Let somebody answer whatever is asked, some minutes after whoever was last."""
        await self.group.move(minutes=7, seconds=13)
        for _ in range(MOST_QUESTIONS):
            asked = await self.group.asked(person)
            if not asked or asked.startswith(until):
                return
            if asked.startswith("peer-review"):
                self.wrote.setdefault(person, set()).add(self.group.now)
            self.count += 1
            await self._answer(person, asked)

    async def _answer(self, person: PersonId, asked: str) -> None:
        fixed = {"peer-received:use": "will_use", "peer-received:helped": "place", "peer-practice:useful": "vague"}
        words = fixed.get(asked, self.scene.words[self.count % len(self.scene.words)])
        if asked.endswith((".probe", ":kind", ":difference")) or not words.strip():
            await self.group.control(person, Control.SKIP)
            return
        await self.group.say(person, words)
        if await self.group.asked(person) == asked:
            await self.group.control(person, Control.SKIP)

    async def decide(self) -> None:
        """Let Ada decide on what she holds: the first as drawn, the others may go."""
        held = read_round(await self.group.occurrence(self.name))
        waiting = [str(n) for n, review in enumerate(held.reviews) if review.status is ReviewStatus.HELD]
        for number in waiting:
            await self.group.steer(self.name, self.scene.decision if number == waiting[0] else "release", number)

    async def live(self) -> AsyncIterator[str]:
        """Live through the round, stopping wherever there is something to look at."""
        scene, active = self.scene, [p for n, p in enumerate(self.scene.people) if n not in self.scene.silent]
        for person in active:
            await self.answer(person, until="peer-review")
        if scene.is_late:
            await self.group.move(minutes=5)
            await self.group.enrol(LATE)
            active.append(LATE)
            await self.answer(LATE, until="peer-review")
        await self.group.move(days=3, minutes=1)
        yield "paired"
        active = [p for p in active if p == LATE or scene.people.index(p) not in scene.gone]
        for person in active:
            await self.answer(person)
        await self.decide()
        yield "written"
        await self.group.move(minutes=16)
        for person in reversed(active):
            await self.answer(person)
        await self.decide()
        await self.group.move(minutes=16)
        yield "delivered"
        for person in active:
            await self.answer(person)
        await self.group.move(days=9)
        yield "closed"

    # Looking.

    async def check(self) -> None:
        """Read everything that each learner can see, and everything sent to them."""
        runs = await rows(self.stage.database, "SELECT id, person_id, status FROM runs")
        for person in self.people:
            others = [p for p in self.people if p != person]
            secrets = {str(p) for p in others} | {run for run, owner, _ in runs if owner != person}
            own = [run for run, owner, status in runs if owner == person and status == "open"]
            seen = [text async for text in self._seen_by(person, own)]
            minutes = set(_minutes(self._written_by(others))) - set(_minutes(self._written_by([person])))
            for text in seen:
                found = {secret for secret in secrets if secret.casefold() in text.casefold()}
                assert not found, f"{person} can see {found} in {text}"
                clocks = set() if OWN_CLOCKS in text.partition("\n")[0] else set(re.findall(r"\d\d:\d\d", text))
                assert not minutes & clocks, f"{person} can see when in {text}"
                assert not re.search(r"\d{4}-\d\d-\d\d[T ]\d\d", text), f"{person} can see a moment in {text}"

    def _written_by(self, people: Iterable[PersonId]) -> list[datetime]:
        return [at for person in people for at in self.wrote.get(person, ())]

    async def _seen_by(self, person: PersonId, runs: list[str]) -> AsyncIterator[str]:
        client = await self.stage.signed_in(person)
        async for page in self.crawl.pages(client, ["/me", *(f"/me?run={run}" for run in runs)]):
            yield f"{page.url}\n{page.headers}\n{unquote(unescape(page.text))}"
        for effect in self.group.platform.seen:
            if effect.person == person or effect.place == page_of(person):
                yield repr(effect)
        stream = _news(self.stage.house, page_of(person), 0)
        yield await anext(stream) + await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]


def _minutes(moments: Iterable[datetime]) -> list[str]:
    return [f"{at.astimezone(zone):%H:%M}" for at in moments for zone in ZONES]


@asynccontextmanager
async def lived(with_tables: Path, scene: Scene) -> AsyncIterator[Lived]:
    """Open a fresh group for one scene."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(with_tables, Path(folder) / "mull.db")
        database = open_database(f"sqlite:///{Path(folder) / 'mull.db'}")
        group, stage = await a_group(database, scene.people)
        choices = {"protocol": scene.protocol, "hold": scene.hold, "naming": scene.naming, "practice": scene.practice}
        try:
            yield Lived(group, stage, scene, await group.begin("peer_exchange", **choices))
        finally:
            for client in stage.clients:
                await client.aclose()
            await group.inbox.close()
            await database.close()


@settings(max_examples=8, deadline=None)
@given(scene=scenes())
async def test_hidden_names_stay_hidden(sqlite_with_tables: Path, scene: Scene) -> None:
    async with lived(sqlite_with_tables, scene) as world:
        async for moment in world.live():
            if moment in ("written", "closed"):
                await world.check()


async def test_every_page_of_a_learner_is_looked_at(sqlite_with_tables: Path) -> None:
    async with lived(sqlite_with_tables, Scene(size=4, hold="all", is_late=True, gone=frozenset({3}))) as world:
        async for _ in world.live():
            await world.check()
        every = {
            r.path for r in world.crawl.every if "GET" in (r.methods or ()) and r.path.startswith(PAGES_OF_LEARNERS)
        }
        assert "/me/rounds" in every
        # The stream is read by itself; a thread is between one learner and those who lead.
        assert every - world.crawl.visited.keys() == {"/me/live", "/me/threads/{thread}"}
        assert all(world.wrote[person] for person in world.people if person != PEOPLE[3])
        held = read_round(await world.group.occurrence(world.name))
        assert sum(review.status is ReviewStatus.DELIVERED for review in held.reviews) > 4


async def test_authors_see_the_names_where_they_are_not_hidden(sqlite_with_tables: Path) -> None:
    async with lived(sqlite_with_tables, Scene(naming="named")) as world:
        async for _ in world.live():
            pass
        client = await world.stage.signed_in(PEOPLE[0])
        for address in ("/me?earlier=1", "/me/rounds"):
            page = (await client.get(address)).text
            assert all(f"{person.capitalize()}" in page for person in PEOPLE[1:3])
