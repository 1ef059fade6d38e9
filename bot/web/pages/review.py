"""The review inbox: what nobody has read yet, and writing back about it; without JavaScript, plain forms."""

import re
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.core.errors import NotYours
from bot.core.events import EventId
from bot.core.people import Action, GroupId, authorize
from bot.core.review import AnswerCommented, AnswersRead, AnswersStarred, ThreadContinued, ThreadResolved
from bot.core.runs import RunId, ThreadId
from bot.runner.review import LONGEST
from bot.storage.readings import groups_of_runs
from bot.storage.threads import find_answer
from bot.web.auth import Facilitating, InHouse, Posted, Visitor, event_id, text_of, texts_of
from bot.web.group_access import groups_of
from bot.web.house import House
from bot.web.rendering import render
from bot.web.review_view import ATTRIBUTES, PROGRAMS, SHOWS, Review, Wanted, habit_names, load_review, moment_in, wanted
from bot.web.sending import send
from bot.web.thread_view import way_back
from bot.web.views_kept import keep_views
from bot.web.weeks import recent_weeks
from bot.web.wording import field, tidy

router = APIRouter()

MOST_RUNS = 100
"""Runs that one form may name: more than a page shows."""

SENTENCE = re.compile(r"[^.!?…\n]*[^.!?…\s][^.!?…\n]*(?:[.!?…]+[\"”’')\]]*|(?=\n|$))")


async def reader(who: Facilitating) -> Visitor:
    """Let only those in who read the answers of some group."""
    if not who.actor.groups(Action.READ_ANSWERS):
        raise NotYours
    return who


Reading: TypeAlias = Annotated[Visitor, Depends(reader)]


@router.get("/review")
async def show(request: Request, who: Reading, house: InHouse) -> Response:
    """Show what is to be read, cut as the address says."""
    query = {name: tidy(value) for name, value in request.query_params.items()}
    groups = [here for here in await groups_of(house, who) if here.may_read]
    want = wanted(query, groups, house.now())
    if not want.groups:
        raise NotYours
    review = await house.database.read(lambda connection: load_review(connection, house, who.person, want))
    if want.run is not None and not review.cards:
        raise NotYours
    await keep_views(house, who, [card.run for card in review.cards])
    settings = {here.setting for here in groups}
    flows = [one for one in review.flows.values() if any(one.is_read_in(setting) for setting in settings)]
    zone = next(iter(want.groups.values())).zone
    return render(
        request,
        "review.html",
        review=review,
        want=want,
        groups={here.id: here for here in groups},
        shows=SHOWS,
        menus=_menus(
            want, [(here.id, here.name) for here in groups], [(one.id, one.title) for one in flows], house, zone
        ),
        sentences=sentences,
        next_group=_next_group(want, review),
    )


@router.post("/review/comment")
async def comment(who: Reading, house: InHouse, form: Posted) -> Response:
    """Write about an answer, or about words of it; words that are there no more are about the whole of it."""
    run, key, text = RunId(field(form, "run")), field(form, "key"), _words(text_of(form, "text"))
    quote = _words(text_of(form, "quote"))
    answer = await house.database.read(lambda connection: find_answer(connection, run, key))
    if answer is None or not authorize(who.actor, Action.READ_ANSWERS, [answer.group]):
        raise NotYours
    event = AnswerCommented(
        id=event_id(form),
        at=house.now(),
        who=who.person,
        run=run,
        key=key,
        text=text,
        quote=quote if quote in answer.said else "",
    )
    if text:
        await send(house, event)
    return _back(form)


@router.post("/review/reply")
async def reply(who: Reading, house: InHouse, form: Posted) -> Response:
    """Write back in a thread."""
    thread, text = ThreadId(field(form, "thread")), _words(text_of(form, "text"))
    if text:
        event = ThreadContinued(id=event_id(form), at=house.now(), who=who.person, thread=thread, text=text)
        await send(house, event)
    return _back(form)


@router.post("/review/settle")
async def settle(request: Request, who: Reading, house: InHouse, form: Posted) -> Response:
    """Be done with a thread, or open it again."""
    thread, is_resolved = ThreadId(field(form, "thread")), field(form, "is_resolved") != "no"
    event = ThreadResolved(id=event_id(form), at=house.now(), who=who.person, thread=thread, is_resolved=is_resolved)
    await send(house, event)
    return _done(request, form)


@router.post("/review/read")
async def read(request: Request, who: Reading, house: InHouse, form: Posted) -> Response:
    """Be done with reading some runs, or keep them as new."""
    runs = tuple(RunId(tidy(run)) for run in texts_of(form, "run")[:MOST_RUNS])
    groups = await _groups_of(house, who, runs)
    for group in sorted(set(groups.values())):
        event = AnswersRead(
            id=EventId(f"{event_id(form)}.{group}"),
            at=house.now(),
            who=who.person,
            group=group,
            runs=tuple(run for run in runs if groups[run] == group),
            is_read=field(form, "is_read") != "no",
            seen_at=moment_in(field(form, "seen")),
        )
        await send(house, event)
    return _done(request, form)


@router.post("/review/star")
async def star(request: Request, who: Reading, house: InHouse, form: Posted) -> Response:
    """Put a star on a run to come back to it, or take it off."""
    run = RunId(field(form, "run"))
    group = (await _groups_of(house, who, (run,)))[run]
    is_starred = field(form, "is_starred") != "no"
    event = AnswersStarred(
        id=event_id(form), at=house.now(), who=who.person, group=group, run=run, is_starred=is_starred
    )
    await send(house, event)
    return _done(request, form)


def sentences(said: str) -> list[str]:
    """List the sentences of an answer, each exactly as it stands there; none where there is only one."""
    found = list(dict.fromkeys(one[0].strip() for one in SENTENCE.finditer(said)))
    return found if len(found) > 1 else []


async def _groups_of(house: House, who: Visitor, runs: tuple[RunId, ...]) -> dict[RunId, GroupId]:
    """Find the groups of runs; raises NotYours where one of them is not this visitor's to read."""
    found = await house.database.read(lambda connection: groups_of_runs(connection, runs))
    if not runs or found.keys() != set(runs) or not set(found.values()) <= set(who.actor.groups(Action.READ_ANSWERS)):
        raise NotYours
    return found


def _words(text: str) -> str:
    """Read what was written, with lines as we keep them."""
    written = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if len(written) > LONGEST:
        raise HTTPException(413)
    return written


def _done(request: Request, form: Posted) -> Response:
    """Lead back to the page; a script that keeps it open wants to know only that it is done."""
    return Response(status_code=204) if request.headers.get("accept") == "application/json" else _back(form)


def _back(form: Posted) -> Response:
    return RedirectResponse(way_back(text_of(form, "back")), 303)


def _menus(
    want: Wanted, groups: list[tuple[GroupId, str]], flows: list[tuple[str, str]], house: House, zone: str
) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """List the menus that cut the list: name, label, what leaves all in, what to choose from."""
    weeks = recent_weeks(house.now(), zone)
    weeks = [want.week, *weeks] if want.week and want.week not in weeks else weeks
    return [
        *(
            [("group", "Group", "all my groups", [(str(name), title) for name, title in groups])]
            if len(groups) > 1
            else []
        ),
        ("program", "Program", "any", list(PROGRAMS.items())),
        ("flow", "Asked", "everything", flows),
        ("week", "Week", "any", [(week.name, week.title) for week in weeks]),
        ("habit", "Habit", "any", list(habit_names().items())),
        ("attribute", "Attribute", "any", list(ATTRIBUTES.items())),
    ]


def _next_group(want: Wanted, review: Review) -> GroupId | None:
    """Name the group that what comes next is about: the newest shown, or the only one."""
    shown = (card.run.group for card in review.cards)
    return next(shown, next(iter(want.groups), None))
