"""A group that lives through its programs: everything goes in by the one door, and time moves by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.effects import AnyEffect, AskQuestion, OfferForm, SendMessage
from bot.core.events import (
    AnswerEdited,
    ChoicePressed,
    Control,
    ControlPressed,
    Event,
    EventId,
    MemberRemoved,
    MembersKeptApart,
    OccurrenceRequested,
    OccurrenceSteered,
    Outcome,
    PeopleEnrolled,
    TextReceived,
)
from bot.core.occurrences import Occurrence, OccurrenceId
from bot.core.people import GroupId, PersonId, Place, Role
from bot.core.runs import Run, RunId
from bot.flows.conversation import in_focus
from bot.flows.library import flows
from bot.runner.clock import Clock
from bot.runner.conductor import occurrence_id
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members, change_group
from bot.storage.occurrences import load_occurrences
from bot.storage.people import add_people
from bot.storage.turns import load_open_runs
from tests.stage import ADA, FakePlatform, Hands, a_group

CLASS = GroupId("class-7b")
NAMES = ("Ben", "Cleo", "Dana", "Elif", "Finn", "Gus", "Hana", "Ivo")
BEN, CLEO, DANA, ELIF, FINN, GUS, HANA, IVO = (PersonId(name.lower()) for name in NAMES)


MOST_QUESTIONS = 400
ANSWERS = {
    "peer-share:work": "{who}'s bridge: folded twice, then held books",
    "peer-share:kind": "clear",
    "peer-share:ask": "where {who}'s bridge would bend",
    "peer-review:describe": "In line 2 the maker, seen by {who}, counts the folds ({n})",
    "peer-review:judge": "I can follow the folds ({who}, {n}) but I lose the books in line 3",
    "peer-review:suggest": "At the books, give a number ({who}, {n})",
    "peer-review-warm:warm": "The folding in line 2 ({who}, {n})",
    "peer-review-warm:cool": "I lose the books in line 3 ({who}, {n})",
    "peer-review-warm:wonder": "I wonder what happens with three folds ({who}, {n})",
    "peer-received:use": "will_use",
    "peer-received:helped": "place",
    "peer-look-back:change": "{who} draws an arrow",
    "peer-look-back:change.cue": "on Thursday",
    "peer-practice:useful": "three_parts",
    "peer-practice:own_comment": "In the last sentence I wonder what better means; name one fold",
    "peer-practice:difference": "place",
    "habit-vote:habit": "1",
    "habit-plan:act": "{who} turns the page",
    "habit-plan:act.cue": "on Tuesday",
    "habit-notice:noticed": "{who} noticed nothing yet",
    "habit-look-back:plan_kept": "helped",
    "habit-look-back:level": "2",
    "habit-look-back:showed": "When the paper tore I used two sheets because one bent, so next time two",
    "habit-look-back:keep": "keep",
}
"""What is answered to each question; the others are skipped."""


def page_of(person: PersonId) -> Place:
    """Name where a person reads."""
    return Place(f"browser:{person}")


@dataclass
class Group:
    """Ada's class: `people` learn in it."""

    database: Database
    people: tuple[PersonId, ...]
    hands: Hands = field(default_factory=Hands)
    count: int = 0

    def __post_init__(self) -> None:
        """Open the door, the way out and the clock."""
        self.platform = FakePlatform(platform="browser")
        self.inbox = Inbox(self.database, FlowShelf(), now=self.hands)
        self.outbox = Outbox(self.database, {"browser": self.platform}, self.hands, owner="test")
        self.clock = Clock(self.database, self.inbox, self.hands)

    async def set_up(self, setting: str = "class", task: str = "the bridge models") -> None:
        """Write the group down, with every flow that comes with Mull."""

        def work(connection: Connection) -> None:
            for document in flows().values():
                publish_flow(connection, document.flow, document.version, document.to_json(), self.hands.at)
            named = [(person, person.capitalize()) for person in self.people]
            add_people(connection, [(ADA, "Ms Ada"), *named], self.hands.at)
            add_group(connection, replace(a_group(CLASS, name="Class 7b"), setting=setting))
            change_group(connection, CLASS, {"task": task, "reply_day": "Friday"})
            add_members(connection, CLASS, [ADA], Role.FACILITATOR, self.hands.at)
            add_members(connection, CLASS, self.people, Role.LEARNER, self.hands.at)

        await self.database.write(work)

    # What people do.

    async def begin(self, kind: str, **choices: str) -> OccurrenceId:
        """Let Ada begin a program; answer its occurrence."""
        assert await self.try_to_begin(kind, choices) is Outcome.ACCEPTED
        return self.newest

    async def try_to_begin(self, kind: str, choices: Mapping[str, str] | None = None, who: PersonId = ADA) -> Outcome:
        """Let somebody ask for a program."""
        return await self.accept(
            OccurrenceRequested(
                id=self.name_event(), at=self.hands(), who=who, group=CLASS, kind=kind, choices=choices or {}
            )
        )

    async def steer(self, occurrence: OccurrenceId, step: str, about: str = "", who: PersonId = ADA) -> Outcome:
        """Let somebody have their say in an occurrence."""
        return await self.accept(
            OccurrenceSteered(
                id=self.name_event(), at=self.hands(), who=who, occurrence=occurrence, step=step, about=about
            )
        )

    async def say(self, who: PersonId, *texts: str) -> None:
        """Let somebody write, or press the option whose value they write, once for each text."""
        for text in texts:
            await self.accept(
                TextReceived(id=self.name_event(), at=self.hands(), who=who, place=page_of(who), text=text)
            )

    async def press(self, who: PersonId, chosen: str) -> None:
        """Let somebody press a button of the question that is open for them."""
        run = await self.open_run(who)
        assert run is not None, f"nothing is open for {who}"
        await self.accept(
            ChoicePressed(
                id=self.name_event(),
                at=self.hands(),
                who=who,
                place=page_of(who),
                run=run.id,
                wait=run.wait,
                chosen=(chosen,),
            )
        )

    async def edit(self, who: PersonId, run: RunId, key: str, text: str) -> None:
        """Let somebody change an answer afterwards."""
        await self.accept(
            AnswerEdited(id=self.name_event(), at=self.hands(), who=who, place=page_of(who), run=run, key=key, raw=text)
        )

    async def control(self, who: PersonId, control: Control) -> None:
        """Let somebody skip, stop, …"""
        run = await self.open_run(who)
        assert run is not None, f"nothing is open for {who}"
        await self.accept(
            ControlPressed(
                id=self.name_event(),
                at=self.hands(),
                who=who,
                place=page_of(who),
                run=run.id,
                wait=run.wait,
                control=control,
            )
        )

    async def enrol(self, *people: PersonId) -> None:
        """Put late-comers on the roster."""
        named = tuple((person, person.capitalize()) for person in people)
        event = PeopleEnrolled(
            id=self.name_event(), at=self.hands(), who=ADA, group=CLASS, role=Role.LEARNER, people=named
        )
        assert await self.accept(event) is Outcome.ACCEPTED

    async def remove(self, person: PersonId) -> None:
        """Take somebody off the roster."""
        event = MemberRemoved(id=self.name_event(), at=self.hands(), who=ADA, group=CLASS, person=person)
        assert await self.accept(event) is Outcome.ACCEPTED

    async def keep_apart(self, first: PersonId, second: PersonId) -> None:
        """Let Ada say that two people are not to be paired."""
        event = MembersKeptApart(
            id=self.name_event(), at=self.hands(), who=ADA, group=CLASS, first=first, second=second
        )
        assert await self.accept(event) is Outcome.ACCEPTED

    async def move(self, **by: float) -> None:
        """Let time pass, and the clock tick until nothing more is due."""
        self.hands.at += timedelta(**by)
        while await self.clock.tick():
            pass
        await self.deliver()

    async def accept(self, event: Event) -> Outcome:
        """Let an event in, and everything it causes out."""
        outcome = await self.inbox.accept(event)
        await self.deliver()
        return outcome

    async def deliver(self) -> None:
        """Send what waits."""
        while await self.outbox.deliver_due():
            pass

    def name_event(self) -> EventId:
        """Name the next event."""
        self.count += 1
        return EventId(f"browser/test/{self.count}")

    async def work_through(self, *people: PersonId, until: str = "") -> list[str]:
        """Let people answer whatever is asked of them; list what that was, up to a flow in which they stop."""
        asked: list[str] = []
        for person in people:
            while (question := await self.asked(person)) and not (until and question.startswith(until)):
                asked.append(question)
                assert len(asked) < MOST_QUESTIONS, f"no end to it: {asked[-5:]}"
                if (text := ANSWERS.get(question)) is None:
                    await self.control(person, Control.SKIP)
                else:
                    await self.say(person, text.format(who=person, n=len(asked)))
        return asked

    # What can be seen.

    async def open_run(self, who: PersonId) -> Run | None:
        """Find the run in focus."""
        runs = await self.database.read(lambda connection: load_open_runs(connection, [who])[who])
        return in_focus(runs, page_of(who))

    async def asked(self, who: PersonId) -> str:
        """Name what is asked of somebody now, as `flow:question`; nothing where nothing is."""
        run = await self.open_run(who)
        return f"{run.flow}:{run.key}" if run else ""

    async def occurrence(self, name: OccurrenceId) -> Occurrence:
        """Read an occurrence as it stands."""
        return (await self.database.read(lambda connection: load_occurrences(connection, [name])))[name]

    def told(self, who: PersonId) -> list[str]:
        """List everything said to somebody, in order."""
        return [words(effect) for effect in self.platform.seen if effect.person == who]

    @property
    def newest(self) -> OccurrenceId:
        """Name the occurrence that the last event began."""
        return occurrence_id(EventId(f"browser/test/{self.count}"))

    @property
    def now(self) -> datetime:
        """Tell the time."""
        return self.hands.at


def words(effect: AnyEffect) -> str:
    """Give what an effect says."""
    if isinstance(effect, SendMessage):
        return effect.text
    if isinstance(effect, AskQuestion):
        return effect.prompt.text
    return effect.title if isinstance(effect, OfferForm) else ""
