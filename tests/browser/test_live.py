"""Two windows on one conversation, and one that was left open."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.serving import Windows
from tests.web.house import BEN, Stage


async def stay(page: Page) -> None:
    """Mark a page, so that a reload would show."""
    await page.evaluate("window.isTheSame = true")


async def is_the_same(page: Page) -> bool:
    """Say whether a page was never reloaded."""
    return bool(await page.evaluate("window.isTheSame === true"))


async def test_an_answer_in_one_tab_shows_in_the_other(windows: Windows, stage: Stage) -> None:
    one = await windows.open(BEN)
    two = await windows.tab(one.context)
    for page in (one, two):
        await page.goto("/me")
        await stay(page)
    await one.get_by_role("button", name="Weekly check-in").click()
    await expect(two.locator("#now button[value='3']")).to_be_visible()
    await two.locator("#now button[value='3']").click()
    await expect(one.locator(".talk .own").last).to_contain_text("about half")
    await expect(one.locator("#text")).to_be_visible()
    assert await is_the_same(one)
    assert await is_the_same(two)


async def test_news_leave_alone_what_somebody_is_writing(windows: Windows, stage: Stage) -> None:
    one = await windows.open(BEN)
    two = await windows.tab(one.context)
    await one.goto("/me")
    await one.get_by_role("button", name="Weekly check-in").click()
    await one.locator("#now button[value='3']").click()
    await two.goto("/me")
    await two.locator("#text").fill("A half-finished thou")
    await two.locator("#text").evaluate("box => box.setSelectionRange(2, 6)")
    # The same question, something new above it: the words, the focus and the cursor stay.
    await one.get_by_role("button", name="Who reads this?").click()
    await expect(two.locator(".talk .bot").last).to_contain_text("Nobody watches this")
    await expect(two.locator("#text")).to_have_value("A half-finished thou")
    await expect(two.locator("#text")).to_be_focused()
    assert await two.locator("#text").evaluate("box => [box.selectionStart, box.selectionEnd]") == [2, 6]
    # Another question: nothing is taken away, but it is said.
    await one.get_by_role("button", name="Skip").click()
    await expect(two.locator("#news")).to_contain_text("answered somewhere else")
    await expect(two.locator("#text")).to_have_value("A half-finished thou")
    await two.get_by_role("button", name="Send").click()
    await expect(two.locator(".kept")).to_contain_text("A half-finished thou")


@pytest.mark.parametrize("draft", ["", "A half-finished thou"], ids=["nothing written", "something written"])
async def test_a_page_left_open_is_left_once_its_session_has_ended(windows: Windows, stage: Stage, draft: str) -> None:
    page, is_late = await windows.open(BEN), asyncio.Event()

    async def end_the_stream(route: Route) -> None:
        await is_late.wait()
        await route.fulfill(content_type="text/event-stream", body="retry: 1\n\n")

    await page.route("**/me/live?*", end_the_stream, times=1)
    await page.goto("/me")
    await page.get_by_role("button", name="Weekly check-in").click()
    await page.locator("#now button[value='3']").click()
    await page.locator("#text").fill(draft)
    stage.hands.move(hours=3)
    is_late.set()
    if draft:
        await expect(page.locator("#news")).to_contain_text("You are signed out.")
        await expect(page.locator("#text")).to_have_value(draft)
    else:
        await expect(page.get_by_label("Class code")).to_be_visible()
