"""Every conversation in tests/transcripts, played again. `pytest --update-transcripts` rewrites what the bot says."""

from difflib import unified_diff
from pathlib import Path

import pytest

from bot.flows.library import flows, packs
from bot.flows.lint import lint
from tests.flows.transcripts import FOLDER, documents, play

PROGRAMS = {"check-in-program", "habit-of-week", "peer-exchange"}
"""Played by tests/programs."""

FILES = sorted(file for file in FOLDER.glob("[!_]*/*.txt") if file.parent.name not in PROGRAMS)


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.stem}" for file in FILES])
def test_a_conversation_goes_as_written(file: Path, request: pytest.FixtureRequest) -> None:
    source = file.read_text("utf-8")
    played = play(source)
    if request.config.getoption("--update-transcripts"):
        file.write_text(played, "utf-8")
    elif played != source:
        lines = unified_diff(source.splitlines(), played.splitlines(), "as written", "as it runs", lineterm="", n=5)
        pytest.fail("\n".join([f"{file.parent.name}/{file.name}", *lines]), pytrace=False)


def test_every_shipped_flow_has_two_transcripts_or_more() -> None:
    for flow in (name for name, document in flows().items() if document.begun_by == "anybody"):
        assert len(list((FOLDER / flow).glob("*.txt"))) >= 2, flow


def test_the_flows_made_for_transcripts_are_sound_but_for_the_circle() -> None:
    broken = {doc.flow for doc in documents() if any(finding.is_error for finding in lint(doc, packs()))}
    assert broken == {"circle"}
