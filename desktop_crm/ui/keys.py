"""Where typed keys go: letters, digits, scans and composed characters typed outside a text field begin a search.

Only the widget that has the focus is watched, so that nothing is paid while nobody types.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QInputMethodEvent, QInputMethodQueryEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from desktop_crm.ui.search_box import SearchBox

_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_TEXT_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox)


def takes_letters(widget: QWidget) -> bool:
    """Whether typed letters mean something to `widget` itself (a text field, an opened list of outcomes)."""
    return isinstance(widget, _TEXT_FIELDS) or bool(widget.property("takes_letters"))


class Typing(QObject):
    """Sends what is typed on `window` outside text fields to its search box.

    An input method composes in the focused widget, and moving the focus would break the composing off: so the
    focus stays until the first characters are chosen, and the composing is shown in the search box meanwhile.
    """

    def __init__(self, window: QWidget, search: SearchBox) -> None:
        super().__init__(window)
        self._window, self._search = window, search
        self._watched: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication), "a window needs an application"
        application.focusChanged.connect(self._watch)

    def _watch(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched = None
        if now is None or now.window() is not self._window or takes_letters(now):
            return
        now.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        now.installEventFilter(self)
        now.destroyed.connect(self._forget)
        self._watched = now

    def _forget(self) -> None:
        self._watched = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._typed(event)
        if isinstance(event, QInputMethodEvent):
            return self._composed(event)
        if isinstance(event, QInputMethodQueryEvent) and isinstance(watched, QWidget):
            return self._asked(watched, event)
        return False

    def _typed(self, event: QKeyEvent) -> bool:
        text = event.text()
        if not text.strip() or not text.isprintable() or event.modifiers() & _COMMANDS:
            return False
        self._search.take(event)
        return True

    def _composed(self, event: QInputMethodEvent) -> bool:
        if not event.preeditString() and not event.commitString():
            return False
        if not self._search.property("composing"):
            self._search.selectAll()
        self._search.setProperty("composing", bool(event.preeditString()))
        QApplication.sendEvent(self._search, event)
        if event.commitString() and not event.preeditString():
            self._search.setFocus()
        return True

    def _asked(self, watched: QWidget, event: QInputMethodQueryEvent) -> bool:
        """The list of characters opens where the search box is."""
        queries = event.queries()
        if not queries & Qt.InputMethodQuery.ImCursorRectangle:
            return False
        event.setValue(Qt.InputMethodQuery.ImEnabled, True)
        corner = watched.mapFromGlobal(self._search.mapToGlobal(QPoint(12, 0)))
        place = QRect(corner.x(), corner.y(), 1, self._search.height())
        event.setValue(Qt.InputMethodQuery.ImCursorRectangle, place)
        event.accept()
        return True
