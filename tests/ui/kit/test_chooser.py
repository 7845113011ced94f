"""Choosing columns by keys: which, in what order, how wide, sorted by what; and that the machine remembers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_crm.ui.kit.chooser import ColumnChooser
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.kit.table import Column, RecordTable

Show = Callable[[QWidget], None]


@dataclass(frozen=True)
class Row:
    id: int
    name: str


def columns() -> list[Column[Row]]:
    return [
        Column("name", "Name", lambda row: row.name, stretch=1),
        Column("number", "Number", lambda row: str(row.id), width=90, descends=True, sort=lambda row: row.id),
        Column("extra", "Extra", lambda row: "x", width=120, shown=False, sortable=False),
    ]


def make(state: State, holder: QWidget) -> RecordTable[Row]:
    table = RecordTable(columns(), name="rows", state=state, dense=True, arrangeable=True)
    table.set_records([Row(1, "王建国"), Row(2, "陈晓梅"), Row(3, "刘洋")])
    vbox(table, on=holder)
    return table


@pytest.fixture
def holder(shown: Show) -> QWidget:
    made = QWidget()
    made.resize(700, 600)
    shown(made)
    return made


@pytest.fixture
def table(state: State, holder: QWidget, qtbot: QtBot) -> RecordTable[Row]:
    made = make(state, holder)
    qtbot.waitUntil(made.isVisible)
    return made


@pytest.fixture
def chooser(table: RecordTable[Row], holder: QWidget) -> ColumnChooser:
    made = ColumnChooser(table, holder)
    made.open_below(table.horizontalHeader())
    return made


def press(chooser: ColumnChooser, *keys: Qt.Key, alt: bool = False) -> None:
    for key in keys:
        modifier = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(chooser.lines, key, modifier)


def shown_columns(table: RecordTable[Row]) -> list[str]:
    hidden = {each.key for place, each in enumerate(table.columns()) if table.isColumnHidden(place)}
    return [key for key in table.column_order() if key not in hidden]


def test_space_shows_and_hides_but_never_the_last_one(
    chooser: ColumnChooser, table: RecordTable[Row]
) -> None:
    assert shown_columns(table) == ["name", "number"]
    press(chooser, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space)
    assert shown_columns(table) == ["number"], "the last one stays"
    press(chooser, Qt.Key.Key_Down, Qt.Key.Key_Space)
    assert shown_columns(table) == ["number", "extra"]


def test_alt_and_arrows_move_and_arrows_widen(chooser: ColumnChooser, table: RecordTable[Row]) -> None:
    press(chooser, Qt.Key.Key_Down)
    press(chooser, Qt.Key.Key_Up, Qt.Key.Key_Up, alt=True)
    assert shown_columns(table) == ["number", "name"]
    before = table.columnWidth(1)
    press(chooser, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left)
    assert table.columnWidth(1) == before + 16
    press(chooser, Qt.Key.Key_Down, alt=True)
    assert shown_columns(table) == ["name", "number"]


def test_enter_sorts_each_column_its_own_way_and_then_the_other(
    chooser: ColumnChooser, table: RecordTable[Row]
) -> None:
    press(chooser, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert (table.sorted_by, [row.id for row in table.records()]) == (("number", True), [3, 2, 1])
    assert chooser.lines.selected() is not None
    assert chooser.lines.selected().arrow == "↓"  # type: ignore[union-attr]
    press(chooser, Qt.Key.Key_Return)
    assert table.sorted_by == ("number", False)
    press(chooser, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert table.sorted_by == ("number", False), "not everything can be sorted by"


def test_esc_and_going_elsewhere_close_it(
    chooser: ColumnChooser, table: RecordTable[Row], qtbot: QtBot
) -> None:
    press(chooser, Qt.Key.Key_Escape)
    assert not chooser.isVisible()
    assert table.hasFocus()
    chooser.close_list()
    chooser.open_below(table.horizontalHeader())
    chooser.reset_button.setFocus()
    assert chooser.isVisible()
    chooser.lines.setFocus()
    table.setFocus()
    qtbot.waitUntil(lambda: not chooser.isVisible())


def test_a_click_on_the_tick_is_a_space(chooser: ColumnChooser, table: RecordTable[Row]) -> None:
    middle = chooser.lines.visualRect(chooser.lines.rows.index(2, 0)).center()
    QTest.mouseClick(chooser.lines.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert shown_columns(table) == ["name", "number", "extra"]
    beside = chooser.lines.visualRect(chooser.lines.rows.index(1, 1)).center()
    QTest.mouseClick(chooser.lines.viewport(), Qt.MouseButton.LeftButton, pos=beside)
    assert shown_columns(table) == ["name", "number", "extra"]


def test_a_right_click_on_the_header_asks_for_the_list(table: RecordTable[Row], qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.columns_wanted):
        table.horizontalHeader().customContextMenuRequested.emit(table.pos())


def test_the_machine_remembers_and_forgets(
    chooser: ColumnChooser, table: RecordTable[Row], state: State, holder: QWidget
) -> None:
    press(chooser, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Space)
    press(chooser, Qt.Key.Key_Up, alt=True)
    table.horizontalHeader().resizeSection(1, 200)
    elsewhere = QWidget()
    again = make(state, elsewhere)
    again.resize(700, 300)
    assert again.sorted_by == ("number", True)
    assert shown_columns(again) == ["name", "extra", "number"]
    assert again.arrangement.widths == {"number": 200}
    again.set_columns([*columns(), Column("new", "New", lambda row: "n")])
    assert again.column_order() == ["name", "extra", "number", "new"]
    assert shown_columns(again) == ["name", "extra", "number"], "what was never chosen stays away"
    chooser.reset_button.click()
    assert shown_columns(table) == ["name", "number"]
    third = QWidget()
    assert make(state, third).arrangement.widths == {}


def test_columns_chosen_may_be_wider_than_the_window(table: RecordTable[Row]) -> None:
    table.resize(300, 300)
    table.show_column("extra", True)
    table.widen_column("extra", 200)
    assert sum(table.columnWidth(place) for place in range(3)) > table.viewport().width()
    assert table.horizontalScrollBar().maximum() > 0
