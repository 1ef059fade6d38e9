"""The group at a glance in a real browser: by phone and desktop, by day and by night, with and without scripts."""

from functools import partial

import pytest
from playwright.async_api import expect

from bot.core.people import PersonId
from bot.storage.threads import load_waiting
from tests.browser.looking import look_over
from tests.browser.serving import Windows
from tests.stage import ADA
from tests.web.answering import WEEKLY, answer
from tests.web.classful import ALBA, BO, CHEN, SIX, all_say, six_learners
from tests.web.house import CLASS, Stage, enrol

PAGE = f"/groups/{CLASS}/overview"


async def a_class_with_a_term_behind_it(stage: Stage) -> None:
    await six_learners(stage)
    await enrol(stage, {PersonId("long"): "<b>Zoë</b> " + "Wolfeschlegelsteinhausen" * 3})
    for points in ("112213", "22133", "12", "332421", "343524"):
        await all_say(stage, points)
        stage.hands.move(weeks=1)
    for person, kept in zip(SIX, ("helped", "nothing_changed", "nothing_changed"), strict=False):
        await answer(stage, person, raw={**WEEKLY, "plan_kept": kept, "thinking": "5", "way": "draw"})
    await answer(stage, PersonId("long"), raw={**WEEKLY, "thinking": "4"})


@pytest.mark.parametrize("width", [390, 1280])
async def test_both_pages_are_for_everybody(windows: Windows, stage: Stage, width: int) -> None:
    page = await windows.open(ADA, width=width)
    await page.goto(PAGE)
    await expect(page.get_by_role("link", name="Overview")).to_have_attribute("aria-current", "page")
    await look_over(page)
    await a_class_with_a_term_behind_it(stage)
    page = await windows.open(ADA, width=width)
    await page.goto(PAGE)
    await expect(page.get_by_role("img")).to_have_count(1)
    await look_over(page)
    await page.get_by_text("See it as a table").click()
    await expect(page.get_by_role("cell", name="too few to show").first).to_be_visible()
    await look_over(page)
    await page.get_by_role("link", name="Write to them").first.click()
    await look_over(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_group_is_pulled(windows: Windows, stage: Stage, scripts: bool) -> None:
    await a_class_with_a_term_behind_it(stage)
    page = await windows.open(ADA, width=1280, scripts=scripts)
    await page.goto(f"/groups/{CLASS}")
    await page.get_by_role("link", name="Overview").click()
    await page.get_by_role("link", name="Write to them about What happened to my plan").click()
    await page.get_by_role("button", name="Send to those ticked").click()
    await expect(page.get_by_role("alert")).to_have_text("Please write a few words first.")
    await page.get_by_role("checkbox", name="Bo “I did it").uncheck()
    await page.get_by_label("A few words to each of them").fill("Shall we meet on Tuesday?")
    await page.get_by_role("button", name="Send to those ticked").click()
    await expect(page.get_by_role("status").first).to_contain_text("to each alone.")
    [thread] = await stage.database.read(lambda c: load_waiting(c, CHEN))
    assert [one.text for one in thread.said] == ["Shall we meet on Tuesday?"]
    for other in (ALBA, BO):
        assert await stage.database.read(partial(load_waiting, person=other)) == []


async def test_the_numbers_are_on_paper_too(windows: Windows, stage: Stage) -> None:
    await a_class_with_a_term_behind_it(stage)
    page = await windows.open(ADA, width=1280)
    await page.goto(PAGE)
    await page.emulate_media(media="print")
    await expect(page.get_by_text("See it as a table")).to_be_hidden()
    assert await page.locator(".numbers table").evaluate("table => table.getBoundingClientRect().height") > 100
