"""Transcripts of programs: what a whole group lives through, as a teacher would read it, played through the one door.

A file begins with a header and a blank line:

    people: ben, cleo, dana            who learns in Class 7b, which Ms Ada leads
    setting: staff                     else class
    task: our maps                     else the bridge models

Then everything that happens, a line each. `#` begins a remark.

    == begins: habit_of_week (order: voted)          Ada begins a program
    ben> where line 2 breaks                         typed text
    ben> [Keep my plan]                              a button of what was asked of Ben last: an option or a control
    == cleo, dana answer until: peer-review          people answer as usual, up to a flow; without "until" to the end
    ada> release 0                                   a step of the program that is under way, by Ada or a learner
    == joins: gus                                    also: leaves: gus, kept apart: ben, cleo
    @ +2d                                            time passes (m, h, d)

The lines `to …>`, the lines below them, and `--` are what Mull did; `pytest --update-transcripts` writes them anew.
A name behind `to` stands for the first one's text with that one's own name in it.
"""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.core.effects import AnyEffect, AskQuestion
from bot.core.events import Control, Outcome
from bot.core.occurrences import OccurrenceId
from bot.core.people import PersonId
from bot.flows.habit_of_week.program import read_week
from bot.flows.library import flows
from bot.flows.peer_exchange.round import ReviewStatus, Round, read_round
from bot.flows.phrases import ENGLISH
from bot.flows.program import programs
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.tables import occurrences, timers
from tests.programs.group import Group
from tests.programs.paper import Paper

SPANS = {"m": "minutes", "h": "hours", "d": "days"}
CONTROLS = {label: Control(value) for value, label in ENGLISH.buttons.items()}
STEPS = {step for program in programs().values() for step in program.STEPS}
HEADER = ("people", "setting", "task")
MADE = ("to ", "  ", "-- ")
CHOICES = re.compile(r"(\w+) \((.*)\)")
NOTHING = ["-- nothing happens"]


@dataclass
class Script:
    """A file taken apart: its header, and what happens, each with the remarks above it."""

    head: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    scenes: list[tuple[list[str], str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def parse(source: str) -> Script:
    """Take a file apart, leaving out what Mull said."""
    head, _, body = source.partition("\n\n")
    script = Script(head=head.splitlines())
    script.settings = dict(line.split(": ", 1) for line in script.head if not line.startswith("#"))
    assert set(script.settings) <= set(HEADER), script.settings
    for line in body.splitlines():
        if line.startswith("#"):
            script.remarks.append(line)
        elif line and not line.startswith(MADE):
            script.scenes.append((script.remarks, line))
            script.remarks = []
    return script


async def play(source: str, database: Database) -> str:
    """Play a transcript; answer it as it now runs."""
    script = parse(source)
    stage = Stage(script.settings, database)
    await stage.set_up()
    written = script.head[:]
    for remarks, scene in script.scenes:
        written += ["", *remarks, scene, *(await stage.play(scene) or NOTHING)]
    return "\n".join([*written, "", *[line async for line in stage.ends()], *script.remarks]) + "\n"


class Stage:
    """Where one transcript is played."""

    def __init__(self, settings: dict[str, str], database: Database) -> None:
        self.settings = settings
        self.group = Group(database, _people(settings["people"]))
        self.paper = Paper()
        self.begun: list[OccurrenceId] = []
        self.held: set[tuple[OccurrenceId, int, int]] = set()
        self.seen = 0

    async def set_up(self) -> None:
        """Write the class down."""
        await self.group.set_up(self.settings.get("setting", "class"), self.settings.get("task", "the bridge models"))

    async def play(self, scene: str) -> list[str]:
        """Let one scene happen; answer what is seen of it."""
        self.group.hands.move(seconds=1)
        if scene.startswith("@ "):
            return await self._pass_time(timedelta(**{SPANS[scene[-1]]: float(scene[3:-1])}))
        if scene.startswith("== "):
            note = await self._direct(scene.removeprefix("== "))
        else:
            who, _, text = scene.partition("> ")
            note = await self._act(PersonId(who), text)
        return [*note, *await self._news()]

    async def ends(self) -> AsyncIterator[str]:
        """Tell how things stand in the end."""
        for name in self.begun:
            one = await self.group.occurrence(name)
            about = f", {week.habit}" if one.kind == "habit_of_week" and (week := read_week(one)).habit else ""
            yield f"-- {one.kind} is {one.status}{about}"
            for line in _comments(read_round(one)) if one.kind == "peer_exchange" else ():
                yield line

    # What happens.

    async def _act(self, who: PersonId, text: str) -> list[str]:
        step, _, about = text.partition(" ")
        if step in STEPS:
            outcome = await self.group.steer(self.begun[-1], step, about, who=who)
            return [] if outcome is Outcome.ACCEPTED else [f"-- {outcome}"]
        if text.startswith("["):
            await self._press(who, text.removeprefix("[").removesuffix("]"))
        else:
            await self.group.say(who, text)
        return []

    async def _press(self, who: PersonId, label: str) -> None:
        asked = [e for e in self.group.platform.seen if isinstance(e, AskQuestion) and e.person == who][-1]
        values = {option.label: option.value for option in asked.prompt.options}
        if label in values:
            await self.group.press(who, values[label])
        else:
            assert label in CONTROLS, f"what was asked of {who} last has no button {label}: {asked.prompt.text}"
            await self.group.control(who, CONTROLS[label])

    async def _direct(self, what: str) -> list[str]:
        name, _, rest = what.partition(": ")
        match name:
            case "begins":
                return await self._begin(rest)
            case "joins":
                await self.group.enrol(*_people(rest))
            case "leaves":
                await self.group.remove(*_people(rest))
            case "kept apart":
                await self.group.keep_apart(*_people(rest))
            case _:
                return await self._answer(what)
        return []

    async def _begin(self, what: str) -> list[str]:
        found = CHOICES.fullmatch(what)
        kind, chosen = (found[1], found[2]) if found else (what, "")
        choices = dict(one.split(": ") for one in chosen.split(", ")) if chosen else {}
        if (outcome := await self.group.try_to_begin(kind, choices)) is Outcome.ACCEPTED:
            self.begun.append(self.group.newest)
            return []
        return [f"-- {outcome}"]

    async def _answer(self, what: str) -> list[str]:
        """Let people answer as usual: only what others hear of it, and what is asked next, is written down."""
        people, _, flow = what.partition(" answer until: ")
        who, answered = _people(people.removesuffix(" answer")), list[str]()
        for person in who:
            self.group.hands.move(seconds=1)
            asked = await self.group.work_through(person, until=flow or "nothing")
            answered += [f"-- {person} answers {', '.join(_titles(asked))}"] if asked else []
            new = self.group.platform.seen[self.seen :]
            mine = [effect for effect in new if effect.person == person]
            last = _event_of(mine[-1]) if mine and await self.group.asked(person) else ""
            self.group.platform.seen[self.seen :] = [e for e in new if e.person != person or _event_of(e) == last]
            answered += await self._news()
        return answered

    async def _pass_time(self, span: timedelta) -> list[str]:
        until, lines = self.group.now + span, list[str]()
        while (due_at := await self._next_due()) and due_at <= until:
            self.group.hands.at = max(self.group.now, due_at)
            await self.group.move()
            if news := await self._news():
                lines += [f"-- {self.group.now.astimezone(ZoneInfo('Europe/Berlin')):%A, %H:%M}", *news]
        self.group.hands.at = until
        return lines

    async def _next_due(self) -> datetime | None:
        def work(connection: Connection) -> list[datetime | None]:
            columns = (timers.c.due_at, occurrences.c.due_at)
            return [connection.execute(sa.select(sa.func.min(column))).scalar() for column in columns]

        found = await self.group.database.read(work)
        return min((at for at in found if at is not None), default=None)

    # What is seen.

    async def _news(self) -> list[str]:
        """Write down what was said since the last look, and which comments now wait for Ada."""
        new = self.group.platform.seen[self.seen :]
        self.seen = len(self.group.platform.seen)
        return [*self.paper.write(new), *[line async for line in self._held()]]

    async def _held(self) -> AsyncIterator[str]:
        for one in [await self.group.occurrence(name) for name in self.begun]:
            held = read_round(one) if one.kind == "peer_exchange" else None
            for number, review in enumerate(held.reviews) if held else ():
                turn = (one.id, number, review.turn)
                if held and review.status is ReviewStatus.HELD and turn not in self.held:
                    self.held.add(turn)
                    author = held.pieces[review.piece].author
                    yield f"-- comment {number}, by {review.reviewer} for {author}, waits for ada ({review.why})"


def _event_of(effect: AnyEffect) -> str:
    return effect.id.rpartition("/")[0]


def _comments(held: Round) -> Iterator[str]:
    for number, review in enumerate(held.reviews):
        yield f"   comment {number}, by {review.reviewer} for {held.pieces[review.piece].author}: {review.status}"


def _titles(asked: list[str]) -> Iterator[str]:
    names = dict.fromkeys(question.partition(":")[0] for question in asked)
    return (f'"{flows()[name].title}"' for name in names)


def _people(names: str) -> tuple[PersonId, ...]:
    return tuple(PersonId(name) for name in names.split(", "))
