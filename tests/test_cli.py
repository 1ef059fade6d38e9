"""The command line, as somebody at a keyboard meets it."""

import subprocess
import sys
from pathlib import Path

from bot.commands.lint import lint_files

BROKEN = """
flow: broken
title: Broken
band: 11-13
settings: [class]
exercises: {attributes: [voice], phases: [notice]}
steps:
  - id: first
    ask: What did you try?
    text: {lines: 9}
"""

UNREACHABLE = """
flow: unreachable
title: Unreachable
band: 11-13
settings: [class]
exercises: {attributes: [voice], phases: [notice]}
steps:
  - id: first
    ask: What did you try in {task}?
    then: nowhere
    text:
"""


def mull(*words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run the command as a process of its own, with these settings and no others."""
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, env=settings, capture_output=True, text=True, check=False)


def lint_text(tmp_path: Path, text: str) -> tuple[int, list[str]]:
    """Lint a file of this text."""
    file = tmp_path / "flow.yaml"
    file.write_text(text, "utf-8")
    lines: list[str] = []
    return lint_files([file], lines.append), [line.removeprefix(f"{tmp_path}/") for line in lines]


def test_help_names_every_command_and_imports_no_platform_or_database() -> None:
    heavy = {"sqlalchemy", "fastapi", "pydantic", "slack_bolt", "discord", "icalendar", "holidays"}
    code = f"import sys, bot.cli; print(sorted({heavy} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
    said = mull("--help")
    assert said.returncode == 0
    for command in ("demo", "run", "play", "lint", "migrate", "check", "link"):
        assert command in said.stdout


def test_a_broken_flow_file_is_named_by_file_line_and_step(tmp_path: Path) -> None:
    status, lines = lint_text(tmp_path, BROKEN)
    assert status == 1
    assert len(lines) == 1
    assert lines[0].startswith("flow.yaml:10: step first: text.lines: ")


def test_a_finding_names_its_line_step_and_rule(tmp_path: Path) -> None:
    status, lines = lint_text(tmp_path, UNREACHABLE)
    assert status == 1
    assert any(line.startswith("flow.yaml:8: step first: unknown-step: ") for line in lines), lines


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    lines: list[str] = []
    assert lint_files([tmp_path / "nothing.yaml"], lines.append) == 1
    assert lines == [f"{tmp_path / 'nothing.yaml'}: cannot be read (FileNotFoundError)"]


def test_the_shipped_flows_are_good() -> None:
    lines: list[str] = []
    assert lint_files(sorted(Path("bot/flows/check_in").glob("*.yaml")), lines.append) == 0
    assert all(line.endswith(": good") for line in lines), lines


def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path: Path) -> None:
    said = mull("run", MULL_PORT="many", MULL_DATA_DIR=str(tmp_path))
    assert said.returncode == 2
    assert said.stderr.startswith("MULL_PORT: ")
    assert (
        mull("migrate", MULL_PROT="8000").stderr.strip()
        == "MULL_PROT: there is no such setting; did you mean MULL_PORT?"
    )


def test_check_says_what_to_do_and_leaves_no_trace(tmp_path: Path) -> None:
    said = mull("check", MULL_DATA_DIR=str(tmp_path / "data"))
    assert said.returncode == 0, said
    assert "`mull run` will make it" in said.stdout
    assert not (tmp_path / "data").exists()


def test_check_ends_with_2_where_something_is_to_be_done(tmp_path: Path) -> None:
    said = mull("check", MULL_DATA_DIR=str(tmp_path), MULL_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert said.returncode == 2
    assert "MULL_SECRET_KEY" in said.stdout


def test_migrate_twice_takes_the_steps_once(tmp_path: Path) -> None:
    first, second = (mull("migrate", MULL_DATA_DIR=str(tmp_path)) for _ in range(2))
    assert first.stdout.startswith("Took the step")
    assert second.stdout == "Already up to date.\n"


def test_a_demo_never_throws_away_what_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("two years of work")
    said = mull("demo", "--data", str(tmp_path), "--port", "0")
    assert said.returncode == 2
    assert (tmp_path / "thesis.txt").exists()
