"""Judge files that hold only parts of flows: a flow is made around them, and each finding goes back to its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.flows.document import Document
from bot.flows.findings import Rule
from bot.flows.lint import lint
from bot.flows.pack import Pack

Path: TypeAlias = tuple[str | int, ...]
"""Where something stands in a file: its keys, and its numbers in lists."""

WHOLE = frozenset({Rule.FORWARD, Rule.BUILDS_ON})
"""Rules that speak of a flow as a whole, though a finding may name a step."""

BESIDE = ["Something else", "Something new"]
"""Options that make a fair menu of one."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What is wrong with one part of a file."""

    path: Path
    rule: Rule
    message: str
    is_error: bool = False


def judge(parts: Sequence[tuple[Path, dict[str, Any]]], band: str) -> list[Placed]:
    """Lint steps as one flow for an age band; each comes with its place in the file."""
    document = Document.model_validate(
        {
            "flow": "parts",
            "title": "Parts",
            "band": band,
            "settings": ["class"],
            "exercises": {"attributes": ["voice"], "phases": ["notice"]},
            "fallbacks": {"task": "your work"},
            "steps": [{"id": f"part_{n}", **step} for n, (_, step) in enumerate(parts)],
        }
    )
    return [
        Placed(parts[found.step_index][0], found.rule, found.message, found.is_error)
        for found in lint(document, {})
        if found.step_index is not None and found.rule not in WHOLE
    ]


def lint_pack(pack: Pack) -> list[Placed]:
    """Judge a pack: each option alone, then the menu they make."""
    options = [option.model_dump() for option in pack.options]
    parts: list[tuple[Path, dict[str, Any]]] = [
        (("options", n), _menu([option, *BESIDE])) for n, option in enumerate(options)
    ]
    found = judge([*parts, (("options",), _menu(options))], "11-13")
    told = {(one.rule, one.message) for one in found if one.path != ("options",)}
    return [one for one in found if one.path != ("options",) or (one.rule, one.message) not in told]


def _menu(options: list[Any]) -> dict[str, Any]:
    return {"ask": "What did you try first today?", "choice": {"options": options, "own": True, "none": True}}
