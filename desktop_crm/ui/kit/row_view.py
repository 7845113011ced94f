"""The rows of a table: painting those in view, and the keys and clicks that go through them and mark them.

What the records are, how they are sorted and fetched is table.py.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QToolTip, QWidget

from desktop_crm.ui.kit.arrangement import Arrangement
from desktop_crm.ui.kit.cells import DENSE, TALL, Column
from desktop_crm.ui.kit.column_view import ColumnView
from desktop_crm.ui.kit.marking import Marking, Span
from desktop_crm.ui.kit.row_painter import Place, Row, RowPainter
from desktop_crm.ui.kit.rows import Records
from desktop_crm.ui.kit.theme import S8

_COMMANDS: Final = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_ARROWS: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down)
_MOVES: Final = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -1,
    Qt.Key.Key_PageDown: 1,
    Qt.Key.Key_Home: -1,
    Qt.Key.Key_End: 1,
}


class RowView(ColumnView):
    """A table view that paints its rows itself and knows which are marked.

    Args:
        dense: rows of one line, 37 px; otherwise 53 px when a column has a second line.
        identity: what makes a record the same one after a reload.
        multiple: several rows may be marked.

    Signals:
        row_chosen(): Enter or double click.
    """

    row_chosen = Signal()

    def __init__(
        self,
        columns: Sequence[Column[Any]],  # of whatever type the records are
        arrangement: Arrangement,
        *,
        dense: bool,
        identity: Callable[[Any], Hashable],
        multiple: bool,
        arrangeable: bool,
        parent: QWidget | None,
    ) -> None:
        super().__init__(columns, arrangement, arrangeable=arrangeable, parent=parent)
        self._multiple = multiple
        two_lines = any(column.second is not None for column in columns)
        self.row_height = TALL if two_lines and not dense else DENSE
        self.rows = Records(columns, self)
        self.marking = Marking(self.rows.record, identity, self.rows.rowCount, self._ask_ids, self)
        self._painter = RowPainter(columns, self.row_height)
        self._build_rows()
        self.marking.changed.connect(self.viewport().update)
        self.doubleClicked.connect(lambda _index: self.row_chosen.emit())

    def _build_rows(self) -> None:
        self.setModel(self.rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAutoFillBackground(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.row_height)
        self.verticalHeader().setSectionResizeMode(self.verticalHeader().ResizeMode.Fixed)

    def selectAll(self) -> None:
        if self._multiple:
            self.marking.everything()

    def _ask_ids(self, spans: Sequence[Span], take: Callable[[Sequence[Hashable]], None]) -> None:
        raise NotImplementedError

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are in view; Qt's delegates are never asked."""
        area, header = event.rect(), self._header
        painter = QPainter(self.viewport())
        painter.setClipRegion(event.region())
        shown = (header.logicalIndex(place) for place in range(header.count()))
        places = [
            Place(each, header.sectionViewportPosition(each), header.sectionSize(each))
            for each in shown
            if not header.isSectionHidden(each)
        ]
        self._painter.paint(painter, self._rows_between(area.top(), area.bottom()), places)
        painter.end()

    def _rows_between(self, top: int, bottom: int) -> list[Row]:
        row = max(self.rowAt(max(top, 0)), 0)
        y, count, now = self.rowViewportPosition(row), self.rows.rowCount(), self.currentIndex().row()
        marked = not self.marking.is_empty
        self.rows.look_at(row)
        found: list[Row] = []
        while y <= bottom and row < count:
            record = self.rows.record(row)
            lit = (record is not None and self.marking.has(record)) if marked else row == now
            found.append(Row(y, record, lit, marked and row == now))
            row, y = row + 1, y + self.row_height
        return found

    def dataChanged(
        self,
        topLeft: QModelIndex | QPersistentModelIndex,  # noqa: N803  Qt's names
        bottomRight: QModelIndex | QPersistentModelIndex,  # noqa: N803
        roles: Sequence[int] = (),
    ) -> None:
        """Paint anew only when a row in view changed: pages that come ahead of time cost no painting."""
        first = max(self.rowAt(0), 0)
        last = first + self.viewport().height() // self.row_height + 1
        if topLeft.row() <= last and bottomRight.row() >= first:
            self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._tell_whole(event)
            return True
        return super().viewportEvent(event)

    def _tell_whole(self, event: QHelpEvent) -> None:
        """Say in a tooltip what did not fit into a cell."""
        index = self.indexAt(event.pos())
        record = self.rows.record(index.row()) if index.isValid() else None
        said: list[str] = []
        if record is not None:
            column = self._columns[index.column()]
            if self._painter.room_needed(column, record) > self.columnWidth(index.column()) - 2 * S8:
                said = [part(record) for part in (column.text, column.second) if part is not None]
        QToolTip.showText(event.globalPos(), "\n".join(said), self)

    # ---------------------------------------------------------------- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not modifiers:
            self.row_chosen.emit()
        elif self._multiple and key == Qt.Key.Key_Space and not modifiers:
            self.marking.toggle(self.currentIndex().row())
            self._go_to(self.currentIndex().row() + 1)
        elif event.text().isprintable() and event.text() and not modifiers & _COMMANDS:
            event.ignore()  # typing goes to the search box, never to Qt's own search in the rows
        elif self._multiple and modifiers & Qt.KeyboardModifier.ShiftModifier and key in _MOVES:
            before = self.currentIndex().row()
            self._move(event)
            self.marking.extend(before, self.currentIndex().row())
        elif key in _MOVES:
            self.marking.stop_extending()
            self._move(event)
        else:
            super().keyPressEvent(event)

    def _move(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go_to(0 if key == Qt.Key.Key_Home else self.rows.rowCount() - 1)
            return
        page = max(self.viewport().height() // self.row_height - 1, 1)
        self._go_to(self.currentIndex().row() + _MOVES[Qt.Key(key)] * (1 if key in _ARROWS else page))

    def _go_to(self, row: int) -> None:
        if self.rows.rowCount():
            self.selectRow(min(max(row, 0), self.rows.rowCount() - 1))
            self.scrollTo(self.currentIndex())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._multiple or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        row, before = self.rowAt(event.position().toPoint().y()), self.currentIndex().row()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if row >= 0:
            self.selectRow(row)
            if shift:
                self.marking.extend(max(before, 0), row)
            elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.marking.toggle(row)
            else:
                self.marking.clear()
