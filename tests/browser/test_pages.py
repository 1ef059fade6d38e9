"""Each page of a learner: nothing for axe to find, nothing blocked, nothing wider than a small phone."""

from collections.abc import Awaitable, Callable
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from bot.core.events import MemberRemoved
from bot.core.review import ThreadResolved
from bot.core.runs import Mode
from bot.storage.audit import Deed
from bot.storage.groups import change_group
from tests.browser.serving import Windows
from tests.stage import CY
from tests.web.answering import answer as give
from tests.web.house import BEN, CLASS, DEE, ELSEWHERE, Stage, submit
from tests.web.talk import all_runs, begin, publish_everything, say
from tests.web.test_threads import comment, deed


async def at(address: str, stage: Stage) -> str:
    """Name a fixed address."""
    return address


async def first(stage: Stage) -> str:
    """Leave Ben at a scale."""
    await begin(stage, await stage.signed_in(BEN))
    return "/me"


async def written(stage: Stage) -> str:
    """Leave Ben at a text, with something said before and a slip."""
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), chosen="3")
    await say(client, page, text=" ")
    return "/me"


async def many(stage: Stage) -> str:
    """Leave Ben at a question with boxes to tick."""
    await publish_everything(stage)
    await begin(stage, await stage.signed_in(BEN), "everything")
    return "/me"


async def date(stage: Stage) -> str:
    """Leave Ben at a date."""
    await many(stage)
    client = await stage.signed_in(BEN)
    await say(client, await client.get("/me"), control="skip")
    return "/me"


async def put_off(stage: Stage) -> str:
    """Leave Ben with a question put off."""
    client = await stage.signed_in(BEN)
    await say(client, await begin(stage, client), control="tomorrow")
    return "/me"


async def form(stage: Stage) -> str:
    """Leave Ben at a form with every kind of question and a slip."""
    await publish_everything(stage)
    client = await stage.signed_in(BEN)
    page = await begin(stage, client, "everything", Mode.FORM)
    page = await submit(client, page, page.url.path, **{"q:one": "own", "q:day": "soon"})
    return page.url.path


async def answers(stage: Stage) -> str:
    """Leave Ben with answers, one of them without a space for 300 letters."""
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), chosen="3")
    await say(client, page, text="w" * 300)
    return "/me/answers"


async def answer(stage: Stage) -> str:
    """Leave Ben at an answer that he changed before."""
    await answers(stage)
    client = await stage.signed_in(BEN)
    address = f"/me/answers/{(await all_runs(stage))[0].id}/part"
    await submit(client, await client.get(address), address, **{"q:part": "Shorter"})
    return address


async def commented(stage: Stage) -> str:
    """Leave Ben with two comments on an answer, one of them settled, one without a space for 300 letters."""
    run = await give(stage)
    settled = await comment(stage, run, "Which scale?", quote="scale")
    at = stage.hands()
    await stage.happen(ThreadResolved(id=stage.name(), at=at, who=BEN, thread=settled))
    await comment(stage, run, "w" * 300)
    return "/me/answers"


async def letter(stage: Stage) -> str:
    """Leave Ben at a question, with something written to him above it."""
    await commented(stage)
    await begin(stage, await stage.signed_in(BEN))
    return "/me"


async def thread(stage: Stage) -> str:
    """Leave Ben at what was written to him."""
    return f"/me/threads/{await comment(stage, await give(stage))}"


async def readers(stage: Stage) -> str:
    """Leave Ben with two who have read his answers."""
    await deed(stage, Deed.READ)
    await deed(stage, Deed.EXPORTED, DEE)
    return "/me/readers"


async def quiet(stage: Stage) -> str:
    """Leave Ben in a quiet time, with a day and an hour of his own."""
    client = await stage.signed_in(BEN)
    for step in ({"step": "quiet", "until": "2026-03-20"}, {"step": "time", "day": "2", "at": "16:30"}):
        await submit(client, await client.get("/me/times"), "/me/times", **step)
    return "/me/times"


async def lines(stage: Stage) -> str:
    """Leave Ben with the school's own crisis lines."""
    told = {"crisis_lines": "School counsellor: 030 555 123\nHelpline: https://help.example/" + "w" * 200}
    await stage.database.write(lambda connection: change_group(connection, CLASS, told))
    return "/adult?asked=class-6b"


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SCENES: dict[str, Callable[[Stage], Awaitable[str]]] = {
    "begin": lambda stage: at("/me", stage),
    "scale": first,
    "text": written,
    "many": many,
    "date": date,
    "put off": put_off,
    "form": form,
    "answers": answers,
    "answer": answer,
    "commented": commented,
    "letter": letter,
    "thread": thread,
    "readers": readers,
    "nobody read": lambda stage: at("/me/readers", stage),
    "crisis lines": lines,
    "times": lambda stage: at("/me/times", stage),
    "quiet": quiet,
    "help": lambda stage: at("/help", stage),
    "adult": lambda stage: at("/adult", stage),
    "adult asked": lambda stage: at("/adult?asked=class-6b", stage),
    "nothing here": lambda stage: at("/nowhere", stage),
}


async def inspect(page: Page, address: str) -> None:
    """Open a page and look at it closely, by day and by night."""
    await page.goto(address)
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    small = await page.evaluate(
        "[...document.querySelectorAll('button, main .options a, summary, input:not([type=hidden])')]"
        ".filter(e => (e.closest('label') ?? e).getBoundingClientRect().height < 43.9).map(e => e.outerHTML)"
    )
    assert small == []


@pytest.mark.parametrize("scene", SCENES)
async def test_a_page_of_ones_own(windows: Windows, stage: Stage, scene: str) -> None:
    address = await SCENES[scene](stage)
    await inspect(await windows.open(BEN, width=360), address)


@pytest.mark.parametrize("address", ["/", "/sign-in/nothing"])
async def test_a_page_for_anybody(windows: Windows, stage: Stage, address: str) -> None:
    await inspect(await windows.open(width=360), address)


async def test_a_page_without_a_group(windows: Windows, stage: Stage) -> None:
    await stage.happen(MemberRemoved(id=stage.name(), at=stage.hands(), who=DEE, group=ELSEWHERE, person=CY))
    await inspect(await windows.open(CY, width=360), "/me")
