"""How the cells of a `RecordTable` look: columns, two-line cells, pills, hair lines, the header. No data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.labels import CHIP_HEIGHT, chip_width, paint_chip
from desktop_crm.ui.kit.theme import S4, S8

R = TypeVar("R")

TALL, DENSE = 53, 37
_ELIDE = Qt.TextElideMode.ElideRight
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class Mark:
    """A pill in a cell."""

    text: str
    tone: str = "grey"
    bold: bool = False


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column of a table; the getters run at every paint and must be cheap.

    Attributes:
        key: its name in remembered widths and in sorting, never shown.
        title: header text.
        text: first line. second: quiet second line. marks: pills behind the text.
        tone: a text tone or a getter of one. bold: the fact that one looks for.
        width: logical pixels; 0 together with `stretch`: a share of what is left.
        sort: what sorting compares; by default the text. None values come last.
        sortable: whether a click on the header sorts.
    """

    key: str
    title: str
    text: Callable[[R], str] | None = None
    second: Callable[[R], str] | None = None
    marks: Callable[[R], Sequence[Mark]] | None = None
    tone: str | Callable[[R], str] = "plain"
    bold: bool | Callable[[R], bool] = False
    align: Literal["left", "right"] = "left"
    width: int = 0
    stretch: int = 0
    sort: Callable[[R], Any] | None = None  # anything that can be compared
    sortable: bool = True

    def words(self, record: R) -> str:
        """Everything the cell says, for screen readers and sorting."""
        parts = [self.text(record)] if self.text is not None else []
        if self.second is not None:
            parts.append(self.second(record))
        if self.marks is not None:
            parts.extend(mark.text for mark in self.marks(record))
        return " ".join(part for part in parts if part)

    def sort_value(self, record: R) -> tuple[bool, Any]:  # anything that can be compared
        """What sorting compares, empty ones last."""
        value = self.sort(record) if self.sort is not None else self.words(record)
        return (value is None or value == "", value)


class Cells(QStyledItemDelegate):
    """Paints the cells; asks the table's model for the record rather than for roles, which is faster."""

    def __init__(self, columns: Sequence[Column[Any]], record_at: Callable[[int], Any], height: int) -> None:
        super().__init__()
        self._columns = columns
        self._record_at = record_at
        self._height = height
        self._fonts = (theme.font(14), theme.font(14, bold=True), theme.font(12))
        self._metrics = tuple(QFontMetrics(each) for each in self._fonts)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, self._height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect = option.rect
        state = option.state
        column_no = index.column()
        painter.save()
        self._ground(painter, rect, column_no, bool(state & QStyle.StateFlag.State_Selected))
        record = self._record_at(index.row())
        inner = rect.adjusted(S8, 0, -S8, -1)
        if record is None:
            painter.setPen(theme.tokens().colour("faint"))
            painter.drawText(inner, _LEFT, "…")
        else:
            self._cell(painter, inner, self._columns[column_no], record)
        painter.restore()

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        record = self._record_at(index.row()) if index.isValid() else None
        if event.type() != QEvent.Type.ToolTip or record is None:
            return False
        column = self._columns[index.column()]
        room = option.rect.width() - 2 * S8
        said = [column.text(record)] if column.text is not None else []
        marks = sum(chip_width(mark.text) + S4 for mark in column.marks(record)) if column.marks else 0
        needed = self._metrics[1].horizontalAdvance(said[0]) + marks if said else marks
        if column.second is not None:
            said.append(column.second(record))
            needed = max(needed, self._metrics[2].horizontalAdvance(said[-1]))
        QToolTip.showText(event.globalPos(), "\n".join(said) if needed > room else "", view)
        return True

    def _ground(self, painter: QPainter, rect: QRect, column_no: int, selected: bool) -> None:
        named = theme.tokens()
        first, last = column_no == 0, column_no == len(self._columns) - 1
        if selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(named.colour("accent_soft"))
            painter.setClipRect(rect)
            box = QRectF(rect).adjusted(0 if first else -10, 0, 0 if last else 10, -1)
            painter.drawRoundedRect(box, 8 if first or last else 0, 8 if first or last else 0)
            return
        painter.setPen(QPen(named.colour("hair"), 1))
        bottom = rect.bottom() + 0.5
        painter.drawLine(QPointF(rect.left(), bottom), QPointF(rect.right() + 1, bottom))

    def _cell(self, painter: QPainter, rect: QRect, column: Column[Any], record: Any) -> None:
        second = column.second(record) if column.second is not None else ""
        top = QRect(rect)
        if second:
            middle = rect.center().y()
            top.setRect(rect.left(), middle - 19, rect.width(), 21)
            below = QRect(rect.left(), middle + 2, rect.width(), 17)
            painter.setFont(self._fonts[2])
            painter.setPen(theme.tokens().colour("faint"))
            shown = self._metrics[2].elidedText(second, _ELIDE, below.width())
            painter.drawText(below, _RIGHT if column.align == "right" else _LEFT, shown)
        marks = column.marks(record) if column.marks is not None else ()
        used = self._text(painter, top, column, record, marks)
        x = top.left() + used + (S4 if used else 0)
        y = top.center().y() + 0.5 - CHIP_HEIGHT / 2
        for mark in marks:
            if mark.text and (x + chip_width(mark.text) <= top.right() + S8 or x == top.left()):
                x += paint_chip(painter, x, y, mark.text, mark.tone, bold=mark.bold) + S4

    def _text(
        self, painter: QPainter, rect: QRect, column: Column[Any], record: Any, marks: Sequence[Mark]
    ) -> int:
        text = column.text(record) if column.text is not None else ""
        if not text:
            return 0
        bold = column.bold(record) if callable(column.bold) else column.bold
        tone = column.tone(record) if callable(column.tone) else column.tone
        wanted = sum(chip_width(mark.text) + S4 for mark in marks)
        room = max(rect.width() - wanted, rect.width() // 2)
        metrics = self._metrics[1 if bold else 0]
        shown = metrics.elidedText(text, _ELIDE, room)
        painter.setFont(self._fonts[1 if bold else 0])
        painter.setPen(theme.text_colour(tone))
        painter.drawText(rect, _RIGHT if column.align == "right" else _LEFT, shown)
        return metrics.horizontalAdvance(shown)


class Header(QHeaderView):
    """Quiet small column titles over a hair line; the sorted one has an arrow."""

    def __init__(self, columns: Sequence[Column[Any]], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = columns
        self.sorted_by = ""
        self.descending = False
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)
        self.setFixedHeight(34)
        self.setMouseTracking(True)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803
        named = theme.tokens()
        column = self._columns[logicalIndex]
        held = column.key == self.sorted_by
        painter.save()
        painter.setPen(QPen(named.colour("hair"), 1))
        bottom = rect.bottom() + 0.5
        painter.drawLine(QPointF(rect.left(), bottom), QPointF(rect.right() + 1, bottom))
        painter.setFont(theme.font(12))
        painter.setPen(named.colour("text" if held else "quiet"))
        inner = rect.adjusted(S8, 0, -S8, 0)
        words = column.title + ((" ↓" if self.descending else " ↑") if held else "")
        shown = painter.fontMetrics().elidedText(words, _ELIDE, inner.width())
        painter.drawText(inner, _RIGHT if column.align == "right" else _LEFT, shown)
        painter.restore()
