"""Writing separated text."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from desktop_crm.base.document import Scalar
from desktop_crm.files.csv_out import write_csv
from desktop_crm.files.reading import read
from desktop_crm.files.xlsx import ColumnSpec

COLUMNS = [
    ColumnSpec("姓名"),
    ColumnSpec("手机", "digits"),
    ColumnSpec("消费", "money"),
    ColumnSpec("数", "count"),
]


def test_values_are_plain_and_formulas_harmless(tmp_path: Path) -> None:
    rows: list[tuple[Scalar | datetime, ...]] = [
        ("=cmd|' /C calc'!A0", "+8613805718866", -123_05, 7),
        ("王\x00\n建国", None, 5, 0.25),
        (date(2024, 1, 2), datetime(2024, 1, 2, 3, 4), 100, -1),
    ]
    path = tmp_path / "a.csv"
    assert write_csv(path, COLUMNS, rows) == 3
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.read_bytes().decode("utf-8-sig") == (
        "姓名,手机,消费,数\r\n'=cmd|' /C calc'!A0,'+8613805718866,-123.05,7\r\n"
        '"王\n建国",,0.05,0.25\r\n2024-01-02,2024-01-02 03:04,1.00,-1\r\n'
    )


def test_gb18030_on_request(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", COLUMNS, [("㐂䶮𠮷", "1", 1, 1)], encoding="gb18030")
    assert read(tmp_path / "a.csv")[0].rows[1].cells[0] == "㐂䶮𠮷"


def test_a_row_of_the_wrong_length_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zip"):
        write_csv(tmp_path / "a.csv", COLUMNS, [("x",)])
    assert list(tmp_path.iterdir()) == []
