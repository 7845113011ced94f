"""What a `RecordTable` is made of: its columns and their header. The rows are painted by row_painter.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.theme import S8

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
        sortable: whether a click on the header sorts. descends: whether its first click sorts downwards.
        shown: whether it is there before anybody chose columns.
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
    descends: bool = False
    shown: bool = True

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


class Header(QHeaderView):
    """Quiet small column titles over a hair line; the sorted one has an arrow."""

    def __init__(self, columns: Sequence[Column[Any]], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.columns = columns
        self.sorted_by = ""
        self.descending = False
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)
        self.setFixedHeight(34)
        self.setMouseTracking(True)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803
        named = theme.tokens()
        column = self.columns[logicalIndex]
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
