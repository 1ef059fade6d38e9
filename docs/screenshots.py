"""Take the pictures in docs/images anew, from the sample school; everybody in them is invented.

Run by `make screenshots`; needs Chromium (Debian: `apt install chromium`).
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"]
LINKS = 3
LINK = re.compile(r"http://\S+/sign-in/\S+")


@contextmanager
def demo() -> Iterator[list[str]]:
    """Run the sample school; provide its sign-in links: learner, teacher, principal."""
    with tempfile.TemporaryDirectory(prefix="mull-pictures-") as folder:
        command = [sys.executable, "-u", "-m", "bot", "demo", "--data", f"{folder}/demo", "--port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
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


def signed_in(browser: Browser, link: str, width: int, height: int, scale: float) -> Page:
    """Open a window and sign in with a link."""
    window = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=scale)
    page = window.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    return page


def take(page: Page, name: str) -> None:
    """Keep what the window shows."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png")


def main() -> None:
    """Take all pictures."""
    IMAGES.mkdir(exist_ok=True)
    with demo() as (learner, teacher, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        phone = signed_in(browser, learner, 390, 780, 2)
        take(phone, "learner-phone")
        desk = signed_in(browser, teacher, 1180, 860, 1.5)
        take(desk, "groups")
        desk.goto(f"{desk.url.split('/groups')[0]}/groups/class-7b")
        take(desk, "group")
        desk.goto(f"{desk.url}/cards")
        take(desk, "cards")
        browser.close()


if __name__ == "__main__":
    main()
