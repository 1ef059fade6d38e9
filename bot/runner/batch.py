"""What one transaction does with the events that were waiting: record, load, advance, save."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.core.effects import AnyEffect
from bot.core.events import (
    Event,
    EventId,
    RunEvent,
    RunRequested,
    TextReceived,
    is_group_event,
    is_run_event,
)
from bot.core.people import Identity, PersonId
from bot.core.runs import Answer, Memory, Run, RunId
from bot.flows.conversation import Start, converse
from bot.flows.engine import Turn
from bot.flows.flow import Flow
from bot.runner.flow_shelf import FlowShelf
from bot.runner.registrar import register
from bot.storage.connection import Connection
from bot.storage.flows import current_versions
from bot.storage.openings import Wanted, load_openings
from bot.storage.people import find_identities
from bot.storage.turns import (
    load_open_runs,
    load_runs,
    lock_people,
    record_events,
    save_answers,
    save_effects,
    save_memories,
    save_runs,
    save_timers,
)


class Outcome(StrEnum):
    """What became of an event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    SET_ASIDE = "set_aside"


class Batch:
    """One transaction's work; made afresh for every try."""

    def __init__(self, connection: Connection, shelf: FlowShelf, at: datetime) -> None:
        self._connection, self._shelf, self._at = connection, shelf, at
        self._runs: dict[PersonId, dict[RunId, Run]] = {}
        self._known: set[RunId] = set()
        self._starts: Mapping[EventId, Start] = {}
        self._last: dict[RunId, Turn] = {}
        self._answers: list[Answer] = []
        self._memories: list[Memory] = []
        self._effects: list[tuple[AnyEffect, datetime]] = []

    def apply(self, events: Sequence[Event]) -> dict[EventId, Outcome]:
        """Let events happen, in order; answer what became of each."""
        fresh = record_events(self._connection, [event.id for event in events], self._at)
        outcomes = {event.id: Outcome.DUPLICATE for event in events}
        todo = {event.id: event for event in events if event.id in fresh}
        for event in todo.values():
            if is_group_event(event):
                outcomes[event.id] = Outcome.ACCEPTED if register(self._connection, event) else Outcome.UNKNOWN
        talked = [event for event in todo.values() if is_run_event(event)]
        talked.sort(key=lambda event: event.at)  # what came late is put where the platform's time says it belongs
        persons = self._load(talked)
        for event in talked:
            person = persons.get(event.id)
            is_here = person is not None and (not isinstance(event, RunRequested) or event.id in self._starts)
            outcomes[event.id] = Outcome.ACCEPTED if is_here else Outcome.UNKNOWN
            if person is not None and is_here:
                self._talk(person, event)
        self._save()
        return outcomes

    def _load(self, events: Sequence[RunEvent]) -> dict[EventId, PersonId]:
        """Lock and read whom the events concern; answer who each is from, leaving out strangers."""
        if not events:
            return {}
        connection = self._connection
        identities = find_identities(connection, {e.who for e in events if isinstance(e.who, Identity)})
        persons = {
            e.id: person
            for e in events
            if (person := identities.get(e.who) if isinstance(e.who, Identity) else e.who) is not None
        }
        present = lock_people(connection, set(persons.values()))
        persons = {event: person for event, person in persons.items() if person in present}
        self._runs = load_open_runs(connection, present)
        self._load_named(events, persons)
        self._known = {run for runs in self._runs.values() for run in runs}
        self._starts = self._load_starts(
            [e for e in events if isinstance(e, RunRequested) and e.id in persons], persons
        )
        return persons

    def _load_named(self, events: Sequence[RunEvent], persons: Mapping[EventId, PersonId]) -> None:
        """Read runs that are over but named by an event: an old button, an answer changed afterwards."""
        named = {
            event.run
            for event in events
            if not isinstance(event, TextReceived | RunRequested)
            and event.id in persons
            and event.run not in self._runs[persons[event.id]]
        }
        if named:
            for run in load_runs(self._connection, named).values():
                if run.person in self._runs:
                    self._runs[run.person][run.id] = run

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
            )
            for request in requests
            if request.flow in versions
        }
        openings = load_openings(self._connection, set(wanted.values()))
        return {
            request.id: Start(versions[request.flow], openings[wanted[request.id]])
            for request in requests
            if wanted.get(request.id) in openings
        }

    def _talk(self, person: PersonId, event: RunEvent) -> None:
        runs = self._runs[person]
        talk = converse(person, runs, event, self._flow, self._start(person, event))
        for turn in talk.turns:
            run = turn.run
            runs[run.id] = run
            self._last[run.id] = turn
            self._answers += turn.answers
            self._memories += turn.memories
            self._effects += [(effect, event.at) for effect in turn.effects]
        self._effects += [(message, event.at) for message in talk.messages]

    def _start(self, person: PersonId, event: RunEvent) -> Start | None:
        """Find what a new run needs, with what an earlier event of this very batch left to remember."""
        start = self._starts.get(event.id)
        if start is None or not isinstance(event, RunRequested) or not self._memories:
            return start
        left = {m.name: m.text for m in self._memories if (m.person, m.group) == (person, event.group)}
        remembered = {name: text for name, text in {**start.opening.remembered, **left}.items() if text}
        return replace(start, opening=replace(start.opening, remembered=remembered))

    def _save(self) -> None:
        connection = self._connection
        last = self._last.values()
        save_runs(connection, [turn.run for turn in last], self._last.keys() - self._known)
        kept = [(turn.run.person, turn.timer) for turn in last if turn.timer is not None]
        save_timers(connection, kept, [turn.run.id for turn in last if turn.timer is None])
        save_answers(connection, self._answers)
        save_memories(connection, self._memories)
        save_effects(connection, self._effects)

    def _flow(self, flow: str, version: str, lang: str) -> Flow:
        return self._shelf.get(self._connection, flow, version, lang)
