"""Every program lived through by a class, played again; `pytest --update-transcripts` rewrites what Mull says."""

import asyncio
import re
import shutil
from difflib import unified_diff
from pathlib import Path

import pytest

from bot.flows.library import flows
from bot.storage.database import open_database
from tests.programs.transcripts import play

FOLDER = Path(__file__).parent.parent / "transcripts"
PROGRAMS = ("habit-of-week", "peer-exchange", "check-in-program")
FILES = sorted(file for program in PROGRAMS for file in (FOLDER / program).glob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.stem}" for file in FILES])
def test_a_group_lives_through_it_as_written(
    file: Path, sqlite_with_tables: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source = file.read_text("utf-8")
    played = asyncio.run(on_stage(source, f"sqlite:///{shutil.copy(sqlite_with_tables, tmp_path / 'mull.db')}"))
    if request.config.getoption("--update-transcripts"):
        file.write_text(played, "utf-8")
    elif played != source:
        lines = unified_diff(source.splitlines(), played.splitlines(), "as written", "as it runs", lineterm="", n=5)
        pytest.fail("\n".join([f"{file.parent.name}/{file.name}", *lines]), pytrace=False)


async def on_stage(source: str, url: str) -> str:
    """Play a transcript on a database of its own."""
    database = open_database(url)
    try:
        return await play(source, database)
    finally:
        await database.close()


def test_every_flow_of_a_program_is_heard_in_two_transcripts_or_more() -> None:
    written = [" ".join(file.read_text("utf-8").split()) for file in FILES]
    for document in flows().values():
        if document.begun_by == "program":
            said = re.findall(r'"say":"(.*?)"[,}]', document.to_json())
            pieces = [longest_plain_piece(sentence) for sentence in said]
            heard = [text for text in written if any(piece in text for piece in pieces)]
            assert len(heard) >= 2, document.flow


def longest_plain_piece(sentence: str) -> str:
    """Find the longest part of a sentence that is the same for everybody."""
    return max(re.split(r"\{[^}]*\}", sentence), key=len).strip()
