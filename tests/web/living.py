"""A class in the house that lives through programs: Ada leads it, Ola observes, Ben and others learn."""

import httpx

from bot.core.events import Control
from bot.core.occurrences import OccurrenceId
from bot.core.people import PersonId, Role
from bot.flows.peer_exchange.round import Review, ReviewStatus, Round, read_round
from bot.storage.connection import Connection
from bot.storage.groups import add_group, add_members, change_group
from bot.storage.people import add_people
from tests.programs.group import BEN, CLASS, CLEO, DANA, Group
from tests.stage import ADA, CY, OLA, a_group
from tests.web.answering import WEEKLY, answer, edit
from tests.web.house import DEE, Stage

ADDRESS = f"/groups/{CLASS}"
THREE = (BEN, CLEO, DANA)
FIXED = {"peer-share:kind": "clear", "peer-received:use": "will_use", "habit-look-back:plan_kept": "helped"}
MOST_QUESTIONS = 60
SCRIPT = "<script>alert('x')</script> & <!channel>"


async def open_class(stage: Stage, people: tuple[PersonId, ...] = THREE) -> Group:
    """Open the class; Ben is in another class of Ada's already."""
    group, at = Group(stage.database, people, hands=stage.hands), stage.hands.at

    def work(connection: Connection) -> None:
        add_people(connection, [(OLA, "Ola"), *((p, p.capitalize()) for p in people if p != BEN)], at)
        add_group(connection, a_group(CLASS, name="Class 7b"))
        change_group(connection, CLASS, {"task": "the bridge models", "reply_day": "Friday"})
        add_members(connection, CLASS, [ADA], Role.FACILITATOR, at)
        add_members(connection, CLASS, [OLA], Role.OBSERVER, at)
        for person in people:
            stage.hands.move(seconds=1)
            add_members(connection, CLASS, [person], Role.LEARNER, stage.hands.at)

    await stage.database.write(work)
    return group


async def ask_everybody(stage: Stage, address: str) -> dict[PersonId, httpx.Response]:
    """Ask for a page as everybody who may not see it: the observer, a learner of the class, Cy and Cy's teacher."""
    return {person: await (await stage.signed_in(person)).get(address) for person in (OLA, BEN, CY, DEE)}


async def cruel_round(group: Group, **choices: str) -> tuple[OccurrenceId, int]:
    """Live through a round until Ben wrote something that waits for Ada; answer it, and the comment's number."""
    name = await group.begin("peer_exchange", **{"practice": "no", **choices})
    await group.work_through(*THREE, until="peer-review")
    await group.say(BEN, "In line 2 this is stupid", "I hate it", "Throw it away in line 2")
    held = await the_round(group, name)
    return name, next(n for n, review in enumerate(held.reviews) if review.status is ReviewStatus.HELD)


async def the_round(group: Group, name: OccurrenceId) -> Round:
    """Read a round as it stands."""
    return read_round(await group.occurrence(name))


async def review(group: Group, name: OccurrenceId, number: int) -> Review:
    """Read one review as it stands."""
    return (await the_round(group, name)).reviews[number]


async def write_through(group: Group, person: PersonId) -> None:
    """Answer whatever is asked, in words that say whose they are."""
    for _ in range(MOST_QUESTIONS):
        if not (asked := await group.asked(person)):
            return
        await group.say(person, FIXED.get(asked, f"In line 2 when the paper tore I counted it twice, mark-{person}"))
        if await group.asked(person) == asked:
            await group.control(person, Control.SKIP)


async def a_term(stage: Stage) -> Group:
    """Let a class answer by itself, look at each other's work with a comment held, and try a habit for a week."""
    group = await open_class(stage)
    for person in THREE:
        run = await answer(stage, person, CLASS, raw={**WEEKLY, "part": f"mark-{person}"})
        await edit(stage, run, "next", f"I draw it, mark-{person}", person)
    await group.begin("peer_exchange", practice="no", hold="all")
    for _ in range(3):
        for person in THREE:
            await write_through(group, person)
        await group.move(hours=1)
    await group.begin("habit_of_week", habit="persisting")
    for _ in range(3):
        for person in THREE:
            await write_through(group, person)
        await group.move(days=2)
    return group
