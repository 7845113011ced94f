"""The model behind a `RecordTable`: a list of records, or pages of a list that is too long to hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from desktop_crm.ui.kit.cells import Column

Index = QModelIndex | QPersistentModelIndex

PAGE: Final = 100
"""Rows that are fetched at once."""

_PAGES_KEPT: Final = 60
_AHEAD: Final = 2
"""So many pages on either side of what is looked at are fetched before they are needed, and the first and last page:
a step of scrolling and a jump to the end then only paint."""
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)


class Records(QAbstractTableModel):
    """The rows: a list, or pages of a list that is too long to hold, fetched when they come into view."""

    page_wanted = Signal(int, int)
    """(offset, limit) of rows that were looked at and are not here."""

    def __init__(self, columns: Sequence[Column[Any]], parent: QObject) -> None:
        super().__init__(parent)
        self._columns = columns
        self._rows: Sequence[Any] = []  # the records of whatever type the table is of
        self._count = 0
        self._pages: dict[int, Sequence[Any]] | None = None
        self._fresh: set[int] = set()
        self._wanted: set[int] = set()
        self._looked_at = 0
        self._ask = QTimer(self, singleShot=True, interval=0)
        self._ask.timeout.connect(self._ask_for_pages)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:  # Qt's variant
        # Plain ints: looking the role up as an enum here doubled the time of each paint.
        if role != _DISPLAY and role != _ACCESSIBLE:
            return None
        record = self.record(index.row())
        return None if record is None else self._columns[index.column()].words(record)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY
    ) -> Any:  # Qt's variant
        if role != _DISPLAY:
            return None
        return self._columns[section].title if orientation == Qt.Orientation.Horizontal else section + 1

    def record(self, row: int) -> Any:  # a record, or None where it is still on its way
        """The record of a row; asks for its page when it is not here."""
        if self._pages is None:
            return self._rows[row] if 0 <= row < self._count else None
        page = row // PAGE
        if page not in self._fresh:
            self._wanted.add(page)
            self._looked_at = page
            self._ask.start()
        held = self._pages.get(page)
        place = row - page * PAGE
        return held[place] if held is not None and place < len(held) else None

    def show_list(self, rows: Sequence[Any]) -> None:
        """Hold these records."""
        self.beginResetModel()
        self._pages, self._rows, self._count = None, rows, len(rows)
        self.endResetModel()

    def show_columns(self, columns: Sequence[Column[Any]]) -> None:
        """Show the same records by other columns."""
        self.beginResetModel()
        self._columns = columns
        self.endResetModel()

    def show_count(self, count: int) -> None:
        """Be `count` rows long; what is here stays to be seen until its page comes anew."""
        if self._pages is None:
            self.beginResetModel()
            self._pages, self._rows, self._count = {}, [], count
            self.endResetModel()
        elif count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()
        self._fresh.clear()
        self._wanted.clear()
        self._tell_all()

    def forget(self) -> None:
        """Show nothing of the pages that are here: other rows will come."""
        if self._pages:
            self._pages.clear()
            self._fresh.clear()
            self._looked_at = 0

    def take_page(self, offset: int, rows: Sequence[Any]) -> None:
        """Here are the rows from `offset` on."""
        if self._pages is None:
            return
        for start in range(0, len(rows), PAGE):
            page = (offset + start) // PAGE
            self._pages[page] = rows[start : start + PAGE]
            self._fresh.add(page)
        self._drop_far_pages()
        last = min(self._count, offset + len(rows)) - 1
        if last >= offset:
            self.dataChanged.emit(self.index(offset, 0), self.index(last, len(self._columns) - 1))
        if rows and not self._wanted:
            self._ask_ahead()

    def look_at(self, row: int) -> None:
        """This row is in view: what lies around it is fetched before it is needed."""
        page = row // PAGE
        if self._pages is not None and page != self._looked_at:
            self._looked_at = page
            self._ask.start()

    def _drop_far_pages(self) -> None:
        assert self._pages is not None, "only pages are taken"
        while len(self._pages) > _PAGES_KEPT:
            gone = max(self._pages, key=lambda page: abs(page - self._looked_at) * (page not in self._ends()))
            del self._pages[gone]
            self._fresh.discard(gone)

    def _ask_ahead(self) -> None:
        """Ask for the nearest page that is not here and may be needed next."""
        near = [self._looked_at + step * way for step in range(1, _AHEAD + 1) for way in (1, -1)]
        last = self._ends()[1]
        for page in (*near, *self._ends()):
            if 0 <= page <= last and page not in self._fresh:
                self.page_wanted.emit(page * PAGE, PAGE)
                return

    def _ends(self) -> tuple[int, int]:
        return 0, max(self._count - 1, 0) // PAGE

    def _tell_all(self) -> None:
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, len(self._columns) - 1))

    def _ask_for_pages(self) -> None:
        near = [page for page in self._wanted if abs(page - self._looked_at) <= 2]
        self._wanted.clear()  # pages a fast scroll only passed by are not fetched
        if near:
            self.page_wanted.emit(min(near) * PAGE, (max(near) - min(near) + 1) * PAGE)
        elif self._pages:
            self._ask_ahead()
