"""`mull lint`."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.core.errors import DocumentError
from bot.flows.document import line_of_step
from bot.flows.findings import Finding
from bot.flows.library import packs, read
from bot.flows.lint import lint

GOOD, WRONG = 0, 1


def lint_files(files: Sequence[Path], show: Callable[[str], None]) -> int:
    """Check flow files and show each finding as `file:line: step: …`; answer the exit status."""
    return max([_lint_file(file, show) for file in files], default=GOOD)


def _lint_file(file: Path, show: Callable[[str], None]) -> int:
    try:
        source = file.read_text("utf-8")
        document = read(source, str(file))
    except DocumentError as fault:
        show(str(fault))
        return WRONG
    except (OSError, UnicodeDecodeError) as fault:
        show(f"{file}: cannot be read ({type(fault).__name__})")
        return WRONG
    findings = lint(document, packs())
    for finding in findings:
        show(f"{file}:{_where(source, finding)}: {finding.rule}: {finding.message}")
    if not findings:
        show(f"{file}: good")
    return WRONG if any(finding.is_error for finding in findings) else GOOD


def _where(source: str, finding: Finding) -> str:
    if finding.step_index is None:
        return "1"
    return f"{line_of_step(source, finding.step_index)}: step {finding.step_id}"
