"""The notes of a card: the standing one edited in place, dated ones below it and in a form (F6)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop_crm import customers, notes
from desktop_crm.base.i18n import _
from desktop_crm.card import Card
from desktop_crm.records.notes import Note
from desktop_crm.shop import Shop
from desktop_crm.ui.card_fields import Save
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.forms import CheckField, FormDialog, NoteField
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.kit.labels import Chip, KeyCap, Label
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, holder, scrolling, vbox
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.theme import S8
from desktop_crm.ui.page import Desk

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QMouseEvent

_LEAST = 72
"""So much of the notes is always to be seen; more where there is room, and the rest scrolls."""

_MOST = 3
"""So many dated notes stand on the card; all of them are in the timeline."""


class NoteLine(QWidget):
    """One dated note: its day and author, and its words. Enter opens it, Delete removes it.

    Args:
        author: who wrote it, ''.
    """

    def __init__(
        self,
        note: Note,
        author: str,
        day: str,
        *,
        on_open: Callable[[], object],
        on_remove: Callable[[], object],
    ) -> None:
        super().__init__()
        self.note = note
        self._on_open, self._on_remove = on_open, on_remove
        self._head = Label(" · ".join(part for part in (day, author) if part), "tiny")
        head = hbox(self._head, STRETCH, spacing=S8)
        if note.pinned:
            head.insertWidget(0, Chip(_("Pinned"), "look"))
        vbox(head, Label(note.text, wrap=True), spacing=0, on=self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(f"{_('Enter opens the note.')} {_('Delete removes it.')}")
        self.setAccessibleName(note.text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._on_open()

    def event(self, event: QEvent) -> bool:
        """Delete is the note's own while it has the focus, not the page's."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Delete
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_open()
        elif event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self._on_remove()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._head.set_tone("accent")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._head.set_tone("plain")


class NotePanel(Panel):
    """The standing note (Alt+N edits, Ctrl+Enter saves, Alt+I pins it) and the latest dated ones.

    Args:
        on_open: opens a dated note.
    """

    def __init__(self, save: Save, on_open: Callable[[int], object]) -> None:
        self.pin_button = KeyButton(_("Pin"), "Alt+I", kind="quiet", on_click=self.toggle_pin)
        self.pin_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        super().__init__(_("Note"), actions=[self.pin_button, KeyCap("Alt+N")], spacing=S8)
        self._save, self._on_open = save, on_open
        self._customer_id, self._pinned = 0, False
        self.note = FieldRow(
            "",
            on_save=self._save_note,
            multiline=True,
            placeholder=_("What to remember next time. Ctrl+Enter saves."),
        )
        self._flag = Chip(_("Pinned"), "look")
        self.lines: list[NoteLine] = []
        self._dated = vbox(spacing=S8)
        self._more = Label("", "faint", wrap=True)
        flag = hbox(self._flag, STRETCH)
        held = holder(vbox(flag, self.note, self._dated, self._more, STRETCH, spacing=S8))
        self.area = self.add(scrolling(held), 1)
        self.area.setMinimumHeight(_LEAST)

    def show_card(self, card: Card) -> None:
        """Show a customer's notes."""
        who = card.customer
        self._customer_id, self._pinned = who.id, who.note_pinned
        empty = _("What to remember next time: likes, family, promises.")
        self.note.show_value(who.note, shown=who.note or empty)
        self._flag.setVisible(who.note_pinned and bool(who.note))
        self.pin_button.setText(_("Unpin") if who.note_pinned else _("Pin"))
        self.pin_button.setVisible(bool(who.note))
        here = self.window().focusWidget()  # also while a form stands before the window
        again = next((place for place, line in enumerate(self.lines) if line is here), -1)
        clear(self._dated)
        self.lines = [self._line(note, author, card) for note, author in card.notes[:_MOST]]
        for line in self.lines:
            self._dated.addWidget(line)
        if again >= 0 and self.lines:
            self.lines[min(again, len(self.lines) - 1)].setFocus()
        left = len(card.notes) - len(self.lines)
        self._more.setText(_("{count} more in the timeline").format(count=left))
        self._more.setVisible(left > 0)

    def toggle_pin(self) -> None:
        """Have the standing note said when the card opens, or no more."""
        who, pinned = self._customer_id, not self._pinned
        self._save(None, _("note"), lambda shop: customers.edit(shop, who, note_pinned=pinned))

    def _line(self, note: Note, author: str, card: Card) -> NoteLine:
        day = note.day.removeprefix(f"{card.today.year}-")
        remove = partial(self._save, None, _("note removed"), partial(notes.remove, note_id=note.id))
        return NoteLine(note, author, day, on_open=partial(self._on_open, note.id), on_remove=remove)

    def _save_note(self, text: str) -> None:
        who = self._customer_id
        self._save(self.note, _("note"), lambda shop: customers.edit(shop, who, note=text))


class NoteForm(FormDialog[int]):
    """A dated note: a new one (F6), or one to be put right, pinned or removed; saving gives its id."""

    def __init__(
        self, desk: Desk, customer_id: int, name: str, note: Note | None = None, *, initiator: object = None
    ) -> None:
        title = _("Note on {name}").format(name=name)
        super().__init__(desk.jobs, desk.window, title=title, initiator=initiator)
        self._customer_id, self._note = customer_id, note
        self.text = self.add(NoteField(_("Note"), note.text if note else "", lines=4))
        self.pinned = self.add(CheckField(_("Say it when the card opens"), note.pinned if note else False))

    def job(self) -> Callable[[Shop], int]:
        """Write it or put it right."""
        who, text, pinned, note = self._customer_id, self.text.value(), self.pinned.value(), self._note
        if note is None:
            return lambda shop: notes.add(shop, who, text, pinned)
        return lambda shop: notes.edit(shop, note.id, text, pinned=pinned)
