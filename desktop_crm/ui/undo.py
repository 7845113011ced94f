"""Ctrl+Z and Ctrl+Y of the window: what they would do, what they did, and what stayed as it was.

A focused text field with something of its own to undo keeps the keys for itself. Whose steps they take back is
decided in history.py.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from desktop_crm import history
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.history import CannotUndo, Undone
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import IconButton
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.labels import key_words
from desktop_crm.ui.kit.layouts import hbox
from desktop_crm.ui.kit.messages import Action, Messages
from desktop_crm.ui.step_details import LeftDialog

DETAILS_KEY = "Ctrl+D"


class Undoing(QObject):
    """Takes steps back and does them again for one window.

    Attributes:
        buttons: two small buttons whose tooltips name the step; made anew by `make_buttons`.
    """

    def __init__(self, window: QWidget, jobs: Jobs, messages: Messages) -> None:
        super().__init__(window)
        self._window, self._jobs, self._messages = window, jobs, messages
        self._last: tuple[str, tuple[history.Left, ...], int] | None = None
        self._keys = TextKeys(self)
        self.buttons = self.make_buttons()

    def make_buttons(self) -> QWidget:
        """The buttons of the top bar, in the present language."""
        self._back = IconButton("undo-2", _("Undo"), on_click=self.undo)
        self._again = IconButton("redo-2", _("Redo"), on_click=self.redo)
        self.buttons = QWidget()
        hbox(self._back, self._again, spacing=0, on=self.buttons)
        return self.buttons

    def undo(self) -> None:
        """Take back the latest step of the person at the counter."""
        self._jobs.change(
            lambda shop, _progress: history.undo(shop),
            self.tell,
            on_error=self._tell_failed,
            title=_("Undoing…"),
        )

    def redo(self) -> None:
        """Take back the latest undo."""
        self._jobs.change(
            lambda shop, _progress: history.redo(shop),
            self.tell,
            on_error=self._tell_failed,
            title=_("Doing it again…"),
        )

    def tell(self, undone: Undone) -> None:
        """Say what was undone or done again; where several things stayed, offer to list them."""
        self._last = (undone.label, undone.left, undone.left_count) if undone.left else None
        if undone.left_count > 1:
            action = Action(_("Details"), DETAILS_KEY, self.show_left)
        elif undone.again:
            action = Action(_("Undo"), "Ctrl+Z", self.undo)
        else:
            action = Action(_("Redo"), "Ctrl+Y", self.redo)
        self._messages.say(undone.sentence(), action)

    def show_left(self) -> None:
        """List what the latest undo left as it is."""
        if self._last is not None:
            LeftDialog(self._window, *self._last).open()

    def refresh(self) -> None:
        """Ask what Ctrl+Z and Ctrl+Y would do now."""
        self._jobs.query(_next, self._show, key="window.undo")

    def _show(self, names: tuple[str, str]) -> None:
        undo, redo = names
        self._name(self._back, _("Undo: {label}").format(label=undo) if undo else "", "Ctrl+Z")
        self._name(self._again, _("Redo: {label}").format(label=redo) if redo else "", "Ctrl+Y")

    def _name(self, button: IconButton, words: str, key: str) -> None:
        button.setEnabled(bool(words))
        shown = words or (_("Nothing to undo today") if button is self._back else _("Nothing to redo"))
        button.setToolTip(f"{shown}  {key_words(key)}")
        button.setAccessibleName(shown)

    def _tell_failed(self, error: CrmError) -> None:
        left = error.left if isinstance(error, CannotUndo) else ()
        self._last = (str(error), left, len(left)) if left else None
        self._messages.error(str(error))


def _next(shop: Shop) -> tuple[str, str]:
    """The labels of the steps that Ctrl+Z and Ctrl+Y are about, '' where there is none."""
    with shop.reading():
        undo, redo = history.next_undo(shop), history.next_redo(shop)
        first = history.step_of(shop, redo.undo_of) if redo and redo.undo_of else None
        return undo.label if undo else "", first.label if first else ""


class TextKeys(QObject):
    """Lets a focused text field have Ctrl+Z and Ctrl+Y only while it has something of its own to undo or redo.

    Qt's fields claim these keys always, so that after one clicked into an empty field nothing could be undone.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication), "a window needs an application"
        application.focusChanged.connect(self._watch)

    def _watch(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched = None
        if isinstance(now, (QLineEdit, QPlainTextEdit, QTextEdit, QComboBox)):
            now.installEventFilter(self)
            now.destroyed.connect(self._forget)
            self._watched = now

    def _forget(self) -> None:
        self._watched = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.matches(QKeySequence.StandardKey.Undo) and not has_own(watched, "undo"):
                event.ignore()
                return True
            if event.matches(QKeySequence.StandardKey.Redo) and not has_own(watched, "redo"):
                event.ignore()
                return True
        return False


def has_own(field: QObject, what: str) -> bool:
    """Whether a text field has something of its own to "undo" or "redo"."""
    if isinstance(field, QComboBox):
        line = field.lineEdit()
        return line is not None and has_own(line, what)
    if isinstance(field, QLineEdit):
        return field.isUndoAvailable() if what == "undo" else field.isRedoAvailable()
    if isinstance(field, (QPlainTextEdit, QTextEdit)):
        document = field.document()
        return document.isUndoAvailable() if what == "undo" else document.isRedoAvailable()
    return False
