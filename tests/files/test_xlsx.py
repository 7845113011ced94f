"""Writing large tables as workbooks: typed, filtered, harmless."""

from __future__ import annotations

import tracemalloc
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from desktop_crm.files import xlsx
from desktop_crm.files.reading import read
from desktop_crm.files.xlsx import ColumnSpec, SheetSpec, write_table

COLUMNS = [
    ColumnSpec("姓名"),
    ColumnSpec("手机", "digits"),
    ColumnSpec("消费", "money"),
    ColumnSpec("生日", "day"),
    ColumnSpec("到店", "instant"),
    ColumnSpec("复购率", "ratio"),
    ColumnSpec("次数", "count", 30),
    ColumnSpec("VIP", "number"),
]
ROW = ("王建国", "13805718866", 129_950, date(1985, 5, 15), datetime(2026, 1, 2, 3, 4), 0.316, 7, True)


def test_values_come_back_typed(tmp_path: Path) -> None:
    assert write_table(tmp_path / "a.xlsx", [SheetSpec("客户", COLUMNS, iter([ROW]))]) == 1
    header, row = read(tmp_path / "a.xlsx")[0].rows
    assert header.cells == [column.title for column in COLUMNS]
    assert row.cells == [*ROW[:2], 1299.5, *ROW[3:]]


def test_the_sheet_is_pleasant(tmp_path: Path) -> None:
    write_table(
        tmp_path / "a.xlsx", [SheetSpec("客户", COLUMNS, [ROW] * 3), SheetSpec("关于", facts=[("谁", "=x")])]
    )
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    page = book["客户"]
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:H4")
    assert page["A1"].font.bold
    assert [page.cell(2, place).number_format for place in range(2, 7)] == [
        "@", '"¥"#,##0.00', "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.0%",
    ]  # fmt: skip
    assert page["B2"].data_type == "s"
    assert page.column_dimensions["G"].width == 30
    assert page.column_dimensions["B"].width == 13
    assert page.column_dimensions["B"].number_format == "@"  # for cells that are empty, and rows typed below
    assert page.column_dimensions["D"].number_format == "yyyy-mm-dd"
    assert (book["关于"]["B1"].value, book["关于"]["B1"].data_type) == ("=x", "s")


@pytest.mark.parametrize(
    "text", ["=1+1", "+8613", "-1", "@SUM(A1)", "\t=1", "＝1", "a\x00b_x0041_\ud800", "字" * 40_000]
)
def test_no_text_becomes_a_formula_or_breaks_the_file(tmp_path: Path, text: str) -> None:
    write_table(tmp_path / "a.xlsx", [SheetSpec("x", [ColumnSpec(text[:9])], [(text,)])])
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["x"]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix == (text[0] in "=+-@\t＝")
    (back,) = read(tmp_path / "a.xlsx")[0].rows[1].cells
    assert isinstance(back, str)
    assert back.startswith(text[:1])


def test_what_excel_cannot_hold_goes_out_as_text(tmp_path: Path) -> None:
    row = (date(1899, 1, 1), datetime(1899, 1, 1, 5), 310101199001011234, None)
    columns = [ColumnSpec("a", "day"), ColumnSpec("b", "instant"), ColumnSpec("c", "number"), ColumnSpec("d")]
    write_table(tmp_path / "a.xlsx", [SheetSpec("x", columns, [row])])
    assert read(tmp_path / "a.xlsx")[0].rows[1].cells == [
        "1899-01-01",
        "1899-01-01 05:00:00",
        "310101199001011234",
    ]


def test_more_rows_than_a_sheet_holds_go_on_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "_LAST_ROW", 301)
    rows = ((str(number),) for number in range(600))
    assert write_table(tmp_path / "a.xlsx", [SheetSpec("客户", [ColumnSpec("n")], rows)]) == 600
    sheets = read(tmp_path / "a.xlsx")
    assert [(sheet.name, len(sheet.rows)) for sheet in sheets] == [("客户", 301), ("客户 (2)", 301)]
    assert sheets[1].rows[-1].cells == ["599"]


def test_an_empty_table_still_has_its_header(tmp_path: Path) -> None:
    assert write_table(tmp_path / "a.xlsx", [SheetSpec("客户", COLUMNS), SheetSpec("空")]) == 0
    assert len(read(tmp_path / "a.xlsx")[0].rows) == 1


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peaks = []
    for count in (500, 5000):
        tracemalloc.start()
        write_table(
            tmp_path / "a.xlsx",
            [SheetSpec("x", [ColumnSpec("n")] * 4, (("王建国",) * 4 for _ in range(count)))],
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
