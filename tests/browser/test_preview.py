"""What comes, looked at before anybody is asked, on a phone and on a desk, with and without scripts."""

from dataclasses import replace

import pytest
from playwright.async_api import expect

from bot.app import DRAWS
from bot.core.people import Place
from bot.storage.channels import follow
from tests.browser.looking import look_over
from tests.browser.serving import Windows
from tests.browser.test_programs import WIDTHS
from tests.stage import ADA
from tests.web.house import CLASS, Stage


@WIDTHS
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_what_comes_is_seen_first_and_one_is_tried(
    windows: Windows, stage: Stage, width: int, scripts: bool
) -> None:
    stage.app.state.house = replace(stage.house, draws=DRAWS, connected=frozenset({"discord"}))
    await stage.database.write(lambda connection: follow(connection, CLASS, Place("slack:T1:C1")))
    page = await windows.open(ADA, width=width, scripts=scripts)
    await page.goto(f"/groups/{CLASS}")
    await page.get_by_label("Ask the group").select_option(label="Weekly check-in")
    await page.get_by_role("button", name="See it first").click()
    await expect(page.get_by_role("heading", name="This is what comes: Weekly check-in")).to_be_visible()
    places = [await page.get_by_role("region", name=name).bounding_box() for name in ("In the browser", "On Discord")]
    assert all(places)
    tops = {round(place["y"]) for place in places if place}
    assert len(tops) == (1 if width == 1280 else 2)
    for summary in await page.locator("main summary").all():
        await summary.click()
    await expect(page.get_by_text("Made me think hard")).to_be_visible()
    if scripts:
        await look_over(page)
    await page.get_by_role("button", name="Send one to me now").click()
    await expect(page.get_by_role("status").first).to_contain_text("Sent.")
    await page.get_by_role("link", name="It waits on your own page").click()
    await expect(page.get_by_role("heading", name="how much of our playground map")).to_be_visible()


@WIDTHS
async def test_a_habit_week_is_for_everybody_to_look_at(windows: Windows, stage: Stage, width: int) -> None:
    stage.app.state.house = replace(stage.house, draws=DRAWS)
    page = await windows.open(ADA, width=width)
    await page.goto(f"/groups/{CLASS}/preview/habit_of_week")
    await page.get_by_role("link", name="See it in Slack and on Discord too").click()
    await expect(page.get_by_role("heading", name="On Discord")).to_be_visible()
    await look_over(page)
