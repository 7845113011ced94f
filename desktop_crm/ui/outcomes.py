"""Choose what became of something in three keys: Enter opens the choices, a digit chooses, Enter is done.

After the digit a day, a channel or a few words may be added; Esc goes back a step. What a choice means is the page's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop_crm.base.i18n import _
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.fields import DayField, TextField
from desktop_crm.ui.kit.inplace import OutcomeList
from desktop_crm.ui.kit.labels import KeyCap, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.theme import S4, S8


@dataclass(frozen=True)
class Choice:
    """One thing to choose.

    Attributes:
        key / text: what it is called in code and on its button.
        hint: what follows from it, in words, shown before it is done.
        asks_day: a day belongs to it; `day` is the one offered.
        needs_note: it cannot be done without words.
        channels: (key, text) of the ways it may have happened, () if that does not matter.
    """

    key: str
    text: str
    hint: str = ""
    asks_day: bool = False
    day: date | None = None
    needs_note: bool = False
    channels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Chosen:
    """What was chosen, with what was added to it."""

    key: str
    note: str
    day: date | None
    channel: str


class Outcomes(QWidget):
    """The choices at the foot of a panel.

    Args:
        title: what is chosen. today: for days typed without a year. beside: buttons at the right of the title.

    Signals:
        done(Chosen): chosen and confirmed.
        left(): Esc; the keys go back to the list.
    """

    done = Signal(object)
    left = Signal()

    def __init__(
        self, title: str, today: date, *, beside: Sequence[QWidget] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._today = today
        self._choices: dict[str, Choice] = {}
        self._choice: Choice | None = None
        self._list: OutcomeList | None = None
        self._build(title, beside)

    def _build(self, title: str, beside: Sequence[QWidget]) -> None:
        self._title = Label(title, "section")
        self._open_key = KeyCap("Return")
        first = QWidget()
        self._holder: QVBoxLayout = vbox(
            hbox(self._title, self._open_key, STRETCH, *beside, spacing=S4), spacing=S8, on=first
        )
        second = QWidget()
        self._name = Label("", "section")
        self._hint = Label("", "quiet", wrap=True)
        self._day = DayField(_("Next contact"), today=self._today)
        self._note = TextField("", placeholder=_("A few words (may stay empty)"))
        self._channel = Pills()
        self._button = KeyButton(_("Finish"), "Return", kind="primary", bind=False, on_click=self._finish)
        back = KeyButton(_("Back"), "Esc", bind=False, on_click=self._go_back)
        vbox(
            hbox(self._name, STRETCH, self._channel, spacing=S8),
            self._hint,
            self._day,
            self._note,
            STRETCH,
            hbox(STRETCH, back, self._button, spacing=S8),
            spacing=S8,
            on=second,
        )
        for field in (self._day, self._note):
            field.entered.connect(self._finish)
        self._first, self._second = first, second
        second.hide()
        vbox(first, second, on=self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Show these choices, none chosen."""
        self._choices = {choice.key: choice for choice in choices}
        self._choice = None
        if self._list is not None:
            self._list.hide()
            self._list.deleteLater()
        self._list = OutcomeList([(c.key, c.text) for c in choices], on_choose=self._choose)
        self._list.left.connect(self.left.emit)
        self._holder.addWidget(self._list)
        self._show_second(False)

    def take_keys(self) -> None:
        """Open the choices: digits count from now on."""
        if self._list is not None and self._choices:
            self._show_second(False)
            self._list.take_keys()

    @property
    def is_open(self) -> bool:
        """Whether a choice waits for its confirmation."""
        return not self._second.isHidden()

    def close_choice(self) -> bool:
        """Back to the choices; False where nothing was chosen."""
        was_open = self.is_open
        self._choice = None
        self._show_second(False)
        return was_open

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_open:
            self._go_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.is_open:
            self._finish()
        else:
            super().keyPressEvent(event)

    def _show_second(self, second: bool) -> None:
        self._first.setHidden(second)
        self._second.setHidden(not second)

    def _choose(self, key: str) -> None:
        choice = self._choice = self._choices[key]
        self._name.setText(choice.text)
        self._hint.setText(choice.hint)
        self._hint.setVisible(bool(choice.hint))
        self._day.setVisible(choice.asks_day)
        self._day.set_value(choice.day)
        self._day.fail("")
        self._note.set_value("")
        self._note.fail("")
        self._channel.set_items(choice.channels)
        self._channel.setVisible(bool(choice.channels))
        self._show_second(True)
        (self._day if choice.asks_day and not choice.needs_note else self._note).editor.setFocus()

    def _go_back(self) -> None:
        self.close_choice()
        self.take_keys()

    def _finish(self) -> None:
        choice = self._choice
        if choice is None:
            return
        problem = self._day.problem() if choice.asks_day else ""
        if choice.asks_day and self._day.is_empty():
            problem = _("Please give a day.")
        self._day.fail(problem)
        missing = choice.needs_note and self._note.is_empty()
        self._note.fail(_("Please write a few words.") if missing else "")
        if problem or missing:
            (self._day if problem else self._note).editor.setFocus()
            return
        day = self._day.value() if choice.asks_day else None
        self.done.emit(Chosen(choice.key, self._note.value(), day, self._channel.chosen))
