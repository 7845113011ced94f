"""Editing without a form: a label and its value that turns into a field, and lists of outcomes chosen by digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QMoveEvent, QTextCursor
from PySide6.QtWidgets import (
    QCompleter,
    QGridLayout,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Label, Role
from desktop_crm.ui.kit.layouts import hbox, vbox
from desktop_crm.ui.kit.theme import S4, S8


class FieldRow(QWidget):
    """A label and its value; a click or Enter edits it in place, Enter saves, Esc takes it back.

    Args:
        label: quiet words at the left, `label_width` wide.
        value: what is shown; "" shows – or the placeholder.
        on_save: called with the new text; answer a wrong one with `fail(sentence)`. None: not editable.
        placeholder: said in the empty field while editing.
        multiline: Enter makes a line, Ctrl+Enter saves.
        role: how the value looks.
    """

    edited = Signal(str)
    """The person saved another text."""
    closed = Signal()
    """The field is no longer open."""

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        on_save: Callable[[str], object] | None = None,
        placeholder: str = "",
        editable: bool = True,
        multiline: bool = False,
        label_width: int = 70,
        role: Role = "body",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._value = value
        self._editable = editable and (on_save is not None)
        self._on_save = on_save
        self._multiline = multiline
        self._name = Label(label, "quiet")
        self._name.setMinimumWidth(label_width)
        self._name.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._shown = Label("", role, wrap=True)
        self._editor: QLineEdit | QPlainTextEdit = QPlainTextEdit() if multiline else QLineEdit()
        self._editor.setPlaceholderText(placeholder)
        self._editor.setAccessibleName(label)
        self._editor.installEventFilter(self)
        self._editor.hide()
        self._error = Label("", "error", wrap=True)
        self._error.hide()
        column = vbox(self._shown, self._editor, self._error, spacing=2)
        hbox(self._name, (column, 1), spacing=S4, on=self)
        if label == "":
            self._name.hide()
        if self._editable:
            self._shown.setCursor(Qt.CursorShape.IBeamCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setToolTip(_("Click or press Enter to change it."))
        self.show_value(value)

    def value(self) -> str:
        """The value that is shown, not what is being typed."""
        return self._value

    def show_value(self, text: str, *, tone: str = "plain", shown: str = "") -> None:
        """Show another value; what is being typed at the moment stays. `shown` says it in other words for reading."""
        self._value = text
        self._shown.setText(shown or text or MISSING)
        self._shown.set_tone(tone if text else "faint")

    def edit(self, *, offering: bool = True) -> None:
        """Begin to edit; words are offered at once, or (`offering` False) only while typing."""
        if not self._editable:
            return
        self._set_text(self._value)
        self._shown.hide()
        self._editor.show()
        self._editor.setFocus()
        if isinstance(self._editor, QPlainTextEdit):
            self._editor.moveCursor(
                QTextCursor.MoveOperation.End
            )  # one adds to a note; nothing is typed over
        else:
            self._editor.selectAll()
        QTimer.singleShot(0, self, self._come_into_sight)  # when the editor has its place and height
        if offering and self._completer() is not None:
            QTimer.singleShot(0, self._offer_all)  # when the field has its place and height

    def _come_into_sight(self) -> None:
        above = self.parentWidget()
        while above is not None:
            if isinstance(above, QScrollArea):
                above.ensureWidgetVisible(self._editor)
            above = above.parentWidget()

    def _follow(self) -> None:
        """Its place is another one: into sight again, and the words that are offered below it."""
        self._come_into_sight()
        completer = self._completer()
        popup = completer.popup() if completer is not None else None
        if completer is not None and popup is not None and popup.isVisible():
            completer.complete()

    def _offer_all(self) -> None:
        completer = self._completer()
        if completer is not None and self.is_editing() and self._editor.hasFocus():
            completer.setCompletionPrefix("")
            completer.complete()

    def fail(self, sentence: str) -> None:
        """Say why the text cannot be saved; the typed text stays in the field."""
        typed = self._text()
        self._shown.hide()
        self._editor.show()
        self._set_text(typed)
        self._error.setText(sentence)
        self._error.show()
        self._editor.setFocus()

    def offer(self, words: Sequence[str]) -> None:
        """Offer these words as soon as the field opens, while typing those that contain what was typed."""
        if not isinstance(self._editor, QLineEdit):
            return
        completer = QCompleter(list(words), self._editor)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = QListView()
        popup.setObjectName("choices")
        completer.setPopup(popup)
        completer.activated.connect(self._take)
        self._editor.setCompleter(completer)
        popup.installEventFilter(self)  # after the completer's own: Enter and Esc are the field's

    def shown(self) -> str:
        """What stands there for reading."""
        return self._shown.text()

    def trouble(self) -> str:
        """What was wrong with what was typed, '' for nothing."""
        return "" if self._error.isHidden() else self._error.text()

    def is_editing(self) -> bool:
        """Whether the field is open."""
        return not self._editor.isHidden()

    def save(self) -> None:
        """Save what was typed, if it differs."""
        text = self._text().strip()
        self._close()
        if text != self._value:
            before = self._value
            self.show_value(text)
            self._value = before if self._on_save is None else text
            self.edited.emit(text)
            if self._on_save is not None:
                self._on_save(text)

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        if self.is_editing():
            QTimer.singleShot(0, self, self._follow)  # when what is around it has its place, too

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.edit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.is_editing():
            self.edit()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._name.set_tone("accent")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._name.set_tone("plain")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if isinstance(event, QKeyEvent) and pressed and watched is not self._editor and self._chosen(event):
            return True
        if watched is self._editor and isinstance(event, QKeyEvent) and pressed:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() == Qt.Key.Key_Escape:
                self._close()
                return True
            if enter and plain != self._multiline:
                self.save()
                return True
        if watched is self._editor and event.type() == QEvent.Type.FocusOut and self.is_editing():
            self._leave(event)
        return super().eventFilter(watched, event)

    def _chosen(self, event: QKeyEvent) -> bool:
        """A key pressed while words are offered: Enter saves the one that is lit, or what was typed; Esc takes all back."""
        completer = self._completer()
        popup = completer.popup() if completer is not None else None
        if popup is None or event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            return False
        lit = popup.currentIndex()
        popup.hide()
        if event.key() == Qt.Key.Key_Escape:
            self._close()
            return True
        self._take(str(lit.data()) if lit.isValid() else self._text())
        return True

    def _take(self, word: str) -> None:
        self._set_text(word)
        self.save()

    def _completer(self) -> QCompleter | None:
        return self._editor.completer() if isinstance(self._editor, QLineEdit) else None

    def _leave(self, event: QEvent) -> None:
        """Going elsewhere saves; switching windows or opening a menu does not."""
        reason = event.reason() if isinstance(event, QFocusEvent) else Qt.FocusReason.OtherFocusReason
        if reason in (
            Qt.FocusReason.MouseFocusReason,
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        ):
            self.save()

    def _close(self) -> None:
        had_focus = self._editor.hasFocus()
        self._editor.hide()
        self._error.hide()
        self._shown.show()
        if had_focus:
            self.setFocus()
        self.closed.emit()

    def _text(self) -> str:
        return self._editor.text() if isinstance(self._editor, QLineEdit) else self._editor.toPlainText()

    def _set_text(self, text: str) -> None:
        if isinstance(self._editor, QLineEdit):
            self._editor.setText(text)
        else:
            self._editor.setPlainText(text)


class OutcomeList(QWidget):
    """Up to nine choices in two columns, each with its digit.

    Digits count only while it has the keys (`take_keys`): elsewhere they go to the search box.
    """

    left = Signal()
    """Esc: the keys go back to where they came from."""

    def __init__(
        self,
        items: Sequence[tuple[str, str]],
        *,
        on_choose: Callable[[str], object],
        columns: int = 2,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_choose = on_choose
        self._keys = [key for key, _text in items]
        self._came_from: QWidget | None = None
        self._buttons: list[KeyButton] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(S8)
        for place, (key, text) in enumerate(items):
            button = KeyButton(text, cap=str(place + 1), wide=True, on_click=partial(on_choose, key))
            button.setProperty("takes_letters", True)
            button.installEventFilter(self)
            grid.addWidget(button, place // columns, place % columns)
            self._buttons.append(button)

    def take_keys(self, key: str = "") -> None:
        """Take the keyboard: digits choose, arrows move, Enter chooses (`key` at first), Esc gives back."""
        self._came_from = self.window().focusWidget()
        if self._buttons:
            self._buttons[self._keys.index(key) if key in self._keys else 0].setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self._key(watched, event)
        ):
            return True
        return super().eventFilter(watched, event)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        place = event.key() - Qt.Key.Key_1
        if 0 <= place < len(self._keys) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._on_choose(self._keys[place])
            return True
        if event.key() == Qt.Key.Key_Escape:
            if self._came_from is not None:
                self._came_from.setFocus()
            self.left.emit()
            return True
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -2, Qt.Key.Key_Down: 2}.get(
            Qt.Key(event.key())
        )
        if step is None:
            return False
        at = next(i for i, button in enumerate(self._buttons) if button is watched)
        self._buttons[max(0, min(len(self._buttons) - 1, at + step))].setFocus()
        return True
