"""Whether anybody is there, and the keys that work before every window: F9 held shows numbers, F12 and Ctrl+L also in forms.

Only the window that has the keys is watched, and not its widgets, so that nothing is paid for what is painted.
"""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication

from desktop_crm import counter
from desktop_crm.counter import Guard
from desktop_crm.ui.page import Desk
from desktop_crm.ui.reveal import Reveal

LOOK_MS: Final = 5_000
REVEAL_KEY: Final = Qt.Key.Key_F9
_SIGNS_OF_LIFE: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


class Attention(QObject):
    """Looks after the counter as long as the window lives."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._guard = Guard(can_lock=False, minutes=0, starts_locked=False)
        self._last = time.monotonic()
        self._watched: QWindow | None = None
        self.reveal = Reveal(desk)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication), "a window needs an application"
        application.focusWindowChanged.connect(self._watch)
        self._watch(application.focusWindow())
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        desk.jobs.changed.connect(self._changed)
        self._ask()

    def look(self) -> None:
        """Lock the screen where nobody was there for too long."""
        idle_s = time.monotonic() - self._last
        if self._guard.can_lock and self._guard.minutes and idle_s >= self._guard.minutes * 60:
            self._desk.lock(by_itself=True)

    def _ask(self) -> None:
        self._desk.jobs.query(counter.guard, self._take, key="attention")

    def _take(self, guard: Guard) -> None:
        self._guard = guard

    def _changed(self, kinds: frozenset[str], _initiator: object) -> None:
        if kinds & {"settings", "staff", "person", "pins", "safety"}:
            self._ask()

    def _watch(self, window: QWindow | None) -> None:
        self.reveal.hide()
        if self._watched is not None:
            self._watched.removeEventFilter(self)
        self._watched = window
        if window is not None:
            window.installEventFilter(self)
            window.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._watched = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in _SIGNS_OF_LIFE:
            return False
        self._last = time.monotonic()
        if isinstance(event, QKeyEvent) and not self._desk.window.property("locked"):
            return self._key(event, pressed=kind == QEvent.Type.KeyPress)
        return False

    def _key(self, event: QKeyEvent, *, pressed: bool) -> bool:
        if event.key() == REVEAL_KEY and not event.modifiers():
            if not event.isAutoRepeat():
                self.reveal.show() if pressed else self.reveal.hide()
            return True
        if pressed and QApplication.activeModalWidget() is not None:
            return self._key_in_form(event)
        return False

    def _key_in_form(self, event: QKeyEvent) -> bool:
        """The keys of the window do not reach it while a form stands before it."""
        if event.key() == Qt.Key.Key_F12 and not event.modifiers():
            self._desk.run_action("person")
            return True
        if event.key() == Qt.Key.Key_L and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._desk.lock()
            return True
        return False


def start(desk: Desk) -> QObject:
    """Begin to look."""
    return Attention(desk)
