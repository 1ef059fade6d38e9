"""Hostile words in files taken along: no cell is a formula, none is a link, every word is there."""

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.exporting import COLUMNS, harmless, write_csv, write_json, write_xlsx
from tests.hostile import FORMULAS, HOSTILE
from tests.programs.group import CLASS
from tests.stage import ADA
from tests.web.hostile import hostile_school
from tests.web.house import Stage, submit
from tests.web.test_export import SHEET, a_row, chunks_of

SEPARATORS = re.compile("[;\t\r\n]")
"""What begins the next cell or line where a spreadsheet was told of another separator, as in half of Europe."""

ROWS = [
    replace(a_row(number), name=text, asked=text, said=text, flow=text) for number, text in enumerate(HOSTILE.values())
]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ESCAPED = re.compile("_x([0-9A-F]{4})_")


def runs(cell: str) -> bool:
    """Say whether a spreadsheet might run a cell, whatever nobody sees before its first sign."""
    seen = next((sign for sign in cell if not sign.isspace() and unicodedata.category(sign)[0] != "C"), "")
    return unicodedata.normalize("NFKC", seen) in ("=", "+", "-", "@", "\N{MINUS SIGN}")


def parts_that_run(cells: Iterable[str]) -> list[str]:
    """List the cells that a spreadsheet might run, in whole or where it parts them."""
    return [cell for cell in cells if any(map(runs, SEPARATORS.split(cell))) or cell.startswith(("\t", "\r", "\n"))]


def lines_of(table: str) -> list[list[str]]:
    """Read a table as a program does."""
    return list(csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline="")))


def read_workbook(workbook: bytes) -> list[list[str]]:
    """Read a workbook's cells; each must be text, and nothing in it a formula or a link."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        names = parts.namelist()
        trees = {name: ElementTree.fromstring(parts.read(name)) for name in names}  # noqa: S314 - our own
    assert not [name for name in names if "external" in name.casefold() or "vba" in name.casefold()]
    relations = [one.attrib for name, tree in trees.items() if name.endswith(".rels") for one in tree]
    assert not [one for one in relations if "hyperlink" in one["Type"] or one.get("TargetMode") == "External"]
    sheet = trees["xl/worksheets/sheet1.xml"]
    assert not [one.tag for one in sheet.iter() if one.tag in (f"{MAIN}f", f"{MAIN}hyperlink", f"{MAIN}hyperlinks")]
    assert {cell.get("t") for cell in sheet.iter(f"{MAIN}c")} == {"inlineStr"}
    return [list(_cells(row)) for row in sheet.iter(f"{MAIN}row")]


def _cells(row: ElementTree.Element) -> Iterator[str]:
    for cell in row.iter(f"{MAIN}c"):
        text = "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
        yield ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


async def test_no_cell_of_a_table_runs_in_any_spreadsheet(tmp_path: Path) -> None:
    await write_csv(tmp_path / "a.csv", chunks_of(*ROWS), SHEET)
    table = (tmp_path / "a.csv").read_bytes().decode()
    head, *rows = lines_of(table)
    assert len(rows) == len(ROWS)
    for row, (name, text) in zip(rows, HOSTILE.items(), strict=True):
        assert len(row) == len(head)
        assert parts_that_run(row) == [], name
        assert {cell.replace("'", "") for cell in (row[0], row[2], row[3], row[4])} == {text.replace("'", "")}


@pytest.mark.parametrize("name", [name for name in FORMULAS if name != "after a quotation mark"])
def test_each_way_to_begin_a_formula_gets_its_apostrophe(name: str) -> None:
    assert "'" in harmless(FORMULAS[name]).replace("cmd|' /C calc'", "")


@pytest.mark.parametrize(
    "text", ["", "a = b", "3 - 2", "e-mail", "the map; and the gate", "“=” is a sign", "two\nlines"]
)
def test_other_words_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@given(st.text(st.sampled_from("=+-@|%;\t\r\n \ufeff\u200b\u00a0＝＋ab'\"\0"), max_size=20))
def test_whatever_stands_before_it_no_cell_begins_like_a_formula(text: str) -> None:
    safe = harmless(text)
    assert parts_that_run([safe]) == []
    assert safe.replace("'", "") == text.replace("\0", "").replace("'", "")


def test_a_text_of_nothing_but_gaps_takes_no_time() -> None:
    assert harmless("\n" * 10_000 + "a") == "'" + "\n" * 10_000 + "a"
    assert harmless("a" + "; " * 5_000) == "a" + "; " * 5_000


async def test_every_cell_of_a_workbook_is_the_text_that_was_written(tmp_path: Path) -> None:
    await write_xlsx(tmp_path / "a.xlsx", chunks_of(*ROWS), SHEET)
    _, *rows = read_workbook((tmp_path / "a.xlsx").read_bytes())
    assert [row[4] for row in rows] == list(HOSTILE.values())


async def test_data_is_what_was_written(tmp_path: Path) -> None:
    await write_json(tmp_path / "a.json", chunks_of(*ROWS), SHEET)
    found = json.loads((tmp_path / "a.json").read_bytes())
    assert [[one[name] for name in ("name", "questions", "question", "answer")] for one in found] == [
        [text] * 4 for text in HOSTILE.values()
    ]
    assert all(tuple(one) == COLUMNS for one in found)


async def test_a_hostile_school_is_taken_along_in_each_form(stage: Stage) -> None:
    school = await hostile_school(stage)
    ada = await stage.signed_in(ADA)

    async def take(kind: str) -> httpx.Response:
        page = await ada.get(f"/groups/{CLASS}/export")
        file = await submit(ada, page, "", kind=kind, flow="", days="")
        assert re.fullmatch(r'attachment; filename="answers-[\d-]+\.\w+"', file.headers["content-disposition"])
        assert file.headers["x-content-type-options"] == "nosniff"
        return file

    data = [one["answer"] for one in json.loads((await take("json")).content)]
    table = [row[4] for row in lines_of((await take("csv")).content.decode())[1:]]
    book = [row[4] for row in read_workbook((await take("xlsx")).content)[1:] if len(row) > 4]
    assert len(data) == len(table) > len(HOSTILE)
    assert [cell.replace("'", "") for cell in table] == [one.replace("'", "") for one in data]
    assert parts_that_run(table) == []
    assert set(book) >= {text.strip().replace("\r\n", "\n") for text in HOSTILE.values()} - {""}
    assert school.said
