"""A facilitator's first week, in a real browser."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.core.people import GroupId, PersonId, Role
from bot.storage.groups import load_members
from bot.storage.sessions import make_link
from tests.browser.looking import look_over
from tests.browser.serving import open_browser, served_stage
from tests.stage import ADA
from tests.web.answering import WEEKLY, answer, edit
from tests.web.house import Stage

NAMES = [f"Learner {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWX"] + ["Zoë <b>Zimmer</b>"]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Serve a house."""
    async with served_stage(tmp_path) as served:
        yield served


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Page]:
    """Open a page on a small screen, as wide as a phone."""
    async with open_browser() as browser:
        context = await browser.new_context(base_url=stage.house.base_url, viewport={"width": 390, "height": 844})
        yield await context.new_page()


async def members(stage: Stage, group: GroupId) -> dict[str, PersonId]:
    """Find the learners of a group by their names."""
    found = await stage.database.read(lambda c: load_members(c, group))
    return {member.name: PersonId(member.id) for member in found if member.role == Role.LEARNER}


async def test_from_the_sign_in_link_to_reading_the_weeks_answers(stage: Stage, page: Page) -> None:
    expires_at = stage.hands() + timedelta(days=7)
    token = await stage.database.write(lambda c: make_link(c, ADA, expires_at))
    await page.goto(f"/sign-in/{token}")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Groups")).to_be_visible()
    await look_over(page)

    await page.get_by_text("Or begin with an empty group").click()
    await page.get_by_label("Name").fill("Robotics club")
    await page.get_by_label("A club").check()
    await page.get_by_role("button", name="Make the group").click()
    await expect(page.get_by_role("heading", name="Robotics club")).to_be_visible()
    group = GroupId(page.url.split("/")[-2])

    await page.get_by_label("One a line").fill("\n".join([*NAMES, "learner a"]))
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text("There is already one")).to_be_visible()
    await look_over(page)
    await page.get_by_label("One a line").fill("\n".join(NAMES))
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text("25 names added.")).to_be_visible()
    await look_over(page)

    await page.get_by_role("link", name="Print the cards").click()
    await expect(page.locator(".paper-card")).to_have_count(25)
    await look_over(page)
    assert await pages_printed(page) == 3

    people = await members(stage, group)
    run = await answer(stage, people["Learner A"], group, raw={**WEEKLY, "part": "The first week's gears"})
    stage.hands.move(weeks=1)
    await edit(stage, run, "part", "The first week's wheels", people["Learner A"])
    hostile = "<img src=x onerror=\"document.title='taken over'\">"
    await answer(stage, people["Zoë <b>Zimmer</b>"], group, raw={**WEEKLY, "part": hostile})
    await page.context.add_cookies([{"name": "mull", "value": await stage.session(ADA), "url": stage.house.base_url}])

    await page.get_by_role("link", name="Answers", exact=True).click()
    await expect(page.get_by_role("article")).to_have_count(2)
    await expect(page.get_by_text(hostile)).to_be_visible()
    await expect(page).to_have_title("Robotics club · Mull")
    await look_over(page)

    await page.get_by_label("Week").select_option("2026-W10")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("article")).to_have_count(1)
    await expect(page.get_by_text("The first week's wheels")).to_be_visible()

    await page.get_by_role("link", name="Learner A", exact=True).click()
    await expect(page.get_by_text("The first week's gears")).to_be_hidden()
    await page.get_by_text("Read what it said before").click()
    await expect(page.get_by_text("The first week's gears")).to_be_visible()
    await look_over(page)

    await page.get_by_role("link", name="all answers of Robotics club").click()
    await page.get_by_role("button", name="Ask now").click()
    await expect(page.get_by_text("Sent to 25 people.")).to_be_visible()


async def test_the_quieter_pages_are_in_order_too(stage: Stage, page: Page) -> None:
    await page.context.add_cookies([{"name": "mull", "value": await stage.session(ADA), "url": stage.house.base_url}])
    for address in ("settings", "people/ben/remove", "people/ada/remove", "cards?person=ben", "people/ben", ""):
        await page.goto(f"/groups/class-6b/{address}".rstrip("/"))
        await look_over(page)
    await page.goto("/groups/class-6b/roster")
    await page.get_by_label("Add an adult").fill("Mr Sol")
    await page.get_by_role("button", name="Make a sign-in link").click()
    await expect(page.get_by_label("Sign-in link")).to_have_value(re.compile(f"^{stage.house.base_url}/sign-in/"))
    await look_over(page)


async def test_the_way_around_fits_in_one_row_of_a_phone(stage: Stage, page: Page) -> None:
    await page.context.add_cookies([{"name": "mull", "value": await stage.session(ADA), "url": stage.house.base_url}])
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.goto("/groups")
    assert await page.locator(".top").evaluate("top => top.getBoundingClientRect().height") < 60


async def test_everything_can_be_done_with_the_keyboard(stage: Stage, page: Page) -> None:
    await page.context.add_cookies([{"name": "mull", "value": await stage.session(ADA), "url": stage.house.base_url}])
    await page.goto("/groups/class-6b/roster")
    await page.get_by_label("One a line").focus()
    await page.keyboard.type("Mia")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("1 name added.")).to_be_visible()


async def pages_printed(page: Page) -> int:
    """Print the page on A4 and count the sheets."""
    printed = await page.pdf(format="A4")
    return len(re.findall(rb"/Type\s*/Page[^s]", printed))
