"""A facilitator's ten minutes in a real browser: reading by keyboard, writing back, on a phone and on a desk."""

import asyncio

import pytest
from playwright.async_api import expect

from bot.core.people import PersonId
from bot.core.review import ThreadContinued
from bot.core.runs import ThreadId
from tests.browser.looking import focused, look_over
from tests.browser.serving import Windows
from tests.stage import ADA, rows
from tests.web.answering import WEEKLY, answer, edit
from tests.web.house import BEN, Stage, enrol
from tests.web.reviewing import comment

NAMES = ("Mia", "Noa", "Zoë <b>Zimmer</b>", "Ilir")
SAID = "When the left side sank I got stuck. Then I drew it from above, and saw the gap. <script>alert(1)</script>"
SCREENS = pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desk"])


async def a_week(stage: Stage) -> ThreadId:
    """Let five people answer; Ben was written to, and has written back."""
    people = {PersonId(f"p{number}"): name for number, name in enumerate(NAMES)}
    await enrol(stage, people)
    run = await answer(stage, BEN, raw={**WEEKLY, "part": "The scale of the map. It was too small."})
    thread = await comment(stage, run, quote="It was too small.", text="How did you notice?")
    back = ThreadContinued(id=stage.name(), at=stage.hands(), who=BEN, thread=thread, text="The pool was a dot.")
    await stage.happen(back)
    await edit(stage, run, "next", "Draw it twice as large")
    for person in people:
        stage.hands.move(minutes=3)
        await answer(stage, person, raw={**WEEKLY, "part": SAID})
    return thread


@SCREENS
async def test_ten_minutes_by_keyboard_alone(windows: Windows, stage: Stage, width: int) -> None:
    thread = await a_week(stage)
    page = await windows.open(ADA, width=width)
    await page.goto("/review")
    await expect(page.get_by_role("heading", name="Review: 5 new answers")).to_be_visible()
    await expect(page.get_by_role("article")).to_have_count(5)
    await look_over(page)
    await page.keyboard.press("?")
    await expect(page.get_by_text("next, previous")).to_be_visible()
    await look_over(page)
    await page.keyboard.press("?")

    await page.keyboard.press("j")
    assert await focused(page) == "Ilir, Weekly check-in"
    await page.keyboard.press("r")
    await page.keyboard.type("Which tool did you use?")
    await look_over(page)
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("Which tool did you use?")).to_be_visible()
    await expect(page.get_by_text("You have read this")).to_have_count(1)
    await expect(page.get_by_role("article", name="Ilir")).to_be_focused()

    await page.keyboard.press("j")
    await page.keyboard.press("s")
    await expect(page.get_by_role("button", name="★ Starred")).to_have_count(1)
    await page.keyboard.press("j")
    await expect(page.get_by_text("You have read this")).to_have_count(2)
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await expect(page.get_by_text("You have read this")).to_have_count(4)
    assert await focused(page) == "Ben Okafor, Weekly check-in"
    await page.keyboard.press("k")
    assert await focused(page) == "Mia, Weekly check-in"
    await page.keyboard.press("j")

    await page.keyboard.press("r")
    await page.keyboard.type("j, k, e and s are only letters here")
    await page.keyboard.press("Escape")
    assert await focused(page) == "Ben Okafor, Weekly check-in"
    await page.keyboard.press("r")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("j, k, e and s are only letters here")).to_be_visible()
    await expect(page.get_by_text("You have read this")).to_have_count(5)
    await expect(page.get_by_role("article", name="Ben Okafor")).to_be_focused()
    await page.keyboard.press("e")
    await expect(page.locator(f"#thread-{thread}")).to_contain_text("Open again")
    await expect(page.locator("#read-aloud")).to_have_text("Resolved.")
    await page.keyboard.press("j")
    await expect(page.locator("#next")).to_be_focused()
    await look_over(page)
    resolved = await rows(stage.database, "SELECT id FROM threads WHERE resolved_at IS NOT NULL")
    assert resolved == [(thread,)]
    await page.goto("/review")
    await expect(page.get_by_text("All is read.")).to_be_visible()
    await look_over(page)


async def test_selected_words_are_what_a_comment_is_about(windows: Windows, stage: Stage) -> None:
    await a_week(stage)
    page = await windows.open(ADA, width=1280)
    await page.goto("/review")
    card = page.get_by_role("article", name="Ilir")
    words = card.locator(".answer", has_text="When the left side sank")
    await words.evaluate(
        """one => {
          const range = document.createRange();
          range.setStart(one.firstChild, one.firstChild.data.indexOf("drew"));
          range.setEnd(one.firstChild, one.firstChild.data.indexOf(", and saw"));
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          document.dispatchEvent(new KeyboardEvent("keyup", { shiftKey: true, bubbles: true }));
        }"""
    )
    await expect(page.locator("#read-aloud")).to_have_text("Write about “drew it from above”.")
    await page.keyboard.press("r")
    await page.keyboard.type("Can I see it?")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("article", name="Ilir").locator("blockquote")).to_have_text("“drew it from above”")
    assert await rows(stage.database, "SELECT quote FROM threads ORDER BY opened_at DESC LIMIT 1") == [
        ("drew it from above",)
    ]


async def test_words_stay_where_somebody_is_signed_out_before_they_are_sent(windows: Windows, stage: Stage) -> None:
    await a_week(stage)
    page = await windows.open(ADA, width=1280)
    await page.goto("/review")
    card = page.get_by_role("article", name="Ilir")
    await card.get_by_text("Write about this").first.click()
    await card.get_by_label("Your words to Ilir").first.fill("Which tool did you use?")
    stage.hands.move(minutes=31)
    send = card.get_by_role("button", name="Send", exact=True).first
    await send.click()
    await expect(page.locator("#news")).to_contain_text("your words are still here")
    await expect(card.get_by_label("Your words to Ilir").first).to_have_value("Which tool did you use?")
    assert len(await rows(stage.database, "SELECT id FROM threads")) == 1

    token = await stage.session(ADA)
    await page.context.add_cookies([{"name": "mull", "value": token, "url": stage.house.base_url}])
    await send.click()
    await expect(page.get_by_role("article", name="Ilir").locator(".thread .said")).to_have_text(
        "Which tool did you use?"
    )


async def test_keys_can_be_put_away(windows: Windows, stage: Stage) -> None:
    await a_week(stage)
    page = await windows.open(ADA)
    await page.goto("/review")
    await page.get_by_text("Read with the keyboard").click()
    await page.get_by_label("Use these keys on this computer").uncheck()
    await page.reload()
    await page.keyboard.press("j")
    assert await focused(page) == ""


async def test_all_of_it_works_without_a_script(windows: Windows, stage: Stage) -> None:
    thread = await a_week(stage)
    page = await windows.open(ADA, scripts=False)
    await page.goto("/review")
    await expect(page.get_by_text("Read with the keyboard")).to_be_hidden()
    card = page.get_by_role("article", name="Ilir")
    await card.get_by_text("Write about this").nth(1).click()
    await card.get_by_label("About").nth(1).select_option(label="“When the left side sank I got stuck.”")
    await card.get_by_label("Your words to Ilir").nth(1).fill("Stuck is a good place to begin.")
    await card.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_text("Stuck is a good place to begin.")).to_be_visible()
    await page.locator(f"#thread-{thread}").get_by_role("button", name="Resolved").click()
    await expect(page.locator(f"#thread-{thread}")).to_contain_text("Open again")
    await page.get_by_role("button", name="All on this page are read").click()
    await expect(page.get_by_role("heading", name="Review: nothing new")).to_be_visible()


@SCREENS
async def test_threads_are_in_order_where_answers_are_read(windows: Windows, stage: Stage, width: int) -> None:
    await a_week(stage)
    page = await windows.open(ADA, width=width)
    for address in ("/groups/class-6b", "/groups/class-6b/people/ben", "/review?show=threads", "/review?show=starred"):
        await page.goto(address)
        await look_over(page)
    await page.goto("/groups/class-6b/people/ben")
    await page.get_by_label("Your words to Ben Okafor").fill("Then you saw more than I did.")
    await asyncio.gather(
        page.wait_for_url("**/people/ben#run-*"), page.get_by_role("button", name="Send", exact=True).click()
    )
    await expect(page.get_by_text("Then you saw more than I did.")).to_be_visible()
