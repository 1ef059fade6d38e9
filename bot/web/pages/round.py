"""A feedback round, for those who read the group's answers: what needs them, and every piece with its comments."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.errors import NotYours
from bot.core.events import OccurrenceSteered, Outcome
from bot.core.occurrences import Occurrence, OccurrenceId, OccurrenceStatus
from bot.core.people import Action, PersonId, Role
from bot.flows.flow import pick
from bot.flows.habit_of_week.habits import habits
from bot.flows.peer_exchange.program import STEPS
from bot.flows.peer_exchange.round import read_round
from bot.flows.phrases import phrases_in
from bot.flows.program import REMIND
from bot.storage.connection import Connection
from bot.storage.groups import load_members
from bot.storage.occurrences import load_occurrences
from bot.web.auth import Facilitating, InHouse, Posted, event_id, text_of
from bot.web.group_access import GroupHere, Read
from bot.web.house import House
from bot.web.rendering import render
from bot.web.round_view import RoundSeen, load_round
from bot.web.sending import send
from bot.web.views_kept import keep_view
from bot.web.wording import field, tidy

router = APIRouter()

KIND = "peer_exchange"
DONE = {
    "begun": "The round is open. Everybody finds the first question on their page.",
    "release": "It goes to its author, though not at night; where names are hidden, on a quarter of an hour.",
    "return": "Its writer is asked for other words, and sees their own again.",
    "keep_back": "It stays with its writer. Its author does not see it.",
    "pair_now": "Whoever could be paired has somebody's work to look at now.",
    "close": "The round has ended. Authors who got a comment look back now.",
    "remind": "Their question is with them once more, and says that you asked.",
    "remind_later": "It is late where they are, so their question comes to them at seven in the morning.",
    "remind_not": "Nobody was reminded just now: that was done today already, or nothing is open for them.",
}
"""What is said after a step, by the step."""


@router.get("/groups/{group}/rounds/{occurrence}")
async def show(request: Request, here: Read, occurrence: str, who: Facilitating, house: InHouse) -> Response:
    """Show a round as it stands."""
    now = house.now()

    def work(connection: Connection) -> tuple[Occurrence, RoundSeen]:
        found = occurrence_of(connection, here, KIND, occurrence)
        return found, load_round(connection, found, _learners(connection, here), now, here.zone)

    found, seen = await house.database.read(work)
    await keep_view(house, who, here.id, seen.writers)
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
        reminder=phrases_in("en").brought_back.format(by=who.name),
        done=DONE.get(request.query_params.get("done", ""), ""),
    )


@router.post("/groups/{group}/rounds/{occurrence}")
async def steer(here: Read, occurrence: str, who: Facilitating, house: InHouse, form: Posted) -> Response:
    """Let a facilitator decide about a comment, or about the round, or remind people of it."""
    step, about = text_of(form, "step"), field(form, "about")

    def work(connection: Connection) -> Occurrence:
        if step == REMIND and not set(about.split()) <= _learners(connection, here).keys():
            raise NotYours
        return occurrence_of(connection, here, KIND, occurrence)

    found = await house.database.read(work)
    if STEPS.get(step) is not Action.READ_ANSWERS:
        raise NotYours
    event = OccurrenceSteered(
        id=event_id(form), at=house.now(), who=who.person, occurrence=found.id, step=step, about=about
    )
    outcome = await send(house, event)
    done = await _reminded(house, event, is_new=outcome is Outcome.ACCEPTED) if step == REMIND else step
    return RedirectResponse(f"/groups/{here.id}/rounds/{found.id}?done={done}", 303)


async def _reminded(house: House, event: OccurrenceSteered, *, is_new: bool) -> str:
    """Name what became of the wish to remind people; a form sent twice did what it did the first time."""
    found = await house.database.read(lambda connection: load_occurrences(connection, [event.occurrence]))
    nudges = read_round(found[event.occurrence]).nudges.values()
    mine = [one for one in nudges if one.person in event.about.split() and (one.at == event.at or not is_new)]
    if not mine:
        return "remind_not"
    return "remind" if any(one.is_done for one in mine) else "remind_later"


def _learners(connection: Connection, here: GroupHere) -> dict[PersonId, str]:
    """Read who learns in a group, by name."""
    members = load_members(connection, here.id)
    return {PersonId(member.id): str(member.name) for member in members if member.role == Role.LEARNER}


def occurrence_of(connection: Connection, here: GroupHere, kind: str, name: str) -> Occurrence:
    """Find an occurrence of one program in the group of a page.

    Raises NotYours where there is none: another group's is nobody's here.
    """
    found = load_occurrences(connection, [OccurrenceId(tidy(name))])
    one = next(iter(found.values()), None)
    if one is None or one.group != here.id or one.kind != kind:
        raise NotYours
    return one
