"""Fields that only the card has: one of a few values, and numbers with their tails set off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING, show_phone
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import hbox
from desktop_crm.ui.kit.theme import S4

LABEL_WIDTH = 74
"""Room of the words before a value."""


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
        self._name.setMinimumWidth(LABEL_WIDTH)
        self._shown = Label(MISSING)
        hbox(self._name, (self._shown, 1), spacing=S4, on=self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(label)
        self.setToolTip(_("Click or press Enter to change it."))

    def show_choices(self, choices: Sequence[Choice], now: object) -> None:
        """Offer these, of which `now` holds."""
        self._choices, self._now = choices, now
        text = next((choice.text for choice in choices if choice.value == now), "")
        self._shown.setText(text or MISSING)
        self._shown.set_tone("plain" if text else "faint")

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


class PhoneLines(QWidget):
    """Numbers below each other, the last four digits in the accent: they are what people say and type.

    Signals:
        pressed(): somebody clicked them.
    """

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[str, str, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def show_numbers(self, numbers: Sequence[tuple[str, str]]) -> None:
        """Show (number, label) pairs."""
        self._lines = []
        for number, label in numbers:
            shown = show_phone(number)
            self._lines.append((shown[:-4], shown[-4:], label))
        self.setVisible(bool(numbers))
        self.setAccessibleName(", ".join(show_phone(number) for number, _label in numbers))
        self.updateGeometry()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def sizeHint(self) -> QSize:
        return QSize(160, 20 * max(1, len(self._lines)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        named = theme.tokens()
        baseline = 15
        for place, (head, tail, label) in enumerate(self._lines):
            x = 0
            for text, colour, bold in (
                (head, "quiet", False),
                (tail, "accent_text", True),
                (f"  {label}" if label else "", "faint", False),
            ):
                font = theme.font(14, bold=bold)
                painter.setFont(font)
                painter.setPen(named.colour(colour))
                metrics = QFontMetrics(font)
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width() - x)
                painter.drawText(x, baseline + 20 * place, shown)
                x += metrics.horizontalAdvance(text)
        painter.end()
