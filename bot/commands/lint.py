"""`mull lint`."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.core.errors import DocumentError
from bot.flows import lint_parts
from bot.flows.habit_of_week.habits import parse_habit
from bot.flows.habit_of_week.lint import lint_habit
from bot.flows.library import packs, read
from bot.flows.lint import lint
from bot.flows.pack import parse_pack
from bot.flows.source import keys_of, line_of

GOOD, WRONG = 0, 1


class Told(NamedTuple):
    """One finding as it is shown."""

    line: str
    is_error: bool


def lint_files(files: Sequence[Path], show: Callable[[str], None]) -> int:
    """Check flows, packs and habits, and show each finding as `file:line: where: rule: …`; answer the exit status."""
    return max([_lint_file(file, show) for file in files], default=GOOD)


def _lint_file(file: Path, show: Callable[[str], None]) -> int:
    try:
        source = file.read_text("utf-8")
        found = list(_findings(source, str(file)))
    except DocumentError as fault:
        show(str(fault))
        return WRONG
    except (OSError, UnicodeDecodeError) as fault:
        show(f"{file}: cannot be read ({type(fault).__name__})")
        return WRONG
    for told in found:
        show(told.line)
    if not found:
        show(f"{file}: good")
    return WRONG if any(told.is_error for told in found) else GOOD


def _findings(source: str, name: str) -> Iterator[Told]:
    """Tell by its keys what a file is, and judge it as that."""
    keys = keys_of(source)
    if "flow" not in keys and "habit" in keys:
        yield from _placed(source, name, lint_habit(parse_habit(source, name)))
    elif "flow" not in keys and "pack" in keys:
        yield from _placed(source, name, lint_parts.lint_pack(parse_pack(source, name)))
    else:
        for found in lint(read(source, name), packs()):
            at = found.step_index
            where = "1" if at is None else f"{line_of(source, 'steps', at)}: step {found.step_id}"
            yield Told(f"{name}:{where}: {found.rule}: {found.message}", found.is_error)


def _placed(source: str, name: str, findings: Sequence[lint_parts.Placed]) -> Iterator[Told]:
    for found in findings:
        where = " ".join(str(part + 1) if isinstance(part, int) else part for part in found.path)
        line = f"{name}:{line_of(source, *found.path)}: {where}: {found.rule}: {found.message}"
        yield Told(line, found.is_error)
