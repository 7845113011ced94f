"""Everything that a person, a screen reader or a program beside could read of a window, as texts."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QWidget

_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)
_METHODS = ("text", "whole_text", "toPlainText", "title", "placeholderText", "currentText")
_MOST_ROWS = 500


def everything(*roots: QWidget) -> Iterator[str]:
    """Texts, tooltips, accessible names and what the models of lists hold, of these widgets and all inside them."""
    for root in roots:
        for widget in (root, *root.findChildren(QWidget)):
            yield from _of_widget(widget)
        for action in root.findChildren(QAction):
            yield from (action.text(), action.toolTip())


def _of_widget(widget: QWidget) -> Iterator[str]:
    yield from (
        widget.windowTitle(),
        widget.toolTip(),
        widget.statusTip(),
        widget.accessibleName(),
        widget.accessibleDescription(),
    )
    for name in _METHODS:
        found = getattr(widget, name, None)
        if callable(found):
            said = found()
            if isinstance(said, str):
                yield said
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from _of_model(widget.model())


def _of_model(model: QAbstractItemModel) -> Iterator[str]:
    for row in range(min(model.rowCount(QModelIndex()), _MOST_ROWS)):
        for column in range(model.columnCount(QModelIndex())):
            index = model.index(row, column)
            for role in _ROLES:
                found = model.data(index, role)
                if isinstance(found, str):
                    yield found
    yield from _records(model)


def _records(model: QObject) -> Iterator[str]:
    """What our own models hold of each row, painted or not."""
    found = getattr(model, "records", None)
    if found is not None:
        for record in list(found() if callable(found) else found)[:_MOST_ROWS]:
            yield repr(record)
