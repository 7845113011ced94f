"""The table: records in, records out; keyboard, sorting, remembered widths, lazy pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_crm.shop import Shop
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.panels import EmptyState
from desktop_crm.ui.kit.rows import PAGE
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.kit.table import Column, Mark, RecordTable
from desktop_crm.ui.page import Desk

Show = Callable[[QWidget], None]


@dataclass(frozen=True)
class Row:
    id: int
    name: str
    sum_fen: int | None = 0
    device: str = "iPhone 17"


ROWS = [Row(1, "王建国", 599900), Row(2, "陈晓梅", None), Row(3, "刘洋", 12900)]


def columns() -> list[Column[Row]]:
    return [
        Column(
            "name",
            "Customer",
            lambda row: row.name,
            bold=True,
            marks=lambda row: [Mark("VIP", "gold")],
            width=200,
        ),
        Column("device", "Device", lambda row: row.device, second=lambda row: "2024-09", stretch=1),
        Column(
            "sum", "Sum", lambda row: str(row.sum_fen), align="right", sort=lambda row: row.sum_fen, width=90
        ),
    ]


@pytest.fixture
def table(shown: Show) -> RecordTable[Row]:
    made = RecordTable(columns())
    made.resize(700, 400)
    made.set_records(ROWS)
    shown(made)
    return made


def names(table: RecordTable[Row]) -> list[str]:
    return [table.rows.record(row).name for row in range(table.rows.rowCount())]


def test_the_model_keeps_qts_rules(table: RecordTable[Row]) -> None:
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(table.rows, mode)
    table.set_records([*ROWS, Row(4, "赵敏")])
    table.set_records([])
    assert tester.model() is table.rows


def test_a_cell_says_everything_it_shows(table: RecordTable[Row]) -> None:
    model = table.rows
    assert model.data(model.index(0, 0), Qt.ItemDataRole.DisplayRole) == "王建国 VIP"
    assert model.data(model.index(0, 1), Qt.ItemDataRole.DisplayRole) == "iPhone 17 2024-09"
    assert model.data(model.index(0, 1), Qt.ItemDataRole.DecorationRole) is None
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Customer"


def test_enter_and_double_click_choose_the_record(table: RecordTable[Row], qtbot: QtBot) -> None:
    table.select_first()
    QTest.keyClick(table, Qt.Key.Key_Down)
    with qtbot.waitSignal(table.record_chosen) as chosen:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert chosen.args == [ROWS[1]]
    middle = table.visualRect(table.rows.index(2, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    with qtbot.waitSignal(table.record_chosen) as chosen:
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert chosen.args == [ROWS[2]]


def test_home_and_end_go_to_the_ends(table: RecordTable[Row], qtbot: QtBot) -> None:
    table.select_first()
    QTest.keyClick(table, Qt.Key.Key_End)
    assert table.selected() == ROWS[2]
    QTest.keyClick(table, Qt.Key.Key_Home)
    assert table.selected() == ROWS[0]


def test_a_reload_keeps_the_selected_record_and_tells_of_its_new_state(
    table: RecordTable[Row], qtbot: QtBot
) -> None:
    assert table.select(2)
    told: list[Row | None] = []
    table.record_selected.connect(told.append)
    changed = replace(ROWS[1], device="Mate 80")
    table.set_records([Row(9, "新来的"), *ROWS[:1], changed])
    assert table.selected() == changed
    table.set_records(ROWS[:1])
    assert told[-2:] == [changed, None]
    assert not table.select(77)


def test_a_click_on_the_header_sorts_up_down_and_back(table: RecordTable[Row]) -> None:
    header = table.horizontalHeader()
    header.sectionClicked.emit(2)
    assert names(table) == ["刘洋", "王建国", "陈晓梅"]
    header.sectionClicked.emit(2)
    assert names(table) == ["王建国", "刘洋", "陈晓梅"], "empty ones stay last"
    header.sectionClicked.emit(2)
    assert names(table) == [row.name for row in ROWS]


def test_typed_letters_are_left_to_the_window(qtbot: QtBot, shown: Show) -> None:
    class Holder(QWidget):
        typed = ""

        def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
            self.typed += event.text()

    holder = Holder()
    table = RecordTable(columns())
    table.set_records(ROWS)
    vbox(table, on=holder)
    shown(holder)
    table.setFocus()
    QTest.keyClicks(table, "w8")
    assert holder.typed == "w8"


def test_widths_chosen_by_hand_are_remembered(state: State, shown: Show) -> None:
    first = RecordTable(columns(), name="customers", state=state)
    first.set_records(ROWS)
    first.resize(700, 300)
    shown(first)
    first.horizontalHeader().resizeSection(0, 260)
    assert state.numbers("columns.customers") == {"name": 260}
    second = RecordTable(columns(), name="customers", state=state)
    second.set_records(ROWS)
    second.resize(700, 300)
    shown(second)
    assert second.columnWidth(0) == 260
    assert sum(second.columnWidth(place) for place in range(3)) == second.viewport().width()


def test_columns_always_fit_the_width(table: RecordTable[Row], qtbot: QtBot) -> None:
    for width in (300, 500, 1200):
        table.resize(width, 400)
        assert sum(table.columnWidth(place) for place in range(3)) <= max(table.viewport().width(), 3 * 48)


def test_an_empty_table_says_what_will_be_there(table: RecordTable[Row]) -> None:
    empty = EmptyState("Nobody yet", "Add the first customer.")
    table.set_empty(empty)
    assert not empty.isVisible()
    table.set_records([])
    assert empty.isVisible()
    assert not table.horizontalHeader().isVisible()
    table.set_records(ROWS)
    assert not empty.isVisible()


def test_a_table_can_be_as_high_as_its_rows(table: RecordTable[Row]) -> None:
    table.fit_rows()
    assert table.height() == 34 + 3 * 53 + 1
    table.row_limit(2)
    assert table.height() == 34 + 2 * 53 + 1


def test_several_rows_can_be_selected(shown: Show, qtbot: QtBot) -> None:
    table = RecordTable(columns(), multiple=True)
    table.set_records(ROWS)
    shown(table)
    table.selectAll()
    assert table.marking.size == len(ROWS)


def fetch(asked: list[tuple[int, int, str, bool]]) -> Callable[..., Sequence[Row]]:
    def answer(_shop: Shop, offset: int, limit: int, key: str, descending: bool) -> Sequence[Row]:
        asked.append((offset, limit, key, descending))
        return [Row(number, f"Customer {number}") for number in range(offset, offset + limit)]

    return answer


def test_a_million_rows_are_fetched_only_where_one_looks(desk: Desk, shown: Show, qtbot: QtBot) -> None:
    asked: list[tuple[int, int, str, bool]] = []
    table = RecordTable(columns())
    table.resize(700, 400)
    shown(table)
    table.show_pages(desk.jobs, 1_000_000, fetch(asked))
    qtbot.waitUntil(lambda: table.rows.record(0) == Row(0, "Customer 0"))
    table.select_first()
    QTest.keyClick(table, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: table.selected() == Row(999_999, "Customer 999999"))
    assert sum(limit for _offset, limit, _key, _descending in asked) <= 8 * PAGE


def test_a_sort_and_a_reload_of_pages_ask_again_and_show_the_old_rows_meanwhile(
    desk: Desk, shown: Show, qtbot: QtBot
) -> None:
    asked: list[tuple[int, int, str, bool]] = []
    table = RecordTable(columns())
    table.resize(700, 400)
    shown(table)
    table.show_pages(desk.jobs, 5_000, fetch(asked))
    qtbot.waitUntil(lambda: table.rows.record(0) is not None and len(asked) >= 4)
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    asked.clear()
    table.set_sort("sum", descending=True)
    assert table.rows.record(0) is not None
    qtbot.waitUntil(lambda: bool(asked))
    assert asked[0] == (0, PAGE, "sum", True)
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)


def test_pages_keep_qts_rules(desk: Desk, shown: Show, qtbot: QtBot) -> None:
    table = RecordTable(columns())
    shown(table)
    tester = QAbstractItemModelTester(table.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.show_pages(desk.jobs, 250, fetch([]))
    qtbot.waitUntil(lambda: table.rows.record(0) is not None)
    table.show_pages(desk.jobs, 240, fetch([]))
    table.show_pages(desk.jobs, 0, fetch([]))
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    assert tester.model() is table.rows


def test_a_reload_of_pages_follows_the_selected_record(desk: Desk, shown: Show, qtbot: QtBot) -> None:
    def shifted(by: int) -> Callable[..., Sequence[Row]]:
        def answer(_shop: Shop, offset: int, limit: int, _key: str, _descending: bool) -> Sequence[Row]:
            return [Row(number - by, f"Customer {number - by}") for number in range(offset, offset + limit)]

        return answer

    table = RecordTable(columns())
    table.resize(700, 400)
    shown(table)
    table.show_pages(desk.jobs, 5_000, shifted(0))
    qtbot.waitUntil(lambda: table.rows.record(7) is not None)
    table.selectRow(7)
    table.show_pages(desk.jobs, 5_002, shifted(2))
    qtbot.waitUntil(lambda: table.currentIndex().row() == 9)
    assert table.selected() == Row(7, "Customer 7")
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
