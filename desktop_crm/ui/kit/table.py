"""A thin fast table over frozen records: sorting, keyboard, remembered widths, lazy pages of a million rows.

Records come in, records go out; what a cell says is a getter of its `Column`. The painting is in cells.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from desktop_crm.ui.kit.cells import DENSE, TALL, Cells, Column, Header, Mark
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.rows import Records
from desktop_crm.ui.kit.state import State

if TYPE_CHECKING:
    from desktop_crm.shop import Shop

__all__ = ["Column", "Mark", "RecordTable"]

R = TypeVar("R")
Fetch = Callable[["Shop", int, int, str, bool], Sequence[R]]
"""fetch(shop, offset, limit, sort key or "", descending): the records from `offset` on, run on a reader thread."""

_NARROWEST = 48


class RecordTable(QTableView, Generic[R]):
    """A table of records.

    Args:
        columns: what is shown.
        name: key under which `state` remembers the widths of the columns.
        dense: rows of one line, 37 px; otherwise 53 px when a column has a second line.
        identity: what makes a record the same one after a reload; by default its `id`.
        multiple: several rows may be selected.

    Signals:
        record_chosen(record): Enter or double click.
        record_selected(record | None): another row became the current one, or its record changed.
    """

    record_chosen = Signal(object)
    record_selected = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        name: str = "",
        state: State | None = None,
        dense: bool = False,
        identity: Callable[[R], Hashable] | None = None,
        multiple: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns, self._name, self._state = columns, name, state
        self._identity = identity or _own_id
        self._given: Sequence[R] = []
        self._empty: QWidget | None = None
        self._most_rows: int | None = None
        self._told: R | None = None
        self._pages: tuple[Jobs, Fetch[R]] | None = None
        self._widths = state.numbers(f"columns.{name}") if state is not None and name else {}
        two_lines = any(column.second is not None for column in columns)
        self.row_height = TALL if two_lines and not dense else DENSE
        self.rows = Records(columns, self)
        self._cells = Cells(columns, self.rows.record, self.row_height)
        self._header = Header(columns, self)
        self._build(multiple)
        self._connect()

    def _build(self, multiple: bool) -> None:
        self.setHorizontalHeader(self._header)
        self.setItemDelegate(self._cells)
        self.setModel(self.rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if multiple else mode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAutoFillBackground(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.row_height)
        self.verticalHeader().setSectionResizeMode(self.verticalHeader().ResizeMode.Fixed)

    def _connect(self) -> None:
        self.rows.page_wanted.connect(self._fetch)
        self.rows.dataChanged.connect(lambda *_changed: self._tell())
        self.doubleClicked.connect(lambda _index: self._choose())
        self.selectionModel().currentRowChanged.connect(lambda _now, _before: self._tell())
        self._header.sectionClicked.connect(self._sort_clicked)
        self._header.sectionResized.connect(self._remember_width)

    # ---------------------------------------------------------------- records

    def set_records(self, records: Sequence[R]) -> None:
        """Show these records; the selected one stays selected, the scroll position stays."""
        kept = self.selected()
        place = self.verticalScrollBar().value()
        self._pages = None
        self._given = records
        self.rows.show_list(self._sorted(records))
        if kept is not None:
            self._reselect(self._identity(kept))
        self.verticalScrollBar().setValue(place)
        self._after_rows()

    def records(self) -> Sequence[R]:
        """The records in the order shown; of a lazy table only what was set by `set_records`."""
        return cast("Sequence[R]", self.rows._rows)

    def show_pages(self, jobs: Jobs, count: int, fetch: Fetch[R]) -> None:
        """Show `count` rows and fetch them by pages as they come into view."""
        self._pages = (jobs, fetch)
        self._given = []
        self.rows.show_count(count)
        self._after_rows()

    def selected(self) -> R | None:
        """The current record, or None."""
        index = self.currentIndex()
        return cast("R | None", self.rows.record(index.row())) if index.isValid() else None

    def selected_records(self) -> list[R]:
        """All selected records, top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [record for row in rows if (record := self.rows.record(row)) is not None]

    def select(self, identity: Hashable) -> bool:
        """Make the record with this identity the current one; False where it is not here."""
        return self._reselect(identity)

    def select_first(self) -> None:
        """Make the first row the current one, if there is one and none is chosen yet."""
        if self.rows.rowCount() and not self.currentIndex().isValid():
            self.selectRow(0)

    def set_sort(self, key: str, *, descending: bool = False) -> None:
        """Sort by a column ("" = the order given)."""
        self._header.sorted_by, self._header.descending = key, descending
        self._header.viewport().update()
        if self._pages is not None:
            self.rows.show_count(self.rows.rowCount())
        else:
            self.set_records(self._given)

    # ---------------------------------------------------------------- shape

    def set_empty(self, widget: QWidget) -> None:
        """Show `widget` where there are no rows."""
        if self._empty is not None:
            self._empty.deleteLater()
        self._empty = widget
        widget.setParent(self)
        self._after_rows()

    def hide_columns(self, keys: Collection[str]) -> None:
        """Leave these columns away, where there is little room; all others are shown."""
        for place, column in enumerate(self._columns):
            self.setColumnHidden(place, column.key in keys)
        self._share_width()

    def fit_rows(self) -> None:
        """Be as high as the rows are; for tables inside a scrolling panel."""
        self.row_limit(10_000)

    def row_limit(self, most: int) -> None:
        """Be as high as the rows are, but not higher than `most` of them."""
        self._most_rows = most
        self._after_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()
        if self._empty is not None:
            self._empty.setGeometry(self.rect())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._choose()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.rows.rowCount():
            self.selectRow(0 if key == Qt.Key.Key_Home else self.rows.rowCount() - 1)
            self.scrollTo(self.currentIndex())
        elif event.text().isprintable() and event.text() and not event.modifiers() & _COMMANDS:
            event.ignore()  # typing goes to the search box, never to Qt's own search in the rows
        else:
            super().keyPressEvent(event)

    # ---------------------------------------------------------------- inside

    def _choose(self) -> None:
        record = self.selected()
        if record is not None:
            self.record_chosen.emit(record)

    def _tell(self) -> None:
        record = self.selected()
        if record != self._told:
            self._told = record
            self.record_selected.emit(record)

    def _reselect(self, identity: Hashable) -> bool:
        for row, record in enumerate(self.rows._rows):
            if self._identity(record) == identity:
                self.selectRow(row)
                return True
        return False

    def _sorted(self, records: Sequence[R]) -> Sequence[R]:
        column = next((each for each in self._columns if each.key == self._header.sorted_by), None)
        if column is None:
            return list(records)
        full = [record for record in records if not column.sort_value(record)[0]]
        bare = [record for record in records if column.sort_value(record)[0]]
        return sorted(full, key=column.sort_value, reverse=self._header.descending) + bare

    def _sort_clicked(self, section: int) -> None:
        column = self._columns[section]
        if not column.sortable:
            return
        if self._header.sorted_by != column.key:
            self.set_sort(column.key)
        elif not self._header.descending:
            self.set_sort(column.key, descending=True)
        else:
            self.set_sort("")

    def _fetch(self, offset: int, limit: int) -> None:
        if self._pages is None:
            return
        jobs, fetch = self._pages
        key, descending = self._header.sorted_by, self._header.descending
        jobs.query(
            lambda shop: (offset, fetch(shop, offset, limit, key, descending)),
            self._take_page,
            key=f"table.{id(self)}",
        )

    def _take_page(self, page: tuple[int, Sequence[R]]) -> None:
        self.rows.take_page(*page)

    def _after_rows(self) -> None:
        count = self.rows.rowCount()
        nothing = count == 0 and self._empty is not None
        if self._empty is not None:
            self._empty.setGeometry(self.rect())
            self._empty.setVisible(nothing)
        self._header.setVisible(not nothing)
        if self._most_rows is not None:
            rows = min(count, self._most_rows)
            empty = self._empty.sizeHint().height() if nothing and self._empty is not None else 0
            self.setFixedHeight(empty or self._header.height() + rows * self.row_height + 1)
        self._tell()

    def _share_width(self) -> None:
        room = self.viewport().width()
        shown = [(n, column) for n, column in enumerate(self._columns) if not self.isColumnHidden(n)]
        fixed = {column.key: self._widths.get(column.key, column.width) for _n, column in shown}
        shares = {column.key: column.stretch or int(not column.width) for _n, column in shown}
        shares = {key: share for key, share in shares.items() if share and key not in self._widths}
        for key in shares:
            fixed[key] = 0
        least = _NARROWEST * 2 * len(shares)
        taken = sum(fixed.values())
        if taken and taken > room - least:
            fixed = {
                key: max(_NARROWEST, width * max(room - least, 0) // taken) for key, width in fixed.items()
            }
            fixed.update(dict.fromkeys(shares, 0))
        left = max(room - sum(fixed.values()), least)
        self._header.blockSignals(True)
        for place, column in shown:
            share = shares.get(column.key, 0)
            width = left * share // sum(shares.values()) if share else fixed[column.key]
            if place == shown[-1][0]:
                width = max(width, room - sum(self.columnWidth(before) for before, _column in shown[:-1]))
            self.setColumnWidth(place, width)
        self._header.blockSignals(False)

    def _remember_width(self, section: int, _before: int, width: int) -> None:
        if self._state is None or not self._name or not self._header.isVisible():
            return
        self._widths[self._columns[section].key] = width
        self._state.put_numbers(f"columns.{self._name}", self._widths)


_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


def _own_id(record: Any) -> Hashable:  # a record of any type
    found: Hashable = getattr(record, "id", None)
    return record if found is None else found
