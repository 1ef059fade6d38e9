"""The pages of programs in a real browser: by phone, by desktop, by keyboard, with and without scripts."""

import re

import pytest
from playwright.async_api import expect

from bot.core.events import Control
from bot.flows.peer_exchange.round import ReviewStatus
from tests.browser.looking import look_over
from tests.browser.serving import Windows
from tests.programs.group import BEN, CLEO, Group
from tests.stage import ADA
from tests.web.house import Stage
from tests.web.living import ADDRESS, SCRIPT, THREE, cruel_round, open_class, review

WIDTHS = pytest.mark.parametrize("width", [360, 1280])


async def a_group_in_full_swing(stage: Stage) -> tuple[Group, dict[str, str]]:
    """Leave the class with a week behind it, a vote, and a round in which a comment waits; name the pages."""
    group = await open_class(stage)
    week = await group.begin("habit_of_week")
    await group.work_through(*THREE)
    await group.move(days=2)
    await group.work_through(*THREE)
    await group.move(days=2)
    await group.work_through(BEN, CLEO)
    await group.move(days=3)
    for person in THREE:
        if await group.asked(person):
            await group.control(person, Control.STOP)
    await group.keep_apart(BEN, CLEO)
    voted = await group.begin("habit_of_week", order="voted")
    for person in THREE:
        await group.control(person, Control.STOP)
    await group.begin("check_in", flow="plan-work")
    for person in THREE:
        await group.control(person, Control.STOP)
    name = await group.begin("peer_exchange", practice="no")
    await group.work_through(*THREE, until="peer-review")
    await group.say(BEN, f"In line 2 {SCRIPT} stupid", "I hate it" + "h" * 300, "Throw it away in line 2")
    pages = {"programs": "programs", "round": f"rounds/{name}", "week": f"weeks/{week}", "vote": f"weeks/{voted}"}
    return group, {title: f"{ADDRESS}/{address}" for title, address in pages.items()}


@WIDTHS
async def test_all_pages_are_for_everybody(windows: Windows, stage: Stage, width: int) -> None:
    _, pages = await a_group_in_full_swing(stage)
    page = await windows.open(ADA, width=width)
    for address in pages.values():
        await page.goto(address)
        await look_over(page)
    await page.goto(pages["programs"])
    await page.get_by_text("Change how it runs").click()
    await page.get_by_label("One of the sixteen:").check()
    await look_over(page)
    await page.goto(pages["round"])
    await page.get_by_text("End the round").click()
    await look_over(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_habit_week_from_the_menu_to_its_end(windows: Windows, stage: Stage, scripts: bool) -> None:
    await open_class(stage)
    page = await windows.open(ADA, width=1280, scripts=scripts)
    await page.goto(ADDRESS)
    await page.get_by_role("link", name="Programs", exact=True).click()
    await expect(page.locator("#habit")).to_be_hidden()
    await page.get_by_label("One of the sixteen:").check()
    await page.get_by_role("button", name="Begin a habit week").click()
    await expect(page.get_by_role("alert")).to_have_text("Which of the sixteen? Please choose one.")
    await page.locator("#habit").select_option(label="Managing impulsivity")
    await page.get_by_role("button", name="Begin a habit week").click()
    await expect(page.get_by_role("status").first).to_contain_text("The week has begun.")
    await page.get_by_role("button", name="Go on to the next part").click()
    await expect(page.get_by_text("Midweek: everybody sees")).to_be_visible()
    await page.get_by_text("Skip this habit").click()
    await page.get_by_role("button", name="Yes, skip it").click()
    await expect(page.get_by_text("This habit was skipped.")).to_be_visible()
    await page.get_by_role("button", name="Same habit again").click()
    await expect(page).to_have_url(re.compile("/weeks/"))
    await expect(page.get_by_role("status").first).to_contain_text("The week has begun.")


async def test_a_round_by_keyboard(windows: Windows, stage: Stage) -> None:
    group = await open_class(stage)
    name, number = await cruel_round(group)
    page = await windows.open(ADA, width=1280)
    await page.goto(f"{ADDRESS}/rounds/{name}")
    await page.locator("#main").focus()
    for _ in range(7):
        await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Settings")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Let it go to its author")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("It stays with its writer.")).to_be_visible()
    assert (await review(group, name, number)).status is ReviewStatus.KEPT_BACK
    await page.get_by_text("End the round").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Yes, end it now")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("It has ended.")).to_be_visible()


async def test_what_cannot_begin_keeps_its_choices_open(windows: Windows, stage: Stage) -> None:
    await open_class(stage, (BEN,))
    page = await windows.open(ADA)
    await page.goto(f"{ADDRESS}/programs")
    await page.get_by_text("Change how it runs").click()
    await page.get_by_label("Hidden:").check()
    await page.get_by_role("button", name="Open a feedback round").click()
    await expect(page.get_by_role("alert")).to_contain_text("A round takes two people or more.")
    await expect(page.get_by_label("Hidden:")).to_be_checked()
    await expect(page.get_by_label("Days to share")).to_be_visible()
    await look_over(page)
