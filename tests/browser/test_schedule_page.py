"""The schedule's form and calendar in a real browser: by keyboard, on a phone and on a desk."""

from datetime import date

import pytest
from playwright.async_api import expect

from bot.core.calendars import FreeTime, SchoolYear
from bot.storage.calendars import save_calendar
from tests.browser.looking import look_over
from tests.browser.serving import Windows
from tests.browser.test_programs import WIDTHS
from tests.stage import ADA, NOW
from tests.web.house import CLASS, Stage

PAGE = f"/groups/{CLASS}/schedule"
YEAR = SchoolYear(free=(FreeTime(date(2026, 3, 16), date(2026, 3, 20), "Spring break"),))


@WIDTHS
async def test_a_month_is_set_by_keyboard_alone(windows: Windows, stage: Stage, width: int) -> None:
    await stage.database.write(lambda connection: save_calendar(connection, CLASS, YEAR, ADA, NOW))
    page = await windows.open(ADA, width=width)
    await page.goto(PAGE)
    await expect(page.get_by_label("Day of the month")).to_be_hidden()
    await page.get_by_label("What the group is asked").focus()
    await page.keyboard.type("Weekly")
    await page.keyboard.press("Tab")
    for _ in range(2):
        await page.keyboard.press("ArrowDown")
    await expect(page.get_by_label("Once a month, on a day of the week")).to_be_checked()
    await page.keyboard.press("Tab")
    await page.keyboard.type("third")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Thu")
    await look_over(page)
    await page.get_by_role("button", name="Set it").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("It is set.")).to_be_visible()
    await expect(page.get_by_text("Weekly check-in: not on this day")).to_be_visible()
    await expect(page.get_by_text("Spring break").first).to_be_visible()
    await look_over(page)
    await page.get_by_role("link", name="See it first").click()
    await expect(page.get_by_role("heading", name="This is what comes: Weekly check-in")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_slip_in_a_list_of_dates_keeps_the_list(windows: Windows, scripts: bool) -> None:
    page = await windows.open(ADA, scripts=scripts)
    await page.goto(PAGE)
    await page.get_by_label("What the group is asked").select_option(label="Weekly check-in")
    await page.get_by_label("On dates that I choose").check()
    await page.get_by_label("The dates, one a line").fill("2026-09-01\n31 June")
    await page.get_by_text("How long it is open").click()
    await page.get_by_label("None").check()
    await page.get_by_role("button", name="Set it").click()
    await expect(page.get_by_role("alert")).to_contain_text("Line 2, “31 June”")
    await expect(page.get_by_label("The dates, one a line")).to_have_value("2026-09-01\n31 June")
    await expect(page.get_by_label("None")).to_be_checked()
    if scripts:
        await look_over(page)
