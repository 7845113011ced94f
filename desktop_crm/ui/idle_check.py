"""The check of the shop's file that runs by itself, once a day, while nobody touches keyboard or mouse.

What is looked at is integrity.py's. Here it is done one check at a time; a key or a click stops the one that runs, and it
is made again when the next quiet minutes come.
"""

from __future__ import annotations

import threading
import time
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication, QWindow

from desktop_crm import integrity
from desktop_crm.base.errors import Cancelled, CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.integrity import Finding
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.messages import Action
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.page import Desk

LOOK_MS: Final = 20_000
QUIET_S: Final = 180.0
"""So long nobody must have touched anything."""

_SIGNS_OF_LIFE: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


def start(desk: Desk) -> IdleCheck:
    """Begin; the window keeps it."""
    return IdleCheck(desk)


def last(state: State, shop: Shop) -> str:
    """The shop day of the last whole check of this shop on this PC, '' where there was none."""
    return state.text(_key(shop))


class IdleCheck(QObject):
    """Waits for quiet minutes, makes one check after the other, and says at the end what was found."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._left: list[str] = []
        self._found: list[Finding] = []
        self._stop = threading.Event()
        self._runs = False
        self._touched = time.monotonic()
        self._watched: QWindow | None = None
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication), "a window needs an application"
        application.focusWindowChanged.connect(self._watch)
        self._watch(application.focusWindow())
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Make the next check of today, where it is quiet."""
        if self._runs or self._desk.jobs.is_busy or time.monotonic() - self._touched < QUIET_S:
            return
        if not self._left:
            if last(self._desk.state, self._desk.shop) == self._today():
                return
            self._left, self._found = list(integrity.KEYS), []
        self._go_on()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE:
            self._touched = time.monotonic()
            self._stop.set()
        return False

    def _watch(self, window: QWindow | None) -> None:
        """Listen to the window that has the keys now."""
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched.destroyed.disconnect(self._forget)
        self._watched = window
        if window is not None:
            window.installEventFilter(self)
            window.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._watched = None

    def _go_on(self) -> None:
        key, stop = self._left[0], self._stop
        stop.clear()
        self._runs = True

        def ask(shop: Shop) -> tuple[bool, Finding | None]:
            try:
                return True, integrity.check_one(shop, key, lambda _done, _total: _unless(stop))
            except Cancelled:
                return False, None

        self._desk.jobs.query(ask, self._done, key="idle_check", on_error=self._failed)

    def _done(self, answer: tuple[bool, Finding | None]) -> None:
        self._runs = False
        whole, finding = answer
        if not whole:
            return
        self._left.pop(0)
        if finding is not None:
            self._found.append(finding)
            if finding.key == integrity.KEYS[0]:  # of a damaged file nothing else can be read
                self._left.clear()
        if self._left:
            QTimer.singleShot(0, self, self.look)  # when this job is over
        else:
            self._say()

    def _failed(self, error: CrmError) -> None:
        """The file cannot be read any more: today's check is over, and that is what it found."""
        self._runs = False
        self._left.clear()
        self._remember()
        self._desk.messages.error(str(error))

    def _say(self) -> None:
        self._remember()
        if not self._found:
            return
        look = Action(_("Look"), "", lambda: self._desk.go_to("settings", "backups"))
        more = len(self._found) - 1
        words = ngettext("{first} And {count} more.", "{first} And {count} more.", more)
        first = _("The daily check found: {what}").format(what=self._found[0].what)
        self._desk.messages.say(words.format(first=first, count=more) if more else first, look)

    def _remember(self) -> None:
        self._desk.state.put(_key(self._desk.shop), self._today())

    def _today(self) -> str:
        return self._desk.shop.today().isoformat()


def _key(shop: Shop) -> str:
    return f"checked.{shop.keys.shop_id}"


def _unless(stop: threading.Event) -> None:
    if stop.is_set():
        raise Cancelled
