"""The page on which a facilitator says what comes by itself, on a phone and on a desk, with and without scripts."""

import pytest
from playwright.async_api import expect

from tests.browser.looking import look_over
from tests.browser.serving import Windows
from tests.browser.test_programs import WIDTHS
from tests.stage import ADA
from tests.web.house import CLASS


@WIDTHS
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_week_is_set_and_ended(windows: Windows, width: int, scripts: bool) -> None:
    page = await windows.open(ADA, width=width, scripts=scripts)
    await page.goto(f"/groups/{CLASS}/programs")
    await page.get_by_role("link", name="Schedule").click()
    await page.get_by_role("button", name="Set it").click()
    await expect(page.get_by_role("alert")).to_contain_text("What is the group to be asked?")
    await page.get_by_label("What the group is asked").select_option(label="Weekly check-in")
    await page.get_by_label("Thursday").check()
    await page.get_by_label("At", exact=True).fill("09:30")
    await page.get_by_role("button", name="Set it").click()
    await expect(page.get_by_text("Next: Thursday 12 March, 09:30")).to_be_visible()
    if scripts:
        await look_over(page)
    await page.get_by_role("button", name="End it").click()
    await expect(page.get_by_text("It comes no more.")).to_be_visible()
