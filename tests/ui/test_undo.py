"""Ctrl+Z and Ctrl+Y of the window: whose they are, what they say, and what stayed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import customers
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.main_window import MainWindow
from desktop_crm.ui.page import PageSpec
from desktop_crm.ui.step_details import LeftDialog
from desktop_crm.ui.undo import has_own
from tests.ui.conftest import Windows
from tests.ui.pages import HERE, NamePage
from tests.ui.test_data import names
from tests.ui.test_history import words

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(make_window: Windows, qtbot: QtBot) -> MainWindow:
    made = make_window((PageSpec("names", "Names", f"{HERE}:NamePage"),))
    with qtbot.waitActive(made):
        made.show()
    made.go_to("names")
    settle(made, qtbot)
    return made


def settle(window: MainWindow, qtbot: QtBot) -> None:
    for _again in range(3):
        qtbot.waitUntil(lambda: not window.jobs.is_busy)
        qtbot.wait(1)


def test_the_buttons_name_the_step(window: MainWindow, shop: Shop, qtbot: QtBot) -> None:
    back, again = window.undoing._back, window.undoing._again
    assert (back.isEnabled(), again.isEnabled()) == (False, False)
    assert back.accessibleName() == "Nothing to undo today"
    customers.add(shop, CustomerDraft(name="张三"))
    window.reload()
    settle(window, qtbot)
    assert back.toolTip().startswith("Undo: Add customer 张三")
    back.click()
    settle(window, qtbot)
    assert names(shop) == []
    assert window.messages.shown == "Undone: Add customer 张三"
    assert (back.isEnabled(), again.accessibleName()) == (False, "Redo: Add customer 张三")
    again.click()
    settle(window, qtbot)
    assert names(shop) == ["张三"]
    assert window.messages.shown == "Done again: Add customer 张三"


def test_where_there_is_nothing_the_reason_is_said(window: MainWindow, qtbot: QtBot) -> None:
    window.undo()
    settle(window, qtbot)
    assert "There is nothing to undo" in window.messages.shown
    window.undoing.show_left()
    assert window.findChild(LeftDialog) is None


def test_what_stayed_is_listed_by_a_key(window: MainWindow, shop: Shop, qtbot: QtBot) -> None:
    key = customers.add(shop, CustomerDraft(name="张三", phones=(PhoneDraft("13800000001"),)))
    mine = shop.at_counter(7)
    customers.edit(shop, key, address="a", wechat="b", occupation="c")
    customers.edit(mine, key, address="x", wechat="y")
    window.undo()
    settle(window, qtbot)
    assert window.messages.shown == (
        "Undone: Edit customer 张三. 2 things stayed as they are, because of what was done since."
    )
    QTest.keyClick(window, Qt.Key.Key_D, CTRL)
    dialog = window.findChild(LeftDialog)
    assert dialog is not None
    told = "Customer card “张三”: Address was changed to x by somebody at 10:00 and stays so."
    assert told in words(dialog)
    dialog.reject()


def test_an_undo_that_does_nothing_says_what_is_in_its_way(
    window: MainWindow, shop: Shop, qtbot: QtBot
) -> None:
    key = customers.add(shop, CustomerDraft(name="张三"))
    customers.edit(shop, key, address="a")
    customers.edit(shop.at_counter(7), key, address="b")
    window.undo()
    settle(window, qtbot)
    assert "Address was changed to b" in window.messages.shown
    QTest.keyClick(window, Qt.Key.Key_D, CTRL)
    dialog = window.findChild(LeftDialog)
    assert dialog is not None
    dialog.reject()


def test_an_empty_field_leaves_the_keys_to_the_shop(window: MainWindow, shop: Shop, qtbot: QtBot) -> None:
    customers.add(shop, CustomerDraft(name="张三"))
    page = window.current_page()
    assert isinstance(page, NamePage)
    page.field.setFocus()
    QTest.keyClicks(page.field, "abc")
    QTest.keyClick(page.field, Qt.Key.Key_Z, CTRL)
    settle(window, qtbot)
    assert (page.field.text(), names(shop)) == ("", ["张三"])
    QTest.keyClick(page.field, Qt.Key.Key_Y, CTRL)
    settle(window, qtbot)
    assert (page.field.text(), names(shop)) == ("abc", ["张三"])
    QTest.keyClick(page.field, Qt.Key.Key_Z, CTRL)
    QTest.keyClick(page.field, Qt.Key.Key_Z, CTRL)
    settle(window, qtbot)
    assert (page.field.text(), names(shop)) == ("", [])
    page.field.clear()
    page.setFocus()
    window.search.setFocus()
    QTest.keyClick(window.search, Qt.Key.Key_Y, CTRL)
    settle(window, qtbot)
    assert names(shop) == ["张三"]


def test_every_kind_of_text_field_is_asked(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    line, note, box = QLineEdit(), QPlainTextEdit(), QComboBox()
    box.setEditable(True)
    column = QVBoxLayout(holder)
    for field in (line, note, box):
        column.addWidget(field)
        assert (has_own(field, "undo"), has_own(field, "redo")) == (False, False)
        QTest.keyClicks(field, "a")
        assert has_own(field, "undo")
        typed = box.lineEdit() if field is box else field
        assert isinstance(typed, (QLineEdit, QPlainTextEdit))
        typed.undo()
        assert (has_own(field, "undo"), has_own(field, "redo")) == (False, True)
    assert not has_own(holder, "undo")
