"""Take the pictures in docs/images anew, from the sample school; everybody in them is invented.

Run by `make screenshots`; needs Chromium (Debian: `apt install chromium`). The school lives on a Friday afternoon in
November, whatever day it is, so that a class has just answered and two runs differ in little.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import time_machine
from playwright.sync_api import Browser, Page, sync_playwright

from bot.commands.demo import show_demo

IMAGES = Path(__file__).parent / "images"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"]
FRIDAY = datetime(2026, 11, 20, 15, 20, tzinfo=UTC)
LINKS = 3
LINK = re.compile(r"http://\S+/sign-in/\S+")


@dataclass(frozen=True, slots=True)
class Look:
    """One way of looking: on what, by day or by night."""

    name: str
    width: int
    height: int
    scale: float
    scheme: Literal["light", "dark"] = "light"


DESKTOP = Look("desktop", 1280, 900, 1)
CUT = Look("cut", 1280, 620, 1)
LOOKS = (DESKTOP, Look("phone", 390, 780, 2), Look("dark", 1280, 900, 1, "dark"))
TEACHERS = {
    "review": ("/review", ""),
    "group": ("/groups/class-7b", ""),
    "overview": ("/groups/class-7b/overview", ""),
    "timeline": ("/review?show=threads", ".card h2 a"),
    "round": ("/groups/class-7b/programs", "a:has-text('Feedback round')"),
}
LEARNERS = {"me": ("/me#now", "")}
ONCE = {"groups": ("/groups", ""), "cards": ("/groups/class-7b/cards", "")}
"""Where each picture is taken: an address, and what to follow there."""


def live(folder: str) -> None:
    """Run the sample school on its Friday until stopped."""
    with time_machine.travel(FRIDAY, tick=True):
        asyncio.run(show_demo(Path(folder), 0))


@contextmanager
def school() -> Iterator[list[str]]:
    """Run the sample school in a process of its own; provide its sign-in links: learner, teacher, principal."""
    with tempfile.TemporaryDirectory(prefix="mull-pictures-") as folder:
        command = [sys.executable, "-u", __file__, f"{folder}/demo"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"})
        links: list[str] = []
        try:
            for line in process.stdout or ():
                links += LINK.findall(line)
                if len(links) == LINKS:
                    break
            yield links
        finally:
            process.terminate()
            process.wait()


def signed_in(browser: Browser, link: str) -> Page:
    """Open a window and sign in with a link."""
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    return page


def look(browser: Browser, known: Page, how: Look, pages: dict[str, tuple[str, str]], ending: str) -> None:
    """Take pages in one way, as whoever is signed in in a window."""
    window = browser.new_context(
        viewport={"width": how.width, "height": how.height},
        device_scale_factor=how.scale,
        color_scheme=how.scheme,
        has_touch=how.name == "phone",
        reduced_motion="reduce",
        locale="en-GB",
        storage_state=known.context.storage_state(),
    )
    page, home = window.new_page(), known.url.split("/", 3)[:3]
    for name, (address, link) in pages.items():
        page.goto("/".join(home) + address)
        if link:
            page.locator(link).first.click()
        page.wait_for_load_state("load")
        page.evaluate("document.fonts.ready")
        page.screenshot(path=IMAGES / f"{name}{ending}.png")
        print(f"docs/images/{name}{ending}.png")
    window.close()


def main() -> None:
    """Take all pictures."""
    IMAGES.mkdir(exist_ok=True)
    with school() as (learner, teacher, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        ada, ben = signed_in(browser, teacher), signed_in(browser, learner)
        for how in LOOKS:
            look(browser, ada, how, TEACHERS, f"-{how.name}")
            look(browser, ben, how, LEARNERS, f"-{how.name}")
        look(browser, ada, CUT, ONCE, "")
        browser.close()


if __name__ == "__main__":
    live(sys.argv[1]) if sys.argv[1:] else main()
