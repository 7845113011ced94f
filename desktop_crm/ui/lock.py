"""The locked screen: nothing of the shop can be read until somebody shows who they are; everything stays open below it.

Every window of the program gets a cover and a title that says nothing; toasts, reminders and tips wait, lists and menus are
closed, and a dialog that some answer would open meanwhile opens afterwards. When it locks by itself is attention.py's
business.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QToolTip, QWidget

from desktop_crm import counter
from desktop_crm.base.i18n import _
from desktop_crm.counter import Comer
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import Drawing
from desktop_crm.ui.kit.theme import S4, S12, S20
from desktop_crm.ui.page import Desk
from desktop_crm.ui.person import ComersPanel

_PROGRAM = "Desktop CRM"


class LockScreen(QObject):
    """Locks the window and all its dialogs, and opens them again.

    Signals:
        locked(): the screen is covered. unlocked(): it is as it was.
    """

    locked = Signal()
    unlocked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._covers: dict[QWidget, _Cover] = {}
        self._waiting: list[QDialog] = []
        self.dialog: LockDialog | None = None
        self.is_locked = False

    def lock(self, *, by_itself: bool = False) -> None:
        """Cover everything at once, and ask who is there."""
        if self.is_locked:
            return
        self.is_locked = True
        self._desk.window.setProperty("locked", True)
        QGuiApplication.inputMethod().reset()
        QToolTip.hideText()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self._desk.messages.hold(True)
        for window in QApplication.topLevelWidgets():
            if window.isVisible():
                self._cover(window)
        self._cover(self._desk.window)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self._desk.jobs.change(lambda shop: counter.note_lock(shop, by_itself=by_itself), initiator=self)
        self.locked.emit()
        self.ask()

    def ask(self) -> None:
        """Open the list of those who may open the screen."""
        self._desk.jobs.query(
            lambda shop: counter.comers(shop, locked=True), self._open_dialog, key="lock", urgent=True
        )

    def _open_dialog(self, people: list[Comer]) -> None:
        if self.is_locked and self.dialog is None:
            self.dialog = LockDialog(self._desk, people)
            self.dialog.people.came.connect(self._open_again)
            self.dialog.show()
            self.dialog.activateWindow()

    def _open_again(self, staff_id: int) -> None:
        """Somebody has shown who they are: everything is as it was, with them at the counter."""
        if staff_id != self._desk.shop.staff_id:
            self._desk.set_person(staff_id)
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self.is_locked = False
        self._desk.window.setProperty("locked", False)
        for window, cover in self._covers.items():
            cover.take_away(window)
        self._covers = {}
        if self.dialog is not None:
            self.dialog.may_close = True
            self.dialog.close()
            self.dialog = None
        for dialog in self._waiting:
            dialog.open()
        self._waiting = []
        self._desk.messages.hold(False)
        self.unlocked.emit()

    # ---------------------------------------------------------------- what would be seen

    def _cover(self, window: QWidget) -> None:
        if window not in self._covers and window is not self.dialog:
            self._covers[window] = _Cover(window)
            window.destroyed.connect(lambda: self._covers.pop(window, None))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only while it is locked: whatever would be seen is put away."""
        kind = event.type()
        if kind == QEvent.Type.ToolTip:
            return True
        if not isinstance(watched, QWidget):
            return False
        if kind == QEvent.Type.Show and watched.isWindow() and not self._is_ours(watched):
            self._cover(watched)
            if isinstance(watched, QDialog):
                QTimer.singleShot(0, watched, lambda: self._put_away(watched))
        elif kind in (QEvent.Type.ZOrderChange, QEvent.Type.Show):
            window = watched.parentWidget()
            cover = None if window is None else self._covers.get(window)
            if cover is not None and cover is not watched:
                cover.raise_()
        elif kind == QEvent.Type.WindowTitleChange and watched in self._covers:
            self._covers[watched].keep_title(watched)
        return False

    def _is_ours(self, window: QWidget) -> bool:
        return window is self.dialog or isinstance(window, LockDialog) or window is self._desk.window

    def _put_away(self, dialog: QDialog) -> None:
        """A dialog that opened by itself waits for whoever comes."""
        if self.is_locked and dialog.isVisible():
            dialog.hide()
            self._waiting.append(dialog)
            dialog.destroyed.connect(
                lambda: self._waiting.remove(dialog) if dialog in self._waiting else None
            )


class LockDialog(QDialog):
    """Who is there? It stays until somebody has shown it."""

    def __init__(self, desk: Desk, people: list[Comer]) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setWindowTitle(_PROGRAM)
        self.may_close = False
        self.people = ComersPanel(desk, people, locked=True)
        words = vbox(
            Label(_("The screen is locked"), "title"), Label(_("Who is there?"), "quiet"), spacing=S4
        )
        head = hbox(Drawing("lock"), words, STRETCH, spacing=S12)
        vbox(head, self.people, spacing=S20, margins=S20, on=self)

    def reject(self) -> None:
        """Esc opens nothing."""
        if self.may_close:
            super().reject()


class _Cover(QWidget):
    """Lies over all that a window shows; the window's title says nothing meanwhile."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._title = window.windowTitle()
        window.setWindowTitle(_PROGRAM)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.setAutoFillBackground(False)
        self.show()
        self.raise_()

    def keep_title(self, window: QWidget) -> None:
        """The window would be called something else by now."""
        if window.windowTitle() != _PROGRAM:
            self._title = window.windowTitle()
            window.setWindowTitle(_PROGRAM)

    def take_away(self, window: QWidget) -> None:
        """Show the window as it was."""
        window.removeEventFilter(self)
        window.setWindowTitle(self._title)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.tokens().colour("bg"))
        painter.end()
