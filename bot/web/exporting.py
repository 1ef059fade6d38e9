"""Answers as files, written row by row as they are read: CSV, JSON, XLSX. Nothing in them is a formula.

A spreadsheet runs what begins like a formula, also from a file of plain text, so that such words get an apostrophe
before them (https://owasp.org/www-community/attacks/CSV_Injection). JSON keeps them as they were said.
"""

import asyncio
import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter

from bot.storage.exports import ExportRow
from bot.web.making_files import Chunks

COLUMNS = ("name", "when", "questions", "question", "answer", "skipped", "late", "changed")
HEADS = ("Name", "When", "Questions", "Question", "Answer", "Skipped", "Late", "Changed")
WIDTHS = (20, 18, 24, 40, 70, 8, 8, 18)
SIGNS = r"=+\-@\u2212\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
"""What begins a formula, also as wide and small forms, which some spreadsheets read alike."""

GAPS = (
    r" \x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    r"\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f"
)
"""What nobody sees before it, and spreadsheets leave out."""

BEGINS = re.compile(rf"[{GAPS}]*[{SIGNS}|%\t\r\n]")
"""What a spreadsheet may read as the beginning of a formula or a command."""

BEGINS_INSIDE = re.compile(rf"[;\t\r\n](?=[{GAPS}]*[{SIGNS}])")
"""The same where it takes a semicolon, as in half of Europe, or a line for the end of a cell."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """How rows are written: the titles of flows, by id, and the zone in which moments are named."""

    titles: Mapping[str, str]
    zone: ZoneInfo

    def cells(self, row: ExportRow) -> tuple[str, ...]:
        """Write one answer as words, in the order of the columns."""
        return (
            row.name,
            self._when(row.answered_at),
            self.titles.get(row.flow, row.flow),
            row.asked,
            row.said,
            "yes" if row.is_skipped else "",
            "yes" if row.is_late else "",
            self._when(row.edited_at) if row.edited_at else "",
        )

    def _when(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"


async def write_csv(path: Path, chunks: Chunks, sheet: Sheet) -> None:
    """Write a table of plain text; by the mark at its beginning, spreadsheets know that it is UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADS)
        async for rows in chunks:
            lines.writerows(map(harmless, sheet.cells(row)) for row in rows)


async def write_json(path: Path, chunks: Chunks, sheet: Sheet) -> None:
    """Write a list of objects, one to a line, with words as they were said."""
    before = "[\n"
    with path.open("w", encoding="utf-8") as file:
        async for rows in chunks:
            for row in rows:
                said = dict(zip(COLUMNS, sheet.cells(row), strict=True))
                file.write(before + json.dumps(said, ensure_ascii=False))
                before = ",\n"
        file.write("[]\n" if before == "[\n" else "\n]\n")


async def write_xlsx(path: Path, chunks: Chunks, sheet: Sheet) -> None:
    """Write a workbook, row after row to the disk and beside whatever else goes on; every cell is text."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
    page, wrapped = book.add_worksheet("Answers"), book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width, wrapped)
    page.freeze_panes(1, 1)
    line = _write(page.write_string, 0, [HEADS])
    async for rows in chunks:
        line = await asyncio.to_thread(_write, page.write_string, line, [sheet.cells(row) for row in rows])
    await asyncio.to_thread(book.close)


def harmless(cell: str) -> str:
    """Put an apostrophe before words that a spreadsheet would run."""
    kept = cell.replace("\0", "")
    if BEGINS_INSIDE.search(kept):
        kept = BEGINS_INSIDE.sub(r"\g<0>'", kept)
    return f"'{kept}" if BEGINS.match(kept) else kept


def _write(write: Callable[[int, int, str], int], first: int, rows: Iterable[Sequence[str]]) -> int:
    """Write rows as text, which makes no formula and no link, from a line on; answer which line comes next.

    An empty cell costs as much time as a full one, and four of ten are: they are left out.
    """
    line = first
    for cells in rows:
        for column, cell in enumerate(cells):
            if cell:
                write(line, column, cell)
        line += 1
    return line
