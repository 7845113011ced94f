"""F12: who is at the counter. Their name stands on every step from then on; whoever has a PIN shows it first.

The same list opens a locked screen (lock.py). What each has to type is counter.py's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop_crm import counter
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.counter import Comer
from desktop_crm.ui.frame import person_words
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import scrolling, vbox
from desktop_crm.ui.kit.secrets import SecretField
from desktop_crm.ui.kit.theme import S4, S8, S20
from desktop_crm.ui.page import Desk

_WIDTH = 340
_ROW = 34
_MOST_ROWS = 9


def choose_person(desk: Desk, _customer_id: int | None) -> None:
    """Ask who is there; the list is short, so digits choose."""
    desk.jobs.query(counter.comers, lambda people: _open(desk, people), key="person", urgent=True)


def _open(desk: Desk, people: Sequence[Comer]) -> None:
    if people:
        PersonDialog(desk, people).open()
    else:
        desk.messages.say(_("There are no staff yet. Add them in Settings."))
        desk.go_to("settings", "staff")


class PersonDialog(QDialog):
    """The people of the shop, before whatever is open: it stays open with what was typed in it."""

    def __init__(self, desk: Desk, people: Sequence[Comer]) -> None:
        super().__init__(QApplication.activeModalWidget() or desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Who is at the counter"))
        self._desk = desk
        self.people = ComersPanel(desk, people, locked=False)
        self.people.came.connect(self._came)
        vbox(Label(_("Who is at the counter?"), "title"), S8, self.people, spacing=S8, margins=S20, on=self)

    def _came(self, staff_id: int) -> None:
        self._desk.set_person(staff_id)
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.people.leave_field():
            return
        super().keyPressEvent(event)


class ComersPanel(QWidget):
    """The people, each with a digit, and the field for a PIN or a password.

    Digits choose a person as long as the list has the focus; in the field they are the PIN, and up and down choose.

    Signals:
        came(staff_id: int): somebody has shown who they are.
    """

    came = Signal(int)

    def __init__(self, desk: Desk, people: Sequence[Comer], *, locked: bool) -> None:
        super().__init__()
        self._desk, self._people, self._locked = desk, list(people), locked
        self._chosen: Comer | None = None
        self._is_asking = False
        self.rows = [self._row(place) for place in range(len(self._people))]
        column = QWidget()
        vbox(*self.rows, spacing=S4, on=column)
        area = scrolling(column)
        area.setFixedHeight(min(len(self.rows), _MOST_ROWS) * (_ROW + S4))
        self._area = area
        self.field = SecretField(_("PIN"))
        self.field.line.installEventFilter(self)
        self.field.entered.connect(self._try)
        self.said = Label("", "error", wrap=True)
        self.said.hide()
        vbox(area, self.field, self.said, spacing=S8, on=self)
        self.setFixedWidth(_WIDTH)
        self.field.hide()
        self._begin()

    def choose(self, staff_id: int) -> None:
        """Somebody says it is they: ask for what they have to type, if anything."""
        self._chosen = comer = next(each for each in self._people if each.member.id == staff_id)
        for row, each in zip(self.rows, self._people, strict=True):
            row.set_kind("chosen" if each is comer else "plain")
            if each is comer:
                self._area.ensureWidgetVisible(row)
        self._say("")
        if comer.proof in ("pin", "password"):
            self.field.set_label(_("Password") if comer.proof == "password" else _("PIN"))
            self.field.set_value("")
            self.field.fail("")
            self.field.show()
            self.field.line.setFocus()
        else:
            self._hide_field()
            self._try()

    def leave_field(self) -> bool:
        """Back to the list; False where one was there."""
        if self.field.isHidden() or self._locked:
            return False
        self._hide_field()
        self._focus_here()
        return True

    def _begin(self) -> None:
        """A locked screen waits for whoever locked it; otherwise the list has the keys."""
        here = self._desk.shop.staff_id
        can_type = [each.member.id for each in self._people if each.proof in ("pin", "password")]
        if self._locked and can_type:
            self.choose(here if here in can_type else can_type[0])

    def _focus_here(self) -> None:
        ids = [each.member.id for each in self._people]
        here = self._desk.shop.staff_id
        self.rows[ids.index(here) if here in ids else 0].setFocus()

    def _row(self, place: int) -> KeyButton:
        member = self._people[place].member
        cap = str(place + 1) if place < _MOST_ROWS and not self._locked else ""
        row = KeyButton(person_words(member), cap=cap, wide=True, on_click=partial(self.choose, member.id))
        row.setFixedHeight(_ROW)
        row.setEnabled(not self._locked or self._people[place].proof != "never")
        row.installEventFilter(self)
        return row

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.field.isHidden():
            self._focus_here()
        else:
            self.field.line.setFocus()

    # ---------------------------------------------------------------- showing who one is

    def _try(self) -> None:
        comer, text = self._chosen, self.field.text()
        if comer is None or self._is_asking or (comer.proof in ("pin", "password") and not text):
            return
        self._is_asking, locked, staff_id = True, self._locked, comer.member.id
        self._desk.jobs.change(
            lambda shop: counter.come(shop, staff_id, text, locked=locked).id,
            self._shown,
            on_error=self._refused,
            initiator=self,
        )

    def _shown(self, staff_id: int) -> None:
        self._is_asking = False
        self.field.set_value("")
        self.came.emit(staff_id)

    def _refused(self, error: CrmError) -> None:
        self._is_asking = False
        if self.field.isHidden():
            self._say(str(error))
        else:
            self.field.fail(str(error))
            self.field.line.selectAll()
            self.field.line.setFocus()

    def _say(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def _hide_field(self) -> None:
        self.field.set_value("")
        self.field.hide()

    # ---------------------------------------------------------------- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if watched is self.field.line and step is not None:
                self._choose_beside(step)
                return True
            if watched is not self.field.line:
                return self._pressed_on_row(watched, event, step)
        return super().eventFilter(watched, event)

    def _pressed_on_row(self, watched: QObject, event: QKeyEvent, step: int | None) -> bool:
        place = event.key() - Qt.Key.Key_1
        if 0 <= place < min(_MOST_ROWS, len(self.rows)):
            self.rows[place].click()
            return True
        if step is None:
            return False
        at = next(place for place, row in enumerate(self.rows) if row is watched)
        self.rows[(at + step) % len(self.rows)].setFocus()
        return True

    def _choose_beside(self, step: int) -> None:
        """The next one up or down who has something to type."""
        can_type = [each for each in self._people if each.proof in ("pin", "password")]
        at = can_type.index(self._chosen) if self._chosen in can_type else 0
        self.choose(can_type[(at + step) % len(can_type)].member.id)
