"""A field that is edited in place stays under the eyes when what stands above it grows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm.ui.kit.inplace import FieldRow


def test_an_open_field_that_is_pushed_down_comes_into_sight_with_its_words(
    shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    area, held, above = QScrollArea(), QWidget(), QWidget()
    above.setFixedHeight(100)
    row = FieldRow("", on_save=print)
    row.offer(["camera", "camping"])
    column = QVBoxLayout(held)
    column.addWidget(above)
    column.addWidget(row)
    area.setWidgetResizable(True)
    area.setWidget(held)
    area.resize(300, 240)
    shown(area)
    row.edit(offering=False)
    line = area.focusWidget()
    assert isinstance(line, QLineEdit)
    words = line.completer().popup()
    assert words is not None
    qtbot.wait(1)
    assert not words.isVisible(), "only while typing"
    QTest.keyClicks(line, "cam")
    qtbot.waitUntil(words.isVisible)
    above.setFixedHeight(600)
    qtbot.waitUntil(lambda: row.y() >= 600)
    qtbot.waitUntil(lambda: line.mapTo(area.viewport(), QPoint(0, line.height())).y() <= 240)
    bottom = line.mapToGlobal(QPoint(0, line.height())).y()
    qtbot.waitUntil(lambda: abs(words.y() - bottom) <= 8)
    row.save()
