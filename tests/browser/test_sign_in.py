"""Coming in by saying yes in a chat, in a real browser: the page opens by itself, and without scripts by a button."""

import pytest
from playwright.async_api import expect

from tests.browser.looking import look_over
from tests.browser.serving import Windows
from tests.stage import ADA
from tests.web.house import Stage
from tests.web.test_sign_in_chat import Chat, in_chat


@pytest.mark.parametrize("scripts", [True, False])
async def test_the_pages_open_once_somebody_has_said_yes(stage: Stage, windows: Windows, scripts: bool) -> None:
    chat: Chat = await in_chat(stage)
    page = await windows.open(scripts=scripts)
    await page.goto("/")
    await page.get_by_role("link", name="Sign in here").click()
    await page.get_by_role("button", name="Sign in from a chat").click()
    await chat.answer(ADA, await page.locator(".code").inner_text())
    if not scripts:
        await page.get_by_role("link", name="I have said yes").click()
    await page.wait_for_url("**/groups")
    await page.get_by_role("link", name="Signed in as Ms Ada").click()
    await expect(page.get_by_text("(this one)")).to_be_visible()
    assert windows.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
async def test_everybody_can_use_the_pages(stage: Stage, windows: Windows, width: int) -> None:
    chat = await in_chat(stage)
    page = await windows.open(width=width)
    await page.goto("/sign-in")
    await look_over(page)
    await page.get_by_role("button", name="Sign in from a chat").click()
    code = await page.locator(".code").inner_text()
    await look_over(page)
    await chat.answer(ADA, code, "not me")
    await page.goto("/sign-in")
    await look_over(page)
    other = await windows.open(ADA, width=width)
    await windows.open(ADA)
    await stage.session(ADA)
    await other.goto("/me/sessions")
    await look_over(other)
