"""A thin fast table over frozen records: sorting, keyboard, columns as one likes them, lazy pages of a million rows.

Records come in, records go out; what a cell says is a getter of its `Column`. Painting is row_painter.py, what is
marked for many at once marking.py, what is remembered arrangement.py.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_crm.base.i18n import _
from desktop_crm.ui.kit.arrangement import Arrangement
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.jobs import Jobs, Progress
from desktop_crm.ui.kit.marking import Span
from desktop_crm.ui.kit.row_view import RowView
from desktop_crm.ui.kit.state import State

if TYPE_CHECKING:
    from desktop_crm.shop import Shop

__all__ = ["Column", "Mark", "RecordTable"]

R = TypeVar("R")
Fetch = Callable[["Shop", int, int, str, bool], Sequence[R]]
"""fetch(shop, offset, limit, sort key or "", descending): the records from `offset` on, run on a reader thread."""
Prepare = Callable[["Shop", Progress, str, bool], None]
"""prepare(shop, progress, sort key, descending): run on a reader thread before rows in a new order are fetched."""
FetchIds = Callable[["Shop", Sequence[Span], str, bool], Sequence[Hashable]]
"""fetch_ids(shop, spans, sort key, descending): the identities of rows, run on a reader thread."""


class RecordTable(RowView, Generic[R]):
    """A table of records.

    Args:
        columns: what is shown.
        name: key under which `state` remembers the widths of the columns.
        dense: rows of one line, 37 px; otherwise 53 px when a column has a second line.
        identity: what makes a record the same one after a reload; by default its `id`.
        multiple: several rows may be marked, see `marking`.
        arrangeable: columns may be hidden, moved, and be wider together than the window; sort is remembered, too.

    Signals:
        record_chosen(record): Enter or double click.
        record_selected(record | None): another row became the current one, or its record changed.
        marks_changed(): other rows are marked; only with `multiple`.
        columns_wanted(): the person asked to choose columns (right click on the header); only where `arrangeable`.
    """

    record_chosen = Signal(object)
    record_selected = Signal(object)
    marks_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        name: str = "",
        state: State | None = None,
        dense: bool = False,
        identity: Callable[[R], Hashable] | None = None,
        multiple: bool = False,
        arrangeable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            columns,
            Arrangement(name, state),
            dense=dense,
            identity=identity or _own_id,
            multiple=multiple,
            arrangeable=arrangeable,
            parent=parent,
        )
        self._identity = identity or _own_id
        self._given: Sequence[R] = []
        self._empty: QWidget | None = None
        self._most_rows: int | None = None
        self._told: R | None = None
        self._pages: tuple[Jobs, Fetch[R]] | None = None
        self._prepare: Prepare | None = None
        self._fetch_ids: FetchIds | None = None
        self._sort_asked: tuple[str, bool] | None = None
        self._kept: Hashable = None
        self._arrange()
        if arrangeable and self.arrangement.sort is not None:
            self._header.sorted_by, self._header.descending = self.arrangement.sort
        self._connect()

    def _connect(self) -> None:
        self.rows.page_wanted.connect(self._fetch)
        self.rows.dataChanged.connect(lambda *_changed: self._tell())
        self.row_chosen.connect(self._choose)
        self.selectionModel().currentRowChanged.connect(lambda _now, _before: self._tell())
        self.marking.changed.connect(self.marks_changed)
        self._header.sectionClicked.connect(lambda section: self.sort_by(self._columns[section].key))

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

    def show_pages(
        self,
        jobs: Jobs,
        count: int,
        fetch: Fetch[R],
        *,
        prepare: Prepare | None = None,
        fetch_ids: FetchIds | None = None,
    ) -> None:
        """Show `count` rows and fetch them by pages as they come into view; a reload keeps the selected record.

        Args:
            prepare: what a new order needs first, which may take long; the old one stays until then.
            fetch_ids: for marking rows that are not here.
        """
        kept = self.selected() if self._pages is not None else None
        self._kept = None if kept is None else self._identity(kept)
        self._pages, self._prepare, self._fetch_ids = (jobs, fetch), prepare, fetch_ids
        self._given = []
        self.rows.show_count(count)
        self._after_rows()

    def start_over(self) -> None:
        """Other rows will come: forget those of a lazy table, and go to the top."""
        self.rows.forget()
        self._kept = None
        self.marking.start_over()
        self.verticalScrollBar().setValue(0)
        if self.rows.rowCount():
            self.selectRow(0)

    def selected(self) -> R | None:
        """The current record, or None."""
        index = self.currentIndex()
        return cast("R | None", self.rows.record(index.row())) if index.isValid() else None

    def select(self, identity: Hashable) -> bool:
        """Make the record with this identity the current one; False where it is not here."""
        return self._reselect(identity)

    def select_first(self) -> None:
        """Make the first row the current one, if there is one and none is chosen yet."""
        if self.rows.rowCount() and not self.currentIndex().isValid():
            self.selectRow(0)

    # ---------------------------------------------------------------- order

    @property
    def sorted_by(self) -> tuple[str, bool]:
        """The column sorted by ("" = the order given) and whether downwards."""
        return self._header.sorted_by, self._header.descending

    def set_sort(self, key: str, *, descending: bool = False) -> None:
        """Sort by a column ("" = the order given); a lazy table does so when the order is ready."""
        if self._pages is None or self._prepare is None:
            self._take_sort(key, descending)
            return
        jobs, prepare = self._pages[0], self._prepare
        self._sort_asked = (key, descending)
        job = jobs.query(
            lambda shop, progress: prepare(shop, progress, key, descending),
            lambda _ready: self._take_sort(key, descending),
            title=_("Sorting…"),
            key=f"sort.{id(self)}",
        )
        job.ended.connect(lambda: self._forget_asked((key, descending)))

    @property
    def sort_wanted(self) -> tuple[str, bool]:
        """As `sorted_by`, but an order that is still being prepared goes before."""
        return self._sort_asked or self.sorted_by

    def _forget_asked(self, asked: tuple[str, bool]) -> None:
        if self._sort_asked == asked:
            self._sort_asked = None

    def _take_sort(self, key: str, descending: bool) -> None:
        self._header.sorted_by, self._header.descending = key, descending
        self._header.viewport().update()
        if self._arrangeable:
            self.arrangement.put_sort(key, descending)
        if self._pages is not None:
            self._kept = None
            self.verticalScrollBar().setValue(0)
            self.rows.show_count(self.rows.rowCount())
        else:
            self.set_records(self._given)

    def sort_by(self, key: str) -> None:
        """What a click on a column's title does: its own way first, the other way next; remembered if `arrangeable`."""
        column = next((each for each in self._columns if each.key == key), None)
        if column is None or not column.sortable:
            return
        now, down = self.sort_wanted
        if now != key:
            wanted = (key, column.descends)
        elif down == column.descends or self._arrangeable:
            wanted = (key, not down)
        else:
            wanted = ("", False)
        self.set_sort(wanted[0], descending=wanted[1])

    def set_columns(self, columns: Sequence[Column[R]]) -> None:
        """Show the same records by other columns."""
        self._columns = columns
        self._header.columns = columns
        self._painter.show_columns(columns)
        kept, place = self.currentIndex().row(), self.verticalScrollBar().value()
        self.rows.show_columns(columns)
        self._arrange()
        if kept >= 0:
            self.selectRow(kept)
        self.verticalScrollBar().setValue(place)

    # ---------------------------------------------------------------- shape

    def set_empty(self, widget: QWidget) -> None:
        """Show `widget` where there are no rows."""
        if self._empty is not None:
            self._empty.deleteLater()
        self._empty = widget
        widget.setParent(self)
        self._after_rows()

    def fit_rows(self) -> None:
        """Be as high as the rows are; for tables inside a scrolling panel."""
        self.row_limit(10_000)

    def row_limit(self, most: int) -> None:
        """Be as high as the rows are, but not higher than `most` of them."""
        self._most_rows = most
        self._after_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._empty is not None:
            self._empty.setGeometry(self.rect())

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

    def _fetch(self, offset: int, limit: int) -> None:
        if self._pages is None:
            return
        jobs, fetch = self._pages
        key, descending = self._header.sorted_by, self._header.descending
        jobs.query(
            lambda shop: (offset, fetch(shop, offset, limit, key, descending)),
            lambda page: self._take_page(*page),
            key=f"table.{id(self)}",
        )

    def _take_page(self, offset: int, records: Sequence[R]) -> None:
        self.rows.take_page(offset, records)
        row = self.currentIndex().row()
        if self._kept is not None and offset <= row < offset + len(records):
            places = [place for place, each in enumerate(records) if self._identity(each) == self._kept]
            self._kept = None
            if places and offset + places[0] != row:  # others came in above it
                self.selectRow(offset + places[0])

    def _ask_ids(self, spans: Sequence[Span], take: Callable[[Sequence[Hashable]], None]) -> None:
        if self._pages is None or self._fetch_ids is None:
            return
        fetch_ids, (key, descending) = self._fetch_ids, self.sorted_by
        self._pages[0].query(
            lambda shop: fetch_ids(shop, spans, key, descending), take, key=f"marks.{id(self)}"
        )


def _own_id(record: Any) -> Hashable:  # a record of any type
    found: Hashable = getattr(record, "id", None)
    return record if found is None else found
