"""LibreOffice, where it is present, opens exported workbooks and reads the values that were written."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import Order
from desktop_crm.importing.fields import KINDS, Kind
from desktop_crm.shop import Shop

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
_MINUTES = 3 * 60


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not on this machine")
@pytest.mark.parametrize("kind", KINDS)
def test_libreoffice_reads_what_was_written(kind: Kind, lively: Shop, tmp_path: Path) -> None:
    """Its own CSV of the first sheet, unformatted values and texts as they are, says what the workbook says."""
    book = tmp_path / "list.xlsx"
    orders.export(lively, Order(kind, book))
    assert OFFICE is not None
    subprocess.run(
        [OFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1", "--outdir", str(tmp_path), str(book)],
        check=True, capture_output=True, timeout=_MINUTES,
    )  # fmt: skip
    (written,) = tmp_path.glob("list*.csv")
    with written.open(encoding="utf-8-sig", newline="") as file:
        read = [row for row in csv.reader(file) if any(row)]
    page = load_workbook(book).worksheets[0]
    wanted = [[_text(cell) for cell in row] for row in page.iter_rows(values_only=True)]
    assert [[_same(cell) for cell in row] for row in read] == [
        [_same(cell) for cell in row] for row in wanted
    ]


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _same(text: str) -> str:
    """Numbers and days as both programs say them: 5999.0 is 5999, midnight is a day."""
    plain = text.removesuffix(" 00:00:00").removesuffix(":00") if text[:4].isdigit() else text
    try:
        return f"{float(plain):g}" if "." in plain else plain
    except ValueError:
        return plain
