"""Flow 4: the owner looks at October and gets on paper exactly what was on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from desktop_crm import kpis
from desktop_crm.base.dates import parse_period
from desktop_crm.files import pdf
from desktop_crm.reports import monthly
from desktop_crm.shop import Shop
from desktop_crm.ui.main_window import MainWindow
from desktop_crm.ui.reports import ReportsPage
from tests.flows.conftest import Keyboard, quiet


def test_the_saved_paper_is_the_one_on_the_screen(
    window: MainWindow,
    keyboard: Keyboard,
    sample_shop: Shop,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keyboard.chord(Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    page = window.current_page()
    assert isinstance(page, ReportsPage)
    quiet(qtbot, window)
    october = parse_period("2026-10")
    document = monthly.make(sample_shop, october, language="en")  # before saving moves the audit trail on
    for ending, key in ((".pdf", Qt.Key.Key_S), (".xlsx", Qt.Key.Key_E)):
        out = str(tmp_path / f"october{ending}")
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, chosen=out, **_k: (chosen, ""))
        keyboard.chord(key, Qt.KeyboardModifier.ControlModifier)
    assert (tmp_path / "october.pdf").read_bytes() == pdf.document_to_pdf(document)
    assert pdf.pages((tmp_path / "october.pdf").read_bytes()) > 1

    net_fen = kpis.all(sample_shop, october)["net_sales"].value
    assert net_fen is not None
    book = load_workbook(tmp_path / "october.xlsx")
    numbers = {
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "n"
    }
    assert round(net_fen) / 100 in numbers
