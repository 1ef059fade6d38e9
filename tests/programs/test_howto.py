"""What docs/howto.md tells people to write is loaded, judged and played, so that the page cannot rot."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.flows.library import packs, read
from bot.flows.lint import lint
from bot.flows.lint_parts import lint_pack
from bot.flows.pack import parse_pack

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests/programs/pass_it_on"
PAGE = (ROOT / "docs/howto.md").read_text("utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(yaml|python)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
TYPED = ["Drew it", "Used tape", "Tested it wet", "Try it", "Keep it for later", "Leave it"]


def block(start: str) -> str:
    """Find the block of the page that begins with a line."""
    return next(text for _, text in BLOCKS if text.startswith(start))


@pytest.mark.parametrize("name", ["program.py", "tip-give.yaml", "tip-read.yaml"])
def test_the_page_quotes_the_example_as_it_is(name: str) -> None:
    assert (EXAMPLE / name).read_text("utf-8") in [text for _, text in BLOCKS]


def test_the_flow_and_the_pack_on_the_page_are_good() -> None:
    assert lint(read(block("flow: exit-question"), "page"), packs()) == []
    assert lint_pack(parse_pack(block("pack:"), "page")) == []


def test_a_program_is_one_folder(tmp_path: Path) -> None:
    """Put the example beside the programs that come with Mull, in a copy, and play it as the page says."""
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(EXAMPLE, tmp_path / "bot/flows/pass_it_on", ignore=shutil.ignore_patterns("__pycache__"))
    flows = sorted(str(file) for file in (tmp_path / "bot/flows/pass_it_on").glob("*.yaml"))
    judged = mull(tmp_path, "lint", *flows)
    assert judged.stdout.count(": good") == 2, judged.stdout
    played = mull(tmp_path, "play", "pass-it-on", "--people", "3", typed="\n".join(TYPED) + "\n")
    assert played.stderr == ""
    assert re.findall('A tip from your group: "(.*)"', played.stdout) == ["Tested it wet", "Drew it", "Used tape"]
    assert played.stdout.endswith("That was all. Nothing of it is kept.\n")
    alone = mull(tmp_path, "play", "pass-it-on", "--people", "1")
    assert alone.stderr == "A tip needs somebody to go to. Add a second name to the roster first.\n"


def mull(folder: Path, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the command of a copy of Mull."""
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, cwd=folder, env={}, input=typed, capture_output=True, text=True, check=False)
