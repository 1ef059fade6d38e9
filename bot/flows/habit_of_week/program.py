"""The habit of the week: announced with a small plan, quoted back midweek, looked back at in the end.

A week plants a habit, it does not form one (Lally 2010), so each comes back later in the year; a missed week changes
nothing. Nobody's answers are compared.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, assert_never

from pydantic import BaseModel, Field

from bot.core.events import (
    MemberRemoved,
    OccurrenceDue,
    OccurrenceEvent,
    OccurrenceRequested,
    OccurrenceSteered,
    PeopleEnrolled,
    RunFinished,
)
from bot.core.occurrences import Occurrence, OccurrenceStatus
from bot.core.people import Action, PersonId, Role
from bot.core.runs import RunId, RunStatus
from bot.core.schedules import days_later
from bot.flows.flow import pick
from bot.flows.habit_of_week.habits import Habit, Phase, Setting, habits
from bot.flows.habit_of_week.order import to_vote_on, upcoming, winner
from bot.flows.program import IN_ORDER, Move, Quote, Refused, Scene, Start

VOTING, PLAN, NOTICE, LOOK_BACK = "voting", "plan", "notice", "look_back"
DAYS = {VOTING: 1, PLAN: 2, NOTICE: 2, LOOK_BACK: 3}
"""Days from the beginning of each part of the week to the next: Monday, Wednesday, Friday, and over the weekend."""

FLOWS = {VOTING: "habit-vote", PLAN: "habit-plan", NOTICE: "habit-notice", LOOK_BACK: "habit-look-back"}
ORDERS = ("fixed", "shuffled", "voted")
TASK = "your work"

STEPS = {"skip": Action.READ_ANSWERS, "announce": Action.READ_ANSWERS, "move_on": Action.READ_ANSWERS}
HEARS = frozenset({RunFinished, PeopleEnrolled, MemberRemoved})


class Week(BaseModel):
    """One habit week; `part` is where it stands, `asked` who has been asked in it.

    `round` is how often the group has had this habit before.
    """

    part: str
    habit: str = ""
    offered: list[str] = Field(default_factory=list)
    asked: Annotated[set[PersonId], IN_ORDER] = Field(default_factory=set)
    votes: dict[PersonId, str] = Field(default_factory=dict)
    plans: dict[PersonId, RunId] = Field(default_factory=dict)
    past: list[str] = Field(default_factory=list)

    @property
    def round(self) -> int:
        """Count how often the group has had this habit before, so that other questions come this time."""
        return self.past.count(self.habit)


def begin(occurrence: Occurrence, event: OccurrenceRequested, scene: Scene) -> Move:
    """Announce a habit, or let the group vote on the next one."""
    order, wanted = event.choices.get("order", "fixed"), event.choices.get("habit", "")
    if not scene.learners:
        raise Refused("Nobody is on the roster yet, so there is nobody to begin a habit week with.")
    if order not in ORDERS or (wanted and wanted not in habits()):
        raise Refused("There is no habit or order of that name. Please choose once more.")
    past = [habit for one in scene.before if (habit := read_week(one).habit)]
    coming = upcoming(habits(), past, "" if order == "fixed" else scene.group)
    if wanted or order != "voted":
        return _enter(occurrence, Week(part=PLAN, habit=wanted or coming[0], past=past), event.at, scene)
    return _enter(occurrence, Week(part=VOTING, offered=to_vote_on(coming, habits()), past=past), event.at, scene)


def advance(occurrence: Occurrence, event: OccurrenceEvent, scene: Scene) -> Move:
    """Let one event happen to a habit week."""
    week = read_week(occurrence)
    if occurrence.status is not OccurrenceStatus.OPEN:
        return Move(occurrence=occurrence)
    match event:
        case RunFinished():
            return _hear(occurrence, week, event, scene)
        case OccurrenceDue():
            return _go_on(occurrence, week, event.at, scene)
        case OccurrenceSteered(step="skip"):
            starts = tuple(_skipped(week, person) for person in scene.learners)
            return replace(_close(occurrence, week, OccurrenceStatus.STOPPED), starts=starts)
        case OccurrenceSteered(step="announce") if week.part != VOTING:
            return Move(occurrence=occurrence)
        case OccurrenceSteered():
            return _go_on(occurrence, week, event.at, scene)
        case PeopleEnrolled():
            return _welcome(occurrence, week, event, scene)
        case MemberRemoved():
            is_complete = week.part == VOTING and scene.learners and week.votes.keys() >= scene.learners.keys()
            return _go_on(occurrence, week, event.at, scene) if is_complete else Move(occurrence=occurrence)
        case _:
            assert_never(event)


def read_week(occurrence: Occurrence) -> Week:
    """Read what an occurrence of this program keeps."""
    return Week.model_validate_json(occurrence.state)


def _hear(occurrence: Occurrence, week: Week, event: RunFinished, scene: Scene) -> Move:
    part, _, name = event.errand.part.partition(":")
    person, said = PersonId(name), event.said
    if event.status is not RunStatus.DONE or event.is_revised:
        return Move(occurrence=occurrence)
    if part == PLAN and said.get("act"):
        week.plans[person] = event.run
    elif part == VOTING and week.part == VOTING and isinstance(habit := said.get("habit"), str):
        week.votes[person] = habit
        if week.votes.keys() >= scene.learners.keys():
            return _go_on(occurrence, week, event.at, scene)
    return Move(occurrence=_keep(occurrence, week))


def _go_on(occurrence: Occurrence, week: Week, at: datetime, scene: Scene) -> Move:
    """Come to the next part of the week, whatever is still unanswered of the one before."""
    match week.part:
        case "voting":
            habit = winner(week.offered, week.votes.values())
            return _enter(occurrence, week.model_copy(update={"part": PLAN, "habit": habit}), at, scene)
        case "plan":
            return _enter(occurrence, week.model_copy(update={"part": NOTICE}), at, scene)
        case "notice":
            return _enter(occurrence, week.model_copy(update={"part": LOOK_BACK}), at, scene)
        case _:
            return _close(occurrence, week, OccurrenceStatus.DONE)


def _enter(occurrence: Occurrence, week: Week, at: datetime, scene: Scene) -> Move:
    due_at = days_later(at, DAYS[week.part], scene.zone)
    week.asked = set(scene.learners)
    starts = tuple(_start(week, person, scene) for person in scene.learners)
    return Move(occurrence=replace(_keep(occurrence, week), due_at=due_at), starts=starts)


def _welcome(occurrence: Occurrence, week: Week, event: PeopleEnrolled, scene: Scene) -> Move:
    """Take late-comers in; whoever joins later than the plans begins with the next part."""
    if event.role is not Role.LEARNER or week.part not in (VOTING, PLAN):
        return Move(occurrence=occurrence)
    joined = dict.fromkeys(p for p, _ in event.people if p in scene.learners and p not in week.asked)
    week.asked.update(joined)
    return Move(occurrence=_keep(occurrence, week), starts=tuple(_start(week, person, scene) for person in joined))


def _close(occurrence: Occurrence, week: Week, status: OccurrenceStatus) -> Move:
    return Move(occurrence=replace(_keep(occurrence, week), status=status, due_at=None))


def _keep(occurrence: Occurrence, week: Week) -> Occurrence:
    return replace(occurrence, state=week.model_dump_json())


def _start(week: Week, person: PersonId, scene: Scene) -> Start:
    """Write out one person's part of the week; what is still open of the part before makes room for it."""
    earlier = [part for part in (VOTING, PLAN, NOTICE) if part != week.part]
    plan = week.plans.get(person)
    return Start(
        person=person,
        flow=FLOWS[week.part],
        part=f"{week.part}:{person}",
        given=_words(week, scene),
        quotes={"plan": Quote(plan, ("act", "act.cue"))} if plan else {},
        offered=_menu(week),
        replaces=tuple(f"{part}:{person}" for part in earlier),
    )


def _skipped(week: Week, person: PersonId) -> Start:
    """Tell somebody that the week ends early: what is still open of it would promise more."""
    return Start(
        person=person,
        flow="habit-skipped",
        part=f"skipped:{person}",
        given={"habit": _name(habits()[week.habit])} if week.habit else {},
        replaces=tuple(f"{part}:{person}" for part in FLOWS),
    )


def _words(week: Week, scene: Scene) -> Mapping[str, str]:
    if not week.habit:
        return {}
    habit = habits()[week.habit]
    setting: Setting = "club" if scene.setting == "club" else "staff" if scene.setting == "staff" else "class"
    phase: Phase = "notice" if week.part == NOTICE else "look_back" if week.part == LOOK_BACK else "plan"
    prompts, look_fors = habit.prompts[setting][phase], habit.look_fors[setting]
    ask = pick(prompts[week.round % len(prompts)].ask, "en")
    return {
        "habit": pick(habit.name, "en"),
        "voted": "yes" if week.offered else "",
        "for_staff": "yes" if setting == "staff" else "",
        "gloss": pick(habit.gloss, "en"),
        "look_for": pick(look_fors[week.round % len(look_fors)], "en"),
        "prompt": ask.replace("{task}", scene.task or TASK),
        "example": pick(habit.examples[phase], "en"),
    }


def _menu(week: Week) -> Mapping[str, str]:
    """Offer the habits to vote on, or the four sentences of the rubric, lowest first."""
    if week.part == VOTING:
        return {one: f"{_name(habits()[one])}: {pick(habits()[one].gloss, 'en')}" for one in week.offered}
    if week.part == LOOK_BACK:
        return {str(n): pick(level, "en") for n, level in enumerate(habits()[week.habit].rubric, start=1)}
    return {}


def _name(habit: Habit) -> str:
    return pick(habit.name, "en")
