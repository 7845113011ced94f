"""A list to choose from that hangs below what asked for it: typing finds, Enter takes, Esc closes. Knows no customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from desktop_crm.base.i18n import _
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S4, S8

SHOWN = 9
"""Rows of the list before it scrolls."""

_WIDTH = 440
_STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


@dataclass(frozen=True)
class Option:
    """One thing to choose: its key, its name, and quiet words behind it, which typing finds too."""

    key: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class Question:
    """What a palette asks.

    Attributes:
        title: in words, above the line. options: what there is; empty where only a text is asked for.
        on_choose: is given the keys chosen, one unless `many`.
        on_text: is given a typed text that is none of the options; answers a sentence where it is wrong. None: no text.
        text_first: a typed text goes before the options that contain it.
        many: Space marks several. marked: the keys marked at first. text: what stands in the line at first.
    """

    title: str
    options: Sequence[Option]
    on_choose: Callable[[tuple[str, ...]], None]
    on_text: Callable[[str], str] | None = None
    text_first: bool = False
    many: bool = False
    marked: frozenset[str] = frozenset()
    text: str = ""
    placeholder: str = ""


def _distance(typed: str, option: Option) -> int:
    """How far an option is from what was typed: it itself, begins with it, has it in it, only in its quiet words."""
    label = option.label.casefold()
    return 0 if label == typed else 1 if label.startswith(typed) else 2 if typed in label else 3


class Palette(QFrame):
    """Asks one question after another.

    Signals:
        closed(): Esc, or the keys went elsewhere.
        went_back(): Backspace in the empty line.
    """

    closed = Signal()
    went_back = Signal()

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor)
        self.setObjectName("hits")
        self._anchor = anchor
        self._question: Question | None = None
        self._marked: set[str] = set()
        self.title = Label("", "small", tone="quiet")
        self.line = QLineEdit()
        self.problem = Label("", "error", wrap=True)
        self.table: RecordTable[Option] = RecordTable(
            [
                Column("label", "", lambda option: option.label, marks=self._marks, stretch=3),
                Column("detail", "", lambda option: option.detail, tone="faint", align="right", stretch=1),
            ],
            dense=True,
            identity=lambda option: option.key,
        )
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hint = Label("", "tiny", tone="faint")
        for label in (self.title, self.problem, self.hint):
            label.setContentsMargins(S8, 0, S8, 0)
        vbox(self.title, self.line, self.problem, (self.table, 1), self.hint, spacing=S4, margins=S8, on=self)
        anchor.destroyed.connect(self.deleteLater)  # it hangs in the window, not in what asked for it
        self.line.installEventFilter(self)
        self.line.textEdited.connect(lambda _text: self._narrow())
        self.table.clicked.connect(lambda _index: self._clicked())
        self.hide()

    def hang_below(self, anchor: QWidget) -> None:
        """Hang below another widget from the next question on."""
        self._anchor = anchor

    def ask(self, question: Question) -> None:
        """Ask; what was asked before is forgotten."""
        self._question, self._marked = question, set(question.marked)
        self.title.setText(question.title)
        self.line.setText(question.text)
        self.line.selectAll()
        self.line.setPlaceholderText(question.placeholder)
        self.fail("")
        self.hint.setText(_("Space marks several, Enter takes them") if question.many else "")
        self.hint.setVisible(question.many)
        self._narrow(first=True)
        self._appear()

    def fail(self, sentence: str) -> None:
        """Say what is wrong with what was typed; what was typed stays."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self._place()

    def options(self) -> list[Option]:
        """What is offered now."""
        return list(self.table.records())

    def close_it(self) -> None:
        """Take it away."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._pressed(event)
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _STAYS:
            self.close_it()
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif key == Qt.Key.Key_Escape:
            self.close_it()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._move(Qt.Key(key))
        elif key == Qt.Key.Key_Space and self._question is not None and self._question.many:
            self._mark()
        elif key == Qt.Key.Key_Backspace and not self.line.text():
            self.went_back.emit()
        else:
            return False
        return True

    def _narrow(self, *, first: bool = False) -> None:
        """Offer what contains the typed words."""
        question = self._question
        if question is None:
            return
        typed = "" if first else self.line.text().strip().casefold()
        found = sorted(
            (o for o in question.options if typed in f"{o.label}\n{o.detail}".casefold()),
            key=partial(_distance, typed),
        )
        self.problem.hide()
        self.table.set_records(found)
        self.table.horizontalHeader().hide()
        self.table.setVisible(bool(found))
        wanted = next((place for place, option in enumerate(found) if option.key in self._marked), 0)
        if found:
            self.table.selectRow(wanted if first else 0)
        self._place()

    def _take(self) -> None:
        question = self._question
        if question is None:
            return
        typed = self.line.text().strip()
        option = self.table.selected() if self.table.records() else None
        changed = typed != question.text.strip()
        if typed and question.on_text and (question.text_first or option is None or not changed):
            self.fail(question.on_text(typed))
        elif question.many and self._marked:
            kept = tuple(each.key for each in question.options if each.key in self._marked)
            question.on_choose(kept)
        elif option is not None:
            question.on_choose((option.key,))
        elif typed and question.options:
            self.fail(_("Nothing is called “{text}”. Type less, or choose from the list.").format(text=typed))
            self.line.clear()
            sentence = self.problem.text()
            self._narrow()
            self.fail(sentence)

    def _clicked(self) -> None:
        if self._question is not None and self._question.many:
            self._mark()
        else:
            self.line.clear()
            option = self.table.selected()
            if option is not None and self._question is not None:
                self._question.on_choose((option.key,))

    def _mark(self) -> None:
        option = self.table.selected()
        if option is not None:
            self._marked ^= {option.key}
            self.table.viewport().update()
        self.line.selectAll()

    def _marks(self, option: Option) -> list[Mark]:
        return [Mark("✓", "accent")] if option.key in self._marked else []

    def _move(self, key: Qt.Key) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: SHOWN}.get(key, -SHOWN)
        rows = self.table.rows.rowCount()
        if rows:
            self.table.selectRow(max(0, min(rows - 1, self.table.currentIndex().row() + step)))
            self.table.scrollTo(self.table.currentIndex())

    def _appear(self) -> None:
        window = self._anchor.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        self._place()
        self.show()
        self.raise_()
        self.line.setFocus()

    def _place(self) -> None:
        window = self._anchor.window()
        corner = self._anchor.mapTo(window, QPoint(0, self._anchor.height() + 4))
        rows = min(self.table.rows.rowCount(), SHOWN)
        high = self.title.sizeHint().height() + self.line.sizeHint().height() + 3 * S8
        high += rows * self.table.row_height + (S8 + S4 if rows else 0)
        high += self.hint.sizeHint().height() + S4 if self._question and self._question.many else 0
        high += self.problem.heightForWidth(_WIDTH - 2 * S8) + S8 if self.problem.text() else 0
        left = max(S8, min(corner.x(), window.width() - _WIDTH - S8))
        room = window.height() - corner.y() - S8
        if room < 160:  # too low in the window: it hangs above
            corner.setY(max(S8, corner.y() - self._anchor.height() - 8 - high))
            room = window.height() - corner.y() - S8
        self.setGeometry(left, corner.y(), min(_WIDTH, window.width() - 2 * S8), min(high, room))
