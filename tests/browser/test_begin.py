"""From the first page of an empty Mull to a class of 25 that is asked every week: clicks and forms are counted."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.browser.serving import open_browser
from tests.test_run import running

NAMES = [f"Learner {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXY"]
MOST_CLICKS, MOST_FORMS = 10, 1
SIGNS_IN = "/sign-in/"


class Counted:
    """A page whose clicks and sent forms are counted; typing and moving on by Tab is free."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0
        self.forms: set[str] = set()
        page.on("request", lambda request: self.forms.add(request.url) if request.method == "POST" else None)

    async def click(self, role: str, name: str) -> None:
        """Press something."""
        self.clicks += 1
        await self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [390, 1280])
async def test_a_new_teacher_comes_to_a_weekly_check_in_in_few_clicks_and_one_form(tmp_path: Path, width: int) -> None:
    with running(f"sqlite:///{tmp_path / 'mull.db'}", tmp_path) as (address, process, _):
        assert process.stdout is not None
        link = re.search(r"http://\S+(/sign-in/\S+)", "".join(process.stdout.readline() for _ in range(2)))
        assert link is not None
        async with open_browser() as browser:
            context = await browser.new_context(base_url=address, viewport={"width": width, "height": 844})
            seen = Counted(await context.new_page())
            page = seen.page
            await page.goto(link[1])
            await page.get_by_label("What do learners call you?").fill("Ms Ada")
            await seen.click("button", "Sign in")
            await seen.click("link", "Set up a group")
            await page.get_by_label("Name", exact=True).fill("6b")
            await page.get_by_label("Who is in it").fill("\n".join(NAMES))
            await page.get_by_label("at", exact=True).fill("11:40")
            await page.get_by_label("Time zone").fill("Europe/Berlin")
            found = await Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            await seen.click("button", "Begin")
            await expect(page.get_by_text("Weekly check-in").first).to_be_visible()
            await expect(page.get_by_text("Friday").first).to_be_visible()
            assert seen.clicks <= MOST_CLICKS
            assert len({form for form in seen.forms if SIGNS_IN not in form}) <= MOST_FORMS
            await page.get_by_role("link", name="Roster").click()
            for name in NAMES:
                await expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
