"""Fields that only the card has: one of a few values, and somebody else. Numbers are in card_phones.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from desktop_crm.base.i18n import _, current_language
from desktop_crm.base.values import MISSING
from desktop_crm.shop import Shop
from desktop_crm.ui.customer_field import CustomerField
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import hbox
from desktop_crm.ui.kit.theme import S4


class Said(str):
    """A sentence about what was saved, to be said instead of “Saved: …”; any other answer of a save is not shown."""


Save = Callable[[FieldRow | None, str, Callable[[Shop], Any]], None]
"""Saves an edit: the row it came from (it shows what is wrong), what was edited in words, what to run."""


def label_width() -> int:
    """Room of the words before a value: Chinese ones are short."""
    return 72 if current_language() == "zh_CN" else 80


@dataclass(frozen=True)
class Choice:
    """One choice of a `ChoiceRow`."""

    value: object
    text: str


class ChoiceRow(QWidget):
    """A label and one of a few values; a click or Enter opens the choices."""

    def __init__(self, label: str, on_choose: Callable[[Any], object]) -> None:
        super().__init__()
        self._on_choose = on_choose
        self._choices: Sequence[Choice] = ()
        self._now: object = None
        self._name = Label(label, "quiet")
        self._name.setMinimumWidth(label_width())
        self._name.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._shown = Label(MISSING, wrap=True)
        hbox(self._name, (self._shown, 1), spacing=S4, on=self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(label)
        self.setToolTip(_("Click or press Enter to change it."))

    def show_choices(
        self, choices: Sequence[Choice], now: object, *, shown: str = "", tone: str = "plain"
    ) -> None:
        """Offer these, of which `now` holds; `shown` says it in other words, '' says it as the choice does."""
        self._choices, self._now = choices, now
        text = next((choice.text for choice in choices if choice.value == now), "")
        self._shown.setText(shown or text or MISSING)
        self._shown.set_tone(tone if shown or (text and now not in ("", None)) else "faint")

    def shown(self) -> str:
        """What stands there."""
        return self._shown.text()

    def open(self) -> None:
        """Open the choices below the value."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for choice in self._choices:
            action = QAction(choice.text, menu)
            action.setCheckable(True)
            action.setChecked(choice.value == self._now)
            action.triggered.connect(partial(self._choose, choice.value))
            menu.addAction(action)
            if choice.value == self._now:
                menu.setActiveAction(action)
        menu.popup(self._shown.mapToGlobal(QPoint(0, self._shown.height())))

    def choose(self, value: object) -> None:
        """Take a choice, as if it was clicked."""
        self._choose(value)

    def _choose(self, value: object, _checked: bool = False) -> None:
        if value != self._now:
            self._on_choose(value)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._name.set_tone("accent")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._name.set_tone("plain")


class PickRow(QWidget):
    """A label and a customer; Enter lets another be typed for, an emptied line takes them off, Esc takes all back.

    Args:
        on_choose: called with the id of whom was chosen, or None.
    """

    def __init__(self, jobs: Jobs, label: str, on_choose: Callable[[int | None], object]) -> None:
        super().__init__()
        self._on_choose = on_choose
        self._name = Label(label, "quiet")
        self._name.setMinimumWidth(label_width())
        self._shown = Label(MISSING, wrap=True)
        self.field = CustomerField(jobs, "")
        self.field.hide()
        self.field.changed.connect(self._take)
        self.field.line.installEventFilter(self)
        hbox(self._name, (self._shown, 1), (self.field, 1), spacing=S4, on=self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(label)
        self.setToolTip(_("Click or press Enter to change it."))

    def show_value(self, text: str) -> None:
        """Show somebody in words, '' for nobody."""
        self._shown.setText(text or MISSING)
        self._shown.set_tone("plain" if text else "faint")

    def edit(self) -> None:
        """Let somebody be typed for."""
        self.field.set_value(None)
        self._shown.hide()
        self.field.show()
        self.field.line.setFocus()

    def is_editing(self) -> bool:
        """Whether the line is open."""
        return not self.field.isHidden()

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
        if (
            watched is self.field.line
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            if event.key() == Qt.Key.Key_Escape:
                self._close()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.field.is_empty():
                self._close()
                self._on_choose(None)
                return True
        return super().eventFilter(watched, event)

    def _take(self) -> None:
        chosen = self.field.value()
        if chosen is not None and self.is_editing():
            self._close()
            self._on_choose(chosen)

    def _close(self) -> None:
        self.field.hide()
        self._shown.show()
        self.setFocus()
