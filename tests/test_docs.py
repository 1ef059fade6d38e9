"""The pictures of the docs: each named is there, each taken is there, and each says in words what it shows."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
NAMED = re.compile(r'(?:src|srcset)="([^"]+\.png)"|!\[[^\]]*\]\(([^)]+\.png)\)')
TAG = re.compile(r"<img [^>]*>")
MOST_BYTES = 2_500_000


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    """Read what `make screenshots` takes, without taking it."""
    return runpy.run_path(str(ROOT / "docs" / "screenshots.py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_picture_a_page_names_is_there_and_says_what_it_shows(page: Path) -> None:
    text = page.read_text("utf-8")
    assert [
        name for found in NAMED.findall(text) for name in found if name and not (page.parent / name).is_file()
    ] == []
    assert [tag for tag in TAG.findall(text) if not re.search(r' alt="[^"]{20,}"', tag)] == []
    assert "![](" not in text


def test_the_six_main_pages_are_there_on_a_desk_on_a_phone_and_by_night(script: dict[str, Any]) -> None:
    pages = {**script["TEACHERS"], **script["LEARNERS"]}
    assert pages.keys() == {"review", "group", "overview", "timeline", "round", "me"}
    taken = {f"{page}-{look}.png" for page in pages for look in ("desktop", "phone", "dark")}
    assert {f"{page}-{look.name}.png" for page in pages for look in script["LOOKS"]} == taken
    assert {file.name for file in IMAGES.iterdir()} == taken | {f"{page}.png" for page in script["ONCE"]}


def test_pictures_load_fast() -> None:
    assert sum(file.stat().st_size for file in IMAGES.iterdir()) < MOST_BYTES
