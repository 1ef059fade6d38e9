"""A feedback round, for those who read the group's answers: what needs them, and every piece with its comments."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.errors import NotYours
from bot.core.events import OccurrenceSteered
from bot.core.occurrences import Occurrence, OccurrenceId, OccurrenceStatus
from bot.core.people import Action, PersonId, Role
from bot.flows.flow import pick
from bot.flows.habit_of_week.habits import habits
from bot.flows.peer_exchange.program import STEPS
from bot.storage.connection import Connection
from bot.storage.groups import load_members
from bot.storage.occurrences import load_occurrences
from bot.web.auth import Facilitating, InHouse, Posted, event_id, text_of
from bot.web.group_access import GroupHere, Read
from bot.web.rendering import render
from bot.web.round_view import RoundSeen, load_round
from bot.web.sending import send
from bot.web.wording import field, tidy

router = APIRouter()

KIND = "peer_exchange"
DONE = {
    "begun": "The round is open. Everybody finds the first question on their page.",
    "release": "It goes to its author. Where names are hidden, on the next quarter of an hour.",
    "return": "Its writer is asked for other words, and sees their own again.",
    "keep_back": "It stays with its writer. Its author does not see it.",
    "pair_now": "Whoever could be paired has somebody's work to look at now.",
    "close": "The round has ended. Authors who got a comment look back now.",
}
"""What is said after a step, by the step."""


@router.get("/groups/{group}/rounds/{occurrence}")
async def show(request: Request, here: Read, occurrence: str, house: InHouse) -> Response:
    """Show a round as it stands."""
    now = house.now()

    def work(connection: Connection) -> tuple[Occurrence, RoundSeen]:
        found = occurrence_of(connection, here, KIND, occurrence)
        members = load_members(connection, here.id)
        learners = {PersonId(m.id): str(m.name) for m in members if m.role == Role.LEARNER}
        return found, load_round(connection, found, learners, now)

    found, seen = await house.database.read(work)
    habit = habits().get(seen.held.habit)
    return render(
        request,
        "round.html",
        here=here,
        occurrence=found,
        seen=seen,
        habit=pick(habit.name, "en") if habit else "",
        is_open=found.status is OccurrenceStatus.OPEN,
        may_pair=found.status is OccurrenceStatus.OPEN and now < seen.held.review_until,
        done=DONE.get(request.query_params.get("done", ""), ""),
    )


@router.post("/groups/{group}/rounds/{occurrence}")
async def steer(here: Read, occurrence: str, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Let a facilitator decide about a comment, or about the round."""
    step = text_of(form, "step")
    found = await house.database.read(lambda connection: occurrence_of(connection, here, KIND, occurrence))
    if STEPS.get(step) is not Action.READ_ANSWERS:
        raise NotYours
    event = OccurrenceSteered(
        id=event_id(form), at=house.now(), who=who.person, occurrence=found.id, step=step, about=field(form, "about")
    )
    await send(house, event)
    return RedirectResponse(f"/groups/{here.id}/rounds/{found.id}?done={step}", 303)


def occurrence_of(connection: Connection, here: GroupHere, kind: str, name: str) -> Occurrence:
    """Find an occurrence of one program in the group of a page.

    Raises NotYours where there is none: another group's is nobody's here.
    """
    found = load_occurrences(connection, [OccurrenceId(tidy(name))])
    one = next(iter(found.values()), None)
    if one is None or one.group != here.id or one.kind != kind:
        raise NotYours
    return one
