"""About: the version, whose work is in the program, and the words of each licence by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import __version__
from desktop_crm.ui.about import AboutSection, TextDialog
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.page import Desk


def test_each_part_is_listed_and_its_licence_can_be_read(
    desk: Desk, qtbot: QtBot, shown: Callable[[QWidget], None]
) -> None:
    section = AboutSection(desk, QWidget())
    shown(section)
    section.read()
    assert not section.read_button.isEnabled()
    section.load()
    qtbot.waitUntil(lambda: len(section.table.records()) > 30)
    assert any(__version__ in label.text() for label in section.findChildren(Label))
    qt = next(part for part in section.table.records() if part.name.lower().startswith("pyside6"))
    section.table.select(qt.name)
    QTest.keyClick(section, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    (dialog,) = desk.window.findChildren(TextDialog)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in dialog.text.toPlainText()
    assert "LGPL-3.0-only" in dialog.windowTitle()
    dialog.reject()


def test_the_notice_says_where_the_source_of_qt_is(
    desk: Desk, qtbot: QtBot, shown: Callable[[QWidget], None]
) -> None:
    section = AboutSection(desk, QWidget())
    shown(section)
    QTest.keyClick(section, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(TextDialog)))
    (dialog,) = desk.window.findChildren(TextDialog)
    assert "QtForPython" in dialog.text.toPlainText()
    dialog.reject()
