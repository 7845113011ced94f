"""A table of fields in which each row takes one of several values: cards side by side, digits and arrows choose.

It paints and takes keys; which values there are and what is done with them is the business of merge.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.theme import S4, S8, S12

_LABEL = 132
_NARROWEST = 150
_LINES = 3


@dataclass(frozen=True)
class ValueRow:
    """One field.

    Attributes:
        key: its name. label: in words. texts: one per column; None where the column cannot be chosen.
        chosen: the column that is taken at first.
    """

    key: str
    label: str
    texts: tuple[str | None, ...]
    chosen: int


@dataclass(frozen=True)
class ValueColumn:
    """One column: its title, quiet words below it, and the digit that chooses it."""

    title: str
    second: str
    digit: str


class ChoiceTable(QWidget):
    """Up and down go from field to field; left, right and the digits choose; Enter goes on.

    Signals:
        changed(str): another value of this row was chosen.
        entered(): Enter was pressed on the last row.
        row_changed(QRect): another row has the keys; where it is, for scrolling.
    """

    changed = Signal(str)
    entered = Signal()
    row_changed = Signal(QRect)

    def __init__(self) -> None:
        super().__init__()
        self._columns: Sequence[ValueColumn] = ()
        self._rows: Sequence[ValueRow] = ()
        self._chosen: list[int] = []
        self._row = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("takes_letters", True)  # digits choose here and do not go to the search box
        self.setAccessibleName(_("Which value is taken"))

    def show_rows(self, columns: Sequence[ValueColumn], rows: Sequence[ValueRow]) -> None:
        """Show these; the first row has the keys."""
        self._columns, self._rows = columns, rows
        self._chosen = [row.chosen for row in rows]
        self._row = 0
        self.setMinimumWidth(_LABEL + _NARROWEST * len(columns))
        self.setFixedHeight(self._tops()[-1] + S8)
        self._tell()

    def chosen(self) -> dict[str, int]:
        """The column of each row."""
        return {row.key: column for row, column in zip(self._rows, self._chosen, strict=True)}

    def choose(self, key: str, column: int) -> None:
        """Take a value, as if it was clicked."""
        place = next(place for place, row in enumerate(self._rows) if row.key == key)
        self._choose(place, column)

    # ---------------------------------------------------------------- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        side = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held or not self._rows:
            event.ignore()
        elif step is not None:
            self._go(self._row + step)
        elif side is not None:
            self._step(side)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._row == len(self._rows) - 1:
                self.entered.emit()
            else:
                self._go(self._row + 1)
        else:
            digits = [column.digit for column in self._columns]
            if event.text() in digits:
                self._choose(self._row, digits.index(event.text()))
            else:
                event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position())
        if place is not None:
            self._go(place[0])
            if place[1] >= 0:
                self._choose(*place)

    def event(self, event: QEvent) -> bool:
        """What does not fit is said whole under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._place_at(QPointF(event.pos()))
            text = self._rows[place[0]].texts[place[1]] if place is not None and place[1] >= 0 else ""
            QToolTip.showText(event.globalPos(), text or "", self)
            return True
        return super().event(event)

    def _step(self, side: int) -> None:
        texts, column = self._rows[self._row].texts, self._chosen[self._row] + side
        while 0 <= column < len(texts) and texts[column] is None:
            column += side
        if 0 <= column < len(texts):
            self._choose(self._row, column)

    def _go(self, row: int) -> None:
        self._row = max(0, min(len(self._rows) - 1, row))
        self._tell()
        top, bottom = self._tops()[self._row], self._tops()[self._row + 1]
        self.row_changed.emit(QRect(0, top - S12, self.width(), bottom - top + 2 * S12))

    def _choose(self, row: int, column: int) -> None:
        if self._rows[row].texts[column] is None or self._chosen[row] == column:
            return
        self._chosen[row] = column
        self._tell()
        self.changed.emit(self._rows[row].key)

    def _tell(self) -> None:
        if self._rows:
            row = self._rows[self._row]
            self.setAccessibleDescription(f"{row.label}: {row.texts[self._chosen[self._row]] or MISSING}")
        self.update()

    # ---------------------------------------------------------------- painting

    def sizeHint(self) -> QSize:
        return QSize(_LABEL + 200 * len(self._columns), self._tops()[-1] + S8)

    def _column_width(self) -> int:
        return (max(self.width(), self.minimumWidth()) - _LABEL) // max(1, len(self._columns))

    def _tops(self) -> list[int]:
        """Where the rows begin, and the end of the last one."""
        line = QFontMetrics(theme.font(14)).lineSpacing()
        found = [2 * line + S12]
        inner = max(_NARROWEST, self._column_width() if self.isVisible() else 200) - 2 * S8 - 18
        for row in self._rows:
            metrics = QFontMetrics(theme.font(14, bold=True))
            lines = max(
                (
                    metrics.boundingRect(0, 0, inner, 10_000, _WRAP, text).height() // line
                    for text in row.texts
                    if text
                ),
                default=1,
            )
            found.append(found[-1] + max(1, min(_LINES, lines)) * line + 2 * S8)
        return found

    def resizeEvent(self, event: object) -> None:
        self.setFixedHeight(self._tops()[-1] + S8)

    def _place_at(self, position: QPointF) -> tuple[int, int] | None:
        """(row, column) under a point; column −1 on the label."""
        tops = self._tops()
        row = next((r for r in range(len(self._rows)) if tops[r] <= position.y() < tops[r + 1]), None)
        if row is None:
            return None
        column = int((position.x() - _LABEL) // self._column_width()) if position.x() >= _LABEL else -1
        return row, min(column, len(self._columns) - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, tops = self._column_width(), self._tops()
        for place, column in enumerate(self._columns):
            self._paint_head(painter, QRect(_LABEL + place * width, 0, width, tops[0]), column)
        for place, row in enumerate(self._rows):
            self._paint_row(
                painter, place, row, QRect(0, tops[place], self.width(), tops[place + 1] - tops[place])
            )
        painter.end()

    def _paint_head(self, painter: QPainter, place: QRect, column: ValueColumn) -> None:
        named = theme.tokens()
        inner = place.adjusted(S8, 0, -S8, 0)
        small, bold = theme.font(12), theme.font(14, bold=True)
        line = QFontMetrics(bold).lineSpacing()
        painter.setFont(small)
        painter.setPen(named.colour("faint"))
        cap = QFontMetrics(small).horizontalAdvance(column.digit) + S8
        painter.drawText(
            inner.adjusted(0, 0, 0, line - place.height()), Qt.AlignmentFlag.AlignVCenter, column.digit
        )
        for text, font, tone, top in ((column.title, bold, "text", 0), (column.second, small, "quiet", line)):
            painter.setFont(font)
            painter.setPen(named.colour(tone))
            room = QRect(inner.left() + cap, top, inner.width() - cap, line)
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_row(self, painter: QPainter, place: int, row: ValueRow, whole: QRect) -> None:
        named, width = theme.tokens(), self._column_width()
        painter.setPen(named.colour("hair"))
        painter.drawLine(whole.topLeft(), whole.topRight())
        here = place == self._row
        painter.setFont(theme.font(14, bold=here and self.hasFocus()))
        painter.setPen(named.colour("text" if here else "quiet"))
        painter.drawText(QRect(0, whole.top() + S8, _LABEL - S8, whole.height() - S8), _WRAP, row.label)
        for column, text in enumerate(row.texts):
            if text is None:
                continue
            cell = QRect(_LABEL + column * width, whole.top(), width, whole.height()).adjusted(2, 3, -2, -3)
            is_chosen = self._chosen[place] == column
            if is_chosen:
                painter.setPen(
                    QPen(named.colour("accent"), 1.5) if here and self.hasFocus() else Qt.PenStyle.NoPen
                )
                painter.setBrush(named.colour("accent_soft"))
                painter.drawRoundedRect(QRectF(cell).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            self._paint_circle(painter, QPointF(cell.left() + 14, cell.top() + 15), is_chosen)
            painter.setFont(theme.font(14, bold=is_chosen))
            painter.setPen(named.colour("text" if is_chosen else "quiet" if text else "faint"))
            painter.drawText(cell.adjusted(S8 + 18, S4 + 1, -S4, -S4), _WRAP, text or MISSING)

    def _paint_circle(self, painter: QPainter, middle: QPointF, is_full: bool) -> None:
        named = theme.tokens()
        painter.setPen(QPen(named.colour("accent" if is_full else "faint"), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, 5.5, 5.5)
        if is_full:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(named.colour("accent"))
            painter.drawEllipse(middle, 3, 3)


_WRAP = (
    Qt.TextFlag.TextWordWrap
    | Qt.TextFlag.TextWrapAnywhere
    | Qt.AlignmentFlag.AlignLeft
    | Qt.AlignmentFlag.AlignTop
)
