"""One person's world in memory: runs, timers and memories, as storage would keep them between two events.

Whatever happens in it is checked against what always holds, so that transcripts and random play test it alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.core.effects import AnyEffect
from bot.core.events import AnswerEdited, RunEvent, RunRequested, TextChanged, TextReceived
from bot.core.people import PersonId
from bot.core.runs import Answer, Opening, Run, RunId, RunStatus, Timer, Value
from bot.flows.conversation import Start, Talk, converse
from bot.flows.document import Document
from bot.flows.engine import Turn
from bot.flows.flow import Flow
from bot.storage.turns import OPENING, run_from, state_of


class Shelf:
    """Flows by id, version and language, read from the JSON that a database would hold."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = {document.flow: document for document in documents}
        self._flows: dict[tuple[str, str, str], Flow] = {}

    def __call__(self, flow: str, version: str, lang: str) -> Flow:
        """Find a flow."""
        document = self.documents[flow]
        assert document.version == version
        found = self._flows.get((flow, version, lang))
        if found is None:
            found = Flow(Document.model_validate_json(document.to_json()), lang)
            assert found.version == version, "a document changes its version on its way through the database"
            self._flows[flow, version, lang] = found
        return found


@dataclass
class World:
    """A person, and what is kept about them."""

    person: PersonId
    shelf: Shelf
    opening: Opening
    runs: dict[RunId, Run] = field(default_factory=dict)
    timers: dict[RunId, Timer] = field(default_factory=dict)
    answers: dict[RunId, dict[str, Answer]] = field(default_factory=dict)
    memories: dict[str, str] = field(default_factory=dict)

    def happen(self, event: RunEvent) -> tuple[AnyEffect, ...]:
        """Let an event happen; answer what is sent."""
        start = self._start(event)
        before = self._loaded(event)
        talk = converse(self.person, before, event, self.shelf, start)
        assert converse(self.person, self._loaded(event), event, self.shelf, start) == talk, "not the same twice"
        effects = (*(effect for turn in talk.turns for effect in turn.effects), *talk.messages)
        assert [e.id for e in effects] == [f"{event.id}/{n}" for n in range(len(effects))]
        self._check(before, event, talk)
        for turn in talk.turns:
            self._keep(turn)
        return effects

    def open_runs(self) -> list[Run]:
        """List the runs that are open."""
        return [run for run in self.runs.values() if run.status is RunStatus.OPEN]

    def _start(self, event: RunEvent) -> Start | None:
        if not isinstance(event, RunRequested) or event.flow not in self.shelf.documents:
            return None
        remembered = {name: text for name, text in {**self.opening.remembered, **self.memories}.items() if text}
        return Start(self.shelf.documents[event.flow].version, replace(self.opening, remembered=remembered))

    def _loaded(self, event: RunEvent) -> Mapping[RunId, Run]:
        """Read back the open runs, and the one the event names, from the JSON they are kept as."""
        named = None if isinstance(event, RunRequested | TextReceived | TextChanged) else event.run
        return {i: round_trip(run) for i, run in self.runs.items() if run.status is RunStatus.OPEN or i == named}

    def _keep(self, turn: Turn) -> None:
        run = turn.run
        self.runs[run.id] = run
        self.timers.pop(run.id, None)
        if turn.timer is not None:
            self.timers[run.id] = turn.timer
        kept = self.answers.setdefault(run.id, {})
        for answer in turn.answers:
            assert answer.is_edit == (answer.key in kept), "an answer is an edit where there was one before"
            kept[answer.key] = answer
        assert {key: answer.value for key, answer in kept.items()} == run.said
        self.memories |= {memory.name: memory.text for memory in turn.memories}

    def _check(self, before: Mapping[RunId, Run], event: RunEvent, talk: Talk) -> None:
        """Check what holds for every turn, whatever the event."""
        for turn in talk.turns:
            run, was = turn.run, before.get(turn.run.id)
            assert round_trip(run) == run
            assert all(is_storable(answer.said) and is_storable(answer.value) for answer in turn.answers)
            assert all(is_storable(memory.text) for memory in turn.memories)
            flow = self.shelf(run.flow, run.version, run.opening.lang)
            assert set(run.said) <= set(flow.questions)
            assert sum(key.endswith(".probe") for key in run.trail) <= 1
            assert run.status is not RunStatus.OPEN or not run.is_shown or run.key in flow.questions
            assert run.status is RunStatus.OPEN or turn.timer is None
            if was is not None:
                check_step(was, run, event)


def check_step(was: Run, run: Run, event: RunEvent) -> None:
    """Check what holds between a run before an event and after it."""
    assert run.wait >= was.wait
    assert run.is_probed >= was.is_probed
    assert run.is_nudged >= was.is_nudged
    assert run.trail[: len(was.trail)] == was.trail
    if was.status is not RunStatus.OPEN:
        assert isinstance(event, AnswerEdited) or run == was, "a run that is over changes by an edit only"
        edited = replace(run, said=was.said, slips=was.slips, again=was.again)
        assert edited == was, "an edit changes what was said and nothing else"


def round_trip(run: Run) -> Run:
    """Write a run as the database keeps it, and read it back."""
    opening = OPENING.dump_json(run.opening).decode()
    moments = (run.started_at, run.asked_at, run.put_off_until)
    head = (run.id, run.person, run.group, run.flow, run.version, run.status.value, run.place)
    return run_from((*head, *moments, opening, state_of(run)))


def is_storable(value: Value) -> bool:
    """Say whether any database can hold a value: UTF-8, and no NUL."""
    texts = [value] if isinstance(value, str) else value or []
    return all("\x00" not in text and text.encode(errors="replace").decode() == text for text in texts)
