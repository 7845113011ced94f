"""One row for each kind of setting, made from its declaration: label and help at the left, what can be changed at the right.

A row reads with `profile.typed` and never judges; saving and what may be is the business of profile.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from desktop_crm import profile
from desktop_crm.base.i18n import N_, _
from desktop_crm.profile import AnySetting, SettingWrong
from desktop_crm.settings import OPENING_HOURS, TIME_ZONE
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.forms import ChoiceField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, FlowLayout, hbox, vbox
from desktop_crm.ui.kit.theme import S4, S8, S12, S16

UNITS = {
    "days": N_("days"),
    "months": N_("months"),
    "hours": N_("hours"),
    "minutes": N_("minutes"),
    "fen": N_("¥"),
}
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


class SettingRow(QWidget):
    """The base of all rows: words at the left, the sentence about a wrong value below.

    Signals:
        changed(value): the person set another value.
    """

    changed = Signal(object)

    def __init__(self, setting: AnySetting) -> None:
        super().__init__()
        self.setting = setting
        self._value: Any = None  # of the setting's own type
        self._name = Label(_(setting.label), wrap=True)
        self._help = Label(_(setting.help) if setting.help else "", "tiny", wrap=True)
        self._help.setVisible(bool(setting.help))
        self._error = Label("", "error", wrap=True)
        self._error.hide()

    def show_value(self, value: Any) -> None:  # of the setting's own type
        """Show what holds; an error that was shown is gone."""
        self._value = value
        self.fail("")

    def fail(self, sentence: str) -> None:
        """Say why the value was not saved; what was typed stays."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def say(self, value: Any) -> None:  # of the setting's own type
        """Have another value saved, if it is another one."""
        if value != self._value:
            self.changed.emit(value)

    def _lay_out(self, *right: QWidget | Label, below: QWidget | None = None) -> None:
        words = vbox(self._name, self._help, spacing=2)
        row = hbox((words, 1), *right, spacing=S8)
        for place in range(1, row.count()):
            item = row.itemAt(place)
            assert item is not None
            item.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = vbox(row, spacing=S4, on=self)
        if below is not None:
            column.addWidget(below)
        column.addWidget(self._error)


class Line(QLineEdit):
    """A line that speaks up when it is left or Enter is pressed; Esc takes back what was typed.

    Signals:
        said(text): another text than what was shown.
    """

    said = Signal(str)

    def __init__(self, width: int = 0) -> None:
        super().__init__()
        self._shown = ""
        if width:
            self.setFixedWidth(width)
        self.editingFinished.connect(self._speak)

    def show_text(self, text: str) -> None:
        """Show what holds; what is being typed at the moment stays."""
        self._shown = text
        if self.hasFocus() and self.isModified():
            return
        self.setText(text)
        self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.setText(self._shown)
            return
        super().keyPressEvent(event)

    def _speak(self) -> None:
        if self.text() != self._shown:
            self.setModified(False)
            self.said.emit(self.text())


class LineRow(SettingRow):
    """A text, a number with its unit, or a list of days."""

    def __init__(self, setting: AnySetting) -> None:
        super().__init__(setting)
        is_number = isinstance(setting.default, int)
        self.line = Line(96 if is_number else 300)
        self.line.setAccessibleName(_(setting.label))
        self.line.said.connect(self._said)
        if is_number:
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._lay_out(*((self.line, _unit(setting)) if is_number else (self.line,)))

    def show_value(self, value: Any) -> None:  # of the setting's own type
        super().show_value(value)
        self.line.show_text(profile.shown(self.setting, value))

    def _said(self, text: str) -> None:
        try:
            self.say(profile.typed(self.setting, text))
        except SettingWrong as error:
            self.fail(str(error))


class RuleRow(SettingRow):
    """A number that can be switched off."""

    def __init__(self, setting: AnySetting) -> None:
        super().__init__(setting)
        self.box = QCheckBox()
        self.box.setAccessibleName(_(setting.label))
        self.line = Line(72)
        self.line.setAccessibleName(_(setting.label))
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.line.said.connect(self._said)
        self.box.clicked.connect(self._switched)
        words = vbox(self._name, self._help, spacing=2)
        row = hbox(self.box, (words, 1), self.line, _unit(setting), spacing=S8)
        vbox(row, self._error, spacing=S4, on=self)
        self._name.installEventFilter(self)
        self._name.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_value(self, value: Any) -> None:  # a number
        super().show_value(value)
        on = value != self.setting.off
        self.box.setChecked(on)
        self.line.setEnabled(on)
        self.line.show_text(profile.shown(self.setting, value) if on else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._name and event.type() == QEvent.Type.MouseButtonRelease:
            self.box.click()
        return super().eventFilter(watched, event)

    def _switched(self, on: bool) -> None:
        if not on:
            self.say(self.setting.off)
        elif self.setting.default != self.setting.off:
            self.say(self.setting.default)
        else:  # nobody said yet how long: the person does
            self.line.setEnabled(True)
            self.line.setFocus()

    def _said(self, text: str) -> None:
        try:
            self.say(profile.typed(self.setting, text))
        except SettingWrong as error:
            self.fail(str(error))


class SwitchRow(SettingRow):
    """Yes or no."""

    def __init__(self, setting: AnySetting) -> None:
        super().__init__(setting)
        self.box = QCheckBox(_(setting.label))
        self.box.clicked.connect(self.say)
        self._name.hide()
        vbox(self.box, self._help, self._error, spacing=2, on=self)

    def show_value(self, value: Any) -> None:  # yes or no
        super().show_value(value)
        self.box.setChecked(value)


class ChoicesRow(SettingRow):
    """Several words of which any may be ticked."""

    def __init__(self, setting: AnySetting) -> None:
        super().__init__(setting)
        held = QWidget()
        flow = FlowLayout(S16)
        held.setLayout(flow)
        self.boxes: dict[str, QCheckBox] = {}
        for word, label in setting.choices:
            box = self.boxes[word] = QCheckBox(_(label))
            box.clicked.connect(self._ticked)
            flow.addWidget(box)
        self._lay_out(below=held)

    def show_value(self, value: Any) -> None:  # a tuple of words
        super().show_value(value)
        for word, box in self.boxes.items():
            box.setChecked(word in value)

    def _ticked(self) -> None:
        self.say(tuple(word for word, box in self.boxes.items() if box.isChecked()))


class ZoneRow(SettingRow):
    """A time zone, found by typing a part of its name."""

    def __init__(self, setting: AnySetting) -> None:
        super().__init__(setting)
        self.field: ChoiceField[str] = ChoiceField(
            "", [(zone, zone) for zone in profile.time_zones()], free=True
        )
        self.field.setFixedWidth(300)
        self.field.box.activated.connect(lambda _place: self.say(self.field.value()))
        self.field.entered.connect(lambda: self.say(self.field.value()))
        self._lay_out(self.field)

    def show_value(self, value: Any) -> None:  # a name
        super().show_value(value)
        self.field.set_value(value)


class HoursRow(SettingRow):
    """The opening hours of each weekday."""

    def __init__(self, setting: AnySetting) -> None:
        super().__init__(setting)
        self.lines: list[Line] = []
        held = QWidget()
        grid = QGridLayout(held)
        grid.setContentsMargins(0, S4, 0, 0)
        grid.setHorizontalSpacing(S12)
        grid.setVerticalSpacing(S8)
        for place, day in enumerate(WEEKDAYS):
            line = Line()
            line.setAccessibleName(_(day))
            line.setPlaceholderText(_("closed"))
            line.said.connect(self._said)
            grid.addWidget(Label(_(day), "quiet"), place, 0)
            grid.addWidget(line, place, 1)
            self.lines.append(line)
        grid.setColumnStretch(1, 1)
        same = KeyButton(_("Every day as on Monday"), kind="quiet", on_click=self._same)
        grid.addLayout(hbox(same, STRETCH), len(WEEKDAYS), 1)
        self._lay_out(below=held)

    def show_value(self, value: Any) -> None:  # a text for each day
        super().show_value(value)
        for line, text in zip(self.lines, value, strict=True):
            line.show_text(text)

    def _said(self) -> None:
        self.say(tuple(line.text() for line in self.lines))

    def _same(self) -> None:
        self.say((self.lines[0].text(),) * len(self.lines))


def row_for(setting: AnySetting) -> SettingRow:
    """The row that fits what was declared."""
    if setting is OPENING_HOURS:
        return HoursRow(setting)
    if setting is TIME_ZONE:
        return ZoneRow(setting)
    if isinstance(setting.default, bool):
        return SwitchRow(setting)
    if setting.choices:
        return ChoicesRow(setting)
    return LineRow(setting) if setting.off is None else RuleRow(setting)


def rows_for(settings: Sequence[AnySetting]) -> list[SettingRow]:
    """A row for each."""
    return [row_for(setting) for setting in settings]


def _unit(setting: AnySetting) -> Label:
    label = Label(_(UNITS[setting.unit]) if setting.unit else "", "quiet")
    label.setFixedWidth(52)
    label.setFixedHeight(34)
    return label
