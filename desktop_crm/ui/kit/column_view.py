"""The columns of a table as one likes them: which are shown, in what order, how wide; knows no records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTableView, QWidget

from desktop_crm.ui.kit.arrangement import Arrangement
from desktop_crm.ui.kit.cells import Column, Header

_NARROWEST: Final = 48


class ColumnView(QTableView):
    """A table view that shares its width among its columns.

    Args:
        arrangeable: columns may be hidden, moved, and be wider together than the window.

    Signals:
        columns_wanted(): the person asked to choose columns (right click on the header).
    """

    columns_wanted = Signal()

    def __init__(
        self,
        columns: Sequence[Column[Any]],  # of whatever type the records are
        arrangement: Arrangement,
        *,
        arrangeable: bool,
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self._columns = columns
        self._narrow: Collection[str] = ()
        self._arrangeable = arrangeable
        self.arrangement = arrangement
        self._header = Header(columns, self)
        self.setHorizontalHeader(self._header)
        policy = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(
            policy.ScrollBarAsNeeded if arrangeable else policy.ScrollBarAlwaysOff
        )
        self.setHorizontalScrollMode(self.ScrollMode.ScrollPerPixel)
        self._header.sectionResized.connect(self._remember_width)
        self._header.sectionMoved.connect(lambda *_moved: self.arrangement.put_order(self.column_order()))
        self.setCornerWidget(QWidget(self))  # Qt paints a corner of its own where both scroll bars meet
        if arrangeable:
            self._header.setSectionsMovable(True)
            self._header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            self._header.customContextMenuRequested.connect(lambda _place: self.columns_wanted.emit())

    def columns(self) -> Sequence[Column[Any]]:
        """All columns, hidden ones too, as declared."""
        return self._columns

    def column_order(self) -> list[str]:
        """Keys of all columns from left to right, hidden ones too."""
        header = self._header
        return [self._columns[header.logicalIndex(place)].key for place in range(header.count())]

    def is_shown(self, key: str) -> bool:
        """Whether a column is among those to be shown, where there is room."""
        if self.arrangement.shown is not None:
            return key in self.arrangement.shown
        return any(column.shown for column in self._columns if column.key == key)

    def show_column(self, key: str, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        keys = [each.key for each in self._columns if self.is_shown(each.key) and each.key != key]
        self.arrangement.put_shown([*keys, key] if shown or not keys else keys)
        self._hide()

    def move_column(self, key: str, steps: int) -> None:
        """Move a column to the right, or to the left by negative steps, past the others."""
        order = self.column_order()
        place = order.index(key)
        self._header.moveSection(place, min(max(place + steps, 0), len(order) - 1))

    def widen_column(self, key: str, pixels: int) -> None:
        """Make a column wider, or narrower by negative pixels."""
        place = next(n for n, column in enumerate(self._columns) if column.key == key)
        self._header.resizeSection(place, max(self.columnWidth(place) + pixels, _NARROWEST))
        self._share_width()

    def reset_columns(self) -> None:
        """Show the columns as they are declared."""
        self.arrangement.forget()
        self._arrange()

    def hide_columns(self, keys: Collection[str]) -> None:
        """Leave these columns away, where there is little room; not those that somebody chose by hand."""
        self._narrow = keys
        self._hide()

    def _arrange(self) -> None:
        """Bring the columns into the remembered order."""
        header, known = self._header, [column.key for column in self._columns]
        header.blockSignals(True)
        wanted = [key for key in self.arrangement.order if key in known]
        wanted += [key for key in known if key not in wanted]
        for place, key in enumerate(wanted):
            header.moveSection(header.visualIndex(known.index(key)), place)
        header.blockSignals(False)
        self._hide()

    def _hide(self) -> None:
        narrow = self._narrow if self.arrangement.shown is None else ()
        # Or the width that a column comes back with is taken for one chosen by hand.
        self._header.blockSignals(True)
        for place, column in enumerate(self._columns):
            self.setColumnHidden(place, column.key in narrow or not self.is_shown(column.key))
        self._header.blockSignals(False)
        self._share_width()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        room = self.viewport().width()
        shown = [(n, column) for n, column in enumerate(self._columns) if not self.isColumnHidden(n)]
        if not shown:
            return
        widths = self.arrangement.widths
        fixed = {column.key: widths.get(column.key, column.width) for _n, column in shown}
        shares = {column.key: column.stretch or int(not column.width) for _n, column in shown}
        shares = {key: share for key, share in shares.items() if share and key not in widths}
        for key in shares:
            fixed[key] = 0
        narrowest = 4 * _NARROWEST if self._arrangeable else 2 * _NARROWEST
        least = narrowest * len(shares)
        taken = sum(fixed.values())
        if taken and taken > room - least and not self._arrangeable:
            fixed = {
                key: max(_NARROWEST, width * max(room - least, 0) // taken) for key, width in fixed.items()
            }
            fixed.update(dict.fromkeys(shares, 0))
        left = max(room - sum(fixed.values()), least)
        last = max(shown, key=lambda each: self._header.visualIndex(each[0]))[0]
        self._header.blockSignals(True)
        for place, column in shown:
            share = shares.get(column.key, 0)
            self.setColumnWidth(place, left * share // sum(shares.values()) if share else fixed[column.key])
        others = sum(self.columnWidth(place) for place, _column in shown if place != last)
        self.setColumnWidth(last, max(self.columnWidth(last), room - others))
        self._header.blockSignals(False)
        self.updateGeometries()

    def _remember_width(self, section: int, _before: int, width: int) -> None:
        if self._header.isVisible():
            self.arrangement.put_width(self._columns[section].key, width)
