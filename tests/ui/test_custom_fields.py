"""Own fields in Settings, by keys alone: defined, changed, moved, retired."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import custom_fields, customers, history
from desktop_crm.customers import CustomerDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.custom_fields import FieldForm, FieldsSection
from desktop_crm.ui.page import Desk
from desktop_crm.ui.settings import SettingsPage

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(desk: Desk, shown: Callable[[QWidget], None], qtbot: QtBot) -> SettingsPage:
    """Settings, at the own fields."""
    made = SettingsPage(desk)
    made.resize(1150, 700)
    made.open("fields")
    shown(made)
    made.load()
    settled(made, qtbot)
    return made


def settled(page: SettingsPage, qtbot: QtBot) -> None:
    for _again in range(3):
        qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
        QApplication.processEvents()


def section(page: SettingsPage) -> FieldsSection:
    found = page.section("fields")
    assert isinstance(found, FieldsSection)
    return found


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    at = QApplication.focusWidget()
    assert at is not None
    QTest.keyClick(at, key, modifier)


def write(text: str) -> None:
    at = QApplication.focusWidget()
    if isinstance(at, QPlainTextEdit):
        at.setPlainText(text)
        return
    line = at.lineEdit() if isinstance(at, QComboBox) else at
    assert isinstance(line, QLineEdit)
    line.setText(text)
    line.textEdited.emit(text)


def form() -> FieldForm:
    return next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, FieldForm) and each.isVisible()
    )


def names(shop: Shop) -> list[str]:
    return [field.name for field in custom_fields.listing(shop)]


def test_a_field_of_choices_is_defined(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    section(page).table.setFocus()
    press(Qt.Key.Key_A, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    assert not form().choices.isVisible()
    write("套餐")
    press(Qt.Key.Key_Return)
    write("Choice")
    press(Qt.Key.Key_Return)
    assert form().choices.isVisible()
    write("59元\n99元\n")
    press(Qt.Key.Key_Return, CTRL)
    settled(page, qtbot)
    made = custom_fields.listing(shop)[0]
    assert (made.name, made.kind, custom_fields.choices(made)) == ("套餐", "choice", ("59元", "99元"))
    assert [line.field.name for line in section(page).table.records()] == ["套餐"]
    assert page.desk.messages.shown == "The field 套餐 was saved."


def test_a_name_that_is_taken_stays_in_the_form(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    section(page).table.setFocus()
    press(Qt.Key.Key_A, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    write("Birthday")
    press(Qt.Key.Key_Return, CTRL)
    settled(page, qtbot)
    assert form().name.value() == "Birthday"
    assert names(shop) == []
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Escape)


def test_what_the_cards_hold_is_said_before_one_changes_it(
    page: SettingsPage, shop: Shop, qtbot: QtBot
) -> None:
    field = custom_fields.add(shop, "套餐", "choice", ["59元", "99元"])
    for name, value in (("王芳", "59元"), ("李雷", "99元"), ("韩梅", "99元")):
        custom_fields.put(shop, customers.add(shop, CustomerDraft(name)), field, value)
    custom_fields.edit(shop, field, choices=["99元", "129元"])
    page.load()
    settled(page, qtbot)
    table = section(page).table
    table.setFocus()
    table.select_first()
    line = table.selected()
    assert line is not None
    assert (line.count, line.values) == (3, "99元 2 · 59元 (no choice any more) 1")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    assert form().held.text() == "3 cards have a value: 99元 2 · 59元 (no choice any more) 1"
    write("宽带套餐")
    press(Qt.Key.Key_Return, CTRL)
    settled(page, qtbot)
    assert names(shop) == ["宽带套餐"]


def test_numbers_are_told_from_the_lowest_to_the_highest(
    page: SettingsPage, shop: Shop, qtbot: QtBot
) -> None:
    field = custom_fields.add(shop, "月租", "number")
    for name, value in (("王芳", "99"), ("李雷", "159")):
        custom_fields.put(shop, customers.add(shop, CustomerDraft(name)), field, value)
        page.load()
        settled(page, qtbot)
    assert [line.values for line in section(page).table.records()] == ["99 to 159"]


def test_fields_are_moved_and_retired_by_keys(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    for name in ("一", "二", "三"):
        custom_fields.add(shop, name)
    page.load()
    settled(page, qtbot)
    table = section(page).table
    table.setFocus()
    table.select_first()
    press(Qt.Key.Key_Down, ALT)
    settled(page, qtbot)
    assert names(shop) == ["二", "一", "三"]
    press(Qt.Key.Key_Up, ALT)
    settled(page, qtbot)
    assert names(shop) == ["一", "二", "三"]
    press(Qt.Key.Key_D, ALT)
    settled(page, qtbot)
    assert names(shop) == ["二", "三"]
    assert "its values are kept" in page.desk.messages.shown
    line = table.selected()
    assert line is not None
    assert not line.field.active
    assert not section(page).up_button.isEnabled()
    press(Qt.Key.Key_D, ALT)
    settled(page, qtbot)
    assert names(shop) == ["二", "三", "一"]
    history.undo(shop)
    assert names(shop) == ["二", "三"]


def test_without_a_field_there_is_nothing_to_move(page: SettingsPage, shop: Shop) -> None:
    section(page).retire()
    section(page).shift(1)
    assert history.changes(shop)[0].label.startswith("New shop")
