"""The list in which somebody chooses the columns of a table: which, in what order, how wide, and what it is sorted by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop_crm.base.i18n import _
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S8, S12

_WIDTH = 400
_ROWS = 12
_WIDER = 16
_CHECK_WIDTH = 40


@dataclass(frozen=True)
class _Line:
    """One column of the other table: its key and title, whether it is shown, an arrow where it is sorted by it."""

    id: str
    title: str
    shown: bool
    arrow: str


class ColumnChooser(QFrame):
    """A small list over the window; closes by itself when one goes elsewhere."""

    def __init__(self, table: RecordTable[Any], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("hits")
        self._of = table
        self.lines = _Lines(self)
        self.reset_button = KeyButton(_("As at first"), "Ctrl+Backspace", kind="quiet", on_click=self._reset)
        hints = Label(
            _(
                "Space shows or hides, Alt ↑ ↓ moves, ← → narrower or wider. Enter sorts, once more the other way."
            ),
            "tiny",
            wrap=True,
            tone="faint",
        )
        self._title = Label(_("Columns and sorting"), "section")
        vbox(
            hbox(self._title, STRETCH, self.reset_button, spacing=S8),
            self.lines,
            hints,
            spacing=S8,
            on=self,
        ).setContentsMargins(S12, S12, S12, S12)
        self.setFixedWidth(_WIDTH)
        self.hide()

    def open_below(self, anchor: QWidget) -> None:
        """Show the list below a widget, its right edge under that one's."""
        self._show_lines(self._of.sorted_by[0])
        window = self.parentWidget()
        assert window is not None, "made with one"
        corner = anchor.mapTo(window, QPoint(anchor.width() - _WIDTH, anchor.height() + 4))
        room = window.height() - corner.y() - 150
        self.lines.row_limit(max(4, min(_ROWS, room // self.lines.row_height)))
        self.adjustSize()
        self.move(max(min(corner.x(), window.width() - _WIDTH - S8), S8), corner.y())
        self.show()
        self.raise_()
        self.lines.setFocus()

    def close_list(self) -> None:
        """Hide the list and give the keys back to the table."""
        if self.isVisible():
            self.hide()
            self._of.setFocus()

    def toggle(self, key: str) -> None:
        """Show or hide a column of the table."""
        self._of.show_column(key, not self._of.is_shown(key))
        self._show_lines(key)

    def move_column(self, key: str, steps: int) -> None:
        """Move a column of the table."""
        self._of.move_column(key, steps)
        self._show_lines(key)

    def widen(self, key: str, steps: int) -> None:
        """Make a column of the table wider or narrower."""
        self._of.widen_column(key, steps * _WIDER)

    def sort(self, key: str) -> None:
        """Sort the table by a column."""
        self._of.sort_by(key)
        self._show_lines(key)

    def _reset(self) -> None:
        self._of.reset_columns()
        self._show_lines("")

    def _show_lines(self, chosen: str) -> None:
        by_key = {column.key: column for column in self._of.columns()}
        wanted = self._of.sort_wanted
        arrow = "↓" if wanted[1] else "↑"
        self.lines.set_records(
            [
                _Line(key, by_key[key].title, self._of.is_shown(key), arrow if key == wanted[0] else "")
                for key in self._of.column_order()
            ]
        )
        if not chosen or not self.lines.select(chosen):
            self.lines.select_first()


class _Lines(RecordTable[_Line]):
    """The lines of the chooser, with its keys."""

    def __init__(self, chooser: ColumnChooser) -> None:
        super().__init__(
            [
                Column(
                    "shown", "", lambda line: "✓" if line.shown else "", tone="accent", width=_CHECK_WIDTH
                ),
                Column(
                    "title",
                    "",
                    lambda line: line.title,
                    tone=lambda line: "plain" if line.shown else "quiet",
                    stretch=1,
                ),
                Column("arrow", "", lambda line: line.arrow, tone="accent", width=_CHECK_WIDTH),
            ],
            dense=True,
            parent=chooser,
        )
        self._chooser = chooser
        self._header.setFixedHeight(0)
        self.record_chosen.connect(lambda line: chooser.sort(line.id))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line, key = self.selected(), event.key()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if key == Qt.Key.Key_Escape:
            self._chooser.close_list()
        elif line is None:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Space:
            self._chooser.toggle(line.id)
        elif alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._chooser.move_column(line.id, -1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._chooser.widen(line.id, -1 if key == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        line = self.selected()
        if line is not None and event.position().x() < _CHECK_WIDTH:
            self._chooser.toggle(line.id)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self._chooser.isAncestorOf(self.window().focusWidget() or self._chooser):
            self._chooser.hide()
