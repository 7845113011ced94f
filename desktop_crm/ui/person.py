"""F12: who is at the counter. Their name stands on every step from then on; passwords come later."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog

from desktop_crm import staff
from desktop_crm.base.i18n import _
from desktop_crm.ui.frame import person_words
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.theme import S8, S20
from desktop_crm.ui.page import Desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_crm.records.staff import StaffMember


def choose_person(desk: Desk, _customer_id: int | None) -> None:
    """Ask who is there; the list is short, so digits choose."""
    desk.jobs.query(staff.listing, lambda people: _open(desk, people), key="person")


def _open(desk: Desk, people: Sequence[StaffMember]) -> None:
    if people:
        PersonDialog(desk, people).open()
    else:
        desk.messages.say(_("There are no staff yet. Add them in Settings."))
        desk.go_to("settings", "staff")


class PersonDialog(QDialog):
    """The people of the shop, each with a digit."""

    def __init__(self, desk: Desk, people: Sequence[StaffMember]) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Who is at the counter"))
        self._desk = desk
        self._buttons: list[KeyButton] = []
        column = vbox(Label(_("Who is at the counter?"), "title"), S8, spacing=S8, margins=S20, on=self)
        for place, member in enumerate(people):
            digit = str(place + 1) if place < 9 else ""
            button = KeyButton(
                person_words(member), cap=digit, wide=True, on_click=partial(self._choose, member.id)
            )
            button.installEventFilter(self)
            column.addWidget(button)
            self._buttons.append(button)
            if member.id == desk.shop.staff_id:
                button.setFocus()
        self.setMinimumWidth(320)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            place = event.key() - Qt.Key.Key_1
            if 0 <= place < min(9, len(self._buttons)):
                self._buttons[place].click()
                return True
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                at = next(i for i, button in enumerate(self._buttons) if button is watched)
                self._buttons[(at + step) % len(self._buttons)].setFocus()
                return True
        return super().eventFilter(watched, event)

    def _choose(self, staff_id: int) -> None:
        self._desk.set_person(staff_id)
        self.accept()
