"""A facilitator's ten minutes, whole: from the chat that lets her in to the learners who read what she wrote.

One Mull runs as `mull run` does, with pages in a real browser, Slack and Discord at once.
"""

import csv
import io
import zipfile
from functools import partial

import pytest
from playwright.async_api import Browser, Page, expect

from bot.storage.database import Database
from bot.storage.threads import load_waiting
from tests.browser.looking import focused, look_over
from tests.browser.school import SOL, School, open_school
from tests.browser.serving import Windows, watched_windows
from tests.browser.thirty import (
    ALBA,
    BEN,
    BO,
    ELSEWHERE,
    JUN,
    MIA,
    NAMED,
    NAMES,
    NILS,
    PART,
    STUCK,
    ZOE,
    everybody_answers,
    said_by,
)
from tests.stage import ADA, rows
from tests.web.house import CLASS

REPLIES = {NAMED[one]: f"What did you see then, {NAMED[one]}?" for one in (ALBA, BO, MIA, NILS, JUN)}
STARRED, TALKED = "Rosa", "Ben"
MEET = "Shall we look at it together on Tuesday?"
PAGE_HOLDS = 25


@pytest.mark.parametrize(("database_url", "width"), [("sqlite", 1280), ("postgresql", 390)], indirect=["database_url"])
async def test_ten_minutes(database: Database, browser: Browser, width: int) -> None:
    async with open_school(database, NAMED, ELSEWHERE) as school, watched_windows(browser, school.stage) as windows:
        await everybody_answers(school)
        page = await windows.open(width=width)
        await sign_in_by_chat(school, page)
        await read_thirty(page)
        await pull_a_group(page)
        await take_them_along(page)
        await learners_on_pages_read_it(windows, width)
        await learners_in_slack_read_it(school)
        await learners_on_discord_read_it(school)
        await what_comes_back_is_new(school, page)
        await the_other_facilitator_has_nothing_to_do(windows, width)


# What Ada does.


async def sign_in_by_chat(school: School, page: Page) -> None:
    """Take a code in the browser, say yes to it in Slack, and be in."""
    await page.goto("/sign-in")
    await look_over(page)
    await page.get_by_role("button", name="Sign in from a chat").click()
    code = await page.locator(".code").inner_text()
    await look_over(page)
    ada = school.in_slack(ADA)
    await ada.command("/mull", f"sign-in {code}")
    await school.reads_in_slack(ADA, f"code {code}. Is that yours?", "ephemeral")
    await ada.press("Yes, let me in")
    await page.wait_for_url("**/groups")
    await look_over(page)


async def read_thirty(page: Page) -> None:
    """Read all by the keyboard, write to five of them, put a star on one, and be done with a conversation."""
    await page.goto("/review")
    await expect(page.get_by_role("heading", name="Review: 30 new answers")).to_be_visible()
    await look_over(page)
    seen = await read_page(page, PAGE_HOLDS)
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("link", name="Older")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/review?before=*")
    await expect(page.get_by_role("article")).to_have_count(len(NAMES) - PAGE_HOLDS)
    seen += await read_page(page, len(NAMES) - PAGE_HOLDS)
    assert sorted(seen) == sorted(NAMES)
    await page.goto("/review")
    await expect(page.get_by_role("heading", name="Review: nothing new")).to_be_visible()
    await expect(page.get_by_text("All is read.")).to_be_visible()
    await look_over(page)


async def read_page(page: Page, count: int) -> list[str]:
    """Go from one answer to the next until the page ends; list whose they were."""
    seen = []
    read = page.get_by_text("You have read this")
    for number in range(count):
        await page.keyboard.press("j")
        await expect(read).to_have_count(number)
        name = (await focused(page)).removesuffix(", Weekly check-in")
        seen.append(name)
        if name in REPLIES:
            await write_back(page, name)
        elif name == STARRED:
            await page.keyboard.press("s")
            await expect(page.get_by_role("button", name="★ Starred")).to_have_count(1)
        elif name == TALKED:
            await page.keyboard.press("e")
            await expect(page.get_by_role("button", name="Open again")).to_have_count(1)
    await page.keyboard.press("j")
    await expect(page.locator("#next")).to_be_focused()
    await expect(read).to_have_count(count)
    await look_over(page)
    return seen


async def write_back(page: Page, name: str) -> None:
    """Write to whose answer is in focus, and be there again once it is sent."""
    await page.keyboard.press("r")
    await page.keyboard.type(REPLIES[name])
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text(REPLIES[name])).to_be_visible()
    await expect(page.get_by_role("article", name=f"{name}, Weekly check-in")).to_be_focused()


async def pull_a_group(page: Page) -> None:
    """Write a word to those who are stuck on the same thing."""
    await page.goto(f"/groups/{CLASS}/overview")
    await look_over(page)
    await page.get_by_role("link", name="Write to them about Made me think hard").click()
    for person in STUCK:
        await expect(page.get_by_role("checkbox", name=NAMED[person])).to_be_checked()
    await look_over(page)
    await page.get_by_label("A few words to each of them").fill(MEET)
    await page.get_by_role("button", name="Send to those ticked").click()
    await expect(page.get_by_role("status").first).to_contain_text("Sent to 4 people, to each alone.")
    await look_over(page)


async def take_them_along(page: Page) -> None:
    """Take all answers along as a table and as a workbook: nobody is missing in either."""
    await page.goto(f"/groups/{CLASS}/export")
    await look_over(page)
    table = await download(page, "A table as plain text (CSV)")
    lines = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert sorted(one["Answer"] for one in lines if one["Question"] == PART) == sorted(map(said_by, NAMES))
    with zipfile.ZipFile(io.BytesIO(await download(page, "A table for Excel or LibreOffice"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert [name for name in NAMES if said_by(name) not in sheet] == []


async def download(page: Page, label: str) -> bytes:
    """Take the answers along in one form."""
    await page.get_by_label(label).check()
    async with page.expect_download() as begun:
        await page.get_by_role("button", name="Download").click()
    return (await (await begun.value).path()).read_bytes()


# Whom it reaches.


async def learners_on_pages_read_it(windows: Windows, width: int) -> None:
    """Let Alba find her letter, and write back; Bo sees his before the next question."""
    alba = await windows.open(ALBA, width=width)
    await alba.goto("/me")
    await expect(alba.get_by_role("region", name="Ms Ada wrote to you")).to_contain_text(REPLIES["Alba"])
    await look_over(alba)
    await alba.get_by_role("link", name="Write back").click()
    await look_over(alba)
    await alba.get_by_label("Write back").fill("I saw that it was the wrong side.")
    await alba.get_by_role("button", name="Send", exact=True).click()
    await expect(alba.get_by_text("Sent.")).to_be_visible()
    await look_over(alba)

    bo = await windows.open(BO, width=width)
    await bo.goto("/me")
    await bo.get_by_role("button", name="Weekly check-in").click()
    await expect(bo.locator("#asked")).to_be_visible()
    now = await bo.locator("#now").inner_text()
    assert now.index(REPLIES["Bo"]) < now.index("What happened to that plan?")
    await look_over(bo)
    await bo.get_by_role("button", name="Thanks, settled").click()
    await expect(bo.get_by_role("region", name="Ms Ada wrote to you")).to_have_count(0)


async def learners_in_slack_read_it(school: School) -> None:
    """Let Mia answer back in a window; Nils has two letters, the one of the small group as well."""
    await school.reads_in_slack(MIA, REPLIES["Mia"])
    mia = school.in_slack(MIA)
    assert {"Write back", "Thanks, settled"} <= set(mia.labels())
    await mia.press("Write back")
    await school.slack.until(lambda: mia.modal)
    assert await mia.submit({"Your words": "The hinge was upside down."}) == {}
    await school.reads_in_slack(ADA, "Mia wrote back about this answer:")
    await school.reads_in_slack(ADA, "The hinge was upside down.")
    for words in (REPLIES["Nils"], MEET):
        await school.reads_in_slack(NILS, words)
    assert MEET not in mia.words()


async def learners_on_discord_read_it(school: School) -> None:
    """Let Jun be done with it; Zoë is asked to the small group."""
    await school.reads_on_discord(JUN, REPLIES["Jun"])
    await school.reads_on_discord(ZOE, MEET)
    jun, zoe = school.on_discord(JUN), school.on_discord(ZOE)
    assert {"Write back", "Thanks, settled"} <= set(jun.labels(where="dm"))
    assert MEET not in jun.sees()
    await jun.press("Thanks, settled")
    await school.reads_on_discord(JUN, "Settled.")
    await zoe.press("Write back")
    await school.discord.until(lambda: zoe.modal)
    await zoe.send_modal({"Your words": "Yes please."})
    await school.reads_in_slack(ADA, "Yes please.")


async def what_comes_back_is_new(school: School, page: Page) -> None:
    """Find who wrote back before the others, and be done with one of them."""
    await page.goto("/review?show=threads")
    await look_over(page)
    names = [await one.get_attribute("aria-label") or "" for one in await page.get_by_role("article").all()]
    assert [name.partition(",")[0] for name in names[:3]] == ["Zoë", "Mia", "Alba"]
    assert not [name for name in names if name.startswith(("Bo,", "Jun,", "Ben,"))]
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    assert (await focused(page)).startswith("Mia")
    await page.keyboard.press("e")
    await expect(page.locator("#read-aloud")).to_have_text("Resolved.")
    by = "SELECT person_id, resolved_by FROM threads WHERE resolved_at IS NOT NULL ORDER BY person_id"
    assert await rows(school.stage.database, by) == [(BEN, ADA), (BO, BO), (JUN, JUN), (MIA, ADA)]
    assert await school.stage.database.read(partial(load_waiting, person=MIA)) == []


async def the_other_facilitator_has_nothing_to_do(windows: Windows, width: int) -> None:
    """Let Sol look: what Ada has read and written is read and written."""
    page = await windows.open(SOL, width=width)
    await page.goto("/review")
    await expect(page.get_by_role("heading", name="Review: nothing new")).to_be_visible()
    await expect(page.get_by_role("article")).to_have_count(0)
    await look_over(page)
    await page.goto("/review?show=all")
    await expect(page.get_by_text("Ms Ada has read this")).to_have_count(PAGE_HOLDS)
