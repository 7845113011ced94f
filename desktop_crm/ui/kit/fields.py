"""Labelled form fields: text, phone, money, day, choice, note, yes or no; the sentence of a wrong one stands under it.

A field reads what was typed and says what is wrong with it; which fields there are is the form's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Generic, TypeVar

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from desktop_crm.base.i18n import _
from desktop_crm.base.values import (
    clean_note,
    clean_text,
    normal_phone,
    parse_money,
    show_money,
    show_phone,
    valid_phone,
)
from desktop_crm.ui.kit.buttons import IconButton
from desktop_crm.ui.kit.days import parse_day
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import hbox, vbox
from desktop_crm.ui.kit.theme import S4, S8

V = TypeVar("V")
Check = Callable[[V], str]
"""What is wrong with a value as a sentence, or ""."""


class Field(QWidget, Generic[V]):
    """A label, something to fill in, and below it what is wrong.

    Signals:
        changed(): something was typed or chosen.
        entered(): Enter was pressed in it.
    """

    changed = Signal()
    entered = Signal()

    def __init__(
        self, label: str, editor: QWidget, *, required: bool, check: Check[V] | None, hint: str
    ) -> None:
        super().__init__()
        self.label, self.editor = label, editor
        self._required, self._check = required, check
        self._hint = hint
        self._below = Label(hint, "tiny", wrap=True)
        self._below.setVisible(bool(hint))
        editor.setAccessibleName(label)
        editor.installEventFilter(self)
        self._name = Label(label, "small")
        self._column = vbox(self._name, editor, self._below, spacing=S4, on=self)
        self._name.setVisible(bool(label))
        self.setFocusProxy(editor)
        self.changed.connect(self._forgive)

    def value(self) -> V:
        """What was filled in; only asked after `problem` was ""."""
        raise NotImplementedError

    def set_value(self, value: V) -> None:
        """Fill it in."""
        raise NotImplementedError

    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        raise NotImplementedError

    def set_label(self, label: str) -> None:
        """Ask for something else."""
        self.label = label
        self._name.setText(label)
        self._name.setVisible(bool(label))
        self.editor.setAccessibleName(label)

    def set_hint(self, hint: str) -> None:
        """Say something else below it while nothing is wrong; "" for nothing."""
        self._hint = hint
        if not self.editor.property("wrong"):
            self.fail("")

    def set_required(self, required: bool) -> None:
        """Whether it must be filled in."""
        self._required = required

    def problem(self) -> str:
        """What is wrong with what was filled in, as a sentence, or ""."""
        if self.is_empty():
            return _("Please fill this in.") if self._required else ""
        return self._misread() or (self._check(self.value()) if self._check is not None else "")

    def fail(self, sentence: str) -> None:
        """Say what is wrong; "" takes it back."""
        self._mark(bool(sentence))
        self._below.setText(sentence or self._hint)
        self._below.setProperty("role", "error" if sentence else "tiny")
        self._below.set_tone("plain")
        self._below.setVisible(bool(sentence or self._hint))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._enters(event):
            self.entered.emit()
            return True
        return super().eventFilter(watched, event)

    def _enters(self, event: QKeyEvent) -> bool:
        return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD

    def _misread(self) -> str:
        return ""

    def _forgive(self) -> None:
        if self.editor.property("wrong"):
            self.fail("")

    def _mark(self, wrong: bool) -> None:
        self.editor.setProperty("wrong", wrong)
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)


class LineField(Field[V]):
    """A field of one typed line."""

    def __init__(
        self,
        label: str,
        *,
        placeholder: str = "",
        required: bool = False,
        check: Check[V] | None = None,
        hint: str = "",
        beside: Sequence[QWidget] = (),
    ) -> None:
        self.line = QLineEdit()
        super().__init__(label, self.line, required=required, check=check, hint=hint)
        self.line.setPlaceholderText(placeholder)
        self.line.textEdited.connect(lambda _text: self.changed.emit())
        if beside:
            self._column.removeWidget(self.line)
            self._column.insertLayout(1, hbox((self.line, 1), *beside, spacing=S4))

    def is_empty(self) -> bool:
        return not clean_text(self.line.text())

    def text(self) -> str:
        """What stands in the line."""
        return self.line.text()


class TextField(LineField[str]):
    """A line of text."""

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        placeholder: str = "",
        required: bool = False,
        check: Check[str] | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(label, placeholder=placeholder, required=required, check=check, hint=hint)
        self.set_value(value)

    def value(self) -> str:
        return clean_text(self.line.text())

    def set_value(self, value: str) -> None:
        self.line.setText(value)


class PhoneField(LineField[str]):
    """A phone number; full-width digits, +86 and gaps are read, the stored form is given."""

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        placeholder: str = "",
        required: bool = False,
        check: Check[str] | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(label, placeholder=placeholder, required=required, check=check, hint=hint)
        self.set_value(value)

    def value(self) -> str:
        return normal_phone(self.line.text())

    def set_value(self, value: str) -> None:
        self.line.setText(show_phone(value))

    def _misread(self) -> str:
        number = normal_phone(self.line.text())
        if valid_phone(number):
            return ""
        if number.startswith("1") and len(number) != 11:
            return _("A mobile number has 11 digits, this one has {count}.").format(count=len(number))
        return _("This is not a number one can dial.")


class MoneyField(LineField["int | None"]):
    """An amount; reads 1299, ￥1,299.00, 1.2万; gives fen, None where it is empty."""

    def __init__(
        self,
        label: str,
        value: int | None = None,
        *,
        placeholder: str = "",
        required: bool = False,
        check: Check[int | None] | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(label, placeholder=placeholder or "¥", required=required, check=check, hint=hint)
        self.set_value(value)

    def value(self) -> int | None:
        return parse_money(self.line.text())

    def set_value(self, value: int | None) -> None:
        self.line.setText("" if value is None else show_money(value).replace("¥", "").replace("−", "-"))

    def _misread(self) -> str:
        return "" if self.value() is not None else _("This is not an amount. Write 1299 or 1299.50.")


class DayField(LineField["date | None"]):
    """A day, typed (2026-11-21, 11-21, 21, +3, tomorrow, 明天) or picked; the day read stands under it."""

    def __init__(
        self,
        label: str,
        *,
        today: date,
        value: date | None = None,
        placeholder: str = "",
        required: bool = False,
        check: Check[date | None] | None = None,
        hint: str = "",
        past: bool = False,
    ) -> None:
        self._today, self._past = today, past
        pick = IconButton("calendar", _("Calendar"), on_click=self._open_calendar)
        super().__init__(
            label,
            placeholder=placeholder or _("2026-11-21, 11-21, +3 or tomorrow"),
            required=required,
            check=check,
            hint=hint,
            beside=(pick,),
        )
        self.line.editingFinished.connect(self._spell_out)
        self.set_value(value)

    def value(self) -> date | None:
        return parse_day(self.line.text(), self._today, past=self._past)

    def set_value(self, value: date | None) -> None:
        self.line.setText("" if value is None else value.isoformat())

    def _misread(self) -> str:
        return (
            ""
            if self.value() is not None
            else _("This is not a day. Write 2026-11-21, 11-21, +3 or tomorrow.")
        )

    def _spell_out(self) -> None:
        day = self.value()
        if day is not None and self.line.text() != day.isoformat():
            self.line.setText(day.isoformat())

    def _open_calendar(self) -> None:
        held = self.value() or self._today
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setObjectName("box")
        calendar = QCalendarWidget()
        calendar.setGridVisible(False)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setSelectedDate(QDate(held.year, held.month, held.day))
        calendar.activated.connect(lambda day: self._picked(day, popup))
        calendar.clicked.connect(lambda day: self._picked(day, popup))
        vbox(calendar, margins=S8, on=popup)
        popup.move(self.line.mapToGlobal(QPoint(0, self.line.height() + S4)))
        popup.show()
        calendar.setFocus()

    def _picked(self, day: QDate, popup: QFrame) -> None:
        self.set_value(date(day.year(), day.month(), day.day()))
        popup.close()
        self.changed.emit()
        self.line.setFocus()


class NoteField(Field[str]):
    """Several lines of text; Enter makes a line."""

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        lines: int = 4,
        placeholder: str = "",
        required: bool = False,
        check: Check[str] | None = None,
        hint: str = "",
    ) -> None:
        self.box = QPlainTextEdit()
        super().__init__(label, self.box, required=required, check=check, hint=hint)
        self.box.setPlaceholderText(placeholder)
        self.box.setTabChangesFocus(True)
        self.box.setFixedHeight(self.box.fontMetrics().lineSpacing() * lines + 24)
        self.set_value(value)
        self.box.textChanged.connect(self.changed.emit)

    def value(self) -> str:
        return clean_note(self.box.toPlainText())

    def set_value(self, value: str) -> None:
        self.box.setPlainText(value)

    def is_empty(self) -> bool:
        return not self.value()

    def _enters(self, event: QKeyEvent) -> bool:
        return False


class CheckField(Field[bool]):
    """Yes or no."""

    def __init__(self, label: str, value: bool = False, *, hint: str = "") -> None:
        self.box = QCheckBox(label)
        super().__init__("", self.box, required=False, check=None, hint=hint)
        self.set_value(value)
        self.box.toggled.connect(lambda _on: self.changed.emit())

    def value(self) -> bool:
        return self.box.isChecked()

    def set_value(self, value: bool) -> None:
        self.box.setChecked(value)

    def is_empty(self) -> bool:
        return False


_KEYPAD = Qt.KeyboardModifier.KeypadModifier
