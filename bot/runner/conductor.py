"""The programs in one transaction: which occurrences an event concerns, what it does to them, and what they begin."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic_core import to_json

from bot.core.effects import InviteGroup
from bot.core.events import (
    EventId,
    FanOutDue,
    OccurrenceDue,
    OccurrenceEvent,
    OccurrenceRequested,
    OccurrenceSteered,
    ProgramDue,
    RunFinished,
    RunReminded,
    RunRequested,
)
from bot.core.occurrences import Errand, Occurrence, OccurrenceId, OccurrenceStatus
from bot.core.people import Action, GroupId, PersonId, Place, authorize
from bot.core.runs import Answer, RunId
from bot.flows.conversation import run_named
from bot.flows.flow import AS_IT_IS, CANT_SAY, NONE
from bot.flows.program import REMIND, Ask, Heard, Move, Quote, Refused, Reminder, Scene, Start, programs
from bot.runner.fan_out import Planned, ask_now, errand_event, fan_out, plan_fan_outs, when_shown
from bot.runner.open_questions import open_questions
from bot.runner.posting import invitation
from bot.runner.scenes import load_scene
from bot.runner.schedule import begins_as, moved_on
from bot.storage.audit import note_change
from bot.storage.connection import Connection
from bot.storage.fan_outs import Invitee, end_fan_outs, load_invitees, next_invitees
from bot.storage.occurrences import (
    kinds_of,
    load_occurrences,
    load_places,
    load_said,
    lock_occurrences,
    occurrences_of,
    open_in_groups,
    save_occurrences,
)
from bot.storage.people import load_actor, name_of
from bot.storage.programs import lock_program, move_on
from bot.storage.set_aside import put_aside

NOT_WORDS = frozenset({f'"{value}"' for value in (AS_IT_IS, CANT_SAY, NONE)} | {"null"})
"""Answers that say nothing to anybody else, as they are stored."""

LEADS_NO_MORE = "Whoever set this up does not lead the group any more, so nothing was sent."


class Step(NamedTuple):
    """What a facilitator did with an occurrence, for those who lead its group to look up."""

    who: PersonId
    what: str
    group: GroupId
    at: datetime
    about: frozenset[PersonId] = frozenset()


class Conductor:
    """Lets events happen to occurrences; made afresh for every batch, whose `answers` grow meanwhile.

    What an event makes an occurrence begin comes back as requests for runs.
    """

    def __init__(self, connection: Connection, answers: Sequence[Answer]) -> None:
        self._connection, self._answers = connection, answers
        self._held: dict[OccurrenceId, Occurrence] = {}
        self._new: set[OccurrenceId] = set()
        self._changed: dict[OccurrenceId, None] = {}
        self._scenes: dict[GroupId, Scene] = {}
        self._invited: dict[EventId, Sequence[Invitee]] = {}
        self._reminders: list[RunReminded] = []
        self._steps: list[Step] = []
        self.posts: list[InviteGroup] = []

    def begin(self, event: OccurrenceRequested, who: PersonId) -> list[RunRequested] | None:
        """Open an occurrence; None where this person may not, or there is no such program.

        Raises Refused where the program does not begin like this.
        """
        program = programs().get(event.kind)
        if program is None or not self._may(who, Action.READ_ANSWERS, event.group):
            return None
        opened = Occurrence(
            id=occurrence_id(event.id),
            kind=event.kind,
            group=event.group,
            by=who,
            status=OccurrenceStatus.OPEN,
            started_at=event.at,
            due_at=None,
            state="",
            program=event.plan.program if event.plan else None,
        )
        before = tuple(occurrences_of(self._connection, event.group, event.kind))
        move = program.begin(opened, event, replace(self._scene(event.group), before=before))
        self._new.add(opened.id)
        if event.plan is None:
            self._steps.append(Step(who, opened.kind, opened.group, event.at))
        return self._made(move, event)

    def begin_due(self, event: ProgramDue) -> list[RunRequested]:
        """Let a program begin by itself, and note when it does next; one that was begun, or ended, is a no-op."""
        program = lock_program(self._connection, event.program)
        if program is None or program.next_day != event.day:
            return []
        program, plan = moved_on(self._connection, program, event.at)
        begun: list[RunRequested] | None = []
        if plan is not None:
            wanted = OccurrenceRequested(
                id=begins_as(plan),
                at=event.at,
                who=program.by,
                group=program.group,
                kind=program.kind,
                choices=program.choices,
                plan=plan,
            )
            try:
                begun = self.begin(wanted, program.by)
            except Refused as refused:
                program = replace(program, note=str(refused))
        if begun is None:
            program = replace(program, note=LEADS_NO_MORE)
        move_on(self._connection, program)
        return begun or []

    def steer(self, event: OccurrenceSteered, who: PersonId) -> list[RunRequested] | None:
        """Let somebody have their say; None where it is not theirs to have."""
        found = self._hold([event.occurrence]).get(event.occurrence)
        right = programs()[found.kind].STEPS.get(event.step) if found else None
        if found is None or right is None or not self._may(who, right, found.group):
            return None
        begun = self._advance(found, replace(event, who=who))
        if right is not Action.ANSWER and self._held[found.id] != found:
            about = _named(event) if event.step == REMIND else frozenset()
            self._steps.append(Step(who, f"{found.kind}.{event.step}", found.group, event.at, about))
        return begun

    def wake(self, event: OccurrenceDue) -> list[RunRequested]:
        """Let an occurrence's moment come; one that it no longer waits for is a no-op."""
        found = self._hold([event.occurrence]).get(event.occurrence)
        return self._advance(found, event) if found is not None and found.due_at == event.due_at else []

    def read_people(self, event: FanOutDue) -> Sequence[Invitee]:
        """Read whose turn comes, before anything is locked."""
        group = load_occurrences(self._connection, [event.occurrence])[event.occurrence].group
        self._invited[event.id] = next_invitees(self._connection, group, event.zone, event.cursor, event.most)
        return self._invited[event.id]

    def fan_out(self, event: FanOutDue) -> list[RunRequested]:
        """Ask, or remind, those whose turn it is."""
        begun, reminders = fan_out(self._connection, event, self._invited[event.id])
        self._reminders += reminders
        return begun

    def take_reminders(self) -> list[RunReminded]:
        """Hand over whom to remind, once."""
        taken, self._reminders = self._reminders, []
        return taken

    def tell(self, events: Sequence[Heard]) -> list[RunRequested]:
        """Let occurrences hear of runs that are over, and of people who came or left."""
        finished = {event.errand.occurrence for event in events if isinstance(event, RunFinished)}
        groups = {event.group for event in events if not isinstance(event, RunFinished)}
        in_groups = {one.id for one in open_in_groups(self._connection, groups)} if groups else set()
        kinds = kinds_of(self._connection, finished | in_groups)
        kinds = {name: kind for name, kind in kinds.items() if kind not in programs() or programs()[kind].HEARS}
        self._hold(kinds)
        begun: list[RunRequested] = []
        for event in events:
            if isinstance(event, RunFinished):
                concerned = [event.errand.occurrence]
            else:
                concerned = sorted(one for one in in_groups if one in kinds and self._held[one].group == event.group)
            for name in concerned:
                if name in kinds and name in self._held:
                    begun += self._let_hear(self._held[name], event)
        return begun

    def _let_hear(self, one: Occurrence, event: Heard) -> list[RunRequested]:
        """Let one occurrence hear of something; where it cannot, that is set aside and the event counts."""
        try:
            return self._advance(one, event)
        except (ValueError, LookupError) as fault:  # a state that cannot be read, a program that is gone
            reason = f"{type(fault).__name__}: {one.kind} {one.id} could not hear of it"
            body = json.dumps(asdict(event) | {"kind": type(event).__name__}, default=str)
            put_aside(self._connection, f"{event.id}/{one.id}", reason, body, event.at)
            return []

    def save(self) -> None:
        """Write down what became of the occurrences, and who had a say in them."""
        save_occurrences(self._connection, [self._held[name] for name in self._changed], self._new)
        for step in self._steps:
            note_change(self._connection, step.who, step.what, group=step.group, at=step.at, about=step.about)

    def _hold(self, names: Iterable[OccurrenceId]) -> dict[OccurrenceId, Occurrence]:
        """Lock and read occurrences that this batch has not looked at yet."""
        wanted = set(names) - self._held.keys()
        if wanted:
            self._held |= lock_occurrences(self._connection, wanted)
        return self._held

    def _advance(self, one: Occurrence, event: OccurrenceEvent) -> list[RunRequested]:
        scene = self._scene(one.group)
        if isinstance(event, OccurrenceSteered) and event.step == REMIND:
            scene = replace(scene, waiting=open_questions(self._connection, one, _named(event), event.at))
        return self._made(programs()[one.kind].advance(one, event, scene), event)

    def _made(self, move: Move, event: OccurrenceEvent | OccurrenceRequested) -> list[RunRequested]:
        one = move.occurrence
        if self._held.get(one.id) is not one:
            self._held[one.id] = one
            self._changed[one.id] = None
        channel = self._scene(one.group).channel if move.posts else None
        if channel is not None:
            self.posts += [invitation(self._connection, one, post, channel, event) for post in move.posts]
        self._remind(one, move.reminders, event)
        places = load_places(self._connection, {start.person for start in move.starts}) if move.starts else {}
        if isinstance(event, OccurrenceSteered) and event.place is not None:
            places[PersonId(str(event.who))] = event.place
        said = self._said({quote.run for start in move.starts for quote in start.quotes.values()})
        starts = [start for start in move.starts if start.person in places]
        shown_at = self._spread(one, starts, event)
        wanted = (_request(one, start, event, places[start.person], said) for start in starts)
        spaced = [_spaced(request, one, shown_at) for request in wanted]
        return spaced + self._ask_everybody(one, move.ask, event)

    def _remind(
        self, one: Occurrence, reminders: Sequence[Reminder], event: OccurrenceEvent | OccurrenceRequested
    ) -> None:
        """Bring questions once more, unless their people went on, or wanted quiet, since somebody asked for it."""
        people = {reminder.person for reminder in reminders}
        waiting = open_questions(self._connection, one, people, event.at) if people else {}
        names = {by: name_of(self._connection, by) for by in {reminder.by for reminder in reminders}}
        for person, run, by, at in reminders:
            question = next((each for each in waiting.get(person, ()) if each.run == run), None)
            if question is not None and question.may_be_brought and question.asked_at <= at:
                name = EventId(f"{event.id}/{run}")
                self._reminders.append(RunReminded(id=name, at=event.at, who=person, run=run, by=names[by]))

    def _ask_everybody(
        self, one: Occurrence, ask: Ask | None, event: OccurrenceEvent | OccurrenceRequested
    ) -> list[RunRequested]:
        """Ask the whole group: at the times of its plan, or at once where somebody wants it now."""
        if one.status is not OccurrenceStatus.OPEN:
            end_fan_outs(self._connection, one.id)
        if ask is None or not isinstance(event, OccurrenceRequested):
            return []
        if event.plan is None:
            return ask_now(self._connection, one, ask, event.at)
        plan_fan_outs(self._connection, one, ask, event.plan)
        return []

    def _spread(
        self, one: Occurrence, starts: Sequence[Start], event: OccurrenceEvent | OccurrenceRequested
    ) -> Mapping[str, datetime]:
        """Decide when each part that comes by itself is shown."""
        unasked = {start.part: start.person for start in starts if not start.is_own_wish}
        if one.program is None or not unasked:
            return {}
        known = {each.person: each for each in load_invitees(self._connection, one.group, set(unasked.values()))}
        people = {part: known[person] for part, person in unasked.items() if person in known}
        clock = one.started_at.astimezone(ZoneInfo(self._scene(one.group).zone)).time()
        return when_shown(self._connection, Planned(one.id, one.group, clock, one.due_at), people, event.at)

    def _said(self, runs: Collection[RunId]) -> dict[tuple[RunId, str], tuple[str, str]]:
        """Read what was said in runs, with what this very batch has heard."""
        if not runs:
            return {}
        fresh = {(a.run, a.key): (to_json(a.value).decode(), a.said) for a in self._answers if a.run in runs}
        return load_said(self._connection, runs) | fresh

    def _scene(self, group: GroupId) -> Scene:
        """Read a group once a batch: what changed in it was written before any occurrence hears of anything."""
        if group not in self._scenes:
            self._scenes[group] = load_scene(self._connection, group)
        return self._scenes[group]

    def _may(self, who: PersonId, action: Action, group: GroupId) -> bool:
        return authorize(load_actor(self._connection, who), action, [group])


def rehearse(connection: Connection, event: OccurrenceRequested, who: PersonId) -> str | None:
    """Try out whether a program begins like this, writing nothing.

    Answers its sentence where it does not, nothing where it does, and None where this is not for `who` to begin.
    """
    try:
        begun = Conductor(connection, ()).begin(event, who)
    except Refused as refused:
        return str(refused)
    return None if begun is None else ""


def occurrence_id(event: EventId) -> OccurrenceId:
    """Name an occurrence after the event that asked for it."""
    return OccurrenceId(hashlib.blake2s(event.encode(), digest_size=10).hexdigest())


def errand_run(occurrence: OccurrenceId, part: str, person: PersonId) -> RunId:
    """Name the run of one errand, whether it has begun or not."""
    return run_named(errand_event(occurrence, part), person)


def _named(event: OccurrenceSteered) -> frozenset[PersonId]:
    """List the people that a step names."""
    return frozenset(PersonId(name) for name in event.about.split())


def _request(
    one: Occurrence,
    start: Start,
    event: OccurrenceEvent | OccurrenceRequested,
    place: Place,
    said: dict[tuple[RunId, str], tuple[str, str]],
) -> RunRequested:
    """Write out a run to begin; its id comes from the errand alone, so that one errand is never two runs."""
    quoted = {name: _words(quote, said) for name, quote in start.quotes.items()}
    return RunRequested(
        id=errand_event(one.id, start.part),
        at=event.at,
        who=start.person,
        place=place,
        flow=start.flow,
        group=one.group,
        mode=start.mode,
        is_own_wish=start.is_own_wish,
        errand=Errand(occurrence=one.id, part=start.part),
        given={**start.given, **{name: text for name, text in quoted.items() if text}},
        offered=start.offered,
        replaces=start.replaces,
        is_for_daytime=not isinstance(event, OccurrenceRequested) and not _is_doing_of(start.person, event),
    )


def _is_doing_of(person: PersonId, event: OccurrenceEvent) -> bool:
    """Say whether somebody brought about themselves what an event brings them: they are here, whatever the hour."""
    return not isinstance(event, OccurrenceDue) and str(event.who) == person


def _spaced(request: RunRequested, one: Occurrence, shown_at: Mapping[str, datetime]) -> RunRequested:
    """Let what comes by itself come at its time, and not at all once the next part of it is due.

    Whoever takes part in something planned by their own wish is late after its close as well.
    """
    part = request.errand.part if request.errand else ""
    if part in shown_at:
        return replace(request, not_before=shown_at[part], closes_at=one.due_at, is_for_daytime=False)
    return replace(request, closes_at=one.closes_at) if one.program is not None else request


def _words(quote: Quote, said: dict[tuple[RunId, str], tuple[str, str]]) -> str:
    """Write several answers as one text."""
    text = ""
    for key in quote.keys:
        value, words = said.get((quote.run, key), ("null", ""))
        if words and value not in NOT_WORDS:
            text += ("" if not text else " " if text.endswith((".", "!", "?")) else " \N{EN DASH} ") + words
    return text
