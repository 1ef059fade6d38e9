"""One person at one keyboard, who speaks for everybody in a play."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, assert_never

from bot.adapters.terminal.outbound import wrapped
from bot.commands.play_keys import (
    Leap,
    Leave,
    LookAt,
    NextMoment,
    Order,
    ShowAgain,
    Typed,
    Unclear,
    Words,
    read_line,
)
from bot.commands.play_stage import ADA, FACILITATOR, PlayClock, Stage
from bot.commands.play_steering import held_comments, overview, steps_for
from bot.core.effects import AnyEffect, AskQuestion, OfferForm
from bot.core.events import Outcome
from bot.core.people import PersonId
from bot.core.runs import Run, RunId

Ask = Callable[[str], str]
"""Shows a prompt and reads a line; an empty text where there are no more."""

KEYS_OF_A_FLOW = "Type your answers. An empty line asks again, +3h or +2d moves time, + goes on to what comes, . ends."
KEYS_OF_A_PROGRAM = (
    "You speak for everybody. An empty line asks again, @cleo goes to Cleo, +3h or +2d moves time, "
    "+ goes on to what comes, ada: ? shows what Ms Ada can do, . ends."
)
OVER = "That was all. Nothing of it is kept."
LEFT = "We stop here. Nothing of it is kept."
INDENT = "  "


class Thing(NamedTuple):
    """Something that was sent to a person, in which run, and whether it asks."""

    at: datetime
    run: RunId | None
    is_question: bool
    lines: list[str]


@dataclass
class Desk:
    """What lies before one person: what they have not looked at yet, and the last question."""

    unread: list[Thing] = field(default_factory=list)
    question: list[str] = field(default_factory=list)


class Sitting:
    """Shows each person's things when it is their turn, and lets each typed line happen.

    Whoever is in the middle of a run stays in front; then comes the one whose question waits longest.
    """

    def __init__(self, ask: Ask, show: Callable[[str], None], clock: PlayClock) -> None:
        self._ask, self._show, self._clock = ask, show, clock
        self._desks: dict[PersonId, Desk] = {}
        self._names: dict[PersonId, str] = {}
        self._facing: PersonId | None = None
        self._run: Run | None = None
        self._told_of: set[str] = set()

    def take(self, person: PersonId, effect: AnyEffect, lines: list[str]) -> None:
        """Lay on somebody's desk what was delivered to them."""
        desk = self._desks.setdefault(person, Desk())
        is_question = isinstance(effect, AskQuestion | OfferForm)
        desk.unread.append(Thing(self._clock.now(), effect.run, is_question, lines))
        if is_question:
            desk.question = lines

    async def go_on(self, stage: Stage) -> None:
        """Play until it is over or the person leaves."""
        self._names = {ADA: FACILITATOR, **stage.learners}
        self._paragraph(KEYS_OF_A_PROGRAM if stage.occurrence else KEYS_OF_A_FLOW)
        while True:
            await self._look_around(stage)
            if await stage.is_over():
                self._paragraph(OVER)
                return
            if self._run is None:
                await self._say_what_comes(stage)
            speaker = self._run.person if self._run else next(iter(stage.learners))
            typed = read_line(await asyncio.to_thread(self._ask, self._prompt()), self._typed_names(stage))
            if isinstance(typed, Leave):
                self._paragraph(LEFT)
                return
            await self._obey(stage, speaker, typed)

    # What is shown.

    async def _look_around(self, stage: Stage) -> None:
        """Show what came in: first to those of whom nothing is asked, then to whoever's turn it is."""
        await stage.settle()
        asked = await stage.questions()
        before = self._run
        self._run = next((run for run in asked if before is not None and run.id == before.id), None)
        if before is not None and self._run is None:
            self._hand_over(before.person, before.id)
        await self._tell_facilitator(stage)
        busy = {run.person for run in asked}
        for person in stage.learners:
            if person not in busy:
                self._hand_over(person)
        self._run = self._run or next(iter(asked), None)
        if self._run is not None:
            self._turn_to(self._run.person)

    def _hand_over(self, person: PersonId, of_run: RunId | None = None) -> None:
        """Show somebody what they have not looked at, of one run or of all."""
        desk = self._desks.setdefault(person, Desk())
        things = _question_last([thing for thing in desk.unread if of_run in (None, thing.run)])
        desk.unread = [thing for thing in desk.unread if thing not in things]
        if things:
            self._head(person)
        for thing in things:
            when = ["", f"({thing.at:%A, %H:%M})"] if thing.at != self._clock.now() else []
            self._lines([*when, *thing.lines])

    def _turn_to(self, person: PersonId) -> None:
        """Show somebody what is new, or their question once more where others were in front meanwhile."""
        self._hand_over(person)
        if self._facing != person:
            self._head(person)
            self._lines(self._desks[person].question)

    async def _tell_facilitator(self, stage: Stage) -> None:
        """Show the comments that wait for the facilitator, each once."""
        for about, lines in (await held_comments(stage)).items():
            if about not in self._told_of:
                self._told_of.add(about)
                self._head(ADA)
                self._lines(lines)

    async def _say_what_comes(self, stage: Stage) -> None:
        moment = await stage.next_moment()
        when = f" + goes to {moment:%A, %H:%M}." if moment else ""
        self._paragraph(f"Nothing is asked of anybody now.{when}")

    def _head(self, person: PersonId) -> None:
        if self._facing != person and len(self._names) > 2:  # noqa: PLR2004 - one learner needs no headings
            self._show("")
            self._show(f"{self._names[person]} {'·' * (40 - len(self._names[person]))}")
        self._facing = person

    def _lines(self, lines: list[str]) -> None:
        is_alone = len(self._names) == 2  # noqa: PLR2004 - one learner and the facilitator
        for line in (part for text in lines for part in text.split("\n")):
            self._show(line if is_alone or not line else INDENT + line)

    def _paragraph(self, text: str) -> None:
        self._show("")
        for line in wrapped(text):
            self._show(line)

    def _prompt(self) -> str:
        return f"{self._names[self._run.person].lower()}> " if self._run else "> "

    # What is typed.

    def _typed_names(self, stage: Stage) -> Mapping[str, PersonId]:
        return {ADA: ADA, **{str(person): person for person in stage.learners}} if stage.occurrence else {}

    async def _obey(self, stage: Stage, speaker: PersonId, typed: Typed) -> None:
        match typed:
            case Leap():
                self._move(typed.by + self._clock.at)
            case NextMoment():
                await self._go_to_next(stage)
            case LookAt():
                await self._look_at(stage, typed.name)
            case Order():
                await self._steer(stage, speaker, typed)
            case Words():
                await stage.terminal.say(speaker, typed.text)
            case ShowAgain():
                self._facing = None
            case Unclear():
                self._paragraph("Time moves by hours or days: +3h, +2d. A + alone goes on to what comes.")
            case Leave():
                pass
            case _:
                assert_never(typed)

    def _move(self, to: datetime) -> None:
        self._clock.at = to
        self._facing, self._run = None, None
        self._paragraph(f"— {to:%A, %d %B, %H:%M} —")

    async def _go_to_next(self, stage: Stage) -> None:
        moment = await stage.next_moment()
        if moment is None:
            self._paragraph("Nothing more happens by itself.")
        else:
            self._move(max(moment, self._clock.at))

    async def _look_at(self, stage: Stage, name: str) -> None:
        person = PersonId(name)
        if person not in stage.learners:
            self._paragraph(f"Nobody here is called that. Here are: {', '.join(stage.learners.values())}.")
            return
        run = next((run for run in await stage.questions() if run.person == person), None)
        if run is None:
            self._paragraph(f"Nothing is asked of {stage.learners[person]} now.")
        else:
            self._run = run

    async def _steer(self, stage: Stage, speaker: PersonId, order: Order) -> None:
        """Let the facilitator, or a learner about their own, have a say; what is no step of a learner is an answer."""
        who, steps = PersonId(order.name), steps_for(stage, order.name)
        if who != ADA and order.step not in steps:
            await stage.terminal.say(speaker, f"{order.name}: {order.step} {order.about}")
        elif order.step not in steps:
            self._head(ADA)
            self._lines(await overview(stage))
        else:
            before = stage.occurrence
            outcome = await stage.steer(who, order.step, order.about)
            await stage.settle()
            if outcome is not Outcome.ACCEPTED or stage.occurrence == before:
                self._paragraph("That changes nothing here. ada: ? shows what there is.")


def _question_last(things: list[Thing]) -> list[Thing]:
    """Put the newest question to the end, with its introduction: what came in after it waits for nothing."""
    newest = next((thing for thing in reversed(things) if thing.is_question), None)
    last = [thing for thing in things if newest is not None and (thing.at, thing.run) == (newest.at, newest.run)]
    return [thing for thing in things if thing not in last] + last
