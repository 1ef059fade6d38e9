"""What one transaction does with the events that were waiting: record, load, advance, save."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.adapters.base import CHANGES_MESSAGES, Answered
from bot.core.effects import AnyEffect
from bot.core.errors import FlowError
from bot.core.events import (
    AnswerEdited,
    AskedOfOccurrence,
    Event,
    EventId,
    FanOutDue,
    OccurrenceDue,
    OccurrenceRequested,
    Outcome,
    ProgramDue,
    RunEvent,
    RunFinished,
    RunReminded,
    RunRequested,
    TextChanged,
    TextReceived,
    TimerFired,
    is_asked_of_occurrence,
    is_run_event,
)
from bot.core.people import Identity, PersonId, platform_of
from bot.core.platform_news import PersonCame, is_group_event
from bot.core.runs import OPEN, Answer, Memory, Run, RunId
from bot.flows.conversation import Start, converse, next_waiting
from bot.flows.engine import Turn
from bot.flows.flow import Flow
from bot.flows.program import Heard, Refused
from bot.runner.calling import hand_over
from bot.runner.conductor import Conductor
from bot.runner.flow_shelf import FlowShelf
from bot.runner.going_out import GoingOut, settling, when_out
from bot.runner.platform_news import person_of
from bot.runner.registrar import register
from bot.storage.connection import Connection
from bot.storage.flows import current_versions
from bot.storage.openings import Wanted, load_openings
from bot.storage.people import find_identities
from bot.storage.readings import note_answers
from bot.storage.threads import mark_told
from bot.storage.turns import (
    Lease,
    Outgoing,
    load_heard,
    load_open_runs,
    load_runs,
    lock_people,
    record_events,
    save_answers,
    save_effects,
    save_heard,
    save_memories,
    save_runs,
    save_timers,
)

MOST_MOVES = 50
"""How often runs may end and begin others within one batch: more goes in a circle."""


class MoreToLock(Exception):
    """A program begins runs for people whom this batch has not locked: it is to be done once more with them."""

    def __init__(self, people: Collection[PersonId]) -> None:
        super().__init__(len(people))
        self.people = frozenset(people)


class Batch:
    """One transaction's work; made afresh for every try.

    People are locked before occurrences, in every process: `also` are those that an earlier try turned out to need.
    """

    def __init__(
        self,
        connection: Connection,
        shelf: FlowShelf,
        at: datetime,
        also: Collection[PersonId] = (),
        taken: Mapping[EventId, Lease] | None = None,
    ) -> None:
        self._connection, self._shelf, self._at, self._also = connection, shelf, at, also
        self._cause: Event | None = None
        self._said_in: dict[EventId, tuple[RunId, str]] = {}
        self._newly_heard: dict[EventId, tuple[RunId, str]] = {}
        self._unseen: set[EventId] = set()
        self._runs: dict[PersonId, dict[RunId, Run]] = {}
        self._known: set[RunId] = set()
        self._starts: Mapping[EventId, Start] = {}
        self._last: dict[RunId, Turn] = {}
        self._answers: list[Answer] = []
        self._memories: list[Memory] = []
        self._taken = taken or {}
        self._out = GoingOut(self._taken)
        self._held: dict[EventId, Sequence[AnyEffect]] = {}
        self._heard: list[Heard] = []
        self._ended: dict[PersonId, tuple[RunEvent, int]] = {}
        self._conductor = Conductor(connection, self._answers)

    def apply(self, events: Sequence[Event]) -> dict[EventId, Answered]:
        """Let events happen, in order; answer what became of each.

        Raises MoreToLock.
        """
        fresh = record_events(self._connection, [event.id for event in events], self._at)
        outcomes = {event.id: Outcome.DUPLICATE for event in events}
        todo = {event.id: event for event in events if event.id in fresh}
        for event in todo.values():
            if isinstance(event, PersonCame) and event.id in self._taken:
                outcomes[event.id] = self._hand_over(event, self._taken[event.id])
            elif is_group_event(event):
                moves = register(self._connection, event)
                outcomes[event.id] = Outcome.UNKNOWN if moves is None else Outcome.ACCEPTED
                self._heard += moves or ()
        talked = [event for event in todo.values() if is_run_event(event)]
        talked.sort(key=lambda event: event.at)  # what came late is put where the platform's time says it belongs
        asked = [event for event in todo.values() if is_asked_of_occurrence(event)]
        persons = self._load(talked, asked)
        for event in talked:
            self._cause = event
            person = persons.get(event.id)
            is_here = person is not None and (not isinstance(event, RunRequested) or event.id in self._starts)
            outcomes[event.id] = Outcome.ACCEPTED if is_here else Outcome.UNKNOWN
            if person is not None and is_here:
                self._talk(person, event)
        missing: set[PersonId] = set()
        for one in sorted(asked, key=lambda event: event.at):
            self._cause = one
            try:
                outcomes[one.id] = self._ask(one, persons.get(one.id))
            except MoreToLock as more:
                missing |= more.people
        if missing:
            raise MoreToLock(missing)
        self._cause = None
        self._tell()
        for post in self._conductor.posts:
            self._out.add([post], self._at, None)
        outgoing = self._out.made(self._connection, persons, self._at)
        self._save(outgoing)
        taken = [one for one in outgoing if one.lease]
        return {
            event: Answered(outcome, (*self._held.get(event, ()), *(one.effect for one in taken if one.cause == event)))
            for event, outcome in outcomes.items()
        }

    def _hand_over(self, event: PersonCame, lease: Lease) -> Outcome:
        """Let whoever takes an event show what was held for its person."""
        person = person_of(self._connection, event.who)
        if person is None:
            return Outcome.UNKNOWN
        self._held[event.id] = hand_over(self._connection, person, platform_of(event.place), lease)
        return Outcome.ACCEPTED

    def _ask(self, event: AskedOfOccurrence, who: PersonId | None) -> Outcome:
        """Let one event happen to an occurrence."""
        if who is None:
            return Outcome.UNKNOWN
        if isinstance(event, OccurrenceDue):
            begun: list[RunRequested] | None = self._conductor.wake(event)
        elif isinstance(event, ProgramDue):
            begun = self._conductor.begin_due(event)
        elif isinstance(event, FanOutDue):
            begun = self._conductor.fan_out(event)
        elif isinstance(event, OccurrenceRequested):
            try:
                begun = self._conductor.begin(event, who)
            except Refused:
                return Outcome.REFUSED
        else:
            begun = self._conductor.steer(event, who)
        if begun is None:
            return Outcome.UNKNOWN
        self._begin(begun)
        return Outcome.ACCEPTED

    def _tell(self) -> None:
        """Let occurrences hear of what happened, and of what that made happen, until there is nothing new."""
        for _ in range(MOST_MOVES):
            if not self._heard:
                self._offer_what_waits()
                return
            heard, self._heard = self._heard, []
            self._begin(self._conductor.tell(heard))
        raise FlowError("a program begins runs that end at once, over and over")

    def _offer_what_waits(self) -> None:
        """Go on with what waits for those whose run on an errand is over, where their program asks nothing more."""
        for person, (event, said) in self._ended.items():
            runs = self._runs[person]
            if not any(run.status is OPEN and run.is_shown and run.id not in self._known for run in runs.values()):
                self._cause = event  # whoever ended the one waits for the next
                for turn in next_waiting(runs, event, said, self._flow):
                    self._keep(turn, event)
        self._cause = None

    def _begin(self, requests: Sequence[RunRequested]) -> None:
        """Remind people of runs, and begin runs on their errands."""
        reminders = self._conductor.take_reminders()
        persons = {one.id: PersonId(str(one.who)) for one in (*reminders, *requests)}
        missing = set(persons.values()) - self._runs.keys()
        if missing:
            raise MoreToLock(missing)
        for reminder in reminders:
            self._talk(persons[reminder.id], reminder)
        starts = self._load_starts(requests, persons)
        self._starts = {**self._starts, **starts}
        for request in requests:
            if request.id in starts:
                self._talk(persons[request.id], request)

    def _load(self, events: Sequence[RunEvent], asked: Sequence[AskedOfOccurrence]) -> dict[EventId, PersonId]:
        """Lock and read whom the events concern; answer who each is from, leaving out strangers."""
        everything = [*events, *asked]
        if not everything and not self._also:
            return {}
        connection = self._connection
        identities = find_identities(connection, {e.who for e in everything if isinstance(e.who, Identity)})
        persons = {
            e.id: person
            for e in everything
            if (person := identities.get(e.who) if isinstance(e.who, Identity) else e.who) is not None
        }
        invited = {each.person for e in asked if isinstance(e, FanOutDue) for each in self._conductor.read_people(e)}
        present = lock_people(connection, {*persons.values(), *invited, *self._also})
        persons = {event: person for event, person in persons.items() if person in present}
        self._runs = load_open_runs(connection, present)
        self._load_said_in([event for event in events if isinstance(event, TextChanged)])
        self._load_named(events, persons)
        self._known = {run for runs in self._runs.values() for run in runs}
        self._starts = self._load_starts(
            [e for e in events if isinstance(e, RunRequested) and e.id in persons], persons
        )
        return persons

    def _load_named(self, events: Sequence[RunEvent], persons: Mapping[EventId, PersonId]) -> None:
        """Read runs that are over but named by an event: an old button, an answer changed afterwards."""
        named = {
            run
            for event in events
            if event.id in persons
            and (run := self._run_named_by(event)) is not None
            and run not in self._runs[persons[event.id]]
        }
        if named:
            for found in load_runs(self._connection, named).values():
                if found.person in self._runs:
                    self._runs[found.person][found.id] = found

    def _load_starts(
        self, requests: Sequence[RunRequested], persons: Mapping[EventId, PersonId]
    ) -> dict[EventId, Start]:
        if not requests:
            return {}
        versions = current_versions(self._connection, {request.flow for request in requests})
        wanted = {
            request.id: Wanted(
                persons[request.id],
                request.group,
                self._flow(request.flow, versions[request.flow], "en").picks_people,
                not self._flow(request.flow, versions[request.flow], "en").is_for_programs,
            )
            for request in requests
            if request.flow in versions and self._may_begin(request, versions[request.flow])
        }
        openings = load_openings(self._connection, set(wanted.values()))
        return {
            request.id: Start(versions[request.flow], openings[wanted[request.id]])
            for request in requests
            if wanted.get(request.id) in openings
        }

    def _may_begin(self, request: RunRequested, version: str) -> bool:
        """Keep what only programs begin from everybody else."""
        return request.errand is not None or not self._flow(request.flow, version, "en").is_for_programs

    def _run_named_by(self, event: RunEvent) -> RunId | None:
        if isinstance(event, TextChanged):
            return self._said_in[event.said_in][0] if event.said_in in self._said_in else None
        return None if isinstance(event, TextReceived | RunRequested) else event.run

    def _load_said_in(self, changes: Sequence[TextChanged]) -> None:
        """Find what changed words had answered; words that never came are taken as they are now, once."""
        if not changes:
            return
        ids = {change.said_in for change in changes}
        self._said_in = load_heard(self._connection, ids)
        self._unseen = {EventId(one) for one in record_events(self._connection, ids - self._said_in.keys(), self._at)}

    def _as_it_counts(self, event: RunEvent) -> RunEvent:
        """Read a change to words as a change to the answer that they gave."""
        if not isinstance(event, TextChanged):
            return event
        found = self._said_in.get(event.said_in)
        if found is not None:
            return AnswerEdited(
                id=event.id,
                at=event.at,
                who=event.who,
                place=event.place,
                run=found[0],
                key=found[1],
                raw=event.text or "",
                is_taken_back=event.text is None,
            )
        if event.said_in in self._unseen and event.text is not None:
            self._unseen.discard(event.said_in)
            return TextReceived(
                id=event.said_in, at=event.at, who=event.who, place=event.place, text=event.text, may_change=True
            )
        return event

    def _talk(self, person: PersonId, event: RunEvent) -> None:
        runs, event = self._runs[person], self._as_it_counts(event)
        talk = converse(person, runs, event, self._flow, self._start(person, event))
        for turn in talk.turns:
            self._keep(turn, event)
        self._out.add(talk.messages, event.at, self._cause, *(when_out(turn, event) for turn in talk.turns[-1:]))

    def _keep(self, turn: Turn, event: RunEvent) -> None:
        run, runs = turn.run, self._runs[turn.run.person]
        self._note_change(turn, runs.get(run.id), event)
        if run.opening.errand is not None and run.status is not OPEN:
            self._hear_of_end(turn, runs.get(run.id), event)
        runs[run.id] = run
        self._last[run.id] = turn
        self._answers += turn.answers
        self._memories += turn.memories
        self._out.add(turn.effects, event.at, self._cause, when_out(turn, event))

    def _note_change(self, turn: Turn, before: Run | None, event: RunEvent) -> None:
        """Keep which words gave an answer, and let the question show it where messages can be changed."""
        run = turn.run
        if isinstance(event, TextReceived) and event.may_change and turn.answers:
            self._newly_heard[event.id] = self._said_in[event.id] = (run.id, turn.answers[0].key)
        if platform_of(run.place) in CHANGES_MESSAGES:
            title = self._flow(run.flow, run.version, run.opening.lang).title
            self._out.add(settling(turn, before, event, title), event.at, self._cause)

    def _hear_of_end(self, turn: Turn, before: Run | None, event: RunEvent) -> None:
        """Note that a run on an errand is over, the first time it is, and whenever it is changed after that."""
        run = turn.run
        was_over = before is not None and before.status is not OPEN
        if run.opening.errand is None or (was_over and not turn.answers):
            return
        if not was_over and not isinstance(event, RunRequested | TimerFired | RunReminded):
            self._ended[run.person] = (event, len(turn.effects))
        self._heard.append(
            RunFinished(
                id=EventId(f"{event.id}/{run.id}"),
                at=event.at,
                who=run.person,
                errand=run.opening.errand,
                run=run.id,
                flow=run.flow,
                status=run.status,
                said=run.said,
                is_revised=was_over,
            )
        )

    def _start(self, person: PersonId, event: RunEvent) -> Start | None:
        """Find what a new run needs, with what an earlier event of this very batch left to remember."""
        start = self._starts.get(event.id)
        if start is None or not isinstance(event, RunRequested) or not self._memories:
            return start
        left = {m.name: m.text for m in self._memories if (m.person, m.group) == (person, event.group)}
        remembered = {name: text for name, text in {**start.opening.remembered, **left}.items() if text}
        return replace(start, opening=replace(start.opening, remembered=remembered))

    def _save(self, outgoing: Sequence[Outgoing]) -> None:
        connection = self._connection
        last = self._last.values()
        save_runs(connection, [turn.run for turn in last], self._last.keys() - self._known)
        kept = [(turn.run.person, turn.timer) for turn in last if turn.timer is not None]
        save_timers(connection, kept, [turn.run.id for turn in last if turn.timer is None])
        save_answers(connection, self._answers)
        note_answers(connection, self._answers, (turn.run for turn in last))
        self._note_told()
        save_memories(connection, self._memories)
        save_effects(connection, outgoing)
        save_heard(connection, self._newly_heard)
        self._conductor.save()

    def _note_told(self) -> None:
        """Keep which comments stand before the first question of a run that begins: they are said once."""
        begun = (turn.run for turn in self._last.values() if turn.run.id not in self._known)
        mark_told(self._connection, {comment.thread for run in begun for comment in run.opening.comments}, self._at)

    def _flow(self, flow: str, version: str, lang: str) -> Flow:
        return self._shelf.get(self._connection, flow, version, lang)
