"""Layouts in one line each: rows, columns, flowing rows, scrolling areas. No colours, no texts."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_crm.ui.kit.theme import S4, S8, S12

BoxT = TypeVar("BoxT", bound=QBoxLayout)


class Stretch:
    """Stands for the free space of a row or column."""


STRETCH = Stretch()
Item = QWidget | QLayout | int | Stretch | tuple[QWidget | QLayout, int]
"""What goes into a box: a widget, a layout, a fixed gap, free space, or (widget, share of the space)."""

Margins = int | tuple[int, int, int, int]


def hbox(*items: Item, spacing: int = S8, margins: Margins = 0, on: QWidget | None = None) -> QHBoxLayout:
    """A row of items; `on` is the widget it becomes the layout of."""
    return _filled(QHBoxLayout(), items, spacing, margins, on)


def vbox(*items: Item, spacing: int = S12, margins: Margins = 0, on: QWidget | None = None) -> QVBoxLayout:
    """A column of items; `on` is the widget it becomes the layout of."""
    return _filled(QVBoxLayout(), items, spacing, margins, on)


def move_foot(column: QVBoxLayout, foot: QWidget, *, to_top: bool) -> None:
    """The buttons below a long list go under its heading, where a low window would cut them off."""
    column.removeWidget(foot)
    column.insertWidget(1 if to_top else column.count(), foot)


def holder(layout: QLayout) -> QWidget:
    """A bare widget around a layout, to be shown and hidden as one."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


def scrolling(widget: QWidget) -> QScrollArea:
    """A frameless area that scrolls `widget` up and down and gives it the full width."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(widget)
    widget.setAutoFillBackground(False)  # setWidget switches it on
    return area


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let the widgets go."""
    while layout.count():
        let_go(layout.takeAt(0))


def let_go(item: QLayoutItem | None) -> None:
    """Let the widget or layout of an item taken out of a layout go."""
    widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
    if widget is not None:
        widget.hide()
        widget.deleteLater()
    elif inner is not None:
        clear(inner)


def wrap_row(*widgets: QWidget, spacing: int = S4 + 2) -> QWidget:
    """A row whose children flow on to further lines; for chips."""
    held = QWidget()
    flow = FlowLayout(spacing)
    held.setLayout(flow)
    for widget in widgets:
        flow.addWidget(widget)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    held.setSizePolicy(policy)
    return held


class FlowLayout(QLayout):
    """Places children in lines, left to right, like words."""

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def insert(self, place: int, widget: QWidget) -> None:
        """Put a widget before the one at `place`."""
        self.addWidget(widget)
        self._items.insert(place, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue  # hidden
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), hint.boundedTo(QSize(rect.width(), hint.height()))))
            x += hint.width() + self.spacing()
            line = max(line, hint.height())
        return y + line - rect.y()


def _filled(box: BoxT, items: tuple[Item, ...], spacing: int, margins: Margins, on: QWidget | None) -> BoxT:
    box.setSpacing(spacing)
    box.setContentsMargins(*((margins,) * 4 if isinstance(margins, int) else margins))
    if on is not None:
        on.setLayout(box)
    for item in items:
        if isinstance(item, tuple):
            _add(box, item[0], item[1])
        else:
            _add(box, item, 0)
    return box


def _add(box: QBoxLayout, item: QWidget | QLayout | int | Stretch, stretch: int) -> None:
    if isinstance(item, QWidget):
        box.addWidget(item, stretch)
    elif isinstance(item, QLayout):
        box.addLayout(item, stretch)
    elif isinstance(item, int):
        box.addSpacing(item)
    else:
        box.addStretch(1)
