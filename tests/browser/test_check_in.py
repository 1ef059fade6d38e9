"""A whole check-in on a phone, with and without JavaScript."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from bot.core.runs import Value
from tests.browser.serving import Windows
from tests.web.house import BEN, CLASS_CODE, Stage
from tests.web.talk import kept, open_runs

SHED = "I stopped at the bike shed because it is round, so I could not count squares."


async def type_codes(page: Page, stage: Stage) -> None:
    """Type Ben's codes into the page that asks for them."""
    await page.get_by_label("Class code").fill(CLASS_CODE)
    await page.get_by_label("Card", exact=True).fill(stage.card(BEN))
    await page.get_by_role("button", name="Come in").click()


async def come_in(page: Page, stage: Stage) -> None:
    """Come in by the codes from the board and the card."""
    await page.goto("/")
    await type_codes(page, stage)
    await expect(page.get_by_role("heading", name="What would you like to look at?")).to_be_visible()


async def question(page: Page, key: str) -> None:
    """Wait until a question with a certain button or box stands there."""
    await expect(page.locator(f"#now {key}")).to_be_visible()


async def at_the_box(windows: Windows, *, scripts: bool = True) -> Page:
    """Open Ben's page at the question that is answered in a box."""
    page = await windows.open(BEN, scripts=scripts)
    await page.goto("/me")
    await page.get_by_role("button", name="Weekly check-in").click()
    await page.locator("#now button[value='3']").click()
    await question(page, "textarea[rows='3']")
    await expect(page.locator("#now h2")).to_be_in_viewport()
    return page


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_whole_check_in_by_card(windows: Windows, stage: Stage, scripts: bool) -> None:
    page = await windows.open(scripts=scripts)
    await come_in(page, stage)
    await page.get_by_role("button", name="Weekly check-in").click()
    await page.locator("#now button[value='3']").click()
    await question(page, "textarea[rows='3']")
    await page.locator("#text").fill(SHED)
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".talk .own").last).to_have_text(f"You: {SHED}")
    await page.get_by_role("button", name="Skip").click()
    await page.locator("#now button[value='draw']").click()
    await page.get_by_text("Show an example").click()
    await expect(page.locator(".example p")).to_be_visible()
    await page.locator("#text").fill("Draw it first")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".talk .own").last).to_have_text("You: Draw it first")
    await page.locator("#text").fill("When I have counted twice")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("heading", name="What would you like to look at?")).to_be_visible()
    expected: dict[str, Value] = {
        "thinking": "3",
        "part": SHED,
        "part.probe": None,
        "way": "draw",
        "next": "Draw it first",
        "next.cue": "When I have counted twice",
    }
    assert await kept(stage) == expected
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390 if scripts else True
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("Class code")).to_be_visible()
    await page.goto("/me")
    await expect(page.get_by_label("Class code")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_whole_check_in_as_one_page(windows: Windows, stage: Stage, scripts: bool) -> None:
    page = await windows.open(BEN, scripts=scripts)
    await page.goto("/me")
    await page.get_by_label("All on one page").check()
    await page.get_by_role("button", name="Weekly check-in").click()
    await page.locator("input[name='q:thinking'][value='3']").check()
    await page.get_by_label("In my own words", exact=True).check()
    await page.get_by_role("textbox", name="In my own words").fill("I paced it out")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("heading", name="What would you like to look at?")).to_be_visible()
    said = await kept(stage)
    assert (said["thinking"], said["way"], said["part"]) == ("3", "I paced it out", None)


async def test_a_slip_leaves_what_was_written_in_the_box(windows: Windows, stage: Stage) -> None:
    page = await at_the_box(windows)
    await page.locator("#text").fill("long " * 2_001)
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("alert")).to_contain_text("I can keep 10,000")
    await expect(page.locator("#text")).to_have_value("long " * 2_001)
    await page.locator("#text").fill("Shorter")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".talk .own").last).to_have_text("You: Shorter")


async def test_an_impatient_press_is_one_answer(windows: Windows, stage: Stage) -> None:
    page = await windows.open(BEN)
    await page.goto("/me")
    await page.get_by_role("button", name="Weekly check-in").dblclick()
    await page.locator("#now button[value='3']").dblclick()
    await question(page, "textarea[rows='3']")
    assert len(await open_runs(stage)) == 1
    assert await kept(stage) == {"thinking": "3"}


async def test_a_connection_that_is_gone_keeps_the_words(windows: Windows, stage: Stage) -> None:
    page = await at_the_box(windows)
    await page.locator("#text").fill("Not lost")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("status").first).to_contain_text("There is no connection right now")
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".talk .own").last).to_have_text("You: Not lost")
    windows.complaints = [one for one in windows.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


async def test_an_answer_that_comes_back_late_takes_no_later_news_away(windows: Windows, stage: Stage) -> None:
    page = await windows.open(BEN)
    await page.goto("/me")
    await page.get_by_role("button", name="Weekly check-in").click()
    held, let_go = asyncio.Event(), asyncio.Event()

    async def come_back_late(route: Route) -> None:
        answer = await route.fetch()
        held.set()
        await let_go.wait()
        await route.fulfill(response=answer)

    await page.route("**/me/say", come_back_late, times=1)
    await page.locator("#now button[value='3']").click()
    await held.wait()
    await question(page, "textarea[rows='3']")
    await page.locator("#text").fill("Not lost")
    await page.route("**/me/say", lambda route: route.abort(), times=1)
    await page.get_by_role("button", name="Send").click()
    told = page.get_by_role("status").first
    await expect(told).to_contain_text("There is no connection right now")
    async with page.expect_response("**/me/say") as late:
        let_go.set()
    await (await late.value).finished()
    await expect(page.get_by_role("button", name="Send")).to_be_enabled()
    await expect(told).to_contain_text("There is no connection right now")
    windows.complaints = [one for one in windows.complaints if "ERR_FAILED" not in one]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_words_outlive_a_session_that_fell_asleep(windows: Windows, stage: Stage, scripts: bool) -> None:
    page = await at_the_box(windows, scripts=scripts)
    stage.hands.move(hours=3)
    await page.locator("#text").fill("Not lost")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("alert")).to_contain_text("What you wrote is safe, and not sent yet.")
    await type_codes(page, stage)
    await expect(page.get_by_label("What you wrote")).to_have_value("Not lost")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".talk .own").last).to_have_text("You: Not lost")
    assert (await kept(stage))["part"] == "Not lost"


async def test_words_outlive_a_sleeping_session_also_where_news_replaced_their_form(
    windows: Windows, stage: Stage
) -> None:
    page = await at_the_box(windows, scripts=True)
    stage.hands.move(hours=3)
    await page.locator("#text").fill("Not lost")

    async def bring_news_first(route: Route) -> None:
        answer = await route.fetch()
        await page.evaluate(
            "document.getElementById('chat').replaceWith(document.getElementById('chat').cloneNode(true))"
        )
        await route.fulfill(response=answer)

    await page.route("**/me/say", bring_news_first, times=1)
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("alert")).to_contain_text("What you wrote is safe, and not sent yet.")
    await type_codes(page, stage)
    await expect(page.get_by_label("What you wrote")).to_have_value("Not lost")


async def test_the_whole_way_by_keyboard(windows: Windows, stage: Stage) -> None:
    page = await windows.open(BEN, width=1280)
    await page.goto("/me")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await page.get_by_role("button", name="Weekly check-in").press("Enter")
    await page.locator("#now button[value='3']").press("Enter")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("One line")
    await page.keyboard.press("Enter")
    await page.keyboard.type("and another")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".talk .own").last).to_contain_text("and another")
    assert (await kept(stage))["part"] == "One line\nand another"
    # Something to choose from comes before the box for one's own words: the keyboard begins above both.
    await page.get_by_role("button", name="Skip").press("Enter")
    await page.locator("#now button[value='draw']").wait_for()
    await expect(page.locator("#now h2")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.locator("#now button.option").first).to_be_focused()
