"""The review inbox without a browser: what stands on it, and its buttons."""

import httpx

from bot.core.events import Outcome
from bot.core.people import GroupId, PersonId
from bot.core.review import AnswerCommented
from bot.core.runs import RunId, ThreadId
from bot.runner.review import thread_named
from bot.web.auth import form_token
from tests.stage import ADA
from tests.web.answering import WEEKLY, answer
from tests.web.house import BEN, CLASS, FormSeen, Stage, forms_on, send_fields

SOL = PersonId("sol")


async def say(stage: Stage, part: str, person: PersonId = BEN, group: GroupId = CLASS) -> RunId:
    """Let somebody fill in the weekly check-in with these words."""
    return await answer(stage, person, group, raw={**WEEKLY, "part": part})


async def page_of(stage: Stage, query: str = "", person: PersonId = ADA) -> str:
    """Read the review as somebody sees it."""
    page = await (await stage.signed_in(person)).get(f"/review{query}")
    assert page.status_code == 200, page.text
    return page.text


async def shown(stage: Stage, query: str = "", person: PersonId = ADA) -> list[str]:
    """List the runs that a page shows, in its order, by the words of one answer."""
    cards = (await page_of(stage, query, person)).split("<article")[1:]
    return [_part(card) for card in cards]


def _part(card: str) -> str:
    """Find what was said to the question that each run of these tests has its own words for."""
    said = [piece.partition("</dd>")[0] for piece in card.split('class="answer">')[1:]]
    return next(words for words in said if words not in ("about half", "Draw it"))


def form_with(page: httpx.Response, action: str, **fields: str) -> FormSeen:
    """Find the form that goes somewhere and holds these fields."""
    return next(
        form
        for form in forms_on(page)
        if form.action == action and all(form.fields.get(name) == [value] for name, value in fields.items())
    )


async def press(
    client: httpx.AsyncClient, page: httpx.Response, action: str, changes: dict[str, str] | None = None, **fields: str
) -> httpx.Response:
    """Send such a form, as a browser without JavaScript does, with its first button."""
    form = form_with(page, action, **fields)
    button = {name: value for name, value in form.buttons[:1] if name}
    return await send_fields(client, action, form.fields, {**button, **(changes or {})})


async def comment(
    stage: Stage, run: RunId, who: PersonId = ADA, text: str = "What did you draw?", quote: str = ""
) -> ThreadId:
    """Let somebody write about an answer; name the thread."""
    at = stage.hands()
    event = AnswerCommented(id=stage.name(), at=at, who=who, run=run, key="part", text=text, quote=quote)
    assert await stage.happen(event) is Outcome.ACCEPTED
    return thread_named(event)


async def shown_titles(stage: Stage, query: str = "") -> list[str]:
    """List what was asked in the runs that a page shows."""
    cards = (await page_of(stage, query)).split("<article")[1:]
    return [card.partition('<p class="muted">')[2].partition(" · ")[0] for card in cards]


async def ask(stage: Stage, who: PersonId, action: str, **fields: str) -> httpx.Response:
    """Post a form that is in order but for what it names."""
    client = await stage.signed_in(who)
    return await client.post(action, data={**fields, "csrf": form_token(stage.house, client.cookies["mull"])})
