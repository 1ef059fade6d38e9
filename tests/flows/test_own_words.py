"""Every sentence that ships is our own: no six words in a row stand in the documents that the ideas came from."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.flows.lint_words import HABITS

ROOT = Path(__file__).parents[2]
SOURCES = ROOT.parent / "shared/seeds"
"""The documents themselves may not be passed on, so they lie beside the repository or nowhere."""

RUN = 6
TITLES = (
    "Learning and Leading with Habits of Mind: 16 Essential Characteristics for Success",
    "Learning and Leading with Habits of Mind",
    "Students at the Center: Personalized Learning with Habits of Mind",
    "Learning Personalized: The Evolution of the Contemporary Classroom",
    "Learning Personalized",
)
SHIPPED = [
    *sorted((ROOT / "bot/flows").rglob("*.yaml")),
    ROOT / "bot/flows/phrases.py",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "README.md",
]


def words(text: str) -> list[str]:
    """List the words of a text in small letters, however it writes its apostrophes."""
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)*", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


EXEMPT = [re.compile(rf"\b{' '.join(words(name))}\b") for name in (*TITLES, *HABITS)]


def runs(texts: Iterable[str]) -> set[str]:
    """Collect all runs of six words, names of habits and titles of books left out."""
    found = set()
    for text in texts:
        joined = " ".join(words(text))
        for name in EXEMPT:
            joined = name.sub("|", joined)
        for part in joined.split("|"):
            here = part.split()
            found |= {" ".join(here[n : n + RUN]) for n in range(len(here) - RUN + 1)}
    return found


def texts_in(file: Path) -> Iterator[str]:
    """Give each text of a file by itself: YAML values, strings in Python, paragraphs of anything else."""
    source = file.read_text("utf-8")
    if file.suffix == ".yaml":
        yield from _values(yaml.safe_load(source))
    elif file.suffix == ".py":
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    else:
        yield from re.split(r"\n\s*\n", source)


def _values(tree: Any) -> Iterator[str]:
    match tree:
        case dict():
            for value in tree.values():
                yield from _values(value)
        case list():
            for value in tree:
                yield from _values(value)
        case str():
            yield tree


@pytest.fixture(scope="module")
def foreign() -> set[str]:
    """Collect the runs of six words of all source documents."""
    files = sorted(SOURCES.glob("*.txt"))
    if not files:
        pytest.skip(f"the source documents may not be passed on and are not in {SOURCES}")
    return runs(text for file in files for text in texts_in(file))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.relative_to(ROOT)))
def test_it_is_in_our_own_words(file: Path, foreign: set[str]) -> None:
    assert runs(texts_in(file)) & foreign == set()


def test_all_that_ships_is_looked_at() -> None:
    named = {file.name for file in SHIPPED}

    assert {"weekly-check-in.yaml", "ways_of_working.yaml", "01_persisting.yaml", "phrases.py", "README.md"} <= named
    assert all(any(runs(texts_in(file))) for file in SHIPPED if file.parent.name != "packs")


@pytest.mark.parametrize(
    ("mine", "theirs", "shared"),
    [
        (
            "Here we ask one more question today.",
            "And here: we ask one\nmore QUESTION!",
            {"here we ask one more question"},
        ),
        ("we don\u2019t ask one more question", "We don't ask one more question.", {"we don't ask one more question"}),
        ("Here we ask one more.", "Here we ask one more.", set()),
        ("is Thinking flexibly here so far good", "is thinking flexibly here so far good", set()),
        (f"See {TITLES[0]}.", f"see {TITLES[0]}", set()),
    ],
)
def test_a_run_of_six_words_is_found(mine: str, theirs: str, shared: set[str]) -> None:
    assert runs([mine]) & runs([theirs]) == shared


def test_a_run_does_not_reach_from_one_text_into_the_next() -> None:
    assert runs(["one two three", "four five six"]) == set()
    assert runs(["one two three four five six"]) == {"one two three four five six"}
