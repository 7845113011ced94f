"""Documents as workbooks: the numbers of the paper, as numbers."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop_crm.base.document import (
    BarChart,
    Block,
    Column,
    Document,
    Heading,
    LineChart,
    PageBreak,
    Paragraph,
    Series,
    Share,
    ShareBar,
    Table,
    Tile,
    Tiles,
    Value,
)
from desktop_crm.files.reading import read
from desktop_crm.files.xlsx import document_to_xlsx
from desktop_crm.files.xlsx_document import number_format
from tests.files.documents import month_en, month_zh


def opened(*blocks: Block, title: str = "Title") -> Any:  # openpyxl has no types
    """The workbook of a document of these blocks."""
    document = Document(title, "Shop", blocks, "en", date(2026, 11, 1))
    return openpyxl.load_workbook(io.BytesIO(document_to_xlsx(document)))


def place_of(page: Any, text: str) -> Any:
    """The cell that holds a text."""
    return next(cell for row in page.iter_rows() for cell in row if cell.value == text)


def test_a_sheet_per_section() -> None:
    book = openpyxl.load_workbook(io.BytesIO(document_to_xlsx(month_zh())))
    assert book.sheetnames == ["2026 年 10 月经营报告", "客户分级", "投诉"]
    assert book["投诉"]["A1"].value == "投诉"
    assert len(book["2026 年 10 月经营报告"]._charts) == 1
    assert len(book["客户分级"]._charts) == 2


def test_the_numbers_are_those_of_the_paper_and_are_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(document_to_xlsx(month_zh()))
    found = {
        row.cells[0]: row.cells[1:]
        for sheet in read(tmp_path / "a.xlsx")
        for row in sheet.rows
        if row.cells[0]
    }
    assert found["销售额"] == [412_380, 0.084, "比上月"]
    assert found["复购率"][:2] == [0.316, pytest.approx(1.2)]
    assert found["客户推荐率"] == [0.256, "样本小", 0.194, 0.171, 0.2, "11÷43"]
    assert found["获客成本"] == [61, None, 74, None, 70, "¥2,623÷43"]
    assert found["合计"] == [None, None, 2_487_744, "64 位"]
    assert found["䶮1"] == ["华为 Mate 80 Pro", date(2024, 2, 2), 1234, "生日将近"]


def test_same_document_same_bytes_whenever_it_is_made() -> None:
    first = document_to_xlsx(month_en())
    time.sleep(2.1)  # a zip's clock ticks in steps of two seconds
    assert document_to_xlsx(month_en()) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2026, 11, 1, 0, 0, 0)}
        assert b"2026-11-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_texts_never_become_formulas() -> None:
    page = opened(
        Paragraph("=1+1"),
        Paragraph("=2+2", "=lead:"),
        Table((Column("=head"),), (("=cell",),), "=title", "=note"),
        title="=title",
    ).worksheets[0]
    types = {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
    assert types == {"s"}
    assert place_of(page, "=cell").quotePrefix


def test_formats_tell_the_unit() -> None:
    values = (
        (Value(129_950, "fen"), 1299.5, "¥1,299.50"), (Value(0.316, "ratio"), 0.316, "31.6%"),
        (Value(0.012, "points"), 1.2, "1.2 pts"), (Value(95, "minutes"), 95, "95 min"), (Value(7, "count"), 7, "7"),
        (Value(2.5, "count"), 2.5, "2.50"), (Value(93.54, "score"), 93.54, "93.5"), (Value(3.2, "months"), 3.2, "3.2 months"),
        (Value(40, "days"), 40, "40 days"),
    )  # fmt: skip
    page = opened(Table((Column("x"),), tuple((value,) for value, _number, _shown in values))).worksheets[0]
    cells = [place_of(page, "x").offset(row) for row in range(1, len(values) + 1)]
    assert [cell.value for cell in cells] == pytest.approx([number for _value, number, _shown in values])
    assert [cell.number_format.split(";")[0].replace('"', "") for cell in cells] == [
        "¥#,##0.00", "0.0%", "0.0 pts", "0 min", "#,##0", "#,##0.00", "0.0", "0.0 months", "#,##0 days",
    ]  # fmt: skip
    assert number_format("ratio", signed=True) == "+0.0%;-0.0%;0.0%"
    assert number_format("days", signed=True) == '+#,##0" days";-#,##0" days";#,##0" days"'


def test_one_table_gets_a_filter_and_a_frozen_header() -> None:
    book = opened(
        Heading("Only", 1), Table((Column("a"), Column("b", 1, "right")), ((1, 2), (3, 4)), total=(4, 6))
    )
    assert (book["Only"].auto_filter.ref, book["Only"].freeze_panes) == ("A3:B5", "A4")
    assert book["Only"]["A6"].font.bold
    far = opened(*[Paragraph("x")] * 9, Table((Column("a"),), ((1,),))).worksheets[0]
    assert far.freeze_panes is None
    two = opened(Table((Column("a"),), ((1,),)), Table((Column("a"),), ((1,),))).worksheets[0]
    assert two.auto_filter.ref is None


def test_colours_bold_days_and_long_texts() -> None:
    bad = Value(1, "count", tone="bad", bold=True)
    page = opened(
        Table(
            (Column("a"), Column("b"), Column("c", 1, "left", "day")),
            ((bad, "long " * 20, date(2026, 1, 2)),),
        )
    )
    row = place_of(page.worksheets[0], "a").row + 1
    cells = [page.worksheets[0].cell(row, column) for column in (1, 2, 3)]
    assert (cells[0].font.bold, cells[0].font.color.rgb) == (True, "FFC4320A")
    assert cells[1].alignment.wrap_text
    assert (cells[2].value.date(), cells[2].number_format) == (date(2026, 1, 2), "yyyy-mm-dd")


def test_empty_things_say_so_and_draw_nothing() -> None:
    page = opened(
        PageBreak(),
        Tiles((Tile("a", "Nothing", Value(None, "ratio")),)),
        Table((Column("a"),), (), empty="No complaints."),
        Table((Column("a"),), ()),
        LineChart("Empty", (), (Series("s", ()),)),
        ShareBar("Nobody", (Share("high", 0, "gold"),)),
    ).worksheets[0]
    assert place_of(page, "Nothing").offset(0, 1).value is None
    assert place_of(page, "No complaints.")
    assert place_of(page, "–")
    assert place_of(page, "high").offset(0, 2).value is None
    assert page._charts == []


def test_charts_stand_beside_their_figures() -> None:
    page = opened(
        BarChart("Sales", ("1", "", "3"), Series("this", (1, None, 3)), Series("last", (2, 2, 2)), "per day"),
        LineChart("Rates", ("Jan",), (Series("a", (0.1,), "ratio"), Series("b", (0.2,), "ratio"))),
        ShareBar("Tiers", (Share("high", 1, "gold"), Share("low", 3, "grey"))),
    ).worksheets[0]
    assert len(page._charts) == 3
    head = place_of(page, "this")
    assert [head.offset(row, -1).value for row in (1, 2, 3)] == ["1", "2", "3"]
    assert [head.offset(row).value for row in (1, 2, 3)] == [1, None, 3]
    assert place_of(page, "low").offset(0, 2).value == 0.75
