"""Every page that a facilitator can come to by links: nothing for axe to find, nothing too wide, nothing too small."""

from playwright.async_api import expect

from tests.browser.looking import look_over
from tests.browser.serving import Windows
from tests.stage import ADA
from tests.web.crawling import Crawl
from tests.web.house import Stage
from tests.web.living import a_term
from tests.web.test_export import a_slow_file

ELSEWHERE = {
    "/": "whoever is signed in is led on",
    "/healthz": "is for machines",
    "/sign-in": "is looked at in test_sign_in",
    "/sign-in/{token}": "is looked at in test_sign_in",
    "/me/live": "is a stream",
    "/me/form/{run}": "is for whom something is asked: test_pages",
    "/me/answers/{run}/{key}": "is for who answered: test_pages",
    "/me/threads/{thread}": "is for who was written to: test_pages",
    "/me/rounds": "is for who shared something: test_round",
    "/groups/{group}/export/{file}": "is there once a file was asked for: below",
    "/groups/{group}/export/{file}/download": "is a file",
    "/groups/{group}/pull/{name}": "is looked at in test_overview",
}
"""Pages that no link leads Ada to."""


async def test_every_page_is_for_everybody(windows: Windows, stage: Stage) -> None:
    await a_term(stage)
    crawl = Crawl(stage)
    async for _ in crawl.pages(await stage.signed_in(ADA), ["/groups"]):
        pass
    page = await windows.open(ADA)
    for address in crawl.visited.values():
        await page.goto(address)
        await look_over(page)
    assert {r.path for r in crawl.every if "GET" in (r.methods or ())} - crawl.visited.keys() == ELSEWHERE.keys()


async def test_a_file_that_is_made_is_for_everybody(windows: Windows, stage: Stage) -> None:
    slow, page = a_slow_file(stage), await windows.open(ADA)
    await page.goto(slow.page)
    await expect(page.get_by_text("2 of 3 answers are written.")).to_be_visible()
    await look_over(page)
    await slow.be_written()
    await expect(page.get_by_role("link", name="Download answers.csv")).to_be_visible()
    await look_over(page)
