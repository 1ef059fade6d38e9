"""Some weeks of a class: programs that begin by themselves, and what each learner sees, and when."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from bot.adapters.base import Attempt, Delivery, Sent
from bot.core.effects import AnyEffect, AskQuestion, OfferForm, SendMessage
from bot.core.events import (
    Control,
    ControlPressed,
    Event,
    EventId,
    OccurrenceRequested,
    OccurrenceSteered,
    Outcome,
    ProgramSet,
)
from bot.core.occurrences import OccurrenceId
from bot.core.people import GroupId, Place
from bot.core.platform_news import PersonPaused, TimePreferred
from bot.core.programs import ProgramId
from bot.core.runs import RunId
from bot.core.schedules import OnDates, Rule, Weekly, rule_to_json
from bot.flows.phrases import phrases_in
from bot.runner.clock import Clock
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.channels import follow
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.flows import publish_flow
from bot.storage.outbox import next_due
from bot.storage.tables import groups, people
from tests.stage import ADA, FLOW, KEYS, NOW, Hands, an_inbox, begin, class_of, place_of, pupil, rows, say, set_stage

THURSDAY_NINE = Weekly(weekdays=(3,), at=time(9), since=date(2026, 3, 2))
BERLIN, AUCKLAND, LOS_ANGELES = "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"
CLASS, ROOM = class_of(0), Place("fake:room")
FLOWS = tuple(f"f{number}" for number in range(1, 7))
NUDGE, REMINDER = phrases_in("en").nudge, phrases_in("en").reminder.format(facilitator="Ms Ada")
MOST_MOMENTS = 2_000


def on(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """Name a moment of 2026, in UTC; 12 March is a Thursday."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def dated(day: int, hour: int = 9, month: int = 3) -> OnDates:
    """Come once, on a day of 2026."""
    return OnDates(dates=(date(2026, month, day),), at=time(hour))


@dataclass
class Screen:
    """Shows effects, and keeps when; `answer` decides what becomes of one."""

    now: Callable[[], datetime]
    answer: Callable[[AnyEffect], Delivery] = lambda effect: Sent(effect.id)
    platform: str = "fake"
    seen: list[tuple[datetime, AnyEffect]] = field(default_factory=list)

    async def start(self, door: Any) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""

    async def deliver(self, effect: AnyEffect, attempt: Attempt) -> Delivery:
        """Answer, and show what was sent."""
        delivery = self.answer(effect)
        if isinstance(delivery, Sent):
            self.seen.append((self.now(), effect))
        return delivery


@dataclass
class Term:
    """A class of Berlin with Ms Ada, its learners, and a Mull whose time passes only when it is told to."""

    database: Database
    hands: Hands = field(default_factory=Hands)
    counted: int = 0
    inbox: Inbox = field(init=False)
    screen: Screen = field(init=False)
    outbox: Outbox = field(init=False)
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.screen = Screen(self.hands)
        self.restart()

    def restart(self) -> None:
        """Let another process of Mull take over."""
        self.inbox = an_inbox(self.database, self.hands)
        self.outbox = Outbox(self.database, {"fake": self.screen}, self.hands, f"mull {self.counted}")
        self.clock = Clock(self.database, self.inbox, self.hands)

    # What people do.

    async def happen(self, *events: Event) -> None:
        """Let events happen, and show what they lead to."""
        for event in events:
            assert await self.inbox.accept(event) is Outcome.ACCEPTED, event
            await self.deliver()

    def name(self) -> EventId:
        """Name the next event."""
        self.counted += 1
        return EventId(f"fake/{self.counted}")

    async def plan(
        self,
        rule: Rule = THURSDAY_NINE,
        flow: str = FLOW.flow,
        where: str = "each",
        group: GroupId = CLASS,
        **how: Any,
    ) -> None:
        """Let Ms Ada plan a check-in; `how` may say how long it lasts, its reminders, whose time it is."""
        event = ProgramSet(
            id=self.name(),
            at=self.hands(),
            who=ADA,
            group=group,
            program=ProgramId(f"program {self.counted}"),
            kind="check_in",
            choices={"flow": flow, "where": where},
            rule=rule_to_json(rule),
            **how,
        )
        await self.happen(event)

    async def ask_by_hand(self, flow: str = FLOW.flow) -> None:
        """Let Ms Ada ask everybody now."""
        choices = {"flow": flow, "where": "each"}
        await self.happen(
            OccurrenceRequested(id=self.name(), at=self.hands(), who=ADA, group=CLASS, kind="check_in", choices=choices)
        )

    async def start(self, number: int, flow: str = FLOW.flow) -> None:
        """Let a learner begin something by their own wish."""
        await self.happen(replace(begin(number, flow, at=self.hands()), id=self.name()))

    async def say(self, number: int, *texts: str) -> None:
        """Let a learner answer what is open."""
        for text in texts:
            await self.happen(say(number, text, self.name(), at=self.hands()))

    async def answer_all(self, number: int) -> None:
        """Let a learner answer what is open to its end."""
        await self.say(number, *(f"My words to {key}." for key in KEYS))

    async def press(self, number: int, control: Control) -> None:
        """Let a learner press a button beside the question that they saw last."""
        asked = [effect for _, effect in self.screen.seen if self.is_for(effect, number)][-1]
        assert isinstance(asked, AskQuestion)
        who, wait = pupil(number), asked.wait
        await self.happen(
            ControlPressed(
                id=self.name(), at=self.hands(), who=who, place=asked.place, run=asked.run, wait=wait, control=control
            )
        )

    async def join(self, number: int) -> None:
        """Let a learner press the post that stands in the channel."""
        occurrence = OccurrenceId((await rows(self.database, "SELECT id FROM occurrences"))[-1][0])
        who = pupil(number)
        steered = OccurrenceSteered(
            id=self.name(), at=self.hands(), who=who, occurrence=occurrence, step="join", place=place_of(who)
        )
        await self.happen(steered)

    async def pause(self, number: int, until: datetime) -> None:
        """Let a learner want quiet."""
        await self.happen(PersonPaused(id=self.name(), at=self.hands(), who=pupil(number), until=until))

    async def prefer(self, number: int, weekday: int, clock: time) -> None:
        """Let a learner say when they like to be asked."""
        liked = TimePreferred(id=self.name(), at=self.hands(), who=pupil(number), weekday=weekday, clock=clock)
        await self.happen(liked)

    async def live_in(self, number: int, zone: str) -> None:
        """Let a learner live elsewhere."""
        moved = sa.update(people).where(people.c.id == pupil(number)).values(zone=zone)
        await self.database.write(lambda connection: connection.execute(moved))

    async def set_budget(self, most: int) -> None:
        """Let the class get so many prompts in a week."""
        changed = sa.update(groups).where(groups.c.id == CLASS).values(budget=most)
        await self.database.write(lambda connection: connection.execute(changed))

    # Time.

    async def until(self, moment: datetime) -> None:
        """Let time pass, and all that is due at its moment happen."""
        for _ in range(MOST_MOMENTS):
            await self.tick()
            coming = await self._next(moment)
            if coming is None:
                break
            self.hands.at = max(self.hands.at, coming)
        else:
            raise AssertionError("something is due over and over")
        await self.be_away_until(moment)
        await self.tick()

    async def be_away_until(self, moment: datetime) -> None:
        """Let time pass while Mull is not running."""
        assert moment >= self.hands.at
        self.hands.at = moment

    async def tick(self) -> None:
        """Let the clock look, and show what follows."""
        await self.clock.tick()
        await self.deliver()

    async def deliver(self) -> None:
        """Show all that is due."""
        while await self.outbox.deliver_due():
            pass

    async def _next(self, until: datetime) -> datetime | None:
        found = await self.clock.next_moment(until)
        waiting = await self.database.read(lambda connection: next_due(connection, ["fake"], self.hands()))
        return min((one for one in (found, waiting) if one is not None and one <= until), default=None)

    # What people saw.

    def begun(self, number: int) -> list[datetime]:
        """List when something new was first put before a learner."""
        firsts: dict[RunId, datetime] = {}
        for at, effect in self.screen.seen:
            if isinstance(effect, AskQuestion | OfferForm) and self.is_for(effect, number):
                firsts.setdefault(effect.run, at)
        return list(firsts.values())

    def titles(self, number: int) -> dict[str, datetime]:
        """List what was put before a learner, and when first."""
        found: dict[str, datetime] = {}
        for at, effect in self.screen.seen:
            if isinstance(effect, AskQuestion | OfferForm) and self.is_for(effect, number):
                found.setdefault(effect.title, at)
        return found

    def told(self, number: int, text: str) -> list[datetime]:
        """List when a learner read these words."""
        found = [(at, effect) for at, effect in self.screen.seen if self.is_for(effect, number)]
        return [at for at, effect in found if isinstance(effect, SendMessage) and text in effect.text]

    def reminded(self, number: int) -> list[datetime]:
        """List when a learner was reminded."""
        return self.told(number, REMINDER)

    def is_for(self, effect: AnyEffect, number: int) -> bool:
        """Say whether a learner is shown this in private."""
        return effect.person == pupil(number) and effect.place != ROOM

    async def late(self, number: int) -> list[bool]:
        """List whether each answer of a learner is labelled late."""
        found = "SELECT is_late FROM answers WHERE person_id = :who ORDER BY key"
        return [bool(row[0]) for row in await rows(self.database, found, who=pupil(number))]

    async def notes(self) -> Collection[str]:
        """List what the programs say to who set them."""
        return {row[0] for row in await rows(self.database, "SELECT note FROM programs WHERE note <> ''")}

    async def count(self, of: str) -> int:
        """Count something in the database."""
        return int((await rows(self.database, f"SELECT count(*) FROM {of}"))[0][0])


async def a_term(database: Database, pupils: int = 3) -> Term:
    """Set the stage with flows to choose from; everybody is met on the fake platform, the class has its room there."""
    await set_stage(database, pupils)

    def work(connection: Connection) -> None:
        for flow in FLOWS:
            one = FLOW.model_copy(update={"flow": flow, "title": flow})
            publish_flow(connection, one.flow, one.version, one.to_json(), NOW)
        connection.execute(sa.update(people).values(place=sa.literal("fake:").concat(people.c.id)))
        follow(connection, CLASS, ROOM, None)

    await database.write(work)
    return Term(database)


def days(number: float) -> timedelta:
    """Measure time in days."""
    return timedelta(days=number)
