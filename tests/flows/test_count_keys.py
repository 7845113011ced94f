"""How many keys a clerk's frequent tasks take, beyond what has to be typed; played in the real window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_crm import customers, purchases
from desktop_crm.shop import Shop
from desktop_crm.ui.main_window import MainWindow
from tests.flows.conftest import Keyboard, quiet

Key = Qt.Key
IMEI = "352041000000008"


def type_text(text: str, qtbot: QtBot, window: MainWindow) -> None:
    """Type what has to be typed anyhow; not counted."""
    for letter in text:
        QTest.keyClicks(QApplication.focusWidget() or window, letter)
    quiet(qtbot, window)


def test_a_new_customer_with_a_number_takes_three_chords(
    window: MainWindow, keyboard: Keyboard, sample_shop: Shop, qtbot: QtBot
) -> None:
    keyboard.chord(Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    type_text("Anna Berg", qtbot, window)
    keyboard.press(Key.Key_Tab)
    type_text("13999990001", qtbot, window)
    keyboard.chord(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [each.name for each in customers.by_phone(sample_shop, "13999990001")] == ["Anna Berg"]
    assert keyboard.pressed == 5, "Ctrl and N, Tab, Ctrl and Enter"


def test_a_number_searched_for_in_vain_is_a_new_customer_in_four_keys(
    window: MainWindow, keyboard: Keyboard, sample_shop: Shop, qtbot: QtBot
) -> None:
    type_text("13999990002", qtbot, window)
    keyboard.chord(Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    type_text("Bo Lind", qtbot, window)
    keyboard.chord(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [each.name for each in customers.by_phone(sample_shop, "13999990002")] == ["Bo Lind"]
    assert keyboard.pressed <= 4


def test_a_sale_by_scanned_imei_is_f2_scan_price_enter(
    window: MainWindow, keyboard: Keyboard, sample_shop: Shop, qtbot: QtBot
) -> None:
    before = purchases.latest(sample_shop, 1)[0].purchase.id
    keyboard.press(Key.Key_F2)
    type_text(IMEI, qtbot, window)
    QTest.keyClick(QApplication.focusWidget() or window, Key.Key_Return)  # the scanner sends it
    quiet(qtbot, window)
    type_text("5799", qtbot, window)
    keyboard.press(Key.Key_Return)
    sale = purchases.latest(sample_shop, 1)[0]
    assert sale.purchase.id > before
    assert sale.lines[0].imei == IMEI
    assert sale.lines[0].amount_fen == 579_900
    assert keyboard.pressed == 2
