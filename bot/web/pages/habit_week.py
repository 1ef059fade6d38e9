"""A habit week, for those who read the group's answers: the habit, where the week stands, what learners wrote."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.errors import NotYours
from bot.core.events import OccurrenceSteered
from bot.core.occurrences import Occurrence, OccurrenceStatus
from bot.core.people import PersonId, Role
from bot.flows.flow import pick
from bot.flows.habit_of_week.habits import Setting, habits
from bot.flows.habit_of_week.program import LOOK_BACK, NOTICE, PLAN, STEPS, Week, read_week
from bot.runner.conductor import errand_run
from bot.storage.answers import Said, load_readable, name_in_group
from bot.storage.connection import Connection
from bot.storage.groups import load_members
from bot.web.auth import Facilitating, InHouse, Posted, event_id, text_of
from bot.web.group_access import GroupHere, Read
from bot.web.pages.round import occurrence_of
from bot.web.rendering import render
from bot.web.sending import send
from bot.web.views_kept import keep_view

router = APIRouter()

KIND = "habit_of_week"
PARTS = (PLAN, NOTICE, LOOK_BACK)
ASKED = (
    (PLAN, "act", "What I will try"),
    (PLAN, "act.cue", "When"),
    (NOTICE, "noticed", "What I noticed midweek"),
    (LOOK_BACK, "plan_kept", "What happened to the plan"),
    (LOOK_BACK, "showed", "Where it showed"),
    (LOOK_BACK, "showed.probe", "And more about it"),
    (LOOK_BACK, "level", "The sentence chosen for it"),
    (LOOK_BACK, "keep", "What comes next"),
)
"""What is shown of a learner's week, in order: the part, the question, what stands before the answer."""

BESIDE = {"level": "showed"}
"""A level says something only beside the words it was chosen for."""

DONE = {
    "begun": "The week has begun. Everybody finds the first question on their page.",
    "move_on": "The next part is on everybody's page.",
    "announce": "The vote is over, and the week has begun.",
    "skip": "This week ends here. What was written stays, and the habit comes back later.",
}
"""What is said after a step, by the step."""


@dataclass(frozen=True, slots=True)
class LearnersWeek:
    """What one learner wrote in a week: what stands before an answer, and the answer."""

    person: PersonId
    name: str
    words: tuple[tuple[str, str], ...]


@router.get("/groups/{group}/weeks/{occurrence}")
async def show(request: Request, here: Read, occurrence: str, who: Facilitating, house: InHouse) -> Response:
    """Show a habit week as it stands."""

    def work(connection: Connection) -> tuple[Occurrence, list[LearnersWeek]]:
        found = occurrence_of(connection, here, KIND, occurrence)
        return found, list(_load_weeks(connection, here, found))

    found, learners = await house.database.read(work)
    await keep_view(house, who, here.id, [one.person for one in learners])
    week = read_week(found)
    return render(
        request,
        "habit_week.html",
        here=here,
        occurrence=found,
        week=week,
        offered=[name_of(habit) for habit in week.offered],
        habit=name_of(week.habit),
        gloss=pick(habits()[week.habit].gloss, "en") if week.habit else "",
        look_fors=_look_fors(here, week),
        learners=learners,
        is_open=found.status is OccurrenceStatus.OPEN,
        is_stopped=found.status is OccurrenceStatus.STOPPED,
        done=DONE.get(request.query_params.get("done", ""), ""),
    )


@router.post("/groups/{group}/weeks/{occurrence}")
async def steer(here: Read, occurrence: str, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Go on to the next part, or skip the habit; a week that is over stays as it is."""
    step = text_of(form, "step")
    found = await house.database.read(lambda connection: occurrence_of(connection, here, KIND, occurrence))
    if step not in STEPS:
        raise NotYours
    address = f"/groups/{here.id}/weeks/{found.id}"
    if found.status is not OccurrenceStatus.OPEN:
        return RedirectResponse(address, 303)
    event = OccurrenceSteered(id=event_id(form), at=house.now(), who=who.person, occurrence=found.id, step=step)
    await send(house, event)
    return RedirectResponse(f"{address}?done={step}", 303)


def name_of(habit: str) -> str:
    """Name a habit; nothing where none is chosen yet."""
    return pick(habits()[habit].name, "en") if habit else ""


def _look_fors(here: GroupHere, week: Week) -> list[str]:
    setting: Setting = "club" if here.setting == "club" else "staff" if here.setting == "staff" else "class"
    return [pick(text, "en") for text in habits()[week.habit].look_fors[setting]] if week.habit else []


def _load_weeks(connection: Connection, here: GroupHere, occurrence: Occurrence) -> Iterator[LearnersWeek]:
    """Read the weeks of all who wrote something, in the order of their names."""
    members = load_members(connection, here.id)
    names = {PersonId(m.id): str(m.name) for m in members if m.role == Role.LEARNER}
    for person in read_week(occurrence).plans.keys() - names.keys():
        names[person] = name_in_group(connection, here.id, person) or "somebody who left"
    runs = {(part, person): errand_run(occurrence.id, f"{part}:{person}", person) for part in PARTS for person in names}
    said = load_readable(connection, runs.values(), here.id)
    for person, name in sorted(names.items(), key=lambda named: named[1].casefold()):
        words = tuple(_words({part: said.get(runs[part, person], {}) for part in PARTS}))
        if words:
            yield LearnersWeek(person, name, words)


def _words(parts: Mapping[str, Mapping[str, Said]]) -> Iterator[tuple[str, str]]:
    for part, key, title in ASKED:
        found, beside = parts[part].get(key), BESIDE.get(key)
        if found is not None and (beside is None or beside in parts[part]):
            yield title, found.words
