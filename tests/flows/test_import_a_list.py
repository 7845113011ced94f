"""Flow 2: a list is brought, seen row by row, imported, found, and taken back as a whole."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_crm import search
from desktop_crm.shop import Shop
from desktop_crm.ui.data import DataPage
from desktop_crm.ui.main_window import MainWindow
from tests.flows.conftest import Keyboard, quiet

LIST = """姓名,手机,微信,备注
欧阳测试,13911112222,wx_ouyang,新来的
林试一,1.39E+10,,位数丢了
曾试二,139 3333 4444,,
曾试二,13933334444,,同一个人
"""


def customers(shop: Shop) -> int:
    return int(shop.db.value("SELECT count(*) FROM customers WHERE deleted_at IS NULL"))


def test_a_list_is_seen_imported_found_and_taken_back(
    window: MainWindow, keyboard: Keyboard, sample_shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "客户.csv"
    path.write_text(LIST, "utf-8-sig")
    before = customers(sample_shop)
    keyboard.chord(Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    page = window.current_page()
    assert isinstance(page, DataPage)
    page.look_at([path])
    quiet(qtbot, window)
    assert customers(sample_shop) == before

    keyboard.chord(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert customers(sample_shop) == before + 2
    assert [hit.name for hit in search.find(sample_shop, "ouyangceshi").hits] == ["欧阳测试"]
    assert sample_shop.db.value("SELECT count(*) FROM followups WHERE import_id IS NOT NULL") == 0

    keyboard.chord(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert customers(sample_shop) == before
    assert search.find(sample_shop, "ouyangceshi").hits == ()
