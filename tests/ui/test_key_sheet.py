"""F1: every key of every page stands on the sheet, and the sheet prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_crm.base.document import Table, Value
from desktop_crm.reports import keys as paper
from desktop_crm.reports import output
from desktop_crm.shop import Shop
from desktop_crm.ui.key_sheet import KeySheet, key_groups
from desktop_crm.ui.main_window import ACTIONS, PAGES, MainWindow
from desktop_crm.ui.page import resolve
from tests.flows.conftest import quiet, window

__all__ = ["window"]


@pytest.mark.parametrize("key", [page.key for page in PAGES])
def test_every_key_of_a_page_stands_on_the_sheet(window: MainWindow, qtbot: QtBot, key: str) -> None:
    customer = window.jobs.shop.db.value("SELECT min(id) FROM customers") if key == "card" else None
    window.go_to(key, customer)
    quiet(qtbot, window)
    page = window.current_page()
    assert page is not None
    bound = {shortcut.key().toString() for shortcut in page.findChildren(QShortcut)}
    assert bound - {QKeySequence(name).toString() for name, _text in page.keys} == set()


def test_the_open_page_comes_right_after_what_begins_anywhere() -> None:
    titles = [title for title, _keys in key_groups(PAGES, ACTIONS, "reports")]
    assert titles[:3] == ["Begin", "On the page Reports", "Everywhere"]
    assert len(titles) == len(set(titles)) == 4 + sum(bool(resolve(page.place).keys) for page in PAGES)


def test_the_sheet_prints(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(KeySheet)
    assert sheet is not None
    qtbot.waitUntil(sheet.isVisible)
    target = tmp_path / "keys.pdf"
    sheet.save_as(target)
    qtbot.waitUntil(target.exists)
    quiet(qtbot, window)
    assert 1 <= len(output.page_images(target.read_bytes(), 20)) <= 4
    sheet.reject()


def test_a_group_of_one_key_and_of_many(shop: Shop) -> None:
    document = paper.make(
        shop, [("Begin", [("F2", "Sale")]), ("Go to", [("Alt 1", "a"), ("Alt 2", "b"), ("Alt 3", "c")])]
    )
    tables = [block for block in document.blocks if isinstance(block, Table)]
    cells = [
        [cell.value if isinstance(cell, Value) else cell for cell in row]
        for table in tables
        for row in table.rows
    ]
    assert cells == [["F2", "Sale", "", ""], ["Alt 1", "a", "Alt 3", "c"], ["Alt 2", "b", "", ""]]
