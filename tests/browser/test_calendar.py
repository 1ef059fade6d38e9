"""Holidays and term dates in a real browser: on a phone and on a desk, with and without scripts."""

import pytest
from playwright.async_api import FilePayload, expect

from tests.browser.looking import look_over
from tests.browser.serving import Windows
from tests.browser.test_programs import WIDTHS
from tests.stage import ADA
from tests.web.house import CLASS
from tests.web.test_calendar_page import HOLIDAYS

FILE = FilePayload(name="holidays.ics", mimeType="text/calendar", buffer=HOLIDAYS)


@WIDTHS
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_school_year_is_filled_in_looked_over_and_saved(windows: Windows, width: int, scripts: bool) -> None:
    page = await windows.open(ADA, width=width, scripts=scripts)
    await page.goto(f"/groups/{CLASS}/calendar")
    lines = page.get_by_label("Free days, one line each")
    await page.get_by_label("Last school day").fill("2026-07-08")
    await lines.fill("some day in June")
    await page.get_by_label("Last school day").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Line 1, “some day in June”")
    await expect(page.get_by_label("Last school day")).to_have_value("2026-07-08")
    if scripts:
        await look_over(page)

    await lines.fill("2026-05-15 Bridge day")
    await page.get_by_label("A calendar file (.ics)").set_input_files(FILE)
    await page.get_by_role("button", name="Add from the file").click()
    await expect(lines).to_have_value("2026-03-30 to 2026-04-10 Easter break\n2026-05-15 Bridge day")

    await page.get_by_label("Public holidays of").select_option(label="France")
    await page.get_by_role("button", name="Add public holidays").click()
    await expect(page.get_by_role("alert")).to_contain_text("Some regions of France")
    await page.get_by_label("Region of France").select_option(label="Alsace")
    await page.get_by_role("button", name="Add public holidays").click()
    await expect(page.get_by_role("status").first).to_contain_text("Added to your list:")
    await page.get_by_label("Move it to the next school day").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await expect(page.get_by_text("Monday 30 March to Friday 10 April")).to_be_visible()
    await expect(page.get_by_label("Move it to the next school day")).to_be_checked()
    if scripts:
        await look_over(page)
