"""Pages looked at as everybody has to use them: by day and by night, on whatever screen, by keyboard."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

LEAST_HEIGHT = 43.9
"""Pixels that a finger needs: 44, less what a browser rounds off."""

SMALL = """
least => [...document.querySelectorAll(
  "main button, main .button, main summary, main select, main input:not([type=hidden])")]
  .filter(e => e.checkVisibility() && (e.closest("label") ?? e).getBoundingClientRect().height < least)
  .filter(e => !(matchMedia("(hover: hover)").matches && e.matches(".begin > summary")))
  .map(e => e.outerHTML)
"""
"""What is too small for a finger; the folds below each answer may be flat for a mouse, so that more answers show."""


async def look_over(page: Page) -> None:
    """Check what everybody should be able to use: axe by day and by night, nothing too wide, nothing too small."""
    for is_dark in (False, True):
        await page.emulate_media(color_scheme="dark" if is_dark else "light", reduced_motion="reduce")
        found = await Axe().run(page)
        assert found.violations_count == 0, f"{page.url}, is_dark={is_dark}: {found.generate_report()}"
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    small = await page.evaluate(SMALL, LEAST_HEIGHT)
    assert small == [], f"{page.url}: {small}"


async def focused(page: Page) -> str:
    """Say which card of the review has the focus."""
    return str(await page.evaluate("document.activeElement.closest('.card')?.getAttribute('aria-label') ?? ''"))
