"""A learner in front of a browser, who answers whatever is asked; and the time that passes meanwhile."""

from collections.abc import Mapping

from playwright.async_api import Page, expect

from bot.runner.clock import Clock
from tests.web.house import Stage

MOST_QUESTIONS = 40


async def answer(page: Page, words: Mapping[str, str], until: str = "nothing") -> list[str]:
    """Answer what is asked on one's own page, until nothing is, or a question begins with `until`.

    `words` maps how a question begins to what is written, or to what the button says in [brackets]; any other is
    skipped. Lists the questions.
    """
    await page.goto("/me")
    asked: list[str] = []
    while await page.locator("#asked").count() and len(asked) < MOST_QUESTIONS:
        question = (await page.locator("#asked").inner_text()).strip()
        if question.startswith(until):
            return asked
        asked.append(question)
        await reply(page, next((text for begins, text in words.items() if question.startswith(begins)), "[Skip]"))
    return asked


async def reply(page: Page, text: str) -> None:
    """Write something, or press what stands in [brackets], and wait for what comes next."""
    before = await page.locator("#chat").get_attribute("data-question") or ""
    if text.startswith("["):
        await page.locator("#now .say").get_by_role("button", name=text[1:-1]).first.click()
    else:
        await page.locator("#text").fill(text)
        await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("#chat")).not_to_have_attribute("data-question", before, timeout=20_000)


async def pass_time(stage: Stage, **by: float) -> None:
    """Let time pass, and the clock tick until nothing more is due."""
    stage.hands.move(**by)
    clock = Clock(stage.database, stage.inbox, stage.hands)
    while await clock.tick():
        pass
