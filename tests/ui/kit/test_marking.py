"""Marking many rows by keys and mouse, in a short list and in a million rows of which few are here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_crm.shop import Shop
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.page import Desk

Show = Callable[[QWidget], None]
KEY, SHIFT, CTRL = Qt.Key, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
MANY = 1_000_000


@dataclass(frozen=True)
class Row:
    id: int
    name: str


def make(shown: Show) -> RecordTable[Row]:
    table: RecordTable[Row] = RecordTable(
        [Column("name", "Name", lambda row: row.name, stretch=1, sort=lambda row: row.id)],
        dense=True,
        multiple=True,
    )
    table.resize(500, 400)
    shown(table)
    return table


def marked(table: RecordTable[Row]) -> list[Row]:
    return [row for row in table.records() if table.marking.has(row)]


@pytest.fixture
def table(shown: Show) -> RecordTable[Row]:
    """Eight rows with ids 0 to 7."""
    made = make(shown)
    made.set_records([Row(number, f"Customer {number}") for number in range(8)])
    made.select_first()
    return made


@pytest.fixture
def long_table(desk: Desk, shown: Show, qtbot: QtBot) -> RecordTable[Row]:
    """A million rows whose ids are their numbers."""
    made = make(shown)

    def fetch(_shop: Shop, offset: int, limit: int, _key: str, _descending: bool) -> Sequence[Row]:
        return [Row(number, f"Customer {number}") for number in range(offset, offset + limit)]

    def fetch_ids(_shop: Shop, spans: Sequence[tuple[int, int]], _key: str, _descending: bool) -> list[int]:
        return [number for start, size in spans for number in range(start, start + size)]

    made.show_pages(desk.jobs, MANY, fetch, fetch_ids=fetch_ids)
    qtbot.waitUntil(lambda: made.rows.record(0) is not None)
    made.select_first()
    return made


def press(table: QWidget, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(table, key, held)


def test_space_marks_and_goes_on_and_arrows_keep_what_is_marked(
    table: RecordTable[Row], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(table.marks_changed):
        press(table, KEY.Key_Space)
    press(table, KEY.Key_Down, KEY.Key_Space)
    assert table.marking.ids == frozenset({0, 2})
    assert table.selected() == Row(3, "Customer 3")
    assert marked(table) == [Row(0, "Customer 0"), Row(2, "Customer 2")]
    press(table, KEY.Key_Up, KEY.Key_Space)
    assert (table.marking.ids, table.marking.size) == (frozenset({0}), 1)


def test_shift_marks_all_between_and_gives_back_what_it_took_too_much(table: RecordTable[Row]) -> None:
    press(table, KEY.Key_Space)
    press(table, KEY.Key_Down, KEY.Key_Down)
    press(table, KEY.Key_Down, KEY.Key_Down, held=SHIFT)
    assert table.marking.ids == frozenset({0, 3, 4, 5})
    press(table, KEY.Key_Up, held=SHIFT)
    assert table.marking.ids == frozenset({0, 3, 4})
    press(table, KEY.Key_Down)
    press(table, KEY.Key_End, held=SHIFT)
    assert table.marking.ids == frozenset({0, 3, 4, 5, 6, 7})
    table.marking.clear()
    press(table, KEY.Key_Home)
    press(table, KEY.Key_End, held=SHIFT)
    assert table.marking.all_but == frozenset(), "from end to end is everybody"
    press(table, KEY.Key_Up, held=SHIFT)
    assert table.marking.size == 8


def test_everybody_but_some(table: RecordTable[Row]) -> None:
    press(table, KEY.Key_A, held=CTRL)
    press(table, KEY.Key_Space, KEY.Key_Space)
    assert (table.marking.all_but, table.marking.size) == (frozenset({0, 1}), 6)
    assert [row.id for row in marked(table)] == [2, 3, 4, 5, 6, 7]
    press(table, KEY.Key_A, held=CTRL)
    assert table.marking.all_but == frozenset()
    press(table, KEY.Key_A, held=CTRL)
    assert table.marking.is_empty


def test_the_mouse_marks_as_people_know_it(table: RecordTable[Row]) -> None:
    def click(row: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        place = table.visualRect(table.rows.index(row, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, held, place)

    click(1, CTRL)
    click(3, CTRL)
    click(5, SHIFT)
    assert table.marking.ids == frozenset({1, 3, 4, 5})
    click(2)
    assert table.marking.is_empty
    assert table.selected() == Row(2, "Customer 2")


def test_marks_outlive_sorting_and_reloading(table: RecordTable[Row]) -> None:
    press(table, KEY.Key_Space)
    table.set_sort("name", descending=True)
    assert table.marking.has(Row(0, "Customer 0"))
    table.set_records([Row(9, "new"), Row(0, "Customer 0 b")])
    assert marked(table) == [Row(0, "Customer 0 b")]


def test_rows_that_are_not_here_are_asked_for(long_table: RecordTable[Row], qtbot: QtBot) -> None:
    table = long_table
    press(table, KEY.Key_Down)
    table.selectRow(5_000)
    table.marking.extend(1, 5_000)
    qtbot.waitUntil(lambda: table.marking.ids == frozenset(range(1, 5_001)))
    table.marking.clear()
    press(table, KEY.Key_Home, KEY.Key_Down)
    press(table, KEY.Key_End, held=SHIFT)
    qtbot.waitUntil(lambda: table.marking.all_but == frozenset({0}))
    assert table.marking.size == MANY - 1


def test_marks_taken_away_meanwhile_do_not_come_back(
    long_table: RecordTable[Row], desk: Desk, qtbot: QtBot
) -> None:
    long_table.marking.extend(300_000, 302_000)
    long_table.marking.clear()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    assert long_table.marking.is_empty


def test_a_row_on_its_way_cannot_be_marked(long_table: RecordTable[Row], desk: Desk, qtbot: QtBot) -> None:
    long_table.marking.toggle(700_000)
    assert long_table.marking.is_empty
    long_table.start_over()
    assert long_table.currentIndex().row() == 0
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
